"""Shares and mean polarity from the scorer's probabilities, with intervals, before any human has looked.

What belongs here: the cells, and the `estimates` table as every run writes it. What does not: correction by labels.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from stance.estimate.formulas import Codes, Flags, Floats, Ratio, guarded, interval, ratios
from stance.estimate.options import EstimateOptions, Period, Voice
from stance.estimate.units import HIGH, LOW, MEASURES, UNDATED, Cells, Corpus, Pairs, cells, corpus

COLUMNS = (
    *("target", "outlet", "period", "by", "voice", "counting", "measure", "value", "low", "high", "error"),
    *("units", "paragraphs", "unsure", "corrected", "labels", "halve", "raw", "raw_low", "raw_high", "note"),
)
LEVEL = 0.95
UNCORRECTED = "uncorrected"


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The scorer's numbers of all cells of one voice and one kind of cell."""

    voice: Voice
    by_outlet: bool
    period: Period
    pairs: Pairs
    part: Cells
    ratio: Ratio
    variance: Floats
    """Guarded. *Shape:* (n_cells, n_measures)."""
    few: Flags
    """Cells under the minimum: counts only."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is to be said of the cells of a breakdown; arrays of *Shape* (n_cells, n_measures) or (n_cells,)."""

    value: Floats
    variance: Floats
    critical: Floats
    corrected: bool
    labels: Codes
    halve: Floats
    note: str


def estimate(scores: pd.DataFrame, articles: pd.DataFrame, options: EstimateOptions) -> pd.DataFrame:
    """Estimate shares of against, neutral and favor and mean polarity for every target.

    A unit (article or story, as `options.counting` says) has the mean probabilities of its paragraphs, and every unit
    counts as one. Intervals hold for the news that these articles are a sample of; they know nothing of the scorer's
    errors, and the note says so.

    Args:
        scores: the `scores` table.
        articles: the `articles` table; only the latest versions count, undated ones only in all periods together.
        options: what to break down by, and what counts as one.

    Returns:
        Rows of the `estimates` table, sorted, equal for equal tables whatever the order of their rows.

    Raises:
        StoreError: the two tables do not fit together.
    """
    data = corpus(scores, articles)
    frames = [rows(item, uncorrected(item), data, options) for item in breakdowns(data, options)]
    return table(frames)


def table(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Put the rows of all breakdowns together, sorted."""
    order = ["target", "outlet", "by", "period", "voice", "measure"]
    return pd.concat(frames, ignore_index=True).sort_values(order, ignore_index=True)[list(COLUMNS)]


def breakdowns(data: Corpus, options: EstimateOptions) -> Iterator[Breakdown]:
    """Work out the scorer's numbers, each voice's whole first."""
    for voice in options.voices:
        pairs = data.pairs(voice)
        for by_outlet in options.outlets:
            for period in options.periods:
                yield _breakdown(data, pairs, voice, by_outlet, period, options)


def _breakdown(
    data: Corpus, pairs: Pairs, voice: Voice, by_outlet: bool, period: Period, options: EstimateOptions
) -> Breakdown:
    part = cells(data, pairs, by_outlet=by_outlet, period=period, counting=options.counting)
    story = data.story[pairs.article[part.rows]]
    ratio = ratios(part.cell, story, part.weight, pairs.means[part.rows], len(part.target))
    few = ratio.clusters < options.minimum
    return Breakdown(voice, by_outlet, period, pairs, part, ratio, guarded(ratio, LOW, HIGH), few)


def critical(clusters: Codes) -> Floats:
    """Return two-sided Student quantiles for that many clusters; NaN for fewer than two."""
    return quantile(np.where(clusters > 1, clusters - 1, np.nan))


def quantile(free: Floats) -> Floats:
    """Return two-sided Student quantiles for degrees of freedom, whole or not."""
    return np.asarray(stdtrit(free, (1 + LEVEL) / 2), np.float64)


def uncorrected(item: Breakdown, note: str = UNCORRECTED) -> Numbers:
    """Say of cells what the scorer alone says."""
    size = len(item.few)
    return Numbers(
        item.ratio.value,
        item.variance,
        critical(item.ratio.clusters),
        corrected=False,
        labels=np.zeros(size, np.int64),
        halve=np.full((size, len(MEASURES)), np.nan),
        note=note,
    )


def rows(item: Breakdown, numbers: Numbers, data: Corpus, options: EstimateOptions) -> pd.DataFrame:
    """Turn the numbers of a breakdown into rows, one for each cell and measure."""
    part, size = item.part, len(item.few)
    raw = interval(item.ratio.value, item.variance, critical(item.ratio.clusters), LOW, HIGH)
    final = interval(numbers.value, numbers.variance, numbers.critical, LOW, HIGH)
    columns = dict(zip(("raw", "raw_low", "raw_high", "value", "low", "high"), (*raw, *final), strict=True))
    columns |= {"error": np.sqrt(numbers.variance), "halve": numbers.halve}
    shown = {name: np.where(item.few[:, None], np.nan, values) for name, values in columns.items()}
    paragraphs = np.bincount(part.cell, item.pairs.paragraphs[part.rows], size)
    facts = named(part, data).assign(
        by=item.period,
        voice=item.voice,
        counting=options.counting,
        units=part.units,
        paragraphs=paragraphs.astype(np.int64),
        unsure=np.bincount(part.cell, item.pairs.unsure[part.rows], size) / paragraphs,
        corrected=numbers.corrected & ~item.few,
        labels=numbers.labels,
        note=np.where(item.few, f"too few: a number needs {options.minimum} independent stories", numbers.note),
    )
    return pd.concat(
        [
            facts.assign(measure=measure, **{name: values[:, column] for name, values in shown.items()})
            for column, measure in enumerate(MEASURES)
        ],
        ignore_index=True,
    )


def named(part: Cells, data: Corpus) -> pd.DataFrame:
    """Name the cells: target, outlet and the first day of the period."""
    day = part.period.astype("datetime64[D]")
    day[part.period == UNDATED] = np.datetime64("NaT")
    return pd.DataFrame(
        {
            "target": np.array(data.targets, object)[part.target],
            "outlet": np.array([*data.outlets, ""], object)[part.outlet],
            "period": day.astype("datetime64[s]"),
        }
    )
