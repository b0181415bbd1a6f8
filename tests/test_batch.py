"""Many jobs from one manifest: what is checked before anything is sent, and what is made."""

from __future__ import annotations

import json
import shlex
import sqlite3
from pathlib import Path

import pytest

import clips
from account import Account
from conftest import Ran, Shell, started
from disks import fill, small_disk

FOX = '{"prompt": "a fox", "name": "fox"}\n'


def manifest(shell: Shell, text: str | bytes, name: str = "shots.jsonl") -> None:
    (shell.home / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def rows(*rows: dict[str, object]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def results(ran: Ran) -> list[dict[str, object]]:
    return [json.loads(line) for line in ran.lines]


# What is written in a manifest.


def test_every_row_becomes_a_file_under_its_name(shell: Shell, account: Account) -> None:
    manifest(shell, FOX + '\n{"prompt": "a whale", "name": "whale"}\n')
    ran = shell("batch run shots.jsonl -o 'clips/{row.name}.{ext}'")
    assert (ran.code, sorted(ran.lines)) == (0, ["clips/fox.mp4", "clips/whale.mp4"])
    assert (shell.home / "clips/fox.mp4").read_bytes() == account.clip
    assert "2 of 2 saved" in ran.stderr


@pytest.mark.parametrize(
    "text",
    [
        "prompt,name,duration\na fox,fox,4\n",
        "prompt,name,duration\r\na fox,fox,4\r\n",
        "\ufeffprompt,name,duration\na fox,fox,4",
        'name,prompt,duration\nfox,"a fox",4\n\n',
    ],
)
def test_a_table_is_a_manifest_too(shell: Shell, account: Account, text: str) -> None:
    manifest(shell, text, "shots.csv")
    assert shell("batch run shots.csv -o '{row.name}.mp4'").stdout == "fox.mp4\n"
    (job,) = account.jobs.values()
    assert (job.prompt, job.body["duration"]) == ("a fox", 4)


def test_standard_input_is_a_manifest_in_either_form(shell: Shell, account: Account) -> None:
    assert shell("batch run - -o '{row.name}.mp4'", stdin=FOX).stdout == "fox.mp4\n"
    assert shell("batch run - -o x/", stdin="prompt\na cat\n").code == 0
    assert set(account.prompts) == {"a fox", "a cat"}


def test_a_cell_with_line_breaks_is_one_row(shell: Shell, account: Account) -> None:
    manifest(shell, 'prompt\n"a fox\nin the snow"\n', "shots.csv")
    assert shell("batch run shots.csv").code == 0
    assert set(account.prompts) == {"a fox\nin the snow"}


def test_a_column_twice_is_a_list(shell: Shell) -> None:
    for name in ("a.png", "b.png"):
        (shell.home / name).write_bytes(clips.picture())
    text = "kind,prompt,image,image\nimage,both,a.png,b.png\n"
    manifest(shell, text, "shots.csv")
    assert shell("batch run shots.csv -n").code == 0
    manifest(shell, text.replace("kind,", "").replace("image,both", "both"), "shots.csv")
    ran = shell("batch run shots.csv -n")
    assert "line 2: image is given more than once" in ran.stderr


def test_options_of_the_command_line_stand_for_rows_that_say_nothing(
    shell: Shell, account: Account
) -> None:
    manifest(shell, rows({"prompt": "a", "duration": 3}, {"prompt": "b"}))
    assert shell("batch run shots.jsonl -d 4 -r 9:16 --no-watermark").code == 0
    asked = {job.prompt: job.body for job in account.jobs.values()}
    assert [asked[name]["duration"] for name in "ab"] == [3, 4]
    assert asked["b"]["ratio"] == "9:16"
    assert asked["b"]["watermark"] is False


def test_files_are_looked_for_beside_the_manifest(shell: Shell) -> None:
    (shell.home / "lists").mkdir()
    (shell.home / "lists/noon.png").write_bytes(clips.picture())
    (shell.home / "lists/words.txt").write_text("day turns to night")
    manifest(shell, rows({"prompt": "@words.txt", "image": "noon.png"}), "lists/shots.jsonl")
    ran = shell("batch run lists/shots.jsonl -n")
    assert (ran.code, ran.stdout) == (0, "day-turns-to-night-{id8}.mp4\n")


# What is refused, with nothing sent.


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("{", "not JSON at character"),
        ("[1]", "not a JSON object"),
        ('{"prompt": "a", "prompt": "b"}', '"prompt" is given twice'),
        ('{"prompt": "a", "duratoin": 4}', "no option duratoin for video (did you mean duration?"),
        ('{"prompt": "a", "duration": "long"}', "duration: long is not a whole number"),
        ('{"prompt": "a", "duration": 4.5}', "duration: 4.5 is not a whole number"),
        ('{"prompt": "a", "duration": true}', "duration: true is not a whole number"),
        ('{"prompt": "a", "watermark": "perhaps"}', "watermark: perhaps is not true or false"),
        ('{"prompt": "a", "duration": 99}', "--duration 99"),
        ('{"prompt": ""}', "there is no prompt and no media"),
        ('{"prompt": "-"}', "prompt: - would read standard input"),
        ('{"prompt": "a", "image": "@last"}', "@last is another task each time"),
        ('{"prompt": "a", "image": "none.png"}', "--image none.png: no such file"),
        ('{"kind": "vidoe", "prompt": "a"}', "no kind vidoe (did you mean video?"),
        ('{"kind": "avatar", "prompt": "a"}', "an avatar needs image"),
        ('{"prompt": "a", "model": "seedance-9"}', "unknown video model"),
        ('{"prompt": "a", "name": ""}', "name: from 1 to 128 characters"),
        ('{"prompt": "a", "output": "{nope}"}', "unknown field {nope}"),
        ('{"prompt": "a", "wait": false}', "no option wait for video"),
    ],
)
def test_a_wrong_row_is_told_by_its_line(
    shell: Shell, account: Account, row: str, words: str
) -> None:
    manifest(shell, FOX + row + "\n")
    ran = shell("batch run shots.jsonl")
    assert (ran.code, ran.stdout) == (2, "")
    assert f"shots.jsonl, line 2: {words}"[:40] in ran.stderr
    assert words in ran.stderr
    assert "1 row of 2 in shots.jsonl cannot be sent, so nothing was" in ran.stderr
    assert account.asked["POST"] == 0


