"""The last step: what was read and scored becomes the tables, by one switch of the manifest.

What belongs here: the order of merging, under the lock, against whatever other runs left meanwhile. What does not: how
a month is cut into files (`months`), which marks articles get (`marks`, `storylines`), the record (`lineage`).
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from stance.config import RunConfig
from stance.errors import StoreError
from stance.ingest.stories import StoryInput
from stance.pipeline import ledgers, lineage, storylines
from stance.pipeline.marks import Marks, versions
from stance.pipeline.months import Month, MonthWriter
from stance.pipeline.numbers import numbers
from stance.pipeline.pieces import NEW, STORED, is_stale
from stance.pipeline.reading import month_of
from stance.pipeline.refs import Failure, RunSummary, ShardRef
from stance.pipeline.settings import settings_of
from stance.pipeline.sifting import sift
from stance.pipeline.upkeep import KEPT, tidy
from stance.pipeline.work import read_json, read_table
from stance.store import open_folder
from stance.store.folder import Folder
from stance.store.manifest import Manifest, TableFile, newest
from stance.store.query import Snapshot
from stance.store.schemas import PARTITIONED, SCHEMA_VERSION
from stance.store.update import TRIES, Stager, clean, commit

SCORED = frozenset({"opinions", "scores", "sentiments"})
"""Tables whose rows are made again when the settings change."""

Tables = dict[str, tuple[TableFile, ...]]


def finish(
    config: RunConfig,
    read: Sequence[ShardRef],
    scored: Sequence[ShardRef],
    failures: Sequence[Failure] = (),
    alone: Callable[[], bool] | None = None,
    begun: float | None = None,
) -> RunSummary:
    """Merge a run's shards into the tables.

    Articles of shards that failed are left out, and their inputs read again by the next run. If another run changed
    the tables meanwhile, this one's rows are added to what that one left.

    Args:
        config: the run's.
        read: what `ingest_shard` returned.
        scored: what `score_shard` returned.
        failures: shards that could not be done.
        alone: from `Folder.session`, where the caller holds one.
        begun: when the run began, by `time.time`; now if not given.

    Raises:
        StoreError: the output cannot be written; or, retryable, another run removed shards or changed the settings, so
            that the run must begin again with `plan`.
    """
    begun = time.time() if begun is None else begun
    folder = open_folder(config.out)
    with nullcontext(alone) if alone else folder.session() as is_alone:
        if not read and not scored and not failures and (state := _up_to_date(config, folder)):
            tidy(folder, is_alone)
            return _nothing_to_do(config, state)
        with folder.lock():
            for _ in range(TRIES):
                merge = _Merge(config, folder, read, scored, failures, begun)
                summary = merge.run()
                if summary is not None:
                    merge.clean(is_alone)
                    return summary
    raise StoreError(f"{config.out}: other runs switched the tables {TRIES} times meanwhile; run again", retryable=True)


def _up_to_date(config: RunConfig, folder: Folder) -> Manifest | None:
    """Return the tables' state if nothing stored has to be scored or estimated again."""
    base = newest(folder, older_too=True)
    return base if base.settings == settings_of(config) and base.schema_version == SCHEMA_VERSION else None


def _nothing_to_do(config: RunConfig, state: Manifest) -> RunSummary:
    return RunSummary(
        run=state.runs[-1], out=config.out, changed=False, counts={}, rejections={}, totals=state.rows(), seconds={}
    )


@dataclass(frozen=True, slots=True)
class _Scored:
    """What the scored shards hold."""

    new: list[dict[str, Any]]
    stored: list[dict[str, Any]]

    def files(self, month: str, table: str) -> tuple[str, ...]:
        """Return the work files that may hold rows of a table and month."""
        shards = [*self.new, *(self.stored if table in SCORED else ())]
        return tuple(
            shard["tables"][table] for shard in shards if month in shard["months"] and table in shard["tables"]
        )


