"""`byteplus history list` and `show`: what was made here is found again."""

from __future__ import annotations

import io
import sqlite3
import unicodedata
from pathlib import Path

import pytest

from byteplus_cli.cli import run
from byteplus_cli.errors import Interrupted, InvalidRequest
from byteplus_cli.generation.entry import SavedFile
from byteplus_cli.generation.task import Failure, Status, Task
from byteplus_cli.session import Surroundings
from conftest import Ran, Shell
from ledgers import DAY, Past


@pytest.fixture
def past(byteplus: Shell) -> Past:
    return Past(byteplus)


def ids(done: Ran) -> list[str]:
    assert done.code == 0, done.stderr
    return [item["id"] for item in done.json["items"]]


def test_everything_of_every_kind_and_profile_is_listed_newest_first(
    byteplus: Shell, past: Past
) -> None:
    past.made("an old fox", ago=3 * DAY, cost="0.104", files=["fox.mp4"])
    past.made("a cat", kind="image", ago=2 * DAY, cost="0.03", files=["a.jpg", "b.jpg"])
    past.made(None, kind="avatar", ago=3700, profile="work")
    past.made("a dog", status="running", ago=300)
    done = byteplus("history list")
    assert [" ".join(line.split()) for line in done.lines] == [
        "WHEN KIND STATUS COST ID FILE PROMPT",
        "5m video running - cgt-20261120101530-ab124 - a dog",
        "1h avatar succeeded - 7423695716042346503 -",
        "2d image succeeded $0.03 img-20261120101530-ab122 a.jpg +1 a cat",
        "3d video succeeded $0.104 cgt-20261120101530-ab121 fox.mp4 an old fox",
    ]


def test_a_named_profile_is_listed_alone(byteplus: Shell, past: Past) -> None:
    past.made(profile="default")
    wanted = past.made(profile="work")
    assert ids(byteplus("history list -p work --json")) == [wanted]


def test_the_documents_are_those_of_each_kind(byteplus: Shell, past: Past) -> None:
    past.made("a cat", kind="image", files=["cat.jpg"])
    past.made(cost="0.104", files=["fox.mp4"])
    document = byteplus("history list --json").json
    assert document["schema"] == "byteplus.history/1"
    assert [item["schema"] for item in document["items"]] == ["byteplus.task/1", "byteplus.image/1"]
    clip, picture = document["items"]
    assert clip["cost"] == {"estimated_usd": "0.247", "actual_usd": "0.104"}
    assert clip["files"][0]["path"] == "fox.mp4"
    assert picture["files"][0]["path"] == "cat.jpg"


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("--kind image", "2"),
        ("--kind video", "431"),
        ("--status running", "4"),
        ("--status succeeded --kind video", "31"),
        ("--model seedance-2.0", "3"),
        ("--model seedance-1-0-pro-fast-251015", "41"),
        ("--model seedance-1.0-pro-fast", "541"),
        ("--model omnihuman-1.5", ""),
        ("--since 36h", "54"),
        ("--since 1d12h", "54"),
        ("--until 36h", "321"),
        ("--since 4d --until 36h", "32"),
        ("--grep FOX", "41"),
        ("--grep 'a cat'", "2"),
        ("--unsaved", "543"),
        ("--unsaved --since 1h", "54"),
        ("-n 2", "54"),
    ],
)
def test_options_narrow_the_list_down(
    byteplus: Shell, past: Past, options: str, found: str
) -> None:
    past.made("an old fox", ago=5 * DAY, files=["old.mp4"])
    past.made("a cat", kind="image", ago=3 * DAY, files=["cat.jpg"])
    past.made("a boat", ago=2 * DAY, model="dreamina-seedance-2-0-260128")
    past.made("a Fox", status="running", ago=60)
    past.made("a dog", kind="avatar", model="seedance-1-0-pro-fast-240101")
    assert [id[-1] for id in ids(byteplus(f"history list {options} --json"))] == list(found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("FÜCHSE", True),
        ("füchse", True),
        (unicodedata.normalize("NFD", "füchse"), True),
        ("STRASSE", True),
        ("лиса", True),
        ("狐狸", True),
        ("dragon", True),
        ("DRAGON.MP4", True),
        ("folder", False),
        ("100%", True),
        ("10_%", False),
    ],
)
def test_text_is_found_in_prompts_and_names_in_any_letters(
    byteplus: Shell, past: Past, text: str, found: bool
) -> None:
    past.made("Zwei Füchse, eine Straße, ЛИСА, 狐狸, 100%", files=["folder/Dragon.mp4"])
    assert len(ids(byteplus(f"history list --grep '{text}' --json"))) == found


