"""Two outlets, two periods, or before and after an event, side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import pandas as pd
import streamlit as st

from stance.dashboard import pieces
from stance.dashboard.charts import others
from stance.dashboard.charts import trends as charts
from stance.dashboard.events import Event
from stance.dashboard.filters import Filters
from stance.dashboard.markup import filled
from stance.dashboard.page import Context, Picture, block, empty, figure, follow, go
from stance.dashboard.queries import articles, changes, records, trends
from stance.dashboard.words import STANCE, TERMS, VOICE_LONG, counted, number, share

KINDS = ("outlets", "periods", "event", "events")
KIND_NAMES = {
    "outlets": "Two outlets",
    "periods": "Two periods",
    "event": "Before and after an event",
    "events": "Two events",
}
SPANS = {7: "a week", 14: "two weeks", 30: "a month"}
"""Days after an event that are compared with those after another."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two sides."""

    name: str
    filters: Filters
    outlet: str = ""
    """The outlet that is one side, '' where sides are periods."""


def show(context: Context) -> None:
    """Draw the view."""
    st.subheader("Compare")
    kind = st.segmented_control(
        "Compare",
        KINDS,
        default="outlets",
        format_func=KIND_NAMES.__getitem__,
        key="compare",
        bind="query-params",
        label_visibility="collapsed",
        required=True,
    )
    both = {"outlets": _outlets, "periods": _periods, "event": _event, "events": _events}[kind or "outlets"](context)
    if both is None:
        return
    if both[0] == both[1]:
        empty("Both sides are the same.", "Choose another for one of them.")
        return
    rows = pd.concat(
        [context.board.ask(trends.trend, side.filters, ("target",)).assign(side=side.name) for side in both]
    )
    if rows.empty:
        empty("Neither side has a paragraph that names a target.", "Choose other sides.")
        return
    _polarity(context, both, rows)
    _table(context, both, rows)
    _over_time(context, both)


def _polarity(context: Context, both: tuple[Side, Side], rows: pd.DataFrame) -> None:
    order = {target: at for at, target in enumerate(context.choices["targets"])}
    place = {side.name: at for at, side in enumerate(both)}
    polarity = rows[rows["measure"] == "polarity"].sort_values("target", key=lambda ids: ids.map(order), kind="stable")
    side = polarity["side"].map(place).astype(str)
    named = polarity.assign(name=polarity["target"].map(context.named), point="side:" + side + ":" + polarity["target"])
    picture = Picture(
        key="compare",
        heading="Polarity toward each target",
        under=f"Bars are 95 % intervals; {VOICE_LONG[context.filters.voice]}.",
        specs=[others.sides(named, context.palette)],
        data=rows,
        languages=context.unmeasured(),
    )

    def picked(point: str) -> None:
        _, at, target = point.split(":", 2)
        _read(both[int(at)], target)

    figure(context, picture, picked)


def _read(side: Side, target: str) -> None:
    """Open the paragraphs of one side."""
    days = {"start": side.filters.since, "end": side.filters.until} if not side.outlet else {}
    where = {"source": side.outlet} if side.outlet else {}
    go("read", target=target, **where, **{key: str(day) for key, day in days.items() if day})


def _over_time(context: Context, both: tuple[Side, Side]) -> None:
    """Show the trend of the chosen target on both sides."""
    asked = [
        (
            charts.keyed(context.trend(side.filters, context.target)),
            charts.dotted(context.board.ask(articles.points, side.filters, context.target)),
        )
        for side in both
    ]
    end = max(charts.reach(rows, dots) for rows, dots in asked)
    for column, side, (rows, dots) in zip(st.columns(2, gap="medium"), both, asked, strict=True):
        domain = charts.default_domain(*context.domain, side.filters)
        picture = Picture(
            key=f"compare-{side.name}",
            heading=f"{side.name} on {context.named(context.target)}",
            under="Each point is an article; click one to read.",
            specs=[charts.trend(rows, dots, context.events, domain, context.palette, end, large=False)],
            data=rows if len(rows) else dots,
            languages=context.unmeasured(side.outlet),
        )
        with column:
            figure(context, picture, partial(_open, context, side.outlet))
    block("<div class='st-legend'>{key}</div>", key=charts.event_key(context.events, context.domain))


def _open(context: Context, outlet: str, point: str) -> None:
    follow(context, point, context.target, outlet)


