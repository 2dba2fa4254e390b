"""How far the numbers can be trusted, and where they come from."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from stance.annotate import folder
from stance.dashboard import cards
from stance.dashboard.charts import others
from stance.dashboard.markup import filled
from stance.dashboard.page import Context, block, empty, figure
from stance.dashboard.queries import quality
from stance.dashboard.words import TERMS, counted
from stance.errors import StanceError


def show(context: Context) -> None:
    """Draw the view."""
    _doubt(context)
    _model(context)
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
    title = filled(
        "<div class='st-meta'>Toward <b>{target}</b>, per outlet</div>", target=context.named(context.target)
    )
    figure(title, [others.doubt(rows, context.palette)], "doubt", rows, context.palette)


def _model(context: Context) -> None:
    st.subheader("How good the model is")
    st.caption(f"Scores here were made by: {', '.join(context.board.ask(quality.scorers))}")
    left, right = st.columns(2, gap="large")
    found = cards.shipped()
    with left:
        for name, card in found.items():
            st.markdown(f"Model card of the shipped model `{name}`")
            st.dataframe(pd.DataFrame(card["figures"]), hide_index=True)
        if not found:
            st.caption("No model card is installed with this version.")
    with right:
        _calibration(context, found)


def _calibration(context: Context, found: Mapping[str, dict[str, Any]]) -> None:
    rows, source = _judged(context), "human labels of this corpus"
    if rows.empty and found:
        name, card = next(iter(found.items()))
        rows, source = pd.DataFrame(card.get("reliability", [])), f"the card of the model {name}"
    st.caption("Is it as often right as it is sure?", help=TERMS["calibration"])
    if rows.empty:
        st.caption("Label a sample (view Label) to see this for your own corpus.")
        return
    title = filled("<div class='st-meta'>From {source}</div>", source=source)
    figure(title, [others.calibration(rows, context.palette)], "calibration", rows, context.palette)


def _judged(context: Context) -> pd.DataFrame:
    if not context.labels:
        return pd.DataFrame()
    try:
        return cards.judged(folder.sample(Path(context.labels)), folder.labels(Path(context.labels)))
    except StanceError as error:
        block("<div class='st-warn'>The labels cannot be read: {error}</div>", error=error)
        return pd.DataFrame()


def _rejections(context: Context) -> None:
    st.subheader("What was rejected", help=TERMS["rejection"])
    rows = context.board.ask(quality.rejections)
    if rows.empty:
        st.caption("Nothing was rejected.")
        return
    total = counted(int(rows["inputs"].sum()), "input")
    title = filled("<div class='st-meta'>{total} did not become articles</div>", total=total)
    figure(title, [others.rejections(rows, context.palette)], "rejections", rows, context.palette)
    reason = st.selectbox("Show the inputs rejected as", sorted(set(rows["reason"])), key="reason")
    st.dataframe(context.board.ask(quality.rejected, reason), hide_index=True)


def _feeds(context: Context) -> None:
    st.subheader("Are all outlets still arriving?")
    alarms = {"silent": "silent: far longer than usual", "shrunk": "shrunk: articles much shorter than before", "": ""}
    feeds = pd.DataFrame(context.board.ask(quality.feeds))
    feeds["alarm"] = feeds["alarm"].map(lambda word: alarms.get(word, word))
    st.dataframe(
        feeds[["outlet", "alarm", "last", "silent_days", "usual_pause", "paragraphs", "usual_paragraphs"]],
        hide_index=True,
        column_config={
            "outlet": "Outlet",
            "alarm": "Alarm",
            "last": "Newest article",
            "silent_days": "Days since",
            "usual_pause": st.column_config.NumberColumn("Usual pause (days)", format="%.0f", help=TERMS["pause"]),
            "paragraphs": st.column_config.NumberColumn("Paragraphs now", format="%.0f"),
            "usual_paragraphs": st.column_config.NumberColumn("Paragraphs usually", format="%.0f"),
        },
    )


def _runs(context: Context) -> None:
    st.subheader("Runs that made this", help="Which inputs, catalogue and model stand behind the numbers.")
    runs = context.board.ask(quality.runs)
    records = {record["run"]: record for record in map(json.loads, runs["record"])}
    counts = pd.DataFrame(
        [
            {name: record.get("counts", {}).get(name) for name in ("articles", "scored", "rejections")}
            for record in records.values()
        ]
    )
    st.dataframe(
        pd.concat([runs[["generation", "run", "started", "seconds", "host", "version"]], counts], axis=1),
        hide_index=True,
        column_config={"seconds": st.column_config.NumberColumn("seconds", format="%.1f")},
    )
    run = st.selectbox("Lineage of run", list(records), key="run")
    if run is None:
        empty("There is no run.", "")
        return
    st.json(records[run], expanded=1)
