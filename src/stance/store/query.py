"""Readers: a consistent state of all tables, as files, as arrow tables, or behind DuckDB views.

What belongs here: opening what a manifest names. What does not: any question of a chart or an estimate.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar

import pyarrow as pa

from stance.errors import StoreError
from stance.store import open_folder, parquet
from stance.store.folder import Folder
from stance.store.manifest import Manifest, TableFile, newest, record_path
from stance.store.migrate import upgrade
from stance.store.schemas import PARTITIONED, SCHEMA_VERSION, TABLES, schema

if TYPE_CHECKING:
    import duckdb

T = TypeVar("T")
TRIES = 5
"""How often `consistent` starts again when a run replaces the files under it."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All tables as one run left them.

    The files of a snapshot stay until the next run that changes them; see `consistent` for readers that may meet one.
    """

    folder: Folder
    manifest: Manifest

    @classmethod
    def open(cls, out: str) -> Self:
        """Open the newest state of an output.

        Raises:
            StoreError: there is none, or its schema is not this version's.
        """
        folder = open_folder(out)
        manifest = newest(folder)
        if not manifest.generation:
            raise StoreError(f"{out}: no tables here yet; make them with: stance run INPUT --out {out}")
        return cls(folder, manifest)

    def files(self, table: str) -> list[str]:
        """Return the paths or addresses of a table's files, in order."""
        return [f"{self.folder.root}/{file.path}" for file in self.manifest.files(table)]

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Read a table, all columns or some; an empty one has its columns too."""
        if name == "runs":
            return _runs(self.records())
        empty = self.empty(name, columns)
        return pa.concat_tables([empty, *(rows.cast(empty.schema) for rows in self.batches(name, columns))])

    def batches(self, name: str, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Yield a table file by file, so that memory stays bounded."""
        for file in self.manifest.files(name):
            yield self.file(file, columns)

    def file(self, file: TableFile, columns: Sequence[str] | None = None) -> pa.Table:
        """Read one file of a table."""
        return read_file(self.folder, file, columns, self.manifest.schema_version)

    @staticmethod
    def empty(name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Return a table without rows."""
        wanted = schema(name)
        if columns is not None:
            wanted = pa.schema([wanted.field(column) for column in columns], metadata=wanted.metadata)
        return wanted.empty_table()

    def records(self) -> list[dict[str, Any]]:
        """Return the record of every run, oldest first; raises StoreError where one is gone or damaged."""
        return [self._record(run) for run in self.manifest.runs]

    def newest_records(self) -> Iterator[dict[str, Any]]:
        """Yield the records one by one, newest first, so that the old ones are not read for a word of the last."""
        yield from map(self._record, reversed(self.manifest.runs))

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of one query over the views of all tables but `runs`.

        Raises:
            StoreError: a file cannot be read.
        """
        import duckdb

        with self.connect(runs=False) as connection:
            try:
                return connection.execute(query, list(values)).fetchall()
            except duckdb.Error:
                self.check()
                raise

    def check(self) -> None:
        """Read every file, to learn which one DuckDB, that does not always say so, could not.

        Raises:
            StoreError: names the first that cannot be read.
        """
        for name in TABLES:
            for file in self.manifest.files(name):
                self.file(file)

    def connect(self, *, runs: bool = True) -> "duckdb.DuckDBPyConnection":
        """Return a DuckDB connection with one view per table; it makes no network call of its own.

        Args:
            runs: whether there is a view `runs`. It is made of the record of every run, all read at once: after a year
                of hourly runs these are thousands of files.

        Raises:
            StoreError: a file is damaged; DuckDB may find that out only in a query, see `check`.
        """
        import duckdb

        connection = duckdb.connect(
            config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
        )
        system = getattr(self.folder, "system", None)
        if system is not None:
            connection.register_filesystem(system)
        try:
            for name in TABLES:
                _view(connection, name, self)
        except duckdb.Error:
            connection.close()
            self.check()
            raise
        if runs:
            connection.register("runs", self.table("runs"))
        return connection

    def _record(self, run: str) -> dict[str, Any]:
        path = record_path(run)
        with explained(self.folder, path):
            data = self.folder.read(path)
        try:
            return dict(json.loads(data))
        except (ValueError, TypeError) as error:
            raise StoreError(f"{self.folder.root}/{path}: damaged ({error}); {_RESTORE}") from error


def read_file(
    folder: Folder, file: TableFile, columns: Sequence[str] | None = None, version: int = SCHEMA_VERSION
) -> pa.Table:
    """Read one file of a table, brought up to this version's schema.

    Raises:
        StoreError: as `explained` says.
    """
    with explained(folder, file.path):
        if version < SCHEMA_VERSION:
            table = upgrade(file.path.partition("/")[0], parquet.read(folder.source(file.path)), version)
            return table if columns is None else table.select(list(columns))
        return parquet.read(folder.source(file.path), columns)


_RESTORE = "put it back from a copy, or make the tables anew: stance run INPUT --out ANOTHER (labels/ can go with it)"


@contextmanager
def explained(folder: Folder, path: str) -> Iterator[None]:
    """Say in words why a file of an output, of its tables, its records or its work folder, could not be read.

    Raises:
        StoreError: instead of what pyarrow and the file system raise; retryable where another run may be the reason: a
            file that the newest manifest names is gone for good.
    """
    work = path.startswith("_work/")
    try:
        yield
    except FileNotFoundError as error:
        if work:
            why = "gone; another run may have finished this work, run again"
        elif path in newest(folder, older_too=True).paths():
            raise StoreError(f"{folder.root}/{path}: gone; {_RESTORE}") from error
        else:
            why = "replaced by a newer run"
        raise StoreError(f"{folder.root}/{path}: {why}", retryable=True) from error
    except (pa.ArrowException, OSError) as error:
        # Of what pyarrow cannot decode some comes as OSError, without a number of the system's.
        if isinstance(error, TimeoutError | ConnectionError) or getattr(error, "errno", None) is not None:
            remote = "://" in folder.root
            raise StoreError(f"cannot read {folder.root}/{path}: {error}", retryable=remote) from error
        advice = f"remove {folder.root}/{path.rpartition('/')[0]} and run again" if work else _RESTORE
        raise StoreError(f"{folder.root}/{path}: damaged ({' '.join(str(error).split())}); {advice}") from error


def consistent(out: str, function: Callable[[Snapshot], T]) -> T:
    """Call a function with the newest snapshot; again with a newer one if a run replaced its files meanwhile.

    Raises:
        StoreError: from `function`, or from opening.
    """
    for _ in range(TRIES - 1):
        snapshot = Snapshot.open(out)
        try:
            return function(snapshot)
        except _vanished():
            if newest(snapshot.folder).generation == snapshot.manifest.generation:
                raise
    return function(Snapshot.open(out))


def _vanished() -> tuple[type[Exception], ...]:
    """Return the errors by which readers learn that a file is gone."""
    import duckdb

    return (StoreError, OSError, duckdb.IOException, duckdb.HTTPException)


def _view(connection: "duckdb.DuckDBPyConnection", name: str, snapshot: Snapshot) -> None:
    files = snapshot.files(name)
    if not files:
        connection.register(name, schema(name).empty_table())
        return
    connection.read_parquet(files, hive_partitioning=name in PARTITIONED).create_view(name)


def _runs(records: Sequence[dict[str, Any]]) -> pa.Table:
    """Make a table of run records: the flat values as columns, the rest as JSON."""
    columns: dict[str, list[Any]] = {key: [] for key in ("run", "generation", "started", "host", "version", "seconds")}
    for record in records:
        for key, values in columns.items():
            values.append(record[key])
    return pa.table(
        {
            "run": pa.array(columns["run"], pa.string()),
            "generation": pa.array(columns["generation"], pa.int64()),
            "started": pa.array(columns["started"], pa.string()),
            "host": pa.array(columns["host"], pa.string()),
            "version": pa.array(columns["version"], pa.string()),
            "seconds": pa.array(columns["seconds"], pa.float64()),
            "record": pa.array([json.dumps(record, sort_keys=True) for record in records], pa.string()),
        }
    )
