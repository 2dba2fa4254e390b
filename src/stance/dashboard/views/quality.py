"""How far the numbers can be trusted, and where they come from."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from stance.annotate.records import ABSENT, Drawn, Label
from stance.dashboard import cards, pieces
from stance.dashboard.charts import others
from stance.dashboard.page import Context, Picture, block, figure, go
from stance.dashboard.queries import quality, records, trust
from stance.dashboard.words import REASON, SIGN, STANCE, TERMS, counted

WHO = ("model", "humans")
DIFFERENCES = "differences"
"""Key of the session with what a clicked point stands for: outlet and target, or a bin of confidence."""
Drawings = tuple[Drawn, ...]
Labels = tuple[Label, ...]


def show(context: Context) -> None:
    """Draw the view."""
    drawn, labels = context.human()
    _doubt(context)
    _model(context, drawn, labels)
    _labels(context, drawn, labels)
    _rejections(context)
    _feeds(context)
    _runs(context)


def _doubt(context: Context) -> None:
    st.subheader(
        "Absent, unsure, decided",
        help=f"Absent: {TERMS['absent']} Unsure: {TERMS['unsure']} Neutral: {TERMS['neutral']}",
    )
    rows = context.board.ask(quality.doubt, context.filters)
    rows = rows[rows["target"] == context.target]
    picture = Picture(
        key="doubt",
        heading=f"Toward {context.named(context.target)}, per outlet",
        under="Click a bar to read.",
        specs=[others.doubt(rows, context.palette)],
        data=rows,
        languages=context.unmeasured(),
    )

    def picked(point: str) -> None:
        kind, _, outlet = point.partition(":")
        how = {"absent": "1"} if kind == "absent" else {"order": "unsure"}
        go("read", target=context.target, source=outlet, **how)

    figure(context, picture, picked)


def _model(context: Context, drawn: Drawings, labels: Labels) -> None:
    st.subheader("How good the model is", help=TERMS["f1"])
    st.caption(f"Scores here were made by: {', '.join(context.board.ask(quality.scorers))}", help=TERMS["scorer"])
    left, right = st.columns(2, gap="large")
    found = cards.shipped()
    with left:
        for name, card in found.items():
            block("<b class='st-head'>Card of the shipped model “{name}”</b>", name=name)
            st.dataframe(
                cards.figures(card)[["what", "value", "on"]],
                hide_index=True,
                column_config={
                    "what": st.column_config.TextColumn("Measured", help=TERMS["f1"], width=190),
                    "on": st.column_config.TextColumn("On", help="File of labelled paragraphs.", width="small"),
                    "value": st.column_config.TextColumn("Value (interval)", help=TERMS["interval"], width=140),
                },
            )
        if not found:
            st.caption("No model card is installed with this version.")
    with right:
        _calibration(context, found, drawn, labels)
        _mixed_up(context, drawn, labels)


def _mixed_up(context: Context, drawn: Drawings, labels: Labels) -> None:
    own = trust.confusion(context.board.ask(trust.errors, drawn, labels))
    known = context.board.ask(quality.confusion) if own is None else None
    st.html(pieces.caption("What it mixes up", "", ""))
    if own is not None:
        st.html(pieces.mixed_up(own.to_numpy()))
        st.caption("From human labels of this corpus, weighted so that it holds for all of it.", help=TERMS["agree"])
    elif known:
        st.html(pieces.mixed_up(known.rates))
        st.caption(f"Measured on texts that the model had not seen: {known.source}.")
    else:
        st.caption(pieces.UNMEASURED)


def _labels(context: Context, drawn: Drawings, labels: Labels) -> None:
    st.subheader("What human labels say", help=f"{TERMS['agree']} {TERMS['halve']}")
    if not labels:
        st.caption(
            "Nobody has labelled anything here. Draw a sample with `stance sample`, and label it in the view Label."
        )
        return
    st.html(pieces.caption("Polarity toward each target, all outlets and periods", "", ""))
    wholes = context.board.ask(trust.wholes, context.filters)
    st.dataframe(pieces.spoken_for(wholes, context.names), hide_index=True)
    if not wholes["labels"].any():
        st.caption("The numbers do not know of these labels yet. Make them anew with `stance estimate OUT`.")
    _agreement(context, drawn, labels)
    _drift(context, drawn, labels)


def _agreement(context: Context, drawn: Drawings, labels: Labels) -> None:
    """Show how often model and people agree, per outlet; a click lists where they do not."""
    rows = context.board.ask(trust.errors, drawn, labels)
    mine = rows[rows["target"] == context.target]
    known = mine[mine["accuracy"].notna()]
    if known.empty:
        st.caption(f"Too few labels on {context.named(context.target)} to say how often the model errs there.")
        return
    few = len(mine) - len(known)
    left_out = f"; {counted(few, 'outlet')} with too few labels left out" if few else ""
    picture = Picture(
        key="agreement",
        heading=f"How often model and people agree on {context.named(context.target)}",
        under=f"Bars are 95 % intervals{left_out}. Click a point to see where they differ.",
        specs=[others.agreement(known, context.palette)],
        data=mine,
        judged=False,
    )
    figure(context, picture, lambda point: _differences({"target": context.target, "outlet": point.partition(":")[2]}))
    _disputed(context, drawn, labels, {"target", "outlet"})


def _drift(context: Context, drawn: Drawings, labels: Labels) -> None:
    rows = context.board.ask(trust.drift, drawn, labels)
    st.html(pieces.caption("Do the labels still hold?", "", ""))
    if rows.empty:
        st.caption("No article is newer than the last labelled one.", help=TERMS["drift"])
        return
    told = trust.notable(rows)
    for row in records(told):
        st.html(pieces.drifted(row, context.named(row["target"])))
    if told.empty:
        since = f"{date.fromisoformat(rows['since'].iloc[0]):%-d %b %Y}"
        st.caption(f"Yes: since {since}, the last labelled day, it has been as sure as before.", help=TERMS["drift"])
    with st.expander("What was compared"):
        shown = rows.assign(target=rows["target"].map(context.named), sign=rows["sign"].map(SIGN))
        columns: dict[str, Any] = {"target": "Target", "sign": "What the model says"}
        for name, words in (("before", "Up to that day"), ("after", "Since"), ("change", "Change")):
            columns[name] = st.column_config.NumberColumn(words, format="percent")
        columns |= {"stories_before": "Stories up to that day", "stories_after": "Stories since"}
        st.dataframe(shown[list(columns)], hide_index=True, column_config=columns)


def _calibration(context: Context, found: Mapping[str, dict[str, Any]], drawn: Drawings, labels: Labels) -> None:
    rows, source = (
        cards.judged(drawn, labels),
        "From human labels of this corpus. Click a point to see where they differ.",
    )
    if rows.empty and found:
        name, card = next(iter(found.items()))
        rows = pd.DataFrame(card.get("reliability", []))
        source = f"From the card of the model “{name}”, for no human labels of this corpus are enough."
    st.caption("Is it as often right as it is sure?", help=TERMS["calibration"])
    if rows.empty:
        st.caption("Label a sample (view Label) to see this for your own corpus.")
        return
    picture = Picture(
        key="calibration",
        heading="Calibration",
        under=source,
        specs=[others.calibration(rows, context.palette)],
        data=rows,
        judged=False,
    )
    figure(context, picture, lambda point: _differences({"low": float(point.removeprefix("sure:"))}))
    _disputed(context, drawn, labels, {"low"})


def _differences(where: Mapping[str, object]) -> None:
    st.session_state[DIFFERENCES] = {name: value for name, value in where.items() if value != ""}


def _disputed(context: Context, drawn: Drawings, labels: Labels, by: set[str]) -> None:
    """List the paragraphs of a clicked point in which humans and the model differ, if the point tells `by`."""
    where = st.session_state.get(DIFFERENCES, {})
    if not where.keys() & by:
        return
    rows = cards.disputed(drawn, labels, where)
    st.caption(f"{counted(len(rows), 'paragraph')} of that point in which humans and the model differ:")
    named = rows.assign(
        target=rows["target"].map(context.named), **{who: rows[who].map({**STANCE, ABSENT: ABSENT}) for who in WHO}
    )
    st.dataframe(named, hide_index=True)


def _rejections(context: Context) -> None:
    st.subheader("What was rejected", help=TERMS["rejection"])
    rows = context.board.ask(quality.rejections)
    if rows.empty:
        st.caption("Nothing was rejected.")
        return
    why = rows["reason"].map(lambda reason: REASON.get(reason, reason))
    picture = Picture(
        key="rejections",
        heading=f"{counted(int(rows['inputs'].sum()), 'input')} did not become articles",
        under="Click a bar to see which.",
        specs=[others.rejections(rows.assign(why=why), context.palette)],
        data=rows,
        judged=False,
    )
    figure(context, picture, _show_reason)
    reason = st.selectbox(
        "Show the inputs rejected as",
        sorted(set(rows["reason"])),
        key="reason",
        format_func=lambda reason: f"{REASON.get(reason, reason)} ({reason})",
    )
    st.dataframe(
        context.board.ask(quality.rejected, reason),
        hide_index=True,
        column_config={
            "source": st.column_config.TextColumn("Input", width="medium"),
            "line": st.column_config.NumberColumn("Line", width=50),
            "outlet": st.column_config.TextColumn("Outlet", width="small"),
            "detail": st.column_config.TextColumn("What was wrong", width="large"),
        },
    )


def _show_reason(point: str) -> None:
    st.session_state["reason"] = point.removeprefix("reason:")


def _feeds(context: Context) -> None:
    st.subheader("Are all outlets still arriving?")
    alarms = {
        "silent": "silent: far longer than usual",
        "shrunk": "shrunk: articles much shorter than before",
        "": "none",
    }
    feeds = pd.DataFrame(context.board.ask(quality.feeds))
    feeds["alarm"] = feeds["alarm"].map(lambda word: alarms.get(word, word))
    known = ["usual_pause", "paragraphs", "usual_paragraphs"]
    feeds[known] = feeds[known].where(feeds[known] > 0)
    st.dataframe(
        feeds[["outlet", "alarm", "last", "silent_days", *known]],
        hide_index=True,
        placeholder="too few",
        column_config={
            "outlet": "Outlet",
            "alarm": "Alarm",
            "last": st.column_config.DateColumn("Newest", width=90),
            "silent_days": st.column_config.NumberColumn("Days since", help="Until the newest article of any outlet."),
            "usual_pause": st.column_config.NumberColumn("Usual pause (days)", format="%.0f", help=TERMS["pause"]),
            "paragraphs": st.column_config.NumberColumn(
                "Length now", format="%.0f", help="Paragraphs of its newest articles, the middle one of ten."
            ),
            "usual_paragraphs": st.column_config.NumberColumn(
                "Length usually", format="%.0f", help="Paragraphs of its articles before those, the middle one."
            ),
        },
    )


def _runs(context: Context) -> None:
    st.subheader("Runs that made this", help="Which inputs, catalogue and model stand behind the numbers.")
    runs = context.board.ask(quality.runs)
    told = {record["run"]: record for record in map(json.loads, runs["record"])}
    counts = pd.DataFrame(
        [
            {name: record.get("counts", {}).get(name) for name in ("articles", "scored", "rejections")}
            for record in told.values()
        ]
    )
    started = pd.to_datetime(runs["started"], format="ISO8601", utc=True)
    st.dataframe(
        pd.concat([started, runs[["seconds"]], counts, runs[["run", "version"]]], axis=1),
        hide_index=True,
        column_config={
            "started": st.column_config.DatetimeColumn("Started (UTC)", format="D MMM YYYY, HH:mm", timezone="UTC"),
            "seconds": st.column_config.NumberColumn("Seconds", format="%.0f"),
            "articles": "Articles",
            "scored": st.column_config.NumberColumn("Pairs scored", help=TERMS["pair"]),
            "rejections": "Rejected",
            "run": "Run",
            "version": "Version",
        },
    )
    with st.expander("The full record of a run: inputs, settings, versions, why numbers moved"):
        run = st.selectbox("Run", list(told), key="run")
        if run is not None:
            st.json(told[run], expanded=1)