def _outlets(context: Context) -> tuple[Side, Side] | None:
    outlets = context.choices["outlets"]
    if len(outlets) < 2:
        empty("There is only one outlet.", "Compare two periods instead.")
        return None
    left, right = st.columns(2)
    one = left.selectbox("First outlet", outlets, 0, key="a", bind="query-params")
    other = right.selectbox("Second outlet", outlets, 1, key="b", bind="query-params")
    return (
        Side(one or outlets[0], replace(context.filters, outlets=(one or outlets[0],)), one or outlets[0]),
        Side(other or outlets[1], replace(context.filters, outlets=(other or outlets[1],)), other or outlets[1]),
    )


def _periods(context: Context) -> tuple[Side, Side] | None:
    first, last = context.domain
    middle = first + (last - first) / 2
    left, right = st.columns(2)
    one = left.date_input("First period", (first, middle), min_value=first, max_value=last, key="p1")
    other = right.date_input(
        "Second period", (min(middle + timedelta(days=1), last), last), min_value=first, max_value=last, key="p2"
    )
    if len(one) < 2 or len(other) < 2:
        st.info("Choose the first and the last day of both periods.")
        return None
    return _period(context, *one), _period(context, *other)


def _period(context: Context, first: date, last: date) -> Side:
    return Side(f"{first:%-d %b %Y} to {last:%-d %b %Y}", replace(context.filters, since=first, until=last))


def _event(context: Context) -> tuple[Side, Side] | None:
    event = _chosen(context, "Event", "event", 0)
    if event is None:
        return None
    first, last = context.domain
    return (
        Side(
            f"before {event.day:%-d %b %Y}", replace(context.filters, since=first, until=event.day - timedelta(days=1))
        ),
        Side(f"from {event.day:%-d %b %Y}", replace(context.filters, since=event.day, until=last)),
    )


def _events(context: Context) -> tuple[Side, Side] | None:
    left, middle, right = st.columns([2, 2, 1])
    with left:
        one = _chosen(context, "First event", "event1", 0)
    if one is None:
        return None
    with middle:
        other = _chosen(context, "Second event", "event2", len(context.events) - 1) or one
    days = right.selectbox(
        "Days after each", list(SPANS), 1, format_func=SPANS.__getitem__, key="span", bind="query-params"
    )
    return _after(context, one, days or 14), _after(context, other, days or 14)


def _after(context: Context, event: Event, days: int) -> Side:
    chosen = replace(context.filters, since=event.day, until=event.day + timedelta(days=days - 1))
    return Side(f"{SPANS[days]} from {event.day:%-d %b %Y}, {event.name}", chosen)


def _chosen(context: Context, label: str, key: str, at: int) -> Event | None:
    """Let the reader choose one of the events; None if there are none."""
    if not context.events:
        empty("No events are known.", "Put a file `events.csv` with the columns `day,name` into the output's folder.")
        return None
    place = st.selectbox(
        label,
        range(len(context.events)),
        at,
        format_func=lambda at: f"{context.events[at].day:%-d %b %Y}: {context.events[at].name}",
        key=key,
        bind="query-params",
    )
    return context.events[place or 0]


def _table(context: Context, both: tuple[Side, Side], rows: pd.DataFrame) -> None:
    """Show for each target the three shares of both sides, and how far polarity lies apart."""
    apart = context.board.ask(changes.difference, both[0].filters, both[1].filters, ("target",)).set_index("target")
    for target in context.choices["targets"]:
        mine = rows[rows["target"] == target]
        tags = pieces.tags(uncorrected=pieces.uncorrected(mine), languages=context.unmeasured())
        said = _apart(records(apart.loc[[target]])[0]) if target in apart.index else ""
        st.html(pieces.caption(f"Shares toward {context.named(target)}", said, tags))
        for column, side in zip(st.columns(2, gap="medium"), both, strict=True):
            column.html(_shares(side.name, mine[mine["side"] == side.name]))


def _shares(name: str, rows: pd.DataFrame) -> str:
    if rows.empty:
        return filled("<div>{name}</div><div class='st-meta'>absent: no paragraph mentions it</div>", name=name)
    units = counted(int(rows["units"].iloc[0]), "article")
    value = rows.set_index("measure")["value"]
    if value.isna().any():
        few = "<div>{name}</div><div class='st-meta' title='{why}'>{units}: too few for a number</div>"
        return filled(few, name=name, units=units, why=TERMS["few"])
    said = filled(
        "<div class='st-meta'>{units}, model unsure of {unsure}</div>",
        units=units,
        unsure=share(rows["unsure"].iloc[0]),
    )
    return pieces.bar(name, [float(value[stance]) for stance in STANCE]) + said


def _apart(row: Mapping[str, float]) -> str:
    if pd.isna(row["low"]):
        return f"Difference {number(row['change'])}; too few stories for an interval."
    span = f"{number(row['low'])} to {number(row['high'])}"
    return f"Difference {number(row['change'])} (95 % interval {span}): {pieces.certainty(row)}."
