"""Every stance has an owner: from the scores of one paragraph and the voices in it to one opinion per target and voice.

What belongs here: which voices hold an opinion on a target, and how much each weighs in the paragraph's overall stance.
What does not: finding voices (`voices`), scoring them (`scorers`), writing rows (`store`). Pure: no reading, no model.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stance.records import HolderKind, Span, Stance, TargetScore, Triple, Utterance
from stance.shown import Holder
from stance.voices import by_holder

AUTHOR = "author"
"""Holder id of the author."""

_EVEN_CHANCE = 0.5

_EXACT = 1e3
"""Weight of "the shares sum to 1" against the fit: large enough to hold to six digits."""
_EVEN = 1e-2
"""Weight of "the shares are even" against the fit: decides only where the fit leaves a choice."""
_EDGES = " \n\t\"'“”„«»‹›‘’‚"
_PAUSES = ".?!;\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """One voice's stance toward one target in one paragraph; the columns of the table `opinions`."""

    holder: str
    """`AUTHOR`, the id of a speaker in the article, or '' if unknown."""
    holder_name: str
    """The speaker as named in the text, '' for the author and the unknown."""
    holder_kind: HolderKind
    holder_target: str
    """Target the speaker belongs to, or ''."""
    direct: bool | None
    """Whether any of the words is quoted; None for the author, and for who shows a stance without words."""
    distance: bool
    """Whether the author keeps a distance from all of these words."""
    triple: Triple
    share: float
    """Weight of this voice in the overall stance, in [0, 1]; the shares of a paragraph and target sum to 1."""
    spans: tuple[Span, ...]
    """Stretches of the paragraph in this voice; the author's are those that no speaker has."""
    evidence: Span
    """The clause or sentence that carries it."""


def rows(
    text: str,
    mentions: Sequence[Span],
    target: str,
    score: TargetScore,
    utterances: Sequence[Utterance],
    showing: Sequence[Holder] = (),
) -> list[Opinion]:
    """Return the opinions toward one target in one paragraph: the author's, the speakers' as they appear, the others'.

    The author always holds one. A speaker holds one if the target is named in his words or in the sentence they stand
    in, elsewhere than in his own name. One who is named, but whose words speak of it as `they` or not at all, holds one
    if a scorer that can tell who has a stance finds that likelier than not; with another scorer, if he belongs to the
    target.

    The shares are the weights, none negative and 1 together, whose weighted mean of the voices' triples comes nearest
    to the paragraph's overall triple (least squares); where several weightings are as near, the most even one.

    Where every mention of the target stands in words the author keeps a distance from, their stance is not his: what
    probability his triple gives to it goes to neutral.

    Args:
        text: the paragraph.
        mentions: where it names the target.
        target: target id.
        score: what the scorer says, with one voice per entry of `voices.passages_voices(utterances)`.
        utterances: the paragraph's utterances.
        showing: who else shows a stance toward the target (`shown.holders`).

    Raises:
        ValueError: if the scorer's voices are not as many as the paragraph's.
    """
    voices = list(by_holder(utterances).values())
    if len(voices) != len(score.voices):
        raise ValueError(f"expected {len(voices)} scored voices, one per holder, got {len(score.voices)}")
    heard = [
        (spoken, triple)
        for spoken, triple in zip(voices, score.voices, strict=True)
        if _speaks_of(text, mentions, spoken) or _sides(spoken, target, triple, tells=score.shown is not None)
    ]
    author = _own_triple(score.author, mentions, heard)
    others = [triple for _, triple in heard] + [holder.shown.triple for holder in showing]
    first, *rest = fit_shares([author, *others], score.overall)
    return [
        _opinion_of_author(text, mentions, author, score, utterances, first),
        *(
            _opinion(spoken, triple, score, mentions, share)
            for (spoken, triple), share in zip(heard, rest, strict=False)
        ),
        *map(_opinion_shown, showing, rest[len(heard) :]),
    ]


def fit_shares(voices: Sequence[Triple], overall: Triple) -> list[float]:
    """Return the weights of `voices` whose weighted mean comes nearest to `overall`; see `rows`."""
    count = len(voices)
    if count == 1:
        return [1.0]
    from scipy.optimize import nnls  # takes seconds to import, and a run with nothing to do does not need it

    equations = np.vstack([np.full(count, _EXACT), np.array(voices).T, _EVEN * np.eye(count)])
    wanted = np.concatenate([[_EXACT], overall, np.full(count, _EVEN / count)])
    weights, _ = nnls(equations, wanted)
    return [float(weight) for weight in weights / weights.sum()]


def _speaks_of(text: str, mentions: Sequence[Span], spoken: Sequence[Utterance]) -> bool:
    """Whether the target is named in somebody's words or their sentences, elsewhere than in his own name."""
    around = [_sentence(text, said) for said in spoken]
    names = [said.speaker_span for said in spoken if said.speaker_span is not None]
    return any(
        _overlap(mention, sentence) and not any(_overlap(mention, name) for name in names)
        for mention in mentions
        for sentence in around
    )


