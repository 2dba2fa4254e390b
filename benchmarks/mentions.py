"""How well a catalogue finds the mentions listed in codebook rows, and how fast.

    python benchmarks/mentions.py FILE... [--targets PACK_OR_FILE]... [--at-least CHANCE] [--worst N] [--aliases N]
    python benchmarks/mentions.py FILE... --model base
    python benchmarks/mentions.py FILE... --readers data/gold/readers.jsonl

With `--model` the embedded scorer looks for further mentions, as in a run. With `--readers` nothing is searched: what
two readers marked, who saw neither the lists nor each other's marks, is held against the lists, in the rows they read.

A listed mention counts as found if any of its occurrences is overlapped by a mention found for the same target; a found
mention counts as right if it overlaps an occurrence of any mention listed for the same target. The last two columns
count paragraphs instead: those labelled with the target that have a mention of it found, and those with a mention found
that are labelled. Rows are those of `codebook.md`: `{"text", "labels": [{"target", "mentions": [...]}]}`; labels of
targets the catalogue does not have are left out.
"""

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from stance import sought
from stance.pipeline.preparing import Preparer
from stance.scorers.config import EncoderConfig
from stance.scorers.encoder import EncoderScorer
from stance.targets import Catalog, MentionFinder, load
from stance.targets.catalog import Rule
from stance.targets.entries import Alias

Spans = list[tuple[int, int]]
READINGS = 3
"""Timed readings of each paragraph; the first of all, with words never met before, is not timed."""
BY_MODEL = "found by the model"
CONTEXT = 40
"""Characters shown on each side of a false hit."""


@dataclass
class Tally:
    """Counts of one target in one file."""

    listed: int = 0
    listed_found: int = 0
    found: int = 0
    found_right: int = 0
    labelled: int = 0
    seen: int = 0
    seen_right: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Tally(*(a + b for a, b in pairs))

    def __str__(self) -> str:
        recall = self.listed_found / max(self.listed, 1)
        precision = self.found_right / max(self.found, 1)
        paragraphs = f"{self.seen_right / max(self.labelled, 1):7.3f} {self.seen_right / max(self.seen, 1):10.3f}"
        return f"{recall:7.3f} {precision:10.3f} {self.listed:7d} {self.found:7d} {paragraphs}"


@dataclass
class Tallies:
    """Counts by file and target, and what went wrong."""

    targets: frozenset[str]
    counts: dict[tuple[str, str], Tally] = field(default_factory=dict)
    missed: Counter[tuple[str, str]] = field(default_factory=Counter)
    false: Counter[tuple[str, str]] = field(default_factory=Counter)
    contexts: dict[tuple[str, str], str] = field(default_factory=dict)
    right: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add_row(self, file: str, row: dict[str, Any], found: list[tuple[Rule, int, int]]) -> None:
        """Count one row."""
        marked = [*row["labels"], *row.get("unrated", ())]
        listed = {label["target"]: label["mentions"] for label in marked if label["target"] in self.targets}
        for target in listed.keys() | {rule.target for rule, _, _ in found}:
            tally = self.counts.setdefault((file, target), Tally())
            mine = [(rule, start, end) for rule, start, end in found if rule.target == target]
            tally.labelled += target in listed
            tally.seen += bool(mine)
            tally.seen_right += bool(mine) and target in listed
            self.add_listed(tally, target, row["text"], listed.get(target, []), [(s, e) for _, s, e in mine])
            self.add_found(tally, target, row["text"], listed.get(target, []), mine)

    def add_listed(self, tally: Tally, target: str, text: str, mentions: list[str], found: Spans) -> None:
        """Count which of the listed mentions of one target were found."""
        for mention in mentions:
            hit = any(overlaps(a, b) for a in occurrences(mention, text) for b in found)
            tally.listed += 1
            tally.listed_found += hit
            if not hit:
                self.missed[target, mention] += 1

    def add_found(
        self, tally: Tally, target: str, text: str, mentions: list[str], found: list[tuple[Rule, int, int]]
    ) -> None:
        """Count which of the found mentions of one target are right."""
        places = [span for mention in mentions for span in occurrences(mention, text)]
        for rule, start, end in found:
            right = any(overlaps((start, end), place) for place in places)
            tally.found += 1
            tally.found_right += right
            key = (target, rule.alias.name)
            (self.right if right else self.false)[key] += 1
            if not right:
                self.contexts[key] = text[max(0, start - CONTEXT) : end + CONTEXT].replace("\n", " ")

    def total(self, file: str | None = None, target: str | None = None) -> Tally:
        """Sum the counts, of all files or targets where none is named."""
        wanted = (t for (f, g), t in self.counts.items() if file in (None, f) and target in (None, g))
        return sum(wanted, Tally())


def occurrences(mention: str, text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in re.finditer(re.escape(mention), text))


