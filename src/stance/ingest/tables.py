"""Tables: CSV and Parquet, a row at a time.

What belongs here: reading rows in bounded memory, and which files an index names. What does not: what a row means.
"""

import csv
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from stance.ingest.decode import HEAD_BYTES, choose_encoding, forgiving
from stance.ingest.drafts import Draft, Input, reject
from stance.ingest.formats import SEPARATOR, delimiter_of, header_of, is_table
from stance.ingest.items import draft_of_row
from stance.ingest.options import ReadOptions
from stance.ingest.rows import known_names, lookup
from stance.records import Reason, Rejection

BATCH_ROWS = 256
TABLE_SUFFIXES = (".csv", ".tsv", ".txt")


class _TooLong(ValueError):
    """A line longer than any document may be."""


def read_csv(source: Input) -> Iterator[Draft | Rejection]:
    """Yield what each line of a CSV, TSV or the like holds; the first line names the columns."""
    line, rows = 1, 0
    with _open_csv(source.stream, source.options) as reader:
        try:
            header = _header(reader)
            if len(header) > source.options.max_columns:
                detail = f"expected at most {source.options.max_columns:,} columns, got {len(header):,}"
                yield reject(source.name, Reason.LIMIT, detail, line=1)
                return
            for cells in reader:
                line = reader.line_num
                if any(cell.strip() for cell in cells):
                    rows += 1
                    yield _csv_row(header, cells, source, line)
        except (csv.Error, _TooLong) as error:
            yield reject(f"{source.name}#{line + 1}", Reason.MALFORMED, str(error), line=line + 1)
            return
    if not rows:
        yield reject(source.name, Reason.EMPTY, "no row below the header")


def _csv_row(header: list[str], cells: list[str], source: Input, line: int) -> Draft | Rejection:
    if len(cells) > len(header):
        detail = f"expected {len(header)} fields as in the header, got {len(cells)}: a delimiter is not quoted"
        return reject(f"{source.name}#{line}", Reason.MALFORMED, detail, line=line)
    return draft_of_row(dict(zip(header, cells, strict=False)), source, line)


@contextmanager
def _open_csv(stream: BinaryIO, options: ReadOptions) -> Iterator[Any]:
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    encoding = choose_encoding(head)
    text = io.TextIOWrapper(stream, encoding, errors=forgiving(encoding), newline="")
    csv.field_size_limit(options.max_document_bytes)
    first = header_of(head.decode(encoding, "replace").lstrip("\ufeff"))
    try:
        yield csv.reader(_limited_lines(text, options.max_document_bytes), delimiter=delimiter_of(first))
    finally:
        text.detach()


def _header(reader: Any) -> list[str]:  # noqa: ANN401 (the type of csv readers has no public name)
    names = [name.strip().lstrip("\ufeff") for name in next(reader, [])]
    named = bool(names) and (names[0].lower() == "sep=" or SEPARATOR.fullmatch(names[0]) is not None)
    return _header(reader) if named else names


def _limited_lines(text: io.TextIOWrapper, limit: int) -> Iterator[str]:
    while line := text.readline(limit + 1):
        if len(line) > limit:
            raise _TooLong(f"expected at most {limit:,} characters in a line")
        yield line


def read_parquet(source: Input) -> Iterator[Draft | Rejection]:
    """Yield what each row of a Parquet file holds, read in batches of the columns that are needed."""
    import pyarrow as pa  # slow to import
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(source.stream)
        if len(table.schema_arrow.names) > source.options.max_columns:
            detail = f"expected at most {source.options.max_columns:,} columns, got {len(table.schema_arrow.names):,}"
            yield reject(source.name, Reason.LIMIT, detail)
            return
        names = [name for name in table.schema_arrow.names if name.lower() in known_names(source.options.columns)]
        number = 0
        for batch in table.iter_batches(BATCH_ROWS, columns=names):
            for row in batch.to_pylist():
                number += 1
                yield _parquet_row(row, source, number)
    except (pa.ArrowException, OSError, ValueError) as error:
        yield reject(source.name, Reason.MALFORMED, f"Parquet: {error}")
        return
    if not number:
        yield reject(source.name, Reason.EMPTY, "a table without rows")


def _parquet_row(row: dict[str, Any], source: Input, number: int) -> Draft | Rejection:
    limit = source.options.max_document_bytes
    longest = max((len(value) for value in row.values() if isinstance(value, str | bytes)), default=0)
    if longest > limit:
        detail = f"expected at most {limit:,} characters in a field, got {longest:,}"
        return reject(f"{source.name}#{number}", Reason.TOO_LARGE, detail, line=number)
    return draft_of_row(row, source, number)


def files_named_by(path: Path, options: ReadOptions) -> tuple[str, ...]:
    """Return the files that an index names: a CSV with a column of files and none of text.

    Only files that are there, in the folder of the index or below, are returned.

    Raises:
        OSError: the index cannot be read.
    """
    if path.suffix.lower() not in TABLE_SUFFIXES:
        return ()
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
        text = head.decode(choose_encoding(head), "replace").lstrip("\ufeff")
        if not is_table(text, known_names(options.columns)):
            return ()
        stream.seek(0)
        return tuple(sorted(_named_files(path, stream, options)))


def _named_files(path: Path, stream: BinaryIO, options: ReadOptions) -> Iterator[str]:
    columns = options.columns
    with _open_csv(stream, options) as reader:
        try:
            header = _header(reader)
            named = {name.lower() for name in header}
            if named & {*columns.text, *columns.html} or not named & set(columns.file):
                return
            for cells in reader:
                file = lookup(dict(zip(header, cells, strict=False)), columns.file)
                if file and (path.parent / file).is_file() and _below(path.parent, path.parent / file):
                    yield os.path.normpath(path.parent / file)
        except (csv.Error, _TooLong):
            return  # reading it says what is wrong


def _below(folder: Path, path: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())
