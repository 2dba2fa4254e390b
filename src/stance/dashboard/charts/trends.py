"""Stance over time: the trend of a target, one outlet's small picture, events across them."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from stance.dashboard.charts import Spec
from stance.dashboard.charts.look import (
    HIT,
    PICK,
    SHARE_AXIS,
    SHARE_SCALE,
    Domain,
    Palette,
    by_polarity,
    by_stance,
    dressed,
    field,
    polarity,
    time,
    tooltip,
    values,
)
from stance.dashboard.events import Event
from stance.dashboard.filters import Filters
from stance.dashboard.words import STANCE

NAME_WIDTH, NUMBER_WIDTH, PLOT_WIDTH, NAME_ROWS = 5.4, 14, 190, 3
"""Pixels of a letter, of an event's number, of the narrowest picture; rows for names above each other."""
MANY = 6
"""Numbers in a trend from which on single articles stand back behind them."""
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
        point="period:" + days,
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
    return points.assign(day=days, key=days, point="article:" + points["article_id"], doubtful=points["unsure"] > 0.5)


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
        large: whether it is the large picture of all outlets, in which articles stand back behind a long line.
    """
    numbers = rows[rows["measure"] == "polarity"]
    layers = [
        zero(palette, end) | {"params": PICK},
        *event_marks(events, domain, palette, named=True),
        *article_dots(dots, palette, domain, end, 0.4 if large and len(numbers) >= MANY else 0.85),
        *polarity_marks(numbers, domain, palette, end),
    ]
    return dressed({"layer": layers, "height": 190 if large else 150, "width": "container"}, palette)


def shares(rows: pd.DataFrame, events: Sequence[Event], domain: Domain, palette: Palette) -> Spec:
    """Draw the shares of against, neutral and in favour with their intervals, and the share that is unsure."""
    lines = event_marks(events, domain, palette, named=False, labels=False)
    floor: Spec = {
        "data": {"values": [{"y": 0}]},
        "mark": {"type": "rule", "color": palette.faint},
        "encoding": {"y": field("y", scale=SHARE_SCALE, axis=SHARE_AXIS)},
        "params": PICK,
    }
    layers = [floor, *lines, *share_marks(rows, domain, palette)]
    return dressed({"layer": layers, "height": 100, "width": "container"}, palette)


def counts(mentioned: pd.DataFrame, domain: Domain, palette: Palette) -> Spec:
    """Draw articles per period: dark those that mention the target, pale those in which it is absent."""
    bars = article_bars(mentioned, domain, palette) | {"params": PICK, "height": 62, "width": "container"}
    return dressed(bars, palette)


def zero(palette: Palette, end: float) -> Spec:
    """The line between against and in favour."""
    return {
        "data": {"values": [{"y": 0}]},
        "mark": {"type": "rule", "color": palette.neutral, "strokeDash": [2, 3], "opacity": 0.7},
        "encoding": {"y": polarity("y", end)},
    }


def polarity_marks(rows: pd.DataFrame, domain: Domain, palette: Palette, end: float) -> list[Spec]:
    """Polarity by period: its interval as a band, a line, and points that can be clicked."""
    columns = ["run", "period", "key", "point", "value", "low", "high", "range", "basis", "unsure", "note"]
    data, line = values(rows[columns]), smooth_line(rows, domain, palette, end)
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
    point = {"type": "point", "size": 70, "filled": True, "opacity": 1, "stroke": palette.ground}
    return [
        *(line or band_and_line(data, low, value, palette)),
        {"data": data, "mark": {"type": "rule", "opacity": 0.35, "color": palette.ink}, "encoding": low},
        {
            "data": data,
            "mark": point | {"strokeWidth": 1},
            "encoding": value | {"color": by_polarity(palette, "value")},
        },
        {"data": data, "mark": HIT | {"size": 340}, "encoding": value | {"tooltip": words}},
    ]


def band_and_line(data: Spec, ends: Spec, middle: Spec, palette: Palette) -> list[Spec]:
    """A band between two ends and a line in its middle."""
    stroke = {"type": "line", "strokeWidth": 2, "opacity": 0.8, "color": palette.ink}
    return [
        {"data": data, "mark": {"type": "area", "opacity": 0.16, "color": palette.ink}, "encoding": ends},
        {"data": data, "mark": stroke, "encoding": middle},
    ]


def smooth_line(rows: pd.DataFrame, domain: Domain, palette: Palette, end: float) -> list[Spec]:
    """The smooth line of `queries.trends.smoothed` with its band; none where the rows have none."""
    if "trend" not in rows or rows["trend"].isna().all():
        return []
    data, x = values(rows[["period", "trend", "trend_low", "trend_high"]]), {"x": time(domain)}
    ends = x | {"y": polarity("trend_low", end), "y2": {"field": "trend_high"}}
    return band_and_line(data, ends, x | {"y": polarity("trend", end)}, palette)


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
    data, place = values(dots), {"x": time(domain, "day"), "y": polarity("polarity", end)}
    encoding = place | {
        "size": field("paragraphs", scale={"domain": [1, 10], "range": [35, 150], "clamp": True}, legend=None),
        "color": by_polarity(palette),
        "fillOpacity": {"condition": {"test": "datum.doubtful", "value": 0}, "value": 1},
        "fill": by_polarity(palette),
    }
    mark = {"type": "point", "strokeWidth": 1.5, "opacity": opacity}
    return [
        {"data": data, "mark": mark, "encoding": encoding},
        {"data": data, "mark": HIT | {"size": 150}, "encoding": place | {"tooltip": words}},
    ]


def share_marks(rows: pd.DataFrame, domain: Domain, palette: Palette) -> list[Spec]:
    """The three shares with their intervals, and how much of the text the model is unsure of as a dashed line."""
    columns = ["run", "period", "key", "measure", "stance", "value", "low", "high", "basis", "point"]
    known = rows[rows["measure"] != "polarity"]
    data = values(known.assign(point=known["measure"] + ":" + known["key"])[columns])
    whole = known[known["measure"] == "neutral"]  # the doubt is the same for all three
    doubt = values(whole.assign(point="unsure:" + whole["key"])[["run", "period", "key", "unsure", "basis", "point"]])
    x = {"x": time(domain, labels=False), "detail": field("run", "nominal")}
    base = x | {"color": by_stance(palette)}
    value = {"y": field("value", scale=SHARE_SCALE, axis=SHARE_AXIS)}
    words = tooltip(
        ("key", "from", ""),
        ("stance", "stance", ""),
        ("value", "share", ".0%"),
        ("low", "at least", ".0%"),
        ("high", "at most", ".0%"),
        ("basis", "under it", ""),
    )
    unsure = tooltip(("key", "from", ""), ("unsure", "model unsure of", ".0%"), ("basis", "under it", ""))
    band = {"y": field("low", scale=SHARE_SCALE, axis=SHARE_AXIS), "y2": {"field": "high"}}
    dashed = x | {"y": field("unsure", scale=SHARE_SCALE, axis=SHARE_AXIS)}
    return [
        {"data": data, "mark": {"type": "area", "opacity": 0.15}, "encoding": base | band},
        {"data": data, "mark": {"type": "line", "strokeWidth": 2}, "encoding": base | value},
        {"data": data, "mark": {"type": "point", "size": 30, "filled": True, "opacity": 1}, "encoding": base | value},
        {
            "data": doubt,
            "mark": {"type": "line", "strokeDash": [3, 3], "color": palette.ink, "opacity": 0.6},
            "encoding": dashed,
        },
        {"data": doubt, "mark": HIT | {"size": 120}, "encoding": dashed | {"tooltip": unsure}},
        {"data": data, "mark": HIT | {"size": 160}, "encoding": base | value | {"tooltip": words}},
    ]


def article_bars(mentioned: pd.DataFrame, domain: Domain, palette: Palette) -> Spec:
    """Articles per period: dark those that mention the target, pale those in which it is absent."""
    kinds = {True: "mention it", False: "do not mention it (absent)"}
    days = mentioned["period"].dt.strftime("%Y-%m-%d")
    point = mentioned["mention"].map({True: "period:", False: "absent:"}) + days
    rows = mentioned.assign(key=days, what=mentioned["mention"].map(kinds), point=point)
    colour = field(
        "what",
        "nominal",
        scale={"domain": list(kinds.values()), "range": [palette.neutral, palette.faint]},
        legend=None,
    )
    return {
        "data": values(rows),
        "mark": {"type": "bar", "size": 8, "cursor": "pointer"},
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
    """Lines for the events inside the time axis, with their names, or with their numbers where names find no room.

    Args:
        events: all events, in order; an event's number is its place, from 1.
        domain: first and last day of the time axis.
        palette: colours.
        named: whether to write names or numbers.
        labels: whether the other layers label the time axis.
    """
    rows = [
        {"day": str(event.day), "name": event.name, "number": str(at), "point": f"event:{at}"}
        for at, event in enumerate(events, 1)
        if domain[0] <= event.day <= domain[1]
    ]
    if not rows:
        return []
    place = {"x": time(domain, "day", labels=labels)}
    base = place | {"tooltip": tooltip(("day", "on", ""), ("name", "event", ""))}
    rule = {"type": "rule", "color": palette.ink, "strokeDash": [4, 3], "opacity": 0.55}
    broad = {"type": "rule", "strokeWidth": 7, "opacity": 0, "cursor": "pointer"}
    names = event_names(rows, domain, base, palette) if named else []
    data = {"values": rows}
    return [
        {"data": data, "mark": rule, "encoding": place},
        {"data": data, "mark": broad, "encoding": base},
        *names,
    ]


def event_names(rows: Sequence[dict[str, str]], domain: Domain, base: Spec, palette: Palette) -> list[Spec]:
    """Names beside their lines if all find room, else numbers above them; `event_key` lists what the numbers mean."""
    words = {"type": "text", "fontSize": 10, "opacity": 0.85, "color": palette.ink, "cursor": "pointer"}
    places = _places([row["day"] for row in rows], domain)
    levels = name_levels([row["name"] for row in rows], places)
    if levels is not None:
        sides = [{"align": "right", "dx": -3} if is_late(at) else {"align": "left", "dx": 3} for at in places]
        return [
            event_word(row, "name", level, base, words | side)
            for row, level, side in zip(rows, levels, sides, strict=True)
        ]
    levels = stacked([(at - NUMBER_WIDTH / 2, at + NUMBER_WIDTH / 2) for at in places])
    style = words | {"align": "center", "fontWeight": "bold"}
    return [event_word(row, "number", level, base, style) for row, level in zip(rows, levels, strict=True)]


def event_key(events: Sequence[Event], domain: Domain) -> str:
    """Say what the events' numbers mean; '' where their names stand in the pictures."""
    inside = [(at, event) for at, event in enumerate(events, 1) if domain[0] <= event.day <= domain[1]]
    places = _places([str(event.day) for _, event in inside], domain)
    if name_levels([event.name for _, event in inside], places) is not None:
        return ""
    return "Events: " + " · ".join(f"{at} {event.name} ({event.day:%-d %b})" for at, event in inside)


