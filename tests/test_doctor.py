"""`byteplus doctor`: what is wrong, and how to mend it, before any money is spent."""

from __future__ import annotations

from pathlib import Path

from conftest import Shell
from service import Reply, ScriptedService, error

KEY = "key-for-tests-1234"


def states(done) -> dict[str, str]:
    return {item["name"]: item["state"] for item in done.json["items"]}


def test_in_the_sandbox_all_is_fine(sandbox: Shell) -> None:
    done = sandbox("doctor --json")
    assert done.code == 0, done.stderr
    assert set(states(done).values()) == {"fine"}
    assert {"ModelArk", "Vision API", "storage"} <= states(done).keys()


def test_what_is_not_set_up_is_said_with_the_line_that_sets_it_up(byteplus: Shell) -> None:
    done = byteplus("doctor")
    assert done.code == 0
    assert "not set up: byteplus config set api_key" in done.stdout
    assert states(byteplus("doctor --json"))["storage"] == "missing"


def test_a_wrong_key_is_the_exit_code_and_hides_nothing_else(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("GET", error(401, "AuthenticationError", f"who is {KEY}?"))
    done = scripted("doctor --json")
    assert done.code == done.json["error"]["exit_code"] == 3
    assert states(done)["ModelArk"] == "wrong"
    assert states(done)["ledger"] == "fine"
    assert "hint: byteplus config set api_key" in done.stderr
    assert KEY not in done.stdout + done.stderr


def test_a_look_costs_nothing(scripted: Shell, service: ScriptedService) -> None:
    service.on("GET", Reply(body={"total": 3, "items": []}))
    done = scripted("doctor")
    assert "the API key is taken; 3 tasks" in done.stdout
    assert service.asked_by("POST") == []


def test_offline_asks_nobody(scripted: Shell, service: ScriptedService) -> None:
    assert scripted("doctor --offline").code == 0
    assert service.asked == []


def test_every_fault_is_told(byteplus: Shell) -> None:
    Path(byteplus.env["BYTEPLUS_STATE_DIR"]).write_text("a file where a folder should be")
    env = {"ARK_API_KEY": KEY, "ARK_BASE_URL": "http://127.0.0.1:9/api/v3"}
    done = byteplus("doctor", env=env)
    assert done.code == 2
    assert "cannot open the ledger" in done.stderr
    assert "ModelArk: 127.0.0.1:9 refuses connections" in done.stderr


def test_a_broken_file_of_settings_is_found(byteplus: Shell) -> None:
    folder = Path(byteplus.env["BYTEPLUS_CONFIG_DIR"])
    folder.mkdir()
    (folder / "config.toml").write_text("[profiles")
    done = byteplus("doctor --offline --json")
    assert done.code == 2
    assert states(done)["settings"] == "wrong"


def test_storage_that_cannot_be_reached_is_found(byteplus: Shell) -> None:
    byteplus("config set storage.url s3://bucket/inputs")
    byteplus("config set storage.endpoint http://127.0.0.1:9")
    byteplus("config set storage.access_key", stdin="storage-access-key")
    byteplus("config set storage.secret_key", stdin="storage-secret-key")
    done = byteplus("doctor --json")
    assert done.code == 6, done.stderr
    assert states(done)["storage"] == "wrong"
    assert "storage-secret-key" not in done.stdout + done.stderr
