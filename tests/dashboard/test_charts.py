from datetime import date

import altair as alt
import pandas as pd
import pytest
import vl_convert

from stance.dashboard import events
from stance.dashboard.board import Board
from stance.dashboard.charts import files, look, others, trends
from stance.dashboard.charts.look import DARK, LIGHT
from stance.dashboard.filters import Filters
from stance.dashboard.queries import articles, quality, voices
from stance.dashboard.queries import trends as numbers
from tests.dashboard import fixture

DOMAIN = (date(2025, 1, 6), date(2025, 3, 16))
EVENTS = (events.Event(date(2025, 2, 10), "<b>emergency</b>"), events.Event(date(1990, 1, 1), "outside"))


@pytest.fixture(scope="module")
def specs(board: Board) -> dict[str, dict]:
    cells = board.ask(numbers.trend, Filters(), ("target", "outlet", "period"))
    together = board.ask(numbers.trend, Filters(), ("target", "period"))
    naming = board.ask(articles.mentioned, Filters())
    points = board.ask(articles.points, Filters(), "government")
    sides = board.ask(numbers.trend, Filters(), ("target",)).query("measure == 'polarity'")
    sides = sides.assign(side="one", name=sides["target"], point="side:0:" + sides["target"])
    rows, dots = trends.keyed(cells), trends.dotted(points)
    one = rows[(rows["target"] == "government") & (rows["outlet"] == "Morning Post")]
    government = trends.keyed(together[together["target"] == "government"])
    naming = naming[naming["target"] == "government"]
    curve = pd.DataFrame({"confidence": [0.5, 0.9], "right": [0.4, 0.95], "rows": [10, 30]})
    names = {"government": "Government of Nowhere", "russia": "Russia", "protesters": "Protesters"}
    return {
        "trend": trends.trend(government, dots, EVENTS, DOMAIN, LIGHT, 1.0, large=True),
        "outlet": trends.trend(one, dots, EVENTS, DOMAIN, DARK, 0.5, large=False),
        "nothing": trends.trend(one.head(0), dots.head(0), (), DOMAIN, DARK, 0.25, large=False),
        "shares": trends.shares(government, EVENTS, DOMAIN, LIGHT),
        "counts": trends.counts(naming, DOMAIN, LIGHT),
        "voices": others.voices(board.ask(voices.holders, Filters(), 20), names, LIGHT),
        "sides": others.sides(sides, LIGHT),
        "doubt": others.doubt(board.ask(quality.doubt, Filters()).query("target == 'russia'"), LIGHT),
        "calibration": others.calibration(curve, LIGHT),
        "rejections": others.rejections(board.ask(quality.rejections).assign(why="no text"), DARK),
    }


NAMES = ["trend", "outlet", "nothing", "shares", "counts", "voices", "sides", "doubt", "calibration", "rejections"]


@pytest.mark.parametrize("name", NAMES)
def test_specs_keep_the_schema(specs, name):
    kind = alt.LayerChart if "layer" in specs[name] else alt.Chart
    kind.from_dict(specs[name], validate=True)


def test_all_charts_draw_in_one_file_without_a_browser(specs):
    shown = list(specs.values())
    caption = files.Caption("Toward <b>government", ("caution " * 30,))
    drawn = files.svg(shown, LIGHT, caption)
    assert drawn.startswith(b"<svg")
    assert b"Toward &lt;b&gt;government" in drawn
    assert drawn.count(b"caution") >= 30
    assert files.png(shown[:1], DARK, caption).startswith(b"\x89PNG")


def test_only_events_inside_the_axis_are_drawn(specs):
    text = str(specs["trend"])
    assert "emergency" in text
    assert "outside" not in text


def test_event_names_give_way_to_numbers_where_they_would_overprint():
    few = [events.Event(date(2025, 1, 10), "one"), events.Event(date(2025, 3, 10), "other")]
    many = [events.Event(date(2025, 1, 10 + at), f"a long name of an event {at}") for at in range(5)]
    words = lambda found: str(trends.event_marks(found, DOMAIN, LIGHT, named=True)[1:])  # noqa: E731
    assert "'field': 'name', 'type': 'nominal'}, 'y'" in words(few)
    assert trends.event_key(few, DOMAIN) == ""
    assert "'field': 'number', 'type': 'nominal'}, 'y'" in words(many)
    assert "2 a long name of an event 1 (11 Jan)" in trends.event_key(many, DOMAIN)
    assert trends.event_key((), DOMAIN) == ""


