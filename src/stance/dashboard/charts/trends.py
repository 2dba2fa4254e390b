"""Stance over time: the trend of a target, one outlet's small picture, events across them."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from stance.dashboard.charts import Spec
from stance.dashboard.charts.look import (
    SHARE_AXIS,
    SHARE_SCALE,
    Domain,
    Palette,
    by_polarity,
    by_stance,
    dressed,
    field,
    pick,
    polarity,
    time,
    tooltip,
    values,
)
from stance.dashboard.events import Event
from stance.dashboard.filters import Filters
from stance.dashboard.words import STANCE

PERIOD, ARTICLE = "period", "article"
"""Names of the selections: a click gives the `key` (first day, YYYY-MM-DD) of a period, or an `article_id`."""
REACHES = (0.25, 0.5, 1.0)
"""Ends of the polarity axis; the smallest that holds everything on a page is taken."""


def keyed(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `queries.trends.trend` by period that have a number, with what tooltips and clicks need."""
    known = cells[cells["value"].notna()].sort_values("period")
    period = pd.to_datetime(known["period"])
    days = period.dt.strftime("%Y-%m-%d")
    return known.assign(
        run=_runs(known.assign(period=period), pd.to_datetime(cells["period"])),
        key=days,
        period=days,
        stance=known["measure"].map({**STANCE, "polarity": "polarity"}),
        basis=[f"{u:,} articles, {p:,} paragraphs" for u, p in zip(known["units"], known["paragraphs"], strict=True)],
        range=[f"{low:+.2f} to {high:+.2f}" for low, high in zip(known["low"], known["high"], strict=True)],
    )


def _runs(known: pd.DataFrame, periods: "pd.Series[pd.Timestamp]") -> "pd.Series[int]":
    """Number the stretches without a gap of each line, so that no line is drawn across periods without a number."""
    step = periods.drop_duplicates().sort_values().diff().min()
    lines = [name for name in ("target", "outlet", "measure") if name in known]
    gap = known.groupby(lines, observed=True)["period"].diff() > 1.5 * step
    return gap.astype(int).groupby([known[name] for name in lines]).cumsum()


