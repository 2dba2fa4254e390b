"""Stance over time and between outlets, with intervals.

Numbers come from the `estimates` table where it holds the cells asked for (human labels may have corrected them there),
and are otherwise worked out from the `units` table by the same rules: an article has the mean of its paragraphs, every
unit counts as one, copies of one story are never independent. A value is missing where too few stories stand under it.
"""

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
COLUMNS = ("measure", "value", "low", "high", "units", "paragraphs", "unsure", "corrected", "note")

_SUMS = "sum({0}) AS {0}_y, sum({0} * {0}) AS {0}_yy, sum({0} * weight) AS {0}_yw"
_COLUMNS = tuple(f"{measure}_{part}" for measure in MEASURES for part in ("y", "yy", "yw"))
_ALONE = """
    sum({voice}_n) AS units, sum({voice}_n) AS stories, sum({voice}_size) AS paragraphs, sum({voice}_doubt) AS doubt,
    sum({voice}_n) AS w, sum({voice}_n) AS ww,
    sum({voice}_a) AS against_y, sum({voice}_aa) AS against_yy, sum({voice}_a) AS against_yw,
    sum({voice}_f) AS favor_y, sum({voice}_ff) AS favor_yy, sum({voice}_f) AS favor_yw,
    sum({voice}_n - {voice}_a - {voice}_f) AS neutral_y,
    sum({voice}_n + {voice}_aa + {voice}_ff + 2 * {voice}_af - 2 * {voice}_a - 2 * {voice}_f) AS neutral_yy,
    sum({voice}_n - {voice}_a - {voice}_f) AS neutral_yw,
    sum({voice}_f - {voice}_a) AS polarity_y, sum({voice}_aa + {voice}_ff - 2 * {voice}_af) AS polarity_yy,
    sum({voice}_f - {voice}_a) AS polarity_yw"""
"""The same sums from the rows of `cube` that are `alone`: each article is a story of weight 1."""
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
    value, low, high = intervals(sums)
    few = sums["stories"].to_numpy() < MINIMUM
    facts = sums[[*cells, "units", "paragraphs", "unsure"]].assign(
        corrected=False, note=np.where(few, f"too few: {MINIMUM} independent stories needed", "uncorrected")
    )
    frames = [
        facts.assign(measure=measure, value=value[:, at], low=low[:, at], high=high[:, at])
        for at, measure in enumerate(MEASURES)
    ]
    table = pd.concat(frames, ignore_index=True)[[*cells, *COLUMNS]]
    return table.sort_values([*cells, "measure"], ignore_index=True)


def intervals(sums: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Turn `moments` into values and ends of intervals, NaN in cells with too few stories. *Shape:* (n_cells, 4)."""
    ratio = ratio_of(sums)
    numbers = interval(ratio.value, guarded(ratio, LOW, HIGH), critical(ratio.clusters), LOW, HIGH)
    few = ratio.clusters < MINIMUM
    for number in numbers:
        number[few] = np.nan
    return numbers


def ratio_of(sums: pd.DataFrame) -> Ratio:
    """Weighted means and their variances between stories, from sums over stories (see `estimate.formulas.ratios`)."""
    whole = sums["w"].to_numpy()[:, None]
    count = sums["stories"].to_numpy(np.int64)
    y, yy, yw = (np.column_stack([sums[f"{measure}_{part}"] for measure in MEASURES]) for part in ("y", "yy", "yw"))
    with np.errstate(divide="ignore", invalid="ignore"):
        value = y / whole
        spread = np.maximum(yy - 2 * value * yw + value**2 * sums["ww"].to_numpy()[:, None], 0) / whole**2
        variance = spread * (count / np.where(count > 1, count - 1, np.nan))[:, None]
    return Ratio(value, variance, count)


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
    size, doubt = size_and_doubt(filters.voice)
    single = (
        f"SELECT {group}story, unit, sum(size) AS size, sum(doubt) AS doubt, avg(a) AS a, avg(f) AS f FROM articles"  # noqa: S608
    )
    single += f" GROUP BY {group}story, unit"
    if filters.counting == "article" and "target" in cells:  # an article has one row for each target: nothing to add up
        single = "FROM articles"
    # dated articles only, where periods are asked for
    dated = "AND day IS NOT NULL" if "period" in cells else ""
    return tables.sql(
        f"""
        WITH articles AS (
            SELECT {keys}story, {_UNIT[filters.counting]} AS unit, {size}::DOUBLE AS size, {doubt} AS doubt,
                   {mean(filters.voice, "against")} AS a, {mean(filters.voice, "favor")} AS f
            FROM units WHERE NOT alone AND {condition} AND {size} > 0 {dated}
        ), single AS (
            {single}
        ), stories AS (
            SELECT {group}count(*)::DOUBLE AS weight, sum(size) AS size, sum(doubt) AS doubt, sum(a) AS against,
                   sum(f) AS favor, weight - against - favor AS neutral, favor - against AS polarity
            FROM single GROUP BY {group}story
        ), parts AS (
            SELECT {group}sum(weight) AS units, count(*) AS stories, sum(size) AS paragraphs, sum(doubt) AS doubt,
                   sum(weight) AS w, sum(weight * weight) AS ww, {", ".join(map(_SUMS.format, MEASURES))}
            FROM stories {by} {"" if group else "HAVING count(*) > 0"}
            UNION ALL BY NAME
            SELECT {keys}{_ALONE.format(voice=filters.voice)}
            FROM cube WHERE alone AND {condition} AND {filters.voice}_n > 0 {dated} {by}
            {"" if group else "HAVING count(*) > 0"}
        )
        SELECT {plain}sum(units)::BIGINT AS units, sum(stories)::BIGINT AS stories,
               sum(paragraphs)::BIGINT AS paragraphs,
               sum(doubt) / sum(paragraphs) AS unsure, sum(w)::DOUBLE AS w, sum(ww)::DOUBLE AS ww,
               {", ".join(f"sum({sum_}) AS {sum_}" for sum_ in _COLUMNS)}
        FROM parts {f"{by} ORDER BY ALL" if group else "HAVING count(*) > 0"}
        """,  # noqa: S608 - constants of this module and checked words of `Filters`
        [*values, *values],
    )