def test_all_faults_are_told_at_once(shell: Shell) -> None:
    manifest(shell, '{"prompt": 1}\n{"a": 1}\n' + FOX + "{\n")
    ran = shell("batch run shots.jsonl --json")
    assert [fault["line"] for fault in ran.json["faults"]] == [2, 4]
    assert ran.json["error"]["code"] == "invalid_manifest"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "has no rows"),
        (b"\xef\xbb\xbf", "has no rows"),
        (b'{"prompt": "\xff"}\n', "line 1: not UTF-8 text"),
        (b'{"prompt": "a\0"}\n', "line 1: holds a NUL"),
        (b'{"prompt": "' + b"x" * 9_000_000 + b'"}\n', "line 1: longer than 8 MiB"),
        (b'{"prompt": "cut o', "line 1: not JSON"),
    ],
)
def test_bytes_that_are_no_manifest_are_refused(shell: Shell, text: bytes, words: str) -> None:
    manifest(shell, text)
    ran = shell("batch run shots.jsonl")
    assert ran.code == 2
    assert words in ran.stderr


@pytest.mark.parametrize(
    ("name", "words"),
    [("none.jsonl", "none.jsonl: no such file"), (".", "is a folder"), ("a.csv", "has no rows")],
)
def test_what_is_no_file_is_refused(shell: Shell, name: str, words: str) -> None:
    manifest(shell, "prompt\n", "a.csv")
    ran = shell(f"batch run {name}")
    assert (ran.code, words in ran.stderr) == (2, True)


def test_rows_of_one_name_or_one_file_are_refused(shell: Shell) -> None:
    manifest(shell, FOX + '{"prompt": "a cat", "name": "fox"}\n')
    assert "line 2: name fox is that of line 1 too" in shell("batch run shots.jsonl").stderr
    manifest(shell, rows({"prompt": "a fox"}, {"prompt": "A Fox"}))
    ran = shell("batch run shots.jsonl -o '{slug}.mp4'")
    assert "line 2: a-fox.mp4 is where line 1 is saved too" in ran.stderr
    assert "{row.name}" in ran.stderr


