"""What moved: alarms, outlets that turned, and what the last run brought.

What belongs here: changes between two sets of articles. What does not: the state of one (`trends`).
"""

import json
from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd

from stance.dashboard.board import Tables
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
    tables.need("units")
    condition, values = filters.where()
    voice = filters.voice
    return tables.sql(
        f"""
        WITH days AS (
            SELECT target, outlet, day, sum({voice}_n) AS n, sum({voice}_f - {voice}_a) AS y,
                   sum({voice}_aa + {voice}_ff - 2 * {voice}_af) AS yy
            FROM cube WHERE {condition} AND {voice}_n > 0 AND day IS NOT NULL GROUP BY target, outlet, day
        ), parts AS (
            SELECT *, lead(day) OVER early AS middle, sum(n) OVER early AS n0, sum(y) OVER early AS y0
            FROM days WINDOW early AS (PARTITION BY target, outlet ORDER BY day)
        ), series AS (
            SELECT target, outlet, sum(n) AS n1, sum(y) AS y1, sum(yy) AS yy1 FROM days GROUP BY target, outlet
        ), sides AS (
            SELECT target, outlet, middle, n0, n1 - n0 AS n2, y0 / n0 AS before, (y1 - y0) / n2 AS after,
                   abs(after - before) * sqrt(n0 * n2 / n1
                   / ((yy1 - n0 * before**2 - n2 * after**2) / n1 + {_SPREAD})) AS strength
            FROM parts JOIN series USING (target, outlet) WHERE middle IS NOT NULL
        )
        SELECT target::VARCHAR AS target, outlet::VARCHAR AS outlet, unnest(max_by({{
                   'middle': middle, 'before': before, 'after': after, 'change': after - before,
                   'units_before': n0::BIGINT, 'units_after': n2::BIGINT, 'strength': strength}}, strength))
        FROM sides GROUP BY sides.target, sides.outlet ORDER BY max(strength) DESC, 1, 2
        """,  # noqa: S608 - constants, checked words of `Filters` and placeholders
        values,
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
        "SELECT outlet::VARCHAR AS outlet, sum(articles)::BIGINT AS articles, min(day) AS first, max(day) AS last "
        "FROM arrivals WHERE generation = ? GROUP BY 1 ORDER BY 2 DESC, 1",
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
