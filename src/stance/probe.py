"""Does the scorer read what is said, or of whom? Name swaps and target swaps over a user's own paragraphs.

What belongs here: changing names in paragraphs, scoring both versions, comparing. What does not: training
(`model.swaps` is its own set of changes) and labelled evaluation (`evaluate`).

In a name swap, every proper name of a target becomes an invented one that no model has an opinion on; the stance should
stay. In a target swap, two targets of a paragraph change places; each should get the stance the other had.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from stance.config import RunConfig
from stance.estimate.raw import quantile
from stance.pipeline.preparing import Prepared, preparer
from stance.records import Mention, Passage, Span, TargetQuery, Triple
from stance.scorers.build import build_scorer
from stance.store.query import Snapshot

INVENTED = ("Varsenia", "Ostrelund", "Tamarund", "Belcastra", "Norvanta")
"""Names of nothing, one for each distinct name of a target in a paragraph, in turn."""
NAME_SWAP, TARGET_SWAP = "name", "target"
_BATCH = 64
_ARTICLE = re.compile(r"\b(?:the|an?)\s+$", re.IGNORECASE)
_SENTENCE = re.compile(r"(?:^|[.!?…:]|[“”\"‘’'(\[—–-])\s*$")
"""What stands before a sentence, or before a quoted one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One paragraph before and after."""

    before: str
    after: str
    stance_before: float
    """Polarity toward the target, in [-1, 1]."""
    stance_after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How one target fared in one kind of swap."""

    swap: str
    """`name` or `target`."""
    target: str
    pairs: int
    change: float
    """Mean polarity after - before: how much the name itself is held against (above 0) or in favour of the target."""
    low: float
    """Lower end of its 95 % interval; paragraphs count as independent."""
    high: float
    size: float
    """Mean size of the change, whatever its sign."""
    flips: float
    """Share of paragraphs whose likeliest stance changed."""
    worst: tuple[Example, ...]
    """Largest changes first."""


@dataclass(frozen=True, slots=True)
class _Trial:
    swap: str
    target: str
    before: Passage
    after: Passage
    read: str
    """Target id whose score after the swap answers to the target's before."""


def stored_paragraphs(out: str, most: int) -> list[str]:
    """Return texts of an output's paragraphs that mention a target, at most so many, the same ones every time.

    Raises:
        StoreError: the output cannot be read.
    """
    snapshot = Snapshot.open(out)
    scored = sorted(set(snapshot.table("scores", ["paragraph_id"])["paragraph_id"].to_pylist()))[:most]
    wanted = set(scored)
    texts = snapshot.table("paragraphs", ["paragraph_id", "text"])
    return [row["text"] for row in texts.to_pylist() if row["paragraph_id"] in wanted]


def probe(texts: Sequence[str], config: RunConfig, *, worst: int = 3) -> list[Finding]:
    """Swap names and targets in paragraphs and see what the configured scorer makes of it.

    Args:
        texts: paragraphs; those without a target are passed over.
        config: its catalogue and scorer are tried.
        worst: examples to keep for each finding.

    Returns:
        One finding for each swap and target that some paragraph allows, name swaps first.

    Raises:
        ConfigError: the catalogue or the scorer is missing or wrong.
        ScorerError: the scorer could not answer.
    """
    ready = preparer(config.targets)
    trials = [trial for text in texts for item in ready.prepare([text]) for trial in _trials(item)]
    passages = list(dict.fromkeys(passage for trial in trials for passage in (trial.before, trial.after)))
    scorer = build_scorer(config.scorer)
    scored: dict[Passage, dict[str, Triple]] = {}
    for start in range(0, len(passages), _BATCH):
        batch = passages[start : start + _BATCH]
        for passage, answer in zip(batch, scorer.score(batch), strict=True):
            scored[passage] = {
                query.id: score.overall for query, score in zip(passage.targets, answer.targets, strict=True)
            }
    groups: dict[tuple[str, str], list[tuple[_Trial, Triple, Triple]]] = {}
    for trial in trials:
        pair = scored[trial.before][trial.target], scored[trial.after][trial.read]
        groups.setdefault((trial.swap, trial.target), []).append((trial, *pair))
    return [_finding(swap, target, groups[swap, target], worst) for swap, target in sorted(groups)]


def _trials(item: Prepared) -> Iterator[_Trial]:
    names = list(item.mentions)
    for target in names:
        renamed = _renamed(item.mentions[target])
        if renamed:
            yield _Trial(NAME_SWAP, target, item.passage, edited(item.passage, renamed), target)
    for number, one in enumerate(names):
        for other in names[number + 1 :]:
            after = _exchanged(item, one, other)
            if after:
                yield _Trial(TARGET_SWAP, one, item.passage, after, other)
                yield _Trial(TARGET_SWAP, other, item.passage, after, one)


