"""Which articles are the same story: wire copy that several outlets printed, cut, retitled or respelt.

What belongs here: clustering near-identical texts. What does not: whether two texts report the same event in other
words; that is not the same story.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from rensa import RMinHash

SHINGLE = 3
"""Words in a shingle."""
PERMUTATIONS = 384
BAND = 3
"""Rows of a band: 128 bands find 97 % of the pairs with Jaccard similarity 0.3, and 1 in 8,000 of those with 0.01."""
MIN_SHARED = 0.5
"""Share of the shorter text's shingles that the longer one must hold. Set with `SHINGLE` by `benchmarks/stories.py`;
change them together and run it again."""
SEED = 5
WINDOW = timedelta(days=14)
"""How far apart two articles of one link may be published; undated ones are linked with undated ones only."""
CROWD = 64
"""With how many earlier ones a text is compared in one bucket. Buckets with more texts that differ are boilerplate,
and their chains connect them all the same."""
LAST = datetime.max.replace(tzinfo=UTC)
WORD_TYPE = np.dtype("<u4")

WORD = re.compile(r"\w+(?:[’']\w+)?")
SPELLINGS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"is(e[ds]?|ing|ations?|ers?)$", r"iz\1"),
        (r"ys(e[ds]?|ing)$", r"yz\1"),
        (r"(?<=[a-z]{2})our(s|ed|ing|able|ite|ites|ful|al|hoods?|ly)?$", r"or\1"),
        (r"(?<=[bt])re(s|d)?$", r"er\1"),
        (r"(?<=[a-z]{2})ll(ed|ing|ers?)$", r"l\1"),
        (r"ence(s?)$", r"ense\1"),
        (r"ogue(s?)$", r"og\1"),
        (r"amme(s?)$", r"am\1"),
    )
)
"""British spellings made American ones; that other words change too does no harm, as both texts are treated alike."""


Digest = npt.NDArray[np.uint32]
"""Shape (PERMUTATIONS,)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryInput:
    """What clustering needs of an article."""

    article_id: str
    published: datetime | None
    sketch: bytes
    """`sketch` of its paragraphs; furniture would make unlike articles of one outlet alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMark:
    """Where an article belongs."""

    story_id: str
    """Id of the article of the story that was published first; undated ones come last, ties go to the smaller id."""
    first: bool


@dataclass(slots=True)
class _Run:
    """Articles of equal text, each published within `WINDOW` of the one before."""

    place: int
    """Of its first article."""
    start: datetime
    end: datetime
    digest: Digest
    size: int


def sketch(text: str) -> bytes:
    """Return the MinHash digest of a text and the number of its shingles, packed in `4 * (PERMUTATIONS + 1)` bytes."""
    found = shingles(text)
    minhash = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    minhash.update(sorted(found))
    return np.asarray([*minhash.digest(), len(found)], dtype=WORD_TYPE).tobytes()


def cluster(articles: Iterable[StoryInput]) -> dict[str, StoryMark]:
    """Mark every article with its story, by article id; the result does not depend on the order of the articles.

    Two articles are linked if half of the shorter text stands in the longer one and they were published within
    `WINDOW` of each other; stories are what links connect.
    """
    ordered = sorted(articles, key=lambda article: (article.published or LAST, article.article_id))
    parents = list(range(len(ordered)))
    runs = _runs(ordered, parents)
    for one, other in _candidates(runs):
        root, leaf = sorted((_root(parents, one.place), _root(parents, other.place)))
        if root != leaf and _shared(one, other) >= MIN_SHARED:
            parents[leaf] = root
    roots = [_root(parents, place) for place in range(len(ordered))]
    return {
        article.article_id: StoryMark(story_id=ordered[root].article_id, first=root == place)
        for place, (article, root) in enumerate(zip(ordered, roots, strict=True))
    }


def shingles(text: str) -> set[str]:
    """Return the runs of `SHINGLE` words of a text, in one spelling and without case and punctuation."""
    words = [_one_spelling(word) for word in WORD.findall(text.lower())]
    if len(words) < SHINGLE:
        return {" ".join(words)}
    return set(map(" ".join, zip(*(words[first:] for first in range(SHINGLE)), strict=False)))


@lru_cache(1 << 16)
def _one_spelling(word: str) -> str:
    for pattern, replacement in SPELLINGS:
        word = pattern.sub(replacement, word)
    return word


def _runs(ordered: list[StoryInput], parents: list[int]) -> list[_Run]:
    """Link articles of equal text, and return what is left to compare, by date."""
    runs: list[_Run] = []
    open_runs: dict[tuple[bytes, bool], _Run] = {}
    for place, article in enumerate(ordered):
        date, key = article.published or LAST, (article.sketch, article.published is None)
        run = open_runs.get(key)
        if run is not None and date - run.end <= WINDOW:
            run.end, parents[place] = date, run.place
            continue
        numbers = np.frombuffer(article.sketch, dtype=WORD_TYPE)
        open_runs[key] = _Run(place, date, date, numbers[:-1], int(numbers[-1]))
        runs.append(open_runs[key])
    return runs


def _candidates(runs: list[_Run]) -> Iterator[tuple[_Run, _Run]]:
    """Yield the pairs that share a band and lie within the window, some more than once."""
    for start in range(0, PERMUTATIONS, BAND):
        buckets: dict[bytes, list[_Run]] = defaultdict(list)
        for run in runs:
            buckets[run.digest[start : start + BAND].tobytes()].append(run)
        for members in buckets.values():
            for place, run in enumerate(members):
                earlier = members[max(0, place - CROWD) : place]
                yield from ((one, run) for one in earlier if run.start - one.end <= WINDOW)


def _root(parents: list[int], place: int) -> int:
    while parents[place] != place:
        parents[place] = parents[parents[place]]
        place = parents[place]
    return place


def _shared(one: _Run, other: _Run) -> float:
    """Estimate which share of the smaller set of shingles lies in the larger one, in [0, 1]."""
    jaccard = float(np.mean(one.digest == other.digest))
    return jaccard * (one.size + other.size) / (1 + jaccard) / min(one.size, other.size)
