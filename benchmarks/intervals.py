"""Do the intervals hold? Simulated corpora with a known truth, corrected by simulated labels.

    python benchmarks/intervals.py [--repetitions 1000] [--labels 100 200 500] [--confusion FILE] [--write]

Each repetition makes 20 outlets with their own stances and sizes, articles whose paragraphs lean the same way, a
scorer that errs as the confusion file says (in each outlet alike, or in each somewhat differently), draws labels, and
asks whether the 95 % interval holds the true mean. Where the file has the scorer's answers, their probabilities are
drawn from those of the same true and said stance; else they are made up. Printed: how often the interval holds the
truth, for the scorer alone (`raw`), the labels alone and both (`corrected`), and how wide the corrected interval is
against that of the labels alone.

The truth is that of the news the corpus is a sample of, not of the corpus at hand. Exit status 1 if in a setting with
at least 100 labels a corrected interval of the whole covers the truth in less than 93 or more than 97 % of cases, or
one of an outlet, which rests on a twentieth of the labels, in less than 93 %.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pages import NUMBERS, put

from stance.estimate.confusion import Confusion, shipped
from stance.estimate.correction import SIGNS
from stance.estimate.formulas import Ratio, guarded, interval, ratios, sums
from stance.estimate.raw import quantile
from stance.estimate.rectify import (
    IDENTITY,
    Corrected,
    Labelled,
    Scorer,
    cell_noise,
    cells,
    covariance,
    degrees,
    whole,
)
from stance.estimate.units import HIGH, LOW, MEASURES

Floats = NDArray[np.float64]
OUTLETS = 20
ARTICLES = 2_000
PARAGRAPHS = 5
LEAN = 3.0
"""Sum of the Dirichlet parameters of an article's stances around its outlet's: lower means paragraphs agree more."""
SPREAD = 12.0
"""The same for outlets around the mean of all."""
MEAN = np.array([0.40, 0.38, 0.22])
ASKED = (0.93, 0.97)


@dataclass(frozen=True)
class World:
    """One simulated corpus; arrays by paragraph unless said otherwise."""

    outlet: NDArray[np.int64]
    article: NDArray[np.int64]
    said: NDArray[np.int64]
    human: Floats
    scorer: Floats
    truth: Floats
    """By outlet. *Shape:* (OUTLETS, 4)."""
    share: Floats
    """By outlet: expected share of all articles."""
    weight: Floats
    total: Ratio
    """The scorer's numbers."""
    by_outlet: Ratio


def with_polarity(shares: Floats) -> Floats:
    return np.concatenate([shares, shares[..., 2:3] - shares[..., 0:1]], axis=-1)


def world(rng: np.random.Generator, confusion: Confusion, unequal: float) -> World:
    """Make a corpus; `unequal` is how far outlets' confusions stray from the mean one."""
    stances = rng.dirichlet(MEAN * SPREAD, OUTLETS)
    share = rng.dirichlet(np.full(OUTLETS, 2.0))
    home = rng.choice(OUTLETS, ARTICLES, p=share)
    lean = rng.standard_gamma(stances[home] * LEAN + 1e-9)
    lean /= lean.sum(axis=1, keepdims=True)
    size = 1 + rng.poisson(PARAGRAPHS - 1, ARTICLES)
    article = np.repeat(np.arange(ARTICLES), size)
    outlet = home[article]
    stance = (rng.random(len(article))[:, None] > lean[article].cumsum(axis=1)[:, :2]).sum(axis=1)
    spread = 60.0 / max(unequal, 1e-6)
    rates = np.stack([rng.dirichlet(np.maximum(row, 1e-3) * spread, OUTLETS) for row in confusion.rates], axis=1)
    said = (rng.random(len(article))[:, None] > rates[outlet, stance].cumsum(axis=1)[:, :2]).sum(axis=1)
    guess = probabilities(rng, confusion.answers, stance, said)
    scorer, weight = with_polarity(guess), 1.0 / size[article]
    return World(
        outlet,
        article,
        said,
        with_polarity(np.eye(3)[stance]),
        scorer,
        with_polarity(stances),
        share,
        weight,
        ratios(np.zeros_like(outlet), article, weight, scorer, 1),
        ratios(outlet, article, weight, scorer, OUTLETS),
    )


def probabilities(
    rng: np.random.Generator, answers: Floats | None, stance: NDArray[np.int64], said: NDArray[np.int64]
) -> Floats:
    """Probabilities of a scorer that says `said` where the truth is `stance`."""
    sure = rng.beta(6, 2, len(said))[:, None]
    guess = np.full((len(said), 3), 1 / 3) * (1 - sure) + np.eye(3)[said] * sure
    if answers is None:
        return guess
    likeliest = answers[:, 1:].argmax(axis=1)
    for true in range(3):
        for word in range(3):
            pool = answers[(answers[:, 0] == true) & (likeliest == word), 1:]
            places = np.flatnonzero((stance == true) & (said == word))
            if len(pool):
                guess[places] = pool[rng.integers(len(pool), size=len(places))]
    return guess


