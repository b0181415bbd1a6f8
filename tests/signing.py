"""A signer of our own, for requests that no official client would send."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from time import gmtime, strftime
from urllib.parse import quote, urlencode, urlsplit


@dataclass(frozen=True)
class Signer:
    """Signs for the Vision gateway, or for S3 when the service is `s3`."""

    access: str
    secret: str
    region: str
    service: str

    @property
    def algorithm(self) -> str:
        return "AWS4-HMAC-SHA256" if self.service == "s3" else "HMAC-SHA256"

    def headers(
        self, method: str, target: str, body: bytes, at: float, **signed: str
    ) -> dict[str, str]:
        """Those that prove a request; `signed` are those besides the date and the body's hash."""
        path, _, query = target.partition("?")
        digest = hashlib.sha256(body).hexdigest()
        prefix = "x-amz-" if self.service == "s3" else "x-"
        dated = {f"{prefix}date": stamp(at), f"{prefix}content-sha256": digest}
        every = dict(sorted({**dated, **signed}.items()))
        lines = "".join(f"{name}:{value}\n" for name, value in every.items())
        wording = "\n".join((method, path, query, lines, ";".join(every), digest))
        proof = f"Credential={self._credential(at)}, SignedHeaders={';'.join(every)}"
        proof = f"{self.algorithm} {proof}, Signature={self._signature(at, wording)}"
        return {**every, "authorization": proof}

    def link(self, url: str, at: float, expires: int | str) -> str:
        """A link for a GET in the manner of S3."""
        parts = urlsplit(url)
        query = {
            "X-Amz-Algorithm": self.algorithm,
            "X-Amz-Credential": self._credential(at),
            "X-Amz-Date": stamp(at),
            "X-Amz-Expires": str(expires),
            "X-Amz-SignedHeaders": "host",
        }
        written = urlencode(query, quote_via=quote, safe="")
        lines = f"host:{parts.netloc}\n"
        wording = "\n".join(("GET", parts.path, written, lines, "host", "UNSIGNED-PAYLOAD"))
        return f"{url}?{written}&X-Amz-Signature={self._signature(at, wording)}"

    def _scope(self, at: float) -> list[str]:
        ending = "aws4_request" if self.service == "s3" else "request"
        return [stamp(at)[:8], self.region, self.service, ending]

    def _credential(self, at: float) -> str:
        return "/".join([self.access, *self._scope(at)])

    def _signature(self, at: float, wording: str) -> str:
        digest = hashlib.sha256(wording.encode()).hexdigest()
        text = "\n".join((self.algorithm, stamp(at), "/".join(self._scope(at)), digest))
        key = f"{'AWS4' if self.service == 's3' else ''}{self.secret}".encode()
        for part in (*self._scope(at), text):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return key.hex()


def stamp(at: float) -> str:
    return strftime("%Y%m%dT%H%M%SZ", gmtime(at))
