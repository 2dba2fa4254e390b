"""How far annotators agree, and where they do not.

What belongs here: Krippendorff's alpha by its library, conflicts. What does not: what a conflict means for an estimate.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import krippendorff
import numpy as np

from stance.annotate.records import ABSENT, ADJUDICATED, STANCES, Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Agreement on the overall stance toward one target."""

    target: str
    """Target id, or '' for all together."""
    pairs: int
    """Paragraphs that at least two annotators labelled for it."""
    annotators: int
    same: float | None
    """Share of these on which all agree; None if there are none."""
    alpha: float | None
    """Krippendorff's alpha with against < neutral < favor as an order, `absent` left out; None if it is undefined: no
    paragraph has two labels, or everybody always said the same."""
    alpha_nominal: float | None
    """The same with `absent` as a fourth word and all differences alike."""


def agreement(labels: Sequence[Label]) -> list[Agreement]:
    """Return the agreement on each target, then on all together; adjudicated labels do not count."""
    plain = [label for label in labels if label.annotator != ADJUDICATED]
    targets = sorted({label.target for label in plain})
    return [_agreement(target, [label for label in plain if target in ("", label.target)]) for target in [*targets, ""]]


def conflicts(labels: Sequence[Label]) -> list[tuple[Label, ...]]:
    """Return the labels of each pair on which annotators differ and nobody has adjudicated, ordered by pair."""
    return [group for group in _by_pair(labels) if len({label.overall for label in group}) > 1 and not _settled(group)]


def _settled(group: Sequence[Label]) -> bool:
    return any(label.annotator == ADJUDICATED for label in group)


def _by_pair(labels: Sequence[Label]) -> list[tuple[Label, ...]]:
    groups: dict[tuple[str, str], list[Label]] = defaultdict(list)
    for label in labels:
        groups[label.key].append(label)
    return [tuple(groups[key]) for key in sorted(groups)]


def _agreement(target: str, labels: Sequence[Label]) -> Agreement:
    several = [group for group in _by_pair(labels) if len(group) > 1]
    same = [len({label.overall for label in group}) == 1 for group in several]
    return Agreement(
        target=target,
        pairs=len(several),
        annotators=len({label.annotator for label in labels}),
        same=sum(same) / len(same) if same else None,
        alpha=_alpha(several, STANCES, "ordinal"),
        alpha_nominal=_alpha(several, (*STANCES, ABSENT), "nominal"),
    )


def _alpha(
    groups: Sequence[Sequence[Label]], words: Sequence[str], level: Literal["ordinal", "nominal"]
) -> float | None:
    """Alpha over the labels among `words`; *Shape* of the counts given to the library: (n_pairs, n_words)."""
    counts = np.array([[sum(label.overall == word for label in group) for word in words] for group in groups])
    counts = counts.reshape(-1, len(words))
    usable = counts[counts.sum(axis=1) > 1]
    if (usable.sum(axis=0) > 0).sum() < 2:
        return None
    return float(krippendorff.alpha(value_counts=usable, value_domain=range(len(words)), level_of_measurement=level))
