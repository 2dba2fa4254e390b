"""What has to be scored, cut into pieces: new articles, and stored ones whose catalogue, scorer or rules changed.

What belongs here: cutting, and reading the pieces back. What does not: scoring them. The cut never changes a result.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from stance import paragraphs
from stance.config import RunConfig
from stance.ingest.stories import sketch
from stance.pipeline.reading import article_of
from stance.pipeline.refs import ShardRef
from stance.pipeline.rows import Row, article_row, paragraph_rows
from stance.pipeline.settings import settings_of
from stance.pipeline.sifting import Found, sift
from stance.pipeline.work import read_table, write_named
from stance.store import open_folder
from stance.store.folder import Folder
from stance.store.manifest import Manifest, TableFile, newest
from stance.store.migrate import upgrade
from stance.store.schemas import SCHEMA_VERSION

NEW = "new"
STORED = "stored"
_HEAD = ["article_id", "outlet", "published", "language", "language_validated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One article to score."""

    head: Row
    """The columns that name its article in every table, and its language."""
    paragraphs: tuple[tuple[str, str], ...]
    """Id and text of each, in order."""
    rows: dict[str, list[Row]]
    """Its rows of `articles`, `paragraphs` and `sketches`, unless they are stored already."""


def pending(config: RunConfig, read: Sequence[ShardRef]) -> list[ShardRef]:
    """Return the pieces of work of about `shard_paragraphs` that bring the tables up to date.

    Args:
        config: the run's.
        read: what `ingest_shard` returned in this run.

    Raises:
        StoreError: a read shard is gone, or the output cannot be read or written.
    """
    folder = open_folder(config.out)
    base = newest(folder, older_too=True)
    new = _cut(sift(folder, base, read).new, config.shard_paragraphs)
    stale = stale_pieces(folder, base, config.shard_paragraphs) if is_stale(config, base) else ()
    return [write_named(folder, "pieces", piece) for piece in (*map(_new_piece, new), *(piece for piece, _ in stale))]


def is_stale(config: RunConfig, base: Manifest) -> bool:
    """Return whether what is stored was scored with other settings than this config's, or in an older schema."""
    if base.settings is None:
        return False
    return base.schema_version < SCHEMA_VERSION or base.settings.scoring != settings_of(config).scoring


def works(folder: Folder, piece: dict[str, Any]) -> Iterator[Work]:
    """Yield the articles of a piece."""
    if piece["kind"] == NEW:
        for part, rows in piece["rows"]:
            for row in read_table(folder, part).take(pa.array(rows, pa.int64())).to_pylist():
                yield _new_work(row)
    else:
        for files in piece["parts"]:
            yield from _stored_works(folder, files)


def prior(folder: Folder, piece: dict[str, Any], table: str) -> Iterator[Row]:
    """Yield the stored rows of a table that belong to a piece's articles."""
    for files in piece.get("parts", ()):
        ids = _stored_articles(folder, files)["article_id"]
        for path in files[table]:
            rows = upgrade(table, read_table(folder, path), files["version"])
            yield from rows.filter(pc.is_in(rows["article_id"], ids.combine_chunks())).to_pylist()


def _new_piece(found: Sequence[Found]) -> dict[str, Any]:
    rows: dict[str, list[int]] = {}
    for item in found:
        rows.setdefault(item.part, []).append(item.row)
    return {"kind": NEW, "rows": [[part, numbers] for part, numbers in rows.items()]}


def _cut(found: Iterable[Found], limit: int) -> Iterator[list[Found]]:
    piece: list[Found] = []
    size = 0
    for item in found:
        if piece and size + item.paragraphs > limit:
            yield piece
            piece, size = [], 0
        piece.append(item)
        size += item.paragraphs
    if piece:
        yield piece


def stale_pieces(folder: Folder, base: Manifest, limit: int) -> Iterator[tuple[dict[str, Any], int]]:
    """Cut all stored articles, file by file, small files sharing a piece; yields each with its paragraphs."""
    parts: list[dict[str, Any]] = []
    size = 0
    for part, own in _stored_parts(folder, base, limit):
        if parts and size + own > limit:
            yield {"kind": STORED, "parts": parts}, size
            parts, size = [], 0
        parts.append(part)
        size += own
    if parts:
        yield {"kind": STORED, "parts": parts}, size


def _stored_parts(folder: Folder, base: Manifest, limit: int) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield rows `[start, stop)` of each file of articles, with the files that hold the rest, and their paragraphs."""
    for file in base.files("articles"):
        files: dict[str, Any] = {table: _beside(base, file, table) for table in ("paragraphs", "sentiments", "scores")}
        files |= {"articles": file.path, "version": base.schema_version}
        counts = read_table(folder, file.path, ["paragraphs"])["paragraphs"].to_pylist()
        start = size = 0
        for row, count in enumerate(counts):
            if size and size + count > limit:
                yield files | {"start": start, "stop": row}, size
                start, size = row, 0
            size += count
        yield files | {"start": start, "stop": len(counts)}, size


def _beside(base: Manifest, file: TableFile, table: str) -> list[str]:
    """Return the files of another table with the same articles."""
    return [other.path for other in base.files(table) if (other.month, other.bucket) == (file.month, file.bucket)]


def _stored_articles(folder: Folder, files: dict[str, Any]) -> pa.Table:
    return read_table(folder, files["articles"], _HEAD).slice(files["start"], files["stop"] - files["start"])


def _stored_works(folder: Folder, files: dict[str, Any]) -> Iterator[Work]:
    heads = _stored_articles(folder, files)
    texts: dict[str, list[tuple[int, str, str]]] = {}
    columns = ["article_id", "index", "paragraph_id", "text"]
    for path in files["paragraphs"]:
        rows = read_table(folder, path, columns)
        wanted = pc.and_(pc.is_in(rows["article_id"], heads["article_id"].combine_chunks()), pc.is_valid(rows["index"]))
        for article_id, *values in zip(*(column.to_pylist() for column in rows.filter(wanted).columns), strict=True):
            texts.setdefault(article_id, []).append(tuple(values))
    for head in heads.to_pylist():
        found = sorted(texts.get(head["article_id"], ()))
        yield Work(head=head, paragraphs=tuple((name, text) for _, name, text in found), rows={})


def _new_work(row: Row) -> Work:
    article = article_of(row)
    found = paragraphs.split(article)
    own = article_row(article, len(found))
    return Work(
        head={name: own[name] for name in _HEAD},
        paragraphs=tuple((paragraph.id, paragraph.text) for paragraph in found),
        rows={
            "articles": [own],
            "paragraphs": list(paragraph_rows(article, found)),
            "sketches": [own | {"sketch": sketch("\n\n".join(paragraph.text for paragraph in found))}],
        },
    )