def test_a_column_that_the_name_uses_must_be_there(shell: Shell) -> None:
    manifest(shell, rows({"prompt": "a", "scene": 7}, {"prompt": "b"}))
    ran = shell("batch run shots.jsonl -o '{row.scene}.mp4'")
    assert "line 2: no scene, which -o uses" in ran.stderr
    manifest(shell, rows({"prompt": "a", "scene": 7}))
    assert shell("batch run shots.jsonl -o '{row.scene}.mp4' -n").stdout == "7.mp4\n"
    assert "no option scene" in shell("batch run shots.jsonl -n").stderr


def test_a_file_that_could_not_be_linked_is_a_fault_of_its_row(shell: Shell) -> None:
    (shell.home / "walk.mp4").write_bytes(clips.clip(960, 540, 3))
    row = {"prompt": "go", "model": "seedance-2.0", "ref_video": ["walk.mp4"]}
    manifest(shell, rows(row))
    ran = shell("batch run shots.jsonl")
    assert ran.code == 2
    assert "line 1: " in ran.stderr
    assert "has no storage that a file could be linked from" in ran.stderr


# The price.


def test_a_dry_run_sends_nothing_and_needs_no_key(byteplus: Shell) -> None:
    manifest(byteplus, rows({"prompt": "a"}, {"prompt": "b", "kind": "image"}))
    ran = byteplus("batch run shots.jsonl --dry-run --json")
    assert ran.code == 0
    plan = ran.json
    assert (plan["rows"], plan["to_make"], plan["usd_high"]) == (2, 2, "0.277")
    assert [item["files"] for item in plan["items"]] == [["a-{id8}.mp4"], ["b-{id8}.jpg"]]
    assert list((byteplus.home.parent / "state/batch").iterdir()) == []


def test_what_is_dear_needs_a_word(shell: Shell, account: Account) -> None:
    shell("config set confirm_above 0.3")
    manifest(shell, rows({"prompt": "a"}, {"prompt": "b"}))
    ran = shell("batch run shots.jsonl")
    assert ran.code == 2
    assert "2 rows for about $0.494 is above confirm_above ($0.3)" in ran.stderr
    assert "--yes" in ran.stderr
    assert account.asked["POST"] == 0
    assert shell("batch run shots.jsonl --yes").code == 0


def test_max_cost_stops_before_it_is_passed(shell: Shell, account: Account) -> None:
    manifest(shell, rows(*({"prompt": name} for name in "abcd")))
    account.seconds = 5
    ran = shell("batch run shots.jsonl --max-cost 0.60")
    # Two are within it, and what they turn out to cost leaves room for the others.
    assert (ran.code, max(account.open_at_once)) == (0, 2)
    ran = shell("batch run shots.jsonl --max-cost 0.001")
    assert ran.code == 0
    manifest(shell, rows(*({"prompt": name} for name in "abcde")))
    ran = shell("batch run shots.jsonl --max-cost 0.2")
    assert (ran.code, account.prompts["e"]) == (13, 0)
    assert "the limit is reached: 4 of 5 saved, 4 of them before, 1 not sent" in ran.stderr


def test_a_row_of_unknown_price_cannot_be_promised(shell: Shell, account: Account) -> None:
    manifest(shell, rows({"prompt": "a", "model": "ep-20260101-abcde"}))
    ran = shell("batch run shots.jsonl --max-cost 5")
    assert (ran.code, account.asked["POST"]) == (13, 0)
    assert "what 1 row would cost is not known" in ran.stderr


# Running.


def test_a_refused_row_does_not_stop_the_rest(shell: Shell, account: Account) -> None:
    account.refuse = lambda prompt: (
        (400, "InputTextSensitiveContentDetected") if prompt == "bad" else None
    )
    account.fail = lambda prompt: "InternalServiceError" if prompt == "fails" else None
    manifest(
        shell,
        rows(
            {"prompt": "bad", "name": "1"},
            {"prompt": "fails", "name": "2"},
            {"prompt": "good", "name": "3"},
        ),
    )
    ran = shell("batch run shots.jsonl --json")
    assert ran.code == 12
    *told, error = results(ran)
    assert {each["name"]: each["status"] for each in told} == {
        "1": "failed",
        "2": "failed",
        "3": "saved",
    }
    assert error["error"]["exit_code"] == 12  # type: ignore[index]
    assert "1 failed (InputTextSensitiveContentDetected): 1" in ran.stderr
    assert "1 failed (InternalServiceError): 2" in ran.stderr


