"""What human labels do to a number: arithmetic on plain arrays; needs numpy and pandas alone.

What belongs here: the corrected mean of a whole target and the corrected means of its cells. What does not: tables,
options. The evidence folder ships a copy of this file too.

Two estimates, for two questions. The whole (all outlets, all periods) leans on no assumption about the scorer: it is
the labels' own weighted mean, moved by the slopes of the labels on what the scorer says times the difference between
the scorer's mean over the corpus and over the labelled pairs. With one number of the scorer's that is
prediction-powered inference with the best tuning (PPI++: Angelopoulos, Duchi & Zrnic 2023) for pairs drawn with unequal
chances (Zrnic & Candès 2024); with two, its shares against and in favour, the survey samplers' regression estimator
(Särndal, Swensson & Wretman 1992).

A cell (one outlet, one week) has too few labels for that: its regression estimate is drawn toward what the other cells
lead to expect, the more so the fewer labels it has (Fay & Herriot 1979): a plane in the scorer's own numbers, as a
scorer that often errs mutes the differences between cells. The spread of the cells around it is averaged over instead
of fixed, so that few labels give wide intervals and never narrow wrong ones.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from stance.estimate.formulas import Codes, Flags, Floats, Ratio, sums

EXPECTED_SLOPE = 1.0
"""Scale of the normal weight of that plane's slopes before any label is seen; 0 is a scorer that mutes nothing."""
SPREADS = np.linspace(0.0, 0.5, 51)
"""Standard deviations of cells around that plane that are weighed against each other, for a range of 1."""
EXPECTED_SPREAD = 0.055
"""Scale of the half-normal weight of those before any label is seen: cells differ by some points in a hundred."""
IDENTITY = np.array([[1.0, -1.0, 0.0, -1.0], [0.0, -1.0, 1.0, 1.0]])
"""What the shares against and in favour add to against, neutral, favor and polarity."""


class Labelled(NamedTuple):
    """Pairs that humans labelled."""

    weight: Floats
    """What the pair counts in its cell, over its chance of being drawn. *Shape:* (n_labelled,)."""
    cluster: Codes
    """Story; pairs of one story are not independent. *Shape:* (n_labelled,)."""
    present: Floats
    """Share of annotators who see the target (or voice) there at all, in [0, 1]. *Shape:* (n_labelled,)."""
    human: Floats
    """Stance by those annotators; anything where `present` is 0. *Shape:* (n_labelled, n_measures)."""
    signs: Floats
    """What the scorer says of it: its probabilities of against and favor. *Shape:* (n_labelled, n_signs)."""


class Corrected(NamedTuple):
    """A corrected whole, by measure; every array but `slope` has *Shape:* (n_measures,)."""

    value: Floats
    variance: Floats
    slope: Floats
    """How far each sign of the scorer is leant on; zeros leave the labels alone. *Shape:* (n_signs, n_measures)."""
    noise: Floats
    """Part of the variance that more labels do not lower: the scorer's mean over more articles would."""
    clusters: int
    free: float
    """Degrees of freedom of the variance."""
    alone: Floats
    """Value from the labels alone."""
    alone_variance: Floats


def _by_cluster(labelled: Labelled, values: Floats) -> Floats:
    codes, found = pd.factorize(labelled.cluster)
    return sums(codes, values, len(found))


def whole(labelled: Labelled, mean: Floats, noise: Floats, low: Floats, high: Floats) -> Corrected:
    """Correct the mean over all pairs of a target.

    The variance is a jackknife's: each story's residual is divided by the part of the estimate that is not its own.

    Args:
        labelled: at least three stories.
        mean: mean of each sign over the corpus. *Shape:* (n_signs,).
        noise: sampling covariance of these between stories. *Shape:* (n_signs, n_signs).
        low: lowest legal value of each measure. *Shape:* (n_measures,).
        high: highest legal value of each measure, same shape.
    """
    weight = labelled.weight / labelled.weight.sum()
    heavy = weight * labelled.present
    alone = heavy @ labelled.human / heavy.sum()
    count = len(np.unique(labelled.cluster))
    guess = weight @ labelled.signs
    human = _by_cluster(labelled, heavy[:, None] * (labelled.human - alone) / heavy.sum())
    scorer = _by_cluster(labelled, weight[:, None] * (labelled.signs - guess))
    own = _by_cluster(labelled, weight[:, None])[:, 0]
    scale = count / (count - 1)
    inverse = np.linalg.pinv(scale * scorer.T @ scorer + noise, hermitian=True)
    slope = inverse @ (scale * scorer.T @ human)
    value = alone + (mean - guess) @ slope
    middle = np.clip(value, low, high)
    room = ((middle - low) ** 2 + (high - middle) ** 2) / 2 / (count * (count - 1))
    leant = scale * ((scorer @ inverse) * scorer).sum(axis=1)
    rest = (human - scorer @ slope) / np.maximum(1 - leant - own, 0.1)[:, None]
    simple = human / np.maximum(1 - own, 0.1)[:, None]
    shared = ((noise @ slope) * slope).sum(axis=0)
    return Corrected(
        value=value,
        variance=(rest**2).sum(axis=0) / scale + room + shared,
        slope=slope,
        noise=shared,
        clusters=count,
        free=_free(own, len(mean)),
        alone=alone,
        alone_variance=(simple**2).sum(axis=0) / scale + room,
    )


