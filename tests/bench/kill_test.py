"""Kills `video create` at random moments, goes on, and counts what was lost or paid twice.

    python tests/bench/kill_test.py --trials 200 --seed 1

Each trial has a ledger and a folder of its own, and all share one account. Exits with 1 if a
promise was broken.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import clips  # noqa: E402 - found through the path above
from byteplus_cli.errors import WrongState  # noqa: E402
from byteplus_cli.session import Session, Surroundings  # noqa: E402

TASKS = "/api/v3/contents/generations/tasks"
PADDING = 400_000  # bytes, so that a download can be cut in the middle
PIECE = 16_384
AT_ONCE = 2


@dataclass
class Account:
    """What the scripted service accepted: each task's request, by its id."""

    seed: int
    tasks: dict[str, dict[str, object]] = field(default_factory=dict)
    born: dict[str, float] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def pause(self) -> None:
        with self.lock:
            seconds = self.dice.uniform(0, 0.03)
        time.sleep(seconds)

    def accept(self, body: dict[str, object]) -> str:
        with self.lock:
            id = f"cgt-20261121101530-{len(self.tasks):05x}"
            self.tasks[id], self.born[id] = body, time.time()
        return id

    def look(self, id: str, root: str) -> dict[str, object]:
        age, body = time.time() - self.born[id], self.tasks[id]
        status = "queued" if age < 0.05 else "running" if age < 0.1 else "succeeded"
        content = {"video_url": f"{root}/{id}.mp4"} if status == "succeeded" else None
        times = {"created_at": int(self.born[id]), "updated_at": int(time.time())}
        facts = {name: body.get(name) for name in ("model", "seed")}
        return {"id": id, "status": status, "content": content, **times, **facts}

    def of(self, intent: str) -> list[str]:
        """The ids of the tasks that one command line came to."""
        with self.lock:
            tasks = list(self.tasks.items())
        return [id for id, body in tasks if body["content"] == [{"type": "text", "text": intent}]]


