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
ONE_ITEM = 0.02
"""Another processor may round one pair to another label: in 50 pairs or more a macro-F1 moves by less than this."""


def test_the_rows_are_those_of_the_floors() -> None:
    assert {name: sha256_bytes(path.read_bytes()) for name, path in FILES.items()} == FLOORS["files"]


@pytest.mark.slow
@pytest.mark.parametrize("model", sorted(FLOORS["models"]))
def test_shipped_model_keeps_its_floors(model: str) -> None:
    scorer = EncoderScorer(EncoderConfig(model=model, device="cpu"))
    for name, floors in FLOORS["models"][model].items():
        figures = evaluate(FILES[name], scorer)
        for head, floor in floors.items():
            one_item = max(ONE_ITEM, 1 / figures[head]["n"])
            assert figures[head]["macro_f1"] >= floor - one_item, f"{model}, {name}, {head}"
