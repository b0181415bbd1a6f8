"""Help that teaches: examples first and tried, options in groups, nothing broken at any width."""

from __future__ import annotations

import os
import shlex

import pytest

from byteplus_cli.commands.leaf import SHARED_PANEL
from conftest import Shell
from examples import all_examples, in_help, is_group, try_out
from regenerate.manpage import commands
from screen import assert_golden, last_screen

ALL = dict(commands())
LEAVES = {words: command for words, command in ALL.items() if not is_group(command)}
EXAMPLES = all_examples()


def headings(said: list[str]) -> list[str]:
    """What options stand under."""
    return [line[:-1] for line in said if line.endswith(":") and not line.startswith(" ")]


@pytest.mark.parametrize("words", LEAVES)
def test_every_command_has_an_example_of_itself(words: str) -> None:
    assert any(f"byteplus {words}" in line for line in in_help(LEAVES[words]))


@pytest.mark.parametrize("words", ALL)
def test_examples_come_before_options(byteplus: Shell, words: str) -> None:
    said = byteplus(f"{words} --help").lines
    example = next(at for at, line in enumerate(said) if line.startswith("  Example"))
    assert example < min(said.index(f"{heading}:") for heading in headings(said))


@pytest.mark.parametrize("line", EXAMPLES)
def test_an_example_works(byteplus: Shell, line: str) -> None:
    done = try_out(byteplus, line)
    assert done.code == 0, done.stderr


@pytest.mark.parametrize("words", LEAVES)
def test_options_stand_in_groups_where_there_are_several(byteplus: Shell, words: str) -> None:
    found = headings(byteplus(f"{words} --help").lines)
    assert found[-1] == SHARED_PANEL
    assert "Options" not in found or set(found) <= {"Arguments", "Options", SHARED_PANEL}


@pytest.mark.parametrize("columns", [52, 60])
@pytest.mark.parametrize("words", ALL)
def test_help_fits_the_terminal_and_its_examples_stay_whole(
    byteplus: Shell, words: str, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Where the help is drawn, the width comes from the process itself.
    monkeypatch.setenv("COLUMNS", str(columns))
    said = byteplus(f"{words} --help").stdout
    assert max(map(len, said.splitlines())) <= columns
    shown = shlex.split(said.replace("'", " ").replace('"', " ").replace("\\\n", " "))
    for line in in_help(ALL[words]):
        wanted = line.replace("'", " ").replace('"', " ").split()
        places = range(len(shown) - len(wanted) + 1)
        assert any(shown[at : at + len(wanted)] == wanted for at in places), line


@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals")
@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("help", "help"),
        ("help-group", "video --help"),
        ("help-templates", "help templates"),
        ("help-error", "help errors QuotaExceeded"),
    ],
)
def test_a_screen_of_help_is_as_it_was(byteplus: Shell, name: str, line: str, columns: int) -> None:
    assert_golden(f"{name}-{columns}", last_screen(byteplus, line, columns))


def test_help_lists_the_topics(byteplus: Shell) -> None:
    done = byteplus("help")
    assert done.code == 0
    assert "exit-codes" in done.stdout
    assert "byteplus help errors CODE" in done.stdout
    listed = byteplus("help --json").json
    assert listed["schema"] == "byteplus.topics/1"
    assert {"topic": "templates", "summary": "How saved files are named."} in listed["items"]


def test_a_topic_is_a_result(byteplus: Shell) -> None:
    done = byteplus("help templates")
    assert (done.code, done.stderr) == (0, "")
    assert done.lines[0] == "How saved files are named."
    document = byteplus("help templates --json").json
    assert document["schema"] == "byteplus.help/1"
    assert document["topic"] == "templates"
    assert document["text"] == done.stdout.rstrip("\n")


@pytest.mark.parametrize("columns", [40, 60, 300])
def test_a_topic_is_as_wide_as_the_terminal_but_never_hard_to_read(
    byteplus: Shell, columns: int
) -> None:
    for topic in ("environment", "files", "prompts"):
        lines = byteplus(f"help {topic}", env={"COLUMNS": str(columns)}).lines
        prose = [line for line in lines if not line.startswith("    ")]
        assert max(map(len, prose)) <= min(columns, 90)


@pytest.mark.parametrize("words", ["video create", "video", "doctor", "help"])
def test_the_words_of_a_command_show_its_help(byteplus: Shell, words: str) -> None:
    assert byteplus(f"help {words}").stdout == byteplus(f"{words} --help").stdout
    assert byteplus(f"help {words} --json").json["topic"] == words


@pytest.mark.parametrize("line", ["help", "help files", "help errors 429", "help video create"])
def test_a_document_is_the_same_at_any_width(
    byteplus: Shell, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = byteplus(f"{line} --json").json
    monkeypatch.setenv("COLUMNS", "60")
    assert byteplus(f"{line} --json", env={"COLUMNS": "60"}).json == wide


def test_help_needs_no_settings_that_work(byteplus: Shell, tmp_path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text("this is no TOML")
    assert byteplus("help errors invalid_config").code == 0


@pytest.mark.parametrize(
    ("line", "said", "hint"),
    [
        ("help promts", "no topic or command promts", "did you mean prompts?"),
        ("help vidoe", "no topic or command vidoe", "did you mean video?"),
        ("help video craete", "no command video craete", "did you mean create?"),
        ("help video xyz", "no command video xyz", "byteplus help video"),
        ("help doctor now", "no command doctor now", "byteplus help doctor"),
        ("help xyz", "no topic or command xyz", "byteplus help"),
        ("help QuotaExceeded", "no topic or command", "byteplus help errors QuotaExceeded"),
        ("help templates more", "the topic templates has no parts", "byteplus help templates"),
        ("help errors 429 503", "one code at a time", "byteplus help errors 429"),
    ],
)
def test_what_help_does_not_know_is_an_error_with_the_nearest(
    byteplus: Shell, line: str, said: str, hint: str
) -> None:
    done = byteplus(line)
    assert done.code == 2
    assert f"error: {said}" in done.stderr
    assert f"hint: {hint}\n" in done.stderr
    assert done.stdout == ""
