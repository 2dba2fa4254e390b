"""Two outlets, two periods, or before and after an event, side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from stance.dashboard import pieces
from stance.dashboard.charts import others
from stance.dashboard.filters import Filters
from stance.dashboard.page import Context, block, empty, figure
from stance.dashboard.queries import changes, records, trends
from stance.dashboard.words import STANCE, TERMS, VOICE_LONG, counted, number, share

KINDS = ("outlets", "periods", "event")
KIND_NAMES = {"outlets": "Two outlets", "periods": "Two periods", "event": "Before and after an event"}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two sides."""

    name: str
    filters: Filters


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
    both = {"outlets": _outlets, "periods": _periods, "event": _event}[kind or "outlets"](context)
    if both is None:
        return
    st.caption(
        f"Polarity toward each target: {VOICE_LONG[context.filters.voice]}. Bars are 95 % intervals.",
        help=TERMS["polarity"],
    )
    rows = pd.concat(
        [context.board.ask(trends.trend, side.filters, ("target",)).assign(side=side.name) for side in both]
    )
    if rows.empty:
        empty("Neither side has a paragraph that names a target.", "Choose other sides.")
        return
    polarity = rows[rows["measure"] == "polarity"]
    named = polarity.assign(target=polarity["target"].map(context.named))
    figure("<b>Polarity</b>", [others.sides(named, context.palette)], "compare", rows, context.palette)
    _table(context, both, rows)


def _outlets(context: Context) -> tuple[Side, Side] | None:
    outlets = context.choices["outlets"]
    if len(outlets) < 2:
        empty("There is only one outlet.", "Compare two periods instead.")
        return None
    left, right = st.columns(2)
    one = left.selectbox("First outlet", outlets, 0, key="a", bind="query-params")
    other = right.selectbox("Second outlet", outlets, 1, key="b", bind="query-params")
    return (
        Side(one or outlets[0], replace(context.filters, outlets=(one or outlets[0],))),
        Side(other or outlets[1], replace(context.filters, outlets=(other or outlets[1],))),
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
    if not context.events:
        empty("No events are known.", "Put a file `events.csv` with the columns `day,name` into the output's folder.")
        return None
    places = range(len(context.events))
    place = st.selectbox(
        "Event",
        places,
        format_func=lambda at: f"{context.events[at].day:%-d %b %Y}: {context.events[at].name}",
        key="event",
        bind="query-params",
    )
    event = context.events[place or 0]
    return (
        Side(f"before {event.day:%-d %b %Y}", replace(context.filters, until=event.day - timedelta(days=1))),
        Side(f"from {event.day:%-d %b %Y}", replace(context.filters, since=event.day)),
    )


def _table(context: Context, both: tuple[Side, Side], rows: pd.DataFrame) -> None:
    """Show for each target the three shares of both sides, and how far polarity lies apart."""
    apart = context.board.ask(changes.difference, both[0].filters, both[1].filters, ("target",)).set_index("target")
    for target in context.choices["targets"]:
        block("<b>Toward {target}</b>", target=context.named(target))
        for column, side in zip(st.columns(2), both, strict=True):
            with column:
                _shares(side.name, rows[(rows["target"] == target) & (rows["side"] == side.name)])
        if target in apart.index:
            block("<div class='st-meta'>{said}</div>", said=_apart(records(apart.loc[[target]])[0]))


def _shares(name: str, rows: pd.DataFrame) -> None:
    if rows.empty:
        block("<div>{name}</div><div class='st-meta'>absent: no paragraph mentions it</div>", name=name)
        return
    units = counted(int(rows["units"].iloc[0]), "article")
    value = rows.set_index("measure")["value"]
    if value.isna().any():
        block("<div>{name}</div><div class='st-meta'>{units}: too few for a number</div>", name=name, units=units)
        return
    st.html(pieces.bar(name, [float(value[stance]) for stance in STANCE]))
    block(
        "<div class='st-meta'>{units}, model unsure of {unsure}</div>",
        units=units,
        unsure=share(rows["unsure"].iloc[0]),
    )


def _apart(row: Mapping[str, float]) -> str:
    if pd.isna(row["low"]):
        return f"Difference {number(row['change'])}; too few stories for an interval."
    span = f"{number(row['low'])} to {number(row['high'])}"
    return f"Difference {number(row['change'])} (95 % interval {span}): {pieces.certainty(row)}."