def _renamed(mentions: Sequence[Mention]) -> dict[Span, str]:
    """Invented names for the mentions that are proper names: their capitalised words, as one."""
    found: dict[str, str] = {}
    edits: dict[Span, str] = {}
    for mention in mentions:
        words = [word for word in mention.text.split() if word[:1].isupper() and word.lower() not in ("the", "a", "an")]
        if words and not mention.coref:
            start = mention.start + mention.text.index(words[0])
            end = mention.start + mention.text.rindex(words[-1]) + len(words[-1])
            name = found.setdefault(mention.text, INVENTED[len(found) % len(INVENTED)])
            edits[Span(start, end)] = name
    return edits


def _exchanged(item: Prepared, one: str, other: str) -> Passage | None:
    """The passage with the two targets in each other's places, or None where their mentions overlap."""
    text = item.passage.text
    first, second = ([_phrase(text, mention) for mention in item.mentions[target]] for target in (one, other))
    if any(a.start < b.end and b.start < a.end for a in first for b in second):
        return None
    edits = {
        span: _fitted(text, span, _typical(text, others))
        for spans, others in ((first, second), (second, first))
        for span in spans
    }
    moved = edited(item.passage, edits)
    spans = {query.id: query.spans for query in moved.targets}
    turned = {one: other, other: one}
    return replace(
        moved, targets=tuple(replace(query, spans=spans[turned.get(query.id, query.id)]) for query in moved.targets)
    )


def _phrase(text: str, mention: Mention) -> Span:
    """The mention with the article before it, which stays or goes with its noun."""
    before = _ARTICLE.search(text, 0, mention.start)
    return Span(before.start() if before else mention.start, mention.end)


def _typical(text: str, phrases: Sequence[Span]) -> str:
    """Words that name a target: the first within a sentence, as a capital letter there belongs to the name."""
    inner = [span for span in phrases if not _begins(text, span)]
    start, end = (inner or phrases)[0]
    return text[start:end]


def _fitted(text: str, place: Span, words: str) -> str:
    """These words with an article or the beginning of a sentence spelled as their new place asks for."""
    if _begins(text, place):
        return words[:1].upper() + words[1:]
    head, space, rest = words.partition(" ")
    return head.lower() + space + rest if head.lower() in ("the", "a", "an") else words


def _begins(text: str, span: Span) -> bool:
    return text[span.start].isupper() and _SENTENCE.search(text, 0, span.start) is not None


def edited(passage: Passage, edits: dict[Span, str]) -> Passage:
    """Return the passage with stretches of its text replaced and all its spans kept true.

    Args:
        passage: the passage.
        edits: new words by span; spans must not overlap.
    """
    parts, last = [], 0
    for span in sorted(edits):
        parts += [passage.text[last : span.start], edits[span]]
        last = span.end
    place = _mover(edits)

    def moved(span: Span) -> Span:
        return Span(place(span.start, start=True), place(span.end, start=False))

    return replace(
        passage,
        text="".join([*parts, passage.text[last:]]),
        targets=tuple(_moved_query(query, moved) for query in passage.targets),
        voices=tuple(tuple(moved(span) for span in spans) for spans in passage.voices),
    )


def _moved_query(query: TargetQuery, moved: Callable[[Span], Span]) -> TargetQuery:
    return replace(query, spans=tuple(moved(span) for span in query.spans))


def _mover(edits: dict[Span, str]) -> Callable[..., int]:
    """New place of an offset; one inside a replaced stretch goes to the stretch's own start or end."""

    def place(offset: int, *, start: bool) -> int:
        shift = 0
        for span, words in sorted(edits.items()):
            if span.end <= offset:
                shift += len(words) - (span.end - span.start)
            elif span.start < offset:
                return span.start + shift + (0 if start else len(words))
        return offset + shift

    return place


def _finding(swap: str, target: str, trials: Sequence[tuple[_Trial, Triple, Triple]], worst: int) -> Finding:
    change = np.array([after.polarity - before.polarity for _, before, after in trials])
    count = len(change)
    half = float(quantile(np.array([count - 1.0]))[0] * change.std(ddof=1) / np.sqrt(count)) if count > 1 else 2.0
    mean = float(change.mean())
    return Finding(
        swap=swap,
        target=target,
        pairs=count,
        change=mean,
        low=max(mean - half, -2.0),
        high=min(mean + half, 2.0),
        size=float(np.abs(change).mean()),
        flips=float(np.mean([before.label != after.label for _, before, after in trials])),
        worst=tuple(_example(*trials[place]) for place in np.argsort(-np.abs(change), kind="stable")[:worst]),
    )


def _example(trial: _Trial, before: Triple, after: Triple) -> Example:
    return Example(
        before=trial.before.text,
        after=trial.after.text,
        stance_before=before.polarity,
        stance_after=after.polarity,
    )
