"""Which paragraphs a human should read: samples in which every pair has a known chance.

What belongs here: designs, chances, drawing and extending. What does not: files, labels, estimates.

Each pair of a paragraph and a target has a random number of its own, made from the seed and its ids and never changed.
A pair is drawn if this number is small enough for its design. So a second draw extends the first, whatever its design
and whatever articles came in meanwhile, and the chance of a pair to be in any of the draws is the largest of its
chances in each (permanent random numbers: Ohlsson 1995). All draws of one corpus share one seed: the first one's.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from stance.annotate.records import STANCES, Drawn

Floats = NDArray[np.float64]
Design = Literal["simple", "stratified", "unsure"]
_LEAST_DOUBT = 0.2
"""Smallest doubt counted in the design `unsure`: no pair's chance falls below a quarter of another's."""


class SampleOptions(BaseModel):
    """How to draw."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    n: int = Field(default=200, ge=1)
    """New pairs to draw; fewer if the corpus has no more."""
    design: Design = "stratified"
    """`simple`: equal chances. `stratified`: chances by target × outlet × predicted stance, so that each of these has a
    part of the sample that grows with the square root of its size and small outlets and rare stances are seen.
    `unsure`: the more the scorer doubts, the likelier; good for correcting, bad for judging the scorer by eye."""
    seed: int = 0
    """Of the random numbers; an extension keeps the seed of what it extends."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """What can be drawn: one pair for each paragraph."""

    rows: pd.DataFrame
    number: Floats
    """Permanent random numbers in (0, 1)."""
    share: Floats
    """1 / targets of the paragraph: the chance that it is this target the paragraph is labelled for."""
    size: Floats
    """Relative chance of a pair, once it is its paragraph's turn."""


def draw(
    scores: pd.DataFrame,
    articles: pd.DataFrame,
    paragraphs: pd.DataFrame,
    options: SampleOptions,
    drawn: Sequence[Drawn] = (),
) -> list[Drawn]:
    """Draw pairs of a paragraph and one of its targets; no paragraph is ever drawn twice.

    Args:
        scores: the `scores` table.
        articles: the `articles` table; only the latest versions can be drawn.
        paragraphs: the `paragraphs` table, for the texts.
        options: how many, and with which chances.
        drawn: what earlier draws brought; they stay, and get their chances over all draws.

    Returns:
        Earlier pairs, in their order, and then the new ones, in random order.
    """
    options = options.model_copy(update={"seed": drawn[0].seed}) if drawn else options
    frame = _frame(scores, articles, options)
    old = {item.key: item for item in drawn}
    taken = {item.paragraph_id for item in drawn}
    is_old = frame.rows["paragraph_id"].isin(taken).to_numpy(bool)
    chosen, chances = _choose(frame, options.n, is_old)
    keys = zip(frame.rows["paragraph_id"], frame.rows["target"], strict=True)
    for key, chance in zip(keys, chances, strict=True):
        if key in old:
            old[key] = replace(old[key], probability=max(old[key].probability, float(chance)))
    number = max((item.draw for item in drawn), default=0) + 1
    return [*old.values(), *_records(frame, chosen, chances, articles, paragraphs, options, number)]


def _random(words: Iterable[str]) -> Floats:
    """One number in (0, 1) for each word, always the same one."""
    digests = b"".join(hashlib.blake2b(word.encode(), digest_size=8).digest() for word in words)
    return (np.frombuffer(digests, "<u8") >> 11).astype(np.float64) / 2**53 + 2.0**-54


def _numbers(seed: int, purpose: str, rows: pd.DataFrame) -> Floats:
    return _random(f"{seed}:{purpose}:{p}:{t}" for p, t in zip(rows["paragraph_id"], rows["target"], strict=True))


def _frame(scores: pd.DataFrame, articles: pd.DataFrame, options: SampleOptions) -> _Frame:
    latest = articles.loc[articles["latest"].to_numpy(bool), "article_id"]
    rows = scores[scores["article_id"].isin(latest)].sort_values(["paragraph_id", "target"], ignore_index=True)
    targets = rows.groupby("paragraph_id")["target"].transform("size").to_numpy(np.float64)
    turn = rows.assign(turn=_numbers(options.seed, "target", rows)).sort_values(["paragraph_id", "turn"])
    one = np.sort(turn.index[~turn["paragraph_id"].duplicated()].to_numpy())
    rows, share = rows.iloc[one].reset_index(drop=True), 1 / targets[one]
    return _Frame(rows, _numbers(options.seed, "draw", rows), share, _size(rows, options.design))


def _size(rows: pd.DataFrame, design: Design) -> Floats:
    """Relative chance of each pair."""
    if design == "simple":
        return np.ones(len(rows))
    if design == "unsure":
        return _doubt(rows)
    stratum = rows.groupby(["target", "outlet", "label"])["label"].transform("size").to_numpy(np.float64)
    return np.asarray(1 / np.sqrt(stratum), np.float64)


def _doubt(rows: pd.DataFrame) -> Floats:
    """Standard deviation of the stance by the scorer's own probabilities, at least `_LEAST_DOUBT`."""
    triple = rows[[f"overall_{stance}" for stance in STANCES]].to_numpy(np.float64)
    return np.asarray(np.sqrt(np.maximum(1 - (triple**2).sum(axis=1), _LEAST_DOUBT**2)), np.float64)


def _choose(frame: _Frame, n: int, old: NDArray[np.bool_]) -> tuple[NDArray[np.int64], Floats]:
    """Places of `n` new pairs, and the chance of every pair in a draw that brings so many."""
    n = min(n, int((~old).sum()))
    if not n:
        return np.empty(0, np.int64), np.zeros(len(old))
    whole = n + int(old.sum())
    total = n
    while True:
        chance = _chances(frame.size, total)
        place = np.where(chance < 1, frame.number / chance, 0)
        order = np.argsort(place, kind="stable")[:total]
        new = order[~old[order]]
        if len(new) >= n or total >= whole:
            return new[:n], chance * frame.share
        total = min(whole, total + n - len(new))


def _chances(size: Floats, total: int) -> Floats:
    """Split `total` in proportion to `size`, nobody above 1."""
    sure = np.zeros(len(size), bool)
    while True:
        free = size[~sure].sum()
        chance = np.where(sure, 1, size * ((total - sure.sum()) / free if free else 0))
        over = (chance >= 1) & ~sure
        if not over.any():
            return np.minimum(chance, 1)
        sure |= over


def _records(
    frame: _Frame,
    chosen: NDArray[np.int64],
    chances: Floats,
    articles: pd.DataFrame,
    paragraphs: pd.DataFrame,
    options: SampleOptions,
    number: int,
) -> list[Drawn]:
    rows = frame.rows.iloc[chosen]
    texts = paragraphs.set_index("paragraph_id")["text"]
    titles = articles.set_index("article_id")["title"]
    return [
        Drawn(
            paragraph_id=row["paragraph_id"],
            target=row["target"],
            article_id=row["article_id"],
            outlet=row["outlet"],
            published="" if pd.isna(row["published"]) else row["published"].date().isoformat(),
            title=str(titles[row["article_id"]]),
            text=str(texts[row["paragraph_id"]]),
            probability=float(chance),
            design=options.design,
            draw=number,
            seed=options.seed,
            predicted=row["label"],
            **{stance: round(float(row[f"overall_{stance}"]), 4) for stance in STANCES},
            unsure=bool(row["unsure"]),
            scorer=row["scorer"],
        )
        for row, chance in zip(rows.to_dict("records"), chances[chosen], strict=True)
    ]
