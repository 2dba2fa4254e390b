"""What all views share: the reader's choices, links between views, and blocks of HTML, charts and downloads.

What belongs here: Streamlit pieces used by more than one view. What does not: a view, a question, a chart.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, get_args

import pandas as pd
import streamlit as st

from stance.annotate.records import Drawn, Label
from stance.dashboard import cards, pieces
from stance.dashboard.board import Board
from stance.dashboard.charts import Spec, files
from stance.dashboard.charts.look import POINT, Domain, Palette
from stance.dashboard.charts.trends import event_key
from stance.dashboard.events import Event
from stance.dashboard.filters import Filters, Length
from stance.dashboard.markup import filled
from stance.dashboard.queries import articles, trends
from stance.dashboard.queries.reading import Order
from stance.dashboard.words import TERMS, choice
from stance.errors import StanceError

READING = ("article", "holder", "source", "start", "end", "order", "hit", "absent")
"""Keys of the address that narrow the Read view: article id, voice, outlet, first and last day, order, place, and
whether articles that never mention the target are asked for."""
VISIT: Final = "visit"
"""Key of the session that counts how often a view was opened from another: charts start anew, without an old click."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a view draws from."""

    board: Board
    filters: Filters
    target: str
    choices: Mapping[str, list[str]]
    events: tuple[Event, ...]
    domain: Domain
    palette: Palette
    names: Mapping[str, str]
    """Targets' names as a person would say them, by id; see `named`."""
    labels: str
    """Folder of label files, '' where there is none on this machine."""
    smooth: bool
    """Whether trends are to be drawn with a smooth line."""

    def named(self, target: str) -> str:
        """Return a target's name; its id if no run told one."""
        return self.names.get(target, target)

    def trend(self, filters: Filters, target: str = "") -> pd.DataFrame:
        """Return the trend of a target, or of all, by period, smoothed if that is asked for."""
        if self.smooth:
            return self.board.ask(trends.smoothed, filters, target)
        return self.board.ask(trends.trend, filters, ("target", "period"), target)

    def human(self) -> tuple[tuple[Drawn, ...], tuple[Label, ...]]:
        """Return what was drawn to be labelled and what was said of it; nothing, and a warning, if that is damaged."""
        try:
            return cards.human(self.labels)
        except StanceError as error:
            block("<div class='st-warn'>The labels cannot be read: {error}</div>", error=error)
            return (), ()

    def unmeasured(self, outlet: str = "") -> tuple[str, ...]:
        """Return the chosen languages without a measured error rate, of one outlet or of all."""
        rows = self.board.ask(articles.unmeasured, self.filters)
        return tuple(sorted(set(rows["language"] if not outlet else rows.loc[rows["outlet"] == outlet, "language"])))


def go(view: str, **state: Any) -> None:  # noqa: ANN401 - values of widgets
    """Open a view; for callbacks. Keys of `READING` narrow the Read view, others are choices of sidebar or view."""
    st.session_state["view"] = view.capitalize()
    st.session_state[VISIT] = st.session_state.get(VISIT, 0) + 1
    for key in READING:
        if key in state:
            st.query_params[key] = state[key]
        elif key in st.query_params:
            del st.query_params[key]
    for key, value in state.items():
        if key not in READING:
            st.session_state[key] = value


def follow(context: Context, point: str, target: str, outlet: str = "") -> None:
    """Open what stands behind a clicked mark of a trend.

    Args:
        context: the view's.
        point: the mark's `POINT`, such as `period:2025-01-06`.
        target: what the trend is toward.
        outlet: whose trend it is, '' for all together.
    """
    kind, _, value = point.partition(":")
    source = {"source": outlet} if outlet else {}
    if kind == "article":
        go("read", target=target, article=value)
    elif kind == "event":
        go("compare", compare="event", event=int(value) - 1)
    else:
        first = date.fromisoformat(value)
        how = {"absent": "1"} if kind == "absent" else {"order": kind} if kind in get_args(Order) else {}
        go("read", target=target, start=value, end=str(period_end(first, context.filters.by)), **source, **how)


def period_end(first: date, by: Length) -> date:
    """Return the last day of a period."""
    if by == "month":
        return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first + timedelta(days=6 if by == "week" else 0)


def block(template: str, **values: object) -> None:
    """Show an HTML template with escaped values."""
    st.html(filled(template, **values))


