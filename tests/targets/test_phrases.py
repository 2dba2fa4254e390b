import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.targets.phrases import expand, gates, is_phrase, needed_literals, plurals, references, symbol, to_regex

WORDS = st.lists(st.sampled_from(["police", "riot squad", "army"]), min_size=1, max_size=3, unique=True)


@given(WORDS, WORDS)
def test_every_choice_is_taken_with_every_other(first: list[str], second: list[str]) -> None:
    phrase = f"({'|'.join(first)}) of ({'|'.join(second)})"
    assert set(expand(phrase)) == {f"{a} of {b}" for a in first for b in second}


@pytest.mark.parametrize(
    ("phrase", "forms"),
    [
        ("officer", ("officer", "officers")),
        ("ministry", ("ministry", "ministries")),
        ("convoy", ("convoy", "convoys")),
        ("march", ("march", "marches")),
        ("guardsman", ("guardsman", "guardsmen")),
        ("police", ("police", "polices")),
        ("troops", ("troops",)),
        ("the Kremlin", ("the Kremlin",)),
        ("men", ("men",)),
    ],
)
def test_simple_plurals(phrase: str, forms: tuple[str, ...]) -> None:
    assert plurals(phrase) == forms


def test_a_list_is_a_gate_unless_it_is_marked_optional() -> None:
    assert gates("{people} with {gear?}") == ("people",)
    assert references("{people} with {gear?}") == ("people", "gear")


def test_a_list_becomes_a_run_of_its_symbol() -> None:
    sign = symbol(3)
    assert re.fullmatch(to_regex(r"\b{people}\b sat", {"people": sign}), f"{sign * 7} sat")


@pytest.mark.parametrize("pattern", [r"\b[A-Z]\w+", r"\b[Tt]he \w+", r"\b[\w-]+ed\b", r"\b[A-Z]{2,}"])
def test_a_quicker_expression_finds_the_same(pattern: str) -> None:
    text = "The McGee of theYard, Also the red EU; the_End xThe"
    quick, plain = (re.finditer(each, text) for each in (to_regex(pattern, {}), pattern))
    assert [match.span() for match in quick] == [match.span() for match in plain]


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        (r"\bgoverning (?:board|body)\b", ("governing",)),
        (r"(?i)\bair ?strikes?\b", ("air", "strike")),
        (r"\b(?:a|b)\b", ()),
        ("shadow cabinet|governing board", ()),
        (r"\d{1,2} March\b", ("march",)),
        ("{people} marched", ("marched",)),
        (r"colou?r[a-z]+", ("colo",)),
        (r"\nfoo", ("foo",)),
    ],
)
def test_the_words_a_pattern_needs(pattern: str, literals: tuple[str, ...]) -> None:
    assert needed_literals(pattern) == literals


@given(
    st.sampled_from([r"\bgoverning (?:board|body)s?\b", r"air ?strikes?", r"old kremlin of \w+", "colou?rs"]), st.data()
)
def test_every_match_contains_the_needed_words(pattern: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(pattern))
    assert all(word in text for word in needed_literals(pattern))


@pytest.mark.parametrize(
    ("exclusion", "phrase"),
    [("Russian (doll|salad)", True), (r"\bdolls?\b", False), ("(?i)dolls", False), ("a.c", False)],
)
def test_an_exclusion_without_signs_of_an_expression_is_a_phrase(exclusion: str, phrase: bool) -> None:
    assert is_phrase(exclusion) is phrase
