"""Stance over time and between outlets, with intervals.

Numbers come from the `estimates` table where it holds the cells asked for (human labels may have corrected them there),
and are otherwise worked out from the `units` table by the same rules: an article has the mean of its paragraphs, every
unit counts as one, copies of one story are never independent. A value is missing where too few stories stand under it.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from stance.dashboard.board import Tables
from stance.dashboard.derived import mean, size_and_doubt
from stance.dashboard.filters import Filters
from stance.estimate.formulas import Floats, Ratio, guarded, interval
from stance.estimate.options import EstimateOptions
from stance.estimate.raw import critical
from stance.estimate.units import HIGH, LOW, MEASURES

MINIMUM = EstimateOptions().minimum
"""Independent stories under which a cell shows its counts and no number."""
COLUMNS = ("measure", "value", "low", "high", "error", "units", "paragraphs", "unsure", "corrected", "note")

_SUMS = "sum({0}) AS {0}_y, sum({0} * {0}) AS {0}_yy, sum({0} * weight) AS {0}_yw"
_COLUMNS = tuple(f"{measure}_{part}" for measure in MEASURES for part in ("y", "yy", "yw"))
_ALONE = """
    sum(n) AS units, sum(n) AS stories, sum(size) AS paragraphs, sum(doubt) AS doubt, sum(n) AS w, sum(n) AS ww,
    sum(a) AS against_y, sum(aa) AS against_yy, sum(a) AS against_yw,
    sum(f) AS favor_y, sum(ff) AS favor_yy, sum(f) AS favor_yw,
    sum(n - a - f) AS neutral_y, sum(n + aa + ff + 2 * af - 2 * a - 2 * f) AS neutral_yy, sum(n - a - f) AS neutral_yw,
    sum(f - a) AS polarity_y, sum(aa + ff - 2 * af) AS polarity_yy, sum(f - a) AS polarity_yw"""
"""The same sums over articles that share their story with no other in their cell: each is a story of weight 1."""
_UNIT = {"article": "article", "story": "story", "outlet_story": "(story, outlet)"}


def trend(tables: Tables, filters: Filters, cells: tuple[str, ...], target: str = "") -> pd.DataFrame:
    """Return shares and polarity of each cell with their 95 % intervals.

    Args:
        tables: a board's tables.
        filters: which rows, which voice, what counts as one, how long a period.
        cells: any of `target`, `outlet`, `language`, `period`.
        target: the only target asked for, '' for all.

    Returns:
        the cells' columns and `COLUMNS`, one row per cell and measure; `value`, `low` and `high` are NaN in cells with
        too few independent stories.
    """
    stored = _stored(tables, filters, cells)
    if stored is None:
        return computed(tables, filters, cells, target)
    return stored[stored["target"] == target].reset_index(drop=True) if target else stored


def _stored(tables: Tables, filters: Filters, cells: tuple[str, ...]) -> pd.DataFrame | None:
    """The rows of the `estimates` table, or None if it does not hold these cells."""
    by_outlet = "outlet" in cells
    narrowed = filters.languages or filters.since or filters.until or filters.before_run is not None
    if narrowed or (filters.outlets and not by_outlet) or "language" in cells or "target" not in cells:
        return None
    condition, values = filters.where()
    found = tables.sql(
        f"""
        SELECT {", ".join(cells)}, {", ".join(COLUMNS)} FROM estimates
        WHERE "by" = ? AND voice = ? AND counting = ? AND outlet {"!=" if by_outlet else "="} '' AND {condition}
        ORDER BY {", ".join(cells)}, measure
        """,  # noqa: S608 - constants of this module
        [filters.by if "period" in cells else "all", filters.voice, filters.counting, *values],
    )
    return found if len(found) else None


def computed(tables: Tables, filters: Filters, cells: tuple[str, ...], target: str = "") -> pd.DataFrame:
    """Work the cells out from the units; arguments and result as for `trend`."""
    sums = moments(tables, filters, cells, target)
    value, low, high, error = intervals(sums)
    few = sums["stories"].to_numpy() < MINIMUM
    facts = sums[[*cells, "units", "paragraphs", "unsure"]].assign(
        corrected=False, note=np.where(few, f"too few: {MINIMUM} independent stories needed", "uncorrected")
    )
    frames = [
        facts.assign(measure=measure, value=value[:, at], low=low[:, at], high=high[:, at], error=error[:, at])
        for at, measure in enumerate(MEASURES)
    ]
    table = pd.concat(frames, ignore_index=True)[[*cells, *COLUMNS]]
    return table.sort_values([*cells, "measure"], ignore_index=True)


def intervals(sums: pd.DataFrame) -> tuple[Floats, Floats, Floats, Floats]:
    """Turn `moments` into values, ends of intervals and standard errors. *Shape:* (n_cells, 4).

    All are NaN in cells with too few stories.
    """
    ratio = ratio_of(sums)
    variance = guarded(ratio, LOW, HIGH)
    numbers = *interval(ratio.value, variance, critical(ratio.clusters), LOW, HIGH), np.sqrt(variance)
    few = ratio.clusters < MINIMUM
    for number in numbers:
        number[few] = np.nan
    return numbers


def ratio_of(sums: pd.DataFrame, measures: Sequence[str] = MEASURES) -> Ratio:
    """Weighted means and their variances between stories, from sums over stories (see `estimate.formulas.ratios`)."""
    whole = sums["w"].to_numpy()[:, None]
    count = sums["stories"].to_numpy(np.int64)
    y, yy, yw = (np.column_stack([sums[f"{measure}_{part}"] for measure in measures]) for part in ("y", "yy", "yw"))
    with np.errstate(divide="ignore", invalid="ignore"):
        value = y / whole
        spread = np.maximum(yy - 2 * value * yw + value**2 * sums["ww"].to_numpy()[:, None], 0) / whole**2
        variance = spread * (count / np.where(count > 1, count - 1, np.nan))[:, None]
    return Ratio(value, variance, count)


def smoothed(tables: Tables, filters: Filters, target: str = "") -> pd.DataFrame:
    """Return `trend` by target and period, with a smooth line through mean polarity (`estimate.trends.smooth`).

    Returns:
        the rows of `trend`, and `trend`, `trend_low`, `trend_high` (95 %): NaN for other measures than polarity, and in
        series of too few periods.
    """
    from stance.estimate.trends import smooth  # scikit-learn takes most of a second to import

    rows = trend(tables, filters, ("target", "period"), target)
    whole = trend(tables, filters, ("target",), target)
    series = pd.concat([rows.assign(by=filters.by), whole.assign(by="all")])
    means = series[series["measure"] == "polarity"]
    lines = smooth(means.assign(outlet="", voice=filters.voice, counting=filters.counting))
    key = ["target", "period", "measure"]
    return rows.merge(lines[[*key, "trend", "trend_low", "trend_high"]], how="left", on=key)


def moments(tables: Tables, filters: Filters, cells: tuple[str, ...], target: str = "") -> pd.DataFrame:
    """Return, for each cell, what its means and their variance between stories are made of.

    Returns:
        the cells' columns, `units`, `stories`, `paragraphs`, `unsure` (share of them), the sum `w` of the stories'
        weights and `ww` of its squares, and for each measure the sums `_y`, `_yy` (squares) and `_yw` (times weight).
    """
    tables.need("units")
    condition, values = filters.where()
    if target:
        condition, values = f"{condition} AND target = ?", [*values, target]
    period = f"date_trunc('{filters.by}', day)::DATE AS period"
    keys = "".join(f"{period if cell == 'period' else cell}, " for cell in cells)
    group = "".join(f"{cell}, " for cell in cells)
    plain = "".join("period, " if cell == "period" else f"{cell}::VARCHAR AS {cell}, " for cell in cells)
    by = f"GROUP BY {group[:-2]}" if group else ""
    voice, (size, doubt) = filters.voice, size_and_doubt(filters.voice)
    a, f = mean(voice, "against"), mean(voice, "favor")
    sums = ", ".join(f"{voice}_{name} AS {name}" for name in ("n", "size", "doubt", "a", "f", "aa", "ff", "af"))
    single = (
        f"SELECT {group}story, unit, sum(size) AS size, sum(doubt) AS doubt, avg(a) AS a, avg(f) AS f FROM articles"  # noqa: S608
    )
    single += f" GROUP BY {group}story, unit"
    if filters.counting == "article" and "target" in cells:  # an article has one row for each target: nothing to add up
        single = "FROM articles"
    # an article whose story has no other in this outlet or period is a story of its own there
    alone = [f"alone_{filters.by if cell == 'period' else cell}" for cell in cells if cell in ("period", "outlet")]
    lone = f"({' OR '.join(alone) or 'false'})"
    # dated articles only, where periods are asked for
    dated = "AND day IS NOT NULL" if "period" in cells else ""
    return tables.sql(
        f"""
        WITH articles AS (
            SELECT {keys}story, {_UNIT[filters.counting]} AS unit, {size}::DOUBLE AS size, {doubt} AS doubt,
                   {a} AS a, {f} AS f
            FROM units WHERE NOT alone AND NOT {lone} AND {condition} AND {size} > 0 {dated}
        ), single AS (
            {single}
        ), stories AS (
            SELECT {group}count(*)::DOUBLE AS weight, sum(size) AS size, sum(doubt) AS doubt, sum(a) AS against,
                   sum(f) AS favor, weight - against - favor AS neutral, favor - against AS polarity
            FROM single GROUP BY {group}story
        ), lonely AS (
            SELECT {keys}{sums}
            FROM cube WHERE alone AND {condition} AND {voice}_n > 0 {dated}
            UNION ALL
            SELECT {keys}1, {size}, {doubt}, {a}, {f}, {a} * {a}, {f} * {f}, {a} * {f}
            FROM units WHERE NOT alone AND {lone} AND {condition} AND {size} > 0 {dated}
        ), parts AS (
            SELECT {group}sum(weight) AS units, count(*) AS stories, sum(size) AS paragraphs, sum(doubt) AS doubt,
                   sum(weight) AS w, sum(weight * weight) AS ww, {", ".join(map(_SUMS.format, MEASURES))}
            FROM stories {by} {"" if group else "HAVING count(*) > 0"}
            UNION ALL BY NAME
            SELECT {group}{_ALONE} FROM lonely {by} {"" if group else "HAVING count(*) > 0"}
        )
        SELECT {plain}sum(units)::BIGINT AS units, sum(stories)::BIGINT AS stories,
               sum(paragraphs)::BIGINT AS paragraphs,
               sum(doubt) / sum(paragraphs) AS unsure, sum(w)::DOUBLE AS w, sum(ww)::DOUBLE AS ww,
               {", ".join(f"sum({sum_}) AS {sum_}" for sum_ in _COLUMNS)}
        FROM parts {f"{by} ORDER BY ALL" if group else "HAVING count(*) > 0"}
        """,  # noqa: S608 - constants of this module and checked words of `Filters`
        [*values, *values, *values],
    )
