"""Estimates corrected by human labels.

What belongs here: joining labels with the corpus, and choosing what each cell is corrected by. What does not: the
arithmetic (`rectify`), drawing and reading labels (`annotate`).

Why our own arithmetic: `glide-py` 0.11 and `ppi-python` 0.2.3 were read for it. Neither takes pairs that are clustered
in stories, drawn with unequal chances and partly labelled within a story all at once; `glide-py` needs Python 3.12 and
refuses labels that all agree; `ppi-python` brings numba and gdown and silences every warning of the process on import.
Our whole gives their numbers where the cases meet; `tests/estimate/test_libraries.py` holds it to them.
"""

import numpy as np
import pandas as pd

from stance.estimate.formulas import Codes, Floats
from stance.estimate.options import EstimateOptions, Voice
from stance.estimate.raw import Breakdown, Numbers, breakdowns, quantile, rows, table, uncorrected
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
    to_halve,
    whole,
    within,
)
from stance.estimate.units import HIGH, LOW, STANCES, Corpus, corpus

SIGNS = [0, 2]
"""Places of against and favor among the measures: what the scorer says of a pair or an article in two numbers."""
LEAST = 20
"""Stories a target and voice needs to be corrected, in which humans found it; with fewer the scorer's numbers stay."""


class _Known:
    """The labelled pairs of one voice that are in the corpus."""

    def __init__(self, data: Corpus, human: pd.DataFrame, voice: Voice) -> None:
        scores = data.scores.reset_index(drop=True)
        place = scores.reset_index().loc[data.heard(voice), ["paragraph_id", "target", "index"]]
        found = human[human[f"{voice}_present"].notna()].merge(place, on=["paragraph_id", "target"])
        row = found["index"].to_numpy(np.int64)
        self.target = data.target[row]
        self.article = data.article[row]
        self.story = data.story[self.article]
        self.chance = found["probability"].to_numpy(np.float64)
        self.present = found[f"{voice}_present"].to_numpy(np.float64)
        columns = [f"{voice}_{stance}" for stance in STANCES]
        self.human = _with_polarity(np.nan_to_num(found[columns].to_numpy(np.float64)))
        self.signs = scores.loc[row, [columns[0], columns[2]]].to_numpy(np.float64)

    def in_cells(self, item: Breakdown, target: int) -> tuple[Labelled, Codes]:
        """Labelled pairs of a target that stand in a cell of the breakdown, and their cells."""
        span = int(max(item.pairs.article.max(initial=0), self.article.max(initial=0))) + 1
        keys = pd.Index(item.pairs.target[item.part.rows] * span + item.pairs.article[item.part.rows])
        place = keys.get_indexer(self.target * span + self.article)
        own = np.flatnonzero((self.target == target) & (place >= 0))
        place = place[own]
        weight = item.part.weight[place] / item.pairs.paragraphs[item.part.rows[place]] / self.chance[own]
        signs = item.pairs.means[item.part.rows[place]][:, SIGNS]
        found = Labelled(weight, self.story[own], self.present[own], self.human[own], signs, self.signs[own] - signs)
        return found, item.part.cell[place]


def _with_polarity(shares: Floats) -> Floats:
    return np.column_stack([shares, shares[:, 2] - shares[:, 0]])


def corrected(
    scores: pd.DataFrame, articles: pd.DataFrame, human: pd.DataFrame, options: EstimateOptions
) -> pd.DataFrame:
    """Estimate as `raw.estimate` does, corrected wherever there are labels enough.

    Args:
        scores: the `scores` table.
        articles: the `articles` table.
        human: what humans said, by pair, as `annotate.labelling.human` returns it; pairs that the corpus no longer has
            are passed over.
        options: as for `raw.estimate`.

    Returns:
        Rows of the `estimates` table. `value`, `low`, `high` are corrected where `corrected` is true; `raw` and its
        interval always are the scorer's. `labels` counts those in the cell. `halve` is the number of labels in all that
        would halve the interval of a target's whole.

    Raises:
        StoreError: the two tables do not fit together.
    """
    data = corpus(scores, articles)
    frames = []
    known: dict[Voice, _Known] = {voice: _Known(data, human, voice) for voice in options.voices}
    wholes: dict[tuple[Voice, int], Corrected] = {}
    outlets: dict[tuple[Voice, int], tuple[Cells, Breakdown]] = {}
    for item in breakdowns(data, options):
        for target in range(len(data.targets)):
            one = _only(item, target)
            labelled, cell = known[item.voice].in_cells(one, target)
            key = (item.voice, target)
            numbers = _numbers(one, labelled, cell, wholes, outlets, key)
            frames.append(rows(one, numbers, data, options))
    return table(frames)