def draw(rng: np.random.Generator, made: World, labels: int, design: str) -> tuple[NDArray[np.int64], Floats]:
    """Paragraphs to label and their chances, as `stance.annotate.draw` has them."""
    if design == "stratified":
        stratum = made.outlet * 3 + made.said
        size = 1 / np.sqrt(np.bincount(stratum)[stratum])
    elif design == "unsure":
        size = np.sqrt(np.maximum(1 - (made.scorer[:, :3] ** 2).sum(axis=1), 0.04))
    else:
        size = np.ones(len(made.outlet))
    chance = np.minimum(labels * size / size.sum(), 1)
    order = np.argsort(rng.random(len(chance)) / chance)[:labels]
    return order, chance[order]


@dataclass
class Tally:
    """Means over repetitions, by measure."""

    covered: dict[str, list[Floats]]
    width: dict[str, list[Floats]]

    def add(self, name: str, low: Floats, high: Floats, truth: Floats) -> None:
        """Count one interval per row."""
        hits = ((low <= truth) & (truth <= high)).astype(float)
        self.covered.setdefault(name, []).append(hits.reshape(-1, 4).mean(axis=0))
        self.width.setdefault(name, []).append((high - low).reshape(-1, 4).mean(axis=0))

    def mean(self, name: str) -> tuple[Floats, Floats]:
        """Return coverage and width by measure."""
        return np.mean(self.covered[name], axis=0), np.mean(self.width[name], axis=0)


def repetition(rng: np.random.Generator, made: World, labels: int, design: str, tally: Tally) -> None:
    total, weight = made.total, made.weight
    truth = made.share @ made.truth
    free = quantile(np.array([total.clusters[0] - 1.0]))
    _, low, high = interval(total.value, guarded(total, LOW, HIGH), free, LOW, HIGH)
    tally.add("raw", low, high, truth[None])
    chosen, chance = draw(rng, made, labels, design)
    signs = sums(made.article, weight[:, None] * made.scorer[:, SIGNS], ARTICLES)[made.article[chosen]]
    known = Labelled(
        weight[chosen] / chance,
        made.article[chosen],
        np.ones(labels),
        made.human[chosen],
        signs,
        made.scorer[chosen][:, SIGNS] - signs,
    )
    both = whole(known, total.value[0, SIGNS], covariance(total.variance[0]), IDENTITY, LOW, HIGH)
    for name, value, variance, free in (
        ("labels alone", both.alone, both.alone_variance, both.free + len(SIGNS)),
        ("corrected", both.value, both.variance, both.free),
    ):
        _, low, high = interval(value[None], variance[None], quantile(np.array([free])), LOW, HIGH)
        tally.add(name, low, high, truth[None])
    _outlets(made, known, made.outlet[chosen], both, tally)


def _outlets(made: World, known: Labelled, home: NDArray[np.int64], total: Corrected, tally: Tally) -> None:
    ratio = made.by_outlet
    shown = ratio.clusters >= 5
    stories = np.maximum(ratio.clusters - 1.0, 1)
    _, low, high = interval(ratio.value, guarded(ratio, LOW, HIGH), quantile(stories), LOW, HIGH)
    tally.add("raw by outlet", low[shown], high[shown], made.truth[shown])
    scorer = Scorer(ratio.value, ratio.value[:, SIGNS], cell_noise(ratio), IDENTITY)
    found = cells(known, home, scorer, total, LOW, HIGH)
    free = degrees(found, ratio.clusters, total.free)
    _, low, high = interval(found.value, found.sampling + found.variance, quantile(free), LOW, HIGH)
    tally.add("corrected by outlet", low[shown], high[shown], made.truth[shown])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=1000)
    parser.add_argument("--labels", type=int, nargs="+", default=[100, 200, 500])
    parser.add_argument("--design", choices=["simple", "stratified", "unsure"], nargs="+")
    parser.add_argument(
        "--unequal", type=float, nargs="+", default=[0.0, 1.0], help="how far outlets' confusions differ"
    )
    parser.add_argument("--confusion", type=Path, help="JSON with `confusion`; the shipped model's by default")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true", help="put a summary into docs/numbers.md")
    args = parser.parse_args()
    confusion = Confusion.load(args.confusion) if args.confusion else shipped()
    if not args.json:
        print(f"confusion: {confusion.source}; {confusion.sentence()}")
        drawn = "made up" if confusion.answers is None else f"drawn from {len(confusion.answers)} answers of the scorer"
        print(f"{args.repetitions} repetitions, probabilities {drawn}; coverage of 95 % intervals in %")
        print(f"by measure: {', '.join(MEASURES)}")
    results = [result for unequal in args.unequal for result in _settings(args, confusion, unequal)]
    if args.json:
        print(json.dumps(results))
    if args.write:
        put(NUMBERS, "coverage", summary(results, confusion, args.repetitions))
    sys.exit(_verdict(results, quiet=args.json))


