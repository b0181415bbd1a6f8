"""The whole manifest, read and checked before anything is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from hashlib import sha256
from typing import Any

from byteplus_cli.commands.batches.lanes import Lanes
from byteplus_cli.commands.batches.rows import Planned, Planner
from byteplus_cli.commands.uploading import check_storage
from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.batch.folder import Draft, RowsFile
from byteplus_cli.generation.batch.manifest import Written
from byteplus_cli.generation.batch.row import Reader, Row
from byteplus_cli.generation.batch.rows import Stage
from byteplus_cli.generation.batch.shard import Shard
from byteplus_cli.generation.naming import Template
from byteplus_cli.session import Session

WARNINGS_SHOWN = 20


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, and on which line of the manifest."""

    line: int
    message: str
    hint: str | None = None

    @property
    def words(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"line {self.line}: {self.message}{hint}"


@dataclass
class Bill:
    """Rows of one lane that are to be paid for, and what they should cost at most."""

    rows: int = 0
    usd: Decimal = Decimal(0)
    unpriced: int = 0

    def add(self, usd: str | None) -> None:
        self.rows += 1
        self.usd += Decimal(usd or 0)
        self.unpriced += usd is None


@dataclass
class Checked:
    """A manifest that was checked: its rows, and what is left to do of them."""

    id: str
    rows: RowsFile
    count: int
    lanes: Lanes
    template: Template
    stages: Counter[Stage] = field(default_factory=Counter)
    bills: dict[str, Bill] = field(default_factory=dict)
    elsewhere: int = 0  # finished on another machine, by its results
    others: int = 0  # of other shards

    @property
    def mine(self) -> int:
        return self.count - self.others - self.elsewhere

    @property
    def bill(self) -> Bill:
        """What is to be paid for, of all lanes together."""
        bills = self.bills.values()
        return Bill(
            sum(bill.rows for bill in bills),
            sum((bill.usd for bill in bills), Decimal(0)),
            sum(bill.unpriced for bill in bills),
        )


@dataclass
class Check:
    """Reads rows, gives each its key and lane, and collects what is wrong."""

    session: Session
    planner: Planner
    reader: Reader
    draft: Draft
    lanes: Lanes
    warnings: Counter[str] = field(default_factory=Counter)
    count: int = 0
    # Of texts only the hashes, since there may be very many.
    _names: dict[int, int] = field(default_factory=dict)
    _targets: dict[int, int] = field(default_factory=dict)
    _asked: Counter[bytes] = field(default_factory=Counter)
    _digest: Any = field(default_factory=sha256)

    def faults(self, written: Iterable[Written]) -> Iterator[Fault]:
        """Check each row; what is right goes to the draft, what is wrong is given."""
        for one in written:
            self.count += 1
            try:
                self._take(one)
            except InvalidRequest as error:
                yield Fault(one.line, error.message, error.hint)

    def run_id(self, stem: str, profile: str, shard: Shard) -> str:
        """The run's id: the same for the same rows in the same profile."""
        self._digest.update(profile.encode())
        return f"{stem}-{self._digest.hexdigest()[:8]}{shard.suffix}"

    def _take(self, written: Written) -> None:
        row = self.planner.settled(self.reader.row(self.count, written))
        if missing := self.reader.used - row.columns.keys():
            raise InvalidRequest(
                f"no {', '.join(sorted(missing))}, which -o uses",
                hint="give every row one, or leave it out of -o",
            )
        planned = self.planner.plan(row)
        for source in planned.sources:
            if source.to_upload:
                check_storage(self.session, source.path)
        self._one_name(row)
        if not row.options.get("overwrite"):
            self._one_target(row, planned)
        for warning in planned.warnings:
            if warning in self.warnings or len(self.warnings) < WARNINGS_SHOWN:
                self.warnings[warning] += 1
        row = self._keyed(row, planned)
        files = [str(file) for file in planned.files]
        self._digest.update(f"{row.key}{row.name}\n".encode("utf-8", "surrogatepass"))
        lane = self.lanes.name_of(planned)
        self.draft.add(replace(row, lane=lane, usd=planned.usd, files=files))

    def _keyed(self, row: Row, planned: Planned) -> Row:
        first = self.planner.key(row, planned)
        asked = bytes.fromhex(first)
        repeat = self._asked[asked]
        self._asked[asked] += 1
        key = self.planner.key(row, planned, repeat) if repeat else first
        return replace(row, key=key, repeat=repeat)

    @property
    def repeated(self) -> int:
        """How many rows ask for the same as an earlier one."""
        return self.count - len(self._asked)

    def _one_name(self, row: Row) -> None:
        before = self._names.setdefault(hash(row.name), row.line)
        if before != row.line:
            raise InvalidRequest(
                f"name {row.name} is that of line {before} too", hint="give each row its own"
            )

    def _one_target(self, row: Row, planned: Planned) -> None:
        if self.planner.template_of(row).tells_apart:
            return
        for file in planned.files:
            # Some file systems take two spellings for one name.
            before = self._targets.setdefault(hash(str(file).casefold()), row.line)
            if before != row.line:
                raise InvalidRequest(
                    f"{file} is where line {before} is saved too", hint="-o '{row.name}.{ext}'"
                )


def survey(
    session: Session, checked: Checked, shard: Shard, done: frozenset[str], *, retry: bool
) -> None:
    """See what is left to do of each row, and put it into its lane."""
    profile, ledger = session.profile.name, session.ledger
    for offset, row in checked.rows:
        if not shard.has(row.key):
            checked.others += 1
        elif row.key in done:
            checked.elsewhere += 1
        else:
            stage = ledger.standing(profile, row.key).stage
            checked.stages[stage] += 1
            checked.lanes.named(row.lane).offsets.append(offset)
            if _is_paid(stage, row, retry=retry):
                checked.bills.setdefault(row.lane, Bill()).add(row.usd)


def _is_paid(stage: Stage, row: Row, *, retry: bool) -> bool:
    """Whether a row is sent, and so paid for, by this run."""
    if stage is Stage.NEW:
        return True
    # Of clips the service's list tells what became of a request; of all else nobody knows.
    lost = stage is Stage.UNANSWERED and row.kind != "video"
    return retry and (stage is Stage.FAILED or lost)
