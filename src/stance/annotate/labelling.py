"""Labels come in: reading a filled file, checking it against the sample, and what humans said taken together.

What belongs here: the checks and the table that corrections read. What does not: file formats, statistics.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from stance.annotate import label_studio, spreadsheet
from stance.annotate.records import ABSENT, ADJUDICATED, STANCES, Drawn, Label
from stance.errors import ShardError

_SHOWN = 20
_COLUMNS = [f"{voice}_{what}" for voice in ("overall", "author", "reported") for what in ("present", *STANCES)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What a file of labels brought."""

    labels: tuple[Label, ...]
    unlabelled: int
    """Drawn pairs that nobody has labelled yet, these labels counted in."""
    by_annotator: dict[str, int]


def read(
    path: Path, drawn: Sequence[Drawn], known: Sequence[Label] = (), *, annotator: str = "", time: str = ""
) -> Added:
    """Read and check a filled file: CSV, or the JSON export of Label Studio; nothing is stored.

    Args:
        path: the file; `.json` is Label Studio's.
        drawn: the sample it must belong to.
        known: labels that came before.
        annotator: who labelled the rows that do not say so.
        time: when, for rows that do not say so, in ISO format.

    Raises:
        ShardError: the file cannot be read, or rows are wrong; names each with its line, and nothing of it counts.
    """
    sample = {item.key for item in drawn}
    good: list[Label] = []
    wrong: list[str] = []
    for line, label in _rows(path, annotator):
        problem = label if isinstance(label, str) else _problem(label, sample)
        if problem:
            wrong.append(f"{path}:{line}: {problem}")
        elif isinstance(label, Label):
            good.append(replace(label, time=label.time or time))
    if wrong:
        more = f"\n... and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        raise ShardError("\n".join(wrong[:_SHOWN]) + more)
    done = {label.key for label in [*known, *good]}
    return Added(
        labels=tuple(good),
        unlabelled=len(sample - done),
        by_annotator=dict(sorted(Counter(label.annotator for label in good).items())),
    )


def _rows(path: Path, annotator: str) -> Iterable[tuple[int, Label | str]]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ShardError(f"{path}: cannot read it as UTF-8: {error}; save it as CSV UTF-8") from error
    if path.suffix != ".json":
        return spreadsheet.from_csv(text, annotator)
    try:
        return label_studio.from_export(json.loads(text), annotator)
    except json.JSONDecodeError as error:
        raise ShardError(f"{path}: expected Label Studio's JSON export: {error}") from None


def _problem(label: Label, sample: set[tuple[str, str]]) -> str:
    if label.key in sample:
        return ""
    if any(label.paragraph_id == paragraph for paragraph, _ in sample):
        return f"paragraph {label.paragraph_id} was not drawn for target {label.target!r}"
    return f"paragraph {label.paragraph_id!r} is not in the sample; did a spreadsheet change the id?"


def human(drawn: Sequence[Drawn], labels: Sequence[Label]) -> pd.DataFrame:
    """Return what humans said of each labelled pair, all annotators together.

    Returns:
        One row per pair: `paragraph_id`, `target`, `probability` (of being drawn), `annotators`, `time` of the last
        label, and for each voice (overall, author, reported) the share of annotators who find it there,
        `author_present` (NaN if none labelled that voice; a paragraph without the target has no voice on it), and
        among them the share of each stance, `author_favor` (NaN if there are none). An adjudicated label stands alone.
        Sorted by pair.
    """
    groups: dict[tuple[str, str], list[Label]] = defaultdict(list)
    for label in labels:
        groups[label.key].append(label)
    items = sorted((item for item in drawn if item.key in groups), key=lambda item: item.key)
    rows = [_taken_together(item, groups[item.key]) for item in items]
    return pd.DataFrame(rows, columns=["paragraph_id", "target", "probability", "annotators", "time", *_COLUMNS])


def _taken_together(item: Drawn, labels: Sequence[Label]) -> dict[str, object]:
    final = [label for label in labels if label.annotator == ADJUDICATED] or labels
    seen = [label for label in final if label.overall != ABSENT]
    gone = [None] * (len(final) - len(seen))
    return {
        "paragraph_id": item.paragraph_id,
        "target": item.target,
        "probability": item.probability,
        **_shares("overall", [*gone, *(label.overall for label in seen)]),
        **_shares("author", [*gone, *(label.author for label in seen if label.author)]),
        **_shares("reported", [*gone, *(label.voices or None for label in seen if label.reported is not None)]),
        "annotators": len(final),
        "time": max(label.time for label in final),
    }


def _shares(voice: str, words: Sequence[str | None]) -> dict[str, float]:
    """Share of annotators who find the voice (the others say None), and of each stance among them."""
    found = [word for word in words if word]
    present = len(found) / len(words) if words else float("nan")
    stances = {f"{voice}_{stance}": found.count(stance) / len(found) if found else float("nan") for stance in STANCES}
    return {f"{voice}_present": present, **stances}