def _settings(args: argparse.Namespace, confusion: Confusion, unequal: float) -> list[dict]:
    """All designs and numbers of labels, drawn from the same corpora."""
    designs = args.design or ["simple", "stratified", "unsure"]
    tallies = {(design, labels): Tally({}, {}) for design in designs for labels in args.labels}
    for number in range(args.repetitions):
        rng = np.random.default_rng([args.seed, int(1000 * unequal), number])
        made = world(rng, confusion, unequal)
        for (design, labels), tally in tallies.items():
            repetition(rng, made, labels, design, tally)
    return [_result(tally, unequal, design, labels, quiet=args.json) for (design, labels), tally in tallies.items()]


def _result(tally: Tally, unequal: float, design: str, labels: int, *, quiet: bool) -> dict:
    result = {"labels": labels, "design": design, "unequal": unequal, "coverage": {}, "width": {}}
    for name in tally.covered:
        covered, width = tally.mean(name)
        result["coverage"][name] = covered.round(4).tolist()
        result["width"][name] = width.round(4).tolist()
    ratio = np.array(result["width"]["corrected"]) / np.array(result["width"]["labels alone"])
    result["width_ratio"] = ratio.round(3).tolist()
    if not quiet:
        print(f"\n{labels} labels, {design}, outlets' confusions {'alike' if not unequal else f'unequal ({unequal})'}")
        for name in tally.covered:
            covered = "  ".join(f"{100 * part:5.1f}" for part in result["coverage"][name])
            print(
                f"  {name:<20} {covered}   mean width {'  '.join(f'{w:.3f}' for w in result['width'][name])}",
                flush=True,
            )
        print(f"  corrected / labels alone, width: {'  '.join(f'{part:.2f}' for part in ratio)}", flush=True)
    return result


def summary(results: list[dict], confusion: Confusion, repetitions: int) -> str:
    """Coverage by number of labels, lowest to highest over settings and measures, and what correction gains."""
    kinds = ("raw", "raw by outlet", "labels alone", "corrected", "corrected by outlet")
    lines = [
        f"Confusion: {confusion.sentence()}",
        f"({confusion.source}). {repetitions:,} repetitions of each setting; coverage of the 95 % intervals in %,",
        "lowest to highest over designs, outlets alike or not, and the four measures:",
        "",
        f"| labels | {' | '.join(kinds)} |",
        "|---|---|---|---|---|---|",
    ]
    for labels in sorted({result["labels"] for result in results}):
        own = [result for result in results if result["labels"] == labels]
        covered = [100 * np.array([result["coverage"][kind] for result in own]) for kind in kinds]
        lines.append(f"| {labels} | {' | '.join(f'{part.min():.1f} to {part.max():.1f}' for part in covered)} |")
    head = " | ".join(MEASURES)
    lines += ["", "Corrected intervals are narrower than those from the same labels alone by, in % of the width:", ""]
    lines += [f"| design | {head} |", "|---|---|---|---|---|"]
    for design in dict.fromkeys(result["design"] for result in results):
        gain = 100 * (1 - np.mean([result["width_ratio"] for result in results if result["design"] == design], axis=0))
        lines.append(f"| `{design}` | {' | '.join(f'{part:.0f}' for part in gain)} |")
    return "\n".join(lines)


def _verdict(results: list[dict], *, quiet: bool) -> int:
    """Print the range of all coverages; return 1 if the corrected ones leave what is asked."""
    asked = [result for result in results if result["labels"] >= 100]
    status = 0
    for name in ("raw", "raw by outlet", "labels alone", "corrected", "corrected by outlet"):
        covered = np.array([result["coverage"][name] for result in asked])
        if not covered.size:
            continue
        outside = int(((covered < ASKED[0]) | (covered > ASKED[1])).sum())
        if name == "corrected":
            status |= outside > 0
        elif name == "corrected by outlet":
            status |= bool((covered < ASKED[0]).any())
        if not quiet:
            print(
                f"{name:<20} covers {100 * covered.min():.1f} to {100 * covered.max():.1f} %, mean "
                f"{100 * covered.mean():.1f} %; {outside} of {covered.size} outside 93 to 97 %"
            )
    if asked and not quiet:
        ratio = np.array([result["width_ratio"] for result in asked])
        words = (f"{name} {100 * (1 - part):.0f} %" for name, part in zip(MEASURES, ratio.mean(axis=0), strict=True))
        print(f"narrower than the labels alone, mean of the settings: {', '.join(words)}")
    return int(status)


if __name__ == "__main__":
    main()