def test_names_of_macos_are_found_as_they_are_typed(byteplus: Shell, past: Past) -> None:
    past.made(files=[unicodedata.normalize("NFD", "café.mp4")])
    assert len(ids(byteplus("history list --grep CAFÉ --json"))) == 1


def test_a_day_of_until_counts_to_its_end(byteplus: Shell, past: Past) -> None:
    made = past.made(at=1_795_000_000.0)  # 18 November 2026, whatever the zone
    assert ids(byteplus("history list --since 2026-11-15 --until 2026-11-22 --json")) == [made]
    assert ids(byteplus("history list --until 2026-11-16 --json")) == []
    for first, last, found in ((39, 40, []), (40, 41, [made])):
        options = f"--since 2026-11-18T11:06:{first}Z --until 2026-11-18T11:06:{last}Z"
        assert ids(byteplus(f"history list {options} --json")) == found


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--since yesterday", "--since yesterday is no moment"),
        ("--since ''", "(empty)"),
        ("--since 90", "no moment"),
        ("--until 2026-13-01", "no moment"),
        ("--until 9999-12-31", "no moment"),
        ("--since 1d --until 2d", "not before"),
        ("--kind clip", "there are video, image, avatar"),
        ("--kind images", "did you mean image?"),
        ("--status done", "no task is ever done"),
        ("--model seedanse-2.0", "did you mean seedance-2.0"),
        ("-n 0", "-n"),
    ],
)
def test_what_cannot_be_meant_is_refused(byteplus: Shell, options: str, said: str) -> None:
    done = byteplus(f"history list {options}")
    assert done.code == 2
    assert said in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("since", ["99999d", "9999w", "1800-01-01", "1969-12-31T23:00Z"])
def test_a_moment_before_all_time_is_the_beginning(byteplus: Shell, past: Past, since: str) -> None:
    made = past.made()
    assert ids(byteplus(f"history list --since {since} --json")) == [made]
    assert byteplus(f"history cost --since {since} --json").code == 0


def test_nothing_found_is_an_empty_list_and_said(byteplus: Shell, past: Past) -> None:
    empty = byteplus("history list")
    assert (empty.code, empty.stdout) == (0, "")
    assert "nothing was made on this machine yet" in empty.stderr
    past.made()
    done = byteplus("history list --grep dragon --json")
    assert (done.code, done.json) == (0, {"schema": "byteplus.history/1", "items": []})
    assert "nothing matches" in done.stderr
    assert byteplus("history list --grep dragon --quiet").stderr == ""


def test_a_shortened_list_says_so(byteplus: Shell, past: Past) -> None:
    for _ in range(3):
        past.made()
    assert "--limit 4 shows more" in byteplus("history list -n 2").stderr
    assert byteplus("history list -n 3").stderr == ""


def test_the_sandbox_shows_no_prices_unless_it_was_named(byteplus: Shell, past: Past) -> None:
    past.made(profile="sandbox", cost="0.104")
    assert byteplus("history list").lines[1].split()[3] == "sandbox"
    assert byteplus("history list -p sandbox").lines[1].split()[3] == "$0.104"


def test_what_another_machine_made_is_listed_as_that(byteplus: Shell, past: Past) -> None:
    past.ledger.looked(Task("cgt-elsewhere", "succeeded"), "default", None, past.now)
    assert "(made by another machine)" in byteplus("history list").stdout
    assert "another machine" in byteplus("history show cgt-elsewhere").stdout


def test_hostile_text_is_shown_as_text(byteplus: Shell, past: Past) -> None:
    id = past.made("[red]fox[/] \x1b[31m\u202ereversed\r\nsecond line", files=["[b].mp4"])
    for line in ("history list", f"history show {id}"):
        shown = byteplus(line).stdout
        assert "[red]fox[/] [31mreversed second line" in shown
        assert "\x1b" not in shown
        assert "\u202e" not in shown


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
def test_ids_and_paths_are_whole_at_any_width(byteplus: Shell, past: Past, columns: int) -> None:
    path = "films/of-the-winter/a-very-long-name-of-a-clip-that-was-saved-in-a-deep-folder.mp4"
    id = past.made("a fox " * 50, files=[path])
    shown = byteplus("history list", env={"COLUMNS": str(columns)}).stdout
    assert id in shown
    assert path in shown
    assert "…" in shown


