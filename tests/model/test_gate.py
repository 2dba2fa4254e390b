"""The evaluation gate: the shipped models against pinned floors on labelled data that ships and was never trained on.

Floors stand in `floors.json`; `benchmarks/model_floors.py` raises them and refuses to lower one without `--lower`.
"""

import json
from pathlib import Path

import pytest

from stance.evaluate import evaluate
from stance.ids import sha256_bytes
from stance.scorers.config import EncoderConfig
from stance.scorers.encoder import EncoderScorer

ROOT = Path(__file__).parents[2]
FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text())
FILES = {name: ROOT / "data" / name for name in FLOORS["files"]}
ONE_PAIR = 0.02
"""Another processor may round one pair to another label: in `MANY` pairs a macro-F1 moves by no more than this."""
MANY = 50


def test_the_rows_are_those_of_the_floors() -> None:
    assert {name: sha256_bytes(path.read_bytes()) for name, path in FILES.items()} == FLOORS["files"]


@pytest.mark.slow
@pytest.mark.parametrize("model", sorted(FLOORS["models"]))
def test_shipped_model_keeps_its_floors(model: str) -> None:
    scorer = EncoderScorer(EncoderConfig(model=model, device="cpu"))
    for name, floors in FLOORS["models"][model].items():
        figures = evaluate(FILES[name], scorer)
        for head, floor in floors.items():
            reached = figures[head]["macro_f1"] + ONE_PAIR
            if figures[head]["n"] < MANY:
                reached = max(reached, with_one_more_right(figures[head]["per_class"]))
            assert reached >= floor, f"{model}, {name}, {head}"


def with_one_more_right(per_class: dict[str, dict[str, float]]) -> float:
    """Return the macro-F1 if one pair that was read wrongly were read rightly, the one for which this is most."""
    right = [round(one["recall"] * one["n"]) for one in per_class.values()]
    there = [int(one["n"]) for one in per_class.values()]
    # Of a class that is never right nobody says how often it was read: at most always.
    read = [round(r / one["precision"]) if r else sum(there) for r, one in zip(right, per_class.values(), strict=True)]
    figures = (
        macro_f1(
            [r + (place == true) for place, r in enumerate(right)],
            [n + (place == true) - (place == wrong) for place, n in enumerate(read)],
            there,
        )
        for true in range(3)
        for wrong in range(3)
        if true != wrong and right[true] < there[true] and right[wrong] < read[wrong]
    )
    return max(figures, default=0.0)


def macro_f1(right: list[int], read: list[int], there: list[int]) -> float:
    """Return the mean over classes of the harmonic mean of precision and recall, from counts of pairs."""
    return sum(2 * r / (p + n) if p + n else 0.0 for r, p, n in zip(right, read, there, strict=True)) / len(right)


def test_one_pair_of_a_rare_class() -> None:
    per_class = {
        "against": {"precision": 6 / 7, "recall": 6 / 8, "n": 8},
        "neutral": {"precision": 1.0, "recall": 1 / 4, "n": 4},
        "favor": {"precision": 3 / 7, "recall": 1.0, "n": 3},
    }
    assert macro_f1([6, 1, 3], [7, 1, 7], [8, 4, 3]) == pytest.approx(0.6)
    assert with_one_more_right(per_class) == pytest.approx(macro_f1([6, 2, 3], [7, 2, 6], [8, 4, 3]))
    assert with_one_more_right({key: {"precision": 1.0, "recall": 1.0, "n": 3} for key in "abc"}) == 0
