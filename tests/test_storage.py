"""The user's storage, against two makes of S3: what is put, linked and removed, and what fails."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import obstore
import pytest
from obstore.store import S3Store

import clips
from bucket import bucket
from byteplus_cli.api.storage import Storage
from byteplus_cli.errors import (
    AccessDenied,
    ByteplusError,
    InvalidConfig,
    InvalidRequest,
    Missing,
    ServerFault,
    Throttled,
    Unreachable,
)
from byteplus_cli.sandbox.server import start
from fault_server import FaultServer
from s3 import REGION, Moto, moto
from service import Reply, ScriptedService

SECRET = "secret-of-the-storage-0123456789"
ACCESS = "AKACCESSOFTHESTORAGE"
TOS = "https://tos-s3-ap-southeast-1.bytepluses.com"


@pytest.fixture(scope="module")
def server() -> Iterator[Moto]:
    with moto() as started:
        started.reset("clips")
        yield started


@pytest.fixture(params=["moto", "sandbox"])
def there(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Storage, S3Store]]:
    """A storage, and the same seen by a client of its own."""
    if request.param == "moto":
        found: Moto = request.getfixturevalue("server")
        client = S3Store(
            "clips",
            endpoint=found.endpoint,
            region=REGION,
            access_key_id=ACCESS,
            secret_access_key=SECRET,
            client_options={"allow_http": True},
        )
        yield opened("s3://clips/in/puts", found.endpoint), client
        return
    sandbox = start(tmp_path / "state")
    keys = {"access_key": sandbox.storage_access_key, "secret_key": sandbox.storage_secret_key}
    yield (
        opened("s3://sandbox/in/puts", sandbox.storage_endpoint, sandbox.storage_region, **keys),
        bucket(sandbox, url="s3://sandbox"),
    )
    sandbox.stop()


@pytest.fixture
def storage(there: tuple[Storage, S3Store]) -> Storage:
    return there[0]


@pytest.fixture
def faulty() -> Iterator[ScriptedService]:
    """A storage that has nothing, and takes nothing."""
    scripted = ScriptedService()
    scripted.on("GET", refusal(404, "NoSuchKey"))
    yield scripted
    scripted.stop()


def opened(
    url: str = "s3://clips/in",
    endpoint: str | None = None,
    region: str | None = REGION,
    access_key: str | None = ACCESS,
    secret_key: str | None = SECRET,
) -> Storage:
    return Storage.open(
        url,
        endpoint=endpoint,
        region=region,
        access_key=access_key,
        secret_key=secret_key,
        sleep=lambda _: None,
    )


def refusal(status: int, code: str, message: str = "no", more: str = "") -> Reply:
    body = f"<Error><Code>{code}</Code><Message>{message}</Message>{more}</Error>"
    return Reply(status, body.encode(), {"content-type": "application/xml"})


def written(folder: Path, content: bytes, name: str = "clip.mp4") -> tuple[Path, str]:
    path = folder / name
    path.write_bytes(content)
    return path, hashlib.sha256(content).hexdigest()


def refused(storage: Storage, path: Path, sha256: str) -> ByteplusError:
    with pytest.raises(ByteplusError) as told:
        storage.put(path, sha256)
    shown = f"{told.value.message} {told.value.hint} {told.value.details}"
    assert SECRET not in shown
    assert "Debug" not in shown
    return told.value


def fetched(url: str) -> tuple[int, str, bytes]:
    import http.client

    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    connection.request("GET", f"{parts.path}?{parts.query}")
    reply = connection.getresponse()
    found = reply.status, reply.headers["content-type"], reply.read()
    connection.close()
    return found


@pytest.mark.parametrize(
    ("content", "name", "ending", "type"),
    [
        (clips.clip(), "clip.MP4", "mp4", "video/mp4"),
        (clips.clip(), "no ending", "mp4", "video/mp4"),
        (clips.sound(), "a [1] ü.wav", "wav", "audio/wav"),
        (clips.picture(), "me.jpeg", "jpg", "image/jpeg"),
        (b"anything", "notes.txt", "bin", "application/octet-stream"),
    ],
)
def test_a_file_is_put_by_its_checksum_and_fetched_by_a_link(
    storage: Storage, tmp_path: Path, content: bytes, name: str, ending: str, type: str
) -> None:
    path, digest = written(tmp_path, content, name)
    key = storage.put(path, digest)
    assert key == f"in/puts/{digest[:32]}.{ending}"
    assert fetched(storage.link(key, 60)) == (200, type, content)


def test_a_file_that_is_there_already_is_not_sent_again(storage: Storage, tmp_path: Path) -> None:
    path, digest = written(tmp_path, os.urandom(1000))
    sent: list[str] = []
    keys = [storage.put(path, digest, sending=lambda: sent.append("once")) for _ in range(3)]
    assert len(set(keys)) == 1
    assert sent == ["once"]


def test_what_has_the_name_but_another_size_is_replaced(
    there: tuple[Storage, S3Store], tmp_path: Path
) -> None:
    storage, client = there
    path, digest = written(tmp_path, b"all of it")
    obstore.put(client, f"in/puts/{digest[:32]}.bin", b"half")
    assert fetched(storage.link(storage.put(path, digest), 60))[2] == b"all of it"


def test_what_is_removed_is_gone_and_removing_it_again_is_no_fault(
    storage: Storage, tmp_path: Path
) -> None:
    key = storage.put(*written(tmp_path, b"short-lived"))
    storage.remove([key, "in/puts/never-there"])
    assert fetched(storage.link(key, 60))[0] == 404
    storage.remove([key])
    storage.remove([])


def test_a_probe_leaves_nothing_behind(there: tuple[Storage, S3Store]) -> None:
    storage, client = there
    storage.probe()
    if client.config.get("region") == REGION:  # the sandbox lists nothing
        assert not [o for page in obstore.list(client) for o in page if "probe" in o["path"]]


def test_a_large_file_arrives_whole(storage: Storage, tmp_path: Path) -> None:
    content = os.urandom(6_000_000)
    key = storage.put(*written(tmp_path, content))
    assert fetched(storage.link(key, 60))[2] == content


@pytest.mark.parametrize("asked", [604_800, 10_000_000])
def test_a_link_lives_for_a_week_at_most(server: Moto, asked: int) -> None:
    link = opened(endpoint=server.endpoint).link("in/a.mp4", asked)
    assert parse_qs(urlsplit(link).query)["X-Amz-Expires"] == ["604800"]


@pytest.mark.parametrize("url", ["s3://clips", "s3://clips/"])
def test_a_bucket_needs_no_folder(server: Moto, tmp_path: Path, url: str) -> None:
    path, digest = written(tmp_path, b"at the root")
    storage = opened(url, server.endpoint)
    assert storage.put(path, digest) == f"{digest[:32]}.bin"


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.write_bytes(b"something else"),
        lambda path: path.write_bytes(bytes(100)),  # as long
        lambda path: path.unlink(),
    ],
)
def test_a_file_that_has_changed_is_not_sent(storage: Storage, tmp_path: Path, change) -> None:
    content = os.urandom(100)
    path, digest = written(tmp_path, content)
    change(path)
    error = refused(storage, path, digest)
    assert isinstance(error, InvalidRequest)
    assert "has changed since it was checked" in error.message
    path.write_bytes(content)
    sent: list[int] = []
    storage.put(path, digest, sending=lambda: sent.append(1))
    assert sent


@pytest.mark.parametrize(
    ("endpoint", "host", "path", "region"),
    [
        (TOS, "clips.tos-s3-ap-southeast-1.bytepluses.com", "/in/a.mp4", "ap-southeast-1"),
        (
            "https://clips.tos-s3-ap-southeast-1.bytepluses.com",
            "clips.tos-s3-ap-southeast-1.bytepluses.com",
            "/in/a.mp4",
            "ap-southeast-1",
        ),
        (
            "https://tos-s3-cn-beijing.ivolces.com/",
            "clips.tos-s3-cn-beijing.ivolces.com",
            "/in/a.mp4",
            "cn-beijing",
        ),
        (
            "https://minio.example.com:9000",
            "minio.example.com:9000",
            "/clips/in/a.mp4",
            "us-east-1",
        ),
        (
            "https://gateway.example.com/s3/",
            "gateway.example.com",
            "/s3/clips/in/a.mp4",
            "us-east-1",
        ),
        (
            "https://bytepluses.com.example.com",
            "bytepluses.com.example.com",
            "/clips/in/a.mp4",
            "us-east-1",
        ),
        (None, "s3.us-east-1.amazonaws.com", "/clips/in/a.mp4", "us-east-1"),
    ],
)
def test_the_bucket_stands_where_the_service_wants_it(
    endpoint: str | None, host: str, path: str, region: str
) -> None:
    link = urlsplit(opened(endpoint=endpoint, region=None).link("in/a.mp4", 60))
    assert (link.scheme, link.netloc, link.path) == ("https", host, path)
    assert f"/{region}/s3/" in parse_qs(link.query)["X-Amz-Credential"][0]


def test_a_region_that_is_set_counts_more_than_one_that_is_guessed() -> None:
    link = opened(endpoint=TOS, region="eu-west-3").link("in/a.mp4", 60)
    assert "%2Feu-west-3%2Fs3" in link


@pytest.mark.parametrize(
    ("settings", "said", "hint"),
    [
        ({"url": "https://clips"}, "storage.url https://clips is not a bucket", "s3://"),
        ({"url": "s3://"}, "storage.url", "s3://"),
        ({"url": "s3://clips/a//b"}, "storage.url", "s3://"),
        ({"url": "s3://clips/../b"}, "storage.url", "s3://"),
        ({"url": "s3://clips/a b"}, "storage.url", "s3://"),
        ({"url": "s3://me:word@clips"}, "storage.url", "s3://"),
        ({"endpoint": "s3.example.com"}, "is not an address", "https://"),
        ({"endpoint": "https://me:word@example.com"}, "is not an address", "https://"),
        ({"endpoint": "https://example.com?x=1"}, "is not an address", "https://"),
        ({"endpoint": "http://example.com"}, "is not encrypted", "https://"),
        ({"endpoint": "http://127.0.0.1.example.com"}, "is not encrypted", "https://"),
        (
            {"endpoint": "https://tos-ap-southeast-1.bytepluses.com"},
            "does not speak S3",
            f"byteplus config set storage.endpoint {TOS}",
        ),
        (
            {"endpoint": "https://clips.tos-ap-southeast-1.bytepluses.com"},
            "does not speak S3",
            "https://clips.tos-s3-ap-southeast-1.bytepluses.com",
        ),
        ({"secret_key": None}, "storage.secret_key is not set", "config set storage.secret_key"),
        ({"access_key": None}, "storage.access_key is not set", "config set storage.access_key"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_at_once(
    settings: dict[str, str | None], said: str, hint: str
) -> None:
    with pytest.raises(InvalidConfig, match="storage") as told:
        opened(**settings)
    assert said in told.value.message
    assert told.value.hint is not None
    assert hint in told.value.hint


@pytest.mark.parametrize(
    ("wrong", "kind", "said", "hint"),
    [
        ({"secret_key": "another-secret-0123"}, AccessDenied, "secret_key is wrong", "secret_key"),
        ({"access_key": "AKNOBODY"}, AccessDenied, "access_key is not known", "access_key"),
        ({"url": "s3://elsewhere/in"}, Missing, "no bucket elsewhere at 127.0.0.1", "storage.url"),
        ({"region": "eu-west-1"}, InvalidConfig, "another region than eu-west-1", "storage.region"),
    ],
)
def test_wrong_settings_are_told_apart(
    tmp_path: Path, wrong: dict[str, str], kind: type[ByteplusError], said: str, hint: str
) -> None:
    sandbox = start(tmp_path / "state")
    right = {
        "url": sandbox.storage_url,
        "endpoint": sandbox.storage_endpoint,
        "region": sandbox.storage_region,
        "access_key": sandbox.storage_access_key,
        "secret_key": sandbox.storage_secret_key,
    }
    error = refused(opened(**{**right, **wrong}), *written(tmp_path, os.urandom(3_000_000)))
    with pytest.raises(kind):
        opened(**{**right, **wrong}).probe()
    with pytest.raises(kind):
        opened(**{**right, **wrong}).remove(["a"])
    sandbox.stop()
    assert type(error) is kind
    assert said in error.message
    assert hint in str(error.hint)


@pytest.mark.parametrize(
    ("reply", "kind", "said", "tries"),
    [
        (refusal(403, "AccessDenied"), AccessDenied, "may not do that in bucket clips", 1),
        (refusal(403, "RequestTimeTooSkewed"), AccessDenied, "clock is off", 1),
        (refusal(401, "Unauthorized"), AccessDenied, "may not do that", 1),
        (refusal(404, "NoSuchBucket"), Missing, "no bucket clips", 1),
        (refusal(400, "EntityTooLarge"), InvalidRequest, "refused the request (HTTP 400)", 1),
        (refusal(301, "PermanentRedirect"), InvalidConfig, "another region", 1),
        (
            refusal(400, "AuthorizationHeaderMalformed", more="<Region>eu-west-1</Region>"),
            InvalidConfig,
            "another region",
            1,
        ),
        (
            Reply(307, headers={"location": "http://127.0.0.1:9/"}),
            InvalidConfig,
            "redirects elsewhere",
            1,
        ),
        (refusal(500, "InternalError"), ServerFault, "failed (HTTP 500)", 3),
        (Reply(502, b"<html>bad gateway</html>"), ServerFault, "failed (HTTP 502)", 3),
        (refusal(503, "SlowDown"), Throttled, "turning requests away", 3),
        (Reply(drop=True), Unreachable, "broke", 3),
    ],
)
def test_each_refusal_has_its_meaning_and_is_tried_again_if_it_may_pass(
    faulty: ScriptedService,
    tmp_path: Path,
    reply: Reply,
    kind: type[ByteplusError],
    said: str,
    tries: int,
) -> None:
    faulty.on("PUT", reply)
    error = refused(opened(endpoint=faulty.root), *written(tmp_path, b"1"))
    assert type(error) is kind
    assert said in error.message
    assert len(faulty.asked_by("PUT")) == tries


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_file_and_no_signature_is_carried_to_where_an_answer_points(
    faulty: ScriptedService, tmp_path: Path, status: int
) -> None:
    elsewhere = ScriptedService()
    for method in ("GET", "PUT"):
        faulty.on(method, Reply(status, headers={"location": elsewhere.root}))
    refused(opened(endpoint=faulty.root), *written(tmp_path, b"1"))
    elsewhere.stop()
    assert elsewhere.asked_by("PUT") == []
    assert not [asked for asked in elsewhere.asked if "authorization" in asked.headers]


def test_the_region_that_a_storage_names_is_the_one_to_set(
    faulty: ScriptedService, tmp_path: Path
) -> None:
    faulty.on(
        "GET", refusal(400, "AuthorizationHeaderMalformed", "x", "<Region>eu-west-1</Region>")
    )
    error = refused(opened(endpoint=faulty.root), *written(tmp_path, b"1"))
    assert error.hint == "byteplus config set storage.region eu-west-1"


def test_trouble_that_passes_is_not_told(faulty: ScriptedService, tmp_path: Path) -> None:
    faulty.on("PUT", refusal(503, "SlowDown"), Reply(drop=True), Reply(headers={"etag": '"1"'}))
    assert opened(endpoint=faulty.root).put(*written(tmp_path, b"1"))


def test_keys_that_may_not_list_can_put(faulty: ScriptedService, tmp_path: Path) -> None:
    faulty.on("GET", refusal(403, "AccessDenied"))
    faulty.on("PUT", Reply(headers={"etag": '"1"'}))
    assert opened(endpoint=faulty.root).put(*written(tmp_path, b"1"))
    assert faulty.asked_by("PUT")[0].body == b"1"


def test_what_a_storage_repeats_of_the_keys_is_hidden(
    faulty: ScriptedService, tmp_path: Path
) -> None:
    faulty.on("PUT", refusal(400, "Odd", f"signed with {SECRET} of {ACCESS} &lt;x&gt;"))
    error = refused(opened(endpoint=faulty.root), *written(tmp_path, b"1"))
    assert error.details == "signed with ****6789 of ****RAGE <x>"


def test_an_endpoint_that_is_down_is_told(tmp_path: Path) -> None:
    error = refused(opened(endpoint="http://127.0.0.1:9"), *written(tmp_path, b"1"))
    assert isinstance(error, Unreachable)
    assert error.message == "127.0.0.1:9 refuses connections"


def test_a_probe_that_reads_something_else_is_told(faulty: ScriptedService) -> None:
    faulty.on("PUT", Reply(headers={"etag": '"1"'}))
    faulty.on(
        "GET", Reply(body=b"else", headers={"last-modified": "Wed, 21 Oct 2026 07:28:00 GMT"})
    )
    faulty.on("DELETE", Reply(204))
    with pytest.raises(ServerFault, match="other bytes"):
        opened(endpoint=faulty.root).probe()
    assert len(faulty.asked_by("DELETE")) == 1


def test_no_proxy_stands_before_this_machine(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv(name.lower(), "http://127.0.0.1:9")
    assert storage.put(*written(tmp_path, b"straight"))


def test_a_proxy_stands_before_every_other_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    error = refused(opened(endpoint="https://s3.example.invalid"), *written(tmp_path, b"1"))
    # The proxy does; nobody looked for the host.
    assert error.message == "s3.example.invalid refuses connections"
    assert "proxy" in str(error.hint)


def test_the_environment_does_not_meddle_with_what_is_set(
    there: tuple[Storage, S3Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = {
        "AWS_ENDPOINT_URL_S3": "https://127.0.0.1:9",
        "AWS_ENDPOINT_URL": "https://127.0.0.1:9",
        "AWS_SESSION_TOKEN": "token",
        "AWS_ACCESS_KEY_ID": "AKOTHER",
        "AWS_SKIP_SIGNATURE": "true",
        "AWS_S3_EXPRESS": "true",
        "AWS_VIRTUAL_HOSTED_STYLE_REQUEST": "true",
    }
    for name, value in foreign.items():
        monkeypatch.setenv(name, value)
    storage, _ = there
    key = storage.put(*written(tmp_path, b"mine"))
    assert fetched(storage.link(key, 60))[2] == b"mine"
    assert {name: os.environ[name] for name in foreign} == foreign


def test_without_keys_of_its_own_those_of_the_environment_count(
    faulty: ScriptedService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty.on("PUT", Reply(headers={"etag": '"1"'}))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKENVIRONMENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of-the-environment")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "https://127.0.0.1:9")
    storage = opened(endpoint=faulty.root, access_key=None, secret_key=None)
    storage.put(*written(tmp_path, b"1"))
    assert "AKENVIRONMENT" in faulty.asked_by("PUT")[0].headers["authorization"]


def test_no_keys_anywhere_is_told(
    faulty: ScriptedService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", faulty.root)
    faulty.on("PUT", Reply(403))
    storage = opened(endpoint=faulty.root, access_key=None, secret_key=None)
    error = refused(storage, *written(tmp_path, b"1"))
    assert isinstance(error, AccessDenied)
    assert error.message == "there are no keys for the storage"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 with its key, and that of who vouches for it."""
    folder = tmp_path_factory.mktemp("tls")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n")
    new = "openssl req -newkey rsa:2048 -nodes"
    try:
        for line in (
            f"{new} -x509 -subj /CN=ca -keyout ca.key -out ca.pem",
            f"{new} -subj /CN=x -keyout key.pem -out x.csr",
            "openssl x509 -req -in x.csr -CA ca.pem -CAkey ca.key -CAcreateserial"
            " -extfile names -out x.pem",
        ):
            subprocess.run(line.split(), check=True, capture_output=True, cwd=folder)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs openssl to make certificates")
    both = folder / "both.pem"
    both.write_bytes((folder / "key.pem").read_bytes() + (folder / "x.pem").read_bytes())
    return both, folder / "ca.pem"


