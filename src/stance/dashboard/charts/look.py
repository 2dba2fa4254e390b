"""Colours, scales and the common look.

Orange, grey and blue are told apart with any of the usual kinds of colour blindness and in print; shapes and words say
the same again.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from stance.dashboard.charts import Spec

STANCES = ("against", "neutral", "favor")
Domain = tuple[date, date]
"""First and last day of a time axis."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours on a light or a dark ground."""

    against: str
    neutral: str
    favor: str
    ink: str
    faint: str
    """Lines and second-rate text."""
    ground: str

    @property
    def stances(self) -> list[str]:
        """Colours in the order of `STANCES`."""
        return [self.against, self.neutral, self.favor]


LIGHT = Palette("#c2570c", "#7b8391", "#1f6fb5", "#1c2430", "#d9dce1", "#ffffff")
DARK = Palette("#f2954e", "#9aa3af", "#63a9e8", "#e8eaed", "#3a4150", "#11151c")

FONT = "'Source Sans', 'Source Sans Pro', 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', sans-serif"

SHARE_SCALE = {"domain": [0, 1], "clamp": True}
SHARE_AXIS = {"values": [0, 0.5, 1], "format": ".0%", "title": None, "minExtent": 48}


def values(rows: pd.DataFrame) -> Spec:
    """Return a table as inline data: days as YYYY-MM-DD, missing values as null."""
    columns = [_plain(rows[name]) for name in rows]
    return {"values": [dict(zip(rows, row, strict=True)) for row in zip(*columns, strict=True)]}


def _plain(column: "pd.Series[Any]") -> list[Any]:
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.dt.strftime("%Y-%m-%d")
    known = column.notna()
    plain: list[Any] = (column if known.all() else column.astype(object).where(known, None)).tolist()
    return plain


def dressed(spec: Spec, palette: Palette) -> Spec:
    """Give a finished picture the common look."""
    words = {"labelColor": palette.ink, "titleColor": palette.ink, "labelFont": FONT, "titleFont": FONT}
    axis = {
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "gridColor": palette.faint,
        "gridOpacity": 0.6,
        "domain": False,
        "tickColor": palette.faint,
        "ticks": False,
        "labelPadding": 4,
    }
    config = {
        "background": "transparent",
        "font": FONT,
        "padding": 4,
        "view": {"stroke": None},
        "axis": words | axis,
        "legend": words | {"labelFontSize": 12, "orient": "top", "title": None},
        "header": words,
        "text": {"color": palette.ink, "font": FONT},
    }
    return {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", **spec, "config": config}


def field(name: str, kind: str = "quantitative", **more: Any) -> Spec:  # noqa: ANN401 - Vega-Lite's own options
    """Encode a column."""
    return {"field": name, "type": kind, **more}


def tooltip(*columns: tuple[str, str, str]) -> list[Spec]:
    """Encode hovering: (column, title, number format or '') for each line."""
    return [
        field(name, "quantitative" if form else "nominal", title=title) | ({"format": form} if form else {})
        for name, title, form in columns
    ]


def by_polarity(palette: Palette, name: str = "polarity") -> Spec:
    """Colour for a polarity: orange below zero, grey at zero, blue above."""
    return field(
        name,
        scale={"domain": [-0.5, 0, 0.5], "range": palette.stances, "clamp": True, "interpolate": "rgb"},
        legend=None,
    )


def by_stance(palette: Palette, name: str = "measure") -> Spec:
    """Colour for a stance by its name."""
    return field(name, "nominal", scale={"domain": list(STANCES), "range": palette.stances}, legend=None)


def time(domain: Domain, name: str = "period", *, labels: bool = True) -> Spec:
    """Encode the common time axis."""
    ends = [
        str(domain[0] - timedelta(days=7)),
        str(domain[1] + timedelta(days=2)),
    ]  # a week may begin before its first article
    axis = {
        "title": None,
        "format": "%-d %b",
        "tickCount": 4,
        "labels": labels,
        "grid": False,
        "labelOverlap": True,
        "labelFlush": True,
    }
    return field(name, "temporal", scale={"domain": ends}, axis=axis)


POINT = "point"
"""Name of the selection, and of the column that says what a mark stands for: `period:2025-01-06`, `article:ID`, ..."""
PICK = [{"name": POINT, "select": {"type": "point", "fields": [POINT], "on": "click", "clear": "dblclick"}}]
"""Parameters that tell the page of a click. One layer carries them for all: Vega-Lite hands a click on any mark with a
tooltip to it, and a second selection in the same picture would be set off by every click too."""
HIT = {"type": "point", "filled": True, "opacity": 0, "cursor": "pointer"}
"""An invisible mark over a small one, so that a finger can hit it."""


def polarity(name: str, reach: float, **more: Any) -> Spec:  # noqa: ANN401 - Vega-Lite's own options
    """Encode a polarity on an axis from `-reach` to `+reach`, told in words."""
    words = (
        f"datum.value == {reach} ? 'in favour' : datum.value == -{reach} ? 'against' : datum.value == 0 ? 'even' : "
        "format(datum.value, '+.3~g')"
    )
    axis = {
        "values": [-reach, -reach / 2, 0, reach / 2, reach],
        "labelExpr": words,
        "title": None,
        "minExtent": 48,
    } | more
    return field(name, scale={"domain": [-reach, reach], "clamp": True}, axis=axis)
