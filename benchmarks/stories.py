"""Pairs of articles made from the samples by the edits that newsrooms make: are they found to be one story or two?

    python benchmarks/stories.py --pairs 300 --seed 1

Half of the pairs are an article and a copy of it that went through several edits: new first paragraph, cuts of up to
half of the paragraphs, American spelling, other quotation marks, paragraphs moved, a paragraph of the outlet's own,
other verbs of saying, numbers written out. The other half are two stories: different articles, mostly of the same days
about the same events, every third with one or two paragraphs of background in common. Articles that are syndicated in
the samples as they stand are never paired.
"""

import argparse
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from stance.ingest import ReadOptions, discover, read
from stance.ingest.stories import StoryInput, cluster, sketch
from stance.paragraphs import split
from stance.records import Article

SAMPLES = Path(__file__).parent.parent / "data/samples"
DAY = datetime(2025, 1, 1, tzinfo=UTC)
Text = list[str]
Edit = Callable[[Text, random.Random], Text]

# ruff: noqa: E501 (sentences stay on one line)
LEADS = (
    "It was a day that few in the republic will want to live through again, and one that the government would rather forget.",
    "Our correspondents in the capital have put together what is known so far, and it is less than either side claims.",
    "The figures are out at last. Whether anyone believes them is another question, and not one that officials care to answer.",
    "Another week, another announcement: this is what the authorities said on Saturday, and what they left out of it.",
)
AMERICAN = {
    "our": "or",
    "ise": "ize",
    "isation": "ization",
    "centre": "center",
    "metre": "meter",
    "programme": "program",
}
SAID = {
    "said": "told reporters",
    "says": "argues",
    "told": "informed",
    "according to": "as reported by",
    "announced": "made known",
}
NUMBERS = {"two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "ten": "10", "eleven": "11", "twelve": "12"}


def new_lead(text: Text, rng: random.Random) -> Text:
    return [rng.choice(LEADS), *text[1:]]


def cut(text: Text, rng: random.Random) -> Text:
    keep = sorted(rng.sample(range(len(text)), rng.randint((len(text) + 1) // 2, len(text) - 1)))
    return [text[place] for place in keep]


def cut_tail(text: Text, rng: random.Random) -> Text:
    return text[: rng.randint((len(text) + 1) // 2, len(text) - 1)]


def american(text: Text, _: random.Random) -> Text:
    return [
        _replace(part, {rf"(?<=[a-z]{{2}}){british}": other for british, other in AMERICAN.items()}) for part in text
    ]


def quotes(text: Text, _: random.Random) -> Text:
    return [part.replace("“", '"').replace("”", '"').replace("’", "'") for part in text]


def moved(text: Text, rng: random.Random) -> Text:
    place = rng.randrange(1, len(text))
    return [*text[:1], *text[place:], *text[1:place]]


def own_paragraph(text: Text, rng: random.Random) -> Text:
    place = rng.randrange(len(text) + 1)
    return [*text[:place], rng.choice(LEADS), *text[place:]]


def other_verbs(text: Text, rng: random.Random) -> Text:
    chosen = dict(rng.sample(sorted(SAID.items()), 3))
    return [_replace(part, {rf"\b{word}\b": other for word, other in chosen.items()}) for part in text]


def digits(text: Text, _: random.Random) -> Text:
    return [_replace(part, {rf"\b{word}\b": other for word, other in NUMBERS.items()}) for part in text]


EDITS: tuple[Edit, ...] = (new_lead, cut, cut_tail, american, quotes, moved, own_paragraph, other_verbs, digits)


def _replace(text: str, changes: dict[str, str]) -> str:
    for pattern, other in changes.items():
        text = re.sub(pattern, other, text)
    return text


def copied(text: Text, rng: random.Random) -> tuple[Text, str]:
    """Return a copy after two to five edits; at most one of them cuts."""
    edits = [
        *rng.sample([edit for edit in EDITS if edit not in (cut, cut_tail)], rng.randint(1, 4)),
        rng.choice((cut, cut_tail)),
    ]
    rng.shuffle(edits)
    for edit in edits:
        text = edit(text, rng)
    return text, f"{len(edits)} edits"


def unlike(one: Text, other: Text, rng: random.Random, *, share: bool) -> tuple[Text, str]:
    """Return another story, with one or two paragraphs of the first in it if they share their background."""
    if not share:
        return other, "other article"
    return [*other, *rng.sample(one, rng.randint(1, 2))], "shared background"


def one_story(one: Text, other: Text) -> bool:
    """Tell whether clustering finds two texts to be one story."""
    pair = [("a", one, DAY), ("b", other, DAY + timedelta(days=1))]
    marks = cluster(
        StoryInput(article_id=name, published=date, sketch=sketch("\n\n".join(text))) for name, text, date in pair
    )
    return marks["a"].story_id == marks["b"].story_id


def texts() -> list[Text]:
    """Return the samples' texts by date, of each syndicated story the first only."""
    found = discover([str(SAMPLES)], ReadOptions()).refs
    articles = [item for ref in found for item in read(ref, ReadOptions()) if isinstance(item, Article)]
    articles.sort(key=lambda item: (item.published or DAY, item.id))
    originals = [item for item in articles if not item.credit or item.credit == item.outlet]
    return [[paragraph.text for paragraph in split(item)] for item in originals]


def run(pairs: int, seed: int, corpus: Sequence[Text]) -> Counter[tuple[str, bool, bool]]:
    """Count pairs by (kind, whether they are one story, whether they are found to be one)."""
    rng, counts = random.Random(seed), Counter[tuple[str, bool, bool]]()
    for number in range(pairs):
        place = rng.randrange(len(corpus))
        same = number % 2 == 0
        if same:
            other, kind = copied(corpus[place], rng)
        else:
            near = (place + rng.choice((-2, -1, 1, 2))) % len(corpus)
            other, kind = unlike(corpus[place], corpus[near], rng, share=number % 3 == 0)
        counts[kind, same, one_story(corpus[place], other)] += 1
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    counts = run(arguments.pairs, arguments.seed, texts())
    for kind in sorted({kind for kind, _, _ in counts}):
        right = sum(n for (one, same, found), n in counts.items() if one == kind and same == found)
        print(f"{kind:20}{right:5} right of {sum(n for (one, _, _), n in counts.items() if one == kind)}")
    both = sum(n for (_, same, found), n in counts.items() if same and found)
    found_same, really_same = (sum(n for key, n in counts.items() if key[index]) for index in (2, 1))
    print(
        f"precision {both / found_same:.3f}  recall {both / really_same:.3f}  F1 {2 * both / (found_same + really_same):.3f}"
    )


if __name__ == "__main__":
    main()
