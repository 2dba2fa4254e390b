"""Examples and batches."""

import json
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stance.labelled import LabelledText, parse_row
from stance.model.data import UNKNOWN, Variation, batches, example, sentences_with
from stance.model.windows import Window
from stance.records import Span
from tests.rows import CODEBOOK, TARGETED

RNG = np.random.default_rng(0)


def window(length: int) -> Window:
    return Window(
        passage=0, targets=(), ids=[1] * length, tokens=[], names=[], mentions=[], voices=[], speakers=[], around=[],
        named=(), sought=(),
    )  # fmt: skip


def unrated(text: str) -> LabelledText:
    mentions = [{"target": "russia", "mentions": ["Moscow"]}]
    return parse_row(json.dumps({"id": "u", "text": text, "labels": [], "unrated": mentions}), 1)


def test_codebook_row_knows_every_head() -> None:
    known = example(parse_row(CODEBOOK, 1), RNG)
    assert known.stances == ((0, 1, 0), (1, 0, 1))
    assert known.voices == ((0, UNKNOWN), (2, 0))
    assert known.tone == 0
    assert known.mentions is not None


def test_targeted_row_knows_overall_only() -> None:
    known = example(parse_row(TARGETED, 1), RNG)
    assert known.stances == ((2, UNKNOWN, UNKNOWN),)
    assert known.voices == ((),)
    assert known.tone == UNKNOWN
    assert known.mentions is None


def test_absent_targets_are_asked_without_a_stance() -> None:
    row = parse_row(CODEBOOK, 1)
    known = example(row, RNG, Variation(absent=1.0))
    extra = [n for n, query in enumerate(known.passage.targets) if query.name == "russia"]
    assert len(extra) == 1
    assert known.stances[extra[0]] == (UNKNOWN,) * 3
    assert known.mentions is not None
    assert known.mentions[extra[0]] == ()


def test_unrated_targets_are_asked_with_their_mentions_and_without_a_stance() -> None:
    text = "The strikers met Moscow's envoy."
    row = unrated(text)
    known = example(row, RNG, Variation(absent=1e-9))
    assert [query.name for query in known.passage.targets] == ["russia"]
    assert known.stances == ((UNKNOWN,) * 3,)
    assert known.mentions == ((Span(17, 23),),)
    assert example(row, RNG).passage.targets == ()


def test_unrated_mentions_move_with_names_that_are_swapped() -> None:
    text = "Police and students met Moscow's envoy."
    row = unrated(text)
    known = example(row, RNG, Variation(swap=1.0, absent=1e-9))
    assert known.mentions is not None
    (span,) = known.mentions[0]
    assert known.passage.text[span.start : span.end] + "'s envoy." in known.passage.text
    assert known.passage.text[span.start : span.end] != "Moscow"


def test_hidden_mentions_are_still_the_finders_truth() -> None:
    row = parse_row(CODEBOOK, 1)
    known = example(row, RNG, Variation(hide=1.0))
    assert all(query.spans == () for query in known.passage.targets)
    assert known.mentions is not None
    assert set(known.mentions) == {target.spans for target in row.targets}


def test_renamed_target_is_called_by_a_mention() -> None:
    row = parse_row(CODEBOOK, 1)
    names = {query.name for query in example(row, RNG, Variation(rename=1.0)).passage.targets}
    assert names <= {row.text[a:b] for target in row.targets for a, b in target.spans}


def test_the_voice_finder_is_asked_first_and_the_sentence_is_the_fallback() -> None:
    row = parse_row(CODEBOOK, 1)
    known = example(row, RNG, find_voices=lambda text, name: (Span(0, 6),) if name == "the union" else ())
    assert known.passage.voices == ((Span(0, 6),), sentences_with(row.text, "Colonel Bek"))


def test_sentence_with_words() -> None:
    text = "One came. Two said no. Three left."
    (span,) = sentences_with(text, "Two")
    assert text[span.start : span.end].strip() == "Two said no."
    assert sentences_with(text, "Four") == ()
    assert sentences_with("alone", "alone") == (Span(0, 5),)


@given(st.lists(st.integers(1, 400), max_size=60), st.integers(50, 500), st.one_of(st.none(), st.integers(0, 9)))
def test_batches_hold_every_window_once_within_budget(lengths: list[int], budget: int, seed: int | None) -> None:
    items = [window(length) for length in lengths]
    rng = None if seed is None else np.random.default_rng(seed)
    parts = list(batches(items, budget, rng))
    assert sorted(number for part in parts for number in part) == list(range(len(items)))
    for part in parts:
        assert len(part) == 1 or len(part) * max(lengths[number] for number in part) <= budget


def test_same_seed_same_example() -> None:
    row = replace(parse_row(CODEBOOK, 1), text=parse_row(CODEBOOK, 1).text)
    vary = Variation(swap=0.5, hide=0.5, absent=0.5, rename=0.5)
    one, other = (example(row, np.random.default_rng(4), vary) for _ in range(2))
    assert one == other