def _only(item: Breakdown, target: int) -> Breakdown:
    """The cells of one target."""
    here = item.part.target == target
    inside = here[item.part.cell]
    place = np.cumsum(here) - 1
    part = item.part
    return Breakdown(
        item.voice,
        item.by_outlet,
        item.period,
        item.pairs,
        type(part)(
            target=part.target[here],
            outlet=part.outlet[here],
            period=part.period[here],
            rows=part.rows[inside],
            cell=place[part.cell[inside]],
            weight=part.weight[inside],
            units=part.units[here],
        ),
        type(item.ratio)(item.ratio.value[here], item.ratio.variance[here], item.ratio.clusters[here]),
        item.variance[here],
        item.few[here],
    )


def _numbers(
    item: Breakdown,
    labelled: Labelled,
    cell: Codes,
    wholes: dict[tuple[Voice, int], Corrected],
    outlets: dict[tuple[Voice, int], tuple[Cells, Breakdown]],
    key: tuple[Voice, int],
) -> Numbers:
    if not item.by_outlet and item.period == "all":
        stories = len(np.unique(labelled.cluster[labelled.present > 0]))
        if stories < LEAST or not len(item.few):
            return uncorrected(item, f"uncorrected: {stories} labelled stories, a correction needs {LEAST}")
        noise = covariance(item.ratio.variance[0])
        wholes[key] = whole(labelled, item.ratio.value[0, SIGNS], noise, IDENTITY, LOW, HIGH)
        return _of_whole(item, wholes[key], len(cell))
    if key not in wholes:
        return uncorrected(item)
    if item.by_outlet and item.period != "all":
        return _of_cells(item, _in_outlets(item, *outlets[key]), cell, wholes[key])
    if not len(cell):
        return uncorrected(item, "uncorrected: nothing labelled has a date")
    found = cells(labelled, cell, _scorer(item), wholes[key], LOW, HIGH)
    if item.by_outlet:
        outlets[key] = found, item
    return _of_cells(item, found, cell, wholes[key])


def _scorer(item: Breakdown) -> Scorer:
    return Scorer(item.ratio.value, item.ratio.value[:, SIGNS], cell_noise(item.ratio), IDENTITY)


def _in_outlets(item: Breakdown, found: Cells, outlets: Breakdown) -> Cells:
    """Corrected means of an outlet's periods: the outlet's own, moved along the plane by what the period differs."""
    place = np.searchsorted(outlets.part.outlet, item.part.outlet)
    return within(found, place, outlets.ratio.value[:, SIGNS], _scorer(item))


def _of_whole(item: Breakdown, result: Corrected, labels: int) -> Numbers:
    pairs = int(item.pairs.paragraphs[item.part.rows].sum())
    return Numbers(
        value=result.value[None],
        variance=result.variance[None],
        critical=quantile(np.array([result.free])),
        corrected=True,
        labels=np.array([labels]),
        halve=to_halve(result, labels, pairs)[None],
        note=f"corrected by {labels} labels",
    )


def _of_cells(item: Breakdown, found: Cells, cell: Codes, result: Corrected) -> Numbers:
    return Numbers(
        value=found.value,
        variance=found.variance + found.sampling,
        critical=quantile(degrees(found, item.ratio.clusters, result.free)),
        corrected=True,
        labels=np.bincount(cell, minlength=len(item.few)),
        halve=np.full_like(found.value, np.nan),
        note="corrected with the help of the other cells' labels",
    )
