"""What `byteplus doctor` tells of the way to the service, with real hosts that are not as hoped."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from test_doctor import KEY, items, states

from byteplus_cli.api.aside import aside
from conftest import Shell
from hosts import certificate, host, proxy

UNKNOWN = "https://ark.byteplus.invalid/api/v3"


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy and no certificates but those of the test."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)


@pytest.fixture
def keyed(byteplus: Shell) -> Shell:
    byteplus.env["ARK_API_KEY"] = KEY
    return byteplus


def at(url: str) -> dict[str, str]:
    return {"ARK_BASE_URL": url}


def test_a_host_that_nobody_knows_is_told_by_name(keyed: Shell) -> None:
    done = keyed("doctor --json", env=at(UNKNOWN))
    assert done.code == 6
    assert items(done)["host"]["found"] == "cannot find the host ark.byteplus.invalid"
    assert items(done)["host"]["fix"].endswith("ARK_BASE_URL")
    assert states(done)["account"] == "skipped"
    assert items(done)["key"]["found"] == "****1234 from ARK_API_KEY"


def test_what_is_no_address_is_told(keyed: Shell) -> None:
    done = keyed("doctor --json", env=at("ftp://somebody:pass-word@127.0.0.1/api/v3"))
    assert done.code == 2
    assert items(done)["host"]["found"] == "ftp://****@127.0.0.1/api/v3 is not a web address"
    assert "pass-word" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("where", "fix"),
    [("environment", "ARK_BASE_URL"), ("profile", "byteplus config unset base_url")],
)
def test_a_closed_port_is_told_with_the_line_that_undoes_the_address(
    keyed: Shell, where: str, fix: str
) -> None:
    url = "http://127.0.0.1:9/api/v3"
    if where == "profile":
        keyed(f"config set base_url {url}")
    done = keyed("doctor --json", env=at(url) if where == "environment" else {})
    assert done.code == 6
    assert items(done)["connection"]["found"] == "127.0.0.1:9 refuses connections"
    assert items(done)["connection"]["fix"].endswith(fix)


@pytest.mark.parametrize(
    ("skew", "told"),
    [(timedelta(seconds=330), "5m behind"), (timedelta(hours=-3.5), "3h ahead of")],
)
def test_a_clock_that_is_wrong_is_told(keyed: Shell, skew: timedelta, told: str) -> None:
    with host(skew=skew) as there:
        done = keyed("doctor --json", env=at(f"http://127.0.0.1:{there.port}/api/v3"))
    found = items(done)["clock"]
    assert found["state"] == "warning"
    assert found["found"].startswith(f"{told} 127.0.0.1:{there.port}")
    assert found["fix"]
    assert states(done)["connection"] == "ok"
    assert KEY not in there.asked[0], "the clock is asked for without the key"


def test_a_clock_that_differs_by_seconds_is_fine(keyed: Shell) -> None:
    with host(skew=timedelta(seconds=20)) as there:
        done = keyed("doctor --json", env=at(f"http://127.0.0.1:{there.port}/api/v3"))
    assert states(done)["clock"] == "ok"


def test_a_certificate_that_is_trusted_is_told_with_its_end(
    keyed: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    with host(own) as there:
        done = keyed("doctor --json", env=at(f"https://127.0.0.1:{there.port}/api/v3"))
    found = items(done)["connection"]["found"]
    assert "certificate from Somebody's Network, good for 30d, trusted by" in found
    assert states(done)["clock"] == "ok"


def test_a_certificate_that_nobody_vouches_for_is_told_with_its_maker(
    keyed: Shell, tmp_path: Path
) -> None:
    with host(certificate(tmp_path)) as there:
        done = keyed("doctor --json", env=at(f"https://127.0.0.1:{there.port}/api/v3"))
    assert done.code == 6
    found = items(done)["connection"]
    assert "is not trusted: self" in found["found"]
    assert found["found"].endswith("it is from Somebody's Network")
    assert "SSL_CERT_FILE" in found["fix"]
    assert there.asked == [], "nothing is sent to it"


def test_a_certificate_that_expired_is_told(
    keyed: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = certificate(tmp_path, days=-3)
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    with host(own) as there:
        done = keyed("doctor --json", env=at(f"https://127.0.0.1:{there.port}/api/v3"))
    found = items(done)["connection"]
    assert done.code == 6
    assert "certificate has expired; it is from Somebody's Network" in found["found"]
    assert found["fix"] == "date -u"
    assert there.asked == []


def test_a_certificate_file_that_is_not_there_is_told(
    keyed: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "nowhere.pem")
    done = keyed("doctor --json", env=at("https://127.0.0.1:9/api/v3"))
    assert done.code == 2
    assert "nowhere.pem" in items(done)["connection"]["found"]
    assert items(done)["connection"]["fix"].endswith("SSL_CERT_FILE")


def test_a_proxy_is_gone_through_and_its_login_shown_nowhere(
    keyed: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = certificate(tmp_path, "DNS:ark.byteplus.invalid")
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    with host(own) as there, proxy(there.port) as between:
        monkeypatch.setenv("HTTPS_PROXY", f"http://somebody:pass-word@127.0.0.1:{between.port}")
        done = keyed("doctor --json", env=at(UNKNOWN))
    found = items(done)
    way = f"http://****@127.0.0.1:{between.port}"
    assert found["proxy"]["found"] == f"{way} for ark.byteplus.invalid"
    assert found["host"]["state"] == found["connection"]["state"] == found["clock"]["state"] == "ok"
    assert found["connection"]["found"].startswith("ark.byteplus.invalid, certificate from Some")
    assert "CONNECT ark.byteplus.invalid:443" in between.asked[0]
    assert "Basic c29tZWJvZHk6cGFzcy13b3Jk" in between.asked[0]
    assert KEY not in "".join(between.asked)
    assert "pass-word" not in done.stdout + done.stderr


def test_a_proxy_that_refuses_is_told(keyed: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    with proxy(9, refuses=True) as between:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{between.port}")
        done = keyed("doctor --json", env=at(UNKNOWN))
    assert done.code == 6
    assert "407" in items(done)["connection"]["found"]


def test_a_proxy_of_another_kind_is_told_and_not_looked_through(
    keyed: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://somebody:pass-word@127.0.0.1:9")
    done = keyed("doctor --json", env=at(UNKNOWN))
    assert items(done)["proxy"]["state"] == "warning"
    assert states(done)["clock"] == "skipped"
    assert "pass-word" not in done.stdout + done.stderr


def test_a_host_that_never_answers_is_given_up() -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        aside(threading.Event().wait, 0.1)
    assert time.monotonic() - began < 5