def test_the_same_manifest_again_makes_only_what_is_missing(shell: Shell, account: Account) -> None:
    account.fail = lambda prompt: "InternalServiceError" if prompt == "b" else None
    manifest(shell, rows({"prompt": "a"}, {"prompt": "b"}))
    assert shell("batch run shots.jsonl").code == 12
    again = shell("batch run shots.jsonl")
    assert (again.code, len(again.lines)) == (12, 1)
    assert account.prompts == {"a": 1, "b": 1}
    account.fail = lambda _: None
    manifest(shell, rows({"prompt": "b", "name": "new name"}, {"prompt": "c"}, {"prompt": "a"}))
    ran = shell("batch run shots.jsonl --retry-failed")
    assert (ran.code, len(ran.lines)) == (0, 3)
    assert account.prompts == {"a": 1, "b": 2, "c": 1}


def test_a_row_that_is_written_twice_is_made_twice(shell: Shell, account: Account) -> None:
    manifest(shell, rows({"prompt": "a"}, {"prompt": "a"}))
    ran = shell("batch run shots.jsonl")
    assert (ran.code, account.prompts["a"]) == (0, 2)
    assert "rows that ask for the same as one before them: 1;" in ran.stderr
    assert shell("batch run shots.jsonl").code == 0
    assert account.prompts["a"] == 2


def test_the_same_picture_under_another_name_is_the_same_row(
    shell: Shell, account: Account
) -> None:
    (shell.home / "a.png").write_bytes(clips.picture())
    manifest(shell, rows({"prompt": "it moves", "image": "a.png"}))
    assert shell("batch run shots.jsonl").code == 0
    (shell.home / "a.png").rename(shell.home / "b.png")
    manifest(shell, rows({"prompt": "it moves", "image": "b.png"}))
    assert shell("batch run shots.jsonl").code == 0
    assert account.asked["POST"] == 1
    (shell.home / "b.png").write_bytes(clips.picture(400, 320))
    assert shell("batch run shots.jsonl").code == 0
    assert account.asked["POST"] == 2


def test_too_many_failures_stop_the_run(shell: Shell, account: Account) -> None:
    account.refuse = lambda _: (400, "InvalidParameter")
    manifest(shell, rows(*({"prompt": f"n{number}"} for number in range(40))))
    ran = shell("batch run shots.jsonl --fail-fast")
    assert ran.code == 12
    assert account.asked["POST"] < 20
    assert "not sent" in ran.stderr


def test_without_permission_nothing_else_is_tried(shell: Shell, account: Account) -> None:
    account.refuse = lambda _: (403, "AccessDenied")
    manifest(shell, rows(*({"prompt": f"n{number}"} for number in range(40))))
    ran = shell("batch run shots.jsonl")
    assert ran.code == 3
    assert account.asked["POST"] < 20


def test_one_model_that_is_not_activated_does_not_stop_another(
    shell: Shell, account: Account
) -> None:
    account.refuse = lambda prompt: (404, "ModelNotOpen") if prompt.startswith("n") else None
    manifest(
        shell,
        rows(
            {"prompt": "n1", "model": "seedance-1.0-pro"},
            {"prompt": "n2", "model": "seedance-1.0-pro"},
            {"prompt": "a"},
            {"prompt": "b"},
        ),
    )
    ran = shell("batch run shots.jsonl")
    assert (ran.code, len(ran.lines)) == (12, 2)


def test_too_fast_is_slowed_down_and_nothing_is_lost(shell: Shell, account: Account) -> None:
    account.per_minute, account.retry_after = 4, "1"
    times = iter(range(1000))
    account.on_create = lambda: account.recent.clear() if next(times) % 5 == 4 else None
    manifest(shell, rows(*({"prompt": f"n{number}"} for number in range(12))))
    ran = shell("batch run shots.jsonl")
    assert (ran.code, len(ran.lines)) == (0, 12)
    assert set(account.prompts.values()) == {1}
    assert account.refused > 0


def test_looks_are_shared(shell: Shell, account: Account) -> None:
    account.seconds = 1.0
    manifest(shell, rows(*({"prompt": f"n{number}"} for number in range(12))))
    assert shell("batch run shots.jsonl").code == 0
    assert account.asked["GET"] == 0
    assert max(account.listed) > 5


