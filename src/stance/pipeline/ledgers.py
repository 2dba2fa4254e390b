"""The tables that account for every input: what was read, and what was rejected.

What belongs here: replacing the rows of inputs that were read again. What does not: reading.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from stance.pipeline.sifting import Sifted
from stance.pipeline.work import read_table
from stance.store.folder import Folder
from stance.store.query import Snapshot
from stance.store.schemas import schema


def inputs(old: Snapshot, complete: Mapping[str, Mapping[str, Any]], sifted: Sifted, generation: int) -> pa.Table:
    """Return the table `inputs`: those of the run in place of what was known of them.

    A content that was read before with the same options keeps the number of the run that read it first: two runs that
    read it at once leave what one would have left.
    """
    duplicates = Counter(row["input"] for row in sifted.duplicates)
    known = {row["input"]: row for row in old.table("inputs").to_pylist()}
    rows = [
        dict(item)
        | {
            "rejections": item["rejections"] + duplicates[name],
            "generation": _first_reading(item, known.get(name), generation),
        }
        for name, item in complete.items()
    ]
    return _replaced(old, "inputs", complete, pa.Table.from_pylist(rows, schema("inputs"))).sort_by("input")


def _first_reading(item: Mapping[str, Any], known: Mapping[str, Any] | None, generation: int) -> int:
    same = known is not None and all(known[name] == item[name] for name in ("sha256", "reading"))
    return int(known["generation"]) if known is not None and same else generation


def rejections(old: Snapshot, complete: Mapping[str, object], rows: pa.Table) -> pa.Table:
    """Return the table `rejections`: those of the run in place of what was known of its inputs."""
    table = _replaced(old, "rejections", complete, rows.filter(_among(rows, complete)))
    order = [(name, "ascending") for name in ("input", "source", "line", "reason", "detail")]
    return table.sort_by(order)


def rejected(folder: Folder, sifted: Sifted) -> pa.Table:
    """Return all rejections of a run: the readers' and the duplicates."""
    found = [read_table(folder, path).cast(schema("rejections")) for path in sifted.rejections]
    return pa.concat_tables([pa.Table.from_pylist(list(sifted.duplicates), schema("rejections")), *found])


def _replaced(old: Snapshot, name: str, complete: Collection[str], rows: pa.Table) -> pa.Table:
    kept = old.table(name)
    return pa.concat_tables([kept.filter(pc.invert(_among(kept, complete))), rows])


def _among(rows: pa.Table, names: Collection[str]) -> pa.ChunkedArray:
    return pc.is_in(rows["input"], pa.array(sorted(names), pa.string()))
