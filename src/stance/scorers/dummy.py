"""A scorer whose probabilities are a hash of the text: to try out flows, stores and dashboards, not for results."""

import hashlib
from collections.abc import Sequence

from stance.ids import content_id
from stance.records import Passage, PassageScore, Span, TargetScore, Triple
from stance.scorers.config import DummyConfig

ABSTAIN_BELOW = 0.4
"""Confidence under which a pair is called unsure; so that about a tenth of the rows show what unsure looks like."""


class DummyScorer:
    """Deterministic probabilities, equal for equal (text, target) pairs."""

    def __init__(self, config: DummyConfig) -> None:
        self.fingerprint = content_id({"scorer": config.model_dump(), "version": 1})

    def score(self, passages: Sequence[Passage]) -> list[PassageScore]:
        """Score passages; see `Scorer`."""
        return [_score(passage) for passage in passages]


def _score(passage: Passage) -> PassageScore:
    return PassageScore(
        sentiment=_triple(passage.text, "sentiment"),
        targets=tuple(
            _target_score(passage, query.id, query.spans[0] if query.spans else Span(0, len(passage.text)))
            for query in passage.targets
        ),
    )


def _target_score(passage: Passage, target: str, evidence: Span) -> TargetScore:
    overall = _triple(passage.text, target, "overall")
    return TargetScore(
        overall=overall,
        author=_triple(passage.text, target, "author"),
        reported=_triple(passage.text, target, "reported"),
        voices=tuple(_triple(passage.text[spans[0].start : spans[0].end], target, "voice") for spans in passage.voices),
        evidence=evidence,
        unsure=overall.confidence < ABSTAIN_BELOW,
    )


def _triple(*parts: str) -> Triple:
    digest = hashlib.sha256("\x00".join(parts).encode()).digest()
    weights = [1 + digest[0], 1 + digest[1], 1 + digest[2]]
    total = sum(weights)
    return Triple(*(weight / total for weight in weights))
