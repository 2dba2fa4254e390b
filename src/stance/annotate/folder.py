"""The folder of human labels, usually `OUT/labels`: plain JSON lines that outlive this package.

    sample.jsonl            what was drawn, with chances
    by/<annotator>.jsonl    one label a line; of two for one pair, the later wins

What belongs here: those two kinds of file. What does not: the files people fill in (`spreadsheet`, `label_studio`).
"""

import dataclasses
import json
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from stance.annotate.records import Drawn, Label
from stance.errors import ShardError

SAMPLE = "sample.jsonl"
Record = TypeVar("Record", Drawn, Label)


def sample(folder: Path) -> list[Drawn]:
    """Read what was drawn; [] if nothing was.

    Raises:
        ShardError: a line is wrong.
    """
    return [_record(Drawn, row, where) for where, row in _rows(folder / SAMPLE)]


def write_sample(folder: Path, drawn: Sequence[Drawn]) -> None:
    """Replace the sample's file in one step."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{SAMPLE}.{os.getpid()}"
    fresh.write_text("".join(_line(item) for item in drawn), "utf-8")
    fresh.replace(folder / SAMPLE)


def labels(folder: Path) -> list[Label]:
    """Read all labels, the latest of each annotator for each pair, ordered by annotator.

    Raises:
        ShardError: a line is wrong.
    """
    found: dict[tuple[str, str, str], Label] = {}
    for path in sorted((folder / "by").glob("*.jsonl")):
        for where, row in _rows(path):
            voices = row.get("reported")
            pairs = None if voices is None else tuple((speaker, stance) for speaker, stance in voices)
            label = _record(Label, {**row, "reported": pairs}, where)
            found[(label.annotator, *label.key)] = label
    return list(found.values())


def append(folder: Path, label: Label) -> None:
    """Add one label; see `add`."""
    add(folder, [label])


def add(folder: Path, new: Iterable[Label]) -> None:
    """Add labels at the end of their annotators' files, each file in one write."""
    lines: dict[str, list[str]] = {}
    for label in new:
        lines.setdefault(_file_name(label.annotator), []).append(_line(label))
    for name, texts in lines.items():
        (folder / "by").mkdir(parents=True, exist_ok=True)
        with (folder / "by" / name).open("a", encoding="utf-8") as file:
            file.write("".join(texts))


def _file_name(annotator: str) -> str:
    return re.sub(r"[^\w.-]", "_", annotator).lstrip(".") + ".jsonl"


def _line(item: Drawn | Label) -> str:
    return json.dumps(dataclasses.asdict(item), ensure_ascii=False) + "\n"


def _rows(path: Path) -> list[tuple[str, dict[str, Any]]]:
    if not path.exists():
        return []
    rows = []
    # Not `splitlines`: a text may hold Unicode's own line separators, which JSON leaves as they are.
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if not line:
            continue
        try:
            rows.append((f"{path}:{number}", json.loads(line)))
        except json.JSONDecodeError as error:
            raise ShardError(f"{path}:{number}: expected one JSON object: {error}") from None
    return rows


def _record(kind: type[Record], row: dict[str, Any], where: str) -> Record:
    try:
        return kind(**row)
    except (TypeError, ValueError) as error:
        raise ShardError(f"{where}: {error}") from None
