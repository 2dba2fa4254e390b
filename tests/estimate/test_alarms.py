import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from stance.estimate.alarms import COLUMNS, alarms, judge
from stance.estimate.options import EstimateOptions
from stance.store.schemas import TABLES, schema
from tests.estimate.tables import articles, scores


def press(rng: np.random.Generator, weeks: int, turn: int | None, each: int = 12) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One outlet that may turn from against to favor in week `turn`, and one that never does."""
    mondays = pd.Timestamp("2025-01-06") + pd.to_timedelta(7 * np.arange(weeks), unit="D")
    names, days, rows = [], [], []
    for outlet in ("Steady", "Turning"):
        for week, monday in enumerate(mondays):
            for _ in range(each):
                for_it = outlet == "Turning" and turn is not None and week >= turn
                favor = rng.beta(8, 2) if for_it else rng.beta(2, 8)
                rows.append((f"a{len(names):03d}", "government", (0.9 * (1 - favor), 0.1 * (1 - favor), favor)))
                names.append(outlet)
                days.append(str((monday + pd.Timedelta(days=int(rng.integers(7)))).date()))
    known = articles(names, days=days)
    return scores(rows, known), known


def test_alarms_date_the_turn_of_an_outlet_once():
    table, known = press(np.random.default_rng(0), 20, 12)
    found = alarms(table, known, EstimateOptions())
    turning = found[(found["outlet"] == "Turning") & (found["voice"] == "overall")]
    assert len(turning) == 1
    row = turning.iloc[0]
    assert pd.Timestamp(row["period"]).date().isoformat() == "2025-03-31"
    assert row["weeks"] == 1
    assert row["change"] == pytest.approx(row["after"] - row["before"])
    assert 0.5 < row["low"] <= row["change"] <= row["high"] <= 2
    assert row["units_after"] == 12
    assert found[found["outlet"] == "Steady"].empty
    assert list(found.columns) == list(COLUMNS) == [column.name for column in TABLES["alerts"]]
    assert pa.Table.from_pandas(found, schema("alerts"), preserve_index=False).num_rows == len(found)


def test_alarms_quiet_press_raises_none():
    table, known = press(np.random.default_rng(1), 20, None)
    assert alarms(table, known, EstimateOptions()).empty


def test_alarms_need_weeks_to_compare_with():
    table, known = press(np.random.default_rng(2), 5, 3)
    assert alarms(table, known, EstimateOptions()).empty


def test_alarms_of_no_scores_are_none():
    known = articles(["A"])
    assert alarms(scores([], known), known, EstimateOptions()).empty


def test_judge_false_alarms_are_as_rare_as_asked():
    rng = np.random.default_rng(3)
    value = rng.normal(0, 0.1, (4_000, 13))
    test = judge(value, np.full(value.shape, 0.006), 12, 1, np.zeros(4_000, np.int64))
    assert 0.005 < np.mean(test.p < 0.01) < 0.02


def test_judge_a_small_step_shows_in_four_weeks_rather_than_one():
    rng = np.random.default_rng(4)
    value = rng.normal(0, 0.1, (300, 20))
    value[:, 16:] += 0.25
    both = [judge(value, np.full(value.shape, 0.01), 19, weeks, np.zeros(300, np.int64)).p for weeks in (1, 4)]
    assert np.median(both[1]) < np.median(both[0]) / 5


def test_judge_silent_weeks_are_not_judged():
    value = np.zeros((1, 13))
    value[0, 12] = np.nan
    assert judge(value, np.full((1, 13), 0.01), 12, 1, np.zeros(1, np.int64)).p[0] == 1
    assert judge(value, np.full((1, 13), 0.01), 11, 1, np.array([9])).p[0] == 1
