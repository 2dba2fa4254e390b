"""What human labels do to a number: arithmetic on plain arrays; needs numpy and pandas alone.

What belongs here: the corrected mean of a whole target and the corrected means of its cells. What does not: tables,
options. The evidence folder ships a copy of this file too.

Two estimates, for two questions. The whole (all outlets, all periods) leans on no assumption about the scorer: it is
the labels' own weighted mean, moved by the slopes of the labels on what the scorer says times the difference between
the scorer's mean over the corpus and over the labelled pairs: the survey samplers' regression estimator (Särndal,
Swensson & Wretman 1992), which with one number of the scorer's is prediction-powered inference with the best tuning
(PPI++: Angelopoulos, Duchi & Zrnic 2023), for pairs drawn with unequal chances (Zrnic & Candès 2024). The numbers are
the shares against and in favour of the pair's article, whose other paragraphs tell of this one too, and how far the
pair lies from them. The labelled pairs are part of the corpus, so its sampling does not lower the slopes, as it does
where the two are apart.

A cell (one outlet, one week) has too few labels for that: its regression estimate is drawn toward what the other cells
lead to expect, the more so the fewer labels it has (Fay & Herriot 1979): a plane in the scorer's own numbers, as a
scorer that often errs mutes the differences between cells. Its slopes are expected to undo the scorer's errors as the
labelled pairs show them (adjusted counts: Forman 2008), its numbers to be as far apart as the cells truly are, not as
few articles make them (Efron & Morris 1972). The spread of the cells around the plane is averaged over instead of
fixed, as few labels do not tell it; the less the labels tell of how the scorer errs, the wider it is expected to be.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from stance.estimate.formulas import Codes, Flags, Floats, Ratio, sums

STRENGTHS = (0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 100)
"""How hard slopes may be drawn to what a scorer without errors would have, against the labels' own weight of 1."""
ROUNDING = 1e-10
"""Squares smaller than this part of the largest are what rounding leaves, as where all of an article is labelled."""
STEPS = 30
"""Of expectation maximisation. It starts from cells that differ too much, so that stopping early draws them less."""
EXPECTED_SLOPE = 0.2
"""Scale of the normal weight of how far slopes between cells stray from those between pairs, before any label is seen.
"""
SPREADS = np.geomspace(0.003, 0.5, 40)
"""Standard deviations of cells around that plane that are weighed against each other, for a range of 1."""
EXPECTED_SPREAD, FACTOR = 0.01, 2.5
"""Log-normal weight of those before any label is seen: a point in a hundred, give or take this factor."""
EXPECTED_APART = 0.15
"""How far cells' stances are from each other, before anything is seen: what a scorer that says nothing leaves open."""
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
    """What the scorer says of its article: mean probabilities of against and favor. *Shape:* (n_labelled, n_signs)."""
    apart: Floats
    """How far what it says of the pair lies from that: zero in the mean of every article. Same shape."""


class Corrected(NamedTuple):
    """A corrected whole, by measure; every array but `slope` has *Shape:* (n_measures,)."""

    value: Floats
    variance: Floats
    slope: Floats
    """How far each sign of the scorer is leant on, and then each of `apart`; zeros leave the labels alone.
    *Shape:* (2 * n_signs, n_measures)."""
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


def whole(labelled: Labelled, mean: Floats, noise: Floats, identity: Floats, low: Floats, high: Floats) -> Corrected:
    """Correct the mean over all pairs of a target.

    The variance is a jackknife's: each story's residual is what is left of it when the slopes are fitted without it,
    divided by the part of the estimate that is not its own.

    Args:
        labelled: at least three stories.
        mean: mean of each sign over the corpus. *Shape:* (n_signs,).
        noise: sampling covariance of these between stories. *Shape:* (n_signs, n_signs).
        identity: what each sign adds to each measure. *Shape:* (n_signs, n_measures).
        low: lowest legal value of each measure. *Shape:* (n_measures,).
        high: highest legal value of each measure, same shape.
    """
    weight = labelled.weight / labelled.weight.sum()
    heavy = weight * labelled.present
    alone = heavy @ labelled.human / heavy.sum()
    count = len(np.unique(labelled.cluster))
    signs = np.hstack([labelled.signs, labelled.apart])
    guess = weight @ signs
    human = _by_cluster(labelled, heavy[:, None] * (labelled.human - alone) / heavy.sum())
    scorer = _by_cluster(labelled, weight[:, None] * (signs - guess))
    own = _by_cluster(labelled, weight[:, None])[:, 0]
    scale = count / (count - 1)
    simple = human / np.maximum(1 - own, 0.1)[:, None]
    slope, rest, fitted = _leaning(human, scorer, own, np.vstack([identity, identity]))
    shared = np.einsum("im,ij,jm->m", slope[: len(mean)], noise, slope[: len(mean)])
    value = alone + mean @ slope[: len(mean)] - guess @ slope
    middle = np.clip(value, low, high)
    room = ((middle - low) ** 2 + (high - middle) ** 2) / 2 / (count * (count - 1))
    return Corrected(
        value=value,
        variance=(rest**2).sum(axis=0) / scale + room + shared,
        slope=slope,
        noise=shared,
        clusters=count,
        free=_free(own, fitted),
        alone=alone,
        alone_variance=(simple**2).sum(axis=0) / scale + room,
    )


