"""Small corpora and configs for the tests of runs."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stance.config import RunConfig
from stance.scorers.config import DummyConfig

CATALOGUE = """\
version: 1
targets:
  - id: government
    name: government
    description: The cabinet and its ministries.
    kind: authority
    aliases: {names: [cabinet, government]}
  - id: protesters
    name: protesters
    description: People who protest.
    kind: movement
    aliases: {names: [protesters, crowd]}
"""
POLICE = """\
  - id: police
    name: police
    description: The police.
    kind: authority
    aliases: {names: [police]}
"""
SENTENCES = (
    "The cabinet kept its promise to the town and paid the welders what the law had long owed them.",
    "The protesters stood in the square until the crowd had grown too large for anyone to count.",
    "“The government has failed us all,” the teacher said, and nobody near her in the long queue disagreed.",
    "Snow fell on the road to the pass, and the buses stopped running shortly before the evening.",
    "The police watched from the bridge, and the cabinet said nothing at all until the next morning.",
    "Bread was two altyn dearer than in the week before, and the mills had flour for nine more days.",
)
"""Half of the paragraphs made of these mention a target."""


def row(number: int, month: int = 1, outlet: str = "The Ledger", **other: Any) -> dict[str, Any]:
    """Return an article of three paragraphs that no other number has."""
    paragraphs = [f"{SENTENCES[(number + part) % 6]} That was day {number}, part {part}." for part in range(3)]
    return {
        "outlet": outlet,
        "url": f"https://ledger.example/{number}",
        "title": f"Report number {number} from the hills",
        "published": f"2025-{month:02d}-{number % 27 + 1:02d}T08:00:00Z",
        "language": "en",
        "text": "\n\n".join(paragraphs),
    } | other


def edited(number: int) -> dict[str, Any]:
    """Return a later version of an article of the first month."""
    one = row(number)
    return one | {"text": one["text"].replace("part 2.", "part 2. The government paid on Tuesday, not on Monday.")}


def write_rows(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Write articles as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), "utf-8")
    return path


def write_corpus(folder: Path, size: int = 24, files: int = 4) -> None:
    """Write articles over three months into several files of `folder / "in"`, and a catalogue beside it."""
    write_catalogue(folder / "targets.yaml")
    for number in range(files):
        rows = [row(one, month=one % 3 + 1) for one in range(number, size, files)]
        write_rows(folder / "in" / f"wire-{number}.jsonl", rows)


def write_catalogue(path: Path, *, police: bool = False) -> Path:
    """Write a catalogue of two targets, or of three."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(CATALOGUE + (POLICE if police else ""), "utf-8")
    return path


def make_config(**other: Any) -> RunConfig:
    """Return a config of a dummy run over `in`, with `targets.yaml`, into `out`, all in the working folder."""
    values: dict[str, Any] = {
        "inputs": ("in",),
        "out": "out",
        "targets": ("targets.yaml",),
        "scorer": DummyConfig(),
        "shard_paragraphs": 12,
        "shard_megabytes": 0.004,
    }
    return RunConfig(**(values | other))


def tables(out: Path | str = "out") -> dict[str, bytes]:
    """Return every file of the tables by path: what must not depend on how a run went."""
    out = Path(out)
    found = sorted(path for path in out.rglob("*.parquet") if "_work" not in path.parts)
    return {str(path.relative_to(out)): path.read_bytes() for path in found}


def everything(out: Path | str = "out") -> dict[str, int]:
    """Return every file with its time of change."""
    out = Path(out)
    return {str(path.relative_to(out)): path.stat().st_mtime_ns for path in sorted(out.rglob("*")) if path.is_file()}
