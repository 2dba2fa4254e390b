"""Compute a published number again from an evidence folder alone; needs numpy, pandas and pyarrow.

    python recompute.py [FOLDER]

This file lies in `stance.estimate` and is copied into every evidence folder beside `formulas.py` and `rectify.py`. What
belongs here: the way from the folder's rows to its number, written apart from the code that published it. Exit status 1
if the two differ.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from stance.estimate.formulas import Floats, Ratio, guarded, interval, ratios
from stance.estimate.rectify import (
    IDENTITY,
    Cells,
    Corrected,
    Labelled,
    Scorer,
    cell_noise,
    cells,
    covariance,
    degrees,
    whole,
    within,
)

MEASURES = ("against", "neutral", "favor", "polarity")
LOW = np.array([0.0, 0.0, 0.0, -1.0])
HIGH = np.ones(4)
SAME = 1e-6
SIGNS = [0, 2]
"""Places of against and favor among the measures."""


def student(free: float) -> float:
    """Two-sided 95 % quantile of Student's t by integrating its density, x = sqrt(free) tan(angle)."""
    angle = np.linspace(0, min(np.pi / 2, 15 / np.sqrt(free)), 1_000_001)
    density = np.cos(angle) ** (free - 1)
    mass = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    return float(np.sqrt(free) * np.tan(np.interp(0.95 * mass[-1], mass, angle)))


def with_polarity(frame: pd.DataFrame) -> Floats:
    """Against, neutral, favor and polarity of each row. *Shape:* (n_rows, 4)."""
    shares = frame[list(MEASURES[:3])].to_numpy(np.float64)
    return np.column_stack([shares, shares[:, 2] - shares[:, 0]])


def cells_of(rows: pd.DataFrame, by: str, by_outlet: bool) -> "pd.Series[str]":
    """Name of the cell of each row: its outlet and the first day of its period, '' for all; missing if undated."""
    outlet: pd.Series[str] = rows["outlet"].astype(str) if by_outlet else pd.Series("", index=rows.index)
    if by == "all":
        return outlet + "|"
    day = rows["published"].dt.tz_convert("UTC").dt.tz_localize(None)
    start: pd.Series[pd.Timestamp] = day.dt.to_period({"day": "D", "week": "W-SUN", "month": "M"}[by]).dt.start_time
    return outlet + "|" + start.dt.strftime("%Y-%m-%d")


def weights(rows: pd.DataFrame, cell: "pd.Series[str]", counting: str) -> "pd.Series[float]":
    """Part of its cell's unit that each paragraph is: units of a cell count as one, their articles share alike."""
    unit = {"article": ["article_id"], "story": ["story_id"], "outlet_story": ["story_id", "outlet"]}[counting]
    table = rows.assign(cell=cell)
    paragraphs = table.groupby("article_id")["article_id"].transform("size")
    articles = table.groupby(["cell", *unit])["article_id"].transform("nunique")
    return 1 / (paragraphs * articles)


def scorer_means(rows: pd.DataFrame, cell: "pd.Series[str]", counting: str) -> tuple["pd.Index[str]", Ratio, Floats]:
    """Names of the cells, the scorer's means in them, and their guarded variances."""
    inside = cell.notna()
    codes, names = pd.factorize(cell[inside], sort=True)
    story = pd.factorize(rows["story_id"][inside], sort=True)[0]
    weight: Floats = weights(rows[inside], cell[inside], counting).to_numpy(np.float64).astype(np.float64)
    values = with_polarity(rows[inside])
    ratio = ratios(codes.astype(np.int64), story.astype(np.int64), weight, values, len(names))
    return pd.Index(names), ratio, guarded(ratio, LOW, HIGH)


def labelled(rows: pd.DataFrame, human: pd.DataFrame, cell: "pd.Series[str]", counting: str) -> pd.DataFrame:
    """Rows that humans labelled, with their weights, cells and stories (codes)."""
    table = rows.assign(cell=cell, story=pd.factorize(rows["story_id"], sort=True)[0])
    means = rows.groupby("article_id")[["against", "favor"]].transform("mean").add_suffix("_article")
    table = pd.concat([table, means], axis=1)
    table["weight"] = weights(rows[cell.notna()], cell[cell.notna()], counting)
    found = human.merge(table[cell.notna()], on="paragraph_id", suffixes=("_human", ""))
    return found.assign(weight=found["weight"] / found["probability"])


