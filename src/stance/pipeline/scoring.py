"""The step that costs: one piece of articles becomes rows of every table.

What belongs here: what to ask the scorer, and what need not be asked again. What does not: how rows look (`rows`),
which articles (`pieces`).
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from stance import sought
from stance.config import RunConfig
from stance.errors import ScorerError, StanceError
from stance.ids import content_id
from stance.pipeline import rows
from stance.pipeline.pieces import Work, prior, works
from stance.pipeline.preparing import Prepared, Preparer, absence_key, key_of, preparer
from stance.pipeline.reading import month_of
from stance.pipeline.refs import ShardRef
from stance.pipeline.settings import settings_of
from stance.pipeline.work import Place, read_json
from stance.records import Passage, PassageScore, TargetScore, Triple
from stance.scorers.base import Scorer
from stance.scorers.build import build_scorer
from stance.store import open_folder
from stance.store.folder import Folder
from stance.store.schemas import PARTITIONED, schema

RETRIES = 3
"""How often a shard is tried again after an error that may pass."""
PAUSE = 2.0
"""Seconds before the first further try; doubled for each next one."""
Clock = Callable[[], float]
Outcome = ShardRef | StanceError
_HEAD = ("paragraph_id", "article_id", "outlet", "published")


def outcome_of(
    ref: ShardRef, config: RunConfig, scorer: Scorer | None = None, clock: Clock = time.perf_counter
) -> Outcome:
    """Do as `score_shard`, again and later where the scorer says that this may help; return the error that stays."""
    for retry in range(RETRIES + 1):
        try:
            return score_shard(ref, config, scorer, clock)
        except StanceError as error:
            if not (isinstance(error, ScorerError) and error.retryable and retry < RETRIES):
                return error
            time.sleep(PAUSE * 2**retry)
    raise AssertionError


def score_shard(
    ref: ShardRef, config: RunConfig, scorer: Scorer | None = None, clock: Clock = time.perf_counter
) -> ShardRef:
    """Score one piece of work; returns at once if that was done before.

    Args:
        ref: from `pending`.
        config: the run's.
        scorer: what stands for the config's in this process; None builds that one.
        clock: tells seconds.

    Raises:
        ScorerError: the scorer failed; `retryable` says whether to try again.
        StoreError: the piece is gone, or the output cannot be read or written.
    """
    folder = open_folder(config.out)
    settings = settings_of(config)
    place = Place(folder, f"_work/scored/{content_id([ref.sha256, settings.scoring])}")
    finished = place.finished()
    if finished is not None:
        return finished
    started = clock()
    piece = read_json(folder, ref)
    shard = _Shard(settings.scorer, config)
    shard.remember(folder, piece)
    asked = [shard.ask(work) for work in works(folder, piece)]
    if shard.questions:
        shard.answer(scorer or build_scorer(config.scorer), clock)
    for work, paragraphs in asked:
        shard.write(work, paragraphs)
    tables = {name: place.put(name, pa.Table.from_pylist(made, schema(name))) for name, made in shard.tables()}
    return place.finish(
        {
            "kind": piece["kind"],
            "tables": tables,
            "covers": [[part["articles"], part["start"], part["stop"]] for part in piece.get("parts", ())],
            "months": sorted({month_of(work.head["published"]) for work, _ in asked}),
            "counts": shard.counts,
            "seconds": {"score": clock() - started, "model": shard.seconds},
        }
    )


def open_questions(folder: Folder, piece: dict[str, Any], config: RunConfig) -> list[Passage]:
    """Return the passages of a piece that the scorer would be asked about; it is not loaded for this."""
    shard = _Shard(settings_of(config).scorer, config)
    shard.remember(folder, piece)
    for work in works(folder, piece):
        shard.ask(work)
    return list(shard.questions)


@dataclass(slots=True)
class _Asked:
    """One paragraph, what is known of it, and where the scorer's answer will be."""

    prepared: Prepared
    keys: tuple[str, ...]
    """One per target of the passage."""
    known: dict[str, TargetScore]
    """By key."""
    sentiment: tuple[Triple, int] | None
    passage: Passage | None
    """What the scorer is asked; None if all is known."""
    sought: str
    """What `absence_key` says."""


