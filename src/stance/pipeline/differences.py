"""Why a number moved between two runs: what each cause added to it, from the records of the runs in between.

What belongs here: adding up what the records say. What does not: making records (`lineage`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stance.errors import ConfigError
from stance.store.query import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Mean polarity of one target, in one outlet or in all, at two runs."""

    target: str
    outlet: str
    """'' for all outlets together."""
    before: float | None
    """Mean over all pairs of paragraph and target, in [-1, 1]; None if there were none."""
    after: float | None
    pairs_before: int
    pairs_after: int
    causes: Mapping[str, float]
    """What each cause contributed to `after - before`; they add up to it."""
    pairs: Mapping[str, int]
    """Pairs that each cause added (or took away)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What lies between two runs."""

    run1: str
    run2: str
    runs: int
    """Runs in between, the second one included."""
    new_articles: int
    edited_articles: int
    targets_added: tuple[str, ...]
    targets_removed: tuple[str, ...]
    targets_changed: tuple[str, ...]
    scorer_changed: bool
    config: Mapping[str, tuple[Any, Any]]
    """Options that differ, by name: before and after."""
    moves: tuple[Move, ...]
    """Of every target in all outlets together, then by outlet."""


def diff(out: str, run1: str, run2: str) -> Difference:
    """Compare two runs; ids may be shortened to what is unambiguous, and the earlier run always comes first.

    Raises:
        ConfigError: there is no such run.
        StoreError: there is no output.
    """
    records = Snapshot.open(out).records()
    first, second = sorted((_find(records, run1, out), _find(records, run2, out)))
    between = records[first + 1 : second + 1]
    before, after = _settings(records[: first + 1]), _settings(records[: second + 1])
    old, new = before.get("catalogue", {}).get("targets", {}), after.get("catalogue", {}).get("targets", {})
    return Difference(
        run1=records[first]["run"],
        run2=records[second]["run"],
        runs=len(between),
        new_articles=sum(record.get("counts", {}).get("new", 0) for record in between),
        edited_articles=sum(record.get("counts", {}).get("edited", 0) for record in between),
        targets_added=tuple(sorted(new.keys() - old.keys())),
        targets_removed=tuple(sorted(old.keys() - new.keys())),
        targets_changed=tuple(sorted(name for name in old.keys() & new.keys() if old[name] != new[name])),
        scorer_changed=before.get("scorer") != after.get("scorer"),
        config=_changed(before.get("config", {}), after.get("config", {})),
        moves=_moves(records[: first + 1], between),
    )


def _find(records: Sequence[Mapping[str, Any]], run: str, out: str) -> int:
    found = [place for place, record in enumerate(records) if record["run"].startswith(run)]
    exact = [place for place in found if records[place]["run"] == run]
    if len(exact or found) != 1:
        known = ", ".join(record["run"] for record in records[-5:])
        raise ConfigError(f"{out}: {'no' if not found else 'more than one'} run {run!r}; the last ones are {known}")
    return (exact or found)[0]


def _settings(records: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return next((record for record in reversed(records) if "config" in record), {})


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    names = sorted(before.keys() | after.keys())
    return {name: (before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)}


def _moves(until: Sequence[Mapping[str, Any]], between: Sequence[Mapping[str, Any]]) -> tuple[Move, ...]:
    start = _sums(until)
    change = _sums(between)
    cells = sorted({key[:2] for key in change}, key=lambda cell: (cell[1] != "", cell))
    moves = [_move(*cell, start, change) for cell in cells]
    return tuple(move for move in moves if any(move.causes.values()) or any(move.pairs.values()))


def _sums(records: Sequence[Mapping[str, Any]]) -> Counter[tuple[str, str, str, str]]:
    """Return pairs and polarity by target, outlet ('' for all) and cause."""
    sums: Counter[tuple[str, str, str, str]] = Counter()
    for record in records:
        for row in record.get("moves", ()):
            for outlet in (row["outlet"], ""):
                for measure in ("pairs", "polarity"):
                    sums[row["target"], outlet, row["cause"], measure] += row[measure]
    return sums


def _move(
    target: str,
    outlet: str,
    start: Counter[tuple[str, str, str, str]],
    change: Counter[tuple[str, str, str, str]],
) -> Move:
    def by_cause(sums: Counter[tuple[str, str, str, str]], measure: str) -> dict[str, float]:
        return {key[2]: value for key, value in sums.items() if key[:2] == (target, outlet) and key[3] == measure}

    pairs, polarity = by_cause(change, "pairs"), by_cause(change, "polarity")
    size = sum(by_cause(start, "pairs").values())
    total = sum(by_cause(start, "polarity").values())
    size_after = size + sum(pairs.values())
    before = total / size if size else None
    after = (total + sum(polarity.values())) / size_after if size_after else None
    # after - before = sum over causes of (their polarity - before x their pairs) / pairs after, exactly.
    causes = {
        cause: (polarity[cause] - (before or 0.0) * pairs[cause]) / size_after if size_after else 0.0 for cause in pairs
    }
    return Move(
        target=target,
        outlet=outlet,
        before=before,
        after=after,
        pairs_before=round(size),
        pairs_after=round(size_after),
        causes=causes,
        pairs={cause: round(count) for cause, count in pairs.items()},
    )
