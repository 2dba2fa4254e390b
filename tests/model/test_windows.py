"""Layout, windows and groups."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from stance.model.windows import (
    MAX_NAMES,
    MAX_TOKENS,
    OVERLAP,
    Words,
    collate,
    covered,
    cuts,
    groups,
    joined,
    sentence,
    showings,
    windows,
)
from stance.records import Passage, Span, TargetQuery
from tests.model import tiny


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Words:
    return Words(tiny.write_tokenizer(tmp_path_factory.mktemp("tokenizer")))


@given(st.integers(0, 5000), st.integers(OVERLAP + 1, 400))
def test_cuts_cover_the_text_and_overlap(tokens: int, room: int) -> None:
    parts = cuts(tokens, room)
    assert parts[0][0] == 0
    assert parts[-1][1] == tokens
    assert all(end - start <= room for start, end in parts)
    assert all(after[0] <= before[1] - OVERLAP + 1 for before, after in pairwise(parts))


@given(st.lists(st.integers(1, 24).map(lambda size: [7] * size), max_size=40))
def test_groups_keep_order_and_fit(names: list[list[int]]) -> None:
    parts = groups(names)
    assert [number for part in parts for number in part] == list(range(len(names)))
    assert all(sum(len(names[number]) + 1 for number in part) <= MAX_NAMES for part in parts)


def test_layout_of_one_passage(words: Words) -> None:
    text = "the cabinet acted"
    query = TargetQuery(id="g", name="government", spans=(Span(4, 11),))
    (window,) = windows([Passage(text=text, targets=(query,), voices=((Span(0, 3),),))], words)
    spelled = [words.tokenizer.id_to_token(number) for number in window.ids]
    assert spelled == ["[CLS]", "the", "cabinet", "acted", "[SEP]", "government", "[SEP]"]
    assert window.mentions == [[2]]
    assert window.voices == [[1]]
    assert [text[span.start : span.end] for span in window.tokens] == ["the", "cabinet", "acted"]


def test_names_read_the_text_but_not_each_other(words: Words) -> None:
    queries = (TargetQuery(id="m", name="mob", spans=(Span(4, 10),)), TargetQuery(id="c", name="cabinet"))
    batch = collate(windows([Passage(text="the police", targets=queries)], words), words.pad)
    seen = batch.together.seen[0]
    text, mob, cabinet = [0, 1, 2, 3], [4, 5], [6, 7]
    assert not seen[text][:, mob + cabinet].any()
    assert seen[mob][:, text + mob].all()
    assert not seen[mob][:, cabinet].any()
    assert batch.together.places[0].tolist() == [0, 1, 2, 3, 4, 5, 4, 5]
    glance = batch.at_a_glance.seen[0]
    assert torch.equal(glance[text + mob], seen[text + mob])
    assert glance[6].tolist() == [True] * 4 + [False] * 4
    assert batch.glances.tokens[0].tolist() == [[0] * 8, [0, 0, 0, 0, 0, 0, 1, 0]]
    assert batch.glances.rows[0].tolist() == [False] * 6 + [True, False]
    assert batch.shown.equal(batch.names)


def test_long_text_is_read_whole(words: Words) -> None:
    text = "the mob said " * 400
    queries = tuple(TargetQuery(id=str(n), name="government " * 3) for n in range(40))
    items = windows([Passage(text=text, targets=queries)], words)
    assert all(len(item.ids) <= MAX_TOKENS for item in items)
    assert {number for item in items for number in item.targets} == set(range(40))
    for number in range(40):
        read = {token for item in items if number in item.targets for token in item.tokens}
        assert len(read) == 1200


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 5)), max_size=5))
def test_covered_is_overlap(pairs: list[tuple[int, int]]) -> None:
    tokens = [Span(start, start + 2) for start in range(0, 24, 2)]
    spans = [Span(start, start + size) for start, size in pairs]
    letters = {letter for span in spans for letter in range(span.start, span.end)}
    expected = [n for n, token in enumerate(tokens) if letters & set(range(token.start, token.end))]
    assert covered(tokens, spans) == expected


def test_padding_does_not_move_a_result(words: Words) -> None:
    network = tiny.network()
    short = Passage(text="the mob", targets=(TargetQuery(id="m", name="mob", spans=(Span(4, 7),)),))
    long = Passage(text="the police blamed the mob " * 20, targets=short.targets * 3)
    alone, both = (collate(windows(each, words), words.pad) for each in ([short], [short, long]))
    with torch.inference_mode():
        one, two = network(alone), network(both)
    assert torch.allclose(one.stance[0, 0], two.stance[0, 0], atol=1e-5)
    assert torch.allclose(one.tone[0], two.tone[0], atol=1e-5)
    assert torch.allclose(one.attention[0, 0].sum(), torch.tensor(1.0))


def test_a_row_of_likely_tokens_is_found_unless_it_meets_a_mention(words: Words) -> None:
    queries = (
        TargetQuery(id="m", name="mob", spans=(Span(4, 11),), sought=True),
        TargetQuery(id="p", name="police"),
    )
    (window,) = windows([Passage(text="the cabinet said the police acted", targets=queries)], words)
    chances = np.array([[0.5, 0.9, 0.1, 0.5, 0.9, 0.3]] * 2, dtype=np.float32)
    found = window.with_found(chances, 0.8)
    assert found.found == ((4, 5), ())
    assert found.mentions == [[2, 4, 5], []]
    assert window.with_found(chances, 0.95).found == ((), ())


@given(st.lists(st.floats(0, 1, width=32), min_size=6, max_size=6), st.floats(0.01, 1))
def test_found_tokens_are_likely_and_a_lower_bar_loses_none(words: Words, chances: list[float], least: float) -> None:
    query = TargetQuery(id="m", name="mob", sought=True)
    (window,) = windows([Passage(text="the cabinet said the police acted", targets=(query,))], words)
    row = np.array([chances])
    ((found,), (more,)) = (window.with_found(row, bar).found for bar in (least, least / 2))
    assert all(row[0, place - 1] >= least / 2 for place in found)
    assert bool(found) is bool((row >= least).any())
    assert set(found) <= set(more)


SHOWING = "The police said. The cabinet praised the mob; government acted. Police left."


def test_who_shows_a_stance_stands_in_his_sentence(words: Words) -> None:
    queries = tuple(
        TargetQuery(id=name, name=name, spans=(Span(SHOWING.index("mob"), SHOWING.index(";")),) * named)
        for name, named in (("mob", 1), ("russia", 0))
    )
    (item,) = windows([Passage(text=SHOWING, targets=queries)], words)
    cabinet = [token.start in (17, 21) for token in item.tokens]
    (found,) = showings(item, np.array([cabinet, cabinet]) * 0.9, 0.5)
    assert found.column == 0
    assert SHOWING[slice(*found.holder)] == "The cabinet"
    assert SHOWING[slice(*found.clause)] == "The cabinet praised the mob; government acted."
    assert {item.tokens[place - 1].start for place in found.places} == {
        token.start for token in item.tokens if 17 <= token.start < 64
    }
    assert showings(item, np.array([cabinet, cabinet]) * 0.4, 0.5) == []


@given(st.text(alphabet="ab .!?”\n", min_size=1, max_size=60), st.data())
def test_a_sentence_holds_what_stands_in_it_and_no_stop_before_its_end(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    within = Span(start, data.draw(st.integers(start + 1, len(text))))
    found = sentence(text, within)
    assert 0 <= found.start <= within.start
    assert within.end <= found.end <= len(text)
    assert sentence(text, found) == found


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 5)).map(lambda pair: Span(pair[0], sum(pair)))))
def test_joined_stretches_cover_what_was_given_and_lie_apart(spans: list[Span]) -> None:
    found = joined(spans)
    assert all(any(part.start <= span.start and span.end <= part.end for part in found) for span in spans)
    assert all(after.start - before.end > 1 for before, after in pairwise(found))