def test_show_tells_all_that_is_known(byteplus: Shell, past: Past) -> None:
    id = past.made(
        cost="0.104",
        files=["fox.mp4", "gone.mp4", "cut.mp4"],
        seed=11,
        resolution="720p",
        ratio="16:9",
        duration=5,
        usage={"completion_tokens": 103818},
        ago=2 * DAY,
    )
    Path("gone.mp4").unlink()
    Path("cut.mp4").write_bytes(b"")
    card = byteplus(f"history show {id}").stdout
    for words in (
        *(id, "succeeded", "seedance-1-0-pro-fast-251015", "default", "a red fox"),
        *("(2d ago), in 42s", "720p, 16:9, 5 s", "11", "$0.247", "$0.104", "103,818", "req-1"),
        *(
            "fox.mp4\n            1248x704, 5.0 s, 7 B\n",
            "gone.mp4\n            1248x704, 5.0 s, 8 B, gone",
        ),
        "cut.mp4\n            1248x704, 5.0 s, 7 B, changed since",
    ):
        assert words in card
    document = byteplus(f"history show {id} --json").json
    assert document["schema"] == "byteplus.task/1"
    assert [file["state"] for file in document["files"]] == ["there", "gone", "changed"]
    assert (document["profile"], document["made_here"]) == ("default", True)


def test_show_tells_what_went_wrong_and_what_is_not_known(byteplus: Shell, past: Past) -> None:
    id = past.made(status="failed", failure=Failure("X", "the clip broke"))
    assert "the clip broke (X)" in byteplus(f"history show {id}").stdout
    made = past.made(status="succeeded", cost=None)
    assert "not known" in byteplus(f"history show {made}").stdout


def test_last_is_what_was_made_last_of_any_kind(byteplus: Shell, past: Past) -> None:
    past.made(ago=60)
    avatar = past.made(None, kind="avatar")
    assert byteplus("history show @last --json").json["id"] == avatar
    assert byteplus("history show @-9").code == 8
    assert byteplus("history show @first").code == 2


def test_a_file_is_known_by_its_content_wherever_it_is(byteplus: Shell, past: Past) -> None:
    id = past.made(files=["fox.mp4"])
    past.made(files=["boat.mp4"])
    Path("elsewhere").mkdir()
    moved = Path("fox.mp4").rename("elsewhere/renamed.bin")
    assert "known by its content" not in byteplus("history show boat.mp4").stderr
    assert f"{moved} is known by its content" in byteplus(f"history show {moved}").stderr
    assert byteplus(f"history show {moved} --json").json["id"] == id
    assert byteplus(f"history show {moved.absolute()} --json").json["id"] == id


def test_of_two_with_the_same_content_the_one_of_that_place_is_meant(
    byteplus: Shell, past: Past
) -> None:
    first, second = past.made(), past.made()
    past.save(first, "one.mp4", b"the same")
    past.save(second, "two.mp4", b"the same")
    assert byteplus("history show one.mp4 --json").json["id"] == first
    assert byteplus("history show two.mp4 --json").json["id"] == second
    Path("one.mp4").rename("other.mp4")
    assert byteplus("history show other.mp4 --json").json["id"] == second


def test_a_file_that_was_not_made_here_is_not_found(byteplus: Shell, past: Past) -> None:
    past.made(files=["fox.mp4"])
    Path("other.mp4").write_bytes(b"of the same length"[:7])
    Path("longer.mp4").write_bytes(b"of another length")
    for name in ("other.mp4", "longer.mp4"):
        done = byteplus(f"history show {name}")
        assert done.code == 8
        assert f"{name} was not made here" in done.stderr


def test_a_file_that_was_changed_since_is_told_from_a_strange_one(
    byteplus: Shell, past: Past
) -> None:
    past.made(files=["fox.mp4"])
    Path("fox.mp4").write_bytes(b"edited")
    done = byteplus("history show fox.mp4")
    assert done.code == 8
    assert "its content has changed since" in done.stderr
    assert byteplus("history show row-1 --json").json["files"][0]["state"] == "changed"


@pytest.mark.parametrize(
    ("what", "code", "said"),
    [
        ("cgt-20261120101530-none1", 8, "nothing that this machine has made"),
        ("nowhere.mp4", 8, "nothing that this machine has made"),
        ("row-99", 8, "nothing that this machine has made"),
        (".", 2, "no file"),
        ("''", 2, "no file"),
        ("a" * 5000, 8, "nothing"),
    ],
)
def test_what_is_neither_a_task_nor_a_file_is_said(
    byteplus: Shell, past: Past, what: str, code: int, said: str
) -> None:
    past.made()
    done = byteplus(f"history show {what}")
    assert done.code == code
    assert said in done.stderr


