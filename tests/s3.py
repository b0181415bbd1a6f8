"""An S3 of somebody else's make, moto, on loopback; it lets any keys in."""

from __future__ import annotations

import http.client
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from moto.server import ThreadedMotoServer

REGION = "us-east-1"


class Moto:
    def __init__(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self._server.start()
        self._host = "{}:{}".format(*self._server.get_host_and_port())

    @property
    def endpoint(self) -> str:
        return f"http://{self._host}"

    def reset(self, bucket: str) -> None:
        """Forget everything but one empty bucket."""
        assert self.call("POST", "/moto-api/reset")[0] == 200
        assert self.call("PUT", f"/{bucket}")[0] == 200

    def call(self, method: str, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self._host, timeout=20)
        connection.request(method, path)
        reply = connection.getresponse()
        found = reply.status, reply.read()
        connection.close()
        return found

    def keys(self, bucket: str) -> list[str]:
        """What a bucket holds."""
        return re.findall("<Key>(.*?)</Key>", self.call("GET", f"/{bucket}")[1].decode())

    def stop(self) -> None:
        self._server.stop()


@contextmanager
def moto() -> Iterator[Moto]:
    server = Moto()
    yield server
    server.stop()