def arrays(found: pd.DataFrame) -> Labelled:
    """The same as arrays."""
    human = found[[f"{stance}_human" for stance in MEASURES[:3]]].set_axis(MEASURES[:3], axis=1)
    signs = found[["against_article", "favor_article"]].to_numpy(np.float64)
    return Labelled(
        found["weight"].to_numpy(np.float64),
        found["story"].to_numpy(np.int64),
        found["present"].to_numpy(np.float64),
        np.nan_to_num(with_polarity(human)),
        signs,
        found[["against", "favor"]].to_numpy(np.float64) - signs,
    )


def number(folder: Path) -> dict[str, float]:
    """Value and interval of the folder's figure, from its Parquet files."""
    figure = json.loads((folder / "figure.json").read_text("utf-8"))
    rows = pd.read_parquet(folder / "rows.parquet")
    query, counting = figure["query"], figure["counting"]
    cell = cells_of(rows, query["by"], bool(query["outlet"]))
    names, ratio, variance = scorer_means(rows, cell, counting)
    place = list(names).index(f"{query['outlet']}|{query['period']}")
    column = MEASURES.index(query["measure"])
    value, spread, free = ratio.value[place], variance[place], float(ratio.clusters[place] - 1)
    if figure["corrected"]:
        value, spread, free = corrected(folder, rows, query, counting, place)
    middle, low, high = interval(value[None], spread[None], np.array([student(free)]), LOW, HIGH)
    return {"value": middle[0, column], "low": low[0, column], "high": high[0, column]}


def corrected(
    folder: Path, rows: pd.DataFrame, query: dict[str, Any], counting: str, place: int
) -> tuple[Floats, Floats, float]:
    """Corrected value, variance and degrees of freedom of the cell at `place`, all measures."""
    human = pd.read_parquet(folder / "labels.parquet")
    everything = cells_of(rows, "all", by_outlet=False)
    _, ratio, _ = scorer_means(rows, everything, counting)
    known = arrays(labelled(rows, human, everything, counting))
    total = whole(known, ratio.value[0, SIGNS], covariance(ratio.variance[0]), IDENTITY, LOW, HIGH)
    if query["by"] == "all" and not query["outlet"]:
        return total.value, total.variance, total.free
    cell = cells_of(rows, query["by"], bool(query["outlet"]))
    names, ratio, _ = scorer_means(rows, cell, counting)
    if query["outlet"] and query["by"] != "all":
        outlets = cells_of(rows, "all", by_outlet=True)
        wide, wide_ratio, _ = scorer_means(rows, outlets, counting)
        found = corrected_cells(labelled(rows, human, outlets, counting), wide, wide_ratio, total)
        home = np.array([list(wide).index(f"{name.partition('|')[0]}|") for name in names])
        found = within(found, home, wide_ratio.value[:, SIGNS], scorer_of(ratio))
    else:
        found = corrected_cells(labelled(rows, human, cell, counting), names, ratio, total)
    free = degrees(found, ratio.clusters, total.free)
    return found.value[place], (found.variance + found.sampling)[place], float(free[place])


def scorer_of(ratio: Ratio) -> Scorer:
    """What the scorer says of cells."""
    return Scorer(ratio.value, ratio.value[:, SIGNS], cell_noise(ratio), IDENTITY)


def corrected_cells(found: pd.DataFrame, names: "pd.Index[str]", ratio: Ratio, total: Corrected) -> Cells:
    """The corrected means of the named cells."""
    place = names.get_indexer(pd.Index(found["cell"])).astype(np.int64)
    return cells(arrays(found), place, scorer_of(ratio), total, LOW, HIGH)


def main(folder: Path) -> int:
    """Print the published number and the recomputed one; return 1 if they differ."""
    figure = json.loads((folder / "figure.json").read_text("utf-8"))
    again = number(folder)
    differ = [name for name in again if abs(again[name] - figure[name]) > SAME]
    for name, value in again.items():
        sys.stdout.write(f"{name:>5}  published {figure[name]:.6f}  recomputed {value:.6f}\n")
    sys.stdout.write(f"DIFFERENT: {', '.join(differ)}\n" if differ else "the same\n")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent))
