"""What a run costs beside the model: paragraphs through `stance run`, and their passages through the scorer alone.

    python benchmarks/overhead.py --paragraphs 10000 --scorer encoder --model small

The scorer is timed before and after the run and the mean taken, so that a machine that slows down favours neither.
Compare the shares, not the seconds.
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
    from stance import config
    from stance.scorers.build import build_scorer

    scorer: dict[str, Any] = {"kind": options.scorer}
    if options.scorer == "encoder":
        scorer["model"] = options.model
    with tempfile.TemporaryDirectory(prefix="stance-overhead-") as name:
        folder = Path(name)
        (folder / "in").mkdir()
        news.write(folder / "in", options.paragraphs)
        given = {"inputs": [str(folder / "in")], "out": str(folder / "out"), "scorer": scorer}
        settings = config.load(None, given)
        asked = passages(settings.model_copy(update={"out": str(folder / "aside")}))
        model = build_scorer(settings.scorer)
        model.score(asked[0][:8])
        before = seconds(model, asked)
        first, summary = timed(settings)
        after = seconds(model, asked)
        second, _ = timed(settings)
    alone = (before + after) / 2
    spent = summary.seconds
    print(f"{summary.counts['paragraphs']:,} paragraphs, {summary.counts['pairs']:,} pairs, scorer {scorer}")
    print(f"  {'scorer alone':34} {alone:9.2f} s   before the run {before:.2f}, after it {after:.2f}")
    print(f"  {'run':34} {first:9.2f} s   {first / alone - 1:+.1%} over the scorer alone")
    print(f"  {'same run again':34} {second:9.2f} s   {first / second:,.0f} times faster")
    print("of the run, in all processes together:")
    print(f"  {'scorer':34} {spent['model']:9.2f} s")
    print(f"  {'mentions, voices, rows':34} {spent['score'] - spent['model']:9.2f} s")
    print(f"  {'merging':34} {spent['merge']:9.2f} s")


def passages(settings: Any) -> list[list[Any]]:
    """Return what the scorer is asked in a run with these settings, shard by shard."""
    from stance import pipeline
    from stance.pipeline.scoring import open_questions
    from stance.pipeline.work import read_json
    from stance.store import open_folder

    folder = open_folder(settings.out)
    read = [pipeline.ingest_shard(ref, settings) for ref in pipeline.plan(settings)]
    return [open_questions(folder, read_json(folder, ref), settings) for ref in pipeline.pending(settings, read)]


def seconds(scorer: Any, shards: list[list[Any]]) -> float:
    """Time the scorer on passages, shard by shard."""
    started = time.perf_counter()
    for passages in shards:
        scorer.score(passages)
    return time.perf_counter() - started


def timed(settings: Any) -> tuple[float, Any]:
    """Run and return seconds and summary."""
    from stance import pipeline

    started = time.perf_counter()
    summary = pipeline.run(settings)
    return time.perf_counter() - started, summary


if __name__ == "__main__":
    main()
