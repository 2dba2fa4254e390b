"""Learns the weights of descriptions from labelled paragraphs.

    python -m stance.targets.learn FILE... --to WEIGHTS.json [--targets PACK_OR_FILE]...

Rows are those of the codebook: `{"text", "labels": [{"target", "mentions": [...]}]}`. What belongs here: labels,
regression, pruning. What does not: what is looked at (`descriptions`).
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from stance.errors import ConfigError
from stance.targets.catalog import Catalog, load
from stance.targets.descriptions import Describer, Weights, Words
from stance.targets.mentions import MentionFinder, longest
from stance.targets.scan import Place

MIN_FEATURE, MIN_WORD = 8, 20
"""Descriptions in which a feature must occur to count, and a word to count as itself."""
PENALTY = 0.8
"""Inverse strength of the L1 penalty: most features get no weight at all."""
_TOKEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|[^\w\s]")
_AFTER_HEAD = frozenset(
    """
    of in on at to for from by with who that which whom whose where when outside inside under behind near around
    against about between into and or but is are was were had have has , ; : – — “ ” ( )
    """.split()  # noqa: SIM905 - a table of words, not code
)


class _Everything(frozenset[str]):
    """Every word there is."""

    def __contains__(self, word: object) -> bool:
        return word != "^"


class Example(NamedTuple):
    """A description and the target it names, '' for none."""

    features: Counter[str]
    target: str


def learn(catalog: Catalog, rows: Iterable[Mapping[str, Any]], penalty: float = PENALTY) -> Weights:
    """Return weights that tell the labelled mentions from all other nouns.

    Raises:
        ConfigError: the catalogue finds no descriptions, or the rows do not show a target it should find.
    """
    if catalog.descriptions is None:
        raise ConfigError("descriptions: the catalogue has none to learn weights for")
    examples = list(_examples(catalog, rows))
    counts = Counter(feature for example in examples for feature in example.features)
    features = sorted(
        name for name, count in counts.items() if count >= (MIN_WORD if name.startswith("=") else MIN_FEATURE)
    )
    held = _matrix(examples, features)
    targets = tuple(catalog.descriptions.part.at_least)
    shares = _shares(examples)
    models = [_fit(held, shares, [e.target == target for e in examples], target, penalty) for target in targets]
    values = np.round(np.stack([model.coef_[0] for model in models], axis=1), 3)
    kept = {name: tuple(row.tolist()) for name, row in zip(features, values, strict=True) if row.any()}
    bias = tuple(round(float(model.intercept_[0]), 3) for model in models)
    return Weights(frozenset(name.split(" ", 1)[1] for name in kept if name.startswith("=")), targets, bias, kept)


def _shares(examples: Sequence[Example]) -> list[float]:
    """Return how much each example counts: nouns in like surroundings, as in contrasted rows, count once together."""
    alike = [
        frozenset(name for name in example.features if "&" not in name and not name.startswith(("P ", "s ")))
        for example in examples
    ]
    times = Counter(alike)
    return [1 / times[each] for each in alike]


def _fit(
    held: csr_matrix, shares: Sequence[float], wanted: Sequence[bool], target: str, penalty: float
) -> LogisticRegression:
    if not any(wanted):
        raise ConfigError(f"descriptions: no row describes {target} with a listed noun")
    model = LogisticRegression(C=penalty, l1_ratio=1.0, solver="liblinear", tol=1e-3, random_state=0)
    return model.fit(held, np.array(wanted), sample_weight=shares)


def _examples(catalog: Catalog, rows: Iterable[Mapping[str, Any]]) -> Iterator[Example]:
    """Yield the nouns that no name covers.

    Those inside a mention but not its head teach nothing, nor do those that name a target the catalogue does not
    describe ("the farmers" may be protesters too), nor rows that label such targets only: of ours they list nothing.
    """
    held = catalog.descriptions
    assert held is not None
    targets = held.part.at_least.keys()
    finder = MentionFinder(catalog)
    describer = Describer(Words(held.lists, held.part.nouns, held.part.context, _Everything()))
    for row in rows:
        if row["labels"] and targets.isdisjoint(label["target"] for label in row["labels"]):
            continue
        found, hits = finder.candidates(row["text"])
        named = [(catalog.rules[hit.rule].target, (hit.start, hit.end)) for hit in longest(hits, catalog.rules)]
        mentions = list(_mentions(row))
        for noun in describer.describe(found, named):
            place = found.text.span(noun.head, noun.end)
            heads = [target for target, _, head in mentions if _overlap(place, head)]
            ours = [target for target in heads if target in targets]
            if ours or not any(_overlap(place, whole) for _, whole, _ in mentions):
                yield Example(Counter(describer.features(noun)), ours[0] if ours else "")


def _mentions(row: Mapping[str, Any]) -> Iterator[tuple[str, Place, Place]]:
    """Yield target, place and place of the head noun of every labelled mention, as whole words.

    A mention is listed once, as it stands first: at the start of a sentence it has a capital that later ones lack.
    """
    text = row["text"]
    for label in row["labels"]:
        for mention in label["mentions"]:
            first, rest = re.escape(mention[0]), re.escape(mention[1:])
            for match in re.finditer(rf"(?<!\w)(?i:{first}){rest}(?!\w)", text):
                yield label["target"], match.span(), _head(text, *match.span())


def _head(text: str, start: int, end: int) -> Place:
    """Return the place of a noun phrase's head: the last word before what follows a noun."""
    words = list(_TOKEN.finditer(text, start, end))
    for before, word in pairwise(words):
        if word[0].lower() in _AFTER_HEAD or (word[0].endswith("ing") and before is not words[0]):
            return before.span()
    return words[-1].span() if words else (start, end)


def _overlap(a: Place, b: Place) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _matrix(examples: Sequence[Example], features: Sequence[str]) -> csr_matrix:
    """Return float32, shape (len(examples), len(features)): how often each feature holds."""
    index = {name: column for column, name in enumerate(features)}
    rows = [[(index[name], times) for name, times in example.features.items() if name in index] for example in examples]
    columns = [column for row in rows for column, _ in row]
    values = np.array([times for row in rows for _, times in row], np.float32)
    return csr_matrix((values, columns, np.cumsum([0, *map(len, rows)])), (len(examples), len(features)))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def main(arguments: Sequence[str] | None = None) -> int:
    """Learn weights and write them; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--to", required=True, type=Path, help="weights file to write")
    parser.add_argument(
        "--targets", action="append", default=[], help="catalogue file or shipped pack; may be repeated"
    )
    parser.add_argument("--penalty", type=float, default=PENALTY, help="inverse strength of the L1 penalty")
    options = parser.parse_args(arguments)
    try:
        rows = [row for path in options.files for row in _rows(path)]
        weights = learn(load(options.targets, weigh=False), rows, options.penalty)
    except (ConfigError, OSError, ValueError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    weights.save(options.to)
    sys.stdout.write(f"{options.to}: {len(weights.features)} features from {len(rows)} paragraphs\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
