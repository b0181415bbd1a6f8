"""One large file over TLS on loopback, proven and synced: our time and memory against curl's.

    python tests/bench/download.py [--size MIB] [--rounds N]

Only the ratios of one run count. Without openssl it runs over plain HTTP and says so.
"""

from __future__ import annotations

import argparse
import os
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

OURS = """
import sys
from pathlib import Path
from byteplus_cli.generation.download import download
for step in download(sys.argv[1], Path(sys.argv[2]), check=lambda path: None): pass
"""
CURL = 'curl -sS --cacert "$3" -o "$2.p" "$1" && sync "$2.p" && mv "$2.p" "$2"'
BLOCK = os.urandom(1 << 20)


def certificate(folder: Path) -> Path | None:
    path = folder / "both.pem"
    line = "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    files = ["-keyout", str(path), "-out", f"{path}.crt"]
    try:
        subprocess.run([*line.split(), *names, *files], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


def serve(listener: socket.socket, context: ssl.SSLContext | None) -> None:
    """Answer `GET /MIB` with that many MiB, one connection after another."""
    while True:
        connection = listener.accept()[0]
        if context:
            connection = context.wrap_socket(connection, server_side=True)
        with connection:
            blocks = int(connection.recv(65536).split(b" ")[1].strip(b"/"))
            length = blocks * len(BLOCK)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % length)
            for _ in range(blocks):
                connection.sendall(BLOCK)


def run(line: list[str], env: dict[str, str]) -> tuple[float, int]:
    """Seconds and peak memory in KiB of a whole process."""
    started = time.perf_counter()
    process = subprocess.Popen(line, env=env)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{line[0]} failed with {process.returncode}")
    return time.perf_counter() - started, usage.ru_maxrss


def measure(root: str, folder: Path, pem: Path | None, size: int, rounds: int) -> None:
    env = {**os.environ, "SSL_CERT_FILE": str(pem or "")} if pem else dict(os.environ)
    target = folder / "clip.mp4"

    def ours(mib: int) -> list[str]:
        return [sys.executable, "-c", OURS, f"{root}/{mib}", str(target)]

    curl = ["sh", "-c", CURL, "sh", f"{root}/{size}", str(target), str(pem or "/dev/null")]
    times: dict[str, list[float]] = {"ours": [], "curl": []}
    large = small = 0
    for _ in range(rounds):
        for name, line in (("ours", ours(size)), ("curl", curl)):
            seconds, memory = run(line, env)
            times[name].append(seconds)
            large = max(large, memory) if name == "ours" else large
            target.unlink()
        small = max(small, run(ours(5), env)[1])
        target.unlink()
    mine, theirs = (statistics.median(times[name]) for name in ("ours", "curl"))
    print(f"{size} MiB: ours {mine:.2f} s, curl + sync {theirs:.2f} s: {mine / theirs:.2f}x")
    print(f"memory against 5 MiB: {large / small:.2f}x ({large} KiB)")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--size", type=int, default=256, metavar="MIB")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--folder", help="where to save, to choose the disk")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        folder = Path(name)
        pem = certificate(folder)
        context = None
        if pem:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(pem)
        else:
            print("no openssl: over plain HTTP")
        listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=serve, args=(listener, context), daemon=True).start()
        root = f"{'https' if pem else 'http'}://127.0.0.1:{listener.getsockname()[1]}"
        measure(root, folder, pem, chosen.size, chosen.rounds)


if __name__ == "__main__":
    main()
