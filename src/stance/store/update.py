"""Changing an output: files are staged, shown, and named by the next manifest, all under the lock.

What belongs here: staging, committing, cleaning up, and replacing whole tables. What does not: what the rows say.
"""

import platform
import socket
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

import stance
from stance.errors import StoreError
from stance.ids import canonical_json, content_id, sha256_bytes
from stance.store import open_folder, parquet
from stance.store.folder import Folder
from stance.store.manifest import Manifest, Settings, TableFile, newest, next_after, record_path, switch
from stance.store.schemas import PARTITIONED, TABLES, schema

TRIES = 5
"""How often a change is made again because another run switched first (possible only where a lock can be lost)."""

Tables = Mapping[str, tuple[TableFile, ...]]


class Stager:
    """Writes files of tables under the hash of their content, out of sight until they are committed."""

    def __init__(self, folder: Folder, base: Manifest) -> None:
        self.paths: list[str] = []
        self._folder = folder
        self._existing: Collection[str] = frozenset(base.paths())

    def put(self, table: str, rows: pa.Table, *, month: str = "", bucket: int = 0, buckets: int = 1) -> TableFile:
        """Stage one file of a table; one that is there already is not written again."""
        data = parquet.to_bytes(rows.cast(schema(table)))
        path = f"{table}/{f'month={month}/' if month else ''}{sha256_bytes(data)[:24]}.parquet"
        if path not in self._existing:
            self._folder.stage(path, data)
            self.paths.append(path)
        return TableFile(path=path, month=month, bucket=bucket, buckets=buckets, rows=rows.num_rows, bytes=len(data))

    def whole(self, table: str, rows: pa.Table) -> tuple[TableFile, ...]:
        """Stage a table without partitions; none if it has no rows."""
        return (self.put(table, rows),) if rows.num_rows else ()


def commit(
    stager: Stager,
    folder: Folder,
    base: Manifest,
    settings: Settings | None,
    tables: Tables,
    describe: Callable[[Manifest], Mapping[str, Any]],
) -> Manifest | None:
    """Show what was staged, make it the newest state, and remove what it replaces; call with the lock held.

    Args:
        stager: holds the new files.
        folder: the output.
        base: the state that the change was made from.
        settings: of the new state.
        tables: all files of the new state.
        describe: given the new state, what the run's record says beside its id, time and host.

    Returns:
        The new state; None if another run has switched first and nothing was changed.
    """
    manifest = next_after(base, _run_id(base, settings, tables), settings, tables)
    folder.write(record_path(manifest.runs[-1]), canonical_json(_head(manifest) | dict(describe(manifest))))
    folder.publish(stager.paths)
    if not switch(folder, manifest):
        return None
    folder.remove(sorted(set(base.paths()).difference(manifest.paths())))
    return manifest


def clean(folder: Folder, manifest: Manifest) -> int:
    """Remove the files of tables and records that a state does not name; returns how many. Call with the lock held.

    Nothing else is touched: human labels may lie beside the tables.
    """
    named = set(manifest.paths())
    places = [*((table, ".parquet") for table in TABLES), ("runs", ".json")]
    found = [path for prefix, end in places for path in folder.orphans(prefix) if path.endswith(end)]
    found = [path for path in found if path not in named]
    folder.remove(found)
    return len(found)


def replace(out: str, tables: Mapping[str, pa.Table]) -> Manifest:
    """Replace whole tables (of those without partitions), in one switch; the others stay as they are.

    Raises:
        StoreError: there is no output yet, or it cannot be written.
        ValueError: a table is partitioned by month.
    """
    if wrong := sorted(tables.keys() & PARTITIONED):
        raise ValueError(f"{', '.join(wrong)}: partitioned by month, not to be replaced as a whole")
    folder = open_folder(out)

    def record(_: Manifest) -> Mapping[str, Any]:
        return {"kind": "tables", "tables": sorted(tables)}

    with folder.lock():
        for _ in range(TRIES):
            base = newest(folder)
            if not base.generation:
                raise StoreError(f"{out}: no tables here yet; make them with: stance run INPUT --out {out}")
            stager = Stager(folder, base)
            files = {name: stager.whole(name, rows) for name, rows in tables.items()}
            wanted = {name: found for name, found in (dict(base.tables) | files).items() if found}
            if wanted == base.tables:
                return base
            made = commit(stager, folder, base, base.settings, wanted, record)
            if made is not None:
                clean(folder, made)
                return made
    raise StoreError(f"{out}: other runs switched the tables {TRIES} times meanwhile; run again", retryable=True)


def _run_id(base: Manifest, settings: Settings | None, tables: Tables) -> str:
    paths = {name: [file.path for file in files] for name, files in tables.items()}
    made_with = [settings.scoring, settings.estimate] if settings else []
    return f"{base.generation + 1:06d}-{content_id([base.runs[-1:], made_with, paths])[:10]}"


def _head(manifest: Manifest) -> dict[str, Any]:
    return {
        "run": manifest.runs[-1],
        "generation": manifest.generation,
        "parent": manifest.runs[-2] if len(manifest.runs) > 1 else "",
        "kind": "run",
        "started": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "seconds": 0.0,
        "host": socket.gethostname(),
        "platform": f"{platform.platform()} Python {platform.python_version()}",
        "version": stance.__version__,
        "totals": manifest.rows(),
    }
