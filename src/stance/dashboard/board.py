"""An output as the board sees it: the newest state behind DuckDB, small tables made once per run, answers kept.

What belongs here: opening, refreshing, remembering. What does not: any question (`queries`) and anything on screen.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import duckdb
import pandas as pd

from stance.dashboard import derived, prepared
from stance.errors import StoreError
from stance.store.manifest import newest
from stance.store.query import Snapshot

T = TypeVar("T")
P = ParamSpec("P")

KEPT_ANSWERS = 256
"""Answers remembered per state of the output; each is a small table."""
RECHECK = 1.0
"""Seconds after which it is looked again whether a run has made a newer state; a page asks some forty questions."""
HELPERS = 2
"""Threads that work on questions a page will ask later, while it draws."""
TRIES = 4
"""How often a question is asked again when runs replace the files under it."""

_TEMPORARY = "SELECT view_name FROM duckdb_views() WHERE temporary AND NOT internal"


class Tables:
    """What a question may read: the output's tables and those the board derives from them."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, derive: Callable[[str], None]) -> None:
        self._cursor = cursor
        self._derive = derive

    def need(self, table: str) -> None:
        """Make a derived table (a key of `derived.MAKE`) and what comes with it, unless it is there."""
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
        self._preparing: threading.Thread | None = None
        self._helpers = ThreadPoolExecutor(HELPERS, "board")

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
        for again in range(TRIES):
            state = self._newest(wait=again > 0)
            try:
                return state.answer(question, *args, **kwargs)
            except duckdb.Error as error:
                if newest(state.snapshot.folder).generation == state.snapshot.manifest.generation:
                    state.snapshot.check()
                    if not isinstance(error, duckdb.IOException | duckdb.HTTPException):
                        raise
                    raise StoreError(f"{self.out}: a file of the tables cannot be read: {error}") from error
        raise StoreError(f"{self.out}: runs replaced the tables {TRIES} times while they were read", retryable=True)

    def ahead(self, question: Callable[Concatenate[Tables, P], T], *args: P.args, **kwargs: P.kwargs) -> None:
        """Begin to work on an answer that `ask` will be asked for; what goes wrong is told there."""
        self._helpers.submit(lambda: self.ask(question, *args, **kwargs))

    def _newest(self, *, wait: bool = False) -> "_State":
        """Return the newest state; with a large output the one before it, until the newest is prepared."""
        with self._lock:
            if self._state is None:
                self._state = _State(Snapshot.open(self.out))
            elif self._state.outdated(now=wait):
                snapshot = Snapshot.open(self.out)
                if wait or not prepared.is_large(snapshot) or prepared.path(snapshot).exists():
                    self._state = _State(snapshot)
                elif self._preparing is None or not self._preparing.is_alive():
                    self._preparing = threading.Thread(target=prepared.make_apart, args=(self.out,), daemon=True)
                    self._preparing.start()
            return self._state


class _State:
    """One generation of the output, opened."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._checked, self._outdated = time.monotonic(), False
        self._made: set[str] = set()
        self._making = threading.Lock()
        self._answers: OrderedDict[Any, Any] = OrderedDict()
        self._remembering = threading.Lock()
        self._connection = snapshot.connect()
        prepared.settle(self._connection)
        for (view,) in self._connection.execute(_TEMPORARY).fetchall():  # cursors see no temporary views
            self._connection.table(f'temp."{view}"').create(f'memory.main."{view}"')
        if prepared.is_large(snapshot):
            self._open(prepared.make(snapshot))

    def _open(self, path: Path) -> None:
        self._connection.execute(f"ATTACH '{path}' AS made (READ_ONLY)")
        for table in (table for tables in derived.BRINGS.values() for table in tables):
            self._connection.execute(f"CREATE VIEW memory.main.{table} AS FROM made.{table}")
        self._made.update(derived.MAKE)

    def outdated(self, *, now: bool) -> bool:
        if now or time.monotonic() - self._checked > RECHECK:
            self._checked = time.monotonic()
            self._outdated = newest(self.snapshot.folder).generation != self.snapshot.manifest.generation
        return self._outdated

    def answer(self, question: Callable[Concatenate[Tables, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        key = (question, args, tuple(sorted(kwargs.items())))
        with self._remembering:
            known = key in self._answers
            answer: Future[T] = self._answers.setdefault(key, Future())
            self._answers.move_to_end(key)
            if len(self._answers) > KEPT_ANSWERS:
                self._answers.popitem(last=False)
        if known:
            return answer.result()
        cursor = self._connection.cursor()
        try:
            answer.set_result(question(Tables(cursor, self._derive), *args, **kwargs))
        except BaseException as error:
            with self._remembering:
                self._answers.pop(key, None)
            answer.set_exception(error)
            raise
        finally:
            cursor.close()
        return answer.result()

    def _derive(self, table: str) -> None:
        for base in derived.RESTS_ON[table]:
            self._derive(base)
        with self._making:
            if table not in self._made:
                cursor = self._connection.cursor()
                derived.MAKE[table](cursor)
                cursor.close()
                self._made.add(table)