def _places(days: Sequence[str], domain: Domain) -> list[float]:
    """Where days lie in the narrowest picture, in pixels from its left."""
    span = max((domain[1] - domain[0]).days, 1)
    return [PLOT_WIDTH * (date.fromisoformat(day) - domain[0]).days / span for day in days]


def is_late(place: float) -> bool:
    """Whether a name at that place must stand on the left of its line."""
    return place > 0.6 * PLOT_WIDTH


def name_levels(names: Sequence[str], places: Sequence[float]) -> list[int] | None:
    """Return the row of each name, or None if they find no room beside each other in `NAME_ROWS` rows."""
    widths = [NAME_WIDTH * len(name) for name in names]
    spans = [(at - wide, at) if is_late(at) else (at, at + wide) for at, wide in zip(places, widths, strict=True)]
    levels = stacked(spans)
    fits = all(low >= 0 and high <= PLOT_WIDTH for low, high in spans) and max(levels, default=0) < NAME_ROWS
    return levels if fits else None


def event_word(row: dict[str, str], column: str, level: int, base: Spec, style: Spec) -> Spec:
    """One event's name or number, in one of the rows at the top of the picture."""
    encoding = base | {"text": field(column, "nominal"), "y": {"value": 5 + 11 * level}}
    return {"data": {"values": [row]}, "mark": style, "encoding": encoding}


def stacked(spans: Sequence[tuple[float, float]]) -> list[int]:
    """Return for each span the lowest row in which it touches none before it; rows are 0, 1, ..."""
    rows: list[list[tuple[float, float]]] = []
    levels = []
    for low, high in spans:
        free = (at for at, row in enumerate(rows) if all(high <= left or right <= low for left, right in row))
        level = next(free, len(rows))
        rows[level:level] = [[]] if level == len(rows) else []
        rows[level].append((low, high))
        levels.append(level)
    return levels


def default_domain(first: date | None, last: date | None, filters: Filters) -> Domain:
    """Return the days that the time axis spans, so that all pictures of a page share it."""
    today = date(2000, 1, 1)
    return filters.since or first or today, filters.until or last or today
