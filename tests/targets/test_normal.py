import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.targets.normal import normalise

TEXTS = st.text(
    st.sampled_from("aAéеЙ é\u0301\u0308ıİßｱǅ’‐-\u00ad\u200b\ufeff\u00a0 \n\t가\u1100\u1161🙂"), max_size=40
)


@given(TEXTS)
def test_the_offsets_lead_back_to_what_was_normalised(text: str) -> None:
    normal = normalise(text)
    for index in range(len(normal.cased)):
        start, end = normal.span(index, index + 1)
        assert 0 <= start <= end <= len(text)
        assert normal.cased[index] in normalise(text[start:end]).cased


@given(TEXTS)
def test_the_copies_are_equally_long_and_offsets_never_go_back(text: str) -> None:
    normal = normalise(text)
    assert len(normal.lower) == len(normal.cased)
    starts = [normal.span(index, index + 1)[0] for index in range(len(normal.cased))]
    assert starts == sorted(starts)


@given(TEXTS)
def test_normalising_again_changes_nothing(text: str) -> None:
    once = normalise(text).cased
    assert normalise(once).cased == once
    assert unicodedata.is_normalized("NFC", once)


def test_plain_text_needs_no_map() -> None:
    assert normalise("The cabinet’s plan — again").places == ()


@pytest.mark.parametrize(
    ("text", "cased"),
    [("a\u00a0 b", "a b"), ("l’État", "l'Etat"), ("go\u00advern", "govern"), ("ё", "е"), ("й", "й"), ("Łódź", "Lodz")],
)
def test_signs_that_differ_in_look_only_become_one(text: str, cased: str) -> None:
    assert normalise(text).cased == cased
