"""Feed health: outlets that stopped arriving, or whose articles shrank.

What belongs here: the comparison of each outlet with its own past. What does not: fetching, rejections.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

RECENT = 10
"""Newest articles that are compared with those before them."""
PATIENCE = 3
"""How many times an outlet's longest usual pause may pass before it counts as silent."""
SHRUNK = 0.5
"""Share of the usual length below which articles count as shrunk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """One outlet, compared with its own past."""

    outlet: str
    articles: int
    last: date | None
    """Day of its newest article; None if none is dated."""
    silent_days: int
    """Days between that and the newest article of any outlet."""
    usual_pause: float
    """Days that nine in ten of its pauses did not exceed; 0 if it has too few days to tell."""
    paragraphs: float
    """Median paragraphs of its newest articles."""
    usual_paragraphs: float
    """Median paragraphs of those before; 0 if there are too few."""
    alarm: str
    """`silent`, `shrunk`, or ''."""


def feed_health(articles: Iterable[Mapping[str, Any]]) -> list[FeedHealth]:
    """Compare every outlet with its past; the newest day of all outlets stands for today, so that archives count too.

    Args:
        articles: outlet, published and paragraphs of the latest versions.
    """
    by_outlet: dict[str, list[tuple[date | None, int]]] = {}
    for row in articles:
        day = row["published"].date() if row["published"] else None
        by_outlet.setdefault(row["outlet"], []).append((day, row["paragraphs"]))
    days = [day for rows in by_outlet.values() for day, _ in rows if day]
    today = max(days, default=date.min)
    return [_health(outlet, rows, today) for outlet, rows in sorted(by_outlet.items())]


def _health(outlet: str, rows: list[tuple[date | None, int]], today: date) -> FeedHealth:
    dated = sorted((day, paragraphs) for day, paragraphs in rows if day)
    last = dated[-1][0] if dated else None
    silent = (today - last).days if last else 0
    pause = _usual_pause([day for day, _ in dated])
    newest = [paragraphs for _, paragraphs in dated[-RECENT:]]
    before = [paragraphs for _, paragraphs in dated[:-RECENT]]
    now, usual = (float(median(part)) if len(part) >= RECENT else 0.0 for part in (newest, before))
    alarm = "silent" if pause and silent > PATIENCE * pause else "shrunk" if usual and now < SHRUNK * usual else ""
    return FeedHealth(
        outlet=outlet,
        articles=len(rows),
        last=last,
        silent_days=silent,
        usual_pause=pause,
        paragraphs=now,
        usual_paragraphs=usual,
        alarm=alarm,
    )


def _usual_pause(days: list[date]) -> float:
    """Return the ninth decile of the pauses between days with articles, in days; 0 for fewer than five."""
    distinct = sorted(set(days))
    pauses = sorted((later - earlier) / timedelta(days=1) for earlier, later in pairwise(distinct))
    return pauses[int(0.9 * (len(pauses) - 1))] if len(pauses) >= 4 else 0.0
