from datetime import date

import altair as alt
import pandas as pd
import pytest

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
    sides = board.ask(numbers.trend, Filters(), ("target",)).query("measure == 'polarity'").assign(side="one")
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
        "rejections": others.rejections(board.ask(quality.rejections), DARK),
    }


NAMES = ["trend", "outlet", "nothing", "shares", "counts", "voices", "sides", "doubt", "calibration", "rejections"]


@pytest.mark.parametrize("name", NAMES)
def test_specs_keep_the_schema(specs, name):
    kind = alt.LayerChart if "layer" in specs[name] else alt.Chart
    kind.from_dict(specs[name], validate=True)


def test_all_charts_draw_in_one_file_without_a_browser(specs):
    shown = list(specs.values())
    assert files.svg(shown, LIGHT).startswith(b"<svg")
    assert files.png(shown[:1], DARK).startswith(b"\x89PNG")


def test_only_events_inside_the_axis_are_drawn(specs):
    text = str(specs["trend"])
    assert "emergency" in text
    assert "outside" not in text


def test_downloads_leave_the_chart_on_the_page_alone(specs):
    files.framed([specs["trend"], specs["shares"]], LIGHT)
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
