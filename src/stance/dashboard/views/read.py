"""The paragraphs behind a number, one at a time: text with its marks, who says it, how sure the model is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, cast, get_args

import pandas as pd
import streamlit as st

from stance.dashboard import pieces
from stance.dashboard.filters import VOICES
from stance.dashboard.page import READING, Context, block, empty, steps
from stance.dashboard.queries import articles, reading, records
from stance.dashboard.words import STANCE, TERMS, VOICE, counted

ORDERS: dict[reading.Order, str] = {
    "against": "Most against first",
    "favor": "Most in favour first",
    "neutral": "Most neutral first",
    "unsure": "Where the model is unsure",
    "newest": "Newest first",
}


def show(context: Context) -> None:
    """Draw the view."""
    left, right = st.columns([3, 2], vertical_alignment="center", gap="large")
    with right:
        selection = chosen(context, _order())
    with left:
        _narrowed(context, selection)
    if st.query_params.get("absent"):
        _silent(context, selection)
        return
    hits = context.board.ask(reading.ranked, selection)
    if hits.empty:
        empty("No paragraph here.", "Remove a narrowing above, or widen the choices on the left.")
        return
    place = _place(len(hits))
    count, found = len(hits), int(hits["found"].iloc[0])
    more = f" (the first {count} are listed)" if found > count else ""
    steps(("Previous", "Next"), place, count, _step, f"Paragraph {place + 1} of {found:,}{more}")
    _paragraph(context, records(_told(context, hits.iloc[[place]]))[0])
    if st.toggle(f"Show {counted(len(hits), 'paragraph')} as a list", key="as-list"):
        _list(_told(context, hits), place)


def _told(context: Context, hits: pd.DataFrame) -> pd.DataFrame:
    return reading.with_texts(hits, context.board.ask(reading.texts, reading.places(hits)))


def chosen(context: Context, order: reading.Order) -> reading.Selection:
    """Return the selection that the page's address asks for."""
    asked = {key: st.query_params.get(key, "") for key in READING}
    filters = context.filters
    if asked["source"] in context.choices["outlets"]:
        filters = replace(filters, outlets=(asked["source"],))
    since, until = _day(asked["start"]), _day(asked["end"])
    filters = replace(
        filters,
        since=max(filter(None, (since, filters.since)), default=None),
        until=min(filter(None, (until, filters.until)), default=None),
    )
    return reading.Selection(
        filters=filters, target=context.target, article=asked["article"], holder=asked["holder"], order=order
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _order() -> reading.Order:
    asked = st.query_params.get("order", "against")
    known = get_args(reading.Order)
    picked = st.selectbox(
        "Order",
        known,
        known.index(asked) if asked in known else 0,
        format_func=lambda word: ORDERS[word],
        label_visibility="collapsed",
        key="order-box",
        on_change=_reorder,
    )
    return cast("reading.Order", picked)


def _reorder() -> None:
    st.query_params["order"] = st.session_state["order-box"]
    st.query_params.pop("hit", None)


def _narrowed(context: Context, selection: reading.Selection) -> None:
    """Say what narrows the list, and offer to take it away."""
    asked = {key: st.query_params.get(key, "") for key in ("source", "start", "end", "article", "holder")}
    parts = [
        asked["source"],
        "articles that never mention it" if st.query_params.get("absent") else "",
        "one article" if asked["article"] else "",
        f"words of {asked['holder']}" if asked["holder"] else "",
    ]
    parts += [f"from {asked['start']}" if asked["start"] else "", f"to {asked['end']}" if asked["end"] else ""]
    said = " · ".join(filter(None, parts))
    block(
        "<div class='st-meta'>Toward <b>{target}</b>, {voice}{said}</div>",
        target=context.named(context.target),
        voice=VOICE[selection.filters.voice].lower(),
        said=f" · {said}" if said else "",
    )
    if said:
        st.button("Show all paragraphs", icon=":material/close:", type="tertiary", on_click=_widen)


def _silent(context: Context, selection: reading.Selection) -> None:
    """List articles that never mention the target."""
    rows = context.board.ask(articles.silent, selection.filters, selection.target)
    if rows.empty:
        empty("Every article here mentions it.", "")
        return
    found, name = int(rows["found"].iloc[0]), context.named(selection.target)
    more = f"; the newest {len(rows)} are listed" if found > len(rows) else ""
    block(
        "<div><b>{found}</b> never mention {name}{more}. {why}</div>",
        found=counted(found, "article"),
        name=name,
        more=more,
        why=TERMS["absent"],
    )
    st.html("".join(f"<div class='st-item'>{pieces.heading(row)}</div>" for row in records(rows)))


def _widen() -> None:
    for key in READING:
        st.query_params.pop(key, None)


def _place(count: int) -> int:
    asked = st.query_params.get("hit", "1")
    return min(max(int(asked) if asked.isdigit() else 1, 1), count) - 1


def _step(to: int) -> None:
    st.query_params["hit"] = str(to + 1)


def _paragraph(context: Context, hit: Mapping[str, Any]) -> None:
    voices = context.board.ask(reading.opinions, hit["paragraph_id"], hit["target"], hit["month"])
    near = context.board.ask(reading.around, hit["article_id"], int(hit["index"]), hit["month"])
    around = near.set_index("index")["text"]
    before, after = (around.get(hit["index"] + step) for step in (-1, 1))
    wide, narrow = st.columns([3, 2], gap="large")
    with wide:
        st.html(pieces.heading(hit))
        if not hit["language_validated"]:
            block("<div class='st-warn'>Language {code}: {why}</div>", code=hit["language"], why=TERMS["unvalidated"])
        _around(before)
        st.html(pieces.prose(hit, voices))
        _around(after)
        st.html(pieces.TEXT_LEGEND)
    with narrow:
        _judgement(context, hit, voices)


def _around(text: str | None) -> None:
    if text:
        block("<div class='st-around' dir='auto'>{text}</div>", text=text)


def _judgement(context: Context, hit: Mapping[str, Any], voices: pd.DataFrame) -> None:
    heads = [head for head in VOICES if head != "reported" or hit["reported_speech"]]
    bars = [pieces.bar(VOICE[head], [float(hit[f"{head}_{stance}"]) for stance in STANCE]) for head in heads]
    st.html(pieces.verdict(hit, context.named(hit["target"])) + "".join(bars))
    spoken = records(voices[voices["holder"] != "author"])
    if spoken:
        st.html("<div class='st-barname'><b>Who says it</b></div>" + "".join(map(pieces.speaker, spoken)))


def _list(hits: pd.DataFrame, place: int) -> None:
    evidence = [
        text[start:end]
        for text, start, end in zip(hits["text"], hits["evidence_start"], hits["evidence_end"], strict=True)
    ]
    table = hits[["day", "outlet", "title", "label", "confidence", "unsure"]].assign(
        label=hits["label"].map(STANCE), day=hits["day"].dt.date, evidence=evidence
    )
    picked = st.dataframe(
        table,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key="hit-list",
        column_config={
            "day": "Date",
            "outlet": "Outlet",
            "title": "Headline",
            "label": "Stance",
            "unsure": st.column_config.CheckboxColumn("Unsure", help=TERMS["unsure"]),
            "confidence": st.column_config.NumberColumn("Confidence", format="percent"),
            "evidence": st.column_config.TextColumn("Evidence", help=TERMS["evidence"], width="large"),
        },
    )
    rows = picked.selection.rows
    if rows and rows[0] != place:
        _step(rows[0])
        st.rerun()
