"""The pictures of the account: one record for each request, kept while its links are alive."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from byteplus_cli.sandbox.account import Account
from byteplus_cli.sandbox.images.order import Order, Picture
from byteplus_cli.sandbox.links import LIFETIME
from byteplus_cli.sandbox.shelf import File


@dataclass(frozen=True)
class Group:
    """The pictures that one request asked for."""

    id: str
    created: float
    order: Order

    def file(self, picture: Picture) -> File:
        order, name = self.order, f"{self.id}-{picture.index}.{picture.format}"
        look = f"{order.seed} {picture.index} {order.prompt}"
        cut = order.script.cut and picture == order.pictures[0]
        return File(name, self.id, lambda path: _write(path, picture, look), cut)


@dataclass(frozen=True)
class Groups:
    account: Account

    def add(self, order: Order, now: float) -> Group:
        group = Group(f"img-{uuid4().hex}", now, order)
        self.account.rows(
            "INSERT INTO picture_groups VALUES (:id, :now, :wording)",
            {"id": group.id, "now": now, "wording": order.to_json()},
        )
        return group

    def find(self, name: str) -> File | None:
        """The file of that name, unless no group has one like it."""
        rows = self.account.rows(
            "SELECT id, created, wording FROM picture_groups WHERE id = :id",
            {"id": name.rpartition("-")[0]},
        )
        groups = [Group(row["id"], row["created"], Order.from_json(row["wording"])) for row in rows]
        files = (group.file(picture) for group in groups for picture in group.order.pictures)
        return next((file for file in files if file.name == name), None)

    def sweep(self, now: float) -> None:
        """Drops the records that no link leads to any more."""
        self.account.rows(
            f"DELETE FROM picture_groups WHERE created + {LIFETIME} <= :now", {"now": now}
        )


def _write(path: Path, picture: Picture, look: str) -> None:
    from byteplus_cli.sandbox.images.paint import draw

    path.write_bytes(draw(picture.size, picture.format, picture.alpha, look))
