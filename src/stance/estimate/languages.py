"""Which numbers rest on languages in which nobody has measured the scorer's errors.

What belongs here: the warning in the notes of `estimates` and `alerts`. What does not: which languages those are
(`ingest.language`), and any number.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from stance.estimate.options import Period
from stance.estimate.units import UNDATED, period_start

WARNING = "error rate not measured in: "
"""What stands in a note before the languages."""
Cell = tuple[str, str, Any, str, str]
"""Target, outlet ('' for all), first day of the period (None for all), `by`, voice."""


def flagged(table: pd.DataFrame, scores: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `estimates` or `alerts` with `WARNING` and the languages added to the notes that need it.

    An alert is warned of by what stands in its series as a whole.

    Args:
        table: the rows.
        scores: the `scores` table; `article_id`, `target`, `reported_speech` are read.
        articles: the `articles` table; `article_id`, `outlet`, `published`, `latest`, `language` and
            `language_validated` are read.
    """
    unmeasured = articles[articles["latest"] & ~articles["language_validated"].astype(bool)]
    under = scores[["article_id", "target", "reported_speech"]].merge(unmeasured, on="article_id")
    if under.empty or table.empty:
        return table
    whole = "by" not in table
    periods: list[Period] = ["all"] if whole else list(table["by"].unique())
    found = dict(item for period in periods for item in _languages(under, period))
    keys = zip(
        table["target"],
        table["outlet"],
        [None] * len(table) if whole else [None if pd.isna(day) else pd.Timestamp(day) for day in table["period"]],
        ["all"] * len(table) if whole else table["by"],
        table["voice"],
        strict=True,
    )
    warnings = (f"; {WARNING}{found[key]}" if key in found else "" for key in keys)
    return table.assign(note=[note + warning for note, warning in zip(table["note"], warnings, strict=True)])


def languages_in(notes: "pd.Series[str]") -> list[str]:
    """Return the languages that notes warn of, sorted."""
    named = (note.rpartition(WARNING)[2] for note in notes if WARNING in note)
    return sorted({language for languages in named for language in languages.split(", ")})


def _languages(under: pd.DataFrame, period: Period) -> Iterator[tuple[Cell, str]]:
    """Yield the unmeasured languages in each cell that has any."""
    day = under["published"].to_numpy("datetime64[D]")
    start = period_start(np.where(np.isnat(day), UNDATED, day.astype(np.int64)), period)
    if period != "all":
        under, start = under[start != UNDATED], start[start != UNDATED]
    rows = under.assign(start=start)
    for voice in ("overall", "author", "reported"):
        heard = rows[rows["reported_speech"].astype(bool)] if voice == "reported" else rows
        for outlets in (heard, heard.assign(outlet="")):
            key: Any
            for key, languages in outlets.groupby(["target", "outlet", "start"])["language"]:
                target, outlet, first = key
                begins = None if first == UNDATED else pd.Timestamp(np.datetime64(int(first), "D"))
                yield (target, outlet, begins, period, voice), ", ".join(sorted(set(languages)))
