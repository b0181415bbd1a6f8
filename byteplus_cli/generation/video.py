"""What a video request says, and the JSON that is sent for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, NamedTuple

from byteplus_cli.generation.media import Source, described, identity, unsigned

FLEX = "flex"
OPEN_DURATION = -1
_NOT_SENT_AS_NAMED = {"model", "prompt", "first_frame", "last_frame", "references", "extra"} | {
    *("draft_task", "own_seed")
}
# Kept in the ledger beside the body, and no field of the service's.
OWN_SEED = "own_seed"


class Reference(NamedTuple):
    """A picture, video or sound to go by; `kind` is image, video or audio."""

    kind: str
    source: Source


# Made without what nobody uses, which takes longer to make than all else here.
@dataclass(frozen=True, eq=False, repr=False)
class VideoRequest:
    """One clip to make. None is "not given": it is not sent, and the service decides."""

    model: str
    prompt: str | None = None
    first_frame: Source | None = None
    last_frame: Source | None = None
    references: tuple[Reference, ...] = ()
    resolution: str | None = None
    ratio: str | None = None
    duration: int | None = None
    frames: int | None = None
    seed: int | None = None
    camera_fixed: bool | None = None
    generate_audio: bool | None = None
    watermark: bool | None = None
    return_last_frame: bool | None = None
    priority: int | None = None
    service_tier: str | None = None
    execution_expires_after: int | None = None
    callback_url: str | None = None
    safety_identifier: str | None = None
    output_format: str | None = None
    omni_reference_task_type: str | None = None
    draft: bool | None = None
    draft_task: str | None = None
    own_seed: bool | None = None  # whether we chose the seed; then no other task has it
    extra: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.resolution:
            object.__setattr__(self, "resolution", self.resolution.lower())

    def body(self) -> dict[str, Any]:
        """The JSON to send: what was given, and nothing else."""
        return self._document(lambda source: {"url": source.url})

    def record(self) -> dict[str, Any]:
        """The same to keep: media by path and checksum, links without what may sign them."""
        record = self._document(described) | ({OWN_SEED: True} if self.own_seed else {})
        if isinstance(callback := record.get("callback_url"), str):
            record["callback_url"] = unsigned(callback)
        return record

    def identity(self) -> dict[str, Any]:
        """What is asked for, with media by their content, and without a seed of our choice."""
        return (replace(self, seed=None) if self.own_seed else self)._document(identity)

    def media(self) -> Iterator[tuple[str, str, Source]]:
        """Each input as its kind, its role and itself, in the order that prompts count them."""
        if self.first_frame:
            yield "image", "first_frame", self.first_frame
        if self.last_frame:
            yield "image", "last_frame", self.last_frame
        for reference in self.references:
            yield reference.kind, f"reference_{reference.kind}", reference.source

    def with_each(self, change: Callable[[Source], Source]) -> VideoRequest:
        """The same request with every input changed like that."""
        return replace(
            self,
            first_frame=self.first_frame and change(self.first_frame),
            last_frame=self.last_frame and change(self.last_frame),
            references=tuple(
                reference._replace(source=change(reference.source)) for reference in self.references
            ),
        )

    def referring(self, kind: str) -> int:
        """How many references of that kind there are."""
        return sum(reference.kind == kind for reference in self.references)

    def lengths(self, kind: str) -> list[tuple[Source, float]]:
        """The references of that kind whose seconds are known, with them."""
        sources = [reference.source for reference in self.references if reference.kind == kind]
        return [(source, seconds) for source in sources if (seconds := source.seconds)]

    @property
    def has_prompt(self) -> bool:
        return bool(self.prompt and self.prompt.strip())

    def _document(self, describe: Callable[[Source], dict[str, Any]]) -> dict[str, Any]:
        content = list(self._content(describe))
        named = (key.name for key in fields(self) if key.name not in _NOT_SENT_AS_NAMED)
        given = {name: value for name in named if (value := getattr(self, name)) is not None}
        return {"model": self.model, "content": content, **given, **self.extra}

    def _content(self, describe: Callable[[Source], dict[str, Any]]) -> Iterator[dict[str, Any]]:
        if self.draft_task:
            # A draft brings its own text and media, and must stand alone.
            yield {"type": "draft_task", "draft_task": {"id": self.draft_task}}
            return
        if self.has_prompt:
            yield {"type": "text", "text": self.prompt}
        for kind, role, source in self.media():
            key = f"{kind}_url"
            yield {"type": key, key: describe(source), "role": role}
