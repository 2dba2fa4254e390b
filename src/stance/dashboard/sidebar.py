"""The reader's choices, on the left; each stands in the page's address, so that a view can be sent to a colleague."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from stance.dashboard import gate
from stance.dashboard.filters import COUNTINGS, LENGTHS, VOICES, Filters
from stance.dashboard.words import COUNTING, LENGTH, TERMS, VOICE


def choose(
    choices: Mapping[str, list[str]], names: Mapping[str, str], first: date | None, last: date | None, *, smooth: bool
) -> tuple[str, Filters, bool]:
    """Draw the choices; return the target, the filters, and whether to smooth trends (at first as `smooth` says)."""
    with st.sidebar:
        target = st.selectbox(
            "Target",
            choices["targets"],
            format_func=lambda target: names.get(target, target),
            key="target",
            bind="query-params",
            help="Whom or what the stance is towards.",
        )
        voice = st.radio(
            "Voice", VOICES, format_func=VOICE.__getitem__, key="voice", bind="query-params", help=TERMS["voice"]
        )
        outlets = st.multiselect(
            "Outlets", choices["outlets"], key="outlet", bind="query-params", placeholder="All outlets"
        )
        since, until = _days(first, last)
        by = st.radio(
            "One point per", LENGTHS, 1, format_func=LENGTH.__getitem__, key="by", bind="query-params", horizontal=True
        )
        smoothed = st.toggle("Smooth line", smooth, key="smooth", bind="query-params", help=TERMS["smooth"])
        counting = st.selectbox(
            "Counting",
            COUNTINGS,
            format_func=COUNTING.__getitem__,
            key="count",
            bind="query-params",
            help=TERMS["counting"],
        )
        languages = _languages(choices)
        st.button(
            "Reset all choices",
            on_click=_reset,
            args=(choices["targets"][0], smooth),
            icon=":material/restart_alt:",
            width="stretch",
        )
        gate.leave()
    chosen = Filters(
        outlets=tuple(outlets),
        languages=tuple(languages),
        since=since,
        until=until,
        voice=voice,
        counting=counting,
        by=by,
    )
    return target or "", chosen, smoothed


def _days(first: date | None, last: date | None) -> tuple[date | None, date | None]:
    left, right = st.columns(2)
    since = left.date_input("From", None, min_value=first, max_value=last, key="from", bind="query-params")
    until = right.date_input("To", None, min_value=first, max_value=last, key="to", bind="query-params")
    return since, until


def _languages(choices: Mapping[str, list[str]]) -> list[str]:
    if len(choices["languages"]) < 2:
        return []
    unmeasured = set(choices["unvalidated"])
    return st.multiselect(
        "Languages",
        choices["languages"],
        key="lang",
        bind="query-params",
        placeholder="All languages",
        format_func=lambda code: f"{code} (error rate not measured)" if code in unmeasured else code,
    )


def _reset(target: str, smooth: bool) -> None:
    defaults: dict[str, object] = {
        "target": target,
        "voice": VOICES[0],
        "outlet": [],
        "from": None,
        "to": None,
        "by": LENGTHS[1],
    }
    for key, value in (defaults | {"count": COUNTINGS[0], "lang": [], "smooth": smooth}).items():
        if key in st.session_state:
            st.session_state[key] = value