def _free(own: Floats, fitted: int) -> float:
    """Degrees of freedom: as many stories as there would be if all had the same weight, less what was fitted."""
    return max(1 / float((own**2).sum()) - 1 - fitted, 2.0)


class Cells(NamedTuple):
    """Corrected means of cells, by measure."""

    value: Floats
    """*Shape:* (n_cells, n_measures)."""
    variance: Floats
    """Without that of the scorer's means. Same shape."""
    sampling: Floats
    """What the sampling of the scorer's means adds to it. Same shape."""
    slope: Floats
    """Of the plane: what the corrected mean gains when the scorer's grows. *Shape:* (n_signs, n_measures)."""


def covariance(variance: Floats) -> Floats:
    """Covariance of the shares against and in favour, from the variances of all measures: polarity is their difference.

    Args:
        variance: of against, neutral, favor, polarity. *Shape:* (..., 4).

    Returns:
        *Shape:* (..., 2, 2).
    """
    against, favor, polarity = variance[..., 0], variance[..., 2], variance[..., 3]
    shared = (against + favor - polarity) / 2
    return np.stack([np.stack([against, shared], axis=-1), np.stack([shared, favor], axis=-1)], axis=-2)


def cell_noise(ratio: Ratio) -> Floats:
    """Sampling covariance of the shares against and in favour in cells, half their own and half what all cells share.

    A cell of a few stories knows little of its own variance.

    Returns:
        *Shape:* (n_cells, 2, 2); NaN if no cell has two stories.
    """
    own = covariance(ratio.variance)
    count = np.maximum(ratio.clusters, 1)[:, None, None].astype(np.float64)
    known: Flags = np.asarray(np.isfinite(own).all(axis=(1, 2)))
    mass = count[known].sum()
    pooled = (own[known] * count[known] ** 2).sum(axis=0) / (mass or np.nan) / count
    return np.asarray((np.where(known[:, None, None], own, pooled) + pooled) / 2)


class Scorer(NamedTuple):
    """What the scorer says of cells."""

    value: Floats
    """By measure. *Shape:* (n_cells, n_measures)."""
    means: Floats
    """The numbers that the plane is laid through, such as the shares against and in favour. *Shape:* (n_cells, n)."""
    noise: Floats
    """Sampling covariance of `means`. *Shape:* (n_cells, n, n)."""
    identity: Floats
    """What each of `means` adds to each measure. *Shape:* (n, n_measures)."""