def test_pictures_and_clips_go_together(sandbox: Shell) -> None:
    manifest(
        sandbox,
        rows(
            {"prompt": "a fox", "name": "clip"},
            {"prompt": "cups", "kind": "image", "count": 2, "name": "cups"},
        ),
    )
    ran = sandbox("batch run shots.jsonl -o '{row.name}-{index}.{ext}'")
    assert (ran.code, sorted(ran.lines)) == (0, ["clip-1.mp4", "cups-1.jpg", "cups-2.jpg"])
    assert len(sandbox("batch run shots.jsonl -o other/").lines) == 3
    status = sandbox("batch status shots.jsonl --json").json
    assert (status["rows"], status["stages"]["saved"], status["running"]) == (2, 2, False)


def test_an_input_that_changes_meanwhile_is_not_sent(shell: Shell, account: Account) -> None:
    (shell.home / "a.png").write_bytes(clips.picture())
    (shell.home / "words.txt").write_text("it moves")
    manifest(
        shell,
        rows({"prompt": "first"}, {"prompt": "b", "image": "a.png"}, {"prompt": "@words.txt"}),
    )

    def change() -> None:
        (shell.home / "a.png").write_bytes(clips.picture(400, 320))
        (shell.home / "words.txt").write_text("it stops")

    account.on_create = change
    ran = shell("batch run shots.jsonl -j 1")
    assert (ran.code, len(ran.lines)) == (12, 1)
    assert ran.stderr.count("an input has changed since the manifest was checked") == 2
    assert account.asked["POST"] == 1


def test_a_full_disk_stops_what_would_be_paid_next(
    shell: Shell, account: Account, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "size=64k") as disk:
        fill(disk)
        manifest(shell, rows(*({"prompt": f"n{number}"} for number in range(30))))
        ran = shell(f"batch run shots.jsonl -j 2 -o {disk}/")
        assert ran.code == 12
        assert len(account.jobs) < 10
        assert f"{len(account.jobs)} made, and not saved" in ran.stderr
        (disk / "filler").unlink()
        again = shell("batch run shots.jsonl -o here/")
    assert (again.code, set(account.prompts.values())) == (0, {1})


def test_rows_may_share_a_file_that_is_uploaded(sandbox: Shell) -> None:
    (sandbox.home / "portrait.jpg").write_bytes(clips.picture(600, 800))
    for number in range(3):
        (sandbox.home / f"{number}.wav").write_bytes(clips.wav(2 + number))
    manifest(
        sandbox,
        rows(
            *(
                {"kind": "avatar", "image": "portrait.jpg", "audio": f"{number}.wav"}
                for number in range(3)
            )
        ),
    )
    ran = sandbox("batch run shots.jsonl -o '{index}.mp4' --yes")
    assert (ran.code, sorted(ran.lines)) == (0, ["1.mp4", "2.mp4", "3.mp4"])


def test_a_set_that_lacks_pictures_is_not_taken_for_whole(sandbox: Shell) -> None:
    row = {"kind": "image", "prompt": "cats [[break:1]]", "count": 3, "size": "1K"}
    manifest(sandbox, rows(row))
    first = sandbox("batch run shots.jsonl")
    assert first.code == 12
    again = sandbox("batch run shots.jsonl")
    assert (again.code, "--retry-failed" in again.stderr) == (12, True)


# Results.


def test_results_hold_a_line_a_row_and_outlive_a_cut(shell: Shell, account: Account) -> None:
    manifest(shell, rows({"prompt": "a"}, {"prompt": "b"}))
    first = shell("batch run shots.jsonl --json")
    (folder,) = (shell.home.parent / "state/batch").iterdir()
    path = folder / "results.jsonl"
    assert sorted(path.read_text().splitlines()) == sorted(first.lines)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text(lines[0] + lines[1][:40])
    assert shell("batch run shots.jsonl").code == 0
    assert [json.loads(line)["status"] for line in path.read_text().splitlines()] == [
        "saved",
        "saved",
    ]


