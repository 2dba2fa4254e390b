"""The record of a run: what went in, what it was made with, what came of it, and why numbers moved.

What belongs here: making records. What does not: reading them (`store.query`), comparing runs (`differences`).
"""

from functools import lru_cache
from importlib import metadata
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from stance.config import RunConfig
from stance.pipeline.marks import Marks
from stance.pipeline.preparing import preparer
from stance.pipeline.settings import settings_of
from stance.store.manifest import Settings
from stance.store.query import Snapshot

PACKAGES = ("numpy", "pandas", "pyarrow", "torch", "transformers", "tokenizers", "trafilatura", "pydantic")
NEW_ARTICLES = "new articles"
EDITED_ARTICLES = "edited articles"
CATALOGUE = "changed catalogue"
SCORER = "changed scorer"
RULES = "changed rules"
_SUMS = ("pairs", "polarity", "against", "neutral", "favor")
_COLUMNS = ["article_id", "paragraph_id", "outlet", "target", "label", "polarity", "latest"]


def made_with(config: RunConfig) -> dict[str, Any]:
    """Return what a run's record says of its settings."""
    settings = settings_of(config)
    catalog = preparer(config.targets).catalog
    return {
        "packages": packages(),
        "config": config.model_dump(mode="json"),
        "scorer": settings.scorer,
        "catalogue": {
            "fingerprint": catalog.fingerprint,
            "targets": {target.id: target.definition for target in catalog.targets},
            "names": {target.id: target.name for target in catalog.targets},
        },
    }


@lru_cache(maxsize=1)
def packages() -> dict[str, str]:
    """Return the versions of the libraries that can change a result."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def moves(old: Snapshot, new: Snapshot, months: set[str], marks: Marks, added: frozenset[str]) -> list[dict[str, Any]]:
    """Return what each cause added to or took from the sums behind the numbers, per outlet and target.

    Args:
        old: the state before.
        new: the state after.
        months: months whose files changed.
        marks: what was edited and superseded.
        added: new articles.
    """
    causes = _Causes(old.manifest.settings, new.manifest.settings, marks, added)
    parts = [part for month in sorted(months) for part in causes.month(old, new, month)]
    if not parts:
        return []
    table = pa.concat_tables(parts).group_by(["outlet", "target", "cause"]).aggregate([(name, "sum") for name in _SUMS])
    rows = table.rename_columns(["outlet", "target", "cause", *_SUMS]).to_pylist()
    kept = [row | {"polarity": round(row["polarity"], 4)} for row in rows if any(row[name] for name in _SUMS)]
    return sorted(kept, key=lambda row: (row["outlet"], row["target"], row["cause"]))


class _Causes:
    """Tells why a row of `scores` came, went, or changed."""

    def __init__(self, before: Settings | None, after: Settings | None, marks: Marks, added: frozenset[str]) -> None:
        self._added = pa.array(sorted(added - marks.edited), pa.string())
        self._edited = pa.array(sorted(marks.edited | marks.superseded), pa.string())
        self._paired, self._unpaired = _rescoring(before, after)

    def month(self, old: Snapshot, new: Snapshot, month: str) -> list[pa.Table]:
        """Return the rows that went, with negative sums, and those that came."""
        before, after = (_latest_rows(snapshot, month) for snapshot in (old, new))
        return [self._signed(before, after, -1), self._signed(after, before, 1)]

    def _signed(self, rows: pa.Table, others: pa.Table, sign: int) -> pa.Table:
        """Return the sums of `rows` by cause; pairs that stand in both states cancel out unless they changed."""
        cause = pa.array([self._unpaired] * rows.num_rows, pa.string())
        cause = pc.if_else(pc.is_in(rows["pair"], others["pair"].combine_chunks()), self._paired, cause)
        cause = pc.if_else(pc.is_in(rows["article_id"], self._edited), EDITED_ARTICLES, cause)
        cause = pc.if_else(pc.is_in(rows["article_id"], self._added), NEW_ARTICLES, cause)
        one = pa.array([sign] * rows.num_rows, pa.int64())
        labels = {name: pc.multiply(pc.cast(pc.equal(rows["label"], name), pa.int64()), sign) for name in _SUMS[2:]}
        polarity = pc.multiply(pc.cast(rows["polarity"], pa.float64()), float(sign))
        columns = {"outlet": rows["outlet"], "target": rows["target"], "cause": cause, "pairs": one}
        return pa.table(columns | {"polarity": polarity} | labels)


def _latest_rows(snapshot: Snapshot, month: str) -> pa.Table:
    files = [file for file in snapshot.manifest.files("scores") if file.month == month]
    empty = snapshot.empty("scores", _COLUMNS)
    rows = pa.concat_tables([empty, *(snapshot.file(file, _COLUMNS).cast(empty.schema) for file in files)])
    rows = rows.filter(rows["latest"])
    pair = pc.binary_join_element_wise(rows["paragraph_id"], rows["target"], " ")
    return rows.append_column("pair", pair)


def _rescoring(before: Settings | None, after: Settings | None) -> tuple[str, str]:
    """Return why a pair that stood before and stands now changed, and why one came or went in an old article."""
    if before is None or after is None:
        return RULES, RULES
    paired = SCORER if before.scorer != after.scorer else CATALOGUE if before.catalogue != after.catalogue else RULES
    return paired, CATALOGUE if before.catalogue != after.catalogue else paired