def _sides(spoken: Sequence[Utterance], target: str, triple: Triple, *, tells: bool) -> bool:
    """Whether somebody who is named here has a stance though his words do not name the target.

    Told by a scorer that `tells` who has one, where that is likelier than not; else members of the target have one.
    """
    if not any(said.speaker_span for said in spoken):
        return False
    return triple.neutral < _EVEN_CHANCE if tells else spoken[0].holder_target == target


def _sentence(text: str, said: Utterance | Span) -> Span:
    """Some words with the rest of the sentence they stand in, told by its stops alone."""
    start = max(text.rfind(pause, 0, said.start) for pause in _PAUSES) + 1
    ends = [text.find(pause, said.end) for pause in _PAUSES]
    return Span(start, min((end for end in ends if end >= 0), default=len(text)))


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _own_triple(author: Triple, mentions: Sequence[Span], heard: Sequence[tuple[list[Utterance], Triple]]) -> Triple:
    doubted = {
        triple.label
        for spoken, triple in heard
        if mentions
        and all(any(said.distance and _overlap(m, Span(said.start, said.end)) for said in spoken) for m in mentions)
    }
    if author.label not in doubted or author.label is Stance.NEUTRAL:
        return author
    if author.label is Stance.AGAINST:
        return Triple(0.0, author.neutral + author.against, author.favor)
    return Triple(author.against, author.neutral + author.favor, 0.0)


def _opinion(
    spoken: Sequence[Utterance], triple: Triple, score: TargetScore, mentions: Sequence[Span], share: float
) -> Opinion:
    spans = tuple(Span(said.start, said.end) for said in spoken)
    named = next((said for said in spoken if said.speaker), spoken[0])
    return Opinion(
        holder=named.holder,
        holder_name=named.speaker,
        holder_kind=named.holder_kind,
        holder_target=named.holder_target,
        direct=any(said.direct for said in spoken),
        distance=all(said.distance for said in spoken),
        triple=triple,
        share=share,
        spans=spans,
        evidence=_evidence(spans, score.evidence, mentions),
    )


def _opinion_shown(holder: Holder, share: float) -> Opinion:
    return Opinion(
        holder=holder.id,
        holder_name=holder.name,
        holder_kind=holder.kind,
        holder_target=holder.target,
        direct=None,
        distance=False,
        triple=holder.shown.triple,
        share=share,
        spans=(),
        evidence=holder.shown.clause,
    )


def _evidence(spans: Sequence[Span], evidence: Span, mentions: Sequence[Span]) -> Span:
    """The speaker's stretch that names the target, of several or none that the scorer points at, else his first."""
    return max(spans, key=lambda span: (any(_overlap(span, m) for m in mentions), _overlap(span, evidence)))


def _opinion_of_author(
    text: str,
    mentions: Sequence[Span],
    triple: Triple,
    score: TargetScore,
    utterances: Sequence[Utterance],
    share: float,
) -> Opinion:
    own = _unspoken(text, utterances)
    return Opinion(
        holder=AUTHOR,
        holder_name="",
        holder_kind=HolderKind.AUTHOR,
        holder_target="",
        direct=None,
        distance=False,
        triple=triple,
        share=share,
        spans=own,
        evidence=_own_evidence(text, mentions, score.evidence, utterances, own),
    )


def _own_evidence(
    text: str, mentions: Sequence[Span], evidence: Span, utterances: Sequence[Utterance], own: Sequence[Span]
) -> Span:
    """What the scorer points at; if most of that is somebody's words, where the author first names the target.

    A speaker's name does not count: `Ibraimov tells me` says nothing of his own.
    """
    his = sum(max(0, min(evidence.end, span.end) - max(evidence.start, span.start)) for span in own)
    if 2 * his > evidence.end - evidence.start:
        return evidence
    names = [said.speaker_span for said in utterances if said.speaker_span is not None]
    for mention in mentions:
        for span in own:
            if _overlap(mention, span) and not any(_overlap(mention, name) for name in names):
                around = _sentence(text, mention)
                return _trimmed(text, max(span.start, around.start), min(span.end, around.end))
    return evidence


def _trimmed(text: str, start: int, end: int) -> Span:
    words = text[start:end]
    return Span(start + len(words) - len(words.lstrip(_EDGES)), start + len(words.rstrip(_EDGES)))


def _unspoken(text: str, utterances: Sequence[Utterance]) -> tuple[Span, ...]:
    """The stretches that no speaker has, without the marks around his; those without a letter or digit are left out."""
    gaps: list[Span] = []
    at = 0
    for start, end in [*((said.start, said.end) for said in utterances), (len(text), len(text))]:
        gap = text[at:start]
        if any(map(str.isalnum, gap)):
            lead = len(gap) - len(gap.lstrip(_EDGES + ",")) if at else len(gap) - len(gap.lstrip())
            gaps.append(Span(at + lead, at + len(gap.rstrip(_EDGES))))
        at = max(at, end)
    return tuple(gaps)
