"""The embedded scorer on a tiny model: what the contract suite cannot see from outside."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import ConfigError, ScorerError
from stance.model.calibrate import Calibration, Scale
from stance.model.network import Output
from stance.model.weights import Model
from stance.model.windows import Window
from stance.records import Passage, Span, TargetQuery
from stance.scorers import identity
from stance.scorers.config import EncoderConfig
from stance.scorers.encoder import CUDA_TOKENS, UNNAMED, EncoderScorer
from tests.model import tiny

TEXT = "The cabinet acted lawfully, while the mob blamed police; government said no."


def query(word: str, text: str = TEXT) -> TargetQuery:
    start = text.find(word)
    return TargetQuery(id=word, name=word, spans=(Span(start, start + len(word)),) if start >= 0 else ())


def passage(*words: str) -> Passage:
    return Passage(text=TEXT, targets=tuple(map(query, words)), voices=((Span(28, 55),),))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.write_model(tmp_path_factory.mktemp("models") / "tiny")


PRECISIONS = ("float32", "int8", *(("bfloat16",) if torch.ops.mkldnn._is_mkldnn_bf16_supported() else ()))
"""Those that this processor has."""


@pytest.fixture(scope="module", params=PRECISIONS)
def scorer(folder: Path, request: pytest.FixtureRequest) -> EncoderScorer:
    return EncoderScorer(EncoderConfig(model=str(folder), device="cpu", precision=request.param))


def nearly(scorer: EncoderScorer, expected: object) -> object:
    """Equal but for rounding: a last bit that differs may move a number of int8 or bfloat16 by one step."""
    return pytest.approx(expected, abs={"float32": 2e-5, "int8": 2e-3, "bfloat16": 5e-3}[scorer.precision])


def test_a_target_does_not_depend_on_the_others(scorer: EncoderScorer) -> None:
    (alone,) = scorer.score([passage("mob")])
    (among,) = scorer.score([passage("cabinet", "police", "mob", "government")])
    (turned,) = scorer.score([passage("mob", "government", "cabinet")])
    for other in (among.targets[2], turned.targets[0]):
        assert other.overall == nearly(scorer, alone.targets[0].overall)
        assert other.voices[0] == nearly(scorer, alone.targets[0].voices[0])
        assert other.evidence == alone.targets[0].evidence
    assert among.sentiment == alone.sentiment


def test_more_targets_than_a_group_holds(scorer: EncoderScorer) -> None:
    many = tuple(TargetQuery(id=str(number), name="the government said " * 2) for number in range(60))
    (result,) = scorer.score([Passage(text=TEXT, targets=(*many, query("mob")))])
    (alone,) = scorer.score([Passage(text=TEXT, targets=(query("mob"),))])
    assert len(result.targets) == 61
    assert result.windows == 1
    assert result.targets[-1].overall == nearly(scorer, alone.targets[0].overall)


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(8)), st.integers(1, 8), st.integers(1, 3), st.sampled_from(PRECISIONS))
def test_results_are_the_same_to_the_bit_in_any_company(
    folder: Path, order: list[int], size: int, threads: int, precision: str
) -> None:
    config = EncoderConfig(model=str(folder), device="cpu", precision=precision, threads=threads)
    scorer = EncoderScorer(config)
    items = [Passage(text=TEXT * (1 + number // 2), targets=(query("mob"),) * (1 + number)) for number in range(8)]
    expected = [scorer.score([item])[0] for item in items]
    parts = [order[start : start + size] for start in range(0, 8, size)]
    for part in parts:
        results = scorer.score([items[number] for number in part])
        assert results == [expected[number] for number in part]


def test_equal_passages_are_read_once(scorer: EncoderScorer, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Passage] = []
    readings = scorer._readings
    monkeypatch.setattr(scorer, "_readings", lambda passages: asked.extend(passages) or readings(passages))
    results = scorer.score([passage("mob"), passage("cabinet"), passage("mob")])
    assert asked == [passage("mob"), passage("cabinet")]
    assert results[0] == results[2]


def test_long_text_is_read_in_windows_and_its_far_mention_counts_most(scorer: EncoderScorer) -> None:
    text = "police said " * 500 + TEXT
    far = text.rfind("mob")
    (result,) = scorer.score(
        [Passage(text=text, targets=(TargetQuery(id="m", name="mob", spans=(Span(far, far + 3),)),))]
    )
    (last,) = scorer.score([Passage(text=text[-1200:], targets=(query("mob", text[-1200:]),))])
    assert result.windows > 3
    assert result.targets[0].overall == pytest.approx(last.targets[0].overall, abs=0.05)


def test_unsure_below_the_threshold_or_without_any_mention(tmp_path: Path) -> None:
    def unsure(threshold: float, finder: float, word: str) -> bool:
        tiny.write_model(tmp_path / "m", Calibration({}, threshold, finder))
        scorer = EncoderScorer(EncoderConfig(model=str(tmp_path / "m"), device="cpu"))
        return scorer.score([passage(word)])[0].targets[0].unsure

    assert unsure(1.0, 0.0, "mob")
    assert not unsure(0.0, 1.0, "mob")
    assert unsure(0.0, 1.0, "protesters")
    assert not unsure(0.0, 0.0, "protesters")


@pytest.fixture(scope="module", params=PRECISIONS)
def seeker(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> EncoderScorer:
    """Takes a part of the tokens for mentions."""
    folder = tiny.write_model(tmp_path_factory.mktemp("seekers") / "tiny", Calibration({}, 0.0, finder=0.51))
    return EncoderScorer(EncoderConfig(model=str(folder), device="cpu", precision=request.param))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(TEXT.split()), min_size=1, max_size=400).map(" ".join))
def test_what_is_found_lies_in_the_text_apart_from_what_is_given(seeker: EncoderScorer, text: str) -> None:
    known = replace(query("police", text), sought=True)
    unknown = TargetQuery(id="mob", name="mob", sought=True)
    (score,) = seeker.score([Passage(text=text, targets=(known, unknown, replace(unknown, sought=False)))])
    for asked, target in zip((known, unknown), score.targets, strict=False):
        spans = sorted((*asked.spans, *target.found))
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert all(before.end < after.start + 1 for before, after in pairwise(spans))
        assert all(text[span.start].isalnum() and text[span.end - 1].isalnum() for span in target.found)
    assert score.targets[2].found == ()


@pytest.mark.parametrize(("doubt", "kept"), [(0.0, True), (1.0, False)])
def test_a_mention_is_doubted_only_where_the_scorer_may(tmp_path: Path, doubt: float, kept: bool) -> None:
    text = "The cabinet acted while the mob blamed it"
    folder = tiny.write_model(tmp_path / "m", Calibration({}, 0.0, finder=1.0, doubt=doubt))
    asked = query("cabinet", text)
    sure = replace(asked, sought=True)
    passage = Passage(text=text, targets=(replace(sure, doubtable=asked.spans), sure, asked))
    seen, firm, given = EncoderScorer(EncoderConfig(model=str(folder), device="cpu")).score([passage])[0].targets
    assert seen.kept == (asked.spans if kept else ())
    assert firm.kept == asked.spans
    assert given.kept is None


def test_a_target_is_read_from_what_is_found_of_it(seeker: EncoderScorer) -> None:
    text = "The cabinet acted while the mob blamed police and government said no"
    sought = TargetQuery(id="mob", name="mob", sought=True)
    (score,) = seeker.score([Passage(text=text, targets=(sought,))])
    (target,) = score.targets
    assert target.found
    (told,) = seeker.score([Passage(text=text, targets=(replace(sought, spans=target.found, sought=False),))])
    assert told.targets[0].overall == nearly(seeker, target.overall)
    (blind,) = seeker.score([Passage(text=text, targets=(replace(sought, sought=False),))])
    assert blind.targets[0].overall != target.overall


def test_what_is_found_is_the_same_in_any_company(seeker: EncoderScorer) -> None:
    items = [
        Passage(text=TEXT * (1 + number), targets=(replace(query("mob"), sought=number % 2 == 0), query("police")))
        for number in range(6)
    ]
    assert seeker.score(items) == [seeker.score([item])[0] for item in items]


def test_fingerprint_says_what_changes_results(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = EncoderConfig(model=str(folder), device="cpu")
    other = tiny.write_model(tmp_path / "m", Calibration({"overall": Scale(3.0)}, 0.4, 0.5))
    prints = {
        identity.fingerprint(config)
        for config in (
            plain.model_copy(update={"precision": "float32"}),
            plain.model_copy(update={"precision": "int8"}),
            plain.model_copy(update={"model": str(other), "precision": "int8"}),
        )
    }
    assert len(prints) == 3
    rounded = plain.model_copy(update={"precision": "bfloat16"})
    sums = set()
    for flags in ({"amx_bf16"}, {"avx512_bf16"}):
        monkeypatch.setattr(identity, "processor_flags", lambda flags=flags: frozenset(flags))
        sums.add(identity.fingerprint(rounded))
    assert len(sums) == 2
    monkeypatch.undo()
    assert identity.fingerprint(plain.model_copy(update={"threads": 2})) == EncoderScorer(plain).fingerprint


def test_cuda_that_is_not_there_is_a_wrong_config(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "_cuda", lambda: False)
    with pytest.raises(ConfigError, match="no CUDA device"):
        EncoderScorer(EncoderConfig(model=str(folder), device="cuda"))
    monkeypatch.setattr(identity, "_cuda", lambda: True)
    assert identity.precision(EncoderConfig(model=str(folder))) == "bfloat16"
    with pytest.raises(ConfigError, match="int8"):
        identity.precision(EncoderConfig(model=str(folder), precision="int8"))


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("fpu avx2 avx512_vnni amx_bf16", "bfloat16"),
        ("fpu avx2 avx512_vnni avx512_bf16", "int8"),
        ("fpu avx2", "float32"),
    ],
)
def test_auto_takes_what_the_processor_is_made_for(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: str, expected: str
) -> None:
    (tmp_path / "cpuinfo").write_text(f"processor : 0\nflags : {flags}\n")
    monkeypatch.setattr(identity, "PROCESSOR", tmp_path / "cpuinfo")
    identity.processor_flags.cache_clear()
    try:
        plain = EncoderConfig(model=str(folder), device="cpu")
        assert identity.precision(plain) == expected
    finally:
        identity.processor_flags.cache_clear()


def test_a_batch_too_large_for_cuda_is_halved(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scorer = EncoderScorer(EncoderConfig(model=str(folder), device="cpu", precision="float32"))
    expected = scorer.score([passage("mob", "cabinet")])[0]
    scorer.device = SimpleNamespace(type="cuda")  # type: ignore[assignment] - takes the path of CUDA
    forward = scorer._forward
    limit = [2]

    def narrow(model: Model, items: list[Window]) -> tuple[list[Window], Output]:
        if len(items) > limit[0]:
            raise torch.cuda.OutOfMemoryError("full")
        scorer.device = torch.device("cpu")
        try:
            return forward(model, items)
        finally:
            scorer.device = SimpleNamespace(type="cuda")  # type: ignore[assignment]

    scorer._model  # noqa: B018 - read before the device is a double
    monkeypatch.setattr(scorer, "_forward", narrow)
    items = [Passage(text=TEXT * (1 + number), targets=(query("mob"),)) for number in range(5)]
    results = scorer.score([passage("mob", "cabinet"), *items])
    assert results[0].targets[1].overall == pytest.approx(expected.targets[1].overall, abs=2e-5)
    assert scorer._tokens < CUDA_TOKENS
    limit[0] = 0
    with pytest.raises(ScorerError, match="no memory"):
        scorer.score(items[:1])


@pytest.mark.parametrize("precision", PRECISIONS[1:])
def test_other_precisions_stay_near_float32(folder: Path, precision: str) -> None:
    plain = EncoderConfig(model=str(folder), device="cpu", precision="float32")
    one, other = (
        EncoderScorer(config).score([passage("mob")])[0].targets[0]
        for config in (plain, plain.model_copy(update={"precision": precision}))
    )
    assert one.overall == pytest.approx(other.overall, abs=0.03)


def test_a_voice_is_neutral_so_far_as_the_speaker_may_have_no_stance(scorer: EncoderScorer) -> None:
    """With his name the chance that he has one is read from it, without it is a share; nobody looked: it is certain."""
    plain = passage("mob", "cabinet")
    ((raw, _), (named, _), (nameless, _)) = (
        [target.voices[0] for target in scorer.score([replace(plain, names=names)])[0].targets]
        for names in ((), ((Span(4, 11),),), ((),))
    )
    assert nameless.against == nearly(scorer, UNNAMED * raw.against)
    assert nameless.neutral == nearly(scorer, UNNAMED * raw.neutral + 1 - UNNAMED)
    chance = named.favor / raw.favor
    assert 0 < chance < 1
    assert named == nearly(scorer, (chance * raw.against, 1 - chance + chance * raw.neutral, chance * raw.favor))