def _leaning(human: Floats, scorer: Floats, own: Floats, identity: Floats) -> tuple[Floats, Floats, float]:
    """Slopes of what humans say on what the scorer says, as few labels allow.

    A scorer whose probabilities mean what they say has the slopes `identity`. Fitted ones are better, but cost as much
    as they gain where labels are few; so they are drawn to `identity`, as hard as predicts stories left out best.

    Args:
        human: each story's part of the labels' mean. *Shape:* (n_stories, n_measures).
        scorer: the same of the signs. *Shape:* (n_stories, n_signs).
        own: weight of each story. *Shape:* (n_stories,).
        identity: *Shape:* (n_signs, n_measures).

    Returns:
        Slopes, residuals of stories left out in turn, and how many slopes were fitted, which need not be whole.
    """
    mass = scorer.T @ scorer
    size = np.maximum((human**2).sum(axis=0), np.finfo(float).tiny)
    best: tuple[float, Floats, Floats, float] | None = None
    for strength in STRENGTHS:
        toward = strength * np.diag(np.diag(mass))
        inverse = np.linalg.pinv(mass + toward, ROUNDING, hermitian=True)
        slope = inverse @ (scorer.T @ human + toward @ identity)
        leant = ((scorer @ inverse) * scorer).sum(axis=1)
        rest = (human - scorer @ slope) / np.maximum(1 - leant - own, 0.1)[:, None]
        loss = float(((rest**2).sum(axis=0) / size).sum())
        if best is None or loss < best[0]:
            best = loss, slope, rest, float(np.trace(inverse @ mass))
    assert best is not None
    return best[1:]


def _free(own: Floats, fitted: float) -> float:
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
    muted, doubt, answers, lost = _muted(labelled, scorer.identity)
    scorer = _steadied(scorer, EXPECTED_APART**2 * answers.T @ answers)
    size = len(scorer.value)
    span = high - low
    present = labelled.present[:, None]
    seen_as = present * np.where(present > 0, labelled.human, 0) + (1 - present) * result.value
    slope = result.slope * (labelled.weight @ labelled.present / labelled.weight.sum())
    rest = seen_as - np.hstack([labelled.signs, labelled.apart]) @ slope
    slope = slope[: labelled.signs.shape[1]]
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
    # rare stances differ less between cells than common ones: as their standard deviations do
    unit = 2 * span * np.sqrt(place * (1 - place))
    apart = apart - shift @ muted
    parts = _pooled(
        apart / unit,
        noise / unit**2,
        shift[:, :, None] / unit,
        doubt,
        seen,
        np.hypot(EXPECTED_SPREAD, EXPECTED_APART * lost),
    )
    error, variance, plane, trust = parts
    error = error + shift @ muted / unit
    plane = plane + muted + scorer.identity
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


def _steadied(scorer: Scorer, expected: Floats) -> Scorer:
    """Draw the scorer's means of cells toward the mean of all, as far as their sampling noise asks for.

    How much cells truly differ is found by expectation maximisation, and raised by what so few cells underrate it
    (Efron & Morris 1972); up to four cells, where that has no bound, nothing is drawn.

    Args:
        scorer: what the scorer says of the cells.
        expected: covariance of the true means before any is seen; weighs as `n_signs + 2` cells do.
            *Shape:* (n_signs, n_signs).
    """
    known = np.flatnonzero(np.isfinite(scorer.means).all(axis=1) & np.isfinite(scorer.noise).all(axis=(1, 2)))
    count, signs = len(known), scorer.means.shape[1]
    if count <= signs + 2:
        return scorer
    means, noise = scorer.means[known], scorer.noise[known] + 1e-12 * np.eye(signs)
    true = np.cov(means.T).reshape(signs, signs)
    for _ in range(STEPS):
        middle, keep, _ = _drawn(means, noise, true)
        away = np.einsum("cij,cj->ci", keep, means - middle)
        true = (away.T @ away + (true - keep @ true).sum(axis=0)) / count
    true = (true * count + expected * (signs + 2)) / (count - signs - 2)
    middle, keep, doubt = _drawn(means, noise, true)
    moved = middle + np.einsum("cij,cj->ci", keep, means - middle) - means
    lost = np.eye(signs) - keep
    value, found, left = scorer.value.copy(), scorer.means.copy(), scorer.noise.copy()
    value[known] += moved @ scorer.identity
    found[known] += moved
    left[known] = true - keep @ true + lost @ doubt @ lost.transpose(0, 2, 1)
    return Scorer(value, found, left, scorer.identity)


