"""Any (text, target) classifier: one pass for each target, which is what the default model is measured against.

Such a model knows no voices: the author's stance is read from the text outside quotations, the reported from inside.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from stance.ids import content_id
from stance.records import Passage, PassageScore, Span, TargetQuery, TargetScore, Triple
from stance.scorers.checkpoints import STANCE_LABELS, Checkpoint
from stance.scorers.config import PairConfig
from stance.scorers.evidence import sentence_of
from stance.scorers.windows import weights, windows

TONE = "the whole text"
"""What such a classifier is asked about for the sentiment of a paragraph."""
ORDER = ("against", "neutral", "favor")
NOTHING_SAID = Triple(0.0, 1.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Question:
    text: str
    target: str
    mentions: tuple[Span, ...]


class PairScorer:
    """A (text, target) classifier asked about each target in turn."""

    def __init__(self, config: PairConfig) -> None:
        names = {**STANCE_LABELS, **{name.lower(): meaning for name, meaning in config.labels}}
        self._checkpoint = Checkpoint(config, names)
        self._threshold = config.unsure_below
        self.fingerprint = content_id(
            {"scorer": config.model_dump(), "checkpoint": self._checkpoint.identity, "version": 1}
        )

    def score(self, passages: Sequence[Passage]) -> list[PassageScore]:
        """Score passages; see `Scorer`."""
        questions = [question for passage in passages for question in _questions(passage)]
        answers = iter(self._answer(questions))
        results = []
        for passage in passages:
            sentiment, size = next(answers)
            targets = []
            for query in passage.targets:
                read = [next(answers) for _ in range(3 + len(passage.voices))]
                size = max(size, read[0][1])
                targets.append(self._target_score(passage, query, [triple for triple, _ in read]))
            results.append(PassageScore(sentiment=sentiment, targets=tuple(targets), windows=size))
        return results

    def _target_score(self, passage: Passage, query: TargetQuery, triples: Sequence[Triple]) -> TargetScore:
        return TargetScore(
            overall=triples[0],
            author=triples[1],
            reported=triples[2],
            voices=tuple(triples[3:]),
            evidence=sentence_of(passage.text, query.spans),
            unsure=triples[0].confidence < self._threshold,
        )

    def _answer(self, questions: Sequence[_Question]) -> list[tuple[Triple, int]]:
        pieces = [
            windows(question.text, self._checkpoint.tokenizer, self._checkpoint.room([question.target]))
            if question.text.strip()
            else []
            for question in questions
        ]
        pairs = [
            (question.text[piece.start : piece.end], question.target)
            for question, cuts in zip(questions, pieces, strict=True)
            for piece in cuts
        ]
        unique = list(dict.fromkeys(pairs))
        columns = [self._checkpoint.labels.index(label) for label in ORDER]
        rows = dict(zip(unique, self._checkpoint.probabilities(unique)[:, columns], strict=True)) if unique else {}
        answers = iter([rows[pair] for pair in pairs])
        results = []
        for question, cuts in zip(questions, pieces, strict=True):
            read = [next(answers) for _ in cuts]
            merged = Triple(*(weights(cuts, question.mentions) @ read).tolist()) if cuts else NOTHING_SAID
            results.append((merged, max(1, len(cuts))))
        return results


def _questions(passage: Passage) -> list[_Question]:
    speech = sorted({span for spans in passage.voices for span in spans})
    outside = _without(passage.text, speech)
    inside = " … ".join(passage.text[span.start : span.end] for span in speech)
    asked = [_Question(passage.text, TONE, ())]
    for query in passage.targets:
        asked.append(_Question(passage.text, query.name, query.spans))
        asked.append(_Question(outside, query.name, () if speech else query.spans))
        asked.append(_Question(inside, query.name, ()))
        asked += [
            _Question(" … ".join(passage.text[span.start : span.end] for span in spans), query.name, ())
            for spans in passage.voices
        ]
    return asked


def _without(text: str, spans: Sequence[Span]) -> str:
    pieces, at = [], 0
    for span in spans:
        pieces.append(text[at : max(at, span.start)])
        at = max(at, span.end)
    return "".join([*pieces, text[at:]])