def dotted(points: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `queries.articles.points` with what tooltips and clicks need."""
    days = points["day"].dt.strftime("%Y-%m-%d")
    return points.assign(day=days, key=days, doubtful=points["unsure"] > 0.5)


def reach(rows: pd.DataFrame, dots: pd.DataFrame) -> float:
    """Return how far the polarity axis must go to hold `keyed` rows and `dotted` articles: one of `REACHES`."""
    shown = rows.loc[rows["measure"] == "polarity", ["low", "high"]].to_numpy(float)
    farthest = np.abs(np.concatenate([shown.ravel(), dots["polarity"].to_numpy(float)])).max(initial=0)
    return next((end for end in REACHES if farthest <= end), REACHES[-1])


def trend(
    rows: pd.DataFrame,
    dots: pd.DataFrame,
    events: Sequence[Event],
    domain: Domain,
    palette: Palette,
    end: float,
    *,
    large: bool,
) -> Spec:
    """Draw polarity toward one target over time: articles as points, periods with enough of them as line and interval.

    Args:
        rows: `keyed` cells by period.
        dots: `dotted` articles; may be empty.
        events: lines across the picture.
        domain: first and last day of the time axis.
        palette: colours.
        end: `reach` of all pictures that are compared with this one.
        large: whether the events' names have room, and the articles stand back behind the line.
    """
    layers = [
        zero(palette, end),
        *event_marks(events, domain, palette, named=large),
        *article_dots(dots, palette, domain, end, 0.35 if large else 0.85),
        *polarity_marks(rows[rows["measure"] == "polarity"], domain, palette, end),
    ]
    return dressed({"layer": layers, "height": 190 if large else 150, "width": "container"}, palette)


def shares(rows: pd.DataFrame, events: Sequence[Event], domain: Domain, palette: Palette) -> Spec:
    """Draw the shares of against, neutral and in favour with their intervals, and the share that is unsure."""
    lines = event_marks(events, domain, palette, named=False, labels=False)
    layers = [*lines, *share_marks(rows, domain, palette)]
    return dressed({"layer": layers, "height": 100, "width": "container"}, palette)


def counts(mentioned: pd.DataFrame, domain: Domain, palette: Palette) -> Spec:
    """Draw articles per period: dark those that mention the target, pale those in which it is absent."""
    return dressed(article_bars(mentioned, domain, palette) | {"height": 62, "width": "container"}, palette)


def zero(palette: Palette, end: float) -> Spec:
    """The line between against and in favour."""
    return {
        "data": {"values": [{"y": 0}]},
        "mark": {"type": "rule", "color": palette.neutral, "strokeDash": [2, 3], "opacity": 0.7},
        "encoding": {"y": polarity("y", end)},
    }


def polarity_marks(rows: pd.DataFrame, domain: Domain, palette: Palette, end: float) -> list[Spec]:
    """Polarity by period: its interval as a band, a line, and points that can be clicked."""
    columns = ["run", "period", "key", "value", "low", "high", "range", "basis", "unsure", "note"]
    data = values(rows[columns])
    x = time(domain)
    low = {"x": x, "y": polarity("low", end), "y2": {"field": "high"}, "detail": field("run", "nominal")}
    value = {"x": x, "y": polarity("value", end), "detail": field("run", "nominal")}
    words = tooltip(
        ("key", "from", ""),
        ("value", "polarity", "+.2f"),
        ("range", "95 % interval", ""),
        ("basis", "under it", ""),
        ("unsure", "model unsure", ".0%"),
        ("note", "note", ""),
    )
    point = {"type": "point", "size": 70, "filled": True, "opacity": 1, "cursor": "pointer", "stroke": palette.ground}
    return [
        {"data": data, "mark": {"type": "area", "opacity": 0.16, "color": palette.ink}, "encoding": low},
        {"data": data, "mark": {"type": "rule", "opacity": 0.35, "color": palette.ink}, "encoding": low},
        {
            "data": data,
            "mark": {"type": "line", "strokeWidth": 2, "opacity": 0.8, "color": palette.ink},
            "encoding": value,
        },
        {
            "data": data,
            "mark": point | {"strokeWidth": 1},
            "encoding": value | {"color": by_polarity(palette, "value"), "tooltip": words},
            "params": [pick(PERIOD, "key")],
        },
    ]


def article_dots(dots: pd.DataFrame, palette: Palette, domain: Domain, end: float, opacity: float) -> list[Spec]:
    """Single articles, larger for more paragraphs; an open ring where the model is unsure of most of it."""
    if dots.empty:
        return []
    words = tooltip(
        ("title", "article", ""),
        ("outlet", "outlet", ""),
        ("key", "on", ""),
        ("polarity", "polarity", "+.2f"),
        ("paragraphs", "paragraphs", "d"),
        ("unsure", "model unsure", ".0%"),
    )
    encoding = {
        "x": time(domain, "day"),
        "y": polarity("polarity", end),
        "size": field("paragraphs", scale={"domain": [1, 10], "range": [35, 150], "clamp": True}, legend=None),
        "color": by_polarity(palette),
        "fillOpacity": {"condition": {"test": "datum.doubtful", "value": 0}, "value": 1},
        "fill": by_polarity(palette),
        "tooltip": words,
    }
    mark = {"type": "point", "cursor": "pointer", "strokeWidth": 1.5, "opacity": opacity}
    return [{"data": values(dots), "mark": mark, "encoding": encoding, "params": [pick(ARTICLE, "article_id")]}]


def share_marks(rows: pd.DataFrame, domain: Domain, palette: Palette) -> list[Spec]:
    """The three shares with their intervals, and how much of the text the model is unsure of as a dashed line."""
    columns = ["run", "period", "key", "measure", "stance", "value", "low", "high", "basis", "unsure"]
    data = values(rows.loc[rows["measure"] != "polarity", columns])
    base = {"x": time(domain, labels=False), "color": by_stance(palette), "detail": field("run", "nominal")}
    value = {"y": field("value", scale=SHARE_SCALE, axis=SHARE_AXIS)}
    words = tooltip(
        ("key", "from", ""),
        ("stance", "stance", ""),
        ("value", "share", ".0%"),
        ("low", "at least", ".0%"),
        ("high", "at most", ".0%"),
        ("basis", "under it", ""),
    )
    band = {"y": field("low", scale=SHARE_SCALE, axis=SHARE_AXIS), "y2": {"field": "high"}}
    doubt = {"x": base["x"], "detail": base["detail"], "y": field("unsure", scale=SHARE_SCALE, axis=SHARE_AXIS)}
    return [
        {"data": data, "mark": {"type": "area", "opacity": 0.15}, "encoding": base | band},
        {"data": data, "mark": {"type": "line", "strokeWidth": 2}, "encoding": base | value},
        {
            "data": data,
            "mark": {"type": "point", "size": 30, "filled": True, "opacity": 1},
            "encoding": base | value | {"tooltip": words},
        },
        {
            "data": values(rows.loc[rows["measure"] == "neutral", ["run", "period", "unsure"]]),
            "mark": {"type": "line", "strokeDash": [3, 3], "color": palette.ink, "opacity": 0.6},
            "encoding": doubt,
        },
    ]


def article_bars(mentioned: pd.DataFrame, domain: Domain, palette: Palette) -> Spec:
    """Articles per period: dark those that mention the target, pale those in which it is absent."""
    kinds = {True: "mention it", False: "do not mention it (absent)"}
    rows = mentioned.assign(key=mentioned["period"].dt.strftime("%Y-%m-%d"), what=mentioned["mention"].map(kinds))
    colour = field(
        "what",
        "nominal",
        scale={"domain": list(kinds.values()), "range": [palette.neutral, palette.faint]},
        legend=None,
    )
    return {
        "data": values(rows),
        "mark": {"type": "bar", "size": 7},
        "encoding": {
            "x": time(domain, labels=False),
            "y": field(
                "articles", axis={"title": None, "tickCount": 2, "format": "d", "tickMinStep": 1, "minExtent": 48}
            ),
            "color": colour,
            "order": field("mention", "nominal", sort="descending"),
            "tooltip": tooltip(("key", "from", ""), ("what", "articles that", ""), ("articles", "articles", "d")),
        },
    }


def event_marks(
    events: Sequence[Event], domain: Domain, palette: Palette, *, named: bool, labels: bool = True
) -> list[Spec]:
    """Lines for the events inside the time axis, with their names if there is room; `labels` as the other layers."""
    rows = [{"day": str(event.day), "name": event.name} for event in events if domain[0] <= event.day <= domain[1]]
    if not rows:
        return []
    base = {"x": time(domain, "day", labels=labels), "tooltip": tooltip(("day", "on", ""), ("name", "event", ""))}
    rule = {"type": "rule", "color": palette.ink, "strokeDash": [4, 3], "opacity": 0.55}
    names = [event_name(row, place, domain, base, palette) for place, row in enumerate(rows)] if named else []
    return [{"data": {"values": rows}, "mark": rule, "encoding": base}, *names]


def event_name(row: dict[str, str], place: int, domain: Domain, base: Spec, palette: Palette) -> Spec:
    """An event's name beside its line: on the side where there is room, in one of three rows."""
    late = (date.fromisoformat(row["day"]) - domain[0]) > 0.6 * (domain[1] - domain[0])
    side = {"align": "right", "dx": -3} if late else {"align": "left", "dx": 3}
    words = {"type": "text", "fontSize": 10, "opacity": 0.85, "color": palette.ink, "limit": 120, **side}
    encoding = base | {"text": field("name", "nominal"), "y": {"value": 6 + 11 * (place % 3)}}
    return {"data": {"values": [row]}, "mark": words, "encoding": encoding}


def default_domain(first: date | None, last: date | None, filters: Filters) -> Domain:
    """Return the days that the time axis spans, so that all pictures of a page share it."""
    today = date(2000, 1, 1)
    return filters.since or first or today, filters.until or last or today
