"""Reading long text in windows with the readers that Hugging Face checkpoints bring; shared by `nli` and `pair`.

What belongs here: cutting a text into overlapping pieces that fit, and weighing what was read in them. The embedded
encoder windows its own tokens, since it reads mentions and names from them.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.records import Span

OVERLAP = 32
"""Tokens that neighbouring windows share, so that no clause is only ever seen in halves."""
OTHER_WINDOWS = 0.25
"""Weight of a window that does not name the target beside 1 for one that does."""


def windows(text: str, tokenizer: Any, room: int) -> list[Span]:  # noqa: ANN401 - transformers' tokenizers are untyped
    """Cut a text into pieces of at most `room` tokens that overlap and together cover it.

    Args:
        text: the text.
        tokenizer: a fast tokenizer, one that gives offsets.
        room: tokens that a piece may have, special ones not counted.
    """
    offsets = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)["offset_mapping"]
    if len(offsets) <= room:
        return [Span(0, len(text))]
    step = max(1, room - OVERLAP)
    starts = range(0, len(offsets) - min(OVERLAP, room - 1), step)
    pieces = [(offsets[start][0], offsets[min(start + room, len(offsets)) - 1][1]) for start in starts]
    return [
        Span(0 if number == 0 else start, len(text) if number == len(pieces) - 1 else end)
        for number, (start, end) in enumerate(pieces)
    ]


def weights(pieces: Sequence[Span], mentions: Sequence[Span]) -> NDArray[np.float64]:
    """Weigh windows by whether they name the target.

    Returns:
        Shape (windows,), summing to 1; equal weights if no window names it.
    """
    named = np.array([any(m.start < piece.end and piece.start < m.end for m in mentions) for piece in pieces])
    raw: NDArray[np.float64] = np.where(named, 1.0, OTHER_WINDOWS) if named.any() else np.ones(len(pieces))
    return np.asarray(raw / raw.sum(), dtype=np.float64)
