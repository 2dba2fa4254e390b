"""A trained network as teacher: its probabilities on texts that nobody labelled, for a smaller network to learn.

What belongs here: asking the teacher. What does not: which texts are taught (`settings`) and the loss (`losses`).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch

from stance.model.data import UNKNOWN, Example, batches
from stance.model.network import HEADS
from stance.model.weights import Model
from stance.model.windows import collate, tells, windows

TOKENS = 4096


def taught(teacher: Model, examples: Sequence[Example]) -> list[Example]:
    """Return the examples with the teacher's calibrated answers in place of their labels.

    Of a long text's windows the last with the target's mention counts. The teacher has its own tokenizer: answers
    go by target, not by token (Hinton, Vinyals and Dean 2015, without their temperature: calibrated answers are soft).
    """
    items = windows([item.passage for item in examples], teacher.words)
    answers = [np.zeros((len(item.passage.targets), len(HEADS), 3), dtype=np.float32) for item in examples]
    scales = [teacher.calibration.scale(head) for head in HEADS]
    with torch.inference_mode():
        for numbers in batches(items, TOKENS):
            chosen = [items[number] for number in numbers]
            logits = teacher.network(collate(chosen, teacher.words.pad)).stance.double().numpy()
            for row, item in enumerate(chosen):
                for column, target in enumerate(item.targets):
                    if tells(item, column, examples[item.passage].passage):
                        for head, scale in enumerate(scales):
                            answers[item.passage][target, head] = scale.probabilities(logits[row, column, head])
    nothing = (UNKNOWN, UNKNOWN, UNKNOWN)
    return [
        replace(item, stances=(nothing,) * len(item.stances), taught=answer)
        for item, answer in zip(examples, answers, strict=True)
    ]
