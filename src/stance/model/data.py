"""From labelled rows to training examples: what is asked, what is known, and how rows are varied.

What belongs here: the labels of one example, the variations (names swapped, mentions hidden, absent targets asked)
and batches of like length. What does not: reading files (`stance.labelled`) and the loop (`train`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stance.labelled import STANCES, LabelledTarget, LabelledText, Speaker, occurrences
from stance.model.swaps import swapped
from stance.model.windows import Window, sentence
from stance.records import Passage, Sentiment, Span, Stance, TargetQuery

UNKNOWN = -100
"""Label of what a row does not say; the loss passes over it."""
TONES = tuple(Sentiment)
FindVoices = Callable[[str, str], tuple[Span, ...]]
"""From a text and the name of a speaker in it to the stretches that are his words; none if it cannot tell."""


@dataclass(frozen=True, slots=True)
class Example:
    """One passage and what a reader said of it; labels are class numbers or `UNKNOWN`."""

    passage: Passage
    stances: tuple[tuple[int, int, int], ...]
    """Overall, author and reported for each query."""
    voices: tuple[tuple[int, ...], ...]
    """For each query, the stance of each of the passage's voices."""
    tone: int
    mentions: tuple[tuple[Span, ...], ...] | None
    """All mentions of each query, or None where the row does not list them all."""
    holders: tuple[tuple[Span, ...], ...] | None = None
    """Where those are named who have a stance toward each query, or None where the row does not list them."""
    weight: float = 1.0
    ask: bool = False
    """Whether a teacher is to be asked for the stances."""
    taught: NDArray[np.float32] | None = None
    """(targets, 3 heads, 3 stances): a teacher's probabilities, zero where it gave none; None without a teacher."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """How often a row is shown in another form, as probabilities."""

    swap: float = 0.0
    """Names in text and targets changed for others of their kind."""
    hide: float = 0.0
    """A target's mentions hidden from the read-out."""
    absent: float = 0.0
    """A usual target that the row does not have asked as well, for the finder; above 0 its unrated ones always."""
    rename: float = 0.0
    """A target called by one of its mentions."""


PLAIN = Variation()
USUAL_TARGETS = ("government", "protesters", "russia")


def sentences_with(text: str, words: str) -> tuple[Span, ...]:
    """Return the sentence in which `words` first stand: a plain guess at a speaker's utterance.

    Returns:
        One span, or none if the words do not stand in the text.
    """
    at = text.find(words)
    if at < 0:
        return ()
    return (sentence(text, Span(at, at + len(words))),)


def _class(stance: Stance | None) -> int:
    return UNKNOWN if stance is None else STANCES.index(stance)


def _query(target: LabelledTarget, number: int, rng: np.random.Generator, vary: Variation, text: str) -> TargetQuery:
    name = target.name
    if target.spans and rng.random() < vary.rename:
        span = target.spans[rng.integers(len(target.spans))]
        name = text[span.start : span.end]
    hidden = rng.random() < vary.hide
    return TargetQuery(id=str(number), name=name, spans=() if hidden else target.spans)


def _speakers(row: LabelledText) -> list[str]:
    return list(dict.fromkeys(speaker.name for target in row.targets for speaker in target.speakers))


def _stance_of(speakers: Sequence[Speaker], name: str) -> int:
    return next((STANCES.index(speaker.stance) for speaker in speakers if speaker.name == name), UNKNOWN)


def _with_absent(row: LabelledText, rng: np.random.Generator, probability: float) -> LabelledText:
    if not row.codebook:
        return row
    named = {target.name for target in row.targets}
    missing = [name for name in USUAL_TARGETS if name not in named and rng.random() < probability]
    return _with(row, ((name, ()) for name in missing))


def _with(row: LabelledText, more: Iterable[tuple[str, tuple[Span, ...]]]) -> LabelledText:
    """Return the row with targets, each a name and its mentions, that nobody rated."""
    asked = (LabelledTarget(name=name, spans=spans, overall=Stance.NEUTRAL) for name, spans in more)
    return replace(row, targets=(*row.targets, *asked))


def example(
    row: LabelledText,
    rng: np.random.Generator,
    vary: Variation = PLAIN,
    find_voices: FindVoices = sentences_with,
) -> Example:
    """Turn a row into an example, varied at random where `vary` asks for it."""
    known = len(row.targets)
    if vary.absent:
        row = _with(row, row.unrated)
    if rng.random() < vary.swap:
        row = swapped(row, rng)
    row = _with_absent(row, rng, vary.absent)
    order = rng.permutation(len(row.targets)) if vary != PLAIN else np.arange(len(row.targets))
    targets = [row.targets[index] for index in order]
    said = [(name, find_voices(row.text, name) or sentences_with(row.text, name)) for name in _speakers(row)]
    said = [(name, spans) for name, spans in said if spans]
    queries = tuple(_query(target, number, rng, vary, row.text) for number, target in enumerate(targets))
    return Example(
        passage=Passage(text=row.text, targets=queries, voices=tuple(spans for _, spans in said)),
        stances=tuple(_labels(target, int(index) < known) for target, index in zip(targets, order, strict=True)),
        voices=tuple(tuple(_stance_of(target.speakers, name) for name, _ in said) for target in targets),
        tone=UNKNOWN if row.tone is None else TONES.index(row.tone),
        mentions=tuple(target.spans for target in targets) if row.codebook else None,
        holders=tuple(_holders(target, row.text) for target in targets) if row.codebook else None,
    )


def _holders(target: LabelledTarget, text: str) -> tuple[Span, ...]:
    return tuple(span for speaker in target.speakers for span in occurrences(text, speaker.name))


def _labels(target: LabelledTarget, known: bool) -> tuple[int, int, int]:
    if not known:
        return UNKNOWN, UNKNOWN, UNKNOWN
    return _class(target.overall), _class(target.author), _class(target.reported)


def batches(
    items: Sequence[Window], budget: int, rng: np.random.Generator | None = None, pool: int = 40
) -> Iterator[list[int]]:
    """Part windows into batches of like length.

    Args:
        items: the windows.
        budget: most tokens of a padded batch; a longer window stands alone.
        rng: shuffles windows and batches; None keeps strict order of length.
        pool: batches' worth of windows sorted together when shuffled.

    Yields:
        Numbers of the windows of one batch; every window once.
    """
    lengths = np.array([len(item.ids) for item in items])
    if rng is None:
        yield from _fill(np.argsort(-lengths, kind="stable"), lengths, budget)
        return
    order = rng.permutation(len(items))
    size = max(1, round(pool * budget / max(1.0, lengths.mean() if len(lengths) else 1.0)))
    for start in range(0, len(order), size):
        part = order[start : start + size]
        filled = list(_fill(part[np.argsort(-lengths[part], kind="stable")], lengths, budget))
        for number in rng.permutation(len(filled)):
            yield filled[number]


def _fill(order: NDArray[np.intp], lengths: NDArray[np.intp], budget: int) -> Iterator[list[int]]:
    batch: list[int] = []
    for number in order:
        if batch and (len(batch) + 1) * lengths[batch[0]] > budget:
            yield batch
            batch = []
        batch.append(int(number))
    if batch:
        yield batch
