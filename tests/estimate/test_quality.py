import pytest

from stance.estimate.quality import LEAST, RATES, drift, error_rates
from tests.estimate.tables import articles, human, scores

SURE = {"against": (0.8, 0.1, 0.1), "neutral": (0.1, 0.8, 0.1), "favor": (0.1, 0.1, 0.8)}


def labelled(said: list[str], true: list[str], outlets: list[str]):
    known = articles(outlets)
    table = scores([(f"a{n:03d}", "government", SURE[word]) for n, word in enumerate(said)], known)
    return table, known, human(table, true)


def test_error_rates_count_right_and_wrong_by_outlet():
    said = ["against"] * 6 + ["favor"] * 6
    true = ["against"] * 5 + ["neutral"] + ["against"] * 3 + ["favor"] * 3
    rates = error_rates(*labelled(said, true, ["A"] * 6 + ["B"] * 6)).set_index(["target", "outlet"])
    assert rates.loc[("", ""), "accuracy"] == pytest.approx(8 / 12)
    assert rates.loc[("government", "A"), "accuracy"] == pytest.approx(5 / 6)
    assert rates.loc[("government", "B"), "against_as_favor"] == pytest.approx(0.5)
    assert rates.loc[("", "")][list(RATES)].sum() == pytest.approx(1)
    assert (rates["low"] <= rates["accuracy"]).all()
    assert (rates["accuracy"] <= rates["high"]).all()


def test_error_rates_weigh_pairs_by_their_chance():
    table, known, said = labelled(["against"] * 10, ["against"] * 5 + ["favor"] * 5, ["A"] * 10)
    said["probability"] = [0.1] * 5 + [0.4] * 5
    assert error_rates(table, known, said)["accuracy"].iloc[0] == pytest.approx(0.8)


def test_error_rates_absent_targets_lower_what_is_present_and_nothing_else():
    table, known, said = labelled(["against"] * 8, ["against"] * 6 + ["", ""], ["A"] * 8)
    row = error_rates(table, known, said).iloc[0]
    assert row["present"] == pytest.approx(0.75)
    assert row["accuracy"] == pytest.approx(1)


def test_error_rates_of_few_stories_are_not_shown():
    rates = error_rates(*labelled(["against"] * (LEAST - 1), ["against"] * (LEAST - 1), ["A"] * (LEAST - 1)))
    assert rates["accuracy"].isna().all()
    assert rates["labels"].eq(LEAST - 1).all()


def test_drift_sees_confidence_fall_after_the_last_labelled_article():
    known = articles(["A"] * 60, days=["2025-01-10"] * 30 + ["2025-02-10"] * 30)
    faint = (0.4, 0.35, 0.25)
    table = scores([(f"a{n:03d}", "government", SURE["against"] if n < 30 else faint) for n in range(60)], known)
    found = drift(table, known, human(table, ["against"] * 10)).set_index("sign")
    assert found.loc["confidence", "change"] == pytest.approx(-0.4, abs=1e-6)
    assert found.loc["confidence", "p"] < 0.001
    assert found.loc["against", "p"] > 0.1
    assert found["since"].eq("2025-01-10").all()


def test_drift_has_nothing_to_say_before_anything_new_came():
    table, known, said = labelled(["against"] * 10, ["against"] * 10, ["A"] * 10)
    assert drift(table, known, said).empty
    assert drift(table, known, said.head(0)).empty
