"""Which of the articles that were read are new to the output.

What belongs here: comparing what was read with itself and with what is stored. What does not: reading, scoring.
Articles read = new + known (the same article from the same input, or from a copy of it that an earlier run read) +
duplicates (rejected: another input brought it).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from stance.pipeline.refs import ShardRef
from stance.pipeline.work import read_json, read_table
from stance.records import Reason
from stance.store.folder import Folder
from stance.store.manifest import Manifest
from stance.store.query import Snapshot

_KEYS = ["id", "input", "source", "source_sha256", "outlet", "month", "paragraphs"]


class Found(NamedTuple):
    """One article that was read, and where its row lies."""

    id: str
    input: str
    source: str
    source_sha256: str
    outlet: str
    month: str
    paragraphs: int
    part: str
    row: int


@dataclass(frozen=True, slots=True)
class Sifted:
    """What was read, told apart."""

    new: tuple[Found, ...]
    """Each once, by month, then in the order they were read."""
    known: int
    duplicates: tuple[dict[str, Any], ...]
    """Rows of the table `rejections`."""
    inputs: tuple[dict[str, Any], ...]
    """What each read shard says of its inputs."""
    rejections: tuple[str, ...]
    """Files with the readers' rejections."""


def sift(folder: Folder, base: Manifest, read: Sequence[ShardRef]) -> Sifted:
    """Tell new articles from known ones and duplicates; the result does not depend on how inputs were cut.

    Raises:
        StoreError: a read shard is gone.
    """
    shards = [read_json(folder, ref) for ref in read]
    found = [item for shard in shards for part in shard["parts"] for item in _index(folder, part)]
    stored = _stored(folder, base, {item.id for item in found})
    by_id: dict[str, list[Found]] = {}
    for item in sorted(found, key=lambda item: (item.input, item.part, item.row)):
        by_id.setdefault(item.id, []).append(item)
    new: list[Found] = []
    duplicates: list[dict[str, Any]] = []
    known = 0
    for same in by_id.values():
        first, rest, was_known = _first(same, stored)
        new += [first] if first and not was_known else []
        known += was_known
        duplicates += [_duplicate(item, stored.get(item.id, (same[0].source,))[0]) for item in rest]
    return Sifted(
        new=tuple(sorted(new, key=lambda item: (item.month, item.input, item.part, item.row))),
        known=known,
        duplicates=tuple(duplicates),
        inputs=tuple(item | {"reading": shard["reading"]} for shard in shards for item in shard["inputs"]),
        rejections=tuple(shard["rejections"] for shard in shards),
    )


def _index(folder: Folder, part: str) -> list[Found]:
    columns = [column.to_pylist() for column in read_table(folder, part, _KEYS).columns]
    return [Found._make((*values, part, row)) for row, values in enumerate(zip(*columns, strict=True))]


def _stored(folder: Folder, base: Manifest, ids: set[str]) -> dict[str, tuple[str, str]]:
    """Return source and hash of the stored articles among these."""
    stored: dict[str, tuple[str, str]] = {}
    if not ids:
        return stored
    wanted = pa.array(sorted(ids), pa.string())
    for table in Snapshot(folder, base).batches("articles", ["article_id", "source", "source_sha256"]):
        hits = table.filter(pc.is_in(table["article_id"], wanted))
        for article_id, source, sha256 in zip(*(column.to_pylist() for column in hits.columns), strict=True):
            stored[article_id] = (source, sha256)
    return stored


def _first(same: Sequence[Found], stored: Mapping[str, tuple[str, str]]) -> tuple[Found | None, Sequence[Found], bool]:
    """Return the occurrence that stands for the article, the others, and whether the article is stored already."""
    if same[0].id not in stored:
        return same[0], same[1:], False
    source, sha256 = stored[same[0].id]
    for item in same:
        if _is_of(source, item.input) or item.source_sha256 == sha256:
            return item, [other for other in same if other is not item], True
    return None, same, False


def _is_of(source: str, name: str) -> bool:
    return source == name or (source.startswith(name) and source[len(name)] in "#!")


def _duplicate(item: Found, first: str) -> dict[str, Any]:
    return {
        "input": item.input,
        "source": item.source,
        "line": None,
        "byte": None,
        "outlet": item.outlet,
        "stage": "duplicates",
        "reason": Reason.DUPLICATE,
        "detail": f"the same article as {first}",
    }
