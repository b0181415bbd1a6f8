"""What a batch is about to do and to cost, and the user's word that it may."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from byteplus_cli.commands.batches.check import Bill, Checked
from byteplus_cli.commands.planning import dollars
from byteplus_cli.errors import InvalidRequest, OverBudget
from byteplus_cli.generation.batch.rows import Stage
from byteplus_cli.generation.batch.shard import Shard
from byteplus_cli.generation.cost import usd
from byteplus_cli.session import Session

LANES_SHOWN = 12
GOES_ON = {
    Stage.SAVED: "saved before",
    Stage.OPEN: "under way",
    Stage.MADE: "made, to be saved",
    Stage.UNANSWERED: "unanswered",
    Stage.FAILED: "failed before",
}


def plan_lines(checked: Checked) -> Iterator[str]:
    """How many rows there are, how far they have come, and what the rest will cost."""
    parts = [f"{checked.bill.rows} to make"]
    parts += [f"{count} {GOES_ON[s]}" for s in GOES_ON if (count := checked.stages[s])]
    if checked.elsewhere:
        parts.append(f"{checked.elsewhere} saved elsewhere")
    if checked.others:
        parts.append(f"{checked.others} of other shards")
    yield f"{checked.id}: {_rows(checked.count)}, {', '.join(parts)}"
    for name, bill in list(checked.bills.items())[:LANES_SHOWN]:
        yield f"  {bill.rows} × {name}, {price_words(bill)}"
    if len(checked.bills) > 1:
        yield f"  together {price_words(checked.bill)}"


def price_words(bill: Bill) -> str:
    """What rows should cost at most."""
    if bill.unpriced == bill.rows:
        return "cost not known" if bill.rows else "nothing to pay"
    unknown = f", and {_rows(bill.unpriced)} of unknown cost" if bill.unpriced else ""
    return f"about ${usd(bill.usd)}{unknown}"


def check_limits(
    session: Session, checked: Checked, option: str | None, shard: Shard
) -> Decimal | None:
    """The most that this shard of the run may cost; raises OverBudget where that cannot be
    promised."""
    limit = dollars(option) if option is not None else session.profile.get("max_cost")
    if limit is None:
        return None
    limit = Decimal(str(limit))
    if unpriced := checked.bill.unpriced:
        raise OverBudget(
            f"what {_rows(unpriced)} would cost is not known, so ${limit} cannot be promised",
            hint="leave them out, or --max-cost",
        )
    return limit / shard.total


def ask(session: Session, checked: Checked, options: Mapping[str, Any]) -> None:
    """Raises InvalidRequest unless what is dear was agreed to."""
    bill, limit = checked.bill, session.profile.get("confirm_above")
    above = bill.unpriced or (limit is not None and bill.usd > Decimal(str(limit)))
    if options["yes"] or not bill.rows or limit is None or not above:
        return
    words = f"{_rows(bill.rows)} for {price_words(bill)}"
    answer = session.terminal.answer(f"submit {words}? [y/N] ")
    if answer is None:
        raise InvalidRequest(
            f"{words} is above confirm_above (${limit}), and nobody is here to agree",
            hint="--yes agrees to it; --max-cost USD sets a limit",
            code="not_confirmed",
        )
    if answer.strip().lower() not in ("y", "yes"):
        raise InvalidRequest(
            "not confirmed: nothing was sent",
            hint="--yes agrees to it beforehand",
            code="not_confirmed",
        )


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
