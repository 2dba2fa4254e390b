"""Paragraph boundaries found in the marked documents of `data/gold/paragraphs`, against their marks.

    python benchmarks/paragraphs.py            the table of docs/ingest.md
    python benchmarks/paragraphs.py --errors   what is missing or too many in those worked on

A boundary is the start or the end of a marked paragraph, known by its eight first or last words. Beside it stands F1 of
whole paragraphs, which have to agree to the letter but for white space, and, for pages, what trafilatura's paragraphs
reach.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from stance.ingest import ReadOptions, discover, read
from stance.paragraphs import split
from stance.records import Article

GOLD = Path(__file__).parent.parent / "data/gold/paragraphs"
WORDS = 8


@dataclass(frozen=True)
class Counts:
    """Agreement between found and marked items."""

    both: int = 0
    found: int = 0
    marked: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.both + other.both, self.found + other.found, self.marked + other.marked)

    @property
    def f1(self) -> float:
        """F1 in [0, 1]; 1 if there is nothing to find and nothing is found."""
        total = self.found + self.marked
        return 2 * self.both / total if total else 1.0


def compare(found: Iterable[str], marked: Iterable[str]) -> Counts:
    """Count items that agree, each marked item matching one found item at most."""
    one, other = Counter(found), Counter(marked)
    return Counts((one & other).total(), one.total(), other.total())


def boundaries(paragraphs: Sequence[str]) -> list[str]:
    """Return a name for the start and the end of each paragraph."""
    words = [text.split() for text in paragraphs]
    return [f"start {' '.join(w[:WORDS])}" for w in words] + [f"end {' '.join(w[-WORDS:])}" for w in words]


def found_in(path: Path) -> list[str]:
    """Return the paragraphs that the reader finds, white space collapsed."""
    options = ReadOptions(min_words=1)
    (ref,) = discover([str(path)], options).refs
    articles = [item for item in read(ref, options) if isinstance(item, Article)]
    return [" ".join(paragraph.text.split()) for article in articles for paragraph in split(article)]


def trafilatura_in(path: Path) -> list[str]:
    """Return trafilatura's paragraphs of a page: its text output, a line each."""
    import trafilatura

    text = trafilatura.extract(path.read_bytes(), include_comments=False, include_tables=False) or ""
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--errors", action="store_true", help="list what differs, in the documents that were worked on")
    arguments = parser.parse_args()
    table: dict[str, tuple[Counts, Counts]] = {}
    other = {"pages, stance": Counts(), "pages, trafilatura": Counts()}
    for line in (GOLD / "marks.jsonl").read_text("utf-8").splitlines():
        mark = json.loads(line)
        path = GOLD / "documents" / mark["file"]
        found, marked = found_in(path), mark["paragraphs"]
        edges = compare(boundaries(found), boundaries(marked))
        for group in (mark["style"], "blind" if mark["blind"] else "worked on", "all"):
            before = table.get(group, (Counts(), Counts()))
            table[group] = (before[0] + edges, before[1] + compare(found, marked))
        if path.suffix == ".html":
            other["pages, stance"] += edges
            other["pages, trafilatura"] += compare(boundaries(trafilatura_in(path)), boundaries(marked))
        if arguments.errors and not mark["blind"]:
            show_errors(mark["file"], edges, found, marked)
    print(f"{'':28}{'boundaries F1':>14}{'paragraphs F1':>15}{'marked':>8}")
    for group, (edges, whole) in table.items():
        print(f"{group:28}{edges.f1:14.3f}{whole.f1:15.3f}{whole.marked:8}")
    for name, counts in other.items():
        print(f"{name:28}{counts.f1:14.3f}")


def show_errors(name: str, edges: Counts, found: Sequence[str], marked: Sequence[str]) -> None:
    if edges.f1 == 1:
        return
    print(f"== {name}  {edges.f1:.3f}")
    for text in (Counter(found) - Counter(marked)).elements():
        print(f"  + {text[:70]} … {text[-30:]}")
    for text in (Counter(marked) - Counter(found)).elements():
        print(f"  - {text[:70]} … {text[-30:]}")


if __name__ == "__main__":
    main()
