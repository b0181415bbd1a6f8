"""`byteplus config`: what is stored, where it comes from, and that secrets stay secret."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from conftest import Shell


def config_file(byteplus: Shell) -> Path:
    return Path(byteplus.env["BYTEPLUS_CONFIG_DIR"], "config.toml")


def write(byteplus: Shell, text: str) -> None:
    config_file(byteplus).parent.mkdir(exist_ok=True)
    config_file(byteplus).write_text(text)


def test_a_value_is_set_shown_and_removed(byteplus: Shell) -> None:
    assert byteplus("config set video.model seedance-2.0").code == 0
    assert byteplus("config get video.model").stdout == "seedance-2.0\n"
    assert byteplus("config unset video.model").code == 0
    assert byteplus("config get video.model").stdout == "seedance-1-0-pro-fast-251015\n"


def test_a_secret_is_read_from_standard_input_and_shown_by_its_end(byteplus: Shell) -> None:
    done = byteplus("config set api_key", stdin="0123456789-abcdefgh-wxyz\n")
    assert done.code == 0
    assert "abcdefgh" not in done.stdout + done.stderr
    assert byteplus("config get api_key").stdout == "****wxyz\n"
    assert "abcdefgh" not in byteplus("config list --json").stdout


def test_a_secret_on_the_command_line_is_refused(byteplus: Shell) -> None:
    done = byteplus("config set api_key 0123456789")
    assert done.code == 2
    assert "never a command-line argument" in done.stderr
    assert not config_file(byteplus).exists()


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_the_file_and_its_folder_are_their_owners_alone(byteplus: Shell) -> None:
    before = os.umask(0)
    try:
        byteplus("config set api_key", stdin="0123456789-abcdefgh-wxyz\n")
    finally:
        os.umask(before)
    assert stat.S_IMODE(config_file(byteplus).stat().st_mode) == 0o600
    assert stat.S_IMODE(config_file(byteplus).parent.stat().st_mode) == 0o700


def test_list_shows_where_each_value_comes_from(byteplus: Shell) -> None:
    byteplus("config set output clips/")
    items = byteplus("config list --json", env={"ARK_BASE_URL": "https://x.example/v3"}).json[
        "items"
    ]
    origins = {item["key"]: item["origin"] for item in items}
    assert origins["output"] == "profile default"
    assert origins["base_url"] == "ARK_BASE_URL"
    assert origins["video.model"] == "built-in"


def test_a_profile_on_the_command_line_goes_before_the_environment(byteplus: Shell) -> None:
    byteplus("config set api_key -p work", stdin="stored-key-0000-work\n")
    env = {"ARK_API_KEY": "environment-key-envi"}
    assert byteplus("config get api_key -p work", env=env).stdout == "****work\n"
    byteplus("config use work")
    assert byteplus("config get api_key", env=env).stdout == "****envi\n"
    assert byteplus("config get api_key").stdout == "****work\n"


def test_an_unknown_setting_names_the_nearest_one(byteplus: Shell) -> None:
    done = byteplus("config set vidoe.model x")
    assert done.code == 2
    assert "did you mean video.model?" in done.stderr


def test_an_unknown_profile_says_how_to_make_it(byteplus: Shell) -> None:
    done = byteplus("config list -p nowhere")
    assert done.code == 2
    assert "byteplus config set api_key -p nowhere" in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[profiles.default]\napi_kye = 'x'", "api_key"),
        ("default_profil = 'x'", "default_profile"),
        ("[profiles", "config.toml"),
        ("[profiles.default]\nmax_cost = 'much'", "max_cost must be a number"),
        ('[profiles.default]\napi_key = "a\\nb"', "cannot be sent"),
        ("profiles = 3", "tables"),
    ],
)
def test_a_faulty_file_is_an_error_that_names_the_fault(
    byteplus: Shell, text: str, said: str
) -> None:
    write(byteplus, text)
    done = byteplus("config list")
    assert done.code == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_with_bom_and_windows_line_ends_is_read(byteplus: Shell) -> None:
    write(byteplus, "\ufeff[profiles.default]\r\noutput = 'clips/'\r\n")
    assert byteplus("config get output").stdout == "clips/\n"


def test_a_key_with_a_line_break_is_refused(byteplus: Shell) -> None:
    done = byteplus("config get api_key", env={"ARK_API_KEY": "abc\ndef"})
    assert done.code == 2
    assert "cannot be sent" in done.stderr


def test_the_sandbox_profile_needs_no_set_up_and_takes_no_key(byteplus: Shell) -> None:
    done = byteplus("config list -p sandbox --json", env={"ARK_API_KEY": "real-key-12345678"})
    assert "api_key" not in [item["key"] for item in done.json["items"]]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("output {nope}.mp4", "{nope}"),
        ("output ''", "empty"),
        ("video.model seedance-9", "unknown video model"),
        ("video.resolution 5k", "480p, 720p"),
        ("video.ratio 5:7", "16:9"),
        ("video.duration 99", "1 to 30"),
        ("video.priority 12", "0 to 9"),
        ("video.expires_after 1m", "1h to 72h"),
        ("video.expires_after soon", "length of time"),
        ("video.callback_url hook", "https://"),
        ("base_url ftp://example.com", "https://"),
        ("storage.url https://bucket", "s3://"),
        ("storage.url s3://bucket/../other", "s3://"),
        ("storage.endpoint http://example.com", "not encrypted"),
        ("storage.endpoint https://tos-ap-southeast-1.bytepluses.com", "tos-s3-ap-southeast-1"),
        ("max_cost -1", "less than nothing"),
        ("max_cost nan", "must be a number"),
    ],
)
def test_a_value_that_no_run_could_use_is_refused_when_it_is_set(
    byteplus: Shell, line: str, said: str
) -> None:
    done = byteplus(f"config set -- {line}")
    assert done.code == 2, done
    assert said in done.stderr
    assert not config_file(byteplus).exists()


@pytest.mark.parametrize(
    "line",
    [
        "output ~/clips/",
        "video.model seedance-2.0",
        "video.ratio 9:16",
        "video.duration -1",
        "video.expires_after 24h",
        "base_url https://example.com/api/v3",
        "storage.url s3://bucket/folder",
        "storage.endpoint https://tos-s3-ap-southeast-1.bytepluses.com",
        "storage.endpoint http://127.0.0.1:9000",
        "max_cost 0.5",
    ],
)
def test_a_value_that_a_run_can_use_is_kept(byteplus: Shell, line: str) -> None:
    done = byteplus(f"config set -- {line}")
    assert done.code == 0, done.stderr
    key, value = line.split()
    assert byteplus(f"config get {key}").stdout == f"{value}\n"


def test_a_tilde_in_a_setting_is_the_home_folder(
    scripted: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    scripted("config set output '~/clips/'")
    done = scripted("video create fox --dry-run --json")
    assert done.json["file"] == str(tmp_path / "me" / "clips" / "fox-{id8}.mp4")


def test_where_a_broken_file_is_can_be_asked(byteplus: Shell) -> None:
    write(byteplus, "[profiles")
    done = byteplus("config path")
    assert (done.code, done.stdout.strip()) == (0, str(config_file(byteplus)))


def test_a_change_is_a_document_without_the_value(byteplus: Shell) -> None:
    told = byteplus("config set api_key -p work --json", stdin="key-for-tests-1234\n")
    assert told.json == {"schema": "byteplus.changed/1", "profile": "work", "key": "api_key"}
    assert byteplus("config use work --json").json["key"] == "default_profile"
    done = byteplus("config unset api_key")
    assert (done.stdout, done.stderr) == ("", "api_key is not set in profile work any more\n")
