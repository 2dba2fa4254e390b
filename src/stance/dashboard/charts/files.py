"""Charts and tables as files: PNG, SVG, CSV."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

import pandas as pd
import vl_convert

from stance.dashboard.charts import Spec
from stance.dashboard.charts.look import Palette

WIDTH = 640
"""Pixels of a downloaded chart; on a page it takes the width there is."""
SCALE = 2.0
LINE = 110
"""Letters in a line of notes."""
DRAWN = ("run", "key", "point", "stance", "basis", "range", "doubtful")
"""Columns that `trends.keyed` and `trends.dotted` add for the drawing."""
_RISKY = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands over a chart that leaves the page: a heading, and notes under it."""

    heading: str
    notes: tuple[str, ...] = ()


def png(specs: Sequence[Spec], palette: Palette, caption: Caption) -> bytes:
    """Draw charts one under the other as PNG, on their palette's ground."""
    return bytes(vl_convert.vegalite_to_png(framed(specs, palette, caption), scale=SCALE))


def svg(specs: Sequence[Spec], palette: Palette, caption: Caption) -> bytes:
    """Draw charts one under the other as SVG, on their palette's ground."""
    return str(vl_convert.vegalite_to_svg(framed(specs, palette, caption))).encode()


def framed(specs: Sequence[Spec], palette: Palette, caption: Caption) -> Spec:
    """Return charts that leave the page as one: of a fixed width, with their words, on their own ground."""
    views = [{name: part for name, part in spec.items() if name not in ("config", "$schema")} for spec in specs]
    title = {
        "text": caption.heading,
        "subtitle": [line for note in caption.notes for line in wrap(note, LINE)],
        "anchor": "start",
        "color": palette.ink,
        "subtitleColor": palette.ink,
        "fontSize": 15,
        "subtitleFontSize": 11,
        "subtitlePadding": 4,
        "offset": 10,
    }
    return {
        "$schema": specs[0]["$schema"],
        "title": title,
        "vconcat": [view | {"width": WIDTH} for view in views],
        "config": specs[0]["config"] | {"background": palette.ground},
    }


def csv(data: pd.DataFrame) -> bytes:
    """Write a table as CSV for spreadsheets: UTF-8 with a mark, no cell run as a formula, no column of `DRAWN`."""
    plain = data.drop(columns=[name for name in DRAWN if name in data])
    safe = plain.map(lambda cell: f"'{cell}" if isinstance(cell, str) and cell.startswith(_RISKY) else cell)
    return bytes(safe.to_csv(index=False).encode("utf-8-sig"))
