"""Rows of many shards to the files of one month; the same rows always give the same files.

What belongs here: order, bucketing and encoding. A month's rows are sorted and cut by article id into 1, 2, 4, ...
files of at most `FILE_ARTICLES` articles, so that the layout depends on nothing but the rows. What does not: which rows
there are.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from stance.pipeline.work import read_table
from stance.store.folder import Folder
from stance.store.manifest import TableFile
from stance.store.query import read_file
from stance.store.schemas import PARTITIONED, schema
from stance.store.update import Stager

FILE_ARTICLES = 20_000
"""Articles per file beyond which a month is cut into more files: some 200,000 paragraphs, what is merged at a time."""
_ORDER = [("published", "ascending"), ("outlet", "ascending"), ("article_id", "ascending")]
_HEX = 4
"""Digits of an article's id that choose its file: up to 65,536 files a month."""

Change = Callable[[str, pa.Table], pa.Table]
"""Given a table's name and rows, returns them with marks that changed."""


def buckets_for(articles: int) -> int:
    """Return into how many files a month with this many articles is cut: a power of two."""
    buckets = 1
    while articles > FILE_ARTICLES * buckets and buckets < 16**_HEX:
        buckets *= 2
    return buckets


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What goes into the tables of one month."""

    name: str
    base: dict[str, tuple[TableFile, ...]]
    """Files to keep rows of, by table."""
    version: int
    """Schema of those files."""
    added: dict[str, tuple[str, ...]]
    """Files of the work folder with rows to add, by table; may hold rows of other months and articles."""
    articles: frozenset[str]
    """Ids of the articles whose rows are added."""
    size: int
    """Articles in the month afterwards."""
    change: Change


class MonthWriter:
    """Stages the files of months."""

    def __init__(self, folder: Folder, stager: Stager) -> None:
        self._folder = folder
        self._stager = stager
        # The next month may need the same work files: pieces are cut in the order of months.
        self._work = lru_cache(maxsize=24)(partial(read_table, folder))

    def write(self, month: Month) -> Iterator[tuple[str, TableFile]]:
        """Stage the files of a month; yields each with its table."""
        buckets = buckets_for(month.size)
        for table in sorted(PARTITIONED):
            for bucket in range(buckets):
                rows = self._rows(month, table, bucket, buckets)
                if rows.num_rows:
                    yield table, self._stager.put(table, rows, month=month.name, bucket=bucket, buckets=buckets)

    def _rows(self, month: Month, table: str, bucket: int, buckets: int) -> pa.Table:
        kept = (
            read_file(self._folder, file, version=month.version)
            for file in month.base.get(table, ())
            if _overlap(file, bucket, buckets)
        )
        ids = pa.array(sorted(month.articles), pa.string())
        added = (_of(self._work(path), ids) for path in month.added.get(table, ()))
        pieces = [_in(rows, bucket, buckets).cast(schema(table)) for rows in (*kept, *added)]
        rows = pa.concat_tables([schema(table).empty_table(), *pieces])
        return month.change(table, rows).sort_by(_ORDER)


def bucket_of(ids: pa.ChunkedArray, buckets: int) -> NDArray[np.int64]:
    """Return the file number of each article: its id's place in the range of ids, in `[0, buckets)`."""
    digits = pc.utf8_slice_codeunits(ids, 0, _HEX).combine_chunks().dictionary_encode()
    values = np.array([int(text, 16) for text in digits.dictionary.to_pylist()], dtype=np.int64)
    return np.asarray(values[digits.indices.to_numpy()] * buckets >> 4 * _HEX)


def _of(rows: pa.Table, ids: pa.Array) -> pa.Table:
    return rows.filter(pc.is_in(rows["article_id"], ids))


def _in(rows: pa.Table, bucket: int, buckets: int) -> pa.Table:
    return rows if buckets == 1 else rows.filter(pa.array(bucket_of(rows["article_id"], buckets) == bucket))


def _overlap(file: TableFile, bucket: int, buckets: int) -> bool:
    return file.bucket * buckets < (bucket + 1) * file.buckets and bucket * file.buckets < (file.bucket + 1) * buckets
