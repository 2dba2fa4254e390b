"""Which files are the tables: numbered manifests, of which the newest one is the truth.

What belongs here: the manifest's shape, reading the newest, switching to the next. What does not: the rows in the files
it names. A reader that starts from a manifest never sees half of a run; a run that fails before the switch leaves no
trace but files that the next success removes.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from stance.errors import StoreError
from stance.ids import canonical_json
from stance.store.folder import Folder
from stance.store.schemas import SCHEMA_VERSION, TABLES

FOLDER = "manifests"
_NAME = re.compile(rf"{FOLDER}/\d{{8,}}\.json")
"""What a manifest is called; an unfinished write beside it is none."""
KEPT = 5
"""Manifests kept behind the newest, so that a slow writer cannot take a number that was in use."""
TRIES = 5
"""How often reading starts again when the newest manifest is replaced while it is being opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFile:
    """One Parquet file of a table."""

    path: str
    month: str
    """`YYYY-MM` or `undated`; '' for tables without partitions."""
    bucket: int
    """Which part of the month, by article id, out of `buckets`."""
    buckets: int
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the scores were made with; runs with other settings score again what is affected."""

    version: str
    """Of this package: its rules for mentions and voices are part of every score."""
    catalogue: str
    scorer: str
    sentiment: str
    estimate: str
    """Content id of the options of the estimates."""

    @property
    def scoring(self) -> tuple[str, ...]:
        """All that decides scores."""
        return (self.version, self.catalogue, self.scorer, self.sentiment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The state of an output after a run."""

    generation: int
    """Number of the run that made it, from 1; 0 is an output that has none yet."""
    settings: Settings | None
    runs: tuple[str, ...] = ()
    """Ids of all runs, oldest first; each has a record in `runs/`."""
    tables: Mapping[str, tuple[TableFile, ...]] = field(default_factory=dict)
    schema_version: int = SCHEMA_VERSION

    def files(self, table: str) -> tuple[TableFile, ...]:
        """Return the files of a table, in order."""
        return self.tables.get(table, ())

    def rows(self) -> dict[str, int]:
        """Return the number of rows of each table."""
        return {table: sum(file.rows for file in self.files(table)) for table in TABLES}

    def paths(self) -> Iterator[str]:
        """Yield every file that belongs to the output, run records included."""
        for files in self.tables.values():
            yield from (file.path for file in files)
        yield from map(record_path, self.runs)

    def to_json(self) -> bytes:
        """Encode it; equal manifests give equal bytes."""
        return canonical_json(asdict(self))

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """Decode it."""
        raw: dict[str, Any] = json.loads(data)
        settings = raw.pop("settings")
        tables = {name: tuple(TableFile(**file) for file in files) for name, files in raw.pop("tables").items()}
        return cls(
            settings=Settings(**settings) if settings else None,
            tables=tables,
            **(raw | {"runs": tuple(raw["runs"])}),
        )


EMPTY = Manifest(generation=0, settings=None)


def record_path(run: str) -> str:
    """Return where a run's record lies."""
    return f"runs/{run}.json"


def newest(folder: Folder, *, older_too: bool = False) -> Manifest:
    """Read the newest manifest; `EMPTY` if there is none.

    Args:
        folder: the output.
        older_too: whether the caller can migrate tables of an older schema.

    Raises:
        StoreError: the tables were written by a newer version, or by an older one that the caller cannot read.
    """
    for _ in range(TRIES):
        names = sorted(path for path in folder.files(FOLDER) if _NAME.fullmatch(path))
        if not names:
            return EMPTY
        try:
            data = folder.read(names[-1])
        except FileNotFoundError:
            continue
        return _checked(_decoded(data, folder, names[-1]), folder, older_too)
    raise StoreError(f"{folder.root}: the manifest was replaced {TRIES} times while it was read", retryable=True)


def _decoded(data: bytes, folder: Folder, name: str) -> Manifest:
    try:
        version = json.loads(data)["schema_version"]
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"{folder.root}: tables of schema {version}, this version of stance-pipeline knows up to "
                f"{SCHEMA_VERSION}; upgrade it: pip install -U stance-pipeline"
            )
        return Manifest.from_json(data)
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{folder.root}/{name}: not a manifest of stance: {error}") from error


def _checked(manifest: Manifest, folder: Folder, older_too: bool) -> Manifest:
    if manifest.schema_version < SCHEMA_VERSION and not older_too:
        raise StoreError(
            f"{folder.root}: tables of schema {manifest.schema_version}, this version reads {SCHEMA_VERSION}; "
            f"bring them up to date with: stance compact {folder.root}"
        )
    return manifest


def switch(folder: Folder, manifest: Manifest) -> bool:
    """Make a manifest the newest; False if another run took its number first (nothing has changed then)."""
    if not folder.create(_path(manifest.generation), manifest.to_json()):
        return False
    old = range(max(1, manifest.generation - 2 * KEPT), manifest.generation - KEPT)
    folder.remove(map(_path, old))
    return True


def next_after(
    base: Manifest, run: str, settings: Settings | None, tables: Mapping[str, tuple[TableFile, ...]]
) -> Manifest:
    """Return the manifest that follows `base` with these tables."""
    return replace(
        base,
        generation=base.generation + 1,
        settings=settings,
        runs=(*base.runs, run),
        tables=dict(tables),
        schema_version=SCHEMA_VERSION,
    )


def _path(generation: int) -> str:
    return f"{FOLDER}/{generation:08d}.json"
