"""Who shows a stance without words: whole names of those who act, and none who speaks."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance import voices
from stance.records import HolderKind, Shown, Span, Triple
from stance.shown import Holder, holders
from tests.voices.test_properties import TEXTS

EVEN = Triple(0.3, 0.4, 0.3)


def shown(start: int, end: int) -> Shown:
    return Shown(holder=Span(start, end), clause=Span(start, end), triple=EVEN)


def found(text: str, *words: str, speakers: Sequence[tuple[str, str]] = ()) -> list[Holder]:
    seen = [shown(text.index(each), text.index(each) + len(each)) for each in words]
    return holders(text, seen, voices.find_in(text), speakers, lambda name: "government" if "minister" in name else "")


@pytest.mark.parametrize(
    ("text", "seen", "name"),
    [
        ("The towns were grateful to the soldiers.", "towns", "The towns"),
        ("The towns were grateful to the soldiers.", "The towns", "The towns"),
        ("Fishermen in Aktau hid the students.", "Fisher", "Fishermen"),
        ("Then the bus drivers waved to the students.", "the bus drivers waved", "the bus drivers waved"),
        ("Then the bus drivers were in tears.", "the bus drivers were", "the bus drivers"),
        ("He spat at the students.", "He", None),
        ("The mayor’s wife was in tears.", "The mayor’s", "The mayor’s wife"),
        ("The tears were the mayor’s.", "the mayor’s", None),
        ("Downing Street was unmoved.", "Downing", "Downing Street"),
        ("Applause came from the union of miners.", "union", "the union"),
        ("They thanked the soldiers for bread.", "the soldiers", None),
        ("Flowers were laid at the barracks by the widows.", "the widows", "the widows"),
        ("The weather was grateful.", "The weather", None),
    ],
)
def test_a_holder_is_a_whole_name_of_somebody_who_acts(text: str, seen: str, name: str | None) -> None:
    assert [holder.name for holder in found(text, seen)] == ([name] if name else [])


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("The minister said the march was over.", "The minister"),
        ("Anna Petrova, a nurse from the square, said it was over.", "a nurse"),
        ("The head of the guild, Samir Naguib, said it was over.", "The head of the guild"),
        ("Omarov said it was over. President Omarov cheered the guards.", "President Omarov"),
        ("“The towns were grateful to the guards,” Omarov said.", "The towns"),
    ],
)
def test_speakers_what_says_who_they_are_and_whom_they_quote_are_left_out(text: str, seen: str) -> None:
    assert found(text, seen) == []


def test_a_holder_has_the_id_of_the_speaker_whom_the_article_knows_by_that_name() -> None:
    text = "President Omarov garlanded the guards. The ministers clapped."
    first, second = found(text, "President Omarov", "The ministers", speakers=[("Daulet Omarov", "omarov")])
    assert (first.id, first.kind, first.target) == ("omarov", HolderKind.PERSON, "")
    assert (second.id, second.target) == ("ministers", "government")


def test_one_holder_seen_twice_is_one() -> None:
    assert len(found("The towns cheered. Later the towns wept.", "The towns", "the towns")) == 1


@given(TEXTS, st.lists(st.tuples(st.integers(0, 200), st.integers(1, 40)), max_size=5))
def test_names_stand_in_the_text_once_each_and_are_no_speaker_s(text: str, places: list[tuple[int, int]]) -> None:
    seen = [shown(start, min(len(text), start + size)) for start, size in places if start < len(text)]
    said = voices.find_in(text)
    names = [holder.name for holder in holders(text, seen, said, (), voices.nobody)]
    assert all(name and name in text for name in names)
    assert len(set(names)) == len(names)
    assert not set(names) & {utterance.speaker for utterance in said}
