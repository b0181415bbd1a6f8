"""A file server over TLS on loopback, in a process of its own, for the benchmarks of downloads.

`GET /MIB` and `GET /MIB/anything` are answered with that many MiB of noise.
"""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

BLOCK = os.urandom(1 << 20)


@dataclass(frozen=True)
class Run:
    """What a whole process took: seconds, seconds of processor, and peak memory in KiB."""

    seconds: float
    processor: float
    memory: int


@contextmanager
def origin(folder: Path) -> Iterator[tuple[str, Path]]:
    """A running server's root, and the certificate to trust for it."""
    pem = certificate(folder)
    line = [sys.executable, __file__, str(pem)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield f"https://127.0.0.1:{process.stdout.readline().strip()}", pem
        finally:
            process.terminate()


def certificate(folder: Path) -> Path:
    path = folder / "both.pem"
    line = "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    files = ["-keyout", str(path), "-out", f"{path}.crt"]
    subprocess.run([*line.split(), *names, *files], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


def run(line: list[str], env: dict[str, str]) -> Run:
    started = time.perf_counter()
    process = subprocess.Popen(line, env=env)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{line[0]} failed with {process.returncode}")
    seconds = time.perf_counter() - started
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)


def machine() -> str:
    """What decides the figures and may differ from run to run."""
    flags = Path("/proc/cpuinfo")
    known = flags.exists() and " sha_ni" in flags.read_text()
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    return f"{os.cpu_count()} cores, load {load}, SHA-NI: {'yes' if known else 'not seen'}"


def serve(pem: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(listener.getsockname()[1], flush=True)
    while True:
        connection = listener.accept()[0]
        threading.Thread(target=_answer, args=(connection, context), daemon=True).start()


def _answer(connection: socket.socket, context: ssl.SSLContext) -> None:
    """Answer one question after another until the other side hangs up."""
    with suppress(OSError), context.wrap_socket(connection, server_side=True) as wrapped:
        while asked := wrapped.recv(65536):
            blocks = int(asked.split(b" ")[1].split(b"/")[1])
            length = blocks * len(BLOCK)
            wrapped.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % length)
            for _ in range(blocks):
                wrapped.sendall(BLOCK)


if __name__ == "__main__":
    serve(sys.argv[1])
