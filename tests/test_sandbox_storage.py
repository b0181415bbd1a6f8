"""The storage of the sandbox: a small S3, as a real client and a plain signed link meet it."""

from __future__ import annotations

import hashlib
import http.client
import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import obstore
import pytest
from obstore.exceptions import (
    AlreadyExistsError,
    GenericError,
    PermissionDeniedError,
)
from obstore.store import S3Store

import clips
from bucket import bucket, link, stored
from byteplus_cli.sandbox.server import reset
from offline import TWO, Offline, Reply, image, offline, video
from signing import Signer

DAY = 86_400


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Offline]:
    # The clients sign with the clock of this machine.
    with offline(tmp_path / "sandbox", time.time()) as started:
        yield started


@pytest.fixture
def store(there: Offline) -> S3Store:
    return bucket(there.sandbox)


@pytest.fixture
def signer(there: Offline) -> Signer:
    found = there.sandbox
    return Signer(found.storage_access_key, found.storage_secret_key, found.storage_region, "s3")


def signed(
    there: Offline,
    signer: Signer,
    method: str,
    path: str,
    body: bytes = b"",
    at: float | None = None,
    **headers: str,
) -> Reply:
    """A signed call to a path below the endpoint; `headers` are sent unsigned."""
    endpoint = urlsplit(there.sandbox.storage_endpoint)
    target = endpoint.path + path
    proof = signer.headers(method, target, body, at or there.now, host=endpoint.netloc)
    return there.call(method, target, body, **{**proof, **headers})


def test_an_object_is_put_read_and_deleted(store: S3Store) -> None:
    put = obstore.put(store, "a.wav", b"some sound", attributes={"Content-Type": "audio/wav"})
    assert put["e_tag"] == f'"{hashlib.md5(b"some sound").hexdigest()}"'
    got = obstore.get(store, "a.wav")
    assert bytes(got.bytes()) == b"some sound"
    assert got.attributes == {"Content-Type": "audio/wav"}
    assert bytes(obstore.get_range(store, "a.wav", start=5, end=10)) == b"sound"
    head = obstore.head(store, "a.wav")
    assert (head["size"], head["e_tag"]) == (10, put["e_tag"])
    obstore.delete(store, "a.wav")
    with pytest.raises(FileNotFoundError):
        obstore.head(store, "a.wav")


def test_deleting_what_is_not_there_succeeds(store: S3Store) -> None:
    obstore.put(store, "a", b"1")
    obstore.delete(store, ["a", "b"])
    with pytest.raises(FileNotFoundError):
        obstore.get(store, "a")


def test_one_object_is_deleted_by_its_own_call(there: Offline, signer: Signer) -> None:
    stored(there.sandbox, "a", b"1")
    gone = signed(there, signer, "DELETE", "/sandbox/inputs/a")
    assert (gone.status, gone.content) == (204, b"")
    assert signed(there, signer, "GET", "/sandbox/inputs/a").status == 404


def test_a_second_put_replaces_the_first(store: S3Store) -> None:
    obstore.put(store, "a", b"first", attributes={"Content-Type": "image/png"})
    obstore.put(store, "a", b"2", attributes={"Content-Type": "image/jpeg"})
    got = obstore.get(store, "a")
    assert (bytes(got.bytes()), got.attributes) == (b"2", {"Content-Type": "image/jpeg"})


def test_an_object_can_be_put_only_if_it_is_not_there(store: S3Store) -> None:
    obstore.put(store, "a", b"first", mode="create")
    with pytest.raises(AlreadyExistsError):
        obstore.put(store, "a", b"second", mode="create")
    assert bytes(obstore.get(store, "a").bytes()) == b"first"


@pytest.mark.parametrize("key", ["ü b+=&?#.png", "a%41.png", "[[fail:50215]].jpg", "x/" * 300])
def test_any_key_is_kept_apart_and_has_a_link(there: Offline, store: S3Store, key: str) -> None:
    obstore.put(store, key, key.encode())
    obstore.put(store, "other", b"other")
    assert bytes(obstore.get(store, key).bytes()) == key.encode()
    assert there.call("GET", link(store, key)).content == key.encode()


