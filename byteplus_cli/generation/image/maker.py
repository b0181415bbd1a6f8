"""Ask for pictures, and save each as it is made; every step goes to the ledger."""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from byteplus_cli.errors import Interrupted
from byteplus_cli.generation.claim import claimed
from byteplus_cli.generation.image.model import ImageModel
from byteplus_cli.generation.image.picture import ImageService
from byteplus_cli.generation.image.request import ImageRequest
from byteplus_cli.generation.image.run import Outcome, Run
from byteplus_cli.generation.image.saving import PictureSaver
from byteplus_cli.generation.image.work import Work
from byteplus_cli.generation.intent import Intent
from byteplus_cli.generation.ledger import Ledger
from byteplus_cli.generation.naming import Template
from byteplus_cli.generation.watch import Clocks

KEPT_FOLDER = "pictures"
Steps = Generator[Any, None, Outcome]


@dataclass(frozen=True)
class ImageMaker:
    """Makes pictures for one profile. `service` is built when first needed; `state` is a folder
    for pictures that came without a link, until they are saved."""

    service: Callable[[], ImageService]
    ledger: Ledger
    profile: str
    state: Path
    clocks: Clocks

    def make(
        self,
        request: ImageRequest,
        model: ImageModel | None,
        template: Template,
        *,
        overwrite: bool,
        estimate: str | None,
        intent: Intent | None = None,
    ) -> Steps:
        """Send a request once, and save what comes of it.

        Yields Pause, Progress, Notice, and each SavedFile; raises what kept the request from
        being taken, and Detached when a signal ends it.
        """
        service = self.service()
        now = self.clocks.now()
        id = _new_id(now)
        row = self.ledger.begin(
            kind="image",
            profile=self.profile,
            model=request.model,
            prompt=request.prompt,
            request=request.record(),
            output=template.text,
            estimate=estimate,
            now=now,
            id=id,
            intent=intent,
        )
        saver = PictureSaver(self.ledger, self.clocks, overwrite)
        work = Work(self.ledger.at(row), template, saver, self.state / KEPT_FOLDER)
        run = Run(work, request, model, self.clocks, self.ledger)
        with claimed(self.state, id):
            try:
                yield from run.send(service)
                yield from run.collect()
            except Interrupted as signal:
                stopped = run.stopped(signal)
                yield from run.untold()
                raise stopped from signal
            return run.ended()


def _new_id(now: float) -> str:
    """An id in the form of the service's own, which names no pictures."""
    letters = string.ascii_lowercase + string.digits
    moment = datetime.fromtimestamp(now, UTC).strftime("%Y%m%d%H%M%S")
    return f"img-{moment}-{''.join(secrets.choice(letters) for _ in range(5))}"
