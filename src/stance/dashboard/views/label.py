"""The queue of drawn paragraphs, to be labelled by hand; each label is saved at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from stance.annotate import folder
from stance.annotate.agreement import agreement, conflicts
from stance.annotate.records import ABSENT, STANCES, Drawn, Label
from stance.dashboard import markup
from stance.dashboard.page import Context, block, empty, steps
from stance.dashboard.words import STANCE, TERMS, counted
from stance.errors import StanceError

KEYS = {"against": "1", "neutral": "2", "favor": "3", ABSENT: "0"}
"""Keyboard keys of the labels."""
AUTHOR_KEYS = {"against": "Q", "neutral": "W", "favor": "E"}
BUTTON = 165
"""Width of an answer in pixels: two fit beside each other on a telephone."""
NAME = 40
"""Longest name of an annotator, in characters."""


def show(context: Context) -> None:
    """Draw the view."""
    st.subheader("Label")
    if not context.labels:
        empty(
            "This output lies in an object store.",
            'Labels need a folder of this machine: name it in stance.toml (`labels = "labels"`), then `stance run`.',
        )
        return
    place = Path(context.labels)
    try:
        drawn, labels = folder.sample(place), folder.labels(place)
    except StanceError as error:
        st.error("The label files cannot be read.")
        block("<div class='st-meta'>{error}</div>", error=error)
        return
    if not drawn:
        empty("No paragraphs have been drawn yet.", "Draw some with: `stance sample OUT --n 200 --to labels.csv`.")
        return
    annotator = st.text_input(
        "Your name",
        key="annotator",
        bind="query-params",
        max_chars=NAME,
        placeholder="so that your labels are kept apart from others'",
    ).strip()
    if annotator:
        mine = {label.key: label for label in labels if label.annotator == annotator}
        _queue(context, place, drawn, mine, annotator)
    else:
        st.info("Give your name to begin. You can stop at any time and go on later.")
    _agreement(context, drawn, labels)


def _queue(
    context: Context, place: Path, drawn: Sequence[Drawn], mine: dict[tuple[str, str], Label], annotator: str
) -> None:
    done = sum(item.key in mine for item in drawn)
    st.progress(done / len(drawn), f"{done} of {counted(len(drawn), 'paragraph')} labelled")
    at = _at(drawn, mine)
    item = drawn[at]
    _paragraph(item, context.named(item.target))
    _answers(place, item, mine.get(item.key), annotator)
    steps(("Back", "Skip"), at, len(drawn), _move)


def _at(drawn: Sequence[Drawn], mine: dict[tuple[str, str], Label]) -> int:
    """Where the annotator stands: where he moved to, else at the first paragraph he has not labelled."""
    asked = st.session_state.get("label-at")
    if asked is not None:
        return int(min(max(asked, 0), len(drawn) - 1))
    return next((at for at, item in enumerate(drawn) if item.key not in mine), len(drawn) - 1)


def _move(to: int) -> None:
    st.session_state["label-at"] = to


def _paragraph(item: Drawn, target: str) -> None:
    """Show the text without the model's opinion, which would pull the annotator along."""
    block(
        "<div class='st-meta'>{outlet} · {day}</div><div class='st-headline' dir='auto'>{title}</div>",
        outlet=item.outlet,
        day=item.published or "undated",
        title=item.title,
    )
    st.html(f"<div class='st-prose' dir='auto'>{markup.marked(item.text, ())}</div>")
    block(
        "<div style='margin-top:.6rem'>What does this paragraph convey toward <b>{target}</b>?</div>",
        target=target,
    )


def _answers(place: Path, item: Drawn, known: Label | None, annotator: str) -> None:
    _choice("label", KEYS, known.overall if known else "", partial(_save, place, item, known, annotator))
    if known is None:
        st.caption("First the paragraph as a whole. Its voices can be told afterwards.")
        return
    st.caption("Voice, if you want to tell it: the outlet's own words are")
    _choice("author", AUTHOR_KEYS, known.author, lambda word: _amend(place, replace(known, author=word)))
    _speakers(place, item, known)


def _choice(name: str, keys: Mapping[str, str], chosen: str, press: Callable[[str], None]) -> None:
    """Draw a row of answers, each with its keyboard key; `press` is called with the one taken."""
    with st.container(horizontal=True, gap="small"):
        for word, key in keys.items():
            st.button(
                STANCE.get(word, word).capitalize(),
                key=f"{name}-{word}",
                shortcut=key,
                width=BUTTON,
                type="primary" if word == chosen else "secondary",
                on_click=press,
                args=(word,),
                help=TERMS.get(word),
            )


def _speakers(place: Path, item: Drawn, known: Label) -> None:
    """Take down who is reported with which stance."""
    said = ", ".join(f"{speaker} ({STANCE[stance]})" for speaker, stance in known.reported or ()) or "nobody yet"
    with st.expander("People it quotes with a stance", expanded=bool(known.reported)):
        block("<div class='st-meta'>{said}</div>", said=said)
        with st.form(f"speaker-{item.paragraph_id}-{item.target}", clear_on_submit=True, border=False):
            name = st.text_input("Speaker, as named in the text").strip()
            stance = st.radio("Stance", STANCES, format_func=STANCE.__getitem__, horizontal=True)
            if st.form_submit_button("Add") and name:
                _amend(place, replace(known, reported=(*(known.reported or ()), (name, stance))))
                st.rerun()
        if known.reported:
            st.button("Clear speakers", on_click=_amend, args=(place, replace(known, reported=())))


def _save(place: Path, item: Drawn, known: Label | None, annotator: str, word: str) -> None:
    """Save a label and stay, so that voices can be told; a second press of the same label goes on."""
    if known and known.overall == word:
        st.session_state.pop("label-at", None)
        return
    base = known or Label(paragraph_id=item.paragraph_id, target=item.target, annotator=annotator, overall=word)
    _amend(place, replace(base, overall=word))


def _amend(place: Path, label: Label) -> None:
    folder.append(place, replace(label, time=datetime.now(UTC).isoformat(timespec="seconds")))


def _agreement(context: Context, drawn: Sequence[Drawn], labels: Sequence[Label]) -> None:
    if len({label.annotator for label in labels}) < 2:
        st.caption("Agreement is shown as soon as two people have labelled the same paragraphs.")
        return
    st.subheader(
        "Agreement",
        help=TERMS["alpha"],
    )
    rows = [
        {
            "target": context.named(one.target) if one.target else "all together",
            "alpha": one.alpha,
            "same": None if one.same is None else 100 * one.same,
            "paragraphs": one.pairs,
            "annotators": one.annotators,
        }
        for one in agreement(labels)
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={
            "target": "Target",
            "alpha": st.column_config.NumberColumn("Agreement (alpha)", format="%.2f", help=TERMS["alpha"]),
            "paragraphs": "Paragraphs",
            "annotators": "Annotators",
            "same": st.column_config.NumberColumn("All agree", format="%.0f %%"),
        },
    )
    different = conflicts(labels)
    if different:
        st.caption(f"{counted(len(different), 'paragraph')} in conflict:")
        said = {**STANCE, ABSENT: ABSENT}
        texts = {item.key: item.text for item in drawn}
        table = [
            {"target": context.named(group[0].target)}
            | {label.annotator: said[label.overall] for label in group}
            | {"paragraph": texts.get(group[0].key, group[0].paragraph_id)}
            for group in different
        ]
        st.dataframe(
            pd.DataFrame(table),
            hide_index=True,
            column_config={"target": "Target", "paragraph": st.column_config.TextColumn("Paragraph", width="large")},
        )