def test_a_large_object_arrives_whole(there: Offline) -> None:
    content = os.urandom(6_000_000)
    assert there.call("GET", stored(there.sandbox, "large", content)).content == content


def test_a_link_needs_no_client_of_its_own(there: Offline) -> None:
    parts = urlsplit(stored(there.sandbox, "a.png", b"some picture"))
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    connection.request("GET", f"{parts.path}?{parts.query}")
    reply = connection.getresponse()
    assert (reply.status, reply.read()) == (200, b"some picture")
    assert reply.headers["content-type"] == "binary/octet-stream"
    connection.request("GET", f"{parts.path}?{parts.query}", headers={"Range": "bytes=5-"})
    reply = connection.getresponse()
    assert (reply.status, reply.read()) == (206, b"picture")
    connection.close()


def test_a_link_lives_as_long_as_it_was_signed_for(there: Offline, store: S3Store) -> None:
    obstore.put(store, "a", b"1")
    there.now = time.time()
    url = link(store, "a", 100)
    there.now += 98
    assert there.call("GET", url).status == 200
    there.now += 3
    gone = there.call("GET", url)
    assert (gone.status, gone.headers["content-type"]) == (403, "application/xml")
    assert b"<Code>AccessDenied</Code><Message>The link has expired." in gone.content


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("X-Amz-Signature=", "X-Amz-Signature=0"), "SignatureDoesNotMatch"),
        (("X-Amz-Expires=3600", "X-Amz-Expires=3601"), "SignatureDoesNotMatch"),
        (("a.png", "b.png"), "SignatureDoesNotMatch"),
        (("?", "?X-Amz-More=1&"), "SignatureDoesNotMatch"),
        (("X-Amz-SignedHeaders=host", "X-Amz-SignedHeaders=range"), "AccessDenied"),
        (("X-Amz-Signature", "X-Other"), "AccessDenied"),
        (("AKSANDBOXSTORAGE", "AKOTHER"), "InvalidAccessKeyId"),
        (("ap-southeast-1", "us-east-1"), "AuthorizationQueryParametersError"),
        (("%2Fs3%2F", "%2Ftos%2F"), "AuthorizationQueryParametersError"),
        (("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"), "AuthorizationQueryParametersError"),
        (("X-Amz-Date=2", "X-Amz-Date=x"), "AuthorizationQueryParametersError"),
        (("X-Amz-Expires=3600", "X-Amz-Expires=0"), "AuthorizationQueryParametersError"),
        (("X-Amz-Expires=3600", "X-Amz-Expires=604801"), "AuthorizationQueryParametersError"),
        (("X-Amz-Expires=3600", "X-Amz-Expires=%D9%A1"), "AuthorizationQueryParametersError"),
    ],
)
def test_a_changed_link_opens_nothing(there: Offline, change: tuple[str, str], code: str) -> None:
    url = stored(there.sandbox, "a.png", b"1")
    stored(there.sandbox, "b.png", b"2")
    reply = there.call("GET", url.replace(*change))
    assert reply.status in (400, 403)
    assert f"<Code>{code}</Code>".encode() in reply.content


def test_a_link_from_tomorrow_is_not_valid_yet(there: Offline, signer: Signer) -> None:
    stored(there.sandbox, "a", b"1")
    url = f"{there.sandbox.storage_endpoint}/sandbox/inputs/a"
    assert there.call("GET", signer.link(url, there.now + 600, 60)).status == 200
    early = there.call("GET", signer.link(url, there.now + 1000, 60))
    assert (early.status, b"not valid yet" in early.content) == (403, True)