def overlaps(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def with_chance(catalog: Catalog, chance: float) -> Catalog:
    """Return the catalogue with another chance from which descriptions count; above 1 none does."""
    if catalog.descriptions is None:
        return catalog
    chances = dict.fromkeys(catalog.descriptions.part.at_least, chance)
    part = replace(catalog.descriptions.part, at_least=chances, alone=chance)
    return replace(catalog, descriptions=replace(catalog.descriptions, part=part))


def timed(finder: MentionFinder, text: str) -> tuple[list[tuple[Rule, int, int]], float]:
    """Return what is found in a text, and the seconds the quickest of several readings took."""
    found, times = finder.find_rules(text), []
    for _ in range(READINGS):
        start = time.process_time()
        finder.find_rules(text)
        times.append(time.process_time() - start)
    return found, min(times)


def with_model(
    ready: Preparer, scorer: EncoderScorer, texts: list[str], hits: list[list[tuple[Rule, int, int]]]
) -> list[list[tuple[Rule, int, int]]]:
    """Return for each text the hits that the scorer does not doubt, and what it finds beside them."""
    rules = {target.id: Rule(target.id, Alias(BY_MODEL, BY_MODEL, False, ""), None) for target in ready.catalog.targets}
    prepared, answers = ready.prepare(texts), []
    for one, score, own in zip(prepared, scorer.score([one.passage for one in prepared]), hits, strict=True):
        mentions = [
            mention
            for query, said in zip(one.passage.targets, score.targets, strict=True)
            for mention in sought.mentions(one.passage, query, said, one.listed)
        ]
        kept = {(mention.target, mention.start, mention.end) for mention in mentions if not mention.coref}
        answers.append(
            [hit for hit in own if (hit[0].target, *hit[1:]) in kept]
            + [(rules[mention.target], mention.start, mention.end) for mention in mentions if mention.coref]
        )
    return answers


def readings(files: list[Path], marks: dict[str, list[dict[str, list[str]]]], reader: int) -> Tallies:
    """Hold what one reader marked against what is listed; a mark counts wherever its words stand, as a listed one."""
    tallies = Tallies(frozenset(target for readers in marks.values() for target in readers[reader]))
    rules = {target: Rule(target, Alias("", "", False, ""), None) for target in tallies.targets}
    for file, row in ((path.name, row) for path in files for row in read(path) if row["id"] in marks):
        found = [
            (rules[target], *span)
            for target, mentions in marks[row["id"]][reader].items()
            for mention in mentions
            for span in occurrences(mention, row["text"])
        ]
        tallies.add_row(file, row, found)
    return tallies


def report(tallies: Tallies, worst: int, aliases: int) -> None:
    files, targets = (sorted({key[index] for key in tallies.counts}) for index in (0, 1))
    heads = ("recall", "precision", "listed", "found", "in text", "precision")
    widths = (7, 10, 7, 7, 7, 10)
    print(f"{'file':24} {'target':12}", *(f"{head:>{width}}" for head, width in zip(heads, widths, strict=True)))
    for file in [*files, None]:
        for target in [*targets, None]:
            print(f"{file or 'all':24} {target or 'all':12} {tallies.total(file, target)}")
    if worst:
        print(
            "\nmost missed:",
            *(f"  {n} {target}: {text}" for (target, text), n in tallies.missed.most_common(worst)),
            sep="\n",
        )
        print("\nfalse hits (false/right):")
        for key, n in tallies.false.most_common(worst):
            print(f"  {n}/{tallies.right[key]} {key[0]}: {key[1]}   ...{tallies.contexts[key]}...")
    if aliases:
        print("\naliases by hits (right/false):")
        for key, n in (tallies.right + tallies.false).most_common(aliases):
            print(f"  {tallies.right[key]}/{n - tallies.right[key]} {key[0]}: {key[1]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument(
        "--targets", action="append", default=[], help="catalogue file or shipped pack; may be repeated"
    )
    parser.add_argument(
        "--at-least", type=float, help="chance from which a description counts, in place of the catalogue's"
    )
    parser.add_argument("--worst", type=int, default=0, help="show so many misses and false hits")
    parser.add_argument("--aliases", type=int, default=0, help="show so many aliases with their right and false hits")
    parser.add_argument("--model", help="embedded model that looks too: base, small, or a folder")
    parser.add_argument("--readers", type=Path, help="file of what readers marked in these rows")
    options = parser.parse_args()
    if options.readers:
        kept = {row["id"]: row["readers"] for row in read(options.readers)}
        for reader in (0, 1):
            print(f"reader {reader + 1}")
            report(readings(options.files, kept, reader), options.worst, 0)
        return
    begun = time.process_time()
    catalog = load(options.targets)
    finder = MentionFinder(catalog if options.at_least is None else with_chance(catalog, options.at_least))
    built = time.process_time()
    tallies, texts, spent = Tallies(frozenset(target.id for target in catalog.targets)), 0, 0.0
    model = options.model and (
        Preparer(options.targets, seek=True),
        EncoderScorer(EncoderConfig(model=options.model)),
    )
    for path in options.files:
        rows = read(path)
        searched = [timed(finder, row["text"]) for row in rows]
        found = [hits for hits, _ in searched]
        texts, spent = texts + len(rows), spent + sum(took for _, took in searched)
        if model:
            found = with_model(*model, [row["text"] for row in rows], found)
        for row, hits in zip(rows, found, strict=True):
            tallies.add_row(path.name, row, hits)
    report(tallies, options.worst, options.aliases)
    print(f"\ncatalogue ready in {built - begun:.2f} s of processor time")
    print(f"{texts} paragraphs in {spent:.2f} s of processor time: {texts / spent:,.0f} a second")


if __name__ == "__main__":
    main()
