"""Downloads from a server that fails, each in its own way."""

from __future__ import annotations

import gzip
import hashlib
import itertools
import os
import random
import signal
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import clips
from byteplus_cli.errors import ByteplusError, Charge, InvalidRequest, NotSaved
from byteplus_cli.generation.clip import probe
from byteplus_cli.generation.download import (
    LinkExpired,
    Patience,
    Saved,
    Transfer,
    download,
)
from byteplus_cli.generation.retry import Pause, obeying, parse_retry_after
from byteplus_cli.generation.target import ensure_writable
from fault_server import FaultServer, Reply, but, content, redirect

BODY = bytes(range(256)) * 1200
ETAG = '"0123-4"'
MD5 = f'"{hashlib.md5(BODY).hexdigest()}"'
HONEST = content(BODY, etag=ETAG)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "out" / "fox.mp4"


def is_body(path: Path) -> str:
    if path.read_bytes() != BODY:
        raise ValueError("it is not the body")
    return "checked"


def steps(url: str, target: Path, **options: Any) -> Any:
    defaults = {"check": is_body, "patience": Patience(idle=0.3), "sleep": lambda seconds: None}
    return download(url, target, **{**defaults, **options})


def fetch(url: str, target: Path, **options: Any) -> tuple[Saved[Any], list[Transfer | Pause]]:
    """Download to the end; gives the file and every step on the way."""
    running, seen = steps(url, target, **options), []
    while True:
        try:
            seen.append(next(running))
        except StopIteration as end:
            return end.value, seen


def refused(url: str, target: Path, **options: Any) -> ByteplusError:
    with pytest.raises(ByteplusError) as caught:
        fetch(url, target, **options)
    return caught.value


def parts(target: Path) -> list[Path]:
    return sorted(target.parent.glob(".*.part"))


def pauses(seen: list[Transfer | Pause]) -> list[str]:
    return [step.reason for step in seen if isinstance(step, Pause)]


def assert_saved(saved: Saved[Any], target: Path) -> None:
    assert saved == Saved(target, len(BODY), hashlib.sha256(BODY).hexdigest(), "checked")
    assert target.read_bytes() == BODY
    assert list(target.parent.iterdir()) == [target]


def test_a_whole_file_is_saved_and_leaves_nothing_else(server: FaultServer, target: Path) -> None:
    saved, seen = fetch(server.on("/clip.mp4", HONEST), target)
    assert_saved(saved, target)
    assert seen[0] == Transfer(0, len(BODY))
    assert seen[-1] == Transfer(len(BODY), len(BODY))


def test_no_credential_is_sent(server: FaultServer, target: Path) -> None:
    fetch(server.on("/clip.mp4", HONEST), target)
    assert set(server.asked[0].headers) == {
        *("host", "connection", "user-agent", "accept-encoding")
    }
    assert server.asked[0].headers["accept-encoding"] == "identity"


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
def test_the_file_has_the_mode_of_any_new_file(server: FaultServer, target: Path) -> None:
    fetch(server.on("/clip.mp4", HONEST), target)
    beside = target.parent / "other"
    beside.touch()
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE(beside.stat().st_mode)


@pytest.mark.parametrize("how", [{}, {"reset": True}, {"stall": True}, {"chunked": True}])
def test_a_broken_body_is_resumed(how: dict[str, Any], server: FaultServer, target: Path) -> None:
    saved, seen = fetch(server.on("/clip.mp4", but(HONEST, cut=70_000, **how), HONEST), target)
    assert_saved(saved, target)
    assert len(pauses(seen)) == 1
    # What an RST overtakes is lost, so it may be less than was sent.
    start = int((server.ranges[1] or "bytes=0-")[6:-1])
    assert start == 70_000 or how == {"reset": True}
    if start:
        assert server.asked[1].headers["if-range"] == ETAG


def test_silence_before_the_answer_is_not_waited_out(server: FaultServer, target: Path) -> None:
    saved, seen = fetch(server.on("/clip.mp4", Reply(silent=True), HONEST), target)
    assert_saved(saved, target)
    assert pauses(seen) == ["127.0.0.1 did not answer in time"]


def test_tries_without_progress_come_to_an_end(server: FaultServer, target: Path) -> None:
    url = server.on("/clip.mp4", but(HONEST, cut=70_000), but(HONEST, cut=100))
    error = refused(url, target)
    assert isinstance(error, NotSaved)
    assert error.exit_code == 11
    assert error.charge == Charge.YES
    assert str(target) in error.message
    assert not target.exists()
    assert parts(target)[0].stat().st_size == 70_000 + 5 * 100
    assert len(server.asked) == 6


