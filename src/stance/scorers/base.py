"""The protocol every scorer keeps, and nothing else. `tests/contract/` holds each implementation to it."""

from collections.abc import Sequence
from typing import Protocol

from stance.records import Passage, PassageScore


class Scorer(Protocol):
    """A model that turns passages into probabilities.

    Promises, checked by the contract suite: one result per passage in the order given, one target score per query and
    one triple per voice in their order; every triple sums to 1 within 1e-6 with parts in [0, 1]; equal passages get
    equal results whatever stands beside them in the call; long text is read in windows and never cut; the evidence is
    a valid span of the text; mentions are found only of targets that are sought; an empty list gives an empty list.
    """

    @property
    def fingerprint(self) -> str:
        """Content id of everything that can change a result: weights, code version, options, device if it matters."""
        ...

    def score(self, passages: Sequence[Passage]) -> list[PassageScore]:
        """Score passages.

        Raises:
            ScorerError: the scorer could not answer; `retryable` says whether to try again.
        """
        ...
