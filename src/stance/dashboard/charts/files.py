"""Charts and tables as files: PNG, SVG, CSV."""

from collections.abc import Sequence

import pandas as pd
import vl_convert

from stance.dashboard.charts import Spec
from stance.dashboard.charts.look import Palette

WIDTH = 640
"""Pixels of a downloaded chart; on a page it takes the width there is."""
SCALE = 2.0
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def png(specs: Sequence[Spec], palette: Palette) -> bytes:
    """Draw charts one under the other as PNG, on their palette's ground."""
    return bytes(vl_convert.vegalite_to_png(framed(specs, palette), scale=SCALE))


def svg(specs: Sequence[Spec], palette: Palette) -> bytes:
    """Draw charts one under the other as SVG, on their palette's ground."""
    return str(vl_convert.vegalite_to_svg(framed(specs, palette))).encode()


def framed(specs: Sequence[Spec], palette: Palette) -> Spec:
    """Return charts that leave the page as one: of a fixed width, on their own ground."""
    views = [{name: part for name, part in spec.items() if name not in ("config", "$schema")} for spec in specs]
    config = specs[0]["config"] | {"background": palette.ground}
    return {"$schema": specs[0]["$schema"], "vconcat": [view | {"width": WIDTH} for view in views], "config": config}


def csv(data: pd.DataFrame) -> bytes:
    """Write a table as CSV for spreadsheets: UTF-8 with a mark, and no cell that would be run as a formula."""
    safe = data.map(lambda cell: f"'{cell}" if isinstance(cell, str) and cell.startswith(_RISKY) else cell)
    return bytes(safe.to_csv(index=False).encode("utf-8-sig"))
