"""The first view: what stands out, every target over time, outlets side by side, what the last run brought."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from stance.dashboard import pieces
from stance.dashboard.charts import trends as charts
from stance.dashboard.markup import filled
from stance.dashboard.page import Context, block, empty, figure, go
from stance.dashboard.queries import articles, changes, records, trends
from stance.dashboard.words import TERMS, VOICE_LONG, counted, number, stance_word

CARDS = 3
COLUMNS = 3
OUTLETS = 12
"""Outlets drawn one by one, those with most articles."""


def show(context: Context) -> None:
    """Draw the view."""
    facts = context.board.ask(articles.facts, context.filters)
    if not facts.articles:
        empty("No article matches these choices.", "Widen the dates, outlets or languages on the left.")
        return
    _alarms(context)
    _standing_out(context)
    _targets(context)
    _outlets(context)
    _last_run(context)


def _alarms(context: Context) -> None:
    for row in records(context.board.ask(changes.alarms, context.filters)):
        st.html(pieces.alarm(row, context.named(row["target"])))


def _standing_out(context: Context) -> None:
    found = context.board.ask(changes.turns, context.filters)
    if found.empty:
        return
    st.subheader("What moved most", help=TERMS["turns"])
    chosen = changes.striking(found, context.target, CARDS)
    for column, row in zip(st.columns(CARDS), records(chosen), strict=False):
        with column:
            _card(context, row)


def _card(context: Context, row: Mapping[str, Any]) -> None:
    st.html(pieces.card(row, context.named(row["target"])))
    st.button(
        "Read why",
        key=f"why-{row['target']}-{row['outlet']}",
        icon=":material/arrow_forward:",
        type="tertiary",
        on_click=go,
        args=("read",),
        kwargs={
            "target": row["target"],
            "source": row["outlet"],
            "start": f"{row['middle']:%Y-%m-%d}",
            "order": "against" if row["change"] < 0 else "favor",
        },
    )


def _targets(context: Context) -> None:
    st.subheader("All outlets together")
    st.caption(
        f"Stance toward each target per {context.filters.by}: {VOICE_LONG[context.filters.voice]}.",
        help=TERMS["polarity"],
    )
    st.html(pieces.LEGEND)
    targets = sorted(context.choices["targets"], key=lambda target: target != context.target)
    rows = charts.keyed(context.board.ask(trends.trend, context.filters, ("target", "period")))
    dots = {target: charts.dotted(context.board.ask(articles.points, context.filters, target)) for target in targets}
    end = charts.reach(rows, pd.concat(dots.values()))
    for start in range(0, len(targets), COLUMNS):
        for column, target in zip(st.columns(COLUMNS), targets[start : start + COLUMNS], strict=False):
            with column:
                _target(context, target, rows[rows["target"] == target], dots[target], end)


def _target(context: Context, target: str, rows: pd.DataFrame, dots: pd.DataFrame, end: float) -> None:
    naming = context.board.ask(articles.mentioned, context.filters)
    axis = (context.domain, context.palette)
    pictures = [
        charts.trend(rows, dots, context.events, *axis, end, large=True),
        charts.shares(rows, context.events, *axis),
        charts.counts(naming[naming["target"] == target], *axis),
    ]

    def picked(point: Mapping[str, Any]) -> None:
        _read(context, target, point)

    title = filled("<b>Toward {target}</b>", target=context.named(target))
    figure(title, pictures, f"trend-{target}", rows, context.palette, picked)


def _read(context: Context, target: str, point: Mapping[str, Any], outlet: str = "") -> None:
    """Open the paragraphs behind a clicked point."""
    if "article_id" in point:
        go("read", target=target, article=str(point["article_id"]))
        return
    first = date.fromisoformat(str(point["key"]))
    last = period_end(first, context.filters.by)
    go("read", target=target, start=str(first), end=str(last), **({"source": outlet} if outlet else {}))


def period_end(first: date, by: str) -> date:
    """Return the last day of a period."""
    if by == "month":
        return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first + timedelta(days=6 if by == "week" else 0)


def _outlets(context: Context) -> None:
    st.subheader("Outlets compared")
    block(
        "<div class='st-meta'>Toward <b>{target}</b>. Click a point to read.</div>",
        target=context.named(context.target),
    )
    cells = context.board.ask(trends.trend, context.filters, ("target", "outlet", "period"))
    rows = charts.keyed(cells[cells["target"] == context.target])
    dots = charts.dotted(context.board.ask(articles.points, context.filters, context.target))
    means = context.board.ask(trends.trend, context.filters, ("target", "outlet"))
    means = means[(means["target"] == context.target) & (means["measure"] == "polarity")].set_index("outlet")
    known = [outlet for outlet in context.choices["outlets"] if outlet in means.index]
    outlets, end = known[:OUTLETS], charts.reach(rows, dots)
    for start in range(0, len(outlets), COLUMNS):
        for column, outlet in zip(st.columns(COLUMNS), outlets[start : start + COLUMNS], strict=False):
            with column:
                _outlet(
                    context,
                    outlet,
                    records(means.loc[[outlet]])[0],
                    rows[rows["outlet"] == outlet],
                    dots[dots["outlet"] == outlet],
                    end,
                )
    if len(known) > OUTLETS:
        st.caption(f"The {OUTLETS} outlets with most articles; choose others on the left.")


def _outlet(
    context: Context, outlet: str, mean: Mapping[str, Any], rows: pd.DataFrame, dots: pd.DataFrame, end: float
) -> None:
    few = pd.isna(mean["value"])
    value = "too few for a number" if few else f"{number(mean['value'])}, {stance_word(mean['value'])}"
    title = filled(
        "<b>{outlet}</b><div class='st-meta'>{value} · {units}</div>",
        outlet=outlet,
        value=value,
        units=counted(mean["units"], "article"),
    )
    chart = charts.trend(rows, dots, context.events, context.domain, context.palette, end, large=False)

    def picked(point: Mapping[str, Any]) -> None:
        _read(context, context.target, point, outlet)

    figure(title, [chart], f"outlet-{outlet}", rows, context.palette, picked)


def _last_run(context: Context) -> None:
    """Say what the newest run brought, and how far it moved the numbers."""
    generation = context.board.snapshot.manifest.generation
    new = context.board.ask(changes.arrived, generation)
    moved = context.board.ask(changes.moved, context.filters, generation)
    if new.empty or moved["without"].isna().all():
        return
    st.subheader("Since the last run")
    brought = ", ".join(f"{row.outlet} {row.articles}" for row in new.itertuples())
    total = counted(int(new["articles"].sum()), "new article")
    why = "; ".join(f"{cause}: {counted(n, 'scored pair')}" for cause, n in context.board.ask(changes.causes).items())
    said = f". Why numbers moved: {why}" if why else ""
    block("<div class='st-meta'>{total}: {brought}{said}</div>", total=total, brought=brought, said=said)
    table = moved.assign(target=moved["target"].map(context.named), moved=moved["value"] - moved["without"])
    polarity = st.column_config.NumberColumn("Polarity now", format="%+.2f", help=TERMS["polarity"])
    st.dataframe(
        table[["target", "without", "value", "moved", "units", "units_without"]],
        hide_index=True,
        column_config={
            "target": "Target",
            "without": st.column_config.NumberColumn("Polarity before", format="%+.2f"),
            "value": polarity,
            "moved": st.column_config.NumberColumn("Moved", format="%+.2f"),
            "units": "Articles now",
            "units_without": "Articles before",
        },
    )