def test_progress_earns_new_tries(server: FaultServer, target: Path) -> None:
    saved, seen = fetch(server.on("/clip.mp4", but(HONEST, cut=66_000)), target)
    assert_saved(saved, target)
    assert len(pauses(seen)) == 4


def test_pauses_grow(server: FaultServer, target: Path) -> None:
    slept: list[float] = []
    url = server.on("/clip.mp4", Reply(503))
    refused(url, target, sleep=slept.append, spread=lambda: 1.0)
    assert slept == [1, 2, 4, 8, 16]


def test_the_server_may_ask_for_a_longer_pause(server: FaultServer, target: Path) -> None:
    slept: list[float] = []
    busy = Reply(429, headers={"Retry-After": "7"})
    fetch(server.on("/clip.mp4", busy, HONEST), target, sleep=slept.append, spread=lambda: 0.5)
    assert slept == [7.5]


def test_a_trickle_is_given_up(server: FaultServer, target: Path) -> None:
    ticks = itertools.count(0, 5)
    drip = but(HONEST, cut=300, pieces=10, stall=True)
    url = server.on("/clip.mp4", drip)
    error = refused(url, target, clock=lambda: next(ticks), patience=Patience(idle=5, tries=2))
    assert "too slow" in error.message


@pytest.mark.parametrize("cut", [30, 1000])
def test_an_early_end_without_a_length_is_no_clip(
    cut: int, server: FaultServer, target: Path
) -> None:
    clip = content(clips.clip(), etag=ETAG)
    error = refused(server.on("/clip.mp4", but(clip, length=None, cut=cut)), target, check=probe)
    assert isinstance(error, NotSaved)
    assert not target.exists()
    assert len(server.asked) == 2  # the same bytes came twice


def test_a_clip_without_a_length_is_saved(server: FaultServer, target: Path) -> None:
    clip = content(clips.clip())
    saved, _ = fetch(server.on("/clip.mp4", but(clip, length=None)), target, check=probe)
    assert saved.content.frames == 24


def test_a_length_shorter_than_the_clip_is_noticed(server: FaultServer, target: Path) -> None:
    clip = content(clips.clip())
    error = refused(server.on("/clip.mp4", but(clip, length=900)), target, check=probe)
    assert isinstance(error, NotSaved)
    assert not target.exists()


def test_a_server_without_ranges_is_read_from_the_start(server: FaultServer, target: Path) -> None:
    whole = Reply(body=BODY, headers={"ETag": ETAG})
    saved, seen = fetch(server.on("/clip.mp4", but(HONEST, cut=70_000), whole), target)
    assert_saved(saved, target)
    assert Transfer(0, len(BODY)) in seen[2:]


def test_content_that_changes_between_tries_is_not_spliced(
    server: FaultServer, target: Path
) -> None:
    old = content(b"x" * len(BODY), etag='"old"')
    saved, _ = fetch(server.on("/clip.mp4", but(old, cut=70_000), HONEST), target)
    assert_saved(saved, target)


def test_a_later_run_resumes_the_same_content(server: FaultServer, target: Path) -> None:
    url = server.on("/clip.mp4", but(HONEST, cut=70_000))
    refused(url, target, patience=Patience(tries=1))
    saved, _ = fetch(server.on("/clip.mp4", HONEST), target)
    assert_saved(saved, target)
    assert server.asked[-1].range == "bytes=70000-"
    assert server.asked[-1].headers["if-range"] == ETAG


def test_a_later_run_discards_other_content(server: FaultServer, target: Path) -> None:
    old = content(b"x" * len(BODY), etag='"old"')
    refused(server.on("/clip.mp4", but(old, cut=70_000)), target, patience=Patience(tries=1))
    saved, _ = fetch(server.on("/clip.mp4", HONEST), target)
    assert_saved(saved, target)


def test_a_range_of_other_content_is_discarded(server: FaultServer, target: Path) -> None:
    """A server that pays no heed to If-Range."""
    lying = Reply(206, b"y" * 10, {"ETag": '"new"', "Content-Range": "bytes 70000-70009/70010"})
    saved, _ = fetch(server.on("/clip.mp4", but(HONEST, cut=70_000), lying, HONEST), target)
    assert_saved(saved, target)


