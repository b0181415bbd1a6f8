"""The guides of `byteplus help` say what is so: each is held against the code that it tells of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from byteplus_cli import errors
from byteplus_cli.cli import EXIT_CODES, STDOUT_CLOSED
from byteplus_cli.commands.creating import UNATTENDED_TIMEOUT
from byteplus_cli.commands.guides import items, text, topics
from byteplus_cli.config import SETTINGS
from byteplus_cli.errors import ByteplusError
from byteplus_cli.generation import prompt
from byteplus_cli.generation.avatar import rules as avatar_rules
from byteplus_cli.generation.batch.shard import ENGINES
from byteplus_cli.generation.image import rules as image_rules
from byteplus_cli.generation.naming import DEFAULT, FIELDS
from byteplus_cli.terminal.page import Lines, blocks
from conftest import Shell
from examples import in_guide, provide_files

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "byteplus_cli"
READ = re.compile(r'env(?:iron)?(?:\.get\(|\[)"([A-Z_]+)"')


def named(topic: str) -> list[str]:
    """All names that a guide has a meaning for."""
    pairs = [pair for block in items(topic) for pair in block.pairs]
    return [name for names, _ in pairs for name in names.split(", ")]


@pytest.mark.parametrize("topic", topics())
def test_a_guide_says_what_it_is_for_and_then_shows_it(topic: str) -> None:
    first, second, *_ = blocks(text(topic))
    assert first.text == topics()[topic]
    assert isinstance(second, Lines)
    assert second.commands
    assert in_guide(topic)


@pytest.mark.parametrize("topic", topics())
@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_guide_fits_the_terminal(byteplus: Shell, topic: str, columns: int) -> None:
    lines = byteplus(f"help {topic}", env={"COLUMNS": str(columns)}).lines
    assert max(map(len, lines)) <= min(columns, 90)


def test_every_variable_that_is_read_is_in_the_guide() -> None:
    code = "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    of_settings = {name for setting in SETTINGS.values() for name in setting.env}
    of_shards = {name for engine in ENGINES for name in (engine.index, engine.total)}
    read = of_settings | of_shards | set(READ.findall(code))
    assert {"ARK_API_KEY", "BYTEPLUS_STATE_DIR", "NO_COLOR", "CI", "SSL_CERT_FILE"} <= read
    assert read - {engine.total for engine in ENGINES} <= set(named("environment"))
    ours = {name for name in named("environment") if name.startswith(("BYTEPLUS_", "ARK_"))}
    assert ours <= read


def test_every_exit_code_is_in_the_guide_and_in_the_readme() -> None:
    classes = [each for each in vars(errors).values() if isinstance(each, type)]
    used = {each.exit_code for each in classes if issubclass(each, ByteplusError)}
    used |= {0, STDOUT_CLOSED, *EXIT_CODES.values()}
    codes = next(items("exit-codes"))
    told = {int(code) for names, _ in codes.pairs for code in names.split(", ")}
    assert told == used
    rows = re.findall(r"^\| ([\d, ]+) \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert {int(code) for row in rows for code in row.split(", ")} == used


def test_every_field_of_a_template_is_in_the_guide() -> None:
    assert sorted(named("templates")) == sorted((*FIELDS, "row.NAME"))
    assert f"\n{DEFAULT}, here in this folder" in text("templates")


def test_the_limits_of_prompts_are_those_that_are_warned_of() -> None:
    limits = {name: meaning for block in items("prompts") for name, meaning in block.pairs}
    assert limits["clips"].startswith(
        f"Up to {prompt.ADVISED_WORDS} words, or {prompt.ADVISED_CHINESE} Chinese characters"
    )
    assert limits["pictures"].startswith(
        f"Up to {image_rules.ADVISED_WORDS} words, or {image_rules.ADVISED_CHINESE} Chinese"
    )
    assert limits["avatars"].startswith(f"Up to {avatar_rules.ADVISED_CHARACTERS} characters")


def test_the_guide_to_ci_knows_how_long_a_wait_is() -> None:
    assert UNATTENDED_TIMEOUT == 3600
    assert "Without a terminal an hour is" in text("ci")


def test_every_file_that_is_kept_is_in_the_guide(sandbox: Shell) -> None:
    provide_files("portrait.jpg hello.wav")
    assert sandbox("config set output clips/ -p work").code == 0
    assert sandbox("image gen 'a fox' --size 1K --json").code == 0
    assert sandbox("video create 'a fox [[slow:0]]' --resolution 480p").code == 0
    assert sandbox("avatar omnihuman -i portrait.jpg -a hello.wav").code == 0
    kept = [
        path.name + "/" * path.is_dir()
        for folder in ("BYTEPLUS_CONFIG_DIR", "BYTEPLUS_STATE_DIR")
        for path in Path(sandbox.env[folder]).iterdir()
    ]
    assert {"config.toml", "ledger.db", "sandbox/"} <= set(kept)
    assert set(kept) <= set(named("files"))


def test_the_guide_to_files_knows_where_they_are_on_this_system(
    byteplus: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    home = str(Path.home())
    shown = byteplus("config path", env={"BYTEPLUS_CONFIG_DIR": ""}).stdout.strip()
    folder = Path(shown).parent.as_posix().replace(Path(home).as_posix(), "~")
    folder = folder.replace("~/AppData/Local", "%LOCALAPPDATA%")
    assert folder in " ".join(text("files").replace("\\", "/").split())
