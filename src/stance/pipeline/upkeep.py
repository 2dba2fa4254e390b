"""Work on an output that reads no news: estimates made again, files brought to today's layout and schema.

What belongs here: changes that leave every row of the other tables as it was.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from stance.config import RunConfig
from stance.errors import StoreError
from stance.pipeline import lineage
from stance.pipeline.inputs import HASHES
from stance.pipeline.months import Month, MonthWriter
from stance.pipeline.numbers import estimating, numbers
from stance.pipeline.refs import RunSummary
from stance.pipeline.remote import FETCHED
from stance.store import open_folder
from stance.store.folder import LOCK, SESSIONS, Folder
from stance.store.manifest import Manifest, Settings, TableFile, newest
from stance.store.query import Snapshot
from stance.store.schemas import PARTITIONED, SCHEMA_VERSION, TABLES
from stance.store.update import Stager, clean, commit

KEPT = (HASHES, FETCHED)
"""What the work folder keeps between runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compaction:
    """What `compact` did."""

    changed: bool
    files_before: int
    files_after: int
    bytes_before: int
    bytes_after: int
    removed: int
    """Files that no state named: leftovers of runs that were stopped."""


def estimate(config: RunConfig) -> RunSummary:
    """Make the estimates again from the tables as they stand, with the config's `[estimate]` options.

    Raises:
        StoreError: there is no output, or it cannot be written.
    """
    folder = open_folder(config.out)
    _existing(folder)  # before the lock, which would make the folder
    with folder.lock():
        base = _existing(folder)
        stager = Stager(folder, base)
        made = numbers(Snapshot(folder, base), config)
        tables = dict(base.tables) | {name: stager.whole(name, rows) for name, rows in made.items()}
        tables = {name: files for name, files in tables.items() if files}
        settings = base.settings and replace(base.settings, estimate=estimating(config))
        state = _commit(folder, base, stager, settings, tables, {"kind": "estimate"})
    return RunSummary(
        run=state.runs[-1],
        out=config.out,
        changed=state is not base,
        counts={},
        rejections={},
        totals=state.rows(),
        seconds={},
    )


def compact(out: str) -> Compaction:
    """Bring every file to this version's schema and layout, and remove what stopped runs left behind; no row changes.

    Raises:
        StoreError: there is no output, or it cannot be written.
    """
    folder = open_folder(out)
    _existing(folder)  # before the lock, which would make the folder
    with folder.session() as alone, folder.lock():
        base = _existing(folder)
        stager = Stager(folder, base)
        tables = {name: files for name, files in _again(folder, base, stager).items() if files}
        state = _commit(folder, base, stager, _settings(base), tables, {"kind": "compact"})
        removed = clean(folder, state)
        if alone():
            folder.sweep(lambda path: path.startswith(KEPT))
    return Compaction(
        changed=state is not base,
        files_before=_count(base),
        files_after=_count(state),
        bytes_before=_bytes(base),
        bytes_after=_bytes(state),
        removed=removed,
    )


def tidy(folder: Folder, alone: Callable[[], bool]) -> None:
    """Remove what stopped runs left behind, if there is any: for runs that have nothing else to do."""
    named = {*newest(folder, older_too=True).paths(), LOCK, SESSIONS}
    if all(path in named or path.startswith(KEPT) for path in folder.files("") if _ours(path)):
        return
    with folder.lock():
        clean(folder, newest(folder, older_too=True))
        if alone():
            folder.sweep(lambda path: path.startswith(KEPT))


def _ours(path: str) -> bool:
    """Whether a file is the store's own; people keep labels and reports beside the tables."""
    return path.startswith("_work/") or path.endswith(".tmp") or path.partition("/")[0] in {*TABLES, "runs"}


def _existing(folder: Folder) -> Manifest:
    base = newest(folder, older_too=True)
    if not base.generation:
        raise StoreError(f"{folder.root}: no tables here yet; make them with: stance run INPUT --out {folder.root}")
    return base


def _commit(
    folder: Folder,
    base: Manifest,
    stager: Stager,
    settings: Settings | None,
    tables: dict[str, tuple[TableFile, ...]],
    about: Mapping[str, Any],
) -> Manifest:
    if tables == base.tables and settings == base.settings and base.schema_version == SCHEMA_VERSION:
        return base
    made = commit(stager, folder, base, settings, tables, lambda _: {**about, "packages": lineage.packages()})
    if made is None:
        raise StoreError(f"{folder.root}: another run switched the tables meanwhile; try again", retryable=True)
    return made


def _settings(base: Manifest) -> Settings | None:
    """Rows of an older schema lack what its rules did not find, so that the next run goes over them again."""
    if base.schema_version == SCHEMA_VERSION or base.settings is None:
        return base.settings
    return replace(base.settings, version=f"{base.settings.version} (schema {base.schema_version})")


def _again(folder: Folder, base: Manifest, stager: Stager) -> dict[str, tuple[TableFile, ...]]:
    old = Snapshot(folder, base)
    tables = {
        name: list(stager.whole(name, old.table(name)))
        for name in TABLES
        if name not in PARTITIONED and base.files(name)
    }
    writer = MonthWriter(folder, stager)
    for month in sorted({file.month for file in base.files("articles")}):
        for table, file in writer.write(_as_it_is(base, month)):
            tables.setdefault(table, []).append(file)
    return {name: tuple(files) for name, files in tables.items()}


def _as_it_is(base: Manifest, month: str) -> Month:
    files = {table: tuple(file for file in base.files(table) if file.month == month) for table in PARTITIONED}
    return Month(
        name=month,
        base=files,
        version=base.schema_version,
        added={},
        articles=frozenset(),
        size=sum(file.rows for file in files["articles"]),
        change=_unchanged,
    )


def _unchanged(_table: str, rows: pa.Table) -> pa.Table:
    return rows


def _count(state: Manifest) -> int:
    return sum(len(files) for files in state.tables.values())


def _bytes(state: Manifest) -> int:
    return sum(file.bytes for files in state.tables.values() for file in files)
