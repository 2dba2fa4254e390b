"""Tables to bytes and back; the same rows always give the same bytes.

What belongs here: the file format's settings and nothing that knows where files lie.
"""

import io
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

ROW_GROUP = 16_384
"""Rows per row group: small enough that a reader of one article skips most of a file."""


def to_bytes(table: pa.Table) -> bytes:
    """Encode a table; deterministic for equal rows, schema and pyarrow version."""
    sink = io.BytesIO()
    pq.write_table(
        table.combine_chunks(), sink, compression="zstd", compression_level=3, row_group_size=ROW_GROUP, version="2.6"
    )
    return sink.getvalue()


def read(source: Any, columns: Sequence[str] | None = None) -> pa.Table:  # noqa: ANN401 - path or file object
    """Read a file, all columns or some, without the hive column that a path would add."""
    return pq.ParquetFile(source).read(columns=list(columns) if columns is not None else None)