def test_what_other_machines_saved_is_left_out(shell: Shell, account: Account) -> None:
    manifest(shell, rows({"prompt": "a"}, {"prompt": "b"}))
    ran = shell("batch run shots.jsonl --json")
    (shell.home / "theirs.jsonl").write_text(ran.lines[0] + "\n")
    elsewhere = {"BYTEPLUS_STATE_DIR": str(shell.home.parent / "other")}
    ran = shell("batch run shots.jsonl --done theirs.jsonl", env=elsewhere)
    assert (ran.code, len(ran.lines)) == (0, 1)
    assert sum(account.prompts.values()) == 3


def test_results_of_machines_become_one(shell: Shell, account: Account) -> None:
    manifest(shell, rows(*({"prompt": f"n{number}"} for number in range(6))))
    for index in (1, 2, 3):
        env = {"BYTEPLUS_STATE_DIR": str(shell.home.parent / f"state{index}")}
        ran = shell(f"batch run shots.jsonl --shard {index}/3 --json", env=env)
        (shell.home / f"{index}.jsonl").write_text(ran.stdout)
    merged = results(shell("batch merge 3.jsonl 1.jsonl 2.jsonl 1.jsonl"))
    assert [each["row"] for each in merged] == [1, 2, 3, 4, 5, 6]
    assert set(account.prompts.values()) == {1}


def test_a_file_that_holds_no_results_is_refused(shell: Shell) -> None:
    manifest(shell, FOX)
    ran = shell("batch merge shots.jsonl")
    assert (ran.code, "shots.jsonl, line 1: not a result" in ran.stderr) == (2, True)


# Shards.


