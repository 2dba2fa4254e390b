"""What a run costs beside the model: the same paragraphs through `stance run`, and the share of it spent in the scorer.

    python benchmarks/overhead.py --paragraphs 10000 --scorer encoder --model small

Times are of one process on this machine; compare the shares, not the seconds.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import news


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--paragraphs", type=int, default=10_000)
    parser.add_argument("--scorer", default="encoder")
    parser.add_argument("--model", default="base")
    options = parser.parse_args()
    from stance import config, pipeline

    scorer: dict[str, Any] = {"kind": options.scorer}
    if options.scorer == "encoder":
        scorer["model"] = options.model
    with tempfile.TemporaryDirectory(prefix="stance-overhead-") as name:
        folder = Path(name)
        (folder / "in").mkdir()
        news.write(folder / "in", options.paragraphs)
        settings = config.load(None, {"inputs": [str(folder / "in")], "out": str(folder / "out"), "scorer": scorer})
        pipeline.score_text("The cabinet acted lawfully.", settings)
        first, summary = timed(settings)
        second, _ = timed(settings)
    model = summary.seconds["model"]
    parts = {
        "scorer": model,
        "mentions, voices, rows": summary.seconds["score"] - model,
        "merging": summary.seconds["merge"],
        "reading, rest": first - summary.seconds["score"] - summary.seconds["merge"],
    }
    print(f"{summary.counts['paragraphs']:,} paragraphs, {summary.counts['pairs']:,} pairs, scorer {scorer}")
    for label, seconds in parts.items():
        print(f"  {label:24} {seconds:9.2f} s   {seconds / first:6.1%}")
    print(f"  {'run':24} {first:9.2f} s   {first / model - 1:+.1%} over the scorer alone")
    print(f"  {'same run again':24} {second:9.2f} s   {first / second:,.0f} times faster")


def timed(settings: Any) -> tuple[float, Any]:
    """Run and return seconds and summary."""
    from stance import pipeline

    started = time.perf_counter()
    summary = pipeline.run(settings)
    return time.perf_counter() - started, summary


if __name__ == "__main__":
    main()
