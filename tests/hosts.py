"""Hosts as a client may find them: with a wrong clock, a certificate, or behind a proxy."""

from __future__ import annotations

import contextlib
import datetime
import select
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

NEVER = datetime.timedelta()


@dataclass
class Host:
    """`asked` is the head of each request that came."""

    port: int
    asked: list[str] = field(default_factory=list)


@contextlib.contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[Host]:
    """The server on a thread, until the block ends."""
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield Host(server.server_port)
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def host(certificate: Path | None = None, *, skew: datetime.timedelta = NEVER) -> Iterator[Host]:
    """A server whose clock is wrong by `skew`, and which knows nothing of what it is asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            there.asked.append(f"{self.requestline}\n{self.headers}")
            self.send_response_only(404)
            now = datetime.datetime.now(datetime.UTC)
            self.send_header("Date", format_datetime(now + skew, usegmt=True))
            self.end_headers()

        do_GET = do_POST = do_HEAD

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    # A client that does not trust it hangs up, which is no fault of this server's.
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    with running(server) as there:
        yield there


@contextlib.contextmanager
def proxy(to: int, *, refuses: bool = False) -> Iterator[Host]:
    """A proxy that leads every CONNECT to one port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            there.asked.append(f"{self.requestline}\n{self.headers}")
            if refuses:
                self.send_error(407)
                return
            self.send_response_only(200)
            self.end_headers()
            with socket.create_connection(("127.0.0.1", to)) as behind:
                _pass_on(self.connection, behind)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with running(server) as there:
        yield there


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    ends = {one: other, other: one}
    with contextlib.suppress(OSError):
        while True:
            for end in select.select(list(ends), [], [])[0]:
                piece = end.recv(65536)
                if not piece:
                    return
                ends[end].sendall(piece)


def certificate(folder: Path, name: str = "IP:127.0.0.1", *, days: int = 30) -> Path:
    """One of our own, with its key; negative days have passed since it expired."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    title = x509.Name(
        [x509.NameAttribute(x509.oid.NameOID.ORGANIZATION_NAME, "Somebody's Network")]
    )
    now = datetime.datetime.now(datetime.UTC)
    kind, _, value = name.partition(":")
    import ipaddress

    spoken = x509.IPAddress(ipaddress.ip_address(value)) if kind == "IP" else x509.DNSName(value)
    made = (
        x509.CertificateBuilder()
        .subject_name(title)
        .issuer_name(title)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=90))
        .not_valid_after(now + datetime.timedelta(days=days, hours=1))
        .add_extension(x509.SubjectAlternativeName([spoken]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / f"{value}-{days}.pem"
    path.write_bytes(made.public_bytes(pem) + secret)
    return path
