"""How results look in a terminal: colours, tables, bars; plain when piped.

What belongs here: rich and nothing that computes. Colours say against (orange), neutral (grey) and favor (blue), which
colour-blind readers tell apart; every coloured thing is also said in words.
"""

import json
import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

COLOURS = {"against": "dark_orange", "neutral": "grey62", "favor": "dodger_blue1"}
TARGETS = ("bold underline", "bold italic", "bold", "underline", "italic")

PIPED_WIDTH = 140
"""Columns where there is no terminal to ask: wide enough for every table here."""


def _console(*, stderr: bool) -> Console:
    # News has square brackets and colons of its own: nothing in it is mark-up of ours.
    console = Console(stderr=stderr, highlight=False, soft_wrap=True, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = PIPED_WIDTH
    return console


out = _console(stderr=False)
err = _console(stderr=True)


def fail(message: str) -> None:
    """Say on standard error what went wrong."""
    err.print(Text.assemble(("error: ", "bold red"), message))


def warn(message: str) -> None:
    """Say on standard error what the user should know."""
    err.print(Text.assemble(("note: ", "yellow"), message))


def print_json(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Print one JSON object and nothing else; a number that there is not is null."""
    sys.stdout.write(json.dumps(_strict(value), ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def _strict(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Put null in place of NaN and infinity, which JSON does not have."""
    if isinstance(value, Mapping):
        return {key: _strict(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str | Text]]) -> None:
    """Print a table; columns whose name ends in a space are text, the others numbers."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, header_style="dim")
    for column in columns:
        table.add_column(column.strip(), justify="left" if column.endswith(" ") else "right", overflow="fold")
    for row in rows:
        table.add_row(*row)
    out.print(table)


def stance_text(label: str) -> Text:
    """A stance in its colour."""
    return Text(label, style=COLOURS.get(label, ""))


def polarity_text(value: float) -> Text:
    """A polarity in the colour of its side."""
    side = "favor" if value > 0.15 else "against" if value < -0.15 else "neutral"
    return Text(f"{value:+.2f}", style=COLOURS[side])


def bar(shares: Mapping[str, float], width: int = 20) -> Text:
    """Three shares as one bar of letters and colours: `aaaa..ffff`."""
    text = Text()
    left, parts = width, list(shares.items())
    for number, (name, share) in enumerate(parts):
        size = left if number == len(parts) - 1 else min(left, round(share * width))
        text.append({"against": "a", "neutral": ".", "favor": "f"}[name] * size, style=COLOURS[name])
        left -= size
    return text


class Bars:
    """Progress bars on standard error; nothing when it is not a terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def stage(self, name: str, total: int) -> None:
        """Begin a stage of `total` units."""
        if self._task is not None:
            self._progress.update(self._task, visible=False)
        self._task = self._progress.add_task(name, total=total)

    def advance(self, count: int = 1) -> None:
        """Say that `count` units are done."""
        if self._task is not None:
            self._progress.advance(self._task, count)


@contextmanager
def bars() -> Iterator[Bars]:
    """Show progress while the block runs."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        yield Bars(progress)