def test_content_is_told_apart_by_its_date_too(server: FaultServer, target: Path) -> None:
    dated = content(BODY, modified="Fri, 20 Nov 2026 10:15:30 GMT")
    saved, _ = fetch(server.on("/clip.mp4", but(dated, cut=70_000), dated), target)
    assert_saved(saved, target)
    assert server.ranges[1] == "bytes=70000-"


@pytest.mark.parametrize("headers", [{}, {"ETag": 'W/"1"'}, {"ETag": f'"{"e" * 90}"'}])
def test_content_without_a_usable_validator_starts_over(
    headers: dict[str, str], server: FaultServer, target: Path
) -> None:
    whole = Reply(body=BODY, headers=headers)
    saved, _ = fetch(server.on("/clip.mp4", but(lambda asked: whole, cut=70_000), whole), target)
    assert_saved(saved, target)
    assert server.ranges == [None, None]


@pytest.mark.parametrize(
    "place",
    [
        f"bytes 0-{len(BODY) - 1}/{len(BODY)}",
        f"bytes 70001-{len(BODY) - 1}/{len(BODY)}",
        "bytes 70000-70000/70000",
        f"bytes 70000-{len(BODY) - 1}/*",
        "pages 1-2/3",
    ],
)
def test_a_wrong_range_is_discarded(place: str, server: FaultServer, target: Path) -> None:
    wrong = Reply(206, BODY[70_000:], {"ETag": ETAG, "Content-Range": place})
    saved, _ = fetch(server.on("/clip.mp4", but(HONEST, cut=70_000), wrong, HONEST), target)
    assert_saved(saved, target)


def test_a_part_that_nobody_asked_for_is_no_file(server: FaultServer, target: Path) -> None:
    place = {"ETag": ETAG, "Content-Range": f"bytes 9-{len(BODY) - 1}/{len(BODY)}"}
    saved, _ = fetch(server.on("/clip.mp4", Reply(206, BODY[9:], place), HONEST), target)
    assert_saved(saved, target)


def test_a_whole_part_is_checked_and_placed(server: FaultServer, target: Path) -> None:
    """The body is all there, only its last chunk is missing: the server has no more to give."""
    unended = but(HONEST, chunked=True, cut=len(BODY))
    saved, _ = fetch(server.on("/clip.mp4", unended, HONEST), target)
    assert_saved(saved, target)
    assert server.ranges == [None, f"bytes={len(BODY)}-"]


def test_a_refused_range_starts_over(server: FaultServer, target: Path) -> None:
    refusal = Reply(416, headers={"Content-Range": "bytes */10"})
    saved, _ = fetch(server.on("/clip.mp4", but(HONEST, cut=70_000), refusal, HONEST), target)
    assert_saved(saved, target)
    assert server.ranges == [None, "bytes=70000-", None]


def test_a_flipped_bit_is_found_by_md5(server: FaultServer, target: Path) -> None:
    flipped = BODY[:-1] + bytes([BODY[-1] ^ 1])
    bad, good = content(flipped, etag=MD5), content(BODY, etag=MD5)
    saved, seen = fetch(server.on("/clip.mp4", bad, good), target, check=lambda path: "checked")
    assert_saved(saved, target)
    assert pauses(seen) == ["its MD5 is not the one that the server names"]
    target.unlink()
    error = refused(server.on("/clip.mp4", bad), target, check=lambda path: "checked")
    assert isinstance(error, NotSaved)
    assert not target.exists()


def test_md5_is_proven_over_a_resumed_file(server: FaultServer, target: Path) -> None:
    honest = content(BODY, etag=MD5)
    url = server.on("/clip.mp4", but(honest, cut=70_000))
    refused(url, target, patience=Patience(tries=1))
    saved, _ = fetch(server.on("/clip.mp4", honest), target)
    assert_saved(saved, target)
    assert server.asked[-1].range == "bytes=70000-"


def test_checksums_hold_over_a_body_of_many_rooms(server: FaultServer, target: Path) -> None:
    """Every room was filled several times, and some of it went to the disk ahead of the rest."""
    body = random.Random(7).randbytes(19_000_001)
    whole = content(body, etag=f'"{hashlib.md5(body).hexdigest()}"')
    url = server.on("/clip.mp4", but(whole, cut=9_000_003), whole)
    saved, seen = fetch(url, target, check=lambda path: None)
    assert saved.sha256 == hashlib.sha256(body).hexdigest()
    assert target.read_bytes() == body
    assert len(pauses(seen)) == 1
    assert server.ranges == [None, "bytes=9000003-"]