def content(id: str) -> bytes:
    """A clip that is like no other, by a box that players pass over."""
    box = id.encode() * (PADDING // len(id))
    return clips.clip() + struct.pack(">I4s", len(box) + 8, b"free") + box


def handler(account: Account) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            account.pause()
            id = account.accept(body)
            account.pause()
            self.tell({"id": id})

        def do_GET(self) -> None:
            account.pause()
            url = urlsplit(self.path)
            root = f"http://{self.headers['host']}"
            if url.path == TASKS:
                self.tell(self.page(parse_qs(url.query), root))
            elif url.path.startswith(TASKS):
                self.tell(account.look(url.path.rpartition("/")[2], root))
            else:
                self.send(content(url.path[1:].removesuffix(".mp4")), "video/mp4")

        def page(self, query: dict[str, list[str]], root: str) -> dict[str, object]:
            flex = query.get("filter.service_tier") == ["flex"]
            found = [] if flex else [account.look(id, root) for id in list(account.tasks)]
            first, size = int(query["page_num"][0]) - 1, int(query["page_size"][0])
            return {"total": len(found), "items": found[first * size : (first + 1) * size]}

        def tell(self, document: object) -> None:
            self.send(json.dumps(document).encode(), "application/json")

        def send(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.send_header("etag", f'"{hashlib.md5(body).hexdigest()}"')
            self.end_headers()
            for start in range(0, len(body), PIECE):
                self.wfile.write(body[start : start + PIECE])
                time.sleep(0.002)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


class Service(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients are killed here all the time."""


@dataclass(frozen=True)
class Trial:
    """One command line, and the folder of its ledger and files."""

    home: Path
    intent: str
    base_url: str

    @property
    def env(self) -> dict[str, str]:
        return {
            **{name: text for name, text in os.environ.items() if not name.startswith("BYTEPLUS_")},
            "PYTHONPATH": str(ROOT),
            "ARK_BASE_URL": self.base_url,
            "ARK_API_KEY": "key-for-tests-1234",
            "BYTEPLUS_CONFIG_DIR": str(self.home / "config"),
            "BYTEPLUS_STATE_DIR": str(self.home / "state"),
        }

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "byteplus_cli", *words],
            cwd=self.home,
            env=self.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def create(self) -> subprocess.Popen[bytes]:
        return self.start("video", "create", self.intent, "-o", "out/")

    def rows(self, *columns: str) -> list[tuple[str, ...]]:
        """Those columns of the ledger's tasks, read by nothing of ours."""
        path = self.home / "state" / "ledger.db"
        if not path.exists():
            return []
        with closing(sqlite3.connect(path)) as raw:
            if not raw.execute("PRAGMA user_version").fetchone()[0]:
                return []
            return raw.execute(f"SELECT {', '.join(columns)} FROM tasks").fetchall()

    def files(self) -> dict[Path, str]:
        """The SHA-256 of everything under a final name."""
        out = self.home / "out"
        names = [path for path in out.glob("*") if not path.name.startswith(".")]
        return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in names}

    def reconcile(self) -> None:
        """Have the rows without an id looked for in the account's list."""
        nothing = StringIO()
        with Session(Surroundings(self.env, nothing, nothing, nothing)) as session:
            for (row,) in self.rows("row"):
                entry = session.ledger.at(int(row))
                if entry.id is None:
                    try:
                        session.runner.recovery.reconcile(entry)
                    except WrongState:
                        continue  # sent moments ago and not in the list: surely not accepted here


def attempt(trial: Trial, account: Account, moment: float, rescue: bool) -> Counter[str]:
    """Kill one run after `moment` seconds, finish it, and count."""
    process = trial.create()
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    time.sleep(0.1)  # a request that was on its way is still accepted
    accepted = account.of(trial.intent)
    proofs = {hashlib.sha256(content(id)).hexdigest(): id for id in accepted}
    ids = {id for (id,) in trial.rows("id") if id}
    partial = {path for path, proof in trial.files().items() if proof not in proofs}
    finish(trial, rescue)
    saved = {proofs[proof] for proof in trial.files().values() if proof in proofs}
    partial |= {path for path, proof in trial.files().items() if proof not in proofs}
    known = {id for (id,) in trial.rows("id") if id}
    return Counter(
        {
            "trials": 1,
            "killed": process.returncode < 0,
            "accepted by the server": len(accepted),
            "on the ledger with id": len(ids & set(accepted)),
            "to reconcile": len(set(accepted) - ids),
            "saved and verified": len(saved),
            "lost": len(set(accepted) - saved - known) + len(known - set(accepted)),
            "not saved": len((known & set(accepted)) - saved),
            "paid twice": max(0, len(accepted) - 1),
            "partial files under a final name": len(partial),
        }
    )


def finish(trial: Trial, rescue: bool) -> None:
    """Go on as a user would after a crash."""
    # `rescue` does this by itself ten minutes after the request left.
    trial.reconcile()
    ids = [id for (id,) in trial.rows("id") if id]
    if rescue:
        trial.start("rescue").wait()
    elif ids:
        trial.start("video", "get", *ids, "--wait", "-o", "out/").wait()


def has_rescue(trial: Trial) -> bool:
    return trial.start("rescue", "--help").wait() == 0


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--trials", type=int, default=200)
    words.add_argument("--seed", type=int, default=1)
    chosen = words.parse_args()
    dice, account = random.Random(chosen.seed), Account(chosen.seed)
    service = Service(("127.0.0.1", 0), handler(account))
    threading.Thread(target=service.serve_forever, daemon=True).start()
    base_url = f"http://127.0.0.1:{service.server_port}/api/v3"

    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(AT_ONCE) as pool:

        def trial(name: str) -> Trial:
            home = Path(folder, name)
            home.mkdir()
            return Trial(home, f"a fox, {name}", base_url)

        usual = usual_seconds([trial(f"whole-{number}") for number in range(2)])
        rescue = has_rescue(trial("rescue"))
        trials = [trial(str(number)) for number in range(chosen.trials)]
        moments = [dice.uniform(0, usual * 1.15) for _ in trials]
        counts = pool.map(lambda t, m: attempt(t, account, m, rescue), trials, moments)
        total = sum(counts, Counter[str]())
    print(f"usual run {usual:.2f} s; finished by {'rescue' if rescue else 'video get'}")
    broken = ("lost", "not saved", "paid twice", "partial files under a final name")
    for name in ("trials", "killed", "accepted by the server", "on the ledger with id"):
        print(f"{name:34}{total[name]:6}")
    for name in ("to reconcile", "saved and verified", *broken):
        print(f"{name:34}{total[name]:6}")
    return int(any(total[name] for name in broken))


def usual_seconds(whole: list[Trial]) -> float:
    """How long a run takes that nobody kills, while as many run as in the trials."""
    started = time.monotonic()
    for process in [trial.create() for trial in whole]:
        if process.wait():
            raise SystemExit("the run that was not killed failed")
    return time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main())