def steps(words: tuple[str, str], at: int, count: int, move: Callable[[int], None], shown: str = "") -> None:
    """Draw the buttons to the place before and after, which the arrow keys press too.

    Args:
        words: on the two buttons.
        at: where the reader is, from 0.
        count: how many places there are.
        move: called with the place to go to.
        shown: a line between them.
    """
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
        st.button(
            words[0],
            icon=":material/chevron_left:",
            disabled=at == 0,
            on_click=move,
            args=(at - 1,),
            shortcut="Left",
        )
        if shown:
            st.html(filled("<div class='st-place'>{shown}</div>", shown=shown), width="content")
        st.button(
            words[1],
            icon=":material/chevron_right:",
            icon_position="right",
            disabled=at == count - 1,
            on_click=move,
            args=(at + 1,),
            shortcut="Right",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A chart, or several that belong together, with its words."""

    key: str
    """Stable name on the page, and of the files."""
    heading: str
    under: str = ""
    """A line under the heading."""
    foot: str = ""
    """A line under the charts."""
    specs: Sequence[Spec]
    data: pd.DataFrame
    """The numbers under the charts; a column `corrected` says which are corrected by human labels."""
    languages: Sequence[str] = ()
    """Languages in it without a measured error rate."""
    judged: bool = True
    """Whether its numbers are the model's judgements, which human labels may have corrected."""

    @property
    def uncorrected(self) -> bool:
        """Whether any number comes from the model alone."""
        return self.judged and pieces.uncorrected(self.data)


def figure(context: Context, picture: Picture, picked: Callable[[str], None] | None = None) -> None:
    """Show a picture with its downloads beside the heading.

    Args:
        context: the view's.
        picture: what to show.
        picked: called with the `POINT` of a mark when a reader clicks one.
    """
    with st.container(
        horizontal=True, vertical_alignment="top", horizontal_alignment="distribute", gap="small", wrap=False
    ):
        st.html(pieces.caption(picture.heading, picture.under, pieces.tags(picture.uncorrected, picture.languages)))
        _downloads(context, picture)
    with st.container(gap=None):
        for place, spec in enumerate(picture.specs):
            key = f"{picture.key}-{place}-{st.session_state.get(VISIT, 0)}"
            if picked is None or POINT not in pieces.selections(spec):
                st.vega_lite_chart(spec, theme=None, key=key)
            else:
                _clickable(spec, key, picked)
        if picture.foot:
            block("<div class='st-meta'>{foot}</div>", foot=picture.foot)


def _clickable(spec: Spec, key: str, picked: Callable[[str], None]) -> None:
    def clicked() -> None:
        points = st.session_state[key].selection.get(POINT) or [{}]
        if point := points[0].get(POINT):  # a click on anything else selects nothing
            picked(str(point))

    st.vega_lite_chart(spec, theme=None, key=key, on_select=clicked)


def _downloads(context: Context, picture: Picture) -> None:
    said = files.Caption(picture.heading, tuple(_notes(context, picture)))
    kinds: tuple[tuple[str, str, str, Callable[[], bytes]], ...] = (
        ("Picture (PNG)", "png", "image/png", lambda: files.png(picture.specs, context.palette, said)),
        ("Drawing (SVG)", "svg", "image/svg+xml", lambda: files.svg(picture.specs, context.palette, said)),
        ("Data (CSV)", "csv", "text/csv", lambda: files.csv(picture.data)),
    )
    with st.popover("", icon=":material/download:", help="Download this chart or its data", type="tertiary"):
        for words, end, mime, make in kinds:
            name = f"{picture.key}.{end}"
            st.download_button(words, make, name, mime, key=f"{picture.key}-{end}", on_click="ignore")


def _notes(context: Context, picture: Picture) -> list[str]:
    """What must stand on a picture that leaves the page."""
    notes = [picture.under, picture.foot, choice(context.filters)]
    notes += [f"Uncorrected: {TERMS['uncorrected']}"] if picture.uncorrected else []
    notes += [f"{', '.join(picture.languages)}: {TERMS['unvalidated']}"] if picture.languages else []
    return [note for note in [*notes, event_key(context.events, context.domain)] if note]


def empty(what: str, remedy: str) -> None:
    """Say that there is nothing to show, and what to do."""
    st.info(f"**{what}** {remedy}", icon=":material/search_off:")
