"""The live board: `streamlit run` this file, as `launch` does. Only places the views; see `queries` and `charts`."""

import os
from pathlib import Path

import streamlit as st

from stance.dashboard import cards, events, gate, pieces, prepared, sidebar
from stance.dashboard.board import Board
from stance.dashboard.charts.look import DARK, LIGHT, Palette
from stance.dashboard.charts.trends import default_domain
from stance.dashboard.filters import Filters
from stance.dashboard.page import Context, block, empty
from stance.dashboard.queries import articles
from stance.dashboard.queries import quality as quality_questions
from stance.dashboard.server import EVENTS, OUT
from stance.dashboard.views import compare, label, overview, quality, read, voices
from stance.dashboard.words import TERMS, counted
from stance.errors import StanceError

VIEWS = {"Overview": overview, "Voices": voices, "Read": read, "Compare": compare, "Quality": quality, "Label": label}
STYLE = "".join(Path(__file__).with_name(name).read_text("utf-8") for name in ("style.css", "board.css"))
ICON = Path(__file__).with_name("icon.svg")


@st.cache_resource(show_spinner=False)
def board(out: str) -> Board:
    """Return the one board of this process."""
    return Board(out)


def main() -> None:
    """Draw the page."""
    st.set_page_config(page_title="stance", page_icon=str(ICON), layout="wide")
    palette = DARK if st.context.theme.type == "dark" else LIGHT
    colours = "".join(
        f"--st-{name}: {colour};" for name, colour in zip(("against", "neutral", "favor"), palette.stances, strict=True)
    )
    st.html(f"<style>:root {{{colours}}} {STYLE}</style>")
    if not gate.passed():
        return
    out = os.environ.get(OUT, "")
    try:
        _page(board(out), out, palette)
    except StanceError as error:
        _failed(error)


def _page(source: Board, out: str, palette: Palette) -> None:
    choices = source.ask(articles.choices)
    if not choices["targets"]:
        empty("No paragraph here names a target.", "Check the catalogue with: `stance targets check FILE INPUT`.")
        return
    facts = source.ask(articles.facts, Filters())
    st.html("<div class='st-brand'>Who is for and against whom</div>")
    view = st.segmented_control(
        "View",
        list(VIEWS),
        default="Overview",
        key="view",
        bind="query-params",
        label_visibility="collapsed",
        required=True,
    )
    names = source.ask(quality_questions.names)
    small = not prepared.is_large(source.snapshot)  # with many articles a period needs no help of its neighbours
    target, filters, smooth = sidebar.choose(choices, names, facts.first, facts.last, smooth=small)
    _headline(facts, choices)
    marks = events.read(Path(os.environ[EVENTS])) if os.environ.get(EVENTS) else events.beside(out)
    domain = default_domain(facts.first, facts.last, filters)
    labels = cards.labels_in(out, source.ask(quality_questions.labels_folder))
    chosen = Context(source, filters, target, choices, marks, domain, palette, names, labels=labels, smooth=smooth)
    VIEWS[view or "Overview"].show(chosen)
    with st.expander("What the words mean", icon=":material/help:"):
        st.html(pieces.glossary())


def _headline(facts: articles.Facts, choices: dict[str, list[str]]) -> None:
    span = "" if facts.first is None else f" · {facts.first:%-d %b %Y} to {facts.last:%-d %b %Y}"
    undated = f" · {facts.undated} undated, in no trend" if facts.undated else ""
    block(
        "<div class='st-meta'>{articles} · {outlets} · {stories}{span}{undated}</div>",
        articles=counted(facts.articles, "article"),
        outlets=counted(facts.outlets, "outlet"),
        stories=counted(facts.stories, "story"),
        span=span,
        undated=undated,
    )
    if choices["unvalidated"]:
        block(
            "<div class='st-warn'>Some articles are in {codes}. {why}</div>",
            codes=", ".join(choices["unvalidated"]),
            why=TERMS["unvalidated"],
        )


def _failed(error: StanceError) -> None:
    st.error("The output cannot be shown.", icon=":material/error:")
    block("<div class='st-meta'>{error}</div>", error=error)
    st.button("Try again", icon=":material/refresh:")


main()