def test_what_was_paid_for_is_kept_even_if_the_check_refuses_it(
    server: FaultServer, target: Path
) -> None:
    error = refused(server.on("/clip.mp4", content(b"new format", etag=ETAG)), target)
    (kept,) = parts(target)
    assert kept.read_bytes() == b"new format"
    assert str(kept) in error.message
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(body=gzip.compress(BODY), headers={"Content-Encoding": "gzip"}), "packed"),
        (Reply(body=b"<html>", headers={"Content-Type": "text/html; charset=x"}), "text/html"),
        (Reply(body=b"{}", headers={"Content-Type": "application/json"}), "application/json"),
        (Reply(body=b"<Error/>", headers={"Content-Type": "application/xml"}), "application/xml"),
        (Reply(body=b"<html>", headers={"Content-Type": "video/mp4"}), "not the body"),
        (Reply(body=b"", headers={"ETag": ETAG}), "empty"),
        (Reply(503), "HTTP 503"),
        (Reply(400), "HTTP 400"),
        (Reply(headers={"Large": "x" * 300_000}), "cannot reach"),
    ],
)
def test_what_is_not_the_file_is_never_saved(
    reply: Reply, reason: str, server: FaultServer, target: Path
) -> None:
    error = refused(server.on("/clip.mp4", reply), target)
    assert isinstance(error, NotSaved)
    assert reason in error.message
    assert "\n" not in error.message
    assert not target.exists()


def test_a_failure_without_a_byte_leaves_nothing(server: FaultServer, target: Path) -> None:
    refused(server.on("/clip.mp4", but(HONEST, cut=0)), target)
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize("status", [403, 404, 410])
def test_an_expired_link_is_told_apart_and_a_fresh_one_resumes(
    status: int, server: FaultServer, target: Path
) -> None:
    url = server.on("/clip.mp4", but(HONEST, cut=70_000), Reply(status))
    error = refused(url, target)
    assert isinstance(error, LinkExpired)
    assert error.exit_code == 8
    saved, _ = fetch(server.on("/fresh.mp4", HONEST), target)
    assert_saved(saved, target)
    assert server.asked[-1].range == "bytes=70000-"


def test_a_redirect_is_followed(server: FaultServer, target: Path) -> None:
    server.on("/real.mp4", HONEST)
    saved, _ = fetch(server.on("/clip.mp4", redirect("/real.mp4")), target)
    assert_saved(saved, target)


def test_a_redirect_loop_is_refused(server: FaultServer, target: Path) -> None:
    error = refused(server.on("/clip.mp4", redirect("/clip.mp4")), target)
    assert "more than 5 times" in error.message
    assert len(server.asked) == 6


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://x/y", "data:,x", "http://[", "//u@h/"])
def test_a_redirect_to_no_web_address_is_refused(
    to: str, server: FaultServer, target: Path
) -> None:
    error = refused(server.on("/clip.mp4", redirect(to)), target)
    assert "not a plain web address" in error.message
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "https://192.168.1.1/",
        "http://100.64.0.1/",
        "http://[fe80::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://0.0.0.0/",
    ],
)
def test_a_private_address_is_refused(url: str, target: Path) -> None:
    error = refused(url, target)
    assert isinstance(error, NotSaved)
    assert "inside a private network" in error.message


