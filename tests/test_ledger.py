"""The ledger: nothing written is lost, whoever else writes and however old the file is."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from byteplus_cli.errors import Charge, InvalidRequest, Missing
from byteplus_cli.generation.database import LedgerError
from byteplus_cli.generation.entry import SavedFile
from byteplus_cli.generation.ledger import Ledger
from byteplus_cli.generation.migrations import MIGRATIONS
from byteplus_cli.generation.task import Status, Task

NOW = 1_800_000_000.0


def begin(ledger: Ledger, prompt: str = "a fox", now: float = NOW) -> int:
    return ledger.begin(
        kind="video",
        profile="default",
        model="seedance-1-0-pro-fast-251015",
        prompt=prompt,
        request={"seed": 7},
        output=None,
        estimate="0.104",
        now=now,
    )


def made(ledger: Ledger, id: str, now: float = NOW) -> int:
    row = begin(ledger, now=now)
    ledger.accepted(row, id, "req-1")
    return row


def test_a_row_stands_before_the_id_is_known(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    row = begin(ledger)
    other = Ledger.open(tmp_path)
    assert other.at(row).status == Status.SUBMITTING
    ledger.accepted(row, "cgt-1", "req-1")
    assert other.find("cgt-1").request == {"seed": 7}


def test_last_and_the_ones_before_it_are_found(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    for number in range(3):
        made(ledger, f"cgt-{number}", NOW + number)
    begin(ledger, now=NOW + 9)  # never answered, so it has no id to stand for
    assert ledger.resolve("@last", "default") == "cgt-2"
    assert ledger.resolve("@-1", "default") == "cgt-2"
    assert ledger.resolve("@-3", "default") == "cgt-0"
    with pytest.raises(Missing):
        ledger.resolve("@-4", "default")
    with pytest.raises(Missing):
        ledger.resolve("@last", "work")


@pytest.mark.parametrize("name", ["@first", "@-0", "@-x", "../x", "", "a b", "x?y=1", "-rf"])
def test_what_cannot_be_an_id_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidRequest):
        Ledger.open(tmp_path).resolve(name, "default")


def test_a_finished_task_never_goes_back(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    made(ledger, "cgt-1")
    ledger.looked(Task("cgt-1", Status.SUCCEEDED, updated_at=5), "default", "0.104", NOW)
    ledger.looked(Task("cgt-1", Status.RUNNING), "default", None, NOW)
    entry = ledger.find("cgt-1")
    assert (entry.status, entry.cost, entry.finished_at) == (Status.SUCCEEDED, "0.104", 5)


def test_a_saved_file_counts_while_it_is_there(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    made(ledger, "cgt-1")
    clip = tmp_path / "fox.mp4"
    clip.write_bytes(b"1234")
    ledger.saved("cgt-1", SavedFile(clip, "video", 4, "0" * 64), NOW)
    assert ledger.find("cgt-1").saved
    clip.unlink()
    assert not ledger.find("cgt-1").saved


def test_the_usual_time_needs_three_clips_of_the_same_kind(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    model = "seedance-1-0-pro-fast-251015"
    for number, seconds in enumerate((30, 40, 90)):
        assert ledger.usual_seconds("default", model, None) is None
        made(ledger, f"cgt-{number}")
        done = Task(f"cgt-{number}", Status.SUCCEEDED, updated_at=int(NOW) + seconds)
        ledger.looked(done, "default", None, NOW)
    assert ledger.usual_seconds("default", model, None) == 40
    assert ledger.usual_seconds("default", model, "480p") is None


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        ledger = Ledger.open(tmp_path / "state")
        begin(ledger)
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "state").iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_a_file_of_any_older_release_is_brought_up_to_date(tmp_path: Path, version: int) -> None:
    raw = sqlite3.connect(tmp_path / "ledger.db")
    raw.executescript(";".join(MIGRATIONS[:version]))
    raw.execute(
        "INSERT INTO tasks (id, kind, profile, model, prompt, status, request, created_at)"
        " VALUES ('cgt-old', 'video', 'default', 'm', 'a fox', 'queued', '{}', ?)",
        (NOW - 9,),
    )
    raw.execute(f"PRAGMA user_version = {version}")
    raw.commit()
    raw.close()
    ledger = Ledger.open(tmp_path)
    assert ledger.find("cgt-old").prompt == "a fox"
    made(ledger, "cgt-new")
    assert [entry.id for entry in ledger.unsaved("default", "video")] == ["cgt-old", "cgt-new"]


def test_two_runs_that_update_a_file_at_once_do_it_once(tmp_path: Path) -> None:
    raw = sqlite3.connect(tmp_path / "ledger.db")
    raw.executescript(MIGRATIONS[0])
    raw.execute("PRAGMA user_version = 1")
    raw.close()
    program = (
        "import sys; from pathlib import Path; from byteplus_cli.generation.ledger import Ledger\n"
        "print(len(Ledger.open(Path(sys.argv[1])).recent('default', 1)))\n"
    )
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(8)
    ]
    assert [run.communicate()[0].strip() for run in runs] == ["0"] * 8


def test_a_file_from_a_newer_release_is_only_read(tmp_path: Path) -> None:
    made(Ledger.open(tmp_path), "cgt-1")
    raw = sqlite3.connect(tmp_path / "ledger.db")
    raw.executescript("ALTER TABLE tasks ADD COLUMN mood TEXT; PRAGMA user_version = 99")
    raw.close()
    ledger = Ledger.open(tmp_path)
    assert ledger.resolve("@last", "default") == "cgt-1"
    assert ledger.looked(Task("cgt-1", Status.RUNNING), "default", None, NOW).prompt == "a fox"
    assert ledger.find("cgt-1").status == Status.QUEUED
    with pytest.raises(LedgerError, match="newer") as refused:
        begin(ledger)
    assert refused.value.charge is Charge.NO


def test_a_damaged_file_is_an_error_and_not_a_new_ledger(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(LedgerError):
        Ledger.open(tmp_path)
    assert (tmp_path / "ledger.db").read_bytes().startswith(b"not a database")


def test_many_processes_write_at_once_and_no_row_is_lost(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from byteplus_cli.generation.ledger import Ledger\n"
        "ledger = Ledger.open(Path(sys.argv[1]))\n"
        "for n in range(50):\n"
        "    row = ledger.begin(kind='video', profile='default', model='m', prompt='p',"
        " request={}, output=None, estimate=None, now=float(n))\n"
        "    ledger.accepted(row, f'cgt-{sys.argv[2]}-{n}', None)\n"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path), str(number)])
        for number in range(20)
    ]
    assert [writer.wait() for writer in writers] == [0] * 20
    entries = Ledger.open(tmp_path).recent("default", 2000)
    assert len({entry.id for entry in entries}) == 1000


def test_a_run_that_opens_it_twice_loses_nothing_when_another_run_ends(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    first = begin(ledger)
    Ledger.open(tmp_path).close()  # as a thread does that saves
    program = (
        "import sys; from pathlib import Path; from byteplus_cli.generation.ledger import Ledger;"
        "Ledger.open(Path(sys.argv[1])).close()"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True)
    second = begin(ledger)
    later = Ledger.open(tmp_path)
    assert [entry.row for entry in later.recent("default", 9)] == [second, first]
