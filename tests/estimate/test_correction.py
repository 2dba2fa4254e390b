import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.estimate.correction import LEAST, corrected
from stance.estimate.options import EstimateOptions
from stance.estimate.raw import COLUMNS, estimate
from tests.estimate.tables import human, random_tables

OPTIONS = EstimateOptions(minimum=2)
KEYS = ["target", "outlet", "by", "period", "voice", "measure"]


def tables(seed: int, count: int = 150) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    table, known = random_tables(rng, count)
    table = table.iloc[rng.permutation(len(table))].reset_index(drop=True)
    stances = rng.choice(["against", "neutral", "favor", ""], 160, p=[0.5, 0.2, 0.2, 0.1])
    return table, known, human(table, stances.tolist())


def test_corrected_keeps_the_cells_and_the_scorers_numbers():
    table, known, said = tables(1)
    plain, made = estimate(table, known, OPTIONS), corrected(table, known, said, OPTIONS)
    assert list(made.columns) == list(COLUMNS)
    pd.testing.assert_frame_equal(made[KEYS], plain[KEYS])
    for name, other in (("raw", "value"), ("raw_low", "low"), ("raw_high", "high")):
        pd.testing.assert_series_equal(made[name], plain[other], check_names=False)
    assert made["value"].isna().equals(plain["value"].isna())


def test_corrected_wholes_are_the_labels_where_all_is_labelled():
    table, known, _ = tables(2, 60)
    rng = np.random.default_rng(2)
    said = human(table, rng.choice(["against", "neutral", "favor"], len(table)).tolist(), chance=1.0)
    made = corrected(table, known, said, EstimateOptions(by=(), minimum=2)).set_index(["target", "measure"])
    joined = table.merge(said, on=["paragraph_id", "target"], suffixes=("", "_human"))
    by_article = joined.groupby(["target", "article_id"])["overall_against_human"].mean()
    for target, share in by_article.groupby("target").mean().items():
        assert made.loc[(target, "against"), "value"] == pytest.approx(share)
        assert made.loc[(target, "against"), "corrected"]


def test_corrected_pulls_wholes_toward_the_labels():
    table, known, said = tables(3)
    made = corrected(table, known, said, EstimateOptions(by=(), minimum=2))
    against = made[made["measure"] == "against"]
    # humans say against in 0.5 / 0.9 of what they see, the scorer in a third
    assert against["value"].between(0.45, 0.68).all()
    assert against["raw"].between(0.25, 0.42).all()


def test_corrected_few_labels_leave_the_scorers_numbers_and_say_so():
    table, known, said = tables(4)
    made = corrected(table, known, said.head(LEAST // 2), EstimateOptions(by=("outlet",), minimum=2))
    assert not made["corrected"].any()
    whole = made[made["outlet"] == ""]
    assert whole["note"].str.contains(f"a correction needs {LEAST}").all()
    assert whole["value"].equals(whole["raw"])


def test_corrected_voices_nobody_labelled_stay_uncorrected():
    table, known, said = tables(5)
    made = corrected(table, known, said, OPTIONS)
    assert not made[made["voice"] == "reported"]["corrected"].any()
    assert made[(made["voice"] == "author") & (made["outlet"] == "")]["corrected"].any()


def test_corrected_voices_that_humans_never_found_stay_uncorrected():
    table, known, said = tables(5)
    table = table.assign(reported_speech=True)
    made = corrected(table, known, said.assign(reported_present=0.0), EstimateOptions(by=("voice",), minimum=2))
    reported = made[made["voice"] == "reported"]
    assert not reported["corrected"].any()
    assert reported["note"].str.startswith("uncorrected: 0 labelled stories").all()


def test_corrected_periods_stay_uncorrected_where_only_undated_articles_are_labelled():
    table, known, said = tables(7)
    labelled = set(table.head(len(said))["article_id"])
    known = known.assign(published=known["published"].where(~known["article_id"].isin(labelled)))
    made = corrected(table, known, said, EstimateOptions(by=("week",), minimum=2))
    assert made[made["by"] == "all"]["corrected"].all()
    assert not made[made["by"] == "week"]["corrected"].any()


def test_corrected_passes_over_labels_of_paragraphs_that_are_gone():
    table, known, said = tables(6)
    stray = said.assign(paragraph_id=said["paragraph_id"].where(said.index > 5, "gone"))
    made = corrected(table, known, stray, EstimateOptions(by=(), minimum=2))
    labels = made[made["measure"] == "against"]["labels"].sum()
    assert labels == len(said) - 6


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6))
def test_corrected_numbers_are_legal_and_do_not_depend_on_the_order_of_rows(seed):
    table, known, said = tables(seed, 80)
    rng = np.random.default_rng(seed)
    made = corrected(table, known, said, OPTIONS)
    shown = made[made["value"].notna()]
    assert ((shown["low"] <= shown["value"]) & (shown["value"] <= shown["high"])).all()
    assert shown["error"].gt(0).all()
    again = corrected(
        table.iloc[rng.permutation(len(table))],
        known.iloc[rng.permutation(len(known))],
        said.iloc[rng.permutation(len(said))],
        OPTIONS,
    )
    pd.testing.assert_frame_equal(made, again, rtol=1e-9)
