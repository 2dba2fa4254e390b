"""Checkpoints of others: what is refused, and that label names decide and not their order."""

from itertools import pairwise
from pathlib import Path

import pytest
import torch

from stance.errors import ConfigError
from stance.records import Passage, Span, TargetQuery
from stance.scorers.config import NliConfig, PairConfig
from stance.scorers.nli import KNOWN_CONTRADICTED, KNOWN_ENTAILED, NliScorer
from stance.scorers.pair import PairScorer
from stance.scorers.windows import weights, windows
from tests.scorers import tiny

ENTAILED_FIRST = ["entailment", "neutral", "contradiction"]


def known(labels: list[str]) -> list[tuple[str, str, int]]:
    return [
        (*KNOWN_ENTAILED, labels.index("entailment")),
        (*KNOWN_CONTRADICTED, labels.index("contradiction")),
    ]


def test_nli_labels_in_the_wrong_order_are_refused(tmp_path: Path) -> None:
    model = tiny.save(tmp_path, ["contradiction", "neutral", "entailment"], teach=known(ENTAILED_FIRST))
    with pytest.raises(ConfigError, match="wrong order"):
        NliScorer(NliConfig(model=model))


def test_nli_reads_label_order_from_the_config(tmp_path: Path) -> None:
    asked = [Passage(text="the minister praised the strikers", targets=(TargetQuery(id="s", name="the strikers"),))]
    scores = []
    for number, labels in enumerate((ENTAILED_FIRST, ENTAILED_FIRST[::-1])):
        model = tiny.save(tmp_path / str(number), labels, teach=known(labels))
        scorer = NliScorer(NliConfig(model=model))
        assert scorer._checkpoint.labels == labels
        scores.append(scorer.score(asked)[0].targets[0].overall)
    assert all(sum(score) == pytest.approx(1) for score in scores)


def test_two_way_entailment_models_work(tmp_path: Path) -> None:
    labels = ["entailment", "not_entailment"]
    rows = [(*KNOWN_ENTAILED, 0), (*KNOWN_CONTRADICTED, 1)]
    scorer = NliScorer(NliConfig(model=tiny.save(tmp_path, labels, teach=rows)))
    assert scorer.score([Passage(text="the mob", targets=(TargetQuery(id="m", name="mob"),))])[0].windows == 1


def test_unknown_labels_are_refused_and_can_be_explained(tmp_path: Path) -> None:
    model = tiny.save(tmp_path, ["LABEL_0", "LABEL_1", "LABEL_2"])
    with pytest.raises(ConfigError, match="labels"):
        PairScorer(PairConfig(model=model))
    meanings = (("LABEL_0", "favor"), ("LABEL_1", "neutral"), ("LABEL_2", "against"))
    scorer = PairScorer(PairConfig(model=model, labels=meanings))
    assert scorer._checkpoint.labels == ["favor", "neutral", "against"]


def test_pair_probabilities_stand_in_our_order(tmp_path: Path) -> None:
    model = tiny.save(
        tmp_path,
        ["positive", "negative", "neutral"],
        teach=[
            ("the wonderful minister", "minister", 0),
            ("the vile minister", "minister", 1),
            ("the minister", "a", 2),
        ],
    )
    scorer = PairScorer(PairConfig(model=model))
    kind, cruel = scorer.score(
        [
            Passage(text=text, targets=(TargetQuery(id="m", name="minister"),))
            for text in ("the wonderful minister", "the vile minister")
        ]
    )
    assert kind.targets[0].overall.label == "favor"
    assert cruel.targets[0].overall.label == "against"


def test_author_is_read_outside_quotations_and_voices_inside(tmp_path: Path) -> None:
    model = tiny.save(
        tmp_path,
        ["against", "neutral", "favor"],
        teach=[("wonderful minister", "minister", 2), ("vile", "minister", 0), ("mob", "minister", 1)],
    )
    text = "wonderful minister vile"
    start = text.index("vile")
    (result,) = PairScorer(PairConfig(model=model)).score(
        [
            Passage(
                text=text,
                targets=(TargetQuery(id="m", name="minister", spans=(Span(10, 18),)),),
                voices=((Span(start, len(text)),),),
            )
        ]
    )
    (target,) = result.targets
    assert target.voices[0].label == "against"
    assert target.reported.label == "against"
    assert target.author.label == "favor"


def test_checkpoint_without_safetensors_is_refused(tmp_path: Path) -> None:
    model = Path(tiny.save(tmp_path, ["against", "neutral", "favor"]))
    torch.save({}, model / "pytorch_model.bin")
    (model / "model.safetensors").unlink()
    with pytest.raises(ConfigError, match="safetensors"):
        PairScorer(PairConfig(model=str(model)))


def test_hub_id_without_revision_is_refused() -> None:
    with pytest.raises(ValueError, match="revision"):
        NliConfig(model="someone/some-model")


def test_hub_id_is_not_fetched_unless_allowed() -> None:
    with pytest.raises(ConfigError, match="allow_download"):
        PairScorer(PairConfig(model="someone/some-model", revision="0" * 40))


def test_fingerprint_follows_weights_and_options(tmp_path: Path) -> None:
    labels = ["against", "neutral", "favor"]
    one = tiny.save(tmp_path / "one", labels)
    other = tiny.save(tmp_path / "other", labels, teach=[("mob", "mob", 0)])
    prints = {
        PairScorer(PairConfig(model=one)).fingerprint,
        PairScorer(PairConfig(model=one, unsure_below=0.6)).fingerprint,
        PairScorer(PairConfig(model=other)).fingerprint,
    }
    assert len(prints) == 3


def test_windows_cover_the_text_and_fit() -> None:
    reader = tiny.tokenizer(62)
    text = "the brave mob deserve our love . " * 60
    pieces = windows(text, reader, 40)
    assert pieces[0].start == 0
    assert pieces[-1].end == len(text)
    assert all(left.end >= right.start for left, right in pairwise(pieces))
    assert all(len(reader(text[p.start : p.end], add_special_tokens=False)["input_ids"]) <= 40 for p in pieces)


def test_windows_that_name_the_target_weigh_more() -> None:
    shares = weights([Span(0, 10), Span(10, 20), Span(20, 30)], [Span(12, 14)])
    assert shares.sum() == pytest.approx(1)
    assert shares[1] > shares[0] == shares[2]
