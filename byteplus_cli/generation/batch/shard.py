"""One machine's part of a batch that runs on several."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from byteplus_cli.errors import InvalidRequest

_FRACTION = re.compile(r"(\d{1,6})/(\d{1,6})", re.ASCII)
HINT = "--shard 2/8 is the second of eight; auto reads it from the environment"


@dataclass(frozen=True)
class Shard:
    """Number `index` of `total` parts, counted from 1."""

    index: int = 1
    total: int = 1

    def has(self, key: str) -> bool:
        """Whether a row belongs to this part: by its content, so that no two parts share one."""
        return int(key[:12], 16) % self.total == self.index - 1

    def share(self, whole: int) -> int:
        """This part of what all of them may use together; at least one."""
        return max(1, -(-whole // self.total))

    @property
    def suffix(self) -> str:
        """What tells the runs of the parts apart."""
        return f"-{self.index}of{self.total}" if self.total > 1 else ""


@dataclass(frozen=True)
class Engine:
    """The variables in which one system tells a job which of how many it is."""

    name: str
    index: str
    total: str
    first: int | str = 0  # what the first job's index is, or the variable that says so
    step: str | None = None


# Kubernetes tells no job how many there are, and GitHub tells a matrix job nothing at all, so
# for those our own variables are set in the job's definition. (Documentation of each, 2026-11.)
TOTAL = "BYTEPLUS_SHARD_TOTAL"
ENGINES = (
    Engine("BYTEPLUS_SHARD_*", "BYTEPLUS_SHARD_INDEX", TOTAL),
    Engine("Kubernetes indexed Job", "JOB_COMPLETION_INDEX", TOTAL),
    Engine(
        "Slurm array",
        "SLURM_ARRAY_TASK_ID",
        "SLURM_ARRAY_TASK_COUNT",
        "SLURM_ARRAY_TASK_MIN",
        "SLURM_ARRAY_TASK_STEP",
    ),
    Engine("GitLab", "CI_NODE_INDEX", "CI_NODE_TOTAL", first=1),
    Engine("Buildkite", "BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT"),
)


def chosen_shard(text: str | None, env: Mapping[str, str]) -> Shard:
    """The shard that `--shard` names; raises InvalidRequest."""
    if text is None:
        return Shard()
    if text == "auto":
        return _from_environment(env)
    found = _FRACTION.fullmatch(text)
    if found is None:
        raise InvalidRequest(f"--shard {text} is not a part such as 2/8", hint=HINT)
    return _checked(int(found[1]), int(found[2]), f"--shard {text}")


def _from_environment(env: Mapping[str, str]) -> Shard:
    for engine in ENGINES:
        if engine.index in env:
            return _of(engine, env)
    raise InvalidRequest(
        "--shard auto finds no job number in the environment",
        hint=f"set BYTEPLUS_SHARD_INDEX (from 0) and {TOTAL}, or --shard 2/8",
    )


def _of(engine: Engine, env: Mapping[str, str]) -> Shard:
    if engine.total not in env:
        raise InvalidRequest(
            f"{engine.index} is set, but {engine.total} is not: how many shards are there?",
            hint=f"set {engine.total} in the job's definition",
        )
    first = _number(env, engine.first, "0") if isinstance(engine.first, str) else engine.first
    step = _number(env, engine.step, "1") if engine.step else 1
    place = _number(env, engine.index) - first
    if step < 1 or place % step:
        raise InvalidRequest(f"{engine.index}={env[engine.index]} does not fit {engine.step}")
    return _checked(place // step + 1, _number(env, engine.total), engine.index)


def _number(env: Mapping[str, str], name: str, absent: str = "") -> int:
    text = env.get(name, absent)
    if not (text.isascii() and text.isdecimal()):
        raise InvalidRequest(f"{name}={text or '(empty)'} is not a number")
    return int(text)


def _checked(index: int, total: int, what: str) -> Shard:
    if not 1 <= index <= total:
        raise InvalidRequest(f"{what}: there is no part {index} of {total}", hint=HINT)
    return Shard(index, total)