def test_a_public_link_cannot_lead_inside(
    server: FaultServer, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server stands in for a proxy, which makes it the public host."""
    monkeypatch.setenv("http_proxy", server.url(""))
    monkeypatch.setenv("no_proxy", "")
    link = "http://files.example.com/clip.mp4"
    for inside in ("http://10.0.0.1/", "http://localhost/", server.url("/secret")):
        server.on(link, redirect(inside))
        assert "inside a private network" in refused(link, target).message
    assert {asked.path for asked in server.asked} == {link}


def test_a_proxy_from_the_environment_is_used(
    server: FaultServer, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url(""))
    monkeypatch.setenv("no_proxy", "")
    saved, _ = fetch(server.on("http://files.example.com/clip.mp4", HONEST), target)
    assert_saved(saved, target)


def test_loopback_never_goes_through_a_proxy(
    server: FaultServer, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")
    saved, _ = fetch(server.on("/clip.mp4", HONEST), target)
    assert_saved(saved, target)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    line = f"openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -addext {names}"
    try:
        subprocess.run(
            [*line.split(), "-keyout", path, "-out", f"{path}.crt"], check=True, capture_output=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs openssl to make a certificate")
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


def test_an_unknown_certificate_is_refused_with_the_way_out(
    certificate: Path, target: Path
) -> None:
    with FaultServer(certificate) as secure:
        error = refused(secure.on("/clip.mp4", HONEST), target)
    assert isinstance(error, NotSaved)
    assert "certificate" in error.message
    assert "SSL_CERT_FILE" in (error.hint or "")
    assert secure.asked == []


def test_a_certificate_the_user_trusts_is_taken_and_https_stays_https(
    certificate: Path, server: FaultServer, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with FaultServer(certificate) as secure:
        saved, _ = fetch(secure.on("/clip.mp4", HONEST), target)
        assert_saved(saved, target)
        plain = server.on("/clip.mp4", HONEST)
        error = refused(secure.on("/down.mp4", redirect(plain)), target)
    assert "from https to an unprotected" in error.message
    assert server.asked == []


def test_a_closed_port_is_said(server: FaultServer, target: Path) -> None:
    with FaultServer() as gone:
        url = gone.url()
    assert "cannot reach 127.0.0.1: Connection refused" in refused(url, target).message


def test_the_same_file_is_not_saved_twice(server: FaultServer, target: Path) -> None:
    url = server.on("/clip.mp4", HONEST)
    fetch(url, target)
    saved, _ = fetch(url, target)
    assert_saved(saved, target)


def test_another_file_of_that_name_is_never_replaced(server: FaultServer, target: Path) -> None:
    target.parent.mkdir()
    target.write_bytes(b"mine")
    target.with_name("fox-2.mp4").mkdir()
    url = server.on("/clip.mp4", HONEST)
    for _ in range(2):
        saved, _ = fetch(url, target)
        assert saved.path == target.with_name("fox-3.mp4")
    assert target.read_bytes() == b"mine"
    assert saved.path.read_bytes() == BODY
    assert len(list(target.parent.iterdir())) == 3


def test_overwrite_replaces(server: FaultServer, target: Path) -> None:
    target.parent.mkdir()
    target.write_bytes(b"mine")
    saved, _ = fetch(server.on("/clip.mp4", HONEST), target, overwrite=True)
    assert_saved(saved, target)


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("mine")])
@pytest.mark.parametrize("overwrite", [False, True])
def test_a_target_that_is_no_plain_file_is_refused(
    make: Callable[[Path], None], overwrite: bool, server: FaultServer, target: Path
) -> None:
    target.parent.mkdir()
    make(target)
    error = refused(server.on("/clip.mp4", HONEST), target, overwrite=overwrite)
    assert isinstance(error, NotSaved)
    assert "not a plain file" in error.message
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("swap", ["symlink", "fifo"])
def test_a_partial_file_that_was_swapped_is_refused(
    swap: str, server: FaultServer, target: Path
) -> None:
    refused(server.on("/clip.mp4", but(HONEST, cut=70_000)), target, patience=Patience(tries=1))
    (part,) = parts(target)
    mine = target.parent / "mine"
    part.rename(mine)
    if swap == "symlink":
        part.symlink_to(mine)
    else:
        os.mkfifo(part)
    error = refused(server.on("/clip.mp4", HONEST), target)
    assert isinstance(error, NotSaved)
    assert mine.stat().st_size == 70_000


def test_two_runs_of_one_file_do_not_meet(server: FaultServer, target: Path) -> None:
    url = server.on("/clip.mp4", HONEST)
    first = steps(url, target)
    assert next(first) == Transfer(0, len(BODY))

    def finish_the_first(seconds: float) -> None:
        for _ in first:
            pass

    saved, seen = fetch(url, target, sleep=finish_the_first)
    assert_saved(saved, target)
    assert pauses(seen) == ["another run is saving fox.mp4"]


def test_a_run_takes_over_from_one_that_gave_up(server: FaultServer, target: Path) -> None:
    url = server.on("/clip.mp4", but(HONEST, cut=70_000, stall=True), HONEST)
    first = steps(url, target, clock=itertools.count().__next__)
    while next(first) != Transfer(70_000, len(BODY)):
        pass
    saved, seen = fetch(url, target, sleep=lambda seconds: first.close())
    assert_saved(saved, target)
    assert len(pauses(seen)) == 1
    assert server.ranges == [None, None, "bytes=70000-"]


def test_a_killed_run_is_resumed(server: FaultServer, target: Path) -> None:
    url = server.on("/clip.mp4", but(HONEST, cut=70_000, stall=True))
    program = f"""
        import itertools
        from pathlib import Path
        from byteplus_cli.generation.download import download
        url, target, ticks = {url!r}, Path({str(target)!r}), itertools.count()
        for step in download(url, target, check=print, clock=ticks.__next__):
            print(step.done, flush=True)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout
        for line in run.stdout:
            if line.strip() == "70000":
                run.send_signal(signal.SIGKILL)
    saved, _ = fetch(server.on("/clip.mp4", HONEST), target)
    assert_saved(saved, target)
    assert server.asked[-1].range == "bytes=70000-"


def test_a_run_killed_while_placing_harms_nothing(server: FaultServer, target: Path) -> None:
    """The file has both names, and the server now has something else."""
    url = server.on("/clip.mp4", but(HONEST, cut=70_000))
    refused(url, target, patience=Patience(tries=1))
    (part,) = parts(target)
    target.hardlink_to(part)
    new = content(b"new", etag=ETAG)
    saved, _ = fetch(server.on("/clip.mp4", new), target, check=lambda path: None)
    assert saved.path.name == "fox-2.mp4"
    assert target.stat().st_size == 70_000
    assert parts(target) == []


@pytest.mark.skipif(os.name != "posix", reason="limits are of POSIX")
@pytest.mark.parametrize(
    ("limit", "words"), [("RLIMIT_FSIZE, 100_000", "too large"), ("RLIMIT_NOFILE, 3", "many open")]
)
def test_a_disk_that_takes_no_more_is_said_and_nothing_is_lost(
    limit: str, words: str, server: FaultServer, target: Path
) -> None:
    name, _, size = limit.partition(", ")
    program = f"""
        import resource, socket, ssl, http.client, urllib.request, encodings.idna, tempfile
        from pathlib import Path
        from byteplus_cli.errors import NotSaved
        from byteplus_cli.generation.download import download
        resource.setrlimit(resource.{name}, ({size}, {size}))
        url, target = {server.on("/clip.mp4", HONEST)!r}, Path({str(target)!r})
        try:
            for step in download(url, target, check=print, sleep=lambda seconds: None): pass
        except NotSaved as error:
            print(error)
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True
    )
    assert run.stderr == ""
    assert words in run.stdout
    assert not target.exists()
    saved, _ = fetch(server.on("/clip.mp4", HONEST), target)
    assert_saved(saved, target)


def test_a_folder_that_cannot_be_made_is_said(server: FaultServer, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    error = refused(server.on("/clip.mp4", HONEST), tmp_path / "file" / "fox.mp4")
    assert isinstance(error, NotSaved)
    assert str(tmp_path / "file") in error.message


def test_a_long_name_is_saved(server: FaultServer, tmp_path: Path) -> None:
    target = tmp_path / "out" / ("名" * 80 + ".mp4")
    url = server.on("/clip.mp4", but(HONEST, cut=70_000), HONEST)
    assert_saved(fetch(url, target)[0], target)


def test_ensure_writable_makes_the_folder_and_leaves_it_empty(tmp_path: Path) -> None:
    ensure_writable(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_ensure_writable_names_the_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InvalidRequest, match="file"):
        ensure_writable(tmp_path / "file")


def test_any_cut_ends_in_the_whole_file(server: FaultServer, target: Path) -> None:
    for cut in range(0, len(BODY), 30_011):
        ending = {"reset": True} if cut % 2 else {}
        url = server.on("/clip.mp4", but(HONEST, cut=cut, **ending), HONEST)
        assert_saved(fetch(url, target)[0], target)
        target.unlink()


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7),
        (" 0 ", 0),
        ("999999999999", 120),
        ("Fri, 20 Nov 2026 10:15:40 GMT", 10),
        ("Fri, 20 Nov 2026 10:00:00 GMT", 0),
        ("Fri, 20 Nov 2099 10:00:00 GMT", 120),
        ("-5", None),
        ("1e9", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_and_never_absurd(value: str | None, seconds: float | None) -> None:
    now = datetime(2026, 11, 20, 10, 15, 30, tzinfo=UTC).timestamp()
    assert parse_retry_after(value, now) == seconds


def test_runs_that_were_sent_away_together_come_back_apart() -> None:
    assert obeying(7, 0.25) == 7.25
    assert obeying(None, 0.25) == 0.25
    assert obeying(1, 20.0) == 20.0
