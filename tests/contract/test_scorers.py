"""One suite for every scorer: what `stance.scorers.base.Scorer` promises."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stance.records import Passage, Shown, Span, TargetQuery, Triple
from stance.scorers.base import Scorer
from tests.contract.scorers import SCORERS

TEXT = "The cabinet acted lawfully, the minister said, while “the mob” showed contempt for human life."


@pytest.fixture(scope="module", params=sorted(SCORERS))
def scorer(request: pytest.FixtureRequest) -> Scorer:
    build: Callable[[pytest.TempPathFactory], Scorer] = SCORERS[request.param]
    return build(request.getfixturevalue("tmp_path_factory"))


def query(text: str, word: str, name: str) -> TargetQuery:
    start = text.find(word)
    spans = (Span(start, start + len(word)),) if start >= 0 else ()
    return TargetQuery(id=name, name=name, spans=spans, sought=name != "government")


def passage(text: str = TEXT) -> Passage:
    start = max(text.find("“"), 0)
    return Passage(
        text=text,
        targets=(
            query(text, "cabinet", "government"),
            query(text, "mob", "protesters"),
            query(text, "Kremlin", "russia"),
        ),
        voices=((Span(start, len(text)),), (Span(0, min(20, len(text))),)),
        names=((Span(0, min(10, len(text))),), ()),
    )


def assert_triple(triple: Triple) -> None:
    assert all(0 <= part <= 1 for part in triple)
    assert sum(triple) == pytest.approx(1, abs=1e-6)


def assert_valid(scorer: Scorer, asked: Passage) -> None:
    (result,) = scorer.score([asked])
    assert_triple(result.sentiment)
    assert len(result.targets) == len(asked.targets)
    for target in result.targets:
        for triple in (target.overall, target.author, target.reported, *target.voices):
            assert_triple(triple)
        assert len(target.voices) == len(asked.voices)
        assert 0 <= target.evidence.start < target.evidence.end <= len(asked.text)
    for query, target in zip(asked.targets, result.targets, strict=True):
        assert_shown(target.shown or (), asked.text)
        assert query.spans or target.found or not target.shown
        assert query.sought or not target.found
        doubted = set(query.spans) - set(query.spans if target.kept is None else target.kept)
        assert doubted <= set(query.doubtable if query.sought else ())
        assert target.kept is None or set(target.kept) <= set(query.spans)
        places = sorted((*query.spans, *target.found)) if target.found else []
        assert all(0 <= place.start < place.end <= len(asked.text) for place in places)
        assert all(before.end <= after.start for before, after in pairwise(places))
    assert result.windows >= 1


def assert_shown(shown: tuple[Shown, ...], text: str) -> None:
    for one in shown:
        assert 0 <= one.clause.start <= one.holder.start < one.holder.end <= one.clause.end <= len(text)
        assert_triple(one.triple)
    assert all(before.holder.end <= after.holder.start for before, after in pairwise(shown))


def test_every_part_is_there_and_valid(scorer: Scorer) -> None:
    assert_valid(scorer, passage())


def test_nothing_in_nothing_out(scorer: Scorer) -> None:
    assert scorer.score([]) == []


def test_passage_without_targets_has_a_sentiment(scorer: Scorer) -> None:
    (result,) = scorer.score([Passage(text=TEXT, targets=())])
    assert result.targets == ()
    assert_triple(result.sentiment)


def test_order_is_kept_and_neighbours_do_not_matter(scorer: Scorer) -> None:
    long = passage("Rain fell on the capital. " * 20 + TEXT)
    short = passage("The mob left.")
    alone = [scorer.score([each])[0] for each in (passage(), long, short)]
    together = scorer.score([passage(), long, short, passage()])
    assert together[0] == together[3]
    for one, other in zip(alone, together, strict=False):
        assert one.sentiment == pytest.approx(other.sentiment, abs=1e-4)
        for left, right in zip(one.targets, other.targets, strict=True):
            assert left.overall == pytest.approx(right.overall, abs=1e-4)
            assert left.evidence == right.evidence


def test_long_text_is_read_to_its_end(scorer: Scorer) -> None:
    filler = "The weather was mild and the trams ran on time. " * 120
    kind = "The brave and wonderful protesters deserve our love, praise and gratitude."
    cruel = "The vile and murderous protesters deserve our contempt, hatred and disgust."
    scores = []
    for ending in (kind, cruel):
        text = filler + ending
        start = text.find("protesters")
        asked = Passage(
            text=text,
            targets=(TargetQuery(id="protesters", name="protesters", spans=(Span(start, start + 10),)),),
        )
        assert_valid(scorer, asked)
        scores.append(scorer.score([asked])[0].targets[0].overall)
    assert scores[0] != scores[1]


@pytest.mark.parametrize(
    "text", ["x", "🙂", "‏שלום‏ government", "a" * 3000, "government\n\n\tgovernment", "…”“", "<b>mob</b>"]
)
def test_odd_text_is_scored(scorer: Scorer, text: str) -> None:
    assert_valid(scorer, passage(text))


def test_fingerprint_is_stable(scorer: Scorer) -> None:
    assert scorer.fingerprint == scorer.fingerprint
    assert len(scorer.fingerprint) >= 16


@given(text=st.text(min_size=1, max_size=300).filter(str.strip), data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_and_span(scorer: Scorer, text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    asked = Passage(
        text=text,
        targets=(TargetQuery(id="t", name="target", spans=(Span(start, end),)),),
        voices=((Span(start, end),),),
    )
    assert_valid(scorer, asked)


def test_fingerprints_of_kinds_differ(tmp_path_factory: pytest.TempPathFactory) -> None:
    prints = [build(tmp_path_factory).fingerprint for build in SCORERS.values()]
    assert len(set(prints)) == len(prints)