def cells(labelled: Labelled, cell: Codes, scorer: Scorer, result: Corrected, low: Floats, high: Floats) -> Cells:
    """Correct the mean of every cell, drawn toward what its scorer's numbers and the other cells lead to expect.

    Args:
        labelled: the labelled pairs; their signs are those of `scorer.means`.
        cell: cell of each, in [0, n_cells). *Shape:* (n_labelled,).
        scorer: what the scorer says of the cells.
        result: corrected whole of the target; its value stands in where the target is absent.
        low: lowest legal value of each measure. *Shape:* (n_measures,).
        high: highest legal value of each measure, same shape.
    """
    size = len(scorer.value)
    span = high - low
    present = labelled.present[:, None]
    seen_as = present * np.where(present > 0, labelled.human, 0) + (1 - present) * result.value
    slope = result.slope * (labelled.weight @ labelled.present / labelled.weight.sum())
    rest = seen_as - labelled.signs @ slope
    weight = labelled.weight / np.bincount(cell, labelled.weight, size)[cell]
    left = sums(cell, weight[:, None] * rest, size)
    groups, found = pd.factorize(cell * (labelled.cluster.max() + 1) + labelled.cluster)
    home = found // (labelled.cluster.max() + 1)
    load = np.bincount(home, np.bincount(groups, weight, len(found)) ** 2, size)
    seen = np.bincount(cell, minlength=size) > 0
    free = max(len(rest) - int(seen.sum()), 1)
    inner = ((rest - left[cell]) ** 2).sum(axis=0) / free
    # the error per pair is never surely below this, however well the few labels of a cell agree
    inner = np.maximum(inner, span**2 / 4 / len(rest))
    noise = np.where(seen, load, 1)[:, None] * inner
    means = np.nan_to_num(scorer.means)
    shift = means - means[np.isfinite(scorer.means).all(axis=1)].mean(axis=0)
    apart = left + means @ slope - np.nan_to_num(scorer.value)
    place = np.clip((result.value - low) / span, 0.05, 0.95)
    # the same spread on the logit scale: rare stances differ less between cells than common ones
    unit = 4 * span * place * (1 - place)
    parts = [
        _pooled(apart[:, k] / unit[k], noise[:, k] / unit[k] ** 2, shift / unit[k], seen) for k in range(len(unit))
    ]
    error, variance, plane, trust = (np.stack(part, axis=-1) for part in zip(*parts, strict=True))
    plane = plane + scorer.identity
    gain = trust[:, None, :] * slope + (1 - trust[:, None, :]) * plane
    return Cells(
        value=scorer.value + error * unit,
        variance=variance * unit**2,
        sampling=np.einsum("cim,cij,cjm->cm", gain, scorer.noise, gain),
        slope=plane,
    )


def within(found: Cells, place: Codes, outlets: Floats, scorer: Scorer) -> Cells:
    """Corrected means of parts of cells, such as an outlet's weeks: the cell's own, moved along the plane.

    Args:
        found: the corrected cells.
        place: cell of each part. *Shape:* (n_parts,).
        outlets: the scorer's means of the cells. *Shape:* (n_cells, n).
        scorer: what the scorer says of the parts.
    """
    moved = (scorer.means - outlets[place]) @ found.slope
    sampling = np.einsum("im,cij,jm->cm", found.slope, scorer.noise, found.slope)
    return Cells(found.value[place] + moved, found.variance[place], sampling, found.slope)


def _pooled(own: Floats, noise: Floats, shift: Floats, seen: Flags) -> tuple[Floats, Floats, Floats, Floats]:
    """One measure's errors, for a range of 1: mean, variance, slopes, trust in the cell's own labels.

    For a given spread the errors are a plane in the scorer's numbers plus what is the cell's own; intercept and slopes
    have their least-squares posterior. All is averaged over the spread between cells.
    """
    between = SPREADS[:, None] ** 2
    inverse = np.where(seen, 1 / (noise + between), 0)
    design = np.column_stack([np.ones(len(own)), shift])
    mass = np.einsum("sc,ci,cj->sij", inverse, design, design)
    mass[:, np.arange(1, len(mass[0])), np.arange(1, len(mass[0]))] += 1 / EXPECTED_SLOPE**2
    spread = np.linalg.inv(mass)
    fitted = np.einsum("sij,sc,cj,c->si", spread, inverse, design, own)
    line = fitted @ design.T
    misfit = (inverse * own * (own - line)).sum(axis=1)
    log_weight = (np.log(np.where(seen, inverse, 1)).sum(axis=1) - np.linalg.slogdet(mass)[1] - misfit) / 2
    log_weight -= (SPREADS / EXPECTED_SPREAD) ** 2 / 2
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    doubt = np.einsum("ci,sij,cj->sc", design, spread, design)
    trust = np.where(seen, between / (noise + between), 0)
    mean = trust * own + (1 - trust) * line
    middle = weight @ mean
    variance = weight @ (between * (1 - trust) + (1 - trust) ** 2 * doubt + (mean - middle) ** 2)
    return middle, variance, weight @ fitted[:, 1:], weight @ trust


def to_halve(result: Corrected, labels: int, pairs: int) -> Floats:
    """Labels in all, drawn as before, that would halve the interval; NaN where all the corpus' pairs would not do it.

    Args:
        result: the corrected whole.
        labels: labels it rests on.
        pairs: pairs of the corpus.

    Returns:
        *Shape:* (n_measures,).
    """
    goal = result.variance / 4
    with np.errstate(divide="ignore", invalid="ignore"):
        leaning = np.where(
            goal > result.noise, (result.variance - result.noise) * labels / (goal - result.noise), np.inf
        )
        alone = result.alone_variance * labels / goal
    needed = np.ceil(np.minimum(leaning, alone))
    return np.where(needed <= pairs, needed, np.nan)
