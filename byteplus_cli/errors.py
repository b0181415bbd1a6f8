"""What can go wrong, with the exit code and the words a user gets; some modules have a special
case of their own (LedgerError, LinkExpired, TooSoon, ClaimedElsewhere, NotNow).

ByteplusError                 1
├── InvalidRequest            2   usage or local validation; nothing was sent
│   └── InvalidConfig         2   config.toml or the environment is wrong
├── AccessDenied              3   no key, bad key, no permission, model not activated
├── Throttled                 4   rate limit, quota, overdue account
├── StillRunning              5   the wait ended, the task is alive
├── Unreachable               6   network, TLS, proxy, DNS
├── ServerFault               7   the server failed, or answered nonsense
├── Missing                   8   no such task, or its output is gone
├── WrongState                9   the task ended badly, or its state forbids the request
├── Moderated                10   refused by content moderation
├── NotSaved                 11   generated, but not on disk
├── PartlyFailed             12   some items failed
├── OverBudget               13   refused by max_cost
└── Detached       129, 130, 143   stopped by a signal, the task lives on

Interrupted        129, 130, 143   the signal itself, on its way up
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Charge(StrEnum):
    """What an error says about money, once anything was sent."""

    NO = "nothing was charged"
    YES = "this was charged"
    LATER = "a task that is still running is charged when it succeeds"
    UNKNOWN = "whether this was charged is not known"


class ByteplusError(Exception):
    """What happened, what to type next, and the exit code that says so.

    `details` are the server's own words; `code` is the server's code, or a short one of ours.
    """

    exit_code = 1
    default_code = "internal"
    label = "error"
    # A temporary error may go away by itself, so a look or a download tries again.
    temporary = False

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        details: str | None = None,
        code: str | None = None,
        request_id: str | None = None,
        task_id: str | None = None,
        charge: Charge | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = details
        self.code = code or self.default_code
        self.request_id = request_id
        self.task_id = task_id
        self.charge = charge
        self.retry_after = retry_after
        # What --json prints beside the error: the state of the tasks it is about.
        self.document: Mapping[str, Any] | None = None


class InvalidRequest(ByteplusError):
    exit_code = 2
    default_code = "invalid_request"


class InvalidConfig(InvalidRequest):
    default_code = "invalid_config"


class AccessDenied(ByteplusError):
    exit_code = 3
    default_code = "access_denied"


class Throttled(ByteplusError):
    exit_code = 4
    default_code = "throttled"
    temporary = True


class StillRunning(ByteplusError):
    exit_code = 5
    default_code = "timeout"


class Unreachable(ByteplusError):
    """`arrived` is False only when the request surely never reached the service."""

    exit_code = 6
    default_code = "network"
    temporary = True

    def __init__(self, message: str, *, arrived: bool = True, **rest: object) -> None:
        super().__init__(message, **rest)  # type: ignore[arg-type]
        self.arrived = arrived


class ServerFault(ByteplusError):
    exit_code = 7
    default_code = "server_error"
    temporary = True


class Missing(ByteplusError):
    exit_code = 8
    default_code = "not_found"


class WrongState(ByteplusError):
    exit_code = 9
    default_code = "wrong_state"


class Moderated(ByteplusError):
    exit_code = 10
    default_code = "moderated"


class NotSaved(ByteplusError):
    exit_code = 11
    default_code = "not_saved"


class PartlyFailed(ByteplusError):
    exit_code = 12
    default_code = "partly_failed"


class OverBudget(ByteplusError):
    exit_code = 13
    default_code = "over_budget"


class Interrupted(BaseException):
    """A signal asked the run to end; not an Exception, so that no retry swallows it."""

    def __init__(self, exit_code: int) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


class Detached(ByteplusError):
    """A signal ended the run while a task lives on; nothing is wrong with the task."""

    default_code = "detached"
    label = "detached"

    def __init__(
        self,
        message: str,
        *,
        exit_code: int,
        hint: str,
        task_id: str | None = None,
        charge: Charge = Charge.LATER,
    ) -> None:
        super().__init__(message, hint=hint, task_id=task_id, charge=charge)
        self.exit_code = exit_code
