"""What moved: alarms, outlets that turned, and what the last run brought.

What belongs here: changes between two sets of articles. What does not: the state of one (`trends`).
"""

import json
from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd

from stance.dashboard.board import Tables
from stance.dashboard.derived import mean, size_and_doubt
from stance.dashboard.filters import Filters
from stance.dashboard.queries.trends import MINIMUM, computed, moments, ratio_of
from stance.estimate.formulas import guarded
from stance.estimate.raw import critical
from stance.estimate.units import HIGH, LOW, MEASURES

MOST_ALARMS = 6
STEADY = 0.1
"""Change of polarity, and polarity, up to which one speaks of none."""
_SPREAD = 0.05
"""Variance of polarity taken for granted, so that two articles that agree by chance are no turn."""
_POLARITY = MEASURES.index("polarity")


def difference(tables: Tables, before: Filters, after: Filters, cells: tuple[str, ...]) -> pd.DataFrame:
    """Return how far polarity lies apart between two choices of rows that share no story.

    Args:
        tables: a board's tables.
        before: the one.
        after: the other.
        cells: any of `target`, `outlet`, `language`.

    Returns:
        the cells' columns, `before`, `after` (mean polarity), `change`, `low`, `high` (95 % interval of the change,
        NaN if either side has too few stories), `units_before`, `units_after`, and `strength`: the change in
        standard errors.
    """
    sides = [_side(tables, filters, cells) for filters in (before, after)]
    both = sides[0].merge(sides[1], on=list(cells), suffixes=("_before", "_after"))
    error = np.sqrt(both["variance_before"] + both["variance_after"])
    change = both["value_after"] - both["value_before"]
    fewest = both[["stories_before", "stories_after"]].min(axis=1).to_numpy(np.int64)
    half = np.where(fewest < MINIMUM, np.nan, critical(fewest) * error)
    return both[[*cells, "units_before", "units_after"]].assign(
        before=both["value_before"],
        after=both["value_after"],
        change=change,
        strength=np.abs(change) / error,
        low=np.maximum(change - half, -2),
        high=np.minimum(change + half, 2),
    )


def _side(tables: Tables, filters: Filters, cells: tuple[str, ...]) -> pd.DataFrame:
    sums = moments(tables, filters, cells)
    ratio = ratio_of(sums)
    # A single story says nothing about its own spread: it gets the largest that polarity can have.
    variance = np.where(ratio.clusters > 1, guarded(ratio, LOW, HIGH)[:, _POLARITY], 1.0)
    return sums[[*cells, "units", "stories"]].assign(value=ratio.value[:, _POLARITY], variance=variance)


def turns(tables: Tables, filters: Filters) -> pd.DataFrame:
    """Return, for each outlet and target, the day at which its articles part most: before it and from it on.

    The day is chosen after looking at the numbers, so this is a description and no test; `alarms` are tested.

    Returns:
        columns target, outlet, middle (first day of the later part), before, after (mean polarity of the articles),
        change, units_before, units_after (articles) and strength, strongest first; outlets with one day of articles are
        left out.
    """
    days = _by_day(tables, filters)
    series = days.groupby(["target", "outlet"])
    whole = series[["n", "y", "yy"]].transform("sum")
    early = series[["n", "y", "yy"]].cumsum()
    late = whole - early
    before, after = early["y"] / early["n"], late["y"] / late["n"].where(late["n"] > 0)
    within = early["yy"] - early["n"] * before**2 + late["yy"] - late["n"] * after**2
    weight = early["n"] * late["n"] / whole["n"]
    found = days.assign(
        middle=series["day"].shift(-1), before=before, after=after, change=after - before, units_before=early["n"],
        units_after=late["n"], strength=(after - before).abs() * np.sqrt(weight / (within / whole["n"] + _SPREAD)),
    ).dropna(subset=["middle", "strength"])  # fmt: skip
    best = found.sort_values("strength", ascending=False).drop_duplicates(["target", "outlet"])
    return best.drop(columns=["day", "n", "y", "yy"]).reset_index(drop=True)


