"""What human labels say about the scorer: error rates by outlet and target, and whether they still apply.

What belongs here: rates with intervals, drift since the last labelling. What does not: corrected estimates.
"""

import numpy as np
import pandas as pd
from scipy.special import stdtr

from stance.estimate.formulas import Codes, Floats, guarded, interval, ratios
from stance.estimate.raw import critical
from stance.estimate.units import STANCES, UNDATED, corpus

LEAST = 5
"""Labelled stories under which a rate is not shown."""
RATES = tuple(f"{true}_as_{said}" for true in STANCES for said in STANCES)
SIGNS = ("confidence", "unsure", *STANCES)


def error_rates(scores: pd.DataFrame, articles: pd.DataFrame, human: pd.DataFrame) -> pd.DataFrame:
    """Say how often the scorer's label is the human one, for all pairs, by target, by outlet and by both.

    Every pair weighs the inverse of its chance of being drawn, so the rates are those of the corpus.

    Args:
        scores: the `scores` table.
        articles: the `articles` table.
        human: what humans said, by pair, as `annotate.labelling.human` returns it.

    Returns:
        `target` and `outlet` ('' for all together), `labels`, `stories`, `accuracy` with `low` and `high` (NaN under
        `LEAST` stories), `present` (share of pairs in which humans do see the target), and the joint shares of true and
        predicted stance, `against_as_neutral` and so on, which sum to 1.
    """
    known, story = _labelled(scores, articles, human)
    frames = []
    for target, outlet in ((False, False), (True, False), (False, True), (True, True)):
        keys = pd.DataFrame(
            {"target": known["target"] if target else "", "outlet": known["outlet"] if outlet else ""},
            index=known.index,
        )
        frames.append(_rates(known, keys, story))
    return pd.concat(frames, ignore_index=True).sort_values(["target", "outlet"], ignore_index=True)


def _labelled(scores: pd.DataFrame, articles: pd.DataFrame, human: pd.DataFrame) -> tuple[pd.DataFrame, Codes]:
    data = corpus(scores, articles)
    columns = ["paragraph_id", "target", "outlet", "label"]
    rows = data.scores[columns].assign(story=data.story[data.article])
    known = human[human["overall_present"].notna()].merge(rows, on=["paragraph_id", "target"])
    return known, known["story"].to_numpy(np.int64)


def _rates(known: pd.DataFrame, keys: pd.DataFrame, story: Codes) -> pd.DataFrame:
    groups = keys.groupby(["target", "outlet"])
    cell: Codes = groups.ngroup().to_numpy(np.int64).astype(np.int64)
    size = groups.ngroups
    true = np.nan_to_num(known[[f"overall_{stance}" for stance in STANCES]].to_numpy(np.float64))
    said = (known["label"].to_numpy()[:, None] == np.array(STANCES, object)).astype(np.float64)
    joint = (true[:, :, None] * said[:, None, :]).reshape(-1, 9)
    right = (true * said).sum(axis=1, keepdims=True)
    weight = 1 / known["probability"].to_numpy(np.float64)
    present = known["overall_present"].to_numpy(np.float64)
    ratio = ratios(cell, story, weight * present, np.column_stack([right, joint]), size)
    bounds = np.zeros(10), np.ones(10)
    value, low, high = interval(ratio.value, guarded(ratio, *bounds), critical(ratio.clusters), *bounds)
    few = ratio.clusters < LEAST
    names = keys.assign(cell=cell).drop_duplicates("cell").sort_values("cell", ignore_index=True)[["target", "outlet"]]
    return names.assign(
        labels=np.bincount(cell, minlength=size),
        stories=ratio.clusters,
        **{
            name: np.where(few, np.nan, part[:, 0])
            for name, part in (("accuracy", value), ("low", low), ("high", high))
        },
        present=np.bincount(cell, weight * present, size) / np.bincount(cell, weight, size),
        **{name: np.where(few, np.nan, value[:, 1 + place]) for place, name in enumerate(RATES)},
    )


def drift(scores: pd.DataFrame, articles: pd.DataFrame, human: pd.DataFrame) -> pd.DataFrame:
    """Compare the scorer's outputs on articles published after the last labelled one with those up to it.

    Where its confidence or doubt has moved, the labels may no longer say how it errs: label some of the new articles. A
    moved share of stances may be news, not drift.

    Args:
        scores: the `scores` table.
        articles: the `articles` table.
        human: what humans said, by pair.

    Returns:
        By target and sign (`SIGNS`): `before`, `after`, `change` with `low` and `high` (95 %), `p`, `stories_before`,
        `stories_after`, `since` (day of the last labelled article). No rows if nothing is labelled, or nothing came
        after.
    """
    data = corpus(scores, articles)
    rows = data.scores.reset_index(drop=True)
    day = data.day[data.article]
    labelled = pd.MultiIndex.from_frame(rows[["paragraph_id", "target"]]).isin(
        pd.MultiIndex.from_frame(human[["paragraph_id", "target"]])
    )
    last = int(day[labelled].max(initial=UNDATED))
    later = (day > last) & (day != UNDATED)
    if last == UNDATED or not later.any():
        return pd.DataFrame(columns=["target", "sign", "before", "after", "change", "low", "high", "p"])
    dated = day != UNDATED
    said = (rows["label"].to_numpy()[:, None] == np.array(STANCES, object)).astype(np.float64)
    signs = np.column_stack([rows["confidence"].to_numpy(np.float64), rows["unsure"].to_numpy(np.float64), said])
    cell = data.target * 2 + later
    size = 2 * len(data.targets)
    ratio = ratios(cell[dated], data.story[data.article][dated], np.ones(int(dated.sum())), signs[dated], size)
    variance = guarded(ratio, np.zeros(len(SIGNS)), np.ones(len(SIGNS)))
    return compared(ratio.value, variance, ratio.clusters, data.targets, last)


def compared(value: Floats, variance: Floats, clusters: Codes, targets: list[str], last: int) -> pd.DataFrame:
    """Say how far `SIGNS` have moved: the rows of `drift`.

    Args:
        value: means up to the last labelled day and after it, target by target. *Shape:* (2 n_targets, n_signs).
        variance: of these means. *Shape:* as `value`.
        clusters: stories under each. *Shape:* (2 n_targets,).
        targets: their ids, in order.
        last: that day, counted from 1970-01-01.
    """
    change = value[1::2] - value[::2]
    error = np.sqrt(variance[1::2] + variance[::2])
    fewer = np.minimum(clusters[1::2], clusters[::2])
    half = critical(fewer)[:, None] * error
    p = 2 * stdtr(np.maximum(fewer - 1, 1)[:, None], -np.abs(change) / error)
    frames = [
        pd.DataFrame(
            {
                "target": targets,
                "sign": sign,
                "before": value[::2, place],
                "after": value[1::2, place],
                "change": change[:, place],
                "low": np.maximum(change - half, -1)[:, place],
                "high": np.minimum(change + half, 1)[:, place],
                "p": p[:, place],
                "stories_before": clusters[::2],
                "stories_after": clusters[1::2],
                "since": pd.Timestamp(np.datetime64(last, "D")).date().isoformat(),
            }
        )
        for place, sign in enumerate(SIGNS)
    ]
    return pd.concat(frames, ignore_index=True).sort_values(["target", "sign"], ignore_index=True)
