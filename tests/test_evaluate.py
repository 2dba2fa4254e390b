"""Figures by hand, and what counts as missed, found and right."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stance.evaluate import Answers, evaluate, interval, mention_figures, metrics
from stance.labelled import parse_row
from stance.records import (
    HolderKind,
    Mention,
    Passage,
    PassageScore,
    Span,
    TargetScore,
    Triple,
    Utterance,
)
from tests.rows import CODEBOOK, TARGETED, TEXT

CLASSES = ("against", "neutral", "favor")


class Fixed:
    """Says the same of every target: overall against, author neutral, reported favor."""

    fingerprint = "fixed"

    def __init__(self) -> None:
        self.asked: list[Passage] = []

    def score(self, passages: Sequence[Passage]) -> list[PassageScore]:
        self.asked += passages
        target = TargetScore(
            overall=Triple(0.8, 0.1, 0.1), author=Triple(0.1, 0.8, 0.1), reported=Triple(0.1, 0.1, 0.8),
            voices=(), evidence=Span(0, 1), unsure=False,
        )  # fmt: skip
        heard = [replace(target, voices=(Triple(0.8, 0.1, 0.1),) * len(passage.voices)) for passage in passages]
        return [
            PassageScore(sentiment=Triple(0.6, 0.2, 0.2), targets=(said,) * len(passage.targets))
            for said, passage in zip(heard, passages, strict=True)
        ]


def answers(known: list[int], given: list[int], texts: list[int] | None = None) -> Answers:
    table = np.array([[0.0] * 3 if label < 0 else np.eye(3)[label] * 0.8 + 0.2 / 3 for label in given])
    return Answers(np.array(known), table, np.array(texts or range(len(known))))


def test_metrics_by_hand() -> None:
    figures = metrics(answers([0, 0, 1, 2], [0, 1, 1, -1]), CLASSES)
    assert figures["n"] == 4
    assert figures["accuracy"] == 0.5
    assert figures["per_class"]["against"]["f1"] == pytest.approx(2 / 3)
    assert figures["per_class"]["neutral"]["f1"] == pytest.approx(2 / 3)
    assert figures["per_class"]["favor"]["f1"] == 0
    assert figures["macro_f1"] == pytest.approx(4 / 9)
    assert figures["f1_against_favor"] == pytest.approx(1 / 3)
    assert figures["ece"] == pytest.approx(0.8 + 0.2 / 3 - 2 / 3)
    low, high = figures["interval"]
    assert low <= figures["macro_f1"] <= high


def test_no_labels_no_figures() -> None:
    assert metrics(answers([], []), CLASSES) == {"n": 0}


def test_interval_resamples_whole_texts() -> None:
    known = [0, 1, 2] * 40
    given = [0, 1, 2] * 20 + [1, 2, 0] * 20
    apart = interval(answers(known, given))
    together = interval(answers(known, given, [number // 30 for number in range(120)]))
    assert together[1] - together[0] > apart[1] - apart[0]


def write(folder: Path, *lines: str) -> Path:
    file = folder / "rows.jsonl"
    file.write_text("\n".join(lines))
    return file


def test_targeted_text_has_the_keys_at_the_top(tmp_path: Path) -> None:
    figures = evaluate(write(tmp_path, TARGETED), Fixed())
    assert {"n", "macro_f1", "f1_against_favor", "accuracy", "ece", "per_class"} <= set(figures)
    assert figures["n"] == 1
    assert figures["accuracy"] == 0


def test_codebook_rows_have_blocks(tmp_path: Path) -> None:
    scorer = Fixed()
    figures = evaluate(write(tmp_path, CODEBOOK), scorer)
    assert figures["overall"]["accuracy"] == 0.5
    assert figures["author"]["accuracy"] == 0.5
    assert figures["reported"]["n"] == 2
    assert figures["tone"]["accuracy"] == 1
    assert figures["mention_recall"] is None
    assert figures["speaker_accuracy"] is None
    assert [TEXT[a:b] for a, b in scorer.asked[0].targets[0].spans] == ["Police", "Colonel Bek", "the minister"]
    json.dumps(figures)


def find(text: str) -> list[Mention]:
    def mention(target: str, words: str) -> Mention:
        at = text.index(words)
        return Mention(target=target, start=at, end=at + len(words), text=words, alias=words)

    return [mention("government", "minister"), mention("government", "mob"), mention("russia", "left")]


def test_what_the_catalogue_misses_is_wrong(tmp_path: Path) -> None:
    scorer = Fixed()
    figures = evaluate(write(tmp_path, CODEBOOK), scorer, find)
    assert [target.id for target in scorer.asked[0].targets] == ["government"]
    assert figures["overall"]["n"] == 2
    assert figures["overall"]["per_class"]["neutral"]["recall"] == 0
    assert figures["mention_recall"] == pytest.approx(1 / 6)
    assert figures["mention_precision"] == pytest.approx(1 / 3)


def test_unrated_mentions_count_as_listed() -> None:
    raw = {"id": "u", "text": TEXT, "labels": [], "unrated": [{"target": "russia", "mentions": ["Police"]}]}
    found = [Mention(target="russia", start=0, end=6, text="Police", alias="x")]
    assert TEXT.startswith("Police")
    assert mention_figures([parse_row(json.dumps(raw), 1)], [found]) == {"mention_recall": 1, "mention_precision": 1}
    assert mention_figures([parse_row(json.dumps(raw), 1)], [[]])["mention_recall"] == 0


class Seeking(Fixed):
    """Finds every target that is sought in the words "Colonel Bek said"."""

    def score(self, passages: Sequence[Passage]) -> list[PassageScore]:
        at = TEXT.index("Colonel Bek")
        return [
            replace(
                score,
                targets=tuple(
                    replace(target, found=(Span(at, at + 16),) if query.sought else ())
                    for query, target in zip(passage.targets, score.targets, strict=True)
                ),
            )
            for passage, score in zip(passages, super().score(passages), strict=True)
        ]


def test_what_the_scorer_finds_counts_as_found(tmp_path: Path) -> None:
    scorer = Seeking()
    file = write(tmp_path, CODEBOOK)
    figures = evaluate(file, scorer, find, seek=lambda _: ["protesters", "russia"])
    assert [(query.id, query.sought) for query in scorer.asked[0].targets] == [
        ("government", False),
        ("protesters", True),
        ("russia", True),
    ]
    assert figures["overall"]["per_class"]["neutral"]["recall"] == 0
    assert figures["overall"]["ece"] == pytest.approx(0.3)
    # Found by the catalogue: one of three right; by the scorer: none of two, as "Colonel Bek" is the government's.
    assert figures["mention_recall"] == pytest.approx(1 / 6)
    assert figures["mention_precision"] == pytest.approx(1 / 5)
    assert evaluate(file, scorer, find, seek=lambda _: ["government"])["mention_recall"] == pytest.approx(2 / 6)


def test_a_target_that_is_sought_and_not_found_is_missed(tmp_path: Path) -> None:
    file = write(tmp_path, CODEBOOK)
    missed = evaluate(file, Fixed(), find)
    assert evaluate(file, Fixed(), find, seek=lambda _: ["government", "protesters"]) == missed
    assert evaluate(file, Fixed(), find, given_mentions=True, seek=lambda _: ["protesters"])["overall"]["n"] == 2


def test_given_mentions_still_measure_the_catalogue(tmp_path: Path) -> None:
    scorer = Fixed()
    figures = evaluate(write(tmp_path, CODEBOOK), scorer, find, given_mentions=True, names={"government": "the state"})
    assert [target.name for target in scorer.asked[0].targets] == ["the state", "protesters"]
    assert figures["mention_recall"] == pytest.approx(1 / 6)


def utterance(speaker: str) -> Utterance:
    return Utterance(
        start=0, end=5, direct=False, depth=1, speaker=speaker, speaker_span=None, holder="", distance=False,
        holder_kind=HolderKind.PERSON, holder_target="", cue="said",
    )  # fmt: skip


def test_opinions_of_others_are_held_to_what_is_listed_and_who_is_not_listed_informs(tmp_path: Path) -> None:
    """All speak in the sentence that names both targets, and the scorer has all against both."""
    speakers = ["the union", "Colonel Bek", "a cook"]

    def find(_: str) -> list[Utterance]:
        return [replace(utterance(name), holder=name) for name in speakers]

    figures = evaluate(write(tmp_path, CODEBOOK), Fixed(), find_voices=find)["others"]
    assert figures["n"] == 6
    assert figures["accuracy"] == pytest.approx(2 / 6)
    assert [figures["per_class"][name]["n"] for name in CLASSES] == [2, 3, 1]


@pytest.mark.parametrize(
    ("found", "share"), [(["the union", "Bek"], 1.0), (["union"], 0.5), (["", "somebody"], 0.0), ([], 0.0)]
)
def test_speakers_are_right_by_name_or_head_word(found: list[str], share: float, tmp_path: Path) -> None:
    figures = evaluate(
        write(tmp_path, CODEBOOK), Fixed(), find_voices=lambda text: [utterance(speaker) for speaker in found]
    )
    assert figures["speaker_accuracy"] == share