def _drawn(means: Floats, noise: Floats, true: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean of all cells, part that each keeps of its distance from it, covariance of the mean."""
    inverse = np.linalg.inv(true + noise)
    doubt = np.linalg.inv(inverse.sum(axis=0))
    return doubt @ np.einsum("cij,cj->i", inverse, means), true @ inverse, doubt


def _muted(labelled: Labelled, identity: Floats) -> tuple[Floats, Floats, Floats, float]:
    """Slopes that differences between cells have on the scorer's, less `identity`, if it errs alike in all cells.

    Its answers are fitted to the humans' pair by pair, and the fit is turned round.

    Returns:
        Slopes. *Shape:* (n_signs, n_measures). Their covariance. *Shape:* (n_measures, n_signs, n_signs). What the
        scorer's answers gain when the humans' do. *Shape:* (n_signs, n_signs). The part of this that so few labels do
        not tell from nothing, and the slopes leave out: 0 to 1.
    """
    weight = labelled.weight * labelled.present
    weight = weight / (weight.sum() or 1.0)
    human = np.where(labelled.present[:, None] > 0, labelled.human, 0) @ np.linalg.pinv(identity)
    said = labelled.signs + labelled.apart
    human, said = (part - weight @ part for part in (human, said))
    inverse = np.linalg.pinv(human.T @ (weight[:, None] * human), hermitian=True)
    fit = inverse @ (human.T @ (weight[:, None] * said))
    rest = said - human @ fit
    error = rest.T @ (weight[:, None] * rest) * (weight**2).sum()
    turned = np.linalg.pinv(fit.T @ fit + error * np.trace(inverse), hermitian=True) @ fit.T
    slope = turned @ identity
    spread = np.einsum("im,ij,jm->m", slope, error, slope)
    doubt = spread[:, None, None] * (turned @ inverse @ turned.T) + EXPECTED_SLOPE**2 * np.eye(len(slope))
    lost = float(np.linalg.norm(np.eye(len(fit)) - fit @ turned, 2))
    return slope - identity, doubt, fit, lost


def degrees(found: Cells, clusters: Codes, free: float) -> Floats:
    """Degrees of freedom of the cells' variances (Satterthwaite 1946), the least of all measures.

    Only half of a cell's sampling noise is its own (`cell_noise`): it counts as four times its stories.

    Args:
        found: the cells.
        clusters: stories of each. *Shape:* (n_cells,).
        free: degrees of freedom of what the labels say.

    Returns:
        *Shape:* (n_cells,).
    """
    stories = 4.0 * np.maximum(clusters - 1, 1)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        both = (found.sampling + found.variance) ** 2 / (found.sampling**2 / stories + found.variance**2 / free)
    return np.asarray(both.min(axis=1), np.float64)


def _pooled(
    own: Floats, noise: Floats, shift: Floats, prior: Floats, seen: Flags, expected: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """Errors for a range of 1: mean, variance, slopes, trust in the cell's own labels, by measure.

    For a given spread the errors are a plane in the scorer's numbers plus what is the cell's own; intercept and slopes
    have their least-squares posterior. All is averaged over the spread between cells, which all measures share.
    """
    between = SPREADS[:, None, None] ** 2
    inverse = np.where(seen[:, None], 1 / (noise + between), 0)
    design = np.concatenate([np.ones((len(own), 1, own.shape[1])), shift], axis=1)
    mass = np.einsum("scm,cim,cjm->smij", inverse, design, design)
    mass[:, :, 1:, 1:] += np.linalg.inv(prior)
    spread = np.linalg.inv(mass)
    fitted = np.einsum("smij,scm,cjm,cm->smi", spread, inverse, design, own)
    line = np.einsum("smi,cim->scm", fitted, design)
    misfit = (inverse * own * (own - line)).sum(axis=1)
    likely = (np.log(np.where(seen[:, None], inverse, 1)).sum(axis=1) - np.linalg.slogdet(mass)[1] - misfit) / 2
    log_weight = likely.sum(axis=1) * shift.shape[1] / own.shape[1]
    log_weight -= (np.log(SPREADS / expected) / np.log(FACTOR)) ** 2 / 2
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    doubt = np.einsum("cim,smij,cjm->scm", design, spread, design)
    trust = np.where(seen[:, None], between / (noise + between), 0)
    mean = trust * own + (1 - trust) * line
    middle = np.einsum("s,scm->cm", weight, mean)
    variance = between * (1 - trust) + (1 - trust) ** 2 * doubt + (mean - middle) ** 2
    return (
        middle,
        np.einsum("s,scm->cm", weight, variance),
        np.einsum("s,smi->im", weight, fitted[:, :, 1:]),
        np.einsum("s,scm->cm", weight, trust),
    )


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
