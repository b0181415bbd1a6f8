"""Checks of single body fields, and the order they are made in: known, for this model, right."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any

from byteplus_cli.sandbox.addresses import web_address
from byteplus_cli.sandbox.refusal import invalid

# Says what a value has to be when it is not, else None.
Complaint = str | None
Check = Callable[[Any], Complaint]

SEED_MAX = 2**32 - 1


def check_each(
    given: Mapping[str, Any],
    name: str,
    known: Container[str],
    knows: Callable[[str], bool],
    checks: Mapping[str, Check],
) -> None:
    """Refuses the first field that no model knows, that this one does not, or that is wrong."""
    for field, value in given.items():
        if field not in known:
            raise invalid(field, "is not a field of this request")
        if not knows(field):
            raise invalid(field, f"must be empty for model {name}")
        check = checks.get(field)
        if check and (complaint := check(value)):
            raise invalid(field, complaint)


def is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def whole(low: int, high: int) -> Check:
    def check(value: Any) -> Complaint:
        if is_whole(value) and low <= value <= high:
            return None
        return f"has to be a whole number from {low} to {high}"

    return check


def one_of(*values: str) -> Check:
    def check(value: object) -> Complaint:
        return None if value in values else f"has to be one of {', '.join(values)}"

    return check


def yes_no(value: object) -> Complaint:
    return None if isinstance(value, bool) else "has to be true or false"


def text(value: object) -> Complaint:
    return None if isinstance(value, str) else "has to be a string"


def address(value: object) -> Complaint:
    return None if web_address(value) else "has to be a web address"


def web_search(value: object) -> Complaint:
    good = isinstance(value, list) and all(tool == {"type": "web_search"} for tool in value)
    return None if good else 'has to be an array of {"type": "web_search"}'
