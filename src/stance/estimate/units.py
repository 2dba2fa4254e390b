"""From scored paragraphs to countable units: what stands in a cell, with which weight.

What belongs here: joining scores with articles, voices, periods, weights. What does not: means and intervals.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from stance.errors import StoreError
from stance.estimate.formulas import Codes, Flags, Floats, sums
from stance.estimate.options import Counting, Period, Voice

STANCES = ("against", "neutral", "favor")
MEASURES = (*STANCES, "polarity")
LOW = np.array([0.0, 0.0, 0.0, -1.0])
HIGH = np.ones(4)
UNDATED = -1_000_000
"""Day of an undated article, and period of all periods together; other days count from 1970-01-01."""
_PARTS = 1_000_000
"""Probabilities are added up as whole millionths, so that sums do not depend on the order of rows."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Articles with the targets they mention, for one voice: one row for each (target, article), in that order."""

    target: Codes
    article: Codes
    means: Floats
    """Mean of each of `MEASURES` over the article's paragraphs. *Shape:* (n_pairs, 4)."""
    paragraphs: Codes
    unsure: Codes
    """Paragraphs among them in which the scorer abstains."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Scores of the articles that count, in codes: equal tables give equal codes whatever the order of their rows."""

    scores: pd.DataFrame
    """The rows that count, as they came."""
    target: Codes
    """Of each row of `scores`, as place in `targets`."""
    article: Codes
    """Of each row of `scores`, as place in the arrays below."""
    targets: list[str]
    outlets: list[str]
    outlet: Codes
    """Of each article, as place in `outlets`; articles are in the order of their ids."""
    story: Codes
    """Of each article."""
    day: Codes
    """Of each article."""

    def pairs(self, voice: Voice) -> Pairs:
        """Means of each article's paragraphs toward each target; the reported voice counts only where there is one."""
        keep = self.heard(voice)
        columns = [f"{voice}_{stance}" for stance in STANCES]
        parts = np.rint(self.scores.loc[keep, columns].to_numpy(np.float64) * _PARTS)
        unsure = self.scores.loc[keep, "unsure"].to_numpy(np.float64)
        span = len(self.day)
        codes, keys = pd.factorize(self.target[keep] * span + self.article[keep], sort=True)
        count = np.bincount(codes, minlength=len(keys))
        total = sums(codes, np.column_stack([parts, unsure]), len(keys))
        shares = total[:, :3] / (_PARTS * count[:, None])
        means = np.column_stack([shares, shares[:, 2] - shares[:, 0]])
        return Pairs(keys // span, keys % span, means, count, total[:, 3].astype(np.int64))

    def heard(self, voice: Voice) -> Flags:
        """Say which rows of `scores` have that voice in them."""
        return self.scores["reported_speech"].to_numpy(bool) if voice == "reported" else np.ones(len(self.scores), bool)


def corpus(scores: pd.DataFrame, articles: pd.DataFrame) -> Corpus:
    """Join the two tables; versions of articles that are not the latest do not count.

    Args:
        scores: the `scores` table.
        articles: the `articles` table; `article_id`, `outlet`, `published`, `story_id`, `latest` are read.

    Raises:
        StoreError: scores of an article that the articles table does not have.
    """
    known = articles.sort_values("article_id", ignore_index=True)
    article = _places(scores["article_id"], known["article_id"])
    keep = known["latest"].to_numpy(bool)[article]
    target, targets = pd.factorize(scores["target"][keep], sort=True)
    outlet, outlets = pd.factorize(known["outlet"], sort=True)
    day = known["published"].to_numpy("datetime64[D]")
    return Corpus(
        scores=scores[keep],
        target=target.astype(np.int64),
        article=article[keep],
        targets=list(targets),
        outlets=list(outlets),
        outlet=outlet.astype(np.int64),
        story=pd.factorize(known["story_id"], sort=True)[0].astype(np.int64),
        day=np.where(np.isnat(day), UNDATED, day.astype(np.int64)),
    )


def _places(wanted: "pd.Series[str]", known: "pd.Series[str]") -> Codes:
    places = pc.index_in(pa.array(wanted, pa.string()), value_set=pa.array(known, pa.string()))
    if places.null_count:
        lost = wanted[places.is_null().to_numpy(zero_copy_only=False)].iloc[0]
        raise StoreError(f"expected the articles table to have every article that has scores; it lacks {lost}")
    return np.asarray(places.to_numpy(), np.int64)


def period_start(day: Codes, period: Period) -> Codes:
    """First day of the period in which a day lies, weeks beginning on Monday; `UNDATED` for `all` and for undated."""
    if period == "all":
        return np.full_like(day, UNDATED)
    if period == "day":
        start = day
    elif period == "week":
        start = day - (day + 3) % 7
    else:
        start = day.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return np.where(day == UNDATED, UNDATED, start)


@dataclass(frozen=True, slots=True)
class Cells:
    """Pairs sorted into the cells of one breakdown, in the order of target, outlet, period."""

    target: Codes
    """Of each cell."""
    outlet: Codes
    """Of each cell; -1 for all together."""
    period: Codes
    """First day of each cell's period, `UNDATED` for all."""
    rows: Codes
    """Pairs that stand in a cell: all but the undated ones of a breakdown by period."""
    cell: Codes
    """Of each of `rows`."""
    weight: Floats
    """1 / number of articles that share the row's unit in its cell. *Shape:* as `rows`."""
    units: Codes
    """Of each cell: articles or stories, as counted."""


def cells(data: Corpus, pairs: Pairs, *, by_outlet: bool, period: Period, counting: Counting) -> Cells:
    """Sort pairs into cells and weigh them so that every unit of a cell counts as one."""
    start = period_start(data.day, period)
    dated = start[pairs.article] != UNDATED
    rows = np.flatnonzero(dated) if period != "all" else np.arange(len(pairs.article))
    article = pairs.article[rows]
    outlet = data.outlet[article] if by_outlet else np.full(len(rows), -1, np.int64)
    first = int(start.min(initial=0))
    span = int(start.max(initial=0)) - first + 1
    key = (pairs.target[rows] * (len(data.outlets) + 1) + outlet + 1) * span + start[article] - first
    cell, found = pd.factorize(key, sort=True)
    weight, units = _shared(cell, _unit(data, article, counting), len(found))
    place = found // span
    return Cells(
        target=place // (len(data.outlets) + 1),
        outlet=place % (len(data.outlets) + 1) - 1,
        period=found % span + first,
        rows=rows,
        cell=cell,
        weight=weight,
        units=units,
    )


def _unit(data: Corpus, article: Codes, counting: Counting) -> Codes:
    if counting == "article":
        return article
    if counting == "story":
        return data.story[article]
    return data.story[article] * len(data.outlets) + data.outlet[article]


def _shared(cell: Codes, unit: Codes, size: int) -> tuple[Floats, Codes]:
    """Weight of each row, and units of each cell."""
    span = int(unit.max(initial=0)) + 1
    codes, groups = pd.factorize(cell * span + unit)
    count = np.bincount(codes, minlength=len(groups))
    return 1.0 / count[codes], np.bincount(groups // span, minlength=size)
