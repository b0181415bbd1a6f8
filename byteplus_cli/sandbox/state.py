"""All that the sandbox keeps between runs, within one folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from byteplus_cli.sandbox.account import Account
from byteplus_cli.sandbox.images.groups import Groups
from byteplus_cli.sandbox.shelf import Shelf
from byteplus_cli.sandbox.storage.objects import Objects
from byteplus_cli.sandbox.tasks import Tasks
from byteplus_cli.sandbox.vision.jobs import Jobs


@dataclass(frozen=True)
class State:
    account: Account
    tasks: Tasks
    jobs: Jobs
    groups: Groups
    shelf: Shelf
    objects: Objects

    @classmethod
    def open(cls, folder: Path) -> State:
        """Raises OSError when the folder or its content cannot be used."""
        account = Account.open(folder)
        records = Tasks(account), Jobs(account), Groups(account)
        return cls(account, *records, Shelf(folder), Objects(folder))

    def sweep(self, now: float) -> None:
        """Drops what nobody can see any more."""
        for part in (self.tasks, self.jobs, self.groups, self.shelf, self.objects):
            part.sweep(now)
