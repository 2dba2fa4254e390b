"""What all views share: the reader's choices, links between views, and blocks of HTML, charts and downloads.

What belongs here: Streamlit pieces used by more than one view. What does not: a view, a question, a chart.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from stance.dashboard.board import Board
from stance.dashboard.charts import Spec, files
from stance.dashboard.charts.look import Domain, Palette
from stance.dashboard.events import Event
from stance.dashboard.filters import Filters
from stance.dashboard.markup import filled

READING = ("article", "holder", "source", "start", "end", "order", "hit")
"""Keys of the address that narrow the Read view: article id, voice, outlet, first and last day, order, place."""


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
    """Folder of label files, '' where the output is not a local folder."""

    def named(self, target: str) -> str:
        """Return a target's name; its id if no run told one."""
        return self.names.get(target, target)


def go(view: str, **state: str) -> None:
    """Open a view; for callbacks. Keys of `READING` narrow the Read view, others are the sidebar's choices."""
    st.session_state["view"] = view.capitalize()
    for key in READING:
        if key in state:
            st.query_params[key] = state[key]
        elif key in st.query_params:
            del st.query_params[key]
    for key, value in state.items():
        if key not in READING:
            st.session_state[key] = value


def block(template: str, **values: object) -> None:
    """Show an HTML template with escaped values."""
    st.html(filled(template, **values))


def figure(
    title: str,
    charts: Sequence[Spec],
    key: str,
    data: pd.DataFrame,
    palette: Palette,
    picked: Callable[[Mapping[str, Any]], None] | None = None,
) -> None:
    """Show charts one under the other, with their downloads beside the title.

    Args:
        title: HTML, escaped.
        charts: finished charts.
        key: stable name on the page, and of the files.
        data: the numbers under the charts.
        palette: the charts' colours.
        picked: called with the first picked point (its fields by name) when a reader clicks one in the first chart.
    """
    with st.container(horizontal=True, vertical_alignment="top", horizontal_alignment="distribute", gap="small"):
        st.html(title)
        _downloads(charts, key, data, palette)
    with st.container(gap=None):
        if picked is None:
            st.vega_lite_chart(charts[0], theme=None, key=key)
        else:
            st.vega_lite_chart(charts[0], theme=None, key=key, on_select=lambda: _forward(key, picked))
        for place, chart in enumerate(charts[1:], 1):
            st.vega_lite_chart(chart, theme=None, key=f"{key}-{place}")


def _downloads(charts: Sequence[Spec], key: str, data: pd.DataFrame, palette: Palette) -> None:
    kinds: tuple[tuple[str, str, str, Callable[[], bytes]], ...] = (
        ("Picture (PNG)", "png", "image/png", lambda: files.png(charts, palette)),
        ("Drawing (SVG)", "svg", "image/svg+xml", lambda: files.svg(charts, palette)),
        ("Data (CSV)", "csv", "text/csv", lambda: files.csv(data)),
    )
    with st.popover("", icon=":material/download:", help="Download this chart or its data", type="tertiary"):
        for words, end, mime, make in kinds:
            st.download_button(words, make, f"{key}.{end}", mime, key=f"{key}-{end}", on_click="ignore")


def _forward(key: str, picked: Callable[[Mapping[str, Any]], None]) -> None:
    for chosen in st.session_state[key].selection.values():
        if chosen:
            picked(chosen[0])
            return


def empty(what: str, remedy: str) -> None:
    """Say that there is nothing to show, and what to do."""
    st.info(f"**{what}** {remedy}", icon=":material/search_off:")
