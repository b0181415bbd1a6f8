"""No secret anywhere: not in what is said, not in a file, not on another host's wire."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import subprocess
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import clips
from byteplus_cli.cli import run
from byteplus_cli.session import Surroundings
from conftest import Ran, Shell
from fault_server import FaultServer
from fault_server import Reply as Page
from service import TASKS, Reply, ScriptedService, error, task

ID = "cgt-20261121101530-ab12c"
ACCEPTED = Reply(body={"id": ID})
SIGNATURE = "X-Tos-Signature=0badc0ffee0badc0ffee"

keys = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=16, max_size=60)
some = settings(
    max_examples=24,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def finished(service: ScriptedService) -> Reply:
    link = service.file("clip.mp4", clips.clip())
    return task(ID, "succeeded", content={"video_url": f"{link}?{SIGNATURE}"})


def assert_nowhere(secret: str, done: list[Ran], folder: Path) -> None:
    """The secret is in no output and, but for config.toml, in no file."""
    for spelling in (secret, json.dumps(secret)[1:-1]):
        for ran in done:
            assert spelling not in ran.stdout + ran.stderr
        for path in folder.rglob("*"):
            if path.is_file() and path.name != "config.toml":
                assert spelling.encode() not in path.read_bytes(), path


@some
@given(keys.map(str.strip))
def test_a_key_is_shown_by_no_command_and_written_to_no_other_file(
    scripted: Shell, service: ScriptedService, tmp_path: Path, key: str
) -> None:
    assume(len(key) >= 16)
    env = {"ARK_API_KEY": key}
    service.on("POST", error(401, "AuthenticationError", f"no such key: {key}"))
    service.on("GET", Reply(body={"total": 0, "items": []}), task(ID))
    done = [
        scripted("config set api_key -p work", stdin=key + "\n"),
        *(scripted(line) for line in ("config list -p work", "config get api_key -p work --json")),
        scripted("video create fox -v --json", env=env),
        scripted("video create fox -v --dry-run --as curl", env=env),
        scripted("video list -v", env=env),
        scripted(f"video get {ID} -v", env=env),
    ]
    assert [ran.code for ran in done] == [0, 0, 0, 3, 0, 0, 0]
    assert_nowhere(key, done, tmp_path)
    assert service.asked_by("POST")[-1].headers["authorization"] == f"Bearer {key}"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(502, b"<html>you sent key-for-tests-1234</html>"),
        Reply(200, b"<html>you sent key-for-tests-1234</html>"),
        Reply(400, {"error": "Bearer key-for-tests-1234"}),
        task(ID, "failed", error={"code": "Odd", "message": "sent with key-for-tests-1234"}),
    ],
)
def test_a_server_that_repeats_the_key_is_not_repeated(
    scripted: Shell, service: ScriptedService, tmp_path: Path, reply: Reply
) -> None:
    service.on("POST", reply if reply.status != 200 else ACCEPTED)
    service.on("GET", reply)
    done = [scripted("video create fox -v --json --no-wait"), scripted(f"video get {ID} -v")]
    assert done[1].code != 0
    assert_nowhere("key-for-tests-1234", done, tmp_path)


def test_a_bug_shows_no_key_in_its_traceback(scripted: Shell, service: ScriptedService) -> None:
    service.on("GET", task(ID))

    def broken() -> float:
        raise ZeroDivisionError

    around = Surroundings(
        scripted.env, io.StringIO(), io.StringIO(), io.StringIO(), lambda _: None, now=broken
    )
    with pytest.raises(ZeroDivisionError) as bug:
        run(["video", "get", ID, "-v"], around)
    assert "key-for-tests" not in "".join(traceback.format_exception(bug.value))


@pytest.mark.parametrize("served", [True, False])
def test_a_signed_link_is_never_shown_nor_kept(
    scripted: Shell, service: ScriptedService, tmp_path: Path, served: bool
) -> None:
    service.on("POST", ACCEPTED)
    service.on("GET", finished(service), error(403, "AccessDenied"))
    if served:
        service.on("GET", finished(service))
    else:
        service.files.clear()
    done = [
        scripted("video create fox -v"),
        scripted("video get @last -v --json"),
        scripted("video list -v --json"),
    ]
    assert (done[0].code == 0) is served
    assert_nowhere(SIGNATURE, done, tmp_path)


def test_the_file_server_gets_no_credential(scripted: Shell, service: ScriptedService) -> None:
    service.on("POST", ACCEPTED)
    service.on("GET", finished(service))
    assert scripted("video create fox").code == 0
    (fetched,) = [asked for asked in service.asked if asked.path.startswith("/clip.mp4")]
    assert "authorization" not in fetched.headers
    assert "key-for-tests" not in str(fetched)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_an_answer_that_points_to_another_host_is_not_followed(
    scripted: Shell, service: ScriptedService, status: int
) -> None:
    elsewhere = ScriptedService()
    away = Reply(status, headers={"location": elsewhere.base_url})
    for method in ("POST", "GET"):
        service.on(method, away)
    done = [scripted(line) for line in ("video create fox", f"video get {ID} --wait", "video list")]
    elsewhere.stop()
    assert [ran.code for ran in done] == [7, 7, 7]
    assert "nothing was charged" in done[0].stderr
    assert elsewhere.asked == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1, with its key."""
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    line = (
        "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=x -addext subjectAltName=IP:127.0.0.1"
    )
    files = ["-keyout", str(path), "-out", f"{path}.crt"]
    try:
        subprocess.run([*line.split(), *files], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs openssl to make a certificate")
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


@pytest.fixture
def secure(certificate: Path, byteplus: Shell) -> Iterator[FaultServer]:
    """A service behind that certificate, which the command line talks to."""
    with FaultServer(certificate) as server:
        server.on(f"{TASKS}/{ID}", Page(body=task(ID).content))
        byteplus.env.update(ARK_BASE_URL=server.url("/api/v3"), ARK_API_KEY="key-for-tests-1234")
        yield server


def test_a_certificate_nobody_vouches_for_is_refused(secure: FaultServer, byteplus: Shell) -> None:
    for line in (f"video get {ID} --wait", "video create fox"):
        done = byteplus(line)
        assert done.code == 6
        assert "SSL_CERT_FILE" in done.stderr
    assert "nothing was charged" in done.stderr
    assert secure.asked == []


def test_a_certificate_the_user_names_is_trusted(
    secure: FaultServer, byteplus: Shell, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert byteplus(f"video get {ID}").code == 0
    assert len(secure.asked) == 1


def test_a_certificate_file_that_is_not_there_is_one_line(
    secure: FaultServer, byteplus: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/at/all.pem")
    done = byteplus(f"video get {ID}")
    assert done.code == 2
    assert "TLS settings cannot be used" in done.stderr
    assert secure.asked == []


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_dead_proxy_is_said(
    byteplus: Shell, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv(f"{scheme.upper()}_PROXY", "http://127.0.0.1:9")
    base_url = f"{scheme}://ark.example.com/api/v3"
    done = byteplus(f"video get {ID}", env={"ARK_BASE_URL": base_url, "ARK_API_KEY": "k" * 20})
    assert done.code == 6
    assert "proxy" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows does not know 127.1")
def test_a_host_that_needs_no_proxy_is_reached_without(
    byteplus: Shell, service: ScriptedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """127.1 is this machine, by a name that no rule of ours knows."""
    service.on("GET", task(ID))
    base_url = service.base_url.replace("127.0.0.1", "127.1")
    byteplus.env.update(ARK_BASE_URL=base_url, ARK_API_KEY="key-for-tests-1234")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert byteplus(f"video get {ID}").code == 6
    monkeypatch.setenv("NO_PROXY", "127.1")
    assert byteplus(f"video get {ID}").code == 0


@pytest.mark.skipif(importlib.util.find_spec("socksio") is not None, reason="SOCKS works here")
def test_a_proxy_of_a_kind_that_cannot_be_used_is_told_with_what_to_mend(
    byteplus: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    env = {"ARK_BASE_URL": "https://ark.example.com/api/v3", "ARK_API_KEY": "k" * 20}
    done = byteplus("video create fox", env=env)
    assert done.code == 2
    said, hint = done.stderr.splitlines()
    assert "proxy" in said
    assert "ALL_PROXY" in hint
