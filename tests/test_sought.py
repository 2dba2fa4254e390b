"""Joining what the catalogue finds with what the scorer finds."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance import sought
from stance.records import Mention, Passage, Span, TargetQuery, TargetScore, Triple

TEXT = "Saule Akhmetova met the men in blue. Strikers cheered the cabinet and its two hundred lorries."
EVEN = Triple(0.3, 0.4, 0.3)


def mention(words: str, target: str = "government") -> Mention:
    start = TEXT.index(words)
    return Mention(target=target, start=start, end=start + len(words), text=words, alias=words)


def found(*words: str) -> TargetScore:
    spans = tuple(Span(TEXT.index(each), TEXT.index(each) + len(each)) for each in words)
    return TargetScore(
        overall=EVEN, author=EVEN, reported=EVEN, voices=(), evidence=Span(0, 5), unsure=False, found=spans
    )


def texts(score: TargetScore, listed: list[Mention], target: str = "government") -> list[tuple[str, bool]]:
    query = TargetQuery(id=target, name=target, sought=True)
    joined = sought.mentions(Passage(text=TEXT, targets=(query,)), query, score, listed)
    return [(each.text, each.coref) for each in joined]


def test_found_mentions_stand_among_the_catalogue_s_in_order() -> None:
    assert texts(found("the men in blue"), [mention("cabinet")]) == [("the men in blue", True), ("cabinet", False)]
    assert texts(found(), []) == []


@pytest.mark.parametrize("target", ["government", "protesters"])
def test_what_overlaps_a_mention_of_whatever_target_is_left_out(target: str) -> None:
    listed = [mention("cabinet", target)]
    assert texts(found("the cabinet and"), listed, "government") == [("cabinet", False)] * (target == "government")


def test_what_the_scorer_doubts_is_no_mention_and_stands_in_nobodys_way() -> None:
    listed = [mention("cabinet"), mention("Strikers")]
    at = TEXT.index("cabinet")
    score = replace(found("the cabinet and"), kept=(Span(TEXT.index("Strikers"), TEXT.index("Strikers") + 8),))
    assert texts(score, listed) == [("Strikers", False), ("the cabinet", True)]
    assert texts(replace(score, kept=(Span(at, at + 7),)), listed) == [("cabinet", False)]
    assert texts(replace(score, kept=None), listed) == [("Strikers", False), ("cabinet", False)]


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Saule Akhmetova", False),
        ("Saule Akhmetova met", False),
        ("lorries", False),
        ("its two hundred lorries", True),
        ("met", False),
    ],
)
def test_words_and_names_are_the_catalogue_s_to_know(words: str, kept: bool) -> None:
    assert bool(texts(found(words), [])) is kept


@given(st.lists(st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).map(sorted), max_size=4))
def test_offsets_are_exact_and_nothing_is_lost_of_the_catalogue(pairs: list[list[int]]) -> None:
    spans = [Span(*pair) for pair in pairs]
    score = TargetScore(
        overall=EVEN, author=EVEN, reported=EVEN, voices=(), evidence=Span(0, 5), unsure=False, found=tuple(spans)
    )
    query = TargetQuery(id="government", name="government", sought=True)
    listed = [mention("cabinet"), mention("Strikers", "protesters")]
    joined = sought.mentions(Passage(text=TEXT, targets=(query,)), query, score, listed)
    assert listed[0] in joined
    assert listed[1] not in joined
    assert all(TEXT[each.start : each.end] == each.text for each in joined)
    assert [each.start for each in joined] == sorted(each.start for each in joined)


def test_found_mentions_are_whole_words_without_small_ones_at_their_ends() -> None:
    assert texts(found("en in bl"), []) == [("men in blue", True)]
    assert texts(found("met the men in blue"), []) == [("the men in blue", True)]
    assert texts(found("the men in"), []) == [("the men", True)]
    assert texts(found("two hund", "red lorries"), []) == [("two hundred", True)]
