"""Completion: the values that byteplus knows, the scripts, and real shells that use them."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import pytest
import tomli_w
import typer
from hypothesis import given
from hypothesis import strategies as st

from byteplus_cli import config
from byteplus_cli.doors import completion, settings
from byteplus_cli.doors.scripts import SCRIPTS
from byteplus_cli.generation.ledger import Ledger
from conftest import Shell
from regenerate.products import ROOT, products
from regenerate.tree import tree
from regenerate.values import Undecided

FOX = "cgt-20261120101530-ab12c"
BOAT = "cgt-20261121101530-ab12c"
SINGER = "1234567890123456789"


OWN_MODEL = """
[video."my-model-260101"]
names = ["mine"]
resolutions = ["720p"]
resolution = "720p"
durations = [2, 4]
duration = 2
ratios = ["1:1"]
ratio = "1:1"
source = "me"
date = 2026-01-01
"""


def remember(
    byteplus: Shell, id: str, prompt: str | None, now: float, kind: str = "video", **more: Any
) -> None:
    """Make the ledger know a task."""
    ledger = Ledger.open(Path(byteplus.env["BYTEPLUS_STATE_DIR"]))
    profile = more.get("profile", "default")
    request = more.get("request", {})
    row = ledger.begin(
        **{"kind": kind, "profile": profile, "model": "m", "prompt": prompt, "request": request},
        **{"output": None, "estimate": None, "now": now},
    )
    ledger.accepted(row, id, None)
    ledger.close()


def settled(byteplus: Shell, text: str) -> Path:
    """Make the settings be these; gives where they are."""
    folder = Path(byteplus.env["BYTEPLUS_CONFIG_DIR"])
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text(text)
    return folder


def ask(byteplus: Shell, kind: str, line: str = "", **env: str) -> dict[str, str]:
    """What the last word of a line may become, each with what is said of it."""
    *before, word = ["byteplus", *line.split(" ")]
    done = door(byteplus, f"{kind}/{word}", *before, **env)
    assert (done.returncode, done.stderr) == (0, "")
    rows = [row.partition("\t") for row in done.stdout.splitlines()]
    return {value: said for value, _, said in rows}


def door(byteplus: Shell, *asked: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "byteplus_cli", "__complete", *asked],
        cwd=byteplus.home,
        env={**os.environ, "PYTHONPATH": str(ROOT), **byteplus.env, **env},
        capture_output=True,
        text=True,
    )


# --- What is made --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(products()))
def test_what_is_made_from_the_commands_is_up_to_date(name: str) -> None:
    assert (ROOT / name).read_text("utf-8") == products()[name], "run: python -m tests.regenerate"


def test_an_option_that_nobody_decided_on_is_told() -> None:
    app = typer.Typer()

    @app.command()
    def paint(colour: Annotated[str, typer.Option(metavar="COLOUR")] = "red") -> None: ...

    with pytest.raises(Undecided, match="--colour COLOUR"):
        tree(app)


def test_the_wheel_puts_every_script_where_its_shell_looks() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"] == {"completions": "byteplus_cli/completions"}
    assert (
        wheel["shared-data"].items()
        >= {
            "completions/byteplus.bash": "share/bash-completion/completions/byteplus",
            "completions/_byteplus": "share/zsh/site-functions/_byteplus",
            "completions/byteplus.fish": "share/fish/vendor_completions.d/byteplus.fish",
        }.items()
    )
    assert set(SCRIPTS.values()) == {each.name for each in (ROOT / "completions").iterdir()}


# --- The command ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("shell", "name"), [*SCRIPTS.items(), ("pwsh", "byteplus.ps1")])
def test_the_script_of_a_shell_is_printed(byteplus: Shell, shell: str, name: str) -> None:
    script = (ROOT / "completions" / name).read_text()
    assert byteplus(f"completion {shell}").stdout == script
    assert byteplus(f"completion {shell} --json").json["script"] == script
    command = [sys.executable, "-m", "byteplus_cli", "completion", shell]
    assert subprocess.run(command, capture_output=True, text=True).stdout == script


@pytest.mark.parametrize(
    ("line", "usual", "said"),
    [
        ("completion", "/usr/bin/fish", "hint: byteplus completion fish"),
        ("completion", "/bin/tcsh", "hint: byteplus completion bash"),
        ("completion", "", "there are scripts for bash, zsh, fish, powershell"),
        ("completion fsh", "/bin/bash", "did you mean fish?"),
        ("completion tcsh", "/bin/tcsh", "no completion script for tcsh"),
    ],
)
def test_no_shell_is_guessed(byteplus: Shell, line: str, usual: str, said: str) -> None:
    done = byteplus(line, env={"SHELL": usual})
    assert (done.code, done.stdout) == (2, "")
    assert said in done.stderr


def test_each_shell_is_told_of_in_help(byteplus: Shell) -> None:
    said = byteplus("completion --help").stdout
    for shell in SCRIPTS:
        assert f"byteplus completion {shell}" in said


# --- What byteplus knows -------------------------------------------------------------------------


def test_profiles_are_those_of_the_settings_and_the_sandbox(byteplus: Shell) -> None:
    assert ask(byteplus, "profiles") == {"default": "", "sandbox": "free and offline"}
    byteplus("config set api_key -p work", stdin="key-for-tests-1234")
    byteplus("config set output clips/ -p home")
    assert list(ask(byteplus, "profiles")) == ["work", "home", "default", "sandbox"]


def test_tasks_come_newest_first_with_their_prompts(byteplus: Shell) -> None:
    remember(byteplus, FOX, "a fox", 1)
    remember(byteplus, SINGER, None, 2, "avatar")
    remember(byteplus, BOAT, "a boat", 3)
    assert list(ask(byteplus, "tasks:video").items()) == [
        ("@last", "a boat"),
        (BOAT, "a boat"),
        (FOX, "a fox"),
    ]
    assert ask(byteplus, "tasks:any", "@") == {
        "@last": "a boat",
        "@-2": "avatar, queued",
        "@-3": "a fox",
    }
    assert ask(byteplus, "tasks:video", FOX[:13]) == {FOX: "a fox"}
    assert ask(byteplus, "tasks:avatar") == {"@last": "avatar, queued", SINGER: "avatar, queued"}


def test_tasks_are_those_of_the_profile_on_the_line(byteplus: Shell) -> None:
    remember(byteplus, FOX, "a fox", 1)
    remember(byteplus, BOAT, "a boat", 2, profile="sandbox")
    for line in (
        "video get -p sandbox ",
        "video get --profile=sandbox ",
        "video get -p 'sandbox' ",
    ):
        assert BOAT in ask(byteplus, "tasks:video", line)
        assert FOX not in ask(byteplus, "tasks:video", line)
    assert BOAT in ask(byteplus, "tasks:video", BYTEPLUS_PROFILE="sandbox")
    byteplus("config use sandbox")
    assert BOAT in ask(byteplus, "tasks:video")


def test_tasks_fit_what_is_to_be_done_with_them(sandbox: Shell) -> None:
    sandbox("video create 'a fox [[slow:0]]'")
    sandbox("video create 'a queue [[queue:600]]' --no-wait")
    sandbox("video draft 'a boat [[slow:0]]'")
    prompts = {kind: list(ask(sandbox, f"{kind}:video").values()) for kind in ("queued", "drafts")}
    last = "a boat [[slow:0]]"
    assert prompts["queued"] == [last, "a queue [[queue:600]]"]
    assert prompts["drafts"] == [last, last]


def test_the_latest_is_what_at_last_stands_for(sandbox: Shell) -> None:
    sandbox("video create 'a fox [[slow:0]]'")
    sandbox("image gen 'a cat' --size 1K")
    [last] = [said for word, said in ask(sandbox, "tasks:any").items() if word == "@last"]
    assert last == "a cat"
    id = sandbox("video get @last --json").json["id"]
    assert list(ask(sandbox, "tasks:video")) == ["@last", id]


def test_a_task_that_was_deleted_is_not_offered(sandbox: Shell) -> None:
    sandbox("video create 'a fox [[slow:0]]'")
    id = sandbox("video get @last --json").json["id"]
    assert id in ask(sandbox, "tasks:video")
    assert sandbox(f"video delete {id}").code == 0
    assert id not in ask(sandbox, "tasks:video")


def test_chains_are_offered_with_their_first_prompt(sandbox: Shell) -> None:
    sandbox("video chain 'a boat [[slow:0]]' 'a storm [[slow:0]]' -d 2 --resolution 480p")
    [(id, said)] = ask(sandbox, "chains").items()
    assert id.startswith("chain-")
    assert said == "a boat [[slow:0]]"


def test_models_are_those_that_can_be_used(byteplus: Shell) -> None:
    videos = ask(byteplus, "models:video")
    assert videos["seedance-2.0"] == "480p to 4k, 4-15 s"
    assert "seedance-1.5-pro" not in videos  # it is retired
    assert "seedream-4.0" not in videos
    assert "seedream-4.0" in ask(byteplus, "models:image")
    everything = ask(byteplus, "models:any")
    assert {"seedance-2.0", "seedream-4.0", "omnihuman-1.5"} <= everything.keys()
    assert everything["seedance-1.5-pro"].startswith("retired: use ")


def test_a_full_id_is_offered_to_who_begins_one(byteplus: Shell) -> None:
    assert "seedance-1-0-pro-250528" in ask(byteplus, "models:video", "seedance-1-0")


def test_models_of_the_users_own_file_are_offered(byteplus: Shell) -> None:
    own = (
        '[video."my-model-260101"]\nnames = ["mine"]\nresolutions = ["720p"]\nresolution = "720p"\n'
    )
    own += 'durations = [2, 4]\nduration = 2\nratios = ["1:1"]\nratio = "1:1"\n'
    own += 'source = "me"\ndate = 2026-01-01\n'
    (settled(byteplus, "") / "models.toml").write_text(own)
    assert ask(byteplus, "models:video")["mine"] == "720p, 2-4 s"
    assert list(ask(byteplus, "ratios:video", "video create -m mine -r ")) == ["1:1"]


@pytest.mark.parametrize(
    ("kind", "line", "said"),
    [
        ("resolutions:video", "video create --resolution ", "480p 720p 1080p"),
        ("resolutions:video", "video create -m seedance-2.0 --resolution ", "480p 720p 1080p 4k"),
        ("resolutions:video", "video create --model=SEEDANCE-2.0-fast --r ", "480p 720p"),
        (
            "resolutions:video",
            "video create -m seedance-2.0-fast -m seedance-2.5 x ",
            "480p 720p 1080p",
        ),
        ("resolutions:video", "video create -m ep-1 --resolution ", "480p 720p 1080p 4k"),
        ("ratios:video", "video create -r ", "16:9 4:3 1:1 3:4 9:16 21:9"),
        ("sizes:image", "image gen -m seedream-4.5 --size ", "2K 4K"),
        ("ratios:image", "image gen -r ", "1:1 4:3 3:4 16:9 9:16 3:2 2:3 21:9 9:21"),
        ("value", "config set video.resolution ", "480p 720p 1080p"),
        ("value", "config set image.size ", "1K 2K 4K"),
        ("value", "config set -p work video.audio ", "true false"),
        ("value", "config set avatar.model ", "omnihuman-1.5 omnihuman-1.0"),
        ("value", "config set avatar.resolution ", "720 1080"),
        ("value", "config set max_cost ", ""),
        ("value", "config set storage.url ", ""),
    ],
)
def test_values_are_those_of_the_model(byteplus: Shell, kind: str, line: str, said: str) -> None:
    assert " ".join(ask(byteplus, kind, line)) == said


def test_the_model_is_that_of_the_profile_where_none_is_typed(byteplus: Shell) -> None:
    byteplus("config set video.model seedance-2.0-fast -p work")
    line = "video create -p work --resolution "
    assert list(ask(byteplus, "resolutions:video", line)) == ["480p", "720p"]


def test_what_the_settings_have_built_in_is_what_completion_takes() -> None:
    for kind, model in completion.USUAL.items():
        assert config.SETTINGS[f"{kind}.model"].default == model
    booleans = {key for key, each in config.SETTINGS.items() if each.type is bool}
    assert {key.rpartition(".")[2] for key in booleans} == set(completion.BOOLEANS)


# --- What can go wrong ---------------------------------------------------------------------------


def test_a_prompt_cannot_steer_the_terminal_or_break_the_list(byteplus: Shell) -> None:
    remember(byteplus, FOX, "a\x1b[31m fox\n\tin \u202ethe\x07 snow\x9b" + " and on" * 30, 1)
    said = ask(byteplus, "tasks:video")[FOX]
    assert said.startswith("a[31m fox in the snow and on")
    assert said.endswith("...")
    assert len(said) == 60
    assert said.isprintable()


def test_a_prompt_in_a_wide_script_is_cut_to_the_same_width(byteplus: Shell) -> None:
    remember(byteplus, FOX, "雪中的红狐" * 10, 1)
    assert ask(byteplus, "tasks:video")[FOX] == "雪中的红狐" * 5 + "雪中的..."


@pytest.mark.parametrize("id", ["x;reboot", "$(reboot)", "-rf", "a b", "a\nb", "\x1b[2J", "a'b"])
def test_what_would_need_quotes_is_not_put_into_a_line(byteplus: Shell, id: str) -> None:
    remember(byteplus, FOX, "a fox", 1)
    remember(byteplus, id, "a trap", 2)
    assert list(ask(byteplus, "tasks:video")) == ["@last", FOX]


def test_no_secret_is_ever_told(byteplus: Shell) -> None:
    byteplus("config set api_key", stdin="key-for-tests-1234")
    byteplus("config set storage.secret_key", stdin="secret-for-tests-1234")
    remember(byteplus, FOX, "a fox", 1)
    told = 0
    for kind in completion.ANSWERS:
        for asked in (kind, f"{kind}:video", f"{kind}:any"):
            for word in ("", "k", "s", "api_key"):
                line = completion.Line(byteplus.env, word, ["config", "set", "api_key"])
                with suppress(KeyError, sqlite3.Error):
                    found = list(completion.answer(asked, line))
                    assert "for-tests" not in str(found)
                    told += len(found)
    assert told


@pytest.mark.parametrize(
    "asked",
    [
        *([], [""], ["nonsense"], ["nonsense/"], ["tasks"], ["tasks:video"], ["models:x/"]),
        *(["/"], ["queued:/"], ["value/"], ["resolutions:nonsense/"]),
    ],
)
def test_nonsense_is_answered_with_nothing_and_leaves_nothing(
    byteplus: Shell, asked: list[str]
) -> None:
    done = door(byteplus, *asked)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [each.name for each in byteplus.home.parent.iterdir()] == ["home"]
    assert list(byteplus.home.iterdir()) == []


@pytest.mark.parametrize(
    "kind", [*completion.ANSWERS, "tasks:video", "models:video", "ratios:image"]
)
def test_asking_makes_no_file(byteplus: Shell, kind: str) -> None:
    assert door(byteplus, f"{kind}/").returncode == 0
    assert [each.name for each in byteplus.home.parent.iterdir()] == ["home"]


def test_a_ledger_at_rest_is_left_as_it_lies(byteplus: Shell) -> None:
    remember(byteplus, FOX, "a fox", 1)
    state = Path(byteplus.env["BYTEPLUS_STATE_DIR"])
    before = {each.name: each.stat().st_mtime_ns for each in state.iterdir()}
    assert FOX in ask(byteplus, "tasks:video")
    assert {each.name: each.stat().st_mtime_ns for each in state.iterdir()} == before


def test_a_ledger_in_use_is_read_beside_who_writes_it(byteplus: Shell) -> None:
    remember(byteplus, FOX, "a fox", 1)
    writer = sqlite3.connect(Path(byteplus.env["BYTEPLUS_STATE_DIR"]) / "ledger.db")
    writer.execute("UPDATE tasks SET prompt = 'a red fox'")
    writer.commit()
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE tasks SET prompt = 'not yet'")
    assert ask(byteplus, "tasks:video")[FOX] == "a red fox"
    writer.commit()
    assert ask(byteplus, "tasks:video")[FOX] == "not yet"
    writer.close()


@pytest.mark.parametrize("content", [b"", b"not a ledger at all" * 300])
def test_a_ledger_that_is_none_is_answered_with_nothing(byteplus: Shell, content: bytes) -> None:
    state = Path(byteplus.env["BYTEPLUS_STATE_DIR"])
    state.mkdir()
    (state / "ledger.db").write_bytes(content)
    assert ask(byteplus, "tasks:video") == {}
    assert (state / "ledger.db").read_bytes() == content
    assert [each.name for each in state.iterdir()] == ["ledger.db"]


def test_a_folder_of_an_odd_name_is_no_other_database(byteplus: Shell, tmp_path: Path) -> None:
    byteplus.env["BYTEPLUS_STATE_DIR"] = str(tmp_path / "a%20b?mode=rwc#c")
    remember(byteplus, FOX, "a fox", 1)
    assert FOX in ask(byteplus, "tasks:video")


@pytest.mark.parametrize("text", ["profiles = 3", "[[", "default_profile = ", "\x00"])
def test_settings_that_are_broken_are_answered_with_what_is_left(
    byteplus: Shell, text: str
) -> None:
    settled(byteplus, text)
    assert door(byteplus, "profiles/").stderr == ""
    assert door(byteplus, "tasks:video/").stdout == ""


def test_nobody_reading_is_no_error(byteplus: Shell) -> None:
    command = f"{sys.executable} -m byteplus_cli __complete models:any/ 2>&1 >&-"
    done = subprocess.run(command, shell=True, capture_output=True, cwd=ROOT)
    assert (done.returncode, done.stdout) == (0, b"")


WORDS = st.text("abcxyz-_", min_size=1, max_size=3)
VALUES = st.one_of(st.text(max_size=4), st.booleans(), st.integers(), st.sampled_from([0.5, "ö"]))
TABLES = st.dictionaries(WORDS, VALUES, max_size=2)
PROFILES = st.dictionaries(WORDS, st.dictionaries(WORDS, st.one_of(VALUES, TABLES), max_size=2))


@given(PROFILES, st.one_of(st.none(), WORDS))
def test_settings_are_read_as_toml_would_read_them(profiles: Any, default: str | None) -> None:
    document = {"default_profile": default or "default", "profiles": profiles}
    text = tomli_w.dumps(document)
    found = settings.simple(text)
    if found is not None:
        whole = dict(settings._flattened(tomllib.loads(text)))
        # A table with nothing but tables in it has no line of its own.
        assert {key: each for key, each in found.items() if each} == {
            key: each for key, each in whole.items() if each
        }


def test_what_config_set_writes_is_read_the_short_way(byteplus: Shell) -> None:
    byteplus("config set video.model seedance-2.0 -p work")
    byteplus("config set max_cost 1.5 -p work")
    byteplus("config set video.audio true")
    byteplus("config use work")
    text = (Path(byteplus.env["BYTEPLUS_CONFIG_DIR"]) / "config.toml").read_text()
    found = settings.simple(text)
    assert found is not None
    assert found["default_profile"] == "work"
    assert found["profiles.work.video.model"] == "seedance-2.0"


def test_settings_written_by_hand_are_read_in_full(byteplus: Shell) -> None:
    settled(byteplus, 'profiles = {"work" = {video.model = "seedance-2.0-fast"}} # mine\n')
    assert list(ask(byteplus, "profiles")) == ["work", "default", "sandbox"]
    line = "video create -p work --resolution "
    assert list(ask(byteplus, "resolutions:video", line)) == ["480p", "720p"]


@pytest.mark.parametrize(
    "env",
    [
        {"HOME": "/home/x"},
        {"HOME": "/home/x", "XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s"},
        {"HOME": "/home/x", "XDG_CONFIG_HOME": "c", "XDG_STATE_HOME": ""},
        {"HOME": "/home/x", "BYTEPLUS_CONFIG_DIR": "~/c", "BYTEPLUS_STATE_DIR": "s"},
    ],
)
def test_folders_are_those_of_every_other_command(
    env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert Path(settings.config_folder(env)) == config.config_folder(env)
    assert Path(settings.state_folder(env)) == config.state_folder(env)


@pytest.mark.parametrize("kind", ["profiles", "tasks:video", "models:any", "ratios:video"])
def test_asking_loads_next_to_nothing(byteplus: Shell, kind: str) -> None:
    remember(byteplus, FOX, "a fox", 1)
    byteplus("config set video.model seedance-2.0")
    program = (
        f"import sys; sys.path.append({str(ROOT)!r});"
        f"from byteplus_cli.doors import completion; completion.main(['{kind}/', 'byteplus']);"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program],
        env=byteplus.env,
        capture_output=True,
        text=True,
    )
    loaded = set(done.stderr.split())
    assert done.stdout
    assert "byteplus_cli.doors.settings" in loaded
    assert not loaded & {"typer", "tomllib", "re", "json", "typing", "pathlib", "datetime"}
