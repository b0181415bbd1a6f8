"""What a chain of clips is to be: begun from options, or taken up again from the ledger."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from byteplus_cli.commands.planning import with_defaults
from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.prompt import prompt_text
from byteplus_cli.session import Session

# What a resumed chain takes from its first run; the rest is chosen anew each time.
KEPT_OPTIONS = (
    *("model", "image", "resolution", "ratio", "duration", "frames", "seed", "camera_fixed"),
    *("audio", "watermark", "priority", "flex", "expires_after", "safety_id", "extra"),
)


@dataclass(frozen=True)
class Chain:
    """The clips to make, in order, and what each asks for."""

    id: str
    prompts: tuple[str, ...]
    options: Mapping[str, Any]
    output: str | None
    join: bool
    drop_seam: bool

    @property
    def steps(self) -> range:
        """The numbers of its clips."""
        return range(1, len(self.prompts) + 1)


def refuse_idle(prompts: Sequence[str], options: Mapping[str, Any]) -> None:
    """Raises InvalidRequest for what would have no effect, and so was meant otherwise."""
    if not options["resume"]:
        if options["prompt"]:
            raise InvalidRequest("--prompt goes with --resume", hint="give the prompts themselves")
        return
    if prompts:
        raise InvalidRequest(
            "a chain that is resumed has its prompts already", hint='--prompt 2="..." changes one'
        )
    for name in KEPT_OPTIONS:
        if options[name] not in (None, [], ()):
            option = "--" + name.replace("_", "-")
            raise InvalidRequest(
                f"{option} cannot change in a chain that was begun", hint=f"leave {option} out"
            )


def begun(session: Session, prompts: Sequence[str], options: Mapping[str, Any]) -> Chain:
    shots = tuple(_shots(session, prompts))
    if len(shots) < 2:
        raise InvalidRequest(
            "a chain needs two prompts or more",
            hint='byteplus video chain "a boat leaves" "a storm comes"  (or @shots.txt)',
        )
    letters = string.ascii_lowercase + string.digits
    return Chain(
        id="chain-" + "".join(secrets.choice(letters) for _ in range(8)),
        prompts=shots,
        # With the profile's values, which may be others by the time that it is resumed.
        options=_kept(session, options),
        output=options["output"],
        join=options["join"],
        drop_seam=options["drop_seam"],
    )


def _shots(session: Session, prompts: Sequence[str]) -> Iterator[str]:
    for text in prompts:
        if not text.strip():
            raise InvalidRequest("one of the prompts is empty", hint="leave it out, or fill it in")
        read = prompt_text(text, session.around.stdin)
        # A file holds one shot a line; a prompt that was typed is one shot.
        from_file = text == "-" or (text.startswith("@") and not text.startswith("@@"))
        lines = read.splitlines() if from_file else [read]
        yield from (line for line in lines if line.strip() or not from_file)


def resumed(session: Session, id: str, options: Mapping[str, Any]) -> Chain:
    plan = session.ledger.chain_plan(id, session.profile.name)
    prompts = list(plan["prompts"])
    for change in options["prompt"] or ():
        number, _, text = change.partition("=")
        if not text.strip() or not number.isdecimal() or not 1 <= int(number) <= len(prompts):
            raise InvalidRequest(
                f"--prompt {change} is not N=TEXT with N from 1 to {len(prompts)}",
                hint='--prompt 2="a calmer storm"',
            )
        prompts[int(number) - 1] = text
    return Chain(
        id,
        tuple(prompts),
        plan["options"],
        options["output"] or plan["output"],
        options["join"] and plan["join"],
        options["drop_seam"],
    )


def _kept(session: Session, options: Mapping[str, Any]) -> dict[str, Any]:
    chosen, _ = with_defaults(session, {name: options[name] for name in KEPT_OPTIONS})
    return {**chosen, "model": session.catalogue.video(chosen["model"]).id}
