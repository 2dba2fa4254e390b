"""What `status`, `compact` and `diff` print."""

from dataclasses import asdict
from typing import Any

from stance.cli import terminal
from stance.pipeline.differences import Difference, Move
from stance.pipeline.statuses import NextRun, Status
from stance.pipeline.upkeep import Compaction

RUNS = 10
MOVES = 30
REJECTED = 30
"""Rows of rejections by outlet that are shown."""
DETAIL = 200
"""Characters of a rejection's detail that are shown."""


def plain(value: Any) -> Any:  # noqa: ANN401 - any nest of JSON values and dates
    """Make dates words, so that a nest of values can be printed as JSON."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def show(status: Status, *, as_json: bool) -> None:
    """Print the state of an output."""
    if as_json:
        terminal.print_json(plain(asdict(status)))
        return
    terminal.out.print(
        f"{status.out}: " + ", ".join(f"{rows:,} {table}" for table, rows in status.totals.items() if rows)
    )
    terminal.print_table(
        f"\nRuns (the last {RUNS})",
        ["run ", "kind ", "started ", "seconds", "articles", "scored"],
        (
            [
                run.run,
                run.kind,
                run.started,
                f"{run.seconds:,.1f}",
                f"{run.counts.get('articles', 0):,}",
                f"{run.counts.get('scored', 0):,}",
            ]
            for run in status.runs[:RUNS]
        ),
    )
    _rejections(status)
    _feeds(status)
    if status.next:
        _next(status.next)


def _rejections(status: Status) -> None:
    if not status.rejections:
        return
    found = [
        (outlet or "(unknown)", reason, count)
        for outlet, reasons in status.rejections_by_outlet.items()
        for reason, count in reasons.items()
    ]
    found.sort(key=lambda row: (-row[2], *row[:2]))
    rows = [[outlet, reason, f"{count:,}"] for outlet, reason, count in found[:REJECTED]]
    cut = f" (the {REJECTED} largest of {len(found):,} rows)" if len(found) > REJECTED else ""
    terminal.print_table(f"\nRejected inputs{cut}", ["outlet ", "reason ", "inputs"], rows)
    for reason, named in status.rejected.items():
        more = status.rejections[reason] - len(named)
        terminal.out.print(f"\n{reason}:")
        for item in named:
            told = item.line is None or item.source.endswith(f"#{item.line}")
            where = item.source if told else f"{item.source}:{item.line}"
            detail = item.detail if len(item.detail) <= DETAIL else f"{item.detail[:DETAIL]} …"
            terminal.out.print(f"  {where}: {detail}" if detail else f"  {where}")
        if more:
            terminal.out.print(f"  and {more:,} more, in the table `rejections`")


def _feeds(status: Status) -> None:
    terminal.print_table(
        "\nFeeds",
        ["outlet ", "articles", "newest ", "days silent", "usual pause", "paragraphs", "alarm "],
        (
            [
                feed.outlet,
                f"{feed.articles:,}",
                str(feed.last or "undated"),
                f"{feed.silent_days}",
                f"{feed.usual_pause:.0f}" if feed.usual_pause else "",
                f"{feed.paragraphs:.0f}" if feed.paragraphs else "",
                feed.alarm,
            ]
            for feed in status.feeds
        ),
    )


def _next(run: NextRun) -> None:
    if not run.inputs and not run.stored:
        terminal.out.print("\nNext run: nothing new.")
        return
    words = f"\nNext run: {run.inputs:,} inputs to read ({run.megabytes:,.1f} MB"
    words += f", about {run.paragraphs:,} paragraphs)" if run.paragraphs is not None else ")"
    if run.stored:
        words += f"; {run.stored:,} stored articles again, of which {run.questions:,} paragraphs to score"
    if run.seconds is not None:
        words += f"; about {run.seconds:,.0f} s at the pace of earlier runs"
    terminal.out.print(f"{words}.")


def compacted(result: Compaction) -> None:
    """Print what compacting did."""
    if not result.changed and not result.removed:
        terminal.out.print("Nothing to do: every file is in today's layout.")
        return
    terminal.out.print(
        f"{result.files_before:,} files of {result.bytes_before / 1e6:,.1f} MB became {result.files_after:,} of "
        f"{result.bytes_after / 1e6:,.1f} MB; {result.removed:,} leftovers removed; no row changed."
    )


def moved(difference: Difference, *, as_json: bool) -> None:
    """Print why numbers moved between two runs."""
    if as_json:
        terminal.print_json(plain(asdict(difference)))
        return
    terminal.out.print(
        f"{difference.run1} to {difference.run2} ({difference.runs:,} runs): {difference.new_articles:,} new articles, "
        f"{difference.edited_articles:,} edited; scorer {'changed' if difference.scorer_changed else 'unchanged'}"
    )
    for words, targets in (
        ("added", difference.targets_added),
        ("removed", difference.targets_removed),
        ("changed", difference.targets_changed),
    ):
        if targets:
            terminal.out.print(f"targets {words}: {', '.join(targets)}")
    for name, (before, after) in difference.config.items():
        terminal.out.print(f"option {name}: {before} became {after}")
    terminal.print_table(
        f"\nMean polarity, and what moved it (the {MOVES} largest)",
        ["target ", "outlet ", "before", "after", "because of "],
        [_move(move) for move in sorted(difference.moves, key=_size)[:MOVES]],
    )


def _size(move: Move) -> float:
    return -sum(abs(part) for part in move.causes.values())


def _move(move: Move) -> list[str]:
    causes = sorted(move.causes.items(), key=lambda item: -abs(item[1]))
    numbers = ["" if value is None else f"{value:+.3f}" for value in (move.before, move.after)]
    return [move.target, move.outlet or "all outlets", *numbers, ", ".join(f"{n} {v:+.3f}" for n, v in causes if v)]
