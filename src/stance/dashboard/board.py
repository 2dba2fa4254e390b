"""An output as the board sees it: the newest state behind DuckDB, small tables made once per run, answers kept.

What belongs here: opening, refreshing, remembering. What does not: any question (`queries`) and anything on screen.
"""

import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

import duckdb
import pandas as pd

from stance.errors import StoreError
from stance.store.manifest import newest
from stance.store.query import Snapshot

T = TypeVar("T")
P = ParamSpec("P")

KEPT_ANSWERS = 256
"""Answers remembered per state of the output; each is a small table."""
MEMORY_LIMIT = "600MB"
"""DuckDB spills to a temporary folder beyond this, so that the board stays under 1 GB at ten million scores."""
TRIES = 4
"""How often a question is asked again when runs replace the files under it."""

_PRESS = """
CREATE TABLE press AS
SELECT hash(article_id) AS article, hash(story_id) AS story, outlet::outlet_name AS outlet,
       language::language_code AS language, language_validated, (published AT TIME ZONE 'UTC')::DATE AS day, generation
FROM articles WHERE latest
"""

_UNITS = """
CREATE TABLE units AS
SELECT p.article, p.story, s.target::target_id AS target, p.outlet, p.language, p.day, p.generation,
       s.n, s.unsure, s.overall_against, s.overall_favor, s.author_against, s.author_favor,
       s.reported_n, s.reported_unsure, s.reported_against, s.reported_favor
FROM press p JOIN (
    SELECT hash(article_id) AS article, target, count(*)::USMALLINT AS n, count(*) FILTER (unsure)::USMALLINT AS unsure,
           sum(overall_against)::FLOAT AS overall_against, sum(overall_favor)::FLOAT AS overall_favor,
           sum(author_against)::FLOAT AS author_against, sum(author_favor)::FLOAT AS author_favor,
           count(*) FILTER (reported_speech)::USMALLINT AS reported_n,
           count(*) FILTER (reported_speech AND unsure)::USMALLINT AS reported_unsure,
           coalesce(sum(reported_against) FILTER (reported_speech), 0)::FLOAT AS reported_against,
           coalesce(sum(reported_favor) FILTER (reported_speech), 0)::FLOAT AS reported_favor
    FROM scores GROUP BY ALL
) s USING (article)
"""

_DERIVED = {
    "press": (
        "CREATE TYPE outlet_name AS ENUM (SELECT outlet FROM articles UNION SELECT '')",
        "CREATE TYPE language_code AS ENUM (SELECT language FROM articles UNION SELECT '')",
        _PRESS,
    ),
    "units": ("CREATE TYPE target_id AS ENUM (SELECT target FROM scores UNION SELECT '')", _UNITS),
}
"""Tables made when first needed: `press`, one row per article; `units`, one per article and target it mentions."""
_RESTS_ON = {"press": (), "units": ("press",)}

_TEMPORARY = "SELECT view_name FROM duckdb_views() WHERE temporary AND NOT internal"


class Tables:
    """What a question may read: the output's tables and those the board derives from them."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, derive: Callable[[str], None]) -> None:
        self._cursor = cursor
        self._derive = derive

    def need(self, table: str) -> None:
        """Make a derived table (`press` or `units`) unless it is there."""
        self._derive(table)

    def sql(self, query: str, values: Sequence[Any] = ()) -> pd.DataFrame:
        """Return the rows of a query with `?` for its values."""
        return self._cursor.execute(query, list(values)).df()


class Board:
    """Answers questions about an output's newest state; safe to share between threads."""

    def __init__(self, out: str) -> None:
        self.out = out
        self._lock = threading.Lock()
        self._state: _State | None = None

    @property
    def snapshot(self) -> Snapshot:
        """The newest state whose tables can be read.

        Raises:
            StoreError: there is none.
        """
        return self._newest().snapshot

    def ask(self, question: Callable[Concatenate[Tables, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return `question(tables, *args, **kwargs)` on the newest state, from memory if it was asked before.

        The answer is shared: callers must not change it.

        Args:
            question: a function that only reads.
            args: hashable values.
            kwargs: hashable values.

        Raises:
            StoreError: the output cannot be read.
        """
        for _ in range(TRIES):
            state = self._newest()
            try:
                return state.answer(question, *args, **kwargs)
            except (duckdb.IOException, duckdb.HTTPException) as error:
                if newest(state.snapshot.folder).generation == state.snapshot.manifest.generation:
                    raise StoreError(f"{self.out}: a file of the tables cannot be read: {error}") from error
        raise StoreError(f"{self.out}: runs replaced the tables {TRIES} times while they were read", retryable=True)

    def _newest(self) -> "_State":
        with self._lock:
            if self._state is None or self._state.outdated():
                self._state = _State(Snapshot.open(self.out))
            return self._state


class _State:
    """One generation of the output, opened."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._connection = snapshot.connect()
        self._connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
        self._connection.execute(f"SET temp_directory = '{tempfile.gettempdir()}/stance-board'")
        for (view,) in self._connection.execute(_TEMPORARY).fetchall():  # cursors see no temporary views
            self._connection.table(f'temp."{view}"').create(f'memory.main."{view}"')
        self._made: set[str] = set()
        self._making = threading.Lock()
        self._answers: OrderedDict[Any, Any] = OrderedDict()
        self._remembering = threading.Lock()

    def outdated(self) -> bool:
        return newest(self.snapshot.folder).generation != self.snapshot.manifest.generation

    def answer(self, question: Callable[Concatenate[Tables, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        key = (question, args, tuple(sorted(kwargs.items())))
        with self._remembering:
            if key in self._answers:
                self._answers.move_to_end(key)
                found: T = self._answers[key]
                return found
        result = question(Tables(self._connection.cursor(), self._derive), *args, **kwargs)
        with self._remembering:
            self._answers[key] = result
            if len(self._answers) > KEPT_ANSWERS:
                self._answers.popitem(last=False)
        return result

    def _derive(self, table: str) -> None:
        for base in _RESTS_ON[table]:
            self._derive(base)
        with self._making:
            if table not in self._made:
                cursor = self._connection.cursor()
                for statement in _DERIVED[table]:
                    cursor.execute(statement)
                self._made.add(table)
