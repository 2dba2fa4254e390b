"""VADER's word list read around the mentions: the baseline that a model must beat (Hutto & Gilbert, ICWSM 2014).

It knows no targets: the stance toward one is the tone of the sentences that name it, cut at the bounds of voices, so
"The mob attacked the brave police" counts for and against both alike.
"""

import re
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from math import exp

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from stance.ids import content_id
from stance.records import Passage, PassageScore, Span, TargetQuery, TargetScore, Triple
from stance.scorers.config import LexiconConfig

CUT = 0.05
"""|compound| under which VADER's authors call a text neutral."""
STEEPNESS = 3.0
"""How fast the compound score turns into probability: at 0.8 the likelier side gets 0.90."""
UNSURE_BELOW = 0.45
SENTENCE = re.compile(r"[^.!?…]+(?:[.!?…]+[\"'”’»)]*|$)")


class LexiconScorer:
    """Tone of the sentences that name the target; long text needs no windows, since each sentence is read alone."""

    def __init__(self, config: LexiconConfig) -> None:
        self.fingerprint = content_id({"scorer": config.model_dump(), "version": 1, "vader": version("vaderSentiment")})
        self._analyzer = SentimentIntensityAnalyzer()

    def score(self, passages: Sequence[Passage]) -> list[PassageScore]:
        """Score passages; see `Scorer`."""
        return [
            PassageScore(
                sentiment=self._triple([passage.text]),
                targets=tuple(self._target_score(passage, query) for query in passage.targets),
            )
            for passage in passages
        ]

    def _target_score(self, passage: Passage, query: TargetQuery) -> TargetScore:
        sentences = _sentences(passage.text)
        naming = [span for span in sentences if any(_overlap(span, mention) for mention in query.spans)] or sentences
        speech = [span for spans in passage.voices for span in spans]
        overall = self._triple(_cut(passage.text, naming))
        return TargetScore(
            overall=overall,
            author=self._triple(_outside(passage.text, naming, speech)),
            reported=self._triple(_inside(passage.text, naming, speech)),
            voices=tuple(self._triple(_inside(passage.text, naming, spans)) for spans in passage.voices),
            evidence=max(naming, key=lambda span: abs(self._compound(passage.text[span.start : span.end]))),
            unsure=overall.confidence < UNSURE_BELOW,
        )

    def _compound(self, text: str) -> float:
        return float(self._analyzer.polarity_scores(text)["compound"])

    def _triple(self, pieces: Iterable[str]) -> Triple:
        scores = [self._compound(piece) for piece in pieces if piece.strip()]
        mean = sum(scores) / len(scores) if scores else 0.0
        weights = (exp(-STEEPNESS * mean), exp(STEEPNESS * CUT), exp(STEEPNESS * mean))
        total = sum(weights)
        return Triple(*(weight / total for weight in weights))


def _sentences(text: str) -> list[Span]:
    found = [Span(*match.span()) for match in SENTENCE.finditer(text) if match.group().strip()]
    return found or [Span(0, len(text))]


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _cut(text: str, spans: Sequence[Span]) -> list[str]:
    return [text[span.start : span.end] for span in spans]


def _inside(text: str, sentences: Sequence[Span], speech: Sequence[Span]) -> list[str]:
    return [
        text[max(one.start, other.start) : min(one.end, other.end)]
        for one in sentences
        for other in speech
        if _overlap(one, other)
    ]


def _outside(text: str, sentences: Sequence[Span], speech: Sequence[Span]) -> list[str]:
    pieces = []
    for sentence in sentences:
        start = sentence.start
        for other in sorted(span for span in speech if _overlap(sentence, span)):
            pieces.append(text[start : max(start, other.start)])
            start = max(start, other.end)
        pieces.append(text[start : sentence.end])
    return pieces
