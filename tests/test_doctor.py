"""`byteplus doctor`: what is wrong, and how to mend it, before any money is spent."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from byteplus_cli.config import SETTINGS
from byteplus_cli.generation.batch.folder import Draft, Run
from byteplus_cli.generation.image.picture import Picture
from conftest import Ran, Shell
from disks import small_disk
from ledgers import Past
from screen import assert_golden, last_screen
from service import Reply, ScriptedService, error

KEY = "key-for-tests-1234"
SETTLED = {"program", "settings", "permissions", "encoding", "disk", "ledger", "unsaved"}
LOCAL = SETTLED | {"batches", "catalogue"}
posix = pytest.mark.skipif(os.name == "nt", reason="modes of files")


def items(done: Ran) -> dict[str, dict[str, Any]]:
    """What each check came to; whatever is not as it should be says what to type."""
    found = {item["name"]: item for item in done.json["items"]}
    for item in found.values():
        assert bool(item["fix"]) == (item["state"] in ("warning", "failed")), item
    return found


def states(done: Ran) -> dict[str, str]:
    return {name: item["state"] for name, item in items(done).items()}


def state_of(shell: Shell) -> Path:
    return Path(shell.env["BYTEPLUS_STATE_DIR"])


def config_of(shell: Shell) -> Path:
    folder = Path(shell.env["BYTEPLUS_CONFIG_DIR"])
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def one(shell: Shell, name: str) -> dict[str, Any]:
    """What the check of that name says, of those that need no network."""
    return items(shell("doctor --offline --json"))[name]


# --- The whole -----------------------------------------------------------------------------------


def test_in_the_sandbox_all_is_fine(sandbox: Shell) -> None:
    done = sandbox("doctor --json")
    assert done.code == 0, done.stderr
    assert done.json["schema"] == "byteplus.doctor/1"
    assert set(states(done).values()) == {"ok"}
    assert {"connection", "clock", "account", "models", "storage", "vision"} <= states(done).keys()
    assert (
        items(done)["models"]["found"]
        == "this key may use 6 of 6 for clips; for pictures there is no free way to ask"
    )


def test_each_check_is_a_line(sandbox: Shell) -> None:
    done = sandbox("doctor")
    assert done.code == 0
    named = [line.split()[1] for line in done.lines]
    assert named == [item["name"] for item in sandbox("doctor --json").json["items"]]
    assert done.stderr == ""


def test_offline_asks_nobody(scripted: Shell, service: ScriptedService) -> None:
    done = scripted("doctor --offline --json")
    assert done.code == 0
    assert states(done).keys() == LOCAL
    assert service.asked == []


def test_every_fault_is_told_and_the_first_is_the_exit_code(byteplus: Shell) -> None:
    state_of(byteplus).write_text("a file where a folder should be")
    env = {"ARK_API_KEY": KEY, "ARK_BASE_URL": "http://127.0.0.1:9/api/v3"}
    done = byteplus("doctor", env=env)
    assert done.code == 2
    assert "error: ledger: cannot open the ledger" in done.stderr
    assert "(connection failed too)" in done.stderr
    assert "failed   connection   127.0.0.1:9 refuses connections" in done.stdout
    assert "fix: export BYTEPLUS_STATE_DIR=FOLDER" in done.stdout or os.name == "nt"
    assert "skipped  unsaved      not tried without ledger" in done.stdout


# --- This machine --------------------------------------------------------------------------------


def test_a_broken_file_of_settings_is_found(byteplus: Shell) -> None:
    (config_of(byteplus) / "config.toml").write_text("[profiles")
    done = byteplus("doctor --offline --json")
    assert done.code == 2
    assert states(done)["settings"] == "failed"
    assert "config.toml" in items(done)["settings"]["fix"]
    assert states(done)["ledger"] == "skipped"


@posix
def test_what_others_can_read_is_found_and_mended_by_the_lines_that_it_says(
    byteplus: Shell,
) -> None:
    byteplus("config set api_key", stdin=KEY)
    byteplus("doctor --offline")
    folder = config_of(byteplus)
    folder.chmod(0o755)
    (folder / "config.toml").chmod(0o644)
    (state_of(byteplus) / "ledger.db").chmod(0o664)
    found = one(byteplus, "permissions")
    assert found["state"] == "warning"
    assert "config.toml (0644)" in found["found"]
    assert found["fix"].count("chmod") == 3
    subprocess.run(["sh", "-ec", found["fix"]], check=True)
    assert one(byteplus, "permissions")["state"] == "ok"


@pytest.mark.parametrize(
    ("env", "state"),
    [({"PYTHONIOENCODING": "latin-1"}, "warning"), ({"PYTHONUTF8": "1"}, "ok")],
)
def test_a_terminal_that_lacks_letters_is_found(
    byteplus: Shell, env: dict[str, str], state: str
) -> None:
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONIOENCODING"}
    done = subprocess.run(
        [sys.executable, "-m", "byteplus_cli", "doctor", "--offline", "--json"],
        env={**clean, **byteplus.env, **env},
        capture_output=True,
    )
    found = items(Ran(done.returncode, done.stdout.decode(), ""))["encoding"]
    assert found["state"] == state
    assert ("PYTHONIOENCODING" in (found["fix"] or "")) == (state == "warning")


def test_a_disk_with_little_room_is_found(byteplus: Shell, tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", "size=50m") as disk:
        done = byteplus("doctor --offline --json", env={"BYTEPLUS_OUTPUT": f"{disk}/clips/"})
    found = items(done)["disk"]
    assert found["state"] == "warning"
    assert "52.4 MB free to save in" in found["found"]
    assert found["fix"] == "byteplus config set output FOLDER/"


def test_a_place_where_no_clip_can_be_saved_is_found(byteplus: Shell) -> None:
    Path("clips").write_text("a file where a folder should be")
    done = byteplus("doctor --offline --json", env={"BYTEPLUS_OUTPUT": "clips/{date}/{id}.{ext}"})
    assert items(done)["disk"]["state"] == "warning"
    assert "no file can be written in" in items(done)["disk"]["found"]
    assert not Path("clips").is_dir()


def test_a_damaged_ledger_is_found(byteplus: Shell) -> None:
    past = Past(byteplus)
    for _ in range(200):
        past.made("a prompt of some length, so that there are several pages " * 5)
    path = state_of(byteplus) / "ledger.db"
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2 // 4096 * 4096)
        file.write(b"\xff" * 8192)
    done = byteplus("doctor --offline --json")
    assert done.code == 2
    found = items(done)["ledger"]
    assert (found["state"], found["code"]) == ("failed", "ledger")
    assert "is damaged" in found["found"]
    assert "byteplus rescue --all" in found["fix"]


def test_a_file_that_is_no_ledger_is_found(byteplus: Shell) -> None:
    state_of(byteplus).mkdir(mode=0o700)
    (state_of(byteplus) / "ledger.db").write_text("no database, but a text that is long enough")
    done = byteplus("doctor --offline --json")
    assert done.code == 2
    assert "file is not a database" in items(done)["ledger"]["found"]
    assert "byteplus rescue --all" in items(done)["ledger"]["fix"]


def test_a_ledger_of_a_newer_release_is_found(byteplus: Shell) -> None:
    byteplus("doctor --offline")
    raw = sqlite3.connect(state_of(byteplus) / "ledger.db")
    raw.execute("PRAGMA user_version = 99")
    raw.close()
    found = one(byteplus, "ledger")
    assert found["state"] == "warning"
    assert "a newer byteplus wrote it (version 99" in found["found"]
    assert found["fix"] == "pip install --upgrade byteplus-cli"


def test_what_is_under_way_is_counted(byteplus: Shell) -> None:
    past = Past(byteplus)
    past.made(status="running")
    past.made(status="succeeded", files=["fox.mp4"])
    past.made(status="running", ago=8 * 86_400)
    assert one(byteplus, "ledger")["found"] == "3 rows, 1 under way for default"


def test_what_is_finished_and_dies_unsaved_is_told_with_the_first_hour(byteplus: Shell) -> None:
    past = Past(byteplus)
    past.made(ago=3600)
    past.made(kind="avatar", ago=1800)
    past.made(files=["saved.mp4"])
    past.made(ago=2 * 86_400)
    past.made(kind="avatar", ago=7200)
    past.made(profile="work")
    past.made(status="failed")
    found = one(byteplus, "unsaved")
    assert found["state"] == "warning"
    assert found["found"] == "2 finished and not saved, the first link dies in 30m"
    assert found["fix"] == "byteplus rescue"


def test_pictures_that_die_unsaved_are_told(byteplus: Shell) -> None:
    past = Past(byteplus)
    id = past.made(kind="image")
    ledger = past.ledger
    row = ledger.find(id).row
    for place, seconds in enumerate((9000, 7230)):
        picture = Picture(place, f"https://x.example/{place}.jpg")
        ledger.delivered(row, picture, None, past.now + seconds)
    ledger.close()
    assert (
        "1 finished and not saved, the first link dies in 2h" in one(byteplus, "unsaved")["found"]
    )


def test_a_batch_that_is_at_work_is_told(byteplus: Shell) -> None:
    draft = Draft.begin(state_of(byteplus))
    run = Run.take(state_of(byteplus), "run-1", draft.finished().path, {"manifest": "shots.csv"})
    assert one(byteplus, "batches")["found"] == "at work: run-1 (shots.csv)"
    run.close()
    assert one(byteplus, "batches")["found"] == "no run is at work, 1 known"


def test_a_broken_file_of_models_is_found(byteplus: Shell) -> None:
    (config_of(byteplus) / "models.toml").write_text("[video.x]\nnonsense = 1\n")
    done = byteplus("doctor --offline --json")
    assert done.code == 2
    assert states(done)["catalogue"] == "failed"
    assert "models.toml.off" in items(done)["catalogue"]["fix"]


# --- Keys and models -----------------------------------------------------------------------------


def test_without_a_key_the_line_that_sets_one_is_said(scripted: Shell) -> None:
    done = scripted("doctor --json", env={"ARK_API_KEY": ""})
    assert done.code == 3
    assert items(done)["key"]["fix"] == "byteplus config set api_key"
    assert states(done)["models"] == "skipped"
    assert states(done)["storage"] == "skipped"


def test_who_only_makes_avatars_needs_no_api_key(scripted: Shell) -> None:
    keys = {"BYTEPLUS_ACCESS_KEY": "access-key-1234", "BYTEPLUS_SECRET_KEY": ""}
    done = scripted("doctor --json", env={"ARK_API_KEY": "", **keys})
    assert states(done)["key"] == "skipped"
    assert "no secret key" in items(done)["vision"]["found"]
    assert done.code == 3


def test_a_stored_key_does_not_go_where_the_environment_points(scripted: Shell) -> None:
    scripted("config set api_key", stdin=KEY)
    env = {"ARK_API_KEY": "", "ARK_BASE_URL": "https://127.0.0.1.invalid/api/v3"}
    done = scripted("doctor --json", env=env)
    assert items(done)["key"]["code"] == "foreign_host"
    assert items(done)["key"]["fix"].endswith("ARK_BASE_URL")


def test_a_wrong_key_is_the_exit_code_and_hides_nothing_else(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("GET", error(401, "AuthenticationError", f"who is {KEY}?"))
    done = scripted("doctor --json")
    assert done.code == done.json["error"]["exit_code"] == 3
    assert items(done)["key"]["found"] == "****1234 from ARK_API_KEY"
    assert states(done)["account"] == "failed"
    assert states(done)["ledger"] == "ok"
    assert "byteplus config set api_key" in items(done)["account"]["fix"].splitlines()
    assert "ARK_API_KEY" in done.stderr
    assert KEY not in done.stdout + done.stderr


def test_a_key_without_the_right_to_look_is_explained(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("GET", error(403, "AccessDenied"))
    done = scripted("doctor --json")
    assert done.code == 3
    assert items(done)["account"]["fix"] == "byteplus help errors AccessDenied"


def test_a_look_costs_nothing(scripted: Shell, service: ScriptedService) -> None:
    service.on("GET", Reply(body={"total": 3, "items": []}))
    service.on("POST", error(400, "MissingParameter"))
    done = scripted("doctor")
    assert done.code == 0, done.stderr
    assert "the key is accepted; 3 tasks" in done.stdout
    asked = [asked.json for asked in service.asked_by("POST")]
    assert len(asked) == 6
    assert all(body.keys() == {"model"} for body in asked)


def test_models_that_the_key_may_not_use_are_named(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("GET", Reply(body={"total": 0, "items": []}))
    service.on("POST", error(400, "MissingParameter"), error(404, "ModelNotOpen"))
    done = scripted("doctor --json")
    assert done.code == 0
    models = items(done)["models"]
    assert models["state"] == "warning"
    assert models["found"].startswith("this key may use 1 of 6 for clips, not seedance-2.5, ")
    assert models["fix"] == "byteplus help errors ModelNotOpen"


def test_a_profile_whose_own_model_is_closed_fails_and_names_an_open_one(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("GET", Reply(body={"total": 0, "items": []}))
    closed = error(404, "InvalidEndpointOrModel.NotFound")
    service.on("POST", closed, closed, error(400, "MissingParameter.content"), closed)
    done = scripted("doctor --json")
    assert done.code == 3
    fix = items(done)["models"]["fix"]
    assert fix == "byteplus config set video.model seedance-2.0"
    assert scripted(fix.removeprefix("byteplus ")).code == 0


def test_an_answer_that_tells_nothing_of_the_model_is_not_taken_for_one(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("GET", Reply(body={"total": 0, "items": []}))
    service.on("POST", error(429, "RequestBurstTooFast"))
    done = scripted("doctor --json")
    assert done.code == 4
    assert len(service.asked_by("POST")) == 1


def test_a_service_that_takes_the_question_for_a_task_is_not_asked_again(
    scripted: Shell, service: ScriptedService
) -> None:
    service.on("GET", Reply(body={"total": 0, "items": []}))
    service.on("POST", Reply(body={"id": "cgt-20261121101530-ab12c"}))
    done = scripted("doctor --json")
    assert items(done)["models"]["fix"] == "byteplus video cancel cgt-20261121101530-ab12c"
    assert len(service.asked_by("POST")) == 1


def test_storage_that_cannot_be_reached_is_found(sandbox: Shell) -> None:
    sandbox("config set storage.url s3://bucket/inputs -p work")
    sandbox("config set storage.endpoint http://127.0.0.1:9 -p work")
    sandbox("config set storage.access_key -p work", stdin="storage-access-key")
    sandbox("config set storage.secret_key -p work", stdin="storage-secret-key")
    done = sandbox("doctor --json -p work", env={"ARK_BASE_URL": "http://127.0.0.1:9"})
    assert states(done)["storage"] == "failed"
    assert items(done)["storage"]["code"] == "network"
    assert "storage-secret-key" not in done.stdout + done.stderr


def test_no_secret_is_shown_wherever_an_answer_repeats_it(
    scripted: Shell, service: ScriptedService
) -> None:
    secrets = {
        key: f"secret-{key.replace('.', '-')}-value" for key in SETTINGS if SETTINGS[key].secret
    }
    for key, value in secrets.items():
        scripted(f"config set {key} -p work", stdin=value)
    scripted(f"config set base_url {service.base_url} -p work")
    scripted(f"config set vision_url {service.root} -p work")
    scripted("config set storage.url s3://bucket -p work")
    scripted(f"config set storage.endpoint {service.root} -p work")
    said = error(403, "AccessDenied", " ".join(secrets.values()))
    for method in ("GET", "POST", "PUT"):
        service.on(method, said)
    done = scripted("doctor -p work")
    assert done.code == 3, done.stdout
    for value in secrets.values():
        assert value not in done.stdout + done.stderr


# --- As people see it ----------------------------------------------------------------------------


def steady(screen: str) -> str:
    """The screen without what differs from one machine to another."""
    for name, same in (("program", "byteplus on some system"), ("disk", "enough free")):
        line = rf"ok {{7}}{name} .*(?:\n {{22}}.*)*"
        screen = re.sub(line, f"ok       {name:<13}{same}", screen)
    return screen


@posix
@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("name", ["doctor-fine", "doctor-faults"])
def test_a_screen_is_as_it_was(byteplus: Shell, name: str, columns: int) -> None:
    env = {"BYTEPLUS_CONFIG_DIR": "config", "BYTEPLUS_STATE_DIR": "state"}
    line = "doctor -p sandbox"
    if name == "doctor-faults":
        line = "doctor"
        env["ARK_BASE_URL"] = "http://127.0.0.1:9/api/v3"
        Path("state").mkdir()
        Path("state").chmod(0o755)
    screen = last_screen(Shell(byteplus.home, {**byteplus.env, **env}), line, columns)
    assert_golden(f"{name}-{columns}", steady(screen))
