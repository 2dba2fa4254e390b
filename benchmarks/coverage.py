"""Do the intervals hold? Simulated corpora with a known truth, corrected by simulated labels.

    python benchmarks/coverage.py [--repetitions 1000] [--labels 100 200 500] [--confusion FILE] [--design simple]

Each repetition makes 20 outlets with their own stances and sizes, articles whose paragraphs lean the same way, a
scorer that errs as the confusion file says (and somewhat differently in each outlet), draws labels, and asks whether
the 95 % interval holds the true mean. Printed: how often it does, for the scorer alone (`raw`), the labels alone and
both (`corrected`), and how wide the corrected interval is against that of the labels alone.

The truth is that of the news the corpus is a sample of, not of the corpus at hand.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stance.estimate.confusion import Confusion, shipped
from stance.estimate.formulas import guarded, interval, ratios
from stance.estimate.raw import quantile
from stance.estimate.rectify import Labelled, errors, whole
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


@dataclass(frozen=True)
class World:
    """One simulated corpus; arrays by paragraph unless said otherwise."""

    outlet: NDArray[np.int64]
    article: NDArray[np.int64]
    human: Floats
    scorer: Floats
    truth: Floats
    """By outlet. *Shape:* (OUTLETS, 4)."""
    share: Floats
    """By outlet: expected share of all articles."""


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
    sure = rng.beta(6, 2, len(article))
    guess = np.full((len(article), 3), 1 / 3) * (1 - sure[:, None]) + np.eye(3)[said] * sure[:, None]
    return World(outlet, article, with_polarity(np.eye(3)[stance]), with_polarity(guess), with_polarity(stances), share)


def draw(rng: np.random.Generator, made: World, labels: int, design: str) -> tuple[NDArray[np.int64], Floats]:
    """Paragraphs to label and their chances: `simple`, or by the square root of the outlets' sizes (`stratified`)."""
    count = np.bincount(made.outlet, minlength=OUTLETS)
    weight = np.sqrt(count)[made.outlet] / count[made.outlet] if design == "stratified" else np.ones(len(made.outlet))
    chance = np.minimum(labels * weight / weight.sum(), 1)
    order = np.argsort(rng.random(len(chance)) / chance)[:labels]
    return order, chance[order]


def hits(low: Floats, high: Floats, truth: Floats) -> Floats:
    return ((low <= truth) & (truth <= high)).astype(float)


@dataclass
class Tally:
    """Means over repetitions, by measure."""

    covered: dict[str, list[Floats]]
    width: dict[str, list[Floats]]

    def add(self, name: str, low: Floats, high: Floats, truth: Floats) -> None:
        """Count one interval per row."""
        self.covered.setdefault(name, []).append(hits(low, high, truth).reshape(-1, 4).mean(axis=0))
        self.width.setdefault(name, []).append((high - low).reshape(-1, 4).mean(axis=0))

    def mean(self, name: str) -> tuple[Floats, Floats]:
        """Return coverage and width by measure."""
        return np.mean(self.covered[name], axis=0), np.mean(self.width[name], axis=0)


def repetition(rng: np.random.Generator, made: World, labels: int, design: str, tally: Tally) -> None:
    everywhere = np.zeros(len(made.outlet), np.int64)
    size = np.bincount(made.article)[made.article]
    weight = 1.0 / size
    total = ratios(everywhere, made.article, weight, made.scorer, 1)
    noise = guarded(total, LOW, HIGH)
    truth = made.share @ made.truth
    free = quantile(np.array([total.clusters[0] - 1.0]))
    _, low, high = interval(total.value, noise, free, LOW, HIGH)
    tally.add("raw", low, high, truth[None])
    chosen, chance = draw(rng, made, labels, design)
    known = Labelled(
        weight[chosen] / chance, made.article[chosen], np.ones(labels), made.human[chosen], made.scorer[chosen]
    )
    both = whole(known, total.value[0], noise[0], LOW, HIGH)
    student = quantile(np.array([both.clusters - 2.0]))
    for name, value, variance in (
        ("labels alone", both.alone, both.alone_variance),
        ("corrected", both.value, both.variance),
    ):
        _, low, high = interval(value[None], variance[None], student, LOW, HIGH)
        tally.add(name, low, high, truth[None])
    _outlets(made, weight, known, chosen, both.value, both.clusters, tally)


def _outlets(
    made: World, weight: Floats, known: Labelled, chosen: NDArray[np.int64], level: Floats, clusters: int, tally: Tally
) -> None:
    cells = ratios(made.outlet, made.article, weight, made.scorer, OUTLETS)
    noise = guarded(cells, LOW, HIGH)
    shown = cells.clusters >= 5
    free = quantile(cells.clusters - 1.0)
    _, low, high = interval(cells.value, noise, free, LOW, HIGH)
    tally.add("raw by outlet", low[shown], high[shown], made.truth[shown])
    found = errors(known, made.outlet[chosen], cells.value, level, HIGH - LOW)
    noise = found.gain**2 * noise
    variance = noise + found.variance
    dof = variance**2 / (noise**2 / (cells.clusters[:, None] - 1) + found.variance**2 / (clusters - 1))
    _, low, high = interval(cells.value + found.mean, variance, quantile(dof.min(axis=1)), LOW, HIGH)
    tally.add("corrected by outlet", low[shown], high[shown], made.truth[shown])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=1000)
    parser.add_argument("--labels", type=int, nargs="+", default=[100, 200, 500])
    parser.add_argument("--design", choices=["simple", "stratified"], nargs="+", default=["simple", "stratified"])
    parser.add_argument(
        "--unequal", type=float, nargs="+", default=[0.0, 1.0], help="how far outlets' confusions differ"
    )
    parser.add_argument("--confusion", type=Path, help="JSON with `confusion`; the shipped model's by default")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    confusion = Confusion.load(args.confusion) if args.confusion else shipped()
    if not args.json:
        print(f"confusion: {confusion.source}; {confusion.sentence()}")
        print(f"{args.repetitions} repetitions; coverage of 95 % intervals in %, by measure: {', '.join(MEASURES)}")
    results = [
        _setting(args, confusion, unequal, design, labels)
        for unequal in args.unequal
        for design in args.design
        for labels in args.labels
    ]
    if args.json:
        print(json.dumps(results))


def _setting(args: argparse.Namespace, confusion: Confusion, unequal: float, design: str, labels: int) -> dict:
    rng = np.random.default_rng([args.seed, labels])
    tally = Tally({}, {})
    for _ in range(args.repetitions):
        repetition(rng, world(rng, confusion, unequal), labels, design, tally)
    result = {"labels": labels, "design": design, "unequal": unequal, "coverage": {}, "width": {}}
    for name in tally.covered:
        covered, width = tally.mean(name)
        result["coverage"][name] = covered.round(4).tolist()
        result["width"][name] = width.round(4).tolist()
    ratio = np.array(result["width"]["corrected"]) / np.array(result["width"]["labels alone"])
    result["width_ratio"] = ratio.round(3).tolist()
    if not args.json:
        print(f"\n{labels} labels, {design}, outlets' confusions {'alike' if not unequal else f'unequal ({unequal})'}")
        for name in tally.covered:
            covered = "  ".join(f"{100 * part:5.1f}" for part in result["coverage"][name])
            print(
                f"  {name:<20} {covered}   mean width {'  '.join(f'{w:.3f}' for w in result['width'][name])}",
                flush=True,
            )
        print(f"  corrected / labels alone, width: {'  '.join(f'{part:.2f}' for part in ratio)}", flush=True)
    return result


if __name__ == "__main__":
    main()
