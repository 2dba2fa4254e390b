from pathlib import Path

import pytest

from stance import probe as probing
from stance.config import RunConfig
from stance.probe import INVENTED, edited, probe, stored_paragraphs
from stance.records import Passage, PassageScore, Span, TargetQuery, TargetScore, Triple
from stance.scorers.config import DummyConfig

TEXT = "Moscow betrayed the strikers, and the strikers in Red Square cursed Moscow: “Putin lied,” they said."
CONFIG = RunConfig(targets=("general", "russia"), scorer=DummyConfig())


def same(passage: Passage, triple: Triple) -> TargetScore:
    voices = tuple(triple for _ in passage.voices)
    return TargetScore(overall=triple, author=triple, reported=triple, voices=voices, evidence=Span(0, 1), unsure=False)


class NameHater:
    """Scores by the words at a target's mentions alone: whoever is called Moscow or Putin is disliked."""

    fingerprint = "tests"

    def score(self, passages):
        return [self._score(passage) for passage in passages]

    def _score(self, passage: Passage) -> PassageScore:
        return PassageScore(
            sentiment=Triple(0.0, 1.0, 0.0), targets=tuple(self._target(passage, query) for query in passage.targets)
        )

    def _target(self, passage: Passage, query: TargetQuery) -> TargetScore:
        words = {passage.text[span.start : span.end] for span in query.spans}
        return same(passage, Triple(0.9, 0.1, 0.0) if words & {"Moscow", "Putin"} else Triple(0.0, 0.2, 0.8))


class Fair(NameHater):
    """Scores every target alike."""

    def _target(self, passage: Passage, query: TargetQuery) -> TargetScore:
        return same(passage, Triple(0.2, 0.6, 0.2))


def found(monkeypatch, scorer, texts=(TEXT,)):
    monkeypatch.setattr(probing, "build_scorer", lambda config: scorer)
    return {(item.swap, item.target): item for item in probe(texts, CONFIG)}


def test_probe_finds_a_scorer_that_holds_names_against_their_bearers(monkeypatch):
    russia = found(monkeypatch, NameHater())["name", "russia"]
    assert russia.change == pytest.approx(1.7)
    assert russia.size == pytest.approx(1.7)
    assert russia.flips == 1
    (example,) = russia.worst
    assert example.before == TEXT
    assert INVENTED[0] in example.after
    assert "Moscow" not in example.after
    assert "Putin" not in example.after


def test_probe_target_swap_shows_the_same_scorer_following_the_name(monkeypatch):
    findings = found(monkeypatch, NameHater())
    assert findings["target", "protesters"].change == pytest.approx(-1.7)
    assert findings["target", "russia"].change == pytest.approx(1.7)


def test_probe_has_nothing_to_say_against_a_fair_scorer(monkeypatch):
    for item in found(monkeypatch, Fair(), [TEXT, TEXT.replace("betrayed", "praised")]).values():
        assert item.change == 0
        assert item.low <= 0 <= item.high
        assert item.flips == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "Protesters met the cabinet. The cabinet refused; police beat the protesters.",
            "The cabinet met the protesters. The protesters refused; the protesters beat the cabinet.",
        ),
        ("He said: “The protesters left Moscow.”", "He said: “Moscow left the protesters.”"),
        ("A government like this one fears Moscow.", "Moscow like this one fears a government."),
    ],
)
def test_probe_targets_change_places_with_their_articles(monkeypatch, before, after):
    findings = found(monkeypatch, Fair(), [before])
    assert {example.after for (swap, _), item in findings.items() if swap == "target" for example in item.worst} == {
        after
    }


def test_probe_passes_over_paragraphs_without_targets(monkeypatch):
    assert found(monkeypatch, Fair(), ["Snow fell on the pass all night."]) == {}


def test_edited_keeps_every_span_true():
    text = "The Kremlin, said Peskov, loves the strikers."
    spans = (Span(4, 11), Span(18, 24))
    passage = Passage(
        text=text,
        targets=(
            TargetQuery(id="russia", name="Russia", spans=spans),
            TargetQuery(id="protesters", name="protesters", spans=(Span(36, 44),)),
        ),
        voices=((Span(0, 11), Span(26, 45)),),
    )
    after = edited(passage, {spans[0]: "Ostrelund", spans[1]: "X"})
    read = [[after.text[span.start : span.end] for span in query.spans] for query in after.targets]
    assert after.text == "The Ostrelund, said X, loves the strikers."
    assert read == [["Ostrelund", "X"], ["strikers"]]
    assert [after.text[span.start : span.end] for span in after.voices[0]] == ["The Ostrelund", "loves the strikers."]


def test_stored_paragraphs_are_those_that_mention_a_target(sample_out: Path):
    texts = stored_paragraphs(str(sample_out), 10)
    assert len(texts) == 10
    assert texts == stored_paragraphs(str(sample_out), 10)
