"""The first step: one shard of inputs becomes articles and rejections in the work folder.

What belongs here: calling the readers, and articles to rows and back. What does not: which inputs (`inputs`), and
whether an article is known already (`sifting`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from itertools import chain
from typing import Any

import pyarrow as pa

from stance.config import RunConfig
from stance.ids import content_id
from stance.ingest.read import read
from stance.pipeline import inputs
from stance.pipeline.refs import ShardRef
from stance.pipeline.remote import at_hand
from stance.pipeline.work import Place, read_json
from stance.records import Article, Block, BlockKind, Rejection
from stance.store import open_folder
from stance.store.schemas import SPAN, TABLES, schema

PART_CHARACTERS = 16_000_000
"""Text per file of the work folder: what one step holds in memory."""

_COLUMNS = {column.name: column.type for column in TABLES["articles"]}
_BLOCK = pa.struct([*SPAN, pa.field("kind", pa.string())])
ARTICLE = pa.schema(
    [
        *(pa.field(name, _COLUMNS["article_id" if name == "id" else name]) for name in (
            "outlet", "url", "title", "author", "published", "language", "language_validated", "body", "credit",
            "source", "source_sha256",
        )),
        pa.field("id", pa.string()),
        pa.field("blocks", pa.list_(_BLOCK)),
        pa.field("input", pa.string()),
        pa.field("month", pa.string()),
        pa.field("paragraphs", pa.int32()),
    ]
)  # fmt: skip
"""Articles on their way to being scored: `records.Article`, and what sorting them needs."""


def ingest_shard(ref: ShardRef, config: RunConfig) -> ShardRef:
    """Read the inputs of one shard; returns at once if that was done before.

    Args:
        ref: from `plan`.
        config: the run's.

    Raises:
        StoreError: the output cannot be read or written.
    """
    folder = open_folder(config.out)
    place = Place(folder, f"_work/read/{content_id([ref.sha256, inputs.reading(config)])}")
    finished = place.finished()
    if finished is not None:
        return finished
    shard = read_json(folder, ref)
    reader = _Reader(place, config)
    for item in map(inputs.from_json, shard["inputs"]):
        reader.take(item)
    return reader.finish(shard["reading"])


def month_of(published: datetime | None) -> str:
    """Return the partition of a date: `YYYY-MM` or `undated`."""
    return f"{published:%Y-%m}" if published else "undated"


def article_of(row: dict[str, Any]) -> Article:
    """Make an article of a row of the work folder."""
    blocks = tuple(Block(start=b["start"], end=b["end"], kind=BlockKind(b["kind"])) for b in row["blocks"])
    return Article(**{field.name: row[field.name] for field in fields(Article)} | {"blocks": blocks})


class _Reader:
    """Gathers what inputs become, and writes it in parts of bounded size."""

    def __init__(self, place: Place, config: RunConfig) -> None:
        self._place = place
        self._options = config.read
        self._rows: list[dict[str, Any]] = []
        self._characters = 0
        self._parts: list[str] = []
        self._rejections: list[dict[str, Any]] = []
        self._inputs: list[dict[str, Any]] = []

    def take(self, item: inputs.Input) -> None:
        """Read one input."""
        articles = rejections = 0
        for result in self._read(item):
            if isinstance(result, Rejection):
                rejections += 1
                self._rejections.append(rejection_row(result, item.name))
            else:
                articles += 1
                self._add(result, item.name)
        self._inputs.append(
            {
                "input": item.name,
                "sha256": item.sha256,
                "bytes": item.ref.size if item.ref else 0,
                "articles": articles,
                "rejections": rejections,
            }
        )

    def finish(self, reading: str) -> ShardRef:
        """Write what is left and the marker."""
        self._flush()
        rejected = self._place.put("rejections", pa.Table.from_pylist(self._rejections, schema("rejections")))
        return self._place.finish(
            {"reading": reading, "inputs": self._inputs, "parts": self._parts, "rejections": rejected}
        )

    def _read(self, item: inputs.Input) -> Iterator[Article | Rejection]:
        if item.ref is not None:
            yield from read(at_hand(item.ref, self._place.folder), self._options)
        elif item.rejection is not None:
            yield item.rejection

    def _add(self, article: Article, name: str) -> None:
        self._rows.append(_row(article, name))
        self._characters += len(article.body)
        if self._characters > PART_CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            table = pa.Table.from_pylist(self._rows, ARTICLE)
            self._parts.append(self._place.put(f"articles-{len(self._parts):05d}", table))
        self._rows, self._characters = [], 0


def _row(article: Article, name: str) -> dict[str, Any]:
    row: dict[str, Any] = {field.name: getattr(article, field.name) for field in fields(Article)}
    row["blocks"] = [{"start": block.start, "end": block.end, "kind": block.kind} for block in article.blocks]
    paragraphs = sum(block.kind is BlockKind.PARAGRAPH for block in article.blocks)
    return row | {"input": name, "month": month_of(article.published), "paragraphs": paragraphs}


def rejection_row(rejection: Rejection, name: str) -> dict[str, Any]:
    """Return a row of the table `rejections`."""
    return {"input": name} | {field.name: getattr(rejection, field.name) for field in fields(Rejection)}


def parts_of(done: Sequence[dict[str, Any]]) -> list[str]:
    """Return the article files of several read shards, in order."""
    return list(chain.from_iterable(shard["parts"] for shard in done))
