"""Zero-shot stance from any entailment checkpoint: does the text entail "This text is against X", "... in favor of X"?

All hypotheses of all targets go through in padded batches together (Yin et al., EMNLP 2019, for the idea).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.errors import ConfigError
from stance.ids import content_id
from stance.records import Passage, PassageScore, Span, TargetQuery, TargetScore, Triple
from stance.scorers.checkpoints import NLI_LABELS, Checkpoint
from stance.scorers.config import NliConfig
from stance.scorers.evidence import sentence_of
from stance.scorers.windows import weights, windows

KNOWN_ENTAILED = ("The minister praised the strikers warmly.", "The minister praised the strikers.")
KNOWN_CONTRADICTED = ("The minister praised the strikers warmly.", "The minister did not praise the strikers.")
HYPOTHESES = {
    "overall": ("This text is critical of {name}.", "This text is supportive of {name}."),
    "author": ("The author of this text criticizes {name}.", "The author of this text supports {name}."),
    "reported": ("Someone quoted in this text criticizes {name}.", "Someone quoted in this text supports {name}."),
    "voice": ("The speaker criticizes {name}.", "The speaker supports {name}."),
    "sentiment": ("The mood of this text is negative.", "The mood of this text is positive."),
}


@dataclass(frozen=True, slots=True)
class _Question:
    """One triple to find: two hypotheses over the windows of one text."""

    text: str
    hypotheses: tuple[str, str]
    mentions: tuple[Span, ...]


class NliScorer:
    """An entailment model asked about every target."""

    def __init__(self, config: NliConfig) -> None:
        self._checkpoint = Checkpoint(config, NLI_LABELS)
        self._threshold = config.unsure_below
        self.fingerprint = content_id(
            {
                "scorer": config.model_dump(),
                "checkpoint": self._checkpoint.identity,
                "hypotheses": HYPOTHESES,
                "version": 1,
            }
        )
        self._check_labels(config.model)

    def score(self, passages: Sequence[Passage]) -> list[PassageScore]:
        """Score passages; see `Scorer`."""
        questions = [question for passage in passages for question in _questions(passage)]
        triples, sizes = self._answer(questions)
        results, at = [], 0
        for passage in passages:
            asked = 1 + len(passage.targets) * (3 + len(passage.voices))
            results.append(self._assemble(passage, triples[at : at + asked], max(sizes[at : at + asked], default=1)))
            at += asked
        return results

    def _assemble(self, passage: Passage, triples: Sequence[Triple], size: int) -> PassageScore:
        each = 3 + len(passage.voices)
        groups = [triples[1 + each * number : 1 + each * (number + 1)] for number in range(len(passage.targets))]
        targets = tuple(
            TargetScore(
                overall=group[0],
                author=group[1],
                reported=group[2],
                voices=tuple(group[3:]),
                evidence=sentence_of(passage.text, query.spans),
                unsure=group[0].confidence < self._threshold,
            )
            for query, group in zip(passage.targets, groups, strict=True)
        )
        return PassageScore(sentiment=triples[0], targets=targets, windows=size)

    def _answer(self, questions: Sequence[_Question]) -> tuple[list[Triple], list[int]]:
        pieces = [
            windows(question.text, self._checkpoint.tokenizer, self._checkpoint.room(question.hypotheses))
            for question in questions
        ]
        pairs = [
            (question.text[piece.start : piece.end], hypothesis)
            for question, cuts in zip(questions, pieces, strict=True)
            for piece in cuts
            for hypothesis in question.hypotheses
        ]
        unique = list(dict.fromkeys(pairs))
        rows = dict(zip(unique, self._entailment(unique), strict=True))
        answers = iter([rows[pair] for pair in pairs])
        triples = []
        for question, cuts in zip(questions, pieces, strict=True):
            read = np.array([[next(answers), next(answers)] for _ in cuts])
            triples.append(_triple(weights(cuts, question.mentions) @ read))
        return triples, [len(cuts) for cuts in pieces]

    def _entailment(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        column = self._checkpoint.labels.index("entailment")
        return self._checkpoint.probabilities(pairs)[:, column]

    def _check_labels(self, model: str) -> None:
        """Refuse a checkpoint that calls a contradiction more entailed than an entailment: its labels are misnamed."""
        entailed, contradicted = self._entailment([KNOWN_ENTAILED, KNOWN_CONTRADICTED])
        if entailed <= contradicted:
            raise ConfigError(
                f"checkpoint {model!r} gives P(entailment) {entailed:.2f} to an entailed pair and {contradicted:.2f} "
                "to a contradicted one: its labels are named in the wrong order, or it is no entailment model"
            )


def _questions(passage: Passage) -> list[_Question]:
    asked = [_Question(passage.text, HYPOTHESES["sentiment"], ())]
    for query in passage.targets:
        asked += [_question(passage.text, head, query) for head in ("overall", "author", "reported")]
        for spans in passage.voices:
            words = " … ".join(passage.text[span.start : span.end] for span in spans)
            asked.append(_Question(words, _named("voice", query), ()))
    return asked


def _question(text: str, head: str, query: TargetQuery) -> _Question:
    return _Question(text, _named(head, query), query.spans)


def _named(head: str, query: TargetQuery) -> tuple[str, str]:
    against, favor = HYPOTHESES[head]
    return against.format(name=query.name), favor.format(name=query.name)


def _triple(entailed: NDArray[np.float64]) -> Triple:
    """Turn P(critical) and P(supportive), asked apart, into one distribution: both or neither is neutral."""
    against, favor = float(entailed[0]), float(entailed[1])
    lone_against, lone_favor = against * (1 - favor), favor * (1 - against)
    return Triple(lone_against, max(0.0, 1 - lone_against - lone_favor), lone_favor)
