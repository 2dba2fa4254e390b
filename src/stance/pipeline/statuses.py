"""What an output holds, how its feeds do, and what a next run would do and cost; nothing is changed.

What belongs here: reading records and tables for `stance status`. What does not: printing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from stance.config import RunConfig
from stance.errors import ConfigError
from stance.ingest.sources import is_address
from stance.pipeline.health import FeedHealth, feed_health
from stance.pipeline.inputs import Hashes, find, unread
from stance.pipeline.pieces import is_stale, stale_pieces
from stance.pipeline.scoring import open_questions
from stance.pipeline.settings import last_config
from stance.store import open_folder
from stance.store.query import Snapshot, consistent

SAMPLE = 2_000
"""Stored paragraphs looked at to tell how many a change of catalogue, scorer or rules touches."""
NAMED = 3
"""Rejected inputs that are named for each reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """One run, in short."""

    run: str
    kind: str
    """`run`, `estimate`, `compact` or `tables`."""
    started: str
    seconds: float
    host: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedInput:
    """One thing that did not become an article."""

    source: str
    line: int | None
    detail: str
    """What was expected and what came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextRun:
    """What a run would do now; costs are told from earlier runs, None where there is nothing to tell them from."""

    inputs: int
    """Inputs to read: new, changed, or read with other options."""
    megabytes: float
    paragraphs: int | None
    """Of those inputs, by what earlier ones held."""
    stored: int
    """Stored articles to go over again because catalogue, scorer or rules changed."""
    questions: int
    """Their paragraphs that the scorer would be asked about, told from a sample if there are many."""
    seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """An output, as `stance status` shows it."""

    out: str
    totals: Mapping[str, int]
    runs: tuple[RunLine, ...]
    """Newest first."""
    rejections: Mapping[str, int]
    """By reason."""
    rejections_by_outlet: Mapping[str, Mapping[str, int]]
    """By outlet ('' where it could not be told), then by reason."""
    rejected: Mapping[str, tuple[RejectedInput, ...]]
    """By reason, the first `NAMED` of each."""
    feeds: tuple[FeedHealth, ...]
    next: NextRun | None
    """None if the config of the last run cannot be used any more."""


def status(out: str, config: RunConfig | None = None) -> Status:
    """Look at an output.

    Args:
        out: the output.
        config: of the next run; None takes the last run's.

    Raises:
        StoreError: there is no output.
        ConfigError: `config` names a missing catalogue or scorer.
    """
    return consistent(out, partial(_status, out, config))


def _status(out: str, config: RunConfig | None, snapshot: Snapshot) -> Status:
    records = snapshot.records()
    by_outlet: dict[str, Counter[str]] = {}
    rejected: dict[str, list[RejectedInput]] = {}
    for row in snapshot.table("rejections", ["outlet", "reason", "source", "line", "detail"]).to_pylist():
        by_outlet.setdefault(row["outlet"], Counter())[row["reason"]] += 1
        named = rejected.setdefault(row["reason"], [])
        if len(named) < NAMED:
            named.append(RejectedInput(source=row["source"], line=row["line"], detail=row["detail"]))
    articles = snapshot.table("articles", ["outlet", "published", "paragraphs", "latest"]).to_pylist()
    return Status(
        out=out,
        totals=snapshot.manifest.rows(),
        runs=tuple(_line(record) for record in reversed(records)),
        rejections=dict(sum(by_outlet.values(), Counter[str]())),
        rejections_by_outlet={outlet: dict(counts) for outlet, counts in sorted(by_outlet.items())},
        rejected={reason: tuple(named) for reason, named in sorted(rejected.items())},
        feeds=tuple(feed_health(row for row in articles if row["latest"])),
        next=_next(config, out, records),
    )


def _line(record: Mapping[str, Any]) -> RunLine:
    return RunLine(
        run=record["run"],
        kind=record["kind"],
        started=record["started"],
        seconds=record["seconds"],
        host=record["host"],
        counts=record.get("counts", {}),
    )


def _next(config: RunConfig | None, out: str, records: Sequence[Mapping[str, Any]]) -> NextRun | None:
    if config is not None:
        return next_run(config, records)
    last = last_config(out, reversed(records))
    try:
        return next_run(last, records) if last else None
    except (ConfigError, ValueError):
        return None


def next_run(config: RunConfig, records: Sequence[Mapping[str, Any]]) -> NextRun:
    """Return what a run with this config would do now; remote sources are not asked.

    Args:
        config: of the next run.
        records: of the earlier ones, oldest first.
    """
    folder = open_folder(config.out)
    snapshot = Snapshot.open(config.out)
    offline = _offline(config)
    todo = unread(config, folder, find(offline, folder, Hashes(folder))) if offline.inputs else []
    size = sum(item.ref.size for item in todo if item.ref)
    pace = _Pace(records)
    stored = questions = 0
    if is_stale(config, snapshot.manifest):
        stored = snapshot.manifest.rows()["articles"]
        questions = _questions(config, snapshot)
    paragraphs = pace.paragraphs(size)
    return NextRun(
        inputs=len(todo),
        megabytes=size / 1e6,
        paragraphs=paragraphs,
        stored=stored,
        questions=questions,
        seconds=pace.seconds(questions + (paragraphs or 0)),
    )


def _offline(config: RunConfig) -> RunConfig:
    """Return the config without anything remote."""
    local = tuple(item for item in config.inputs if not is_address(item))
    return config.model_copy(update={"inputs": local, "source": ()})


def _questions(config: RunConfig, snapshot: Snapshot) -> int:
    """Return how many stored paragraphs the scorer would be asked about, from a sample of about `SAMPLE`."""
    seen = asked = total = 0
    for piece, size in stale_pieces(snapshot.folder, snapshot.manifest, SAMPLE // 4):
        total += size
        if seen < SAMPLE:
            seen += size
            asked += len(open_questions(snapshot.folder, piece, config))
    return round(asked * total / seen) if seen else 0


class _Pace:
    """How fast earlier runs were, and how much their inputs held."""

    def __init__(self, records: Sequence[Mapping[str, Any]]) -> None:
        runs = [record for record in records if record["kind"] == "run" and record["counts"]["passages"]]
        self._passages = sum(record["counts"]["passages"] for record in runs[-5:])
        self._seconds = sum(record["stages"]["score"] + record["stages"]["merge"] for record in runs[-5:])
        self._paragraphs = sum(record["counts"]["paragraphs"] for record in runs)
        self._bytes = sum(record["counts"]["bytes"] for record in runs)

    def seconds(self, passages: int) -> float | None:
        """Return the expected time of scoring and merging."""
        return passages * self._seconds / self._passages if self._passages else None

    def paragraphs(self, size: int) -> int | None:
        """Return how many paragraphs inputs of this many bytes hold."""
        return round(size * self._paragraphs / self._bytes) if self._bytes else None
