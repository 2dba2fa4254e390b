"""Derived tables of large outputs, made once per state of the output and kept in the user's cache folder.

An output may lie where nothing can be written, and may be large, so the tables are made by a process of their own, go
to a file named after the content of the output's tables, and are opened read-only. Small outputs need none of this.

    python -m stance.dashboard.prepared OUT
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

from stance.dashboard import derived
from stance.errors import StoreError
from stance.store.query import Snapshot

LARGE = 300_000
"""Scores from which on tables are kept in a file."""
KEPT = 4
"""Files kept, those last made."""
MEMORY_LIMIT = "600MB"
"""DuckDB spills to a temporary folder beyond this."""
VERSION = 4
"""To be raised with every change of the derived tables."""


def is_large(snapshot: Snapshot) -> bool:
    """Whether a state's tables are to be kept in a file."""
    return sum(file.rows for file in snapshot.manifest.files("scores")) >= LARGE


def path(snapshot: Snapshot) -> Path:
    """Return where a state's tables are kept: a name made of its files' names, which tell their content."""
    files = [(file.path, file.rows, file.bytes) for table in _TABLES for file in snapshot.manifest.files(table)]
    key = json.dumps([VERSION, duckdb.__version__, files]).encode()
    return folder() / f"{hashlib.sha256(key).hexdigest()[:24]}.duckdb"


_TABLES = ("articles", "scores", "opinions")


def folder() -> Path:
    """Return the cache folder: `stance/board` under $XDG_CACHE_HOME or ~/.cache."""
    root = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(root) if root else Path.home() / ".cache") / "stance" / "board"


def settle(connection: duckdb.DuckDBPyConnection) -> None:
    """Bound a connection's memory, and let days be days in UTC whatever the machine's time zone."""
    connection.execute("SET enable_progress_bar = false")  # would stand in the way of an error's words
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
    connection.execute(f"SET temp_directory = '{tempfile.gettempdir()}/stance-board-{os.getuid()}'")


def make(snapshot: Snapshot) -> Path:
    """Make the tables of a state unless they are there; return their file.

    Raises:
        StoreError: the cache folder cannot be written, or a file of the output cannot be read.
    """
    goal = path(snapshot)
    if goal.exists():
        return goal
    try:
        goal.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=goal.parent) as part:
            _write(snapshot, Path(part) / "tables.duckdb")
            (Path(part) / "tables.duckdb").replace(goal)
    except (OSError, duckdb.Error) as error:
        if isinstance(error, duckdb.Error):
            snapshot.check()
        raise StoreError(f"{goal}: the board's tables cannot be made: {error}") from error
    _tidy(goal)
    return goal


def _write(snapshot: Snapshot, to: Path) -> None:
    connection = snapshot.connect(runs=False)
    settle(connection)
    connection.execute(f"ATTACH '{to}' AS made")
    connection.execute("SET search_path = 'made.main,memory.main'")  # tables are made there, and read from here
    for function in derived.MAKE.values():
        function(connection)
    connection.execute("SET search_path = 'memory.main'")
    connection.execute("DETACH made")
    connection.close()


def _tidy(newest: Path) -> None:
    files = sorted(newest.parent.glob("*.duckdb"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[KEPT:]:
        file.unlink(missing_ok=True)


def make_apart(out: str) -> None:
    """Make the tables of an output's newest state in a process of its own, whose memory ends with it.

    Raises:
        StoreError: they could not be made.
    """
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "stance.dashboard.prepared", out], check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise StoreError(f"{out}: the board's tables cannot be made: {done.stderr.strip()[-500:]}")


if __name__ == "__main__":
    make(Snapshot.open(sys.argv[1]))
