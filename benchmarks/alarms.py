"""How often do alarms cry wolf, and how soon do they see a real change? Simulated years.

    python benchmarks/alarms.py [--years 200] [--outlets 20] [--per-year 1.0] [--write]

Quiet years: every outlet has a mean polarity of its own, weeks stray around it (by `--week-noise` on average, some
outlets more and some less), articles around their week; some stories run twice; nothing ever changes. Counted: alarms
a year over all outlets and targets together, against the number asked for. Turning years: the same with one outlet
whose mean moves by `--shift` in the middle of the year. Counted: how often that outlet raises an alarm within eight
weeks.
"""

import argparse
import json

import numpy as np
from numpy.typing import NDArray
from pages import NUMBERS, put

from stance.estimate.alarms import WINDOWS, judge
from stance.estimate.formulas import guarded, ratios
from stance.estimate.units import HIGH, LOW

Floats = NDArray[np.float64]
WEEKS = 52
TARGETS = 3
SEEN_WITHIN = 8


def year(rng: np.random.Generator, outlets: int, noise: float, shift: float) -> tuple[Floats, Floats]:
    """Weekly means and their variances of all series; the first turns in mid-year. *Shape:* (n_series, WEEKS)."""
    series = outlets * TARGETS
    stray = noise * rng.gamma(6.0, 1 / 6.0, series)[:, None]
    mean = rng.normal(0, 0.3, series)[:, None] + stray * rng.standard_normal((series, WEEKS))
    mean[0, WEEKS // 2 :] += shift
    stories = 3 + rng.poisson(rng.gamma(2.0, 8.0, series)[:, None], (series, WEEKS))
    cell = np.repeat(np.arange(series * WEEKS), stories.ravel())
    story = np.arange(len(cell))
    copies = np.where(rng.random(len(cell)) < 0.1, 2.0, 1.0)
    polarity = np.clip(mean.ravel()[cell] + rng.normal(0, 0.45, len(cell)), -1, 1)
    ratio = ratios(cell, story, copies, np.repeat(polarity[:, None], 4, axis=1), series * WEEKS)
    few = ratio.clusters < 5
    value = np.where(few, np.nan, ratio.value[:, 3])
    variance = np.where(few, np.nan, guarded(ratio, LOW, HIGH)[:, 3])
    return value.reshape(series, WEEKS), variance.reshape(series, WEEKS)


def alarms(value: Floats, variance: Floats, threshold: float) -> list[tuple[int, int]]:
    """Series and week of every alarm."""
    found = []
    start = np.zeros(len(value), np.int64)
    for week in range(4, WEEKS):
        for weeks in WINDOWS:
            moved = judge(value, variance, week, weeks, start).p < threshold
            found += [(int(series), week) for series in np.flatnonzero(moved)]
            start[moved] = week - weeks + 1
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--years", type=int, default=200)
    parser.add_argument("--outlets", type=int, default=20)
    parser.add_argument("--per-year", type=float, default=1.0)
    parser.add_argument("--week-noise", type=float, nargs="+", default=[0.0, 0.05, 0.15])
    parser.add_argument("--shift", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true", help="put a summary into docs/numbers.md")
    args = parser.parse_args()
    threshold = args.per_year / (365.25 / 7 * len(WINDOWS) * args.outlets * TARGETS)
    results = [_setting(args, noise, threshold) for noise in args.week_noise]
    if args.json:
        print(json.dumps(results))
    if args.write:
        put(NUMBERS, "alarms", summary(args, results))


def summary(args: argparse.Namespace, results: list[dict]) -> str:
    """False alarms a year, and real turns seen, as a table."""
    lines = [
        f"`python benchmarks/alarms.py --years {args.years}`: {args.outlets} outlets × {TARGETS} targets, weeks of",
        f"3 to 50 stories, one in ten run twice; {args.years} quiet years, and {max(args.years // 4, 1)} in which one",
        f"outlet's mean polarity moves by {args.shift:+.1f} in mid-year. Asked for: at most {args.per_year:g} false",
        f"alarm a year over all {args.outlets * TARGETS} series.",
        "",
        f"| weeks stray by | false alarms a year | turns seen within {SEEN_WITHIN} weeks |",
        "|---|---|---|",
    ]
    return "\n".join(
        lines
        + [
            f"| {result['week_noise']:.2f} | {result['false_alarms_per_year']:.2f} ± {result['error']:.2f} "
            f"| {100 * result['seen']:.0f} % |"
            for result in results
        ]
    )


def _setting(args: argparse.Namespace, noise: float, threshold: float) -> dict:
    rng = np.random.default_rng([args.seed, int(noise * 1000)])
    quiet = [len(alarms(*year(rng, args.outlets, noise, 0.0), threshold)) for _ in range(args.years)]
    turns = max(args.years // 4, 1)
    seen = 0
    for _ in range(turns):
        found = alarms(*year(rng, args.outlets, noise, args.shift), threshold)
        seen += any(series == 0 and 0 <= week - WEEKS // 2 < SEEN_WITHIN for series, week in found)
    result = {
        "week_noise": noise,
        "asked_for": args.per_year,
        "false_alarms_per_year": float(np.mean(quiet)),
        "error": float(np.std(quiet) / np.sqrt(args.years)),
        "shift": args.shift,
        "seen": seen / turns,
    }
    if not args.json:
        print(
            f"weeks stray by {noise:.2f}: {result['false_alarms_per_year']:.2f} ± {result['error']:.2f} false alarms"
            f" a year over {args.outlets * TARGETS} series (asked for: at most {args.per_year:g});"
            f" a turn of {args.shift:+.2f} seen within {SEEN_WITHIN} weeks"
            f" in {100 * result['seen']:.0f} % of {turns} years",
            flush=True,
        )
    return result


if __name__ == "__main__":
    main()
