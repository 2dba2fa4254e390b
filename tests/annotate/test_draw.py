from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.annotate.draw import SampleOptions, draw
from tests.estimate.tables import articles, paragraphs, random_tables, scores

DESIGNS = ("simple", "stratified", "unsure")


def corpus(count: int = 400, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Articles of four paragraphs each; every third paragraph mentions two targets; one outlet is small."""
    rng = np.random.default_rng(seed)
    known = articles(["small" if number % 20 == 0 else "large" for number in range(count)])
    rows, ids = [], []
    for number in range(count * 4):
        for target in ("government", "protesters") if number % 3 == 0 else ("government",):
            rows.append((f"a{number // 4:03d}", target, tuple(rng.dirichlet([4.0, 1.0, 0.5]).round(4))))
            ids.append(f"p{number:05d}")
    table = scores(rows, known).assign(paragraph_id=ids)
    return table, known, paragraphs(table)


def test_draw_gives_as_many_as_asked_and_no_paragraph_twice():
    for design in DESIGNS:
        drawn = draw(*corpus(), SampleOptions(n=50, design=design))
        assert len(drawn) == len({item.paragraph_id for item in drawn}) == 50
        assert all(0 < item.probability <= 1 for item in drawn)
        assert {item.design for item in drawn} == {design}
        assert all(item.text == f"Text of {item.paragraph_id}." for item in drawn)


def test_draw_all_there_is_when_asked_for_more():
    table, known, texts = corpus(20)
    drawn = draw(table, known, texts, SampleOptions(n=500, design="simple"))
    assert len(drawn) == table["paragraph_id"].nunique()
    both = table.groupby("paragraph_id").size()
    assert all(item.probability == pytest.approx(1 / both[item.paragraph_id]) for item in drawn)


def test_draw_again_from_an_exhausted_corpus_brings_nothing():
    tables = corpus(20)
    everything = draw(*tables, SampleOptions(n=500))
    assert draw(*tables, SampleOptions(n=10), everything) == everything


def test_draw_again_extends_and_repeats_nothing():
    tables = corpus()
    first = draw(*tables, SampleOptions(n=40))
    for design in DESIGNS:
        both = draw(*tables, SampleOptions(n=30, design=design, seed=99), first)
        assert [item.key for item in both[:40]] == [item.key for item in first]
        assert len({item.paragraph_id for item in both}) == 70
        assert [item.draw for item in both] == [1] * 40 + [2] * 30
        assert {item.seed for item in both} == {0}
        assert all(new.probability >= old.probability for new, old in zip(both, first, strict=False))


def test_draw_in_one_step_or_two_is_the_same_simple_sample():
    tables = corpus()
    first = draw(*tables, SampleOptions(n=25, design="simple"))
    both = draw(*tables, SampleOptions(n=25, design="simple"), first)
    once = draw(*tables, SampleOptions(n=50, design="simple"))
    assert {item.key: item.probability for item in both} == {item.key: item.probability for item in once}


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("again", ["", *DESIGNS])
def test_draw_chances_are_true(design, again):
    tables = corpus(150)
    pairs = len(tables[0])
    sums = []
    for seed in range(40):
        drawn = draw(*tables, SampleOptions(n=60, design=design, seed=seed))
        if again:
            drawn = draw(*tables, SampleOptions(n=40, design=again), drawn)
        sums.append(sum(1 / item.probability for item in drawn) / pairs)
    assert np.mean(sums) == pytest.approx(1, abs=4 * np.std(sums) / np.sqrt(len(sums)) + 0.01)


def test_draw_stratified_sees_small_outlets_and_rare_stances():
    tables = corpus()
    share = {}
    for design in ("simple", "stratified"):
        drawn = [item for seed in range(10) for item in draw(*tables, SampleOptions(n=60, design=design, seed=seed))]
        share[design] = Counter(item.outlet for item in drawn)["small"] / len(drawn)
        share[design, "favor"] = Counter(item.predicted for item in drawn)["favor"] / len(drawn)
    assert share["stratified"] > 2 * share["simple"]
    assert share["stratified", "favor"] > 1.5 * share["simple", "favor"]


def test_draw_unsure_prefers_doubt_within_bounds():
    tables = corpus()
    drawn = draw(*tables, SampleOptions(n=200, design="unsure"))
    confident = tables[0]["confidence"].mean()
    assert np.mean([max(item.against, item.neutral, item.favor) for item in drawn]) < confident - 0.02
    chances = np.array([item.probability for item in drawn])
    assert chances.max() / chances.min() < 2 * 5


def test_draw_only_from_latest_versions():
    table, known, texts = corpus(40)
    known = known.assign(latest=known["article_id"] < "a020")
    drawn = draw(table, known, texts, SampleOptions(n=500))
    assert {item.article_id for item in drawn} == set(known.loc[known["latest"], "article_id"])


def test_draw_from_nothing_is_nothing():
    known = articles(["A"])
    table = scores([], known)
    assert draw(table, known, paragraphs(table), SampleOptions()) == []


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(DESIGNS))
def test_draw_does_not_depend_on_the_order_of_rows(seed, design):
    rng = np.random.default_rng(seed)
    table, known = random_tables(rng, 50)
    texts = paragraphs(table)
    options = SampleOptions(n=20, design=design, seed=seed)
    once = draw(table, known, texts, options)
    again = draw(table.iloc[rng.permutation(len(table))], known.iloc[rng.permutation(len(known))], texts, options)
    assert once == again
