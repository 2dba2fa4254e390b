"""Events that charts mark with a line: a small CSV file with the columns `day` and `name`.

    day,name
    2025-01-07,state of emergency

What belongs here: reading that file. The board takes `events.csv` of the output's folder, or the file it is given.
"""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from stance.errors import ConfigError

FILE = "events.csv"
MOST = 50


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day."""

    day: date
    name: str


def read(path: Path) -> tuple[Event, ...]:
    """Read an events file, sorted by day.

    Raises:
        ConfigError: it cannot be read, a column is missing, a day is not YYYY-MM-DD, or it has more than `MOST` events.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot read the events: {error}") from error
    if len(rows) > MOST:
        raise ConfigError(f"{path}: {len(rows)} events, at most {MOST} can be shown")
    return tuple(sorted((_event(row, path, line) for line, row in enumerate(rows, 2)), key=lambda event: event.day))


def beside(out: str) -> tuple[Event, ...]:
    """Read the events file in an output's folder; none if it has no such file or is an object store's address."""
    path = Path(out) / FILE
    return read(path) if "://" not in out and path.is_file() else ()


def _event(row: dict[str, str], path: Path, line: int) -> Event:
    try:
        return Event(date.fromisoformat(row["day"].strip()), row["name"].strip())
    except (KeyError, ValueError, AttributeError) as error:
        raise ConfigError(f"{path}:{line}: expected columns day (YYYY-MM-DD) and name, got {row}") from error