@pytest.mark.parametrize(
    ("env", "shard"),
    [
        ({"JOB_COMPLETION_INDEX": "1", "BYTEPLUS_SHARD_TOTAL": "2"}, "2of2"),
        (
            {
                "SLURM_ARRAY_TASK_ID": "14",
                "SLURM_ARRAY_TASK_MIN": "10",
                "SLURM_ARRAY_TASK_STEP": "2",
                "SLURM_ARRAY_TASK_COUNT": "4",
            },
            "3of4",
        ),
        ({"CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "5"}, "2of5"),
        ({"BUILDKITE_PARALLEL_JOB": "0", "BUILDKITE_PARALLEL_JOB_COUNT": "3"}, "1of3"),
        ({"BYTEPLUS_SHARD_INDEX": "7", "BYTEPLUS_SHARD_TOTAL": "8"}, "8of8"),
    ],
)
def test_the_environment_names_the_shard(shell: Shell, env: dict[str, str], shard: str) -> None:
    manifest(shell, FOX)
    ran = shell("batch run shots.jsonl -n --shard auto", env=env)
    assert ran.code == 0
    assert f"-{shard}: 1 row" in ran.stderr


@pytest.mark.parametrize(
    ("shard", "env", "words"),
    [
        ("3", {}, "--shard 3 is not a part such as 2/8"),
        ("0/2", {}, "there is no part 0 of 2"),
        ("3/2", {}, "there is no part 3 of 2"),
        ("auto", {}, "finds no job number"),
        ("auto", {"JOB_COMPLETION_INDEX": "1"}, "BYTEPLUS_SHARD_TOTAL is not"),
        ("auto", {"CI_NODE_INDEX": "x", "CI_NODE_TOTAL": "2"}, "CI_NODE_INDEX=x is not a number"),
    ],
)
def test_a_shard_that_cannot_be_is_refused(
    shell: Shell, shard: str, env: dict[str, str], words: str
) -> None:
    manifest(shell, FOX)
    ran = shell(f"batch run shots.jsonl -n --shard {shard}", env=env)
    assert (ran.code, words in ran.stderr) == (2, True)


# Looking back, and GitHub.


def test_status_tells_of_every_run(shell: Shell) -> None:
    assert "no batch was run" in shell("batch status").stderr
    manifest(shell, FOX)
    shell("batch run shots.jsonl")
    listed = shell("batch status")
    assert "1/1" in listed.stdout
    run = shell("batch status --json").json["items"][0]["id"]
    assert shell(f"batch status {run}").lines[0].split() == ["run", run]
    ran = shell("batch status other.jsonl")
    assert (ran.code, f"the latest is {run}" in ran.stderr) == (8, True)


def test_github_gets_a_summary_annotations_and_outputs(
    shell: Shell, account: Account, tmp_path: Path
) -> None:
    account.refuse = lambda prompt: (400, "InvalidParameter") if prompt == "b" else None
    manifest(shell, rows({"prompt": "a"}, {"prompt": "b", "name": "of b"}))
    summary, output = tmp_path / "summary", tmp_path / "output"
    env = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": str(summary),
        "GITHUB_OUTPUT": str(output),
    }
    ran = shell("batch run shots.jsonl", env=env)
    assert "::error file=shots.jsonl,line=2::of b: " in ran.stderr
    assert "| saved | 1 |" in summary.read_text()
    assert "saved=1\nfailed=1\n" in output.read_text()


# What a second run must not do.


def test_the_hint_is_the_whole_command(shell: Shell, account: Account) -> None:
    account.refuse = lambda _: (400, "InvalidParameter")
    manifest(shell, rows({"prompt": "a"}), "my shots.jsonl")
    ran = shell("batch run 'my shots.jsonl' -d 4 --no-watermark -j 2 -o 'x/{row.name}.{ext}' -y")
    line = (
        "byteplus batch run 'my shots.jsonl' --duration 4 --no-watermark --jobs 2 --yes"
        " --output 'x/{row.name}.{ext}'"
    )
    (hint,) = (text for text in ran.stderr.splitlines() if text.startswith("hint: "))
    assert sorted(shlex.split(hint)) == sorted(shlex.split(f"hint: {line} --retry-failed"))
    kept = shell("batch status --json").json["items"][0]["command"]
    assert sorted(shlex.split(kept)) == sorted(shlex.split(line))


def test_a_charge_counts_whatever_became_of_it(sandbox: Shell) -> None:
    row = {"kind": "image", "count": 3, "size": "1K"}
    manifest(sandbox, rows(*({**row, "prompt": f"{n} [[skip:2]]"} for n in range(6))))
    ran = sandbox("batch run shots.jsonl --max-cost 0.2 -j 1")
    assert ran.code == 13
    assert "$0.120" in ran.stderr


def test_pictures_that_were_made_are_saved_and_not_made_again(sandbox: Shell) -> None:
    (sandbox.home / "taken").write_text("")
    manifest(sandbox, rows({"kind": "image", "prompt": "p", "output": "taken/x.jpg"}))
    # In a process of its own, whose port is free again at once: the links lead there.
    _, said = started(sandbox, "batch run shots.jsonl").communicate(timeout=60)
    assert "1 made, and not saved" in said
    (sandbox.home / "taken").unlink()
    again = sandbox("batch run shots.jsonl --retry-failed")
    assert (again.code, again.stdout) == (0, "taken/x.jpg\n"), again.stderr
    assert len(sandbox("history list --json").json["items"]) == 1


def test_what_may_be_paid_for_again_is_asked_about(sandbox: Shell) -> None:
    manifest(sandbox, rows({"kind": "image", "prompt": "p [[lose]]", "count": 4}))
    assert sandbox("batch run shots.jsonl").code == 12
    sandbox("config set confirm_above 0.01 -p sandbox")
    env = {"BYTEPLUS_PROFILE": "sandbox"}
    ran = sandbox("batch run shots.jsonl --retry-failed", env=env)
    assert (ran.code, "1 to make" in ran.stderr) in ((2, True), (12, True))


def test_a_file_that_is_gone_is_saved_again(shell: Shell, account: Account) -> None:
    manifest(shell, rows({"prompt": "a"}))
    path = shell.home / shell("batch run shots.jsonl").stdout.strip()
    path.unlink()
    ran = shell("batch run shots.jsonl")
    assert (ran.code, path.exists(), account.asked["POST"]) == (0, True, 1)


def test_what_was_made_on_another_day_and_is_gone_can_be_made_anew(
    shell: Shell, account: Account
) -> None:
    manifest(shell, rows({"prompt": "a"}))
    path = shell.home / shell("batch run shots.jsonl").stdout.strip()
    path.unlink()
    for job in account.jobs.values():
        job.submitted -= 2 * 86_400
        job.started = job.submitted
    account.links_die = True
    with sqlite3.connect(shell.home.parent / "state/ledger.db") as ledger:
        ledger.execute("UPDATE tasks SET finished_at = finished_at - 172800")
    ran = shell("batch run shots.jsonl")
    assert (ran.code, account.asked["POST"]) == (12, 1)
    assert "--retry-failed" in ran.stderr
    account.links_die = False
    assert shell("batch run shots.jsonl --retry-failed").code == 0
    assert account.asked["POST"] == 2


def test_failures_of_before_are_not_counted_as_saved(shell: Shell, account: Account) -> None:
    account.fail = lambda prompt: "InternalServiceError" if prompt == "b" else None
    manifest(shell, rows({"prompt": "a"}, {"prompt": "b"}))
    shell("batch run shots.jsonl")
    ran = shell("batch run shots.jsonl")
    assert "1 of 2 saved, 1 of them before, 1 failed" in ran.stderr


def test_each_try_of_a_row_has_a_line_and_its_last_error_harms_no_merge(
    shell: Shell, account: Account
) -> None:
    account.fail = lambda _: "InternalServiceError"
    manifest(shell, rows({"prompt": "a"}))
    first = shell("batch run shots.jsonl --json")
    shell("batch run shots.jsonl --retry-failed")
    (folder,) = (shell.home.parent / "state/batch").iterdir()
    tasks = [json.loads(line)["task"]["id"] for line in (folder / "results.jsonl").open()]
    assert tasks == list(account.jobs)
    (shell.home / "results.jsonl").write_text(first.stdout)
    assert len(shell("batch merge results.jsonl").lines) == 1


@pytest.mark.parametrize(
    "line",
    ['{"schema":"byteplus.batch/1"}', '{"schema":"byteplus.batch/1","key":1,"row":"x"}', "[]"],
)
def test_a_result_that_lacks_something_is_refused(shell: Shell, line: str) -> None:
    manifest(shell, FOX)
    (shell.home / "r.jsonl").write_text(line)
    for command in ("batch merge r.jsonl", "batch run shots.jsonl --done r.jsonl"):
        ran = shell(command)
        assert (ran.code, "r.jsonl, line 1: not a result" in ran.stderr) == (2, True)


def test_a_link_that_is_none_hides_no_other_fault(shell: Shell) -> None:
    manifest(shell, rows({"prompt": "a", "image": "http://[::1"}, {"prompt": 1, "x": 1}))
    ran = shell("batch run shots.jsonl -n")
    assert (ran.code, "line 2: no option x" in ran.stderr) == (2, True)


def test_one_frame_cannot_have_two_names(shell: Shell) -> None:
    (shell.home / "a.png").write_bytes(clips.picture())
    manifest(shell, rows({"prompt": "a", "image": "a.png", "first_frame": "a.png"}))
    assert "first_frame is image, which is given too" in shell("batch run shots.jsonl -n").stderr


def test_a_run_that_is_damaged_hides_no_other(shell: Shell) -> None:
    for name in ("one", "two"):
        manifest(shell, rows({"prompt": name}), f"{name}.jsonl")
        shell(f"batch run {name}.jsonl")
    (folder,) = (shell.home.parent / "state/batch").glob("one-*")
    (folder / "run.json").write_text("{")
    ran = shell("batch status")
    assert (ran.code, "two-" in ran.stdout, "run.json cannot be read" in ran.stderr) == (
        0,
        True,
        True,
    )


def test_a_list_in_trouble_keeps_nothing_from_being_saved(shell: Shell, account: Account) -> None:
    account.list_status = 500
    manifest(shell, rows({"prompt": "a"}, {"prompt": "b"}))
    ran = shell("batch run shots.jsonl")
    assert (ran.code, len(ran.lines)) == (0, 2)


@pytest.mark.parametrize("damage", ["{", "3"])
def test_a_run_that_is_damaged_keeps_no_other_from_being_found(shell: Shell, damage: str) -> None:
    for name in ("one", "two"):
        manifest(shell, rows({"prompt": name}), f"{name}.jsonl")
        shell(f"batch run {name}.jsonl")
    folders = shell.home.parent / "state/batch"
    (one,), (two,) = folders.glob("one-*"), folders.glob("two-*")
    (two / "run.json").write_text(damage)  # the latest, which is looked at first
    for name in ("one.jsonl", one.name):
        ran = shell(f"batch status {name} --json")
        assert (ran.code, ran.json["id"]) == (0, one.name), ran.stderr
    assert "run.json cannot be read" in shell(f"batch status {two.name}").stderr
