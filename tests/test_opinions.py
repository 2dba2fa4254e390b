"""Whose stance: relevance of voices, shares that add up to the paragraph, and the author's distance."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance import opinions, voices
from stance.records import HolderKind, Shown, Span, Stance, TargetScore, Triple
from stance.shown import Holder
from tests.voices.test_properties import TEXTS

AGAINST = Triple(0.8, 0.15, 0.05)
NEUTRAL = Triple(0.1, 0.8, 0.1)
FAVOR = Triple(0.05, 0.15, 0.8)
TEXT = "“They are thieves,” Omarov said of the ministers. The bread was late. “It rained,” said Lena."
MINISTERS = Span(TEXT.index("the ministers"), TEXT.index(". The bread"))

TRIPLES = st.tuples(*[st.floats(0.001, 1)] * 3).map(lambda raw: Triple(*(part / sum(raw) for part in raw)))


def score(author: Triple, *spoken: Triple, overall: Triple = NEUTRAL) -> TargetScore:
    return TargetScore(
        overall=overall, author=author, reported=NEUTRAL, voices=spoken, evidence=Span(0, 19), unsure=False
    )


def opinions_of(
    text: str, mentions: list[Span], scored: TargetScore, target: str = "government"
) -> list[opinions.Opinion]:
    return opinions.rows(text, mentions, target, scored, voices.find_in(text))


def test_the_author_is_first_and_a_speaker_far_from_the_target_holds_nothing() -> None:
    found = opinions_of(TEXT, [MINISTERS], score(NEUTRAL, AGAINST, NEUTRAL))
    assert [(o.holder, o.holder_name, o.triple.label) for o in found] == [
        ("author", "", Stance.NEUTRAL),
        ("omarov", "Omarov", Stance.AGAINST),
    ]
    assert found[0].holder_kind is HolderKind.AUTHOR
    assert found[0].direct is None
    assert found[1].direct is True


def test_a_speaker_who_does_not_speak_of_the_target_is_not_heard_whatever_the_scorer_says() -> None:
    found = opinions_of(TEXT, [MINISTERS], score(NEUTRAL, AGAINST, FAVOR))
    assert [o.holder_name for o in found] == ["", "Omarov"]


@pytest.mark.parametrize(("triple", "heard"), [(Triple(0.1, 0.1, 0.8), True), (Triple(0.2, 0.6, 0.2), False)])
def test_where_the_scorer_can_tell_a_named_speaker_with_a_likely_stance_is_heard(triple: Triple, heard: bool) -> None:
    told = replace(score(NEUTRAL, AGAINST, triple), shown=())
    assert ("Lena" in [o.holder_name for o in opinions_of(TEXT, [MINISTERS], told)]) is heard


def test_a_member_of_the_target_is_heard() -> None:
    said = voices.find_in(TEXT, lambda name: "government" if name == "Lena" else "")
    found = opinions.rows(TEXT, [MINISTERS], "government", score(NEUTRAL, NEUTRAL, NEUTRAL), said)
    assert [(o.holder_name, o.holder_target) for o in found[1:]] == [("Omarov", ""), ("Lena", "government")]


@pytest.mark.parametrize(("triple", "heard"), [(NEUTRAL, False), (Triple(0.3, 0.3, 0.4), True)])
def test_a_member_who_merely_informs_holds_nothing_where_the_scorer_can_tell(triple: Triple, heard: bool) -> None:
    said = voices.find_in(TEXT, lambda name: "government" if name == "Lena" else "")
    told = replace(score(NEUTRAL, NEUTRAL, triple), shown=())
    found = opinions.rows(TEXT, [MINISTERS], "government", told, said)
    assert ("Lena" in [o.holder_name for o in found]) is heard


def test_a_member_of_the_target_who_is_not_named_here_and_does_not_speak_of_it_is_not_heard() -> None:
    second = "He added that the bread was late."
    said = voices.find(["“They are thieves,” Minister Omarov said.", second], lambda _: "government")[1]
    assert [o.holder_target for o in said] == ["government"]
    found = opinions.rows(second, [], "government", score(NEUTRAL, AGAINST), said)
    assert [o.holder for o in found] == ["author"]


def test_a_speaker_whose_name_alone_names_the_target_does_not_speak_of_it() -> None:
    text = "“The bread was late,” the opposition leader said."
    leader = Span(text.index("the opposition leader"), text.index(" said"))
    assert [o.holder for o in opinions_of(text, [leader], score(NEUTRAL, AGAINST), "protesters")] == ["author"]
    said = voices.find_in(text, lambda name: "protesters" if "opposition" in name else "")
    found = opinions.rows(text, [leader], "protesters", score(NEUTRAL, AGAINST), said)
    assert [(o.holder_name, o.holder_target) for o in found[1:]] == [("the opposition leader", "protesters")]


def test_a_text_that_reports_nobody_is_all_the_authors() -> None:
    (only,) = opinions_of("The ministers are thieves.", [Span(0, 13)], score(AGAINST, overall=AGAINST))
    assert (only.share, only.spans) == (1.0, (Span(0, 26),))


def test_the_authors_stretches_are_what_no_speaker_has() -> None:
    own = opinions_of(TEXT, [MINISTERS], score(NEUTRAL, AGAINST, NEUTRAL))[0]
    assert [TEXT[slice(*span)] for span in own.spans] == [
        "Omarov said of the ministers. The bread was late.",
        "said Lena.",
    ]


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_every_letter_is_the_authors_or_a_speakers(text: str) -> None:
    said = voices.find_in(text)
    spoken = tuple(NEUTRAL for _ in voices.passages_voices(said))
    own = opinions.rows(text, [], "government", score(NEUTRAL, *spoken), said)[0]
    spans = [*own.spans, *(Span(each.start, each.end) for each in said)]
    held = {at for span in spans for at in range(span.start, span.end)}
    assert all(at in held for at, letter in enumerate(text) if letter.isalnum())
    assert not any(a.start < b.end and b.start < a.end for a in own.spans for b in spans[len(own.spans) :])


def test_the_evidence_of_a_speaker_is_his_own() -> None:
    text = "Kyiv says the shells are Russian. The ministry called the army brave."
    said = voices.find_in(text)
    scored = TargetScore(
        overall=NEUTRAL, author=NEUTRAL, reported=NEUTRAL, voices=(AGAINST, FAVOR), evidence=Span(0, 33), unsure=False
    )
    named = [Span(text.index(words), text.index(words) + len(words)) for words in ("the shells", "the army")]
    found = opinions.rows(text, named, "government", scored, said)
    assert text[slice(*found[1].evidence)] == "the shells are Russian"
    assert text[slice(*found[2].evidence)] == "the army brave"


def test_the_evidence_is_the_stretch_that_names_the_target() -> None:
    text = "Omarov called it “a wedding” and said the government had paid the band."
    government = Span(text.index("the government"), text.index(" had paid"))
    scored = score(NEUTRAL, AGAINST)
    speaker = opinions_of(text, [government], scored)[1]
    assert text[slice(*speaker.evidence)] == "the government had paid the band"


@pytest.mark.parametrize(
    ("verb", "expected"), [("claimed", Triple(0.0, 0.95, 0.05)), ("said", AGAINST)], ids=["doubted", "reported"]
)
def test_an_attack_the_author_keeps_away_from_is_not_his(verb: str, expected: Triple) -> None:
    text = f"The prefect {verb} that the students were paid."
    students = Span(text.index("the students"), text.index(" were"))
    own = opinions_of(text, [students], score(AGAINST, AGAINST))[0]
    assert own.triple == pytest.approx(expected)


def test_a_score_for_other_voices_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 2 scored voices, one per holder, got 1"):
        opinions_of(TEXT, [MINISTERS], score(NEUTRAL, AGAINST))


@given(st.lists(TRIPLES, min_size=1, max_size=6), TRIPLES)
@settings(deadline=None)
def test_shares_are_weights(spoken: list[Triple], overall: Triple) -> None:
    shares = opinions.fit_shares(spoken, overall)
    assert all(share >= 0 for share in shares)
    assert sum(shares) == pytest.approx(1, abs=1e-9)


@given(st.lists(TRIPLES, min_size=1, max_size=5), st.data())
@settings(deadline=None)
def test_the_weighted_voices_give_back_an_overall_stance_that_is_their_mix(
    spoken: list[Triple], data: st.DataObject
) -> None:
    raw = data.draw(st.lists(st.floats(0.05, 1), min_size=len(spoken), max_size=len(spoken)))
    mixed = np.array(raw) / sum(raw) @ np.array(spoken)
    shares = opinions.fit_shares(spoken, Triple(*mixed))
    assert np.array(shares) @ np.array(spoken) == pytest.approx(mixed, abs=0.02)


@given(st.lists(TRIPLES, min_size=2, max_size=5), TRIPLES)
@settings(deadline=None)
def test_no_single_voice_comes_nearer_to_the_overall_stance_than_the_mix(spoken: list[Triple], overall: Triple) -> None:
    mixed = np.array(opinions.fit_shares(spoken, overall)) @ np.array(spoken)
    nearest = min(np.linalg.norm(np.array(triple) - overall) for triple in spoken)
    assert np.linalg.norm(mixed - overall) <= nearest + 0.02


def test_voices_that_say_the_same_share_alike() -> None:
    assert opinions.fit_shares([AGAINST] * 4, AGAINST) == pytest.approx([0.25] * 4, abs=1e-6)


def test_the_voice_that_the_paragraph_agrees_with_has_the_larger_share() -> None:
    author, attacker = opinions.fit_shares([NEUTRAL, AGAINST], AGAINST)
    assert attacker > 0.99
    assert author < 0.01


def test_the_author_s_evidence_is_not_in_somebody_s_words_if_he_names_the_target_himself() -> None:
    text = "“They are thieves,” Omarov said of the ministers. The bread was late, and the ministers ate cake."
    first, second = (match.start() for match in re.finditer("the ministers", text))
    spans = [Span(first, first + 13), Span(second, second + 13)]
    told = replace(score(NEUTRAL, AGAINST), evidence=Span(1, 17))
    own = opinions.rows(text, spans[1:], "government", told, voices.find_in(text))[0]
    assert text[slice(*own.evidence)] == "The bread was late, and the ministers ate cake"
    pointed = replace(told, evidence=Span(second, len(text)))
    assert opinions.rows(text, spans, "government", pointed, voices.find_in(text))[0].evidence == pointed.evidence


CROWD = "The towns were grateful. “They are thieves,” Omarov said of the ministers."


def showing(words: str, triple: Triple) -> Holder:
    at = CROWD.index(words)
    shown = Shown(holder=Span(at, at + len(words)), clause=Span(0, 24), triple=triple)
    return Holder(name=words, id=words.lower(), kind=HolderKind.CROWD, target="", shown=shown)


def test_who_shows_a_stance_follows_the_speakers_without_words_of_his_own() -> None:
    mention = Span(CROWD.index("the ministers"), len(CROWD) - 1)
    found = opinions.rows(
        CROWD, [mention], "government", score(NEUTRAL, AGAINST), voices.find_in(CROWD), [showing("The towns", FAVOR)]
    )
    assert [o.holder for o in found] == ["author", "omarov", "the towns"]
    last = found[-1]
    assert (last.direct, last.distance, last.spans, last.evidence) == (None, False, (), Span(0, 24))
    assert last.triple == FAVOR


@given(TRIPLES, TRIPLES, TRIPLES, TRIPLES)
@settings(max_examples=50)
def test_shares_sum_to_one_with_those_who_show_a_stance(
    author: Triple, spoken: Triple, shown: Triple, overall: Triple
) -> None:
    mention = Span(CROWD.index("the ministers"), len(CROWD) - 1)
    scored = score(author, spoken, overall=overall)
    found = opinions.rows(CROWD, [mention], "government", scored, voices.find_in(CROWD), [showing("The towns", shown)])
    assert len(found) == 3
    assert sum(o.share for o in found) == pytest.approx(1)
    assert all(o.share >= 0 for o in found)
