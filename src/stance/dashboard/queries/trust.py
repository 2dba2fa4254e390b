"""What human labels say of the numbers: how often the model errs, whether that still holds, how many more are needed.

What belongs here: the questions of `estimate.quality`, asked of a board's tables without reading all scores. What does
not: the shipped model's own errors (`cards`), and labels as files (`annotate`).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from stance.annotate.labelling import human
from stance.annotate.records import Drawn, Label
from stance.dashboard.board import Tables
from stance.dashboard.filters import Filters
from stance.dashboard.queries.trends import ratio_of
from stance.estimate import quality
from stance.estimate.formulas import guarded
from stance.estimate.units import STANCES

CHANCE = 0.05
"""Chance that a drift is told where there is none, all targets together."""

_SUMS = "sum({0}) AS {0}_y, sum({0} * {0}) AS {0}_yy, sum({0} * w) AS {0}_yw"


def wholes(tables: Tables, filters: Filters) -> pd.DataFrame:
    """Return mean polarity of all outlets and periods, in the chosen voice and counting, with what labels did to it.

    Returns:
        columns target, value, low, high, corrected, labels, halve (labels in all that would halve the interval, missing
        if unknown), raw, raw_low, raw_high (from the model alone), note; other filters do not matter here.
    """
    return tables.sql(
        """
        SELECT target, value, low, high, corrected, labels, halve, raw, raw_low, raw_high, note FROM estimates
        WHERE outlet = '' AND "by" = 'all' AND measure = 'polarity' AND voice = ? AND counting = ? ORDER BY target
        """,
        [filters.voice, filters.counting],
    )


def errors(tables: Tables, drawn: tuple[Drawn, ...], labels: tuple[Label, ...]) -> pd.DataFrame:
    """Return how often the model says what people say, as `estimate.quality.error_rates`; no rows without labels."""
    said = human(drawn, labels)
    if said.empty:
        return pd.DataFrame(columns=["target", "outlet", "labels", "accuracy", "low", "high"])
    known, months = _articles(drawn, labels)
    scores = tables.sql(
        "SELECT paragraph_id, article_id, outlet, target, label FROM scores "
        "WHERE month IN (SELECT unnest(?)) AND article_id IN (SELECT unnest(?))",
        [months, known],
    )
    articles = tables.sql(
        "SELECT article_id, outlet, published AT TIME ZONE 'UTC' AS published, story_id, latest FROM articles "
        "WHERE article_id IN (SELECT unnest(?))",
        [known],
    )
    return quality.error_rates(scores, articles, said)


def drift(tables: Tables, drawn: tuple[Drawn, ...], labels: tuple[Label, ...]) -> pd.DataFrame:
    """Return how far the model's answers have moved since the last labelled day, as `estimate.quality.drift`.

    A target that has articles only before or only after that day has no rows.
    """
    tables.need("units")
    known, _ = _articles(drawn, labels)
    last = tables.sql(
        "SELECT max(day) AS day FROM press WHERE article IN (SELECT hash(id) FROM (SELECT unnest(?) AS id))", [known]
    )["day"]
    if last.isna().all():
        return pd.DataFrame(columns=["target", "sign", "before", "after", "change", "low", "high", "p", "since"])
    sums = tables.sql(
        f"""
        WITH stories AS (
            SELECT target, day > ? AS later, sum(n)::DOUBLE AS w, sum(confidence)::DOUBLE AS confidence,
                   sum(unsure)::DOUBLE AS unsure, sum(said_against)::DOUBLE AS against,
                   sum(n - said_against - said_favor)::DOUBLE AS neutral, sum(said_favor)::DOUBLE AS favor
            FROM units WHERE day IS NOT NULL GROUP BY target, later, story
        )
        SELECT target::VARCHAR AS target, count(*) AS stories, sum(w) AS w, sum(w * w) AS ww,
               {", ".join(map(_SUMS.format, quality.SIGNS))}
        FROM stories GROUP BY stories.target, later
        QUALIFY count(*) OVER (PARTITION BY stories.target) = 2 ORDER BY 1, later
        """,  # noqa: S608 - constants
        [last.iloc[0]],
    )
    ratio = ratio_of(sums, quality.SIGNS)
    ends = np.zeros(len(quality.SIGNS)), np.ones(len(quality.SIGNS))
    targets = sums["target"].tolist()[::2]
    day = int(last.to_numpy("datetime64[D]").astype(np.int64)[0])
    return quality.compared(ratio.value, guarded(ratio, *ends), ratio.clusters, targets, day)


def notable(moved: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `drift` that say that labels may no longer tell how the model errs.

    Its confidence or its doubt has moved more than chance allows; moved shares of stances may be news.
    """
    own = moved[moved["sign"].isin(["confidence", "unsure"])]
    return own[own["p"].astype(float) < CHANCE / max(len(own), 1)]


def confusion(rates: pd.DataFrame) -> pd.DataFrame | None:
    """Return what the model says of 1 paragraph of each true stance, told from labels; None where they are too few.

    Args:
        rates: `errors`.

    Returns:
        rows: true stance, columns: what the model says, both in the order of `STANCES`; rows sum to 1.
    """
    every = rates[(rates["target"] == "") & (rates["outlet"] == "")]
    if every.empty or every["accuracy"].isna().any():
        return None
    joint = every[list(quality.RATES)].to_numpy(float).reshape(len(STANCES), len(STANCES))
    whole = joint.sum(axis=1, keepdims=True)
    return pd.DataFrame(joint / whole, list(STANCES), list(STANCES)) if (whole > 0).all() else None


def _articles(drawn: Sequence[Drawn], labels: Sequence[Label]) -> tuple[list[str], list[str]]:
    """Return the ids of the labelled articles, and the months in which they were published."""
    done = {label.key for label in labels}
    items = [item for item in drawn if item.key in done]
    return sorted({item.article_id for item in items}), sorted({item.published[:7] or "undated" for item in items})