def _by_day(tables: Tables, filters: Filters) -> pd.DataFrame:
    """Return the sums of the articles' mean polarities and of their squares, per target, outlet and day, in order."""
    tables.need("units")
    condition, values = filters.where()
    voice, size = filters.voice, size_and_doubt(filters.voice)[0]
    return tables.sql(
        f"""
        WITH parts AS (
            SELECT target, outlet, day, count(*) AS n, sum(polarity) AS y, sum(polarity * polarity) AS yy
            FROM (SELECT target, outlet, day, {mean(voice, "favor")} - {mean(voice, "against")} AS polarity
                  FROM units WHERE NOT alone AND {condition} AND {size} > 0 AND day IS NOT NULL) GROUP BY ALL
            UNION ALL
            SELECT target, outlet, day, {voice}_n, {voice}_f - {voice}_a, {voice}_aa + {voice}_ff - 2 * {voice}_af
            FROM cube WHERE {condition} AND {voice}_n > 0 AND day IS NOT NULL
        )
        SELECT target::VARCHAR AS target, outlet::VARCHAR AS outlet, day, sum(n)::BIGINT AS n, sum(y) AS y,
               sum(yy) AS yy
        FROM parts GROUP BY parts.target, parts.outlet, day ORDER BY 1, 2, 3
        """,  # noqa: S608 - checked words of `Filters` and placeholders
        [*values, *values],
    )


def striking(found: pd.DataFrame, target: str, most: int) -> pd.DataFrame:
    """Choose from `turns` what to show first: who turned against a target, who warmed to it, then what moved most."""
    mine = found[found["target"] == target]
    first = pd.concat([mine[mine["change"] < -STEADY].head(1), mine[mine["change"] > STEADY].head(1)])
    return pd.concat([first, found.drop(first.index)]).head(most)


def arrived(tables: Tables, generation: int) -> pd.DataFrame:
    """Return the articles that a run brought, per outlet: columns outlet, articles, first, last (days)."""
    tables.need("press")
    return tables.sql(
        "SELECT outlet::VARCHAR AS outlet, count(*) AS articles, min(day) AS first, max(day) AS last "
        "FROM press WHERE generation = ? GROUP BY 1 ORDER BY 2 DESC, 1",
        [generation],
    )


def moved(tables: Tables, filters: Filters, generation: int) -> pd.DataFrame:
    """Return mean polarity per target with and without the articles that a run brought.

    Returns:
        columns target, without, value, low, high, units, units_without; `without` is NaN where a target is new.
    """
    now = computed(tables, filters, ("target",)).query("measure == 'polarity'")
    past = computed(tables, replace(filters, before_run=generation), ("target",)).query("measure == 'polarity'")
    past = past[["target", "value", "units"]].rename(columns={"value": "without", "units": "units_without"})
    return now[["target", "value", "low", "high", "units"]].merge(past, on="target", how="left")


def alarms(tables: Tables, filters: Filters) -> pd.DataFrame:
    """Return the newest run's alarms in the chosen voice and outlets, newest first: columns of the `alerts` table."""
    condition, values = filters.where()
    return tables.sql(
        f"""
        SELECT * FROM (SELECT *, period AS day, '' AS language FROM alerts) WHERE {condition} AND voice = ?
        ORDER BY period DESC, p LIMIT {MOST_ALARMS}
        """,  # noqa: S608 - `Filters.where` yields placeholders
        [*values, filters.voice],
    )


def causes(tables: Tables) -> dict[str, int]:
    """Return why numbers moved in the newest run: scored pairs that came, went or changed, by cause; {} if unknown."""
    records = tables.sql("SELECT record FROM runs ORDER BY generation DESC LIMIT 1")["record"]
    found: Counter[str] = Counter()
    for record in map(json.loads, records):
        for move in record.get("moves", ()):
            found[move["cause"]] += move["pairs"]
    return dict(found)
