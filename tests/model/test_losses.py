"""Labels of a batch and the loss over them."""

from pathlib import Path

import numpy as np
import torch

from stance.labelled import parse_row
from stance.model.data import UNKNOWN, Example, example
from stance.model.losses import labels, loss
from stance.model.network import Output
from stance.model.windows import Window, Words, windows
from tests.model import tiny
from tests.rows import CODEBOOK, TARGETED, TEXT


def prepared(folder: Path, *lines: str) -> tuple[list[Window], list[Example]]:
    examples = [example(parse_row(line, 1), np.random.default_rng(0)) for line in lines]
    return windows([known.passage for known in examples], Words(tiny.write_tokenizer(folder))), examples


def right_output(known: object) -> Output:
    def sure(target: torch.Tensor) -> torch.Tensor:
        return 50.0 * torch.nn.functional.one_hot(target.clamp(min=0), 3).float()

    return Output(
        stance=sure(known.stance),
        voices=sure(known.voices),
        tone=sure(known.tone),
        finder=100 * (known.finder - 0.5),
        attention=torch.zeros(1),
        shows=100 * (known.shows - 0.5),
        target=torch.zeros(1),
    )


def test_unknown_heads_are_masked(tmp_path: Path) -> None:
    items, examples = prepared(tmp_path, CODEBOOK, TARGETED)
    known = labels(items, examples)
    assert known.stance[0].tolist() == [[0, 1, 0], [1, 0, 1]]
    assert known.stance[1].tolist() == [[2, UNKNOWN, UNKNOWN], [UNKNOWN] * 3]
    assert known.tone.tolist() == [0, UNKNOWN]
    assert (known.finder[1] == -1).all()
    assert known.finder[0, 0].max() == 1
    assert (known.finder[0, :, 0] == -1).all()
    assert (known.shows[1] == -1).all()


def test_holders_are_marked_for_their_own_target_alone(tmp_path: Path) -> None:
    (item,), examples = prepared(tmp_path, CODEBOOK)
    known = labels([item], examples)
    places = [TEXT.index("the union"), TEXT.index("Colonel Bek")]
    marks = {token.start: known.shows[0, :, place].tolist() for place, token in enumerate(item.tokens, start=1)}
    assert [marks[place] for place in places] == [[1, 1], [0, 1]]
    assert marks[TEXT.index("the minister")] == [0, 0]


def test_the_right_answer_costs_nothing_and_a_wrong_one_much(tmp_path: Path) -> None:
    known = labels(*prepared(tmp_path, CODEBOOK, TARGETED))
    output = right_output(known)
    assert loss(output, known, 0.0, 3.0) < 1e-6
    output.stance[0, 0, 0] = torch.tensor([0.0, 50.0, 0.0])
    assert loss(output, known, 0.0, 3.0) > 5


def test_unknown_answers_do_not_count(tmp_path: Path) -> None:
    known = labels(*prepared(tmp_path, TARGETED))
    output = right_output(known)
    before = loss(output, known, 0.0, 3.0)
    output.tone[:] = 77.0
    output.voices[:] = -9.0
    output.stance[0, 0, 1:] = 5.0
    assert loss(output, known, 0.0, 3.0) == before