def test_a_certificate_counts_only_if_somebody_vouches_for_it(
    authority: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, voucher = authority
    path, digest = written(tmp_path, b"1")
    with FaultServer(certificate) as server:
        storage = opened(endpoint=server.url(""))
        error = refused(storage, path, digest)
        assert "no trusted connection" in error.message
        assert "SSL_CERT_FILE" in str(error.hint)
        assert server.asked == []
        monkeypatch.setenv("SSL_CERT_FILE", str(voucher))
        refused(storage, path, digest)
        assert len(server.asked) == 1


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_signal_ends_an_upload_at_once(faulty: ScriptedService, tmp_path: Path) -> None:
    path, digest = written(tmp_path, os.urandom(2_000_000))
    faulty.on("PUT", Reply(delay=30))
    program = (
        "import sys; from pathlib import Path; from byteplus_cli.api.storage import Storage\n"
        "there = Storage.open('s3://clips', endpoint=sys.argv[1], access_key='a', secret_key='b')\n"
        "there.put(Path(sys.argv[2]), sys.argv[3])"
    )
    line = [sys.executable, "-c", program, faulty.root, str(path), digest]
    process = subprocess.Popen(line, stderr=subprocess.PIPE, text=True)
    while not faulty.asked_by("PUT"):
        time.sleep(0.01)
        assert process.poll() is None
    before = time.monotonic()
    process.send_signal(2)
    _, said = process.communicate()
    assert time.monotonic() - before < 1
    assert "KeyboardInterrupt" in said
