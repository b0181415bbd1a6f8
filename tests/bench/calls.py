"""One look and one create, beside ten lines of Python on the official SDK, in one interleaved run.

    python tests/bench/calls.py [--rounds 15]

A look is the whole process. A create is measured from the start of the process to the last byte of
its request, as the server hears it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ID = "cgt-20261121101530-ab12c"
BYTEPLUS = [sys.executable, "-m", "byteplus_cli"]
LOOK = f"""
import os
from byteplussdkarkruntime import Ark
client = Ark(base_url=os.environ["ARK_BASE_URL"], api_key=os.environ["ARK_API_KEY"])
print(client.content_generation.tasks.get(task_id="{ID}").status)
"""
CREATE = """
import os
from byteplussdkarkruntime import Ark
client = Ark(base_url=os.environ["ARK_BASE_URL"], api_key=os.environ["ARK_API_KEY"])
client.content_generation.tasks.create(
    model="seedance-1-0-pro-fast-251015", content=[{"type": "text", "text": "a fox"}]
)
"""


class Server(ThreadingHTTPServer):
    """Answers looks and creates, and remembers when the last create was read."""

    daemon_threads = True
    heard = 0.0


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        now = int(time.time())
        self._send(f'{{"id":"{ID}","status":"running","created_at":{now},"updated_at":{now}}}')

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.server.heard = time.perf_counter()
        self._send(f'{{"id":"cgt-20261121101530-{time.time_ns() % 0xFFFFF:05x}"}}')

    def _send(self, text: str) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    looks: dict[str, list[float]] = {"ours": [], "SDK": []}
    creates: dict[str, list[float]] = {"ours": [], "SDK": []}
    with tempfile.TemporaryDirectory() as folder:
        env = {
            **os.environ,
            "BYTEPLUS_CONFIG_DIR": folder,
            "BYTEPLUS_STATE_DIR": folder,
            "ARK_BASE_URL": f"http://127.0.0.1:{server.server_port}/api/v3",
            "ARK_API_KEY": "key-for-benches-1234",
        }

        def timed(command: list[str], *, until_heard: bool = False) -> float:
            began = time.perf_counter()
            quiet = subprocess.DEVNULL
            subprocess.run(command, env=env, cwd=folder, stdout=quiet, stderr=quiet)
            return (server.heard if until_heard else time.perf_counter()) - began

        create = [*BYTEPLUS, "video", "create", "a fox", "--no-wait"]
        for _ in range(rounds):
            looks["SDK"].append(timed([sys.executable, "-c", LOOK]))
            looks["ours"].append(timed([*BYTEPLUS, "video", "get", ID]))
            creates["SDK"].append(timed([sys.executable, "-c", CREATE], until_heard=True))
            creates["ours"].append(timed(create, until_heard=True))
    told = (("one look", looks, 1.15), ("create, to its last byte", creates, 1.25))
    for name, times, reach in told:
        ours, peer = statistics.median(times["ours"]), statistics.median(times["SDK"])
        both = f"{ours * 1000:6.0f} ms, SDK {peer * 1000:6.0f} ms"
        print(f"{name:26}{both}: {ours / peer:.2f} (reach {reach})")


if __name__ == "__main__":
    main()
