"""The pictures beside the trends: voices by target, two sides compared, doubt and absence, calibration."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from stance.dashboard.charts import Spec
from stance.dashboard.charts.look import (
    PICK,
    POINT,
    Palette,
    by_polarity,
    dressed,
    field,
    polarity,
    tooltip,
    values,
)

ROW = 26
"""Height of a line of names, in pixels."""


def voices(rows: pd.DataFrame, targets: Mapping[str, str], palette: Palette) -> Spec:
    """Draw holders × targets: a bubble's size is how often, its colour how.

    Args:
        rows: `queries.voices.holders`.
        targets: the columns, in order: names by target id.
        palette: colours.
    """
    named = rows.assign(
        shown=rows["shown"].where(rows["shown"] != "", rows["holder"]),
        point="voice:" + rows["holder"] + "\n" + rows["target"],
        toward=rows["target"].map(targets),
    )
    order = named.drop_duplicates("holder")["shown"].tolist()
    words = tooltip(
        ("shown", "voice", ""),
        ("toward", "toward", ""),
        ("quotes", "paragraphs", ","),
        ("against", "against", ","),
        ("neutral", "neutral", ","),
        ("favor", "in favour", ","),
        ("polarity", "polarity", "+.2f"),
        ("outlets", "outlets", "d"),
    )
    encoding = {
        "x": field(
            "toward",
            "nominal",
            sort=list(targets.values()),
            axis={"orient": "top", "title": None, "labelAngle": 0, "labelFontSize": 12, "labelLimit": 90},
        ),
        "y": field(
            "shown", "nominal", sort=order, axis={"title": None, "labelLimit": 170, "labelFontSize": 12, "grid": True}
        ),
    }
    bubble = encoding | {
        "size": field("quotes", scale={"type": "sqrt", "range": [30, 560]}, legend=None),
        "color": by_polarity(palette),
        "tooltip": words,
    }
    layers = [
        {
            "mark": {"type": "circle", "opacity": 0.9, "cursor": "pointer"},
            "encoding": bubble,
            "params": PICK,
        },
        {
            "mark": {"type": "text", "dx": 18, "align": "left", "fontSize": 10, "opacity": 0.8, "color": palette.ink},
            "encoding": encoding | {"text": field("quotes", format=",")},
        },
    ]
    height = ROW * len(order) + 20
    return dressed({"data": values(named), "layer": layers, "width": "container", "height": height}, palette)


def sides(rows: pd.DataFrame, palette: Palette) -> Spec:
    """Draw polarity with its interval for two sides, target by target; a side without a number is left out.

    Args:
        rows: polarity rows of `queries.trends.trend` by target, with columns `side`, `name` (of the target) and
            `point`; the targets are drawn in the order of the rows.
        palette: colours.
    """
    known = rows[rows["value"].notna()]
    order = list(dict.fromkeys(rows["side"]))
    base = {
        "y": field(
            "name", "nominal", sort=list(dict.fromkeys(rows["name"])), axis={"title": None, "labelFontSize": 12}
        ),
        "yOffset": field("side", "nominal", sort=order, scale={"domain": order}),
        "x": polarity("value", 1.0, orient="bottom", grid=True),
    }
    words = tooltip(
        ("side", "side", ""),
        ("value", "polarity", "+.2f"),
        ("low", "at least", "+.2f"),
        ("high", "at most", "+.2f"),
        ("units", "articles", ","),
    )
    shape = field(
        "side",
        "nominal",
        sort=order,
        scale={"domain": order, "range": ["circle", "diamond"]},
        legend={"symbolFillColor": palette.ink, "symbolSize": 110, "columns": 1, "labelLimit": 300},
    )
    mark = {"type": "point", "size": 220, "filled": True, "opacity": 1, "stroke": palette.ground, "cursor": "pointer"}
    layers: list[Spec] = [
        {
            "data": {"values": [{"x": 0}]},
            "mark": {"type": "rule", "color": palette.neutral, "strokeDash": [2, 3], "opacity": 0.7},
            "encoding": {"x": polarity("x", 1.0, orient="bottom", grid=True)},
            "params": PICK,
        },
        {
            "mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.4, "color": palette.ink},
            "encoding": base | {"x": polarity("low", 1.0, orient="bottom", grid=True), "x2": {"field": "high"}},
        },
        {"mark": mark, "encoding": base | {"shape": shape, "color": by_polarity(palette, "value"), "tooltip": words}},
    ]
    return dressed({"data": values(known), "layer": layers, "width": "container", "height": {"step": 26}}, palette)


def doubt(rows: pd.DataFrame, palette: Palette) -> Spec:
    """Draw, per outlet, the share of articles in which one target is absent and of paragraphs that are unsure."""
    kinds = {"absent": "articles that never mention it (absent)", "unsure": "paragraphs the model is unsure of"}
    long = rows.melt(["outlet"], list(kinds), "kind", "share")
    long = long.assign(what=long["kind"].map(kinds), point=long["kind"] + ":" + long["outlet"])
    encoding: dict[str, Any] = {
        "y": field("outlet", "nominal", axis={"title": None, "labelLimit": 150}),
        "yOffset": field("what", "nominal", sort=list(kinds.values())),
        "x": field("share", scale={"domain": [0, 1]}, axis={"format": ".0%", "title": None, "tickCount": 5}),
        "color": field(
            "what",
            "nominal",
            scale={"domain": list(kinds.values()), "range": [palette.faint, palette.neutral]},
            legend={"orient": "top", "columns": 1, "labelLimit": 260},
        ),
        "tooltip": tooltip(("outlet", "outlet", ""), ("what", "share of", ""), ("share", "share", ".0%")),
    }
    spec = {"data": values(long), "mark": {"type": "bar", "cursor": "pointer"}, "encoding": encoding, "params": PICK}
    return dressed(spec | {"width": "container", "height": {"step": 12}}, palette)


def agreement(rows: pd.DataFrame, palette: Palette) -> Spec:
    """Draw, per outlet, how often the model says what people say, with its interval.

    Args:
        rows: `queries.trust.errors` of one target, or of all, with a number; outlet '' is all together and drawn first.
        palette: colours.
    """
    named = rows.assign(name=rows["outlet"].where(rows["outlet"] != "", "all outlets"), point="right:" + rows["outlet"])
    order = named.sort_values(["outlet"])["name"].tolist()
    axis = {"format": ".0%", "tickCount": 5, "title": "model and people agree in"}
    base = {"y": field("name", "nominal", sort=order, axis={"title": None, "labelLimit": 170, "labelFontSize": 12})}
    words = tooltip(
        ("name", "outlet", ""),
        ("accuracy", "agree in", ".0%"),
        ("low", "at least", ".0%"),
        ("high", "at most", ".0%"),
        ("labels", "labels", ","),
    )
    scale = {"domain": [0, 1]}
    layers = [
        {
            "mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.4, "color": palette.ink},
            "encoding": base | {"x": field("low", scale=scale, axis=axis), "x2": {"field": "high"}},
        },
        {
            "mark": {
                "type": "point",
                "size": 160,
                "filled": True,
                "opacity": 1,
                "color": palette.favor,
                "cursor": "pointer",
            },
            "encoding": base | {"x": field("accuracy", scale=scale, axis=axis), "tooltip": words},
            "params": PICK,
        },
    ]
    return dressed({"data": values(named), "layer": layers, "width": "container", "height": {"step": 26}}, palette)


def calibration(rows: pd.DataFrame, palette: Palette) -> Spec:
    """Draw how often the model is right where it is how sure: columns confidence, right, rows, and `point` if any."""
    axis = {"format": ".0%", "tickCount": 5}
    scale = {"domain": [0, 1]}
    line = {
        "data": {"values": [{"a": 0}, {"a": 1}]},
        "mark": {"type": "line", "strokeDash": [4, 3], "color": palette.neutral},
    }
    line["encoding"] = {
        "x": field("a", scale=scale, axis=axis | {"title": "how sure the model is"}),
        "y": field("a", scale=scale),
    }
    line |= {"params": PICK} if POINT in rows else {}
    points = {
        "data": values(rows),
        "mark": {"type": "point", "filled": True, "color": palette.favor, "opacity": 1},
        "encoding": {
            "x": field("confidence", scale=scale, axis=axis),
            "y": field("right", scale=scale, axis=axis | {"title": "how often it is right"}),
            "size": field("rows", scale={"domainMin": 0, "range": [40, 400]}, legend=None),
            "tooltip": tooltip(("confidence", "sure", ".0%"), ("right", "right", ".0%"), ("rows", "paragraphs", ",")),
        },
    }
    return dressed({"layer": [line, points], "width": "container", "height": 220}, palette)


def rejections(rows: pd.DataFrame, palette: Palette) -> Spec:
    """Draw rejected inputs by reason: columns reason, why (the reason in words), inputs."""
    sums = rows.groupby(["reason", "why"], as_index=False)["inputs"].sum()
    bar = {
        "y": field("why", "nominal", sort="-x", axis={"title": None, "labelLimit": 220}),
        "x": field("inputs", axis={"title": None, "tickMinStep": 1, "format": ",d", "tickCount": 5}),
    }
    layers = [
        {
            "mark": {"type": "bar", "color": palette.neutral, "cursor": "pointer", "height": 14},
            "encoding": bar
            | {"tooltip": tooltip(("why", "reason", ""), ("reason", "code", ""), ("inputs", "inputs", ","))},
            "params": PICK,
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 11, "color": palette.ink},
            "encoding": bar | {"text": field("inputs", format=",")},
        },
    ]
    data = values(sums.assign(point="reason:" + sums["reason"]))
    return dressed({"data": data, "layer": layers, "width": "container", "height": {"step": 24}}, palette)
