"""What passes between the steps of a run, and what a run tells at its end.

What belongs here: small values that cross process borders. What does not: anything that does work.
"""

from dataclasses import dataclass, field
from typing import NamedTuple, Protocol


class ShardRef(NamedTuple):
    """A file of the output's work folder, by path and content: small, hashable, JSON-able, equal for equal work.

    Steps take and return these, never rows.
    """

    path: str
    """Relative to `RunConfig.out`."""
    sha256: str


class Progress(Protocol):
    """Told what a run is doing; the command line draws bars from it."""

    def stage(self, name: str, total: int) -> None:
        """Say that a stage of `total` units begins; the one before has ended."""

    def advance(self, count: int = 1) -> None:
        """Say that `count` more units of the stage are done."""


class Silent:
    """Progress that nobody watches."""

    def stage(self, name: str, total: int) -> None:
        """Ignore it."""

    def advance(self, count: int = 1) -> None:
        """Ignore it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A shard that could not be done in this run; its articles wait for the next one."""

    step: str
    """`read` or `score`."""
    shard: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What a run did, in counts; its full record is a row of the `runs` table."""

    run: str
    """Id of the run; the last one's if there was nothing to do."""
    out: str
    changed: bool
    """False if the tables already said all of this: nothing was written."""
    counts: dict[str, int]
    """inputs, articles, edited, duplicates, rejections, paragraphs, pairs, scored, reused, failed: of this run."""
    rejections: dict[str, int]
    """Rejections of this run by reason."""
    totals: dict[str, int]
    """Rows of each table after the run."""
    seconds: dict[str, float]
    """By stage; what several processes did side by side is added up."""
    failures: tuple[Failure, ...] = field(default=())
    """Empty if all was done; otherwise the command ends with exit status 1."""