def test_no_two_spans_in_a_row_touch():
    spans = [(0, 5), (4, 9), (6, 7), (10, 12)]
    assert trends.stacked(spans) == [0, 1, 0, 0]


CLICKS = {
    "trend": {"period", "article", "event"},
    "shares": {"against", "neutral", "favor", "unsure", "event"},
    "counts": {"period", "absent"},
    "voices": {"voice"},
    "sides": {"side"},
    "doubt": {"absent", "unsure"},
    "rejections": {"reason"},
}


@pytest.mark.parametrize("name", CLICKS)
def test_every_mark_that_answers_a_click_says_what_it_stands_for(specs, name):
    """As Vega compiles it: one selection, and only marks with a meaning, or the axis line, take part."""
    drawn = vl_convert.vegalite_to_vega(specs[name] | {"width": 300})
    assert [signal["name"] for signal in drawn["signals"] if signal["name"].endswith("_tuple")] == ["point_tuple"]
    data = {item["name"]: item.get("values", []) for item in drawn["data"]}
    sources = {item["name"]: item.get("source", item["name"]) for item in drawn["data"]}
    kinds = set()
    for mark in flat(drawn["marks"]):
        if mark.get("interactive"):
            origin = mark["from"]["data"]
            while sources[origin] != origin:
                origin = sources[origin]
            kinds |= {str(row.get("point", "")).partition(":")[0] for row in data[origin]}
    assert kinds - {""} == CLICKS[name]


def flat(marks):
    for mark in marks:
        if mark["type"] == "group":
            yield from flat(mark["marks"])
        else:
            yield mark


def test_downloads_leave_the_chart_on_the_page_alone(specs):
    files.framed([specs["trend"], specs["shares"]], LIGHT, files.Caption("x"))
    assert specs["trend"]["config"]["background"] == "transparent"
    assert specs["trend"]["width"] == "container"


@pytest.mark.parametrize(("low", "wanted"), [(-0.1, 0.25), (-0.3, 0.5), (-0.51, 1.0)])
def test_the_polarity_axis_is_as_short_as_it_can_be(board: Board, low, wanted):
    rows = trends.keyed(board.ask(numbers.trend, Filters(), ("target", "period"))).assign(low=low, high=0.0)
    none = trends.dotted(board.ask(articles.points, Filters(), "government").head(0))
    assert trends.reach(rows, none) == wanted
    assert trends.reach(rows.head(0), none) == 0.25


def test_missing_values_are_null_and_days_are_words():
    data = look.values(pd.DataFrame({"day": pd.to_datetime(["2025-01-02", None]), "value": [float("nan"), 1.0]}))
    assert data == {"values": [{"day": "2025-01-02", "value": None}, {"day": None, "value": 1.0}]}


def test_csv_cells_run_no_formula():
    text = files.csv(pd.DataFrame({"a": ["=1+1", "@x", "plain", -1]})).decode("utf-8-sig")
    assert text.splitlines() == ["a", "'=1+1", "'@x", "plain", "-1"]


def test_csv_holds_the_numbers_and_not_what_only_the_drawing_needs(board: Board):
    rows = trends.keyed(board.ask(numbers.trend, Filters(), ("target", "period")))
    assert files.csv(rows).decode("utf-8-sig").splitlines()[0] == ",".join(["target", "period", *numbers.COLUMNS])


def test_stances_differ_in_lightness_as_well_as_in_hue():
    for palette in (LIGHT, DARK):
        assert len(set(palette.stances)) == 3
        assert contrast(palette.against, palette.ground) >= 3
        assert contrast(palette.neutral, palette.ground) >= 3
        assert contrast(palette.favor, palette.ground) >= 3
        assert contrast(palette.ink, palette.ground) >= 7


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two #rrggbb colours."""
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_time_axis_follows_the_choice():
    first, last = date(2025, 1, 1), date(2025, 2, 1)
    assert trends.default_domain(first, last, Filters()) == (first, last)
    assert trends.default_domain(first, last, Filters(since=date(2025, 1, 9))) == (date(2025, 1, 9), last)
    assert fixture.FIRST_DAY.date() > trends.default_domain(None, None, Filters())[0]
