"""The first view: what stands out, every target over time, outlets side by side, what the last run brought."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from stance.dashboard import pieces
from stance.dashboard.charts import trends as charts
from stance.dashboard.filters import Filters
from stance.dashboard.page import Context, Picture, block, empty, figure, follow, go
from stance.dashboard.queries import articles, changes, quality, reading, records, trends, trust
from stance.dashboard.words import TERMS, VOICE_LONG, counted

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
    _ahead(context)
    _alarms(context)
    _standing_out(context)
    _grown_old(context)
    _targets(context)
    _outlets(context)
    _last_run(context)


def _ahead(context: Context) -> None:
    """Begin with what is drawn last."""
    ask, filters, target = context.board.ahead, context.filters, context.target
    if not context.smooth:
        ask(trends.trend, filters, ("target", "period"))
    ask(trends.trend, filters, ("target", "outlet", "period"), target)
    ask(trends.trend, filters, ("target", "outlet"), target)
    ask(articles.mentioned, filters)


def _alarms(context: Context) -> None:
    for row in records(context.board.ask(changes.alarms, context.filters)):
        st.html(pieces.alarm(row, context.named(row["target"])))


def _standing_out(context: Context) -> None:
    found = context.board.ask(changes.turns, context.filters)
    if found.empty:
        return
    st.subheader("What moved most", help=TERMS["turns"])
    st.html(pieces.tags(uncorrected=True, languages=context.unmeasured()))
    chosen = changes.striking(found, context.target, CARDS)
    for row in records(chosen):
        context.board.ahead(reading.telling, reading.after_turn(row, context.filters))
    for column, row in zip(st.columns(CARDS), records(chosen), strict=False):
        with column, st.container(border=True, height="stretch", vertical_alignment="distribute"):
            _card(context, row)


def _card(context: Context, row: Mapping[str, Any]) -> None:
    selection = reading.after_turn(row, context.filters)
    hits = context.board.ask(reading.telling, selection)
    words = "".join(map(pieces.quote, records(hits)))
    st.html(f"<div class='st-card'>{pieces.card(row, context.named(row['target']))}{words}</div>")
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
            "order": selection.order,
        },
    )


def _grown_old(context: Context) -> None:
    """Warn where labels may no longer say how the model errs."""
    drawn, labels = context.human()
    if labels:
        for row in records(trust.notable(context.board.ask(trust.drift, drawn, labels))):
            st.html(pieces.drifted(row, context.named(row["target"])))


def _trusted(context: Context, target: str, rows: pd.DataFrame) -> str:
    """Say what labels did to the numbers of a trend, in words; '' where they are the model's alone."""
    if not rows["corrected"].any():
        return ""
    wholes = context.board.ask(trust.wholes, context.filters).set_index("target")
    found = context.board.ask(trust.errors, *context.human())
    agree = found[(found["target"] == target) & (found["outlet"] == "")]
    words = f" Model and people agree in {pieces.ranged(records(agree)[0])}." if agree["accuracy"].notna().any() else ""
    return pieces.corrected(records(wholes.loc[[target]])[0]) + words


def _targets(context: Context) -> None:
    st.subheader("All outlets together")
    st.caption(
        f"Stance toward each target per {context.filters.by}: {VOICE_LONG[context.filters.voice]}. "
        "Click anything to read what stands behind it.",
        help=TERMS["polarity"],
    )
    rows = charts.keyed(context.trend(context.filters))
    if not rows["corrected"].any():
        _errors(context)
    st.html(pieces.legend(smooth=context.smooth))
    block("<div class='st-legend'>{key}</div>", key=charts.event_key(context.events, context.domain))
    targets = sorted(context.choices["targets"], key=lambda target: target != context.target)
    dots = {target: charts.dotted(context.board.ask(articles.points, context.filters, target)) for target in targets}
    end = charts.reach(rows, pd.concat(dots.values()))
    for start in range(0, len(targets), COLUMNS):
        for column, target in zip(st.columns(COLUMNS), targets[start : start + COLUMNS], strict=False):
            with column:
                _target(context, target, rows[rows["target"] == target], dots[target], end)


def _errors(context: Context) -> None:
    """Say how the model errs where nobody has corrected it."""
    known = context.board.ask(quality.confusion)
    why = TERMS["uncorrected"]
    said = pieces.errs(known.rates) if known else pieces.UNMEASURED
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        block(
            "<div class='st-meta' title='{why}'>No human has corrected these numbers. {said}</div>", why=why, said=said
        )
        st.button(
            "How far to trust this", type="tertiary", icon=":material/arrow_forward:", on_click=go, args=("quality",)
        )


def _target(context: Context, target: str, rows: pd.DataFrame, dots: pd.DataFrame, end: float) -> None:
    naming = context.board.ask(articles.mentioned, context.filters)
    axis = (context.domain, context.palette)
    picture = Picture(
        key=f"trend-{target}",
        heading=f"Toward {context.named(target)}",
        specs=[
            charts.trend(rows, dots, context.events, *axis, end, large=True),
            charts.shares(rows, context.events, *axis),
            charts.counts(naming[naming["target"] == target], *axis),
        ],
        foot=_trusted(context, target, rows),
        data=rows,
        languages=context.unmeasured(),
    )
    figure(context, picture, lambda point: follow(context, point, target))


def _outlets(context: Context) -> None:
    st.subheader("Outlets compared")
    block("<div class='st-meta'>Toward <b>{target}</b>.</div>", target=context.named(context.target))
    cells = context.board.ask(trends.trend, context.filters, ("target", "outlet", "period"), context.target)
    rows = charts.keyed(cells)
    dots = charts.dotted(context.board.ask(articles.points, context.filters, context.target))
    means = context.board.ask(trends.trend, context.filters, ("target", "outlet"), context.target)
    means = means[means["measure"] == "polarity"].set_index("outlet")
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
    picture = Picture(
        key=f"outlet-{outlet}",
        heading=outlet,
        under=f"{pieces.spoken(mean)} · {counted(mean['units'], 'article')}",
        specs=[charts.trend(rows, dots, context.events, context.domain, context.palette, end, large=False)],
        data=rows if len(rows) else dots,
        languages=context.unmeasured(outlet),
    )
    figure(context, picture, lambda point: follow(context, point, context.target, outlet))


def _last_run(context: Context) -> None:
    """Say what the newest run brought, and how far it moved the numbers."""
    generation = context.board.snapshot.manifest.generation
    new = context.board.ask(changes.arrived, generation)
    if new.empty or new["articles"].sum() == context.board.ask(articles.facts, Filters()).articles:
        return  # nothing is new, or everything
    moved = context.board.ask(changes.moved, context.filters, generation)
    st.subheader("Since the last run")
    brought = ", ".join(f"{row.outlet} {row.articles}" for row in new.itertuples())
    total = counted(int(new["articles"].sum()), "new article")
    why = "; ".join(f"{cause}: {counted(n, 'scored pair')}" for cause, n in context.board.ask(changes.causes).items())
    said = f". Why numbers moved: {why}" if why else ""
    block("<div class='st-meta'>{total}: {brought}{said}</div>", total=total, brought=brought, said=said)
    st.html(pieces.tags(uncorrected=True, languages=context.unmeasured()))
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
