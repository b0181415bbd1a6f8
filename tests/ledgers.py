"""A ledger with a past, written through the ledger itself."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from byteplus_cli.generation.entry import SavedFile
from byteplus_cli.generation.ledger import Ledger
from byteplus_cli.generation.task import Failure, Task
from conftest import Shell

DAY = 86_400
MODELS = {
    "video": "seedance-1-0-pro-fast-251015",
    "image": "seedream-4-0-250828",
    "avatar": "omnihuman-1.5",
}


@dataclass
class Past:
    """Writes down what was made before; `now` is when the test began."""

    shell: Shell
    now: int = field(default_factory=lambda: int(time.time()))
    count: int = 0

    @property
    def ledger(self) -> Ledger:
        return Ledger.open(Path(self.shell.env["BYTEPLUS_STATE_DIR"]))

    def made(
        self,
        prompt: str | None = "a red fox",
        *,
        kind: str = "video",
        status: str = "succeeded",
        files: Sequence[str] = (),
        ago: float = 0.0,
        at: float | None = None,
        profile: str = "default",
        model: str | None = None,
        cost: str | None = None,
        estimate: str | None = "0.247",
        request: dict[str, Any] | None = None,
        failure: Failure | None = None,
        output: str | None = None,
        **facts: Any,
    ) -> str:
        """Something that was asked for `ago` seconds before now, or at a moment; gives its id."""
        self.count += 1
        created = self.now - ago if at is None else at
        id = {
            "video": f"cgt-20261120101530-ab12{self.count}",
            "image": f"img-20261120101530-ab12{self.count}",
            "avatar": f"742369571604234650{self.count}",
        }[kind]
        ledger = self.ledger
        model = model or MODELS[kind]
        row = ledger.begin(
            kind=kind,
            profile=profile,
            model=model,
            prompt=prompt,
            request=request or {"model": model, "content": [{"type": "text", "text": prompt}]},
            output=output,
            estimate=estimate,
            now=created,
        )
        ledger.accepted(row, id, "req-1")
        done = created + 42
        task = Task(id, status, kind, model, updated_at=int(done), failure=failure, **facts)
        ledger.looked(task, profile, cost, done)
        for name in files:
            self.save(id, name)
        ledger.close()
        return id

    def save(self, id: str, name: str, content: bytes | None = None) -> Path:
        """A file of a task, on the disk and in the ledger."""
        path = (self.shell.home / name).absolute()
        path.parent.mkdir(parents=True, exist_ok=True)
        content = name.encode() if content is None else content
        path.write_bytes(content)
        facts = {"width": 1248, "height": 704, "seconds": 5.0, "differs": []}
        digest = sha256(content).hexdigest()
        role = "image" if id.startswith("img") else "video"
        file = SavedFile(path, role, len(content), digest, facts)
        self.ledger.saved(id, file, self.now)
        return path
