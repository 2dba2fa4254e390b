import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from stance.errors import StoreError
from stance.estimate.options import EstimateOptions
from stance.estimate.raw import COLUMNS, estimate
from stance.store.schemas import TABLES, schema
from tests.estimate.tables import articles, random_tables, scores

PLAIN = EstimateOptions(by=(), minimum=2)
AGAINST, FAVOR = (0.8, 0.1, 0.1), (0.1, 0.1, 0.8)


def value_of(table: pd.DataFrame, **wanted: object) -> pd.Series:
    found = table
    for name, value in wanted.items():
        found = found[found[name] == value]
    assert len(found) == 1, found
    return found.iloc[0]


def test_estimate_has_the_columns_of_the_table():
    assert set(COLUMNS) == {column.name for column in TABLES["estimates"]}
    made = estimate(*random_tables(np.random.default_rng(1), 40), EstimateOptions())
    assert pa.Table.from_pandas(made, schema("estimates"), preserve_index=False).num_rows == len(made)


def test_estimate_every_article_counts_once_however_long_it_is():
    known = articles(["A", "A"])
    table = scores([("a000", "government", AGAINST)] * 9 + [("a001", "government", FAVOR)], known)
    row = value_of(estimate(table, known, PLAIN), measure="against")
    assert row["value"] == pytest.approx(0.45)
    assert row["units"] == 2
    assert row["paragraphs"] == 10


@pytest.mark.parametrize(
    ("counting", "against", "units"), [("article", 0.625, 4), ("story", 0.45, 2), ("outlet_story", 0.5667, 3)]
)
def test_estimate_counting_decides_what_copies_weigh(counting, against, units):
    known = articles(["A", "A", "B", "B"], stories=["a000", "a000", "a000", "a003"])
    rows = [(name, "government", AGAINST) for name in ("a000", "a001", "a002")] + [("a003", "government", FAVOR)]
    options = EstimateOptions(by=(), minimum=2, counting=counting)
    row = value_of(estimate(scores(rows, known), known, options), measure="against")
    assert row["value"] == pytest.approx(against, abs=1e-4)
    assert row["units"] == units


def test_estimate_old_versions_do_not_count():
    known = articles(["A", "A", "A"]).assign(latest=[True, True, False])
    rows = [("a000", "government", AGAINST), ("a001", "government", AGAINST), ("a002", "government", FAVOR)]
    assert value_of(estimate(scores(rows, known), known, PLAIN), measure="favor")["value"] == pytest.approx(0.1)


def test_estimate_undated_articles_stand_only_in_all_periods():
    known = articles(["A"] * 3, days=["2025-01-08", "2025-01-12", None])
    rows = [(name, "government", AGAINST) for name in known["article_id"]]
    made = estimate(scores(rows, known), known, EstimateOptions(by=("week", "month", "day"), minimum=2))
    units = {
        by: dict(zip(part["period"].astype(str).fillna("NaT"), part["units"], strict=True))
        for by, part in made[made["measure"] == "favor"].groupby("by")
    }
    assert units == {
        "all": {"NaT": 3},
        "week": {"2025-01-06": 2},
        "month": {"2025-01-01": 2},
        "day": {"2025-01-08": 1, "2025-01-12": 1},
    }


def test_estimate_cells_under_the_minimum_show_counts_and_no_number():
    known = articles(["A"] * 4)
    made = estimate(
        scores([(n, "government", AGAINST) for n in known["article_id"]], known), known, EstimateOptions(by=())
    )
    assert made[["value", "low", "high", "error", "raw"]].isna().all(axis=None)
    assert made["units"].tolist() == [4] * 4
    assert made["note"].str.startswith("too few").all()


def test_estimate_copies_of_one_story_are_not_enough_for_a_number():
    known = articles(["A", "B", "C"], stories=["a000"] * 3)
    made = estimate(scores([(n, "government", AGAINST) for n in known["article_id"]], known), known, PLAIN)
    assert made["value"].isna().all()
    assert made["units"].tolist() == [3] * 4


def test_estimate_reported_voice_counts_only_paragraphs_that_report_one():
    known = articles(["A", "A", "A"])
    table = scores([(name, "government", AGAINST) for name in known["article_id"]], known)
    made = estimate(table.assign(reported_speech=[True, True, False]), known, EstimateOptions(by=("voice",), minimum=2))
    assert value_of(made, voice="reported", measure="against")["units"] == 2
    assert value_of(made, voice="author", measure="against")["units"] == 3


def test_estimate_without_scores_is_empty():
    known = articles(["A"])
    assert estimate(scores([], known), known, EstimateOptions()).empty


def test_estimate_refuses_tables_of_different_runs():
    known = articles(["A", "A"])
    table = scores([("a001", "government", AGAINST)], known)
    with pytest.raises(StoreError, match="lacks a001"):
        estimate(table, known.head(1), PLAIN)


def test_estimate_options_refuse_what_they_do_not_know():
    with pytest.raises(ValidationError):
        EstimateOptions(by=("author",))
    with pytest.raises(ValidationError):
        EstimateOptions(minimum=1)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_estimate_does_not_depend_on_the_order_of_rows(seed):
    rng = np.random.default_rng(seed)
    table, known = random_tables(rng, 60)
    options = EstimateOptions(by=("outlet", "week", "voice"), counting="outlet_story", minimum=2)
    made = estimate(table, known, options)
    shuffled = estimate(table.iloc[rng.permutation(len(table))], known.iloc[rng.permutation(len(known))], options)
    pd.testing.assert_frame_equal(made, shuffled, check_exact=True)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_estimate_numbers_are_legal_and_fit_together(seed):
    table, known = random_tables(np.random.default_rng(seed), 40)
    made = estimate(table, known, EstimateOptions(minimum=2))
    shown = made[made["value"].notna()]
    assert ((shown["low"] <= shown["value"]) & (shown["value"] <= shown["high"])).all()
    assert shown["value"].between(np.where(shown["measure"] == "polarity", -1, 0), 1).all()
    keys = ["target", "outlet", "by", "period", "voice"]
    cells = shown.assign(period=shown["period"].astype(str)).pivot_table("value", keys, "measure")
    assert cells[["against", "neutral", "favor"]].sum(axis=1).to_numpy() == pytest.approx(1, abs=2e-4)
    assert (cells["favor"] - cells["against"]).to_numpy() == pytest.approx(cells["polarity"].to_numpy())