def test_a_link_is_good_for_its_own_method_and_without_another_proof(there: Offline) -> None:
    url = stored(there.sandbox, "a", b"1")
    assert there.call("HEAD", url).status == 403
    assert there.call("DELETE", url).status == 403
    assert there.call("PUT", url, b"2").status == 403
    assert there.call("GET", url, authorization="Bearer any-key").status == 400
    assert there.call("GET", url).content == b"1"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"secret_access_key": "other"}, "SignatureDoesNotMatch"),
        ({"access_key_id": "other"}, "InvalidAccessKeyId"),
        ({"region": "us-east-1"}, "AuthorizationHeaderMalformed"),
        ({"url": "s3://elsewhere/inputs"}, "NoSuchBucket"),
        ({"skip_signature": True}, "AccessDenied"),
    ],
)
def test_a_stranger_is_turned_away(there: Offline, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises((GenericError, PermissionDeniedError, FileNotFoundError), match=said):
        obstore.put(bucket(there.sandbox, **wrong), "a", b"1" * 1_000_000)
    with pytest.raises(FileNotFoundError):
        obstore.head(bucket(there.sandbox), "a")


def test_the_keys_of_the_vision_api_do_not_open_the_storage(there: Offline) -> None:
    keys = {
        "access_key_id": there.sandbox.access_key,
        "secret_access_key": there.sandbox.secret_key,
    }
    with pytest.raises(PermissionDeniedError, match="InvalidAccessKeyId"):
        obstore.put(bucket(there.sandbox, **keys), "a", b"1")


def test_a_signature_of_another_time_or_body_is_refused(there: Offline, signer: Signer) -> None:
    path = "/sandbox/inputs/a"

    def put(body: bytes = b"1", **other: Any) -> Reply:
        return signed(there, signer, "PUT", path, body, **other)

    assert put(at=there.now + 14 * 60).status == 200
    late = put(at=there.now - 16 * 60)
    assert (late.status, b"RequestTimeTooSkewed" in late.content) == (403, True)
    digest = hashlib.sha256(b"2").hexdigest()
    changed = put(**{"x-amz-content-sha256": digest})
    assert (changed.status, b"SignatureDoesNotMatch" in changed.content) == (403, True)
    unsigned = put(**{"x-amz-meta-a": "b"})
    assert (unsigned.status, b"AccessDenied" in unsigned.content) == (403, True)


def test_a_body_that_is_not_what_was_signed_is_refused(there: Offline, signer: Signer) -> None:
    endpoint = urlsplit(there.sandbox.storage_endpoint)
    target = f"{endpoint.path}/sandbox/inputs/a"
    proof = signer.headers("PUT", target, b"signed", there.now, host=endpoint.netloc)
    reply = there.call("PUT", target, b"sent", **proof)
    assert (reply.status, b"XAmzContentSHA256Mismatch" in reply.content) == (400, True)
    assert signed(there, signer, "GET", "/sandbox/inputs/a").status == 404
    assert list((there.state / "storage").glob(".*")) == []


def test_what_it_does_not_do_is_refused(there: Offline, store: S3Store, signer: Signer) -> None:
    with pytest.raises(GenericError, match="405 Method Not Allowed"):
        obstore.put(store, "a", b"1" * 100, use_multipart=True)
    with pytest.raises(GenericError, match="405 Method Not Allowed"):
        list(obstore.list(store))
    for method, path in (("PUT", "/sandbox/a?acl="), ("GET", "/sandbox/"), ("POST", "/sandbox")):
        reply = signed(there, signer, method, path)
        assert (reply.status, b"MethodNotAllowed" in reply.content) == (405, True)
    stored(there.sandbox, "a", b"1")
    condition = signed(there, signer, "GET", "/sandbox/inputs/a", **{"if-match": '"x"'})
    assert (condition.status, b"NotImplemented" in condition.content) == (501, True)
    assert signed(there, signer, "POST", "/sandbox?delete=", b"<a").status == 400


def test_a_put_has_to_say_how_long_it_is(there: Offline, signer: Signer) -> None:
    none = signed(there, signer, "PUT", "/sandbox/a", **{"transfer-encoding": "chunked"})
    assert none.status == 411


def test_objects_outlive_the_sandbox_for_two_days(there: Offline, signer: Signer) -> None:
    stored(there.sandbox, "a", b"1")
    for later, status in ((2 * DAY - 60, 200), (120, 404)):
        there.sandbox.stop()
        there.now += later
        there.start()
        assert signed(there, signer, "GET", "/sandbox/inputs/a").status == status
    assert list((there.state / "storage").iterdir()) == []


def test_a_stored_picture_is_looked_at_by_a_model(there: Offline) -> None:
    tall = stored(there.sandbox, "tall", clips.picture(400, 700))
    assert there.look(there.create("x", image(url=tall)))["ratio"] == "9:16"
    assert there.drawn(image=tall, size="2K")["data"][0]["size"] == "1600x2848"
    refused = there.post("x", image(url=stored(there.sandbox, "small", clips.picture(64, 64))))
    assert (refused.status, refused.code) == (400, "InvalidParameter")
    sound = there.ask(image=stored(there.sandbox, "a.png", clips.sound(0.2)))
    assert (sound.status, sound.code) == (400, "InvalidImageURL.InvalidFormat")
    # The signature covers the whole link, so this is one that we never signed.
    assert there.look(there.create("x", image(url=f"{tall}0")))["ratio"] == "16:9"


@pytest.mark.parametrize("seconds", [2, 5])
def test_a_stored_video_is_billed_by_its_length(there: Offline, seconds: int) -> None:
    url = stored(there.sandbox, "a.mp4", clips.clip(960, 540, seconds))
    look = {"model": TWO, "resolution": "480p", "ratio": "16:9", "duration": 5}
    task = there.finished("x", video(url=url), video(), **look)
    # Five seconds of another that is not known, and five that come out.
    frames = 24 * (seconds + 5 + 5) + 1
    assert task["usage"]["total_tokens"] == 864 * 496 * frames // 1024


@pytest.mark.parametrize(
    ("content", "param"),
    [
        (lambda: b"hello, world", "content[1].video_url.url"),
        (partial(clips.sound, 3), "content[1].video_url.url"),
        (clips.clip, "content[1].video_url.url"),
        (partial(clips.clip, 640, 480, 3), "content[1].video_url.url"),
        (partial(clips.clip, 320, 1280, 3), "content[1].video_url.url"),
        (partial(clips.clip, 960, 540, 3, 20), "content[1].video_url.url"),
        (partial(clips.clip, 960, 540, 3, encoder="mpeg4"), "content[1].video_url.url"),
        (partial(clips.clip, 960, 540, 1), "content"),
        (partial(clips.clip, 960, 540, 16), "content"),
    ],
)
def test_a_stored_video_that_no_model_takes_is_refused(
    there: Offline, content: Callable[[], bytes], param: str
) -> None:
    url = stored(there.sandbox, "a.mp4", content())
    reply = there.post("x", video(url=url), model=TWO)
    assert (reply.status, reply.json["error"]["param"]) == (400, param)


def test_reset_forgets_every_object(there: Offline, store: S3Store) -> None:
    obstore.put(store, "a", b"1")
    assert reset(there.state) == 0
    with pytest.raises(FileNotFoundError):
        obstore.get(store, "a")
    obstore.put(store, "a", b"2")
    assert bytes(obstore.get(store, "a").bytes()) == b"2"


def test_no_key_leads_out_of_the_folder(there: Offline, signer: Signer) -> None:
    for key in ("../../tasks-1.db", "/etc/passwd", "%00", "." * 300):
        assert signed(there, signer, "GET", f"/sandbox/{key}").status == 404
        assert signed(there, signer, "PUT", f"/sandbox/{key}", b"1").status == 200
    assert sorted(path.name for path in there.state.iterdir() if path.is_dir()) == ["storage"]