class _Merge:
    """One try to bring the tables up to date."""

    def __init__(
        self,
        config: RunConfig,
        folder: Folder,
        read: Sequence[ShardRef],
        scored: Sequence[ShardRef],
        failures: Sequence[Failure],
        begun: float,
    ) -> None:
        self._begun = begun
        self._started = time.time()
        self._config = config
        self._folder = folder
        self._failures = failures
        self._settings = settings_of(config)
        self._base = newest(folder, older_too=True)
        self._made = self._base
        self._old = Snapshot(folder, self._base)
        self._stale = is_stale(config, self._base)
        self._sifted = sift(folder, self._base, read)
        shards = [read_json(folder, ref) for ref in scored]
        stored = [shard for shard in shards if shard["kind"] == STORED] if self._stale else []
        self._scored = _Scored([shard for shard in shards if shard["kind"] == NEW], stored)
        self._shards = shards
        self._stager = Stager(folder, self._base)

    def run(self) -> RunSummary | None:
        """Merge and switch; None if another run switched first."""
        self._check_covered()
        tables: Tables = dict(self._base.tables) | self._partitioned() | self._ledgers()
        tables |= self._numbers(tables)
        tables = {name: files for name, files in tables.items() if files}
        if tables == self._base.tables and self._settings == self._base.settings:
            return self._summary(self._base, changed=False)
        made = commit(self._stager, self._folder, self._base, self._settings, tables, self._describe)
        if made is None:
            return None
        self._made = made
        return self._summary(made, changed=True)

    def clean(self, alone: Callable[[], bool]) -> None:
        """Remove the files that the manifest does not name, and the work folder if no other run may need it."""
        clean(self._folder, self._made)
        if alone() and not self._failures:
            self._folder.sweep(lambda path: path.startswith(KEPT))

    @cached_property
    def _added(self) -> dict[str, dict[str, Any]]:
        """The new articles that were scored: what marks need to know of each."""
        wanted = {found.id for found in self._sifted.new}
        columns = ["article_id", "outlet", "url", "title", "published", "source", "paragraphs"]
        tables = [read_table(self._folder, shard["tables"]["articles"], columns) for shard in self._scored.new]
        rows = (row for table in tables for row in table.to_pylist())
        return {row["article_id"]: row for row in rows if row["article_id"] in wanted}

    @cached_property
    def _marks(self) -> Marks:
        generation = self._base.generation + 1
        superseded, edited = versions(self._old, self._added.values(), generation)
        return Marks(
            generation=generation,
            superseded=superseded,
            edited=edited,
            stories=storylines.stories(self._old, {one.article_id: one for one in self._story_inputs()}),
        )

    def _story_inputs(self) -> Iterator[StoryInput]:
        for shard in self._scored.new:
            rows = read_table(self._folder, shard["tables"]["sketches"], storylines.COLUMNS)
            yield from (one for one in storylines.inputs(rows) if one.article_id in self._added)

    def _check_covered(self) -> None:
        """Refuse to mix scores of different settings."""
        covered: Counter[str] = Counter()
        for shard in self._scored.stored:
            for path, start, stop in shard["covers"]:
                covered[path] += stop - start
        missing = sum(max(0, file.rows - covered[file.path]) for file in self._base.files("articles"))
        if self._stale and missing:
            why = "some shards failed" if self._failures else "another run changed the tables meanwhile"
            raise StoreError(
                f"{self._config.out}: {missing} stored articles have not been scored with the new settings: {why}; "
                "the tables stay as they were, run again",
                retryable=not self._failures,
            )

    @cached_property
    def _dirty(self) -> frozenset[str]:
        """Months whose files must be made again."""
        stored = {file.month for file in self._base.files("articles")}
        if self._stale:
            return frozenset(stored | {month_of(row["published"]) for row in self._added.values()})
        touched = self._marks.superseded | self._marks.stories.keys()
        changed = {month_of(row["published"]) for row in self._added.values()}
        for file in self._base.files("articles"):
            if file.month not in changed and touched:
                ids = self._old.file(file, ["article_id"])["article_id"]
                if pc.any(pc.is_in(ids, pa.array(sorted(touched), pa.string()))).as_py():
                    changed.add(file.month)
        return frozenset(changed)

    def _partitioned(self) -> Tables:
        """Return the files of the tables that are cut by month."""
        files: dict[str, list[TableFile]] = {
            table: [file for file in self._base.files(table) if file.month not in self._dirty] for table in PARTITIONED
        }
        writer = MonthWriter(self._folder, self._stager)
        for month in sorted(self._dirty):
            for table, file in writer.write(self._month(month)):
                files[table].append(file)
        return {
            table: tuple(sorted(found, key=lambda file: (file.month, file.bucket))) for table, found in files.items()
        }

    def _month(self, name: str) -> Month:
        base = {
            table: tuple(file for file in self._base.files(table) if file.month == name)
            for table in PARTITIONED
            if not (self._stale and table in SCORED)
        }
        added = [article_id for article_id, row in self._added.items() if month_of(row["published"]) == name]
        again = [file.path for file in base["articles"]] if self._stale else []
        return Month(
            name=name,
            base=base,
            version=self._base.schema_version,
            added={table: self._scored.files(name, table) for table in PARTITIONED},
            articles=frozenset(added) | self._ids(again),
            size=len(added) + sum(file.rows for file in base["articles"]),
            change=self._marks.set,
        )

    def _ids(self, paths: Sequence[str]) -> frozenset[str]:
        tables = (read_table(self._folder, path, ["article_id"]) for path in paths)
        return frozenset(article_id for table in tables for article_id in table["article_id"].to_pylist())

    @cached_property
    def _complete(self) -> dict[str, dict[str, Any]]:
        """The inputs all of whose articles are in the tables now."""
        waiting = {found.input for found in self._sifted.new if found.id not in self._added}
        return {item["input"]: item for item in self._sifted.inputs if item["input"] not in waiting}

    def _ledgers(self) -> Tables:
        inputs = ledgers.inputs(self._old, self._complete, self._sifted, self._base.generation + 1)
        rejections = ledgers.rejections(self._old, self._complete, self._rejected)
        return {
            "inputs": self._stager.whole("inputs", inputs),
            "rejections": self._stager.whole("rejections", rejections),
        }

    def _numbers(self, tables: Tables) -> Tables:
        state = Manifest(generation=self._base.generation, settings=self._settings, tables=tables)
        made = numbers(Snapshot(self._folder, state), self._config)
        return {name: self._stager.whole(name, rows) for name, rows in made.items()}

    @cached_property
    def _rejected(self) -> pa.Table:
        return ledgers.rejected(self._folder, self._sifted)

    def _counts(self) -> dict[str, int]:
        work: Counter[str] = Counter()
        for shard in self._shards:
            work.update(shard["counts"])
        return {
            "inputs": len(self._sifted.inputs),
            "bytes": sum(item["bytes"] for item in self._sifted.inputs),
            "articles": sum(item["articles"] for item in self._sifted.inputs),
            "new": len(self._added),
            "edited": len(self._marks.edited),
            "known": self._sifted.known,
            "duplicates": len(self._sifted.duplicates),
            "waiting": len(self._sifted.new) - len(self._added),
            "rejections": self._rejected.num_rows,
            "paragraphs": sum(row["paragraphs"] for row in self._added.values()),
            **{name: work[name] for name in ("pairs", "scored", "reused", "passages")},
            "failed": len(self._failures),
        }

    def _seconds(self) -> dict[str, float]:
        spent = {"merge": time.time() - self._started}
        for shard in self._shards:
            for name, seconds in shard["seconds"].items():
                spent[name] = spent.get(name, 0.0) + seconds
        return {name: round(value, 3) for name, value in spent.items()}

    def _describe(self, manifest: Manifest) -> dict[str, Any]:
        now = Snapshot(self._folder, manifest)
        return lineage.made_with(self._config) | {
            "started": datetime.fromtimestamp(self._begun, UTC).isoformat(timespec="milliseconds"),
            "seconds": round(time.time() - self._begun, 3),
            "inputs": {name: item["sha256"] for name, item in self._complete.items()},
            "counts": self._counts(),
            "rejections": dict(Counter(self._rejected["reason"].to_pylist())),
            "stages": self._seconds(),
            "failures": [asdict(failure) for failure in self._failures],
            "moves": lineage.moves(self._old, now, set(self._dirty), self._marks, frozenset(self._added)),
        }

    def _summary(self, manifest: Manifest, *, changed: bool) -> RunSummary:
        return RunSummary(
            run=manifest.runs[-1] if manifest.runs else "",
            out=self._config.out,
            changed=changed,
            counts=self._counts(),
            rejections=dict(Counter(self._rejected["reason"].to_pylist())),
            totals=manifest.rows(),
            seconds=self._seconds(),
            failures=tuple(self._failures),
        )
