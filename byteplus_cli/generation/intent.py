"""What a batch means by one of its requests, so that it is made once however often it is run."""

from __future__ import annotations

from typing import NamedTuple


class Intent(NamedTuple):
    """Goes into the ledger with the request. `number` counts the manifest's rows from 1.

    `after` is the latest row of the ledger with that key when it was decided to send.
    """

    batch: str
    name: str
    key: str
    number: int
    after: int | None
