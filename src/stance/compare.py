"""Scorers side by side on one file: quality and calibration where it is labelled, speed, and where they disagree.

What belongs here: running several scorers over the same passages and counting. What does not: the metrics (`evaluate`).
"""

import itertools
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance import paragraphs
from stance.config import RunConfig
from stance.errors import ConfigError
from stance.evaluate import evaluate
from stance.ingest import discover, read
from stance.labelled import parse_row, read_labelled
from stance.pipeline.preparing import preparer
from stance.records import Article, Passage, PassageScore, TargetQuery
from stance.scorers.base import Scorer
from stance.scorers.build import build_scorer
from stance.scorers.config import ScorerConfig

EXAMPLES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """How often two scorers name different stances, and where they differ most."""

    first: str
    second: str
    share: float
    """Of all pairs, in [0, 1]."""
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What came of it."""

    pairs: int
    paragraphs_per_second: Mapping[str, float]
    """Of one pass over the file after a warm-up call, model loading not counted."""
    unsure: Mapping[str, float]
    """Share of pairs a scorer abstains from, in [0, 1]."""
    quality: Mapping[str, Mapping[str, Any]]
    """Figures of `evaluate` with the file's own mentions, by scorer; empty for unlabelled text."""
    disagreements: tuple[Disagreement, ...]


def compare(file: str, scorers: Mapping[str, ScorerConfig], config: RunConfig) -> Comparison:
    """Run each scorer over a labelled file, or over the paragraphs of any input that names a target.

    Raises:
        ConfigError: fewer than two scorers, nothing to score, or a scorer cannot be built.
        ShardError: a labelled row is wrong.
    """
    if len(scorers) < 2:
        raise ConfigError(f"expected two or more scorers to compare, got {', '.join(scorers) or 'none'}")
    labelled = _is_labelled(Path(file))
    passages = _labelled(Path(file)) if labelled else _unlabelled(file, config)
    if not passages:
        raise ConfigError(f"{file}: no paragraph that names a target")
    built = {name: build_scorer(scorer) for name, scorer in scorers.items()}
    timed = {name: _timed(scorer, passages) for name, scorer in built.items()}
    scores = {name: score for name, (score, _) in timed.items()}
    return Comparison(
        pairs=sum(len(passage.targets) for passage in passages),
        paragraphs_per_second={name: len(passages) / seconds for name, (_, seconds) in timed.items()},
        unsure={name: _unsure(score) for name, score in scores.items()},
        quality={name: evaluate(Path(file), scorer) for name, scorer in built.items()} if labelled else {},
        disagreements=tuple(
            _disagreement(first, second, passages, scores) for first, second in itertools.combinations(scorers, 2)
        ),
    )


def _is_labelled(file: Path) -> bool:
    """Whether the first line of a file is a labelled row."""
    try:
        with file.open(encoding="utf-8-sig") as lines:
            parse_row(next(lines, ""), 1)
    except (OSError, ValueError):
        return False
    return True


def _labelled(file: Path) -> list[Passage]:
    return [
        Passage(
            text=row.text,
            targets=tuple(TargetQuery(id=each.name, name=each.name, spans=each.spans) for each in row.targets),
        )
        for row in read_labelled(file)
        if row.targets
    ]


def _unlabelled(file: str, config: RunConfig) -> list[Passage]:
    prepare = preparer(config.targets).prepare
    articles = (
        item
        for ref in discover([file], config.read).refs
        for item in read(ref, config.read)
        if isinstance(item, Article)
    )
    prepared = (item for each in articles for item in prepare([part.text for part in paragraphs.split(each)]))
    return [item.passage for item in prepared if item.passage.targets]


def _timed(scorer: Scorer, passages: Sequence[Passage]) -> tuple[list[PassageScore], float]:
    scorer.score(passages[:2])
    began = time.perf_counter()
    scores = scorer.score(passages)
    return scores, max(time.perf_counter() - began, 1e-9)


def _unsure(scores: Sequence[PassageScore]) -> float:
    flags = [target.unsure for score in scores for target in score.targets]
    return sum(flags) / len(flags)


def _disagreement(
    first: str, second: str, passages: Sequence[Passage], scores: Mapping[str, Sequence[PassageScore]]
) -> Disagreement:
    differing = []
    pairs = 0
    for passage, left, right in zip(passages, scores[first], scores[second], strict=True):
        for query, one, other in zip(passage.targets, left.targets, right.targets, strict=True):
            pairs += 1
            if one.overall.label != other.overall.label:
                gap = abs(one.overall.polarity - other.overall.polarity)
                words = f"{query.name}: {first} {one.overall.label}, {second} {other.overall.label}: {passage.text}"
                differing.append((-gap, words))
    worst = sorted(differing)[:EXAMPLES]
    return Disagreement(
        first=first, second=second, share=len(differing) / pairs, examples=tuple(words for _, words in worst)
    )