@dataclass(slots=True)
class _Shard:
    """The rows of one piece, in the making."""

    scorer: str
    """Fingerprint."""
    config: RunConfig
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("pairs", "scored", "reused", "passages"), 0))
    seconds: float = 0.0
    """In the scorer."""
    questions: dict[Passage, PassageScore | None] = field(default_factory=dict)
    """What the scorer is asked, and its answers."""
    _made: dict[str, list[rows.Row]] = field(default_factory=lambda: {name: [] for name in sorted(PARTITIONED)})
    _scores: dict[str, TargetScore] = field(default_factory=dict)
    _sentiments: dict[str, tuple[Triple, int]] = field(default_factory=dict)
    _sought: dict[str, str] = field(default_factory=dict)
    """By paragraph."""

    def remember(self, folder: Folder, piece: dict[str, Any]) -> None:
        """Load what is stored of the piece's articles by the same scorer."""
        for row in prior(folder, piece, "scores"):
            if row["scorer"] == self.scorer:
                self._scores[row["key"]] = rows.score_of(row)
        for row in prior(folder, piece, "sentiments"):
            if row["scorer"] == self.scorer:
                triple = rows.rounded([row["negative"], row["neutral"], row["positive"]])
                self._sentiments[row["paragraph_id"]] = (triple, row["windows"])
                self._sought[row["paragraph_id"]] = row["sought"]

    def ask(self, work: Work) -> tuple[Work, list[_Asked]]:
        """Prepare an article and put its open questions on the list, equal ones once."""
        prepared = self._ready().prepare([text for _, text in work.paragraphs])
        asked = [self._ask(name, one) for (name, _), one in zip(work.paragraphs, prepared, strict=True)]
        return work, asked

    def answer(self, scorer: Scorer, clock: Clock) -> None:
        """Have the scorer answer the list."""
        passages = list(self.questions)
        started = clock()
        answers = scorer.score(passages)
        self.seconds += clock() - started
        self.counts["passages"] += len(passages)
        if len(answers) != len(passages):
            raise ScorerError(f"the scorer gave {len(answers)} answers to {len(passages)} passages")
        self.questions.update(zip(passages, answers, strict=True))

    def write(self, work: Work, asked: Sequence[_Asked]) -> None:
        """Make the rows of an article."""
        for name, made in work.rows.items():
            self._made[name] += made
        ready = self._ready()
        for (paragraph_id, _), one in zip(work.paragraphs, asked, strict=True):
            self._write(work.head | {"paragraph_id": paragraph_id}, one, ready)

    def tables(self) -> Iterable[tuple[str, list[rows.Row]]]:
        """Return the tables that have rows."""
        return ((name, made) for name, made in self._made.items() if made)

    def _ready(self) -> Preparer:
        return preparer(self.config.targets, seek=self.config.scorer.seeks)

    def _ask(self, paragraph_id: str, prepared: Prepared) -> _Asked:
        passage = prepared.passage
        keys = tuple(key_of(passage, query, self.scorer) for query in passage.targets)
        known = {key: self._scores[key] for key in keys if key in self._scores}
        toned = bool(self.config.sentiment == "all" or passage.targets)
        sentiment = self._sentiments.get(paragraph_id) if toned else None
        absence = absence_key(passage, keys)
        absent = self._sought.get(paragraph_id) == absence
        open_targets = tuple(
            query
            for query, key in zip(passage.targets, keys, strict=True)
            if key not in known and not (absent and query.sought)
        )
        question = replace(passage, targets=open_targets) if open_targets or (toned and sentiment is None) else None
        if question is not None:
            self.questions.setdefault(question, None)
        return _Asked(prepared=prepared, keys=keys, known=known, sentiment=sentiment, passage=question, sought=absence)

    def _write(self, head: rows.Row, one: _Asked, ready: Preparer) -> None:
        own = {name: head[name] for name in _HEAD}
        scores, sentiment = one.known, one.sentiment
        passage, listed = one.prepared.passage, one.prepared.listed
        if one.passage is not None:
            answer = self.questions[one.passage]
            assert answer is not None
            asked = {query.id for query in one.passage.targets}
            new = (key for query, key in zip(passage.targets, one.keys, strict=True) if query.id in asked)
            scores = scores | dict(zip(new, map(rows.rounded_score, answer.targets), strict=True))
            sentiment = sentiment or (rows.rounded(answer.sentiment), answer.windows)
        if sentiment is not None:
            self._made["sentiments"].append(rows.sentiment_row(own, *sentiment, one.sought, self.scorer))
        for query, key in zip(passage.targets, one.keys, strict=True):
            mentions = sought.mentions(passage, query, scores[key], listed) if key in scores else ()
            if mentions:
                pair = one.prepared, query.id, mentions, scores[key]
                showing = ready.showing(one.prepared, scores[key])
                self._made["scores"].append(rows.score_row(head, *pair, key, self.scorer))
                self._made["opinions"] += rows.opinion_rows(own, *pair, showing, self.scorer)
                self.counts["pairs"] += 1
                self.counts["reused" if key in one.known else "scored"] += 1