def test_a_request_without_an_id_can_be_looked_at(byteplus: Shell, past: Past) -> None:
    ledger = past.ledger
    row = ledger.begin(
        kind="video",
        profile="default",
        model="m",
        prompt="a bad fox",
        request={"model": "m", "content": []},
        output=None,
        estimate=None,
        now=past.now,
    )
    ledger.ended(row, Status.REFUSED, InvalidRequest("no", details="not that", code="Risky"))
    assert "row-1" in byteplus("history list").stdout
    shown = byteplus("history show row-1").stdout
    assert "it never got an id" in shown
    assert "not that (Risky)" in shown


def test_the_film_of_a_chain_is_known(sandbox: Shell) -> None:
    made = sandbox(
        'video chain "one [[slow:0]]" "two [[slow:0]]" --resolution 480p -d 2 -o film.mp4 --json'
    )
    assert made.code == 0, made.stderr
    Path("film.mp4").rename("premiere.mp4")
    shown = sandbox("history show premiere.mp4 --json").json
    assert (shown["chain"], shown["step"]) == (made.json["id"], 2)
    assert shown["inputs"][0]["made_by"] == made.json["steps"][0]["id"]
    assert sandbox("video get @last --wait").lines == ["film-2.mp4", "film-2-last.jpg"]


def test_a_ledger_of_a_newer_release_can_be_read(byteplus: Shell, past: Past) -> None:
    made = past.made(files=["fox.mp4"])
    raw = sqlite3.connect(Path(byteplus.env["BYTEPLUS_STATE_DIR"]) / "ledger.db")
    raw.executescript("ALTER TABLE tasks ADD COLUMN mood TEXT; PRAGMA user_version = 99")
    raw.close()
    assert ids(byteplus("history list --json")) == [made]
    assert byteplus("history show fox.mp4 --json").json["id"] == made


def test_a_damaged_ledger_is_an_error_in_words(byteplus: Shell) -> None:
    state = Path(byteplus.env["BYTEPLUS_STATE_DIR"])
    state.mkdir()
    (state / "ledger.db").write_bytes(b"not a database at all" * 100)
    for line in ("history list", "history show @last", "history cost"):
        done = byteplus(line)
        assert done.code == 2
        assert "cannot open the ledger" in done.stderr


def test_pictures_that_were_not_all_saved_count_as_unsaved(byteplus: Shell, past: Past) -> None:
    id = past.made("cats", kind="image", files=["cat.jpg"])
    assert ids(byteplus("history list --unsaved --json")) == []
    raw = sqlite3.connect(Path(byteplus.env["BYTEPLUS_STATE_DIR"]) / "ledger.db")
    raw.execute("INSERT INTO pictures (task_row, place) VALUES (1, 1)")
    raw.commit()
    raw.close()
    assert ids(byteplus("history list --unsaved --json")) == [id]


def test_a_last_frame_alone_is_no_saved_clip(byteplus: Shell, past: Past) -> None:
    id = past.made()
    frame = SavedFile(Path("frame.jpg"), "last_frame", 1, "0" * 64)
    past.ledger.saved(id, frame, past.now)
    assert ids(byteplus("history list --unsaved --json")) == [id]
    assert byteplus("history list").lines[1].split()[5] == "-"


def test_ctrl_c_that_reaches_sqlite_ends_the_search_as_anywhere_else(
    byteplus: Shell, past: Past
) -> None:
    past.made()
    raw = sqlite3.connect(Path(byteplus.env["BYTEPLUS_STATE_DIR"]) / "ledger.db")
    raw.execute("ALTER TABLE files RENAME TO elsewhere")  # so that SQLite fails, as it does then
    raw.close()

    def heed() -> None:
        raise Interrupted(130)

    said = io.StringIO()
    around = Surroundings(byteplus.env, io.StringIO(), io.StringIO(), said, heed=heed)
    assert run(["history", "list", "--grep", "fox"], around) == 130
    assert said.getvalue() == ""
    assert byteplus("history list --grep fox").code == 2


def test_the_newest_rows_are_found_without_a_look_at_the_others(past: Past) -> None:
    past.made()
    raw = sqlite3.connect(Path(past.shell.env["BYTEPLUS_STATE_DIR"]) / "ledger.db")
    newest = "SELECT prompt FROM tasks ORDER BY created_at DESC, row DESC LIMIT 50"
    steps = [row[-1] for row in raw.execute(f"EXPLAIN QUERY PLAN {newest}")]
    raw.close()
    assert steps == ["SCAN tasks USING INDEX tasks_by_time_alone"]
