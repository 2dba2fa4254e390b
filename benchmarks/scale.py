"""How time and memory of a run grow: many paragraphs through the dummy scorer.

    python benchmarks/scale.py --paragraphs 1000000 [--workers 2]

Prints time by stage, peak memory, and the time of a second run that has nothing to do. With one worker this is what
`stance run` does; with more, shards are read and scored by processes of their own, as flows with `kind: process` do,
and the memory is that of the largest process.
"""

import argparse
import multiprocessing
import resource
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import news


def measure(folder: Path, workers: int, queue: "multiprocessing.Queue[dict[str, float]]") -> None:
    """Run once in this process and report seconds and peak memory."""
    from stance.config import RunConfig
    from stance.scorers.config import DummyConfig

    started = time.perf_counter()
    config = RunConfig(inputs=(str(folder / "in"),), out=str(folder / "out"), scorer=DummyConfig())
    summary, steps = run(config, workers)
    taken = time.perf_counter() - started
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1e6
    counts = {name: float(count) for name, count in summary.counts.items()}
    queue.put({"total": taken, "peak": peak, **summary.seconds, **counts, **steps})


def run(config: Any, workers: int) -> tuple[Any, dict[str, float]]:
    """Do all steps; returns the summary and the wall time of scoring, where several share it."""
    from stance import pipeline

    if workers == 1:
        return pipeline.run(config), {}
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        read = list(pool.map(pipeline.ingest_shard, pipeline.plan(config), repeat(config)))
        started = time.perf_counter()
        scored = list(pool.map(pipeline.score_shard, pipeline.pending(config, read), repeat(config)))
        taken = time.perf_counter() - started
    return pipeline.finish(config, read, scored), {"score": taken}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--paragraphs", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="work in this folder and keep it")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="stance-scale-"))
    (folder / "in").mkdir(parents=True, exist_ok=True)
    news.write(folder / "in", options.paragraphs)
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    results = []
    for _ in range(2):
        process = context.Process(target=measure, args=(folder, options.workers, queue))
        process.start()
        results.append(queue.get())
        process.join()
    first, second = results
    size = sum(path.stat().st_size for path in (folder / "out").rglob("*.parquet")) / 1e6
    print(f"paragraphs {first['paragraphs']:,.0f}   pairs {first['pairs']:,.0f}   tables {size:,.0f} MB")
    print(f"first run  {first['total']:,.1f} s   ({first['paragraphs'] / first['total']:,.0f} paragraphs/s)")
    print(f"  scoring shards {first['score']:,.1f} s by {options.workers} worker(s)")
    print(f"  dummy scorer   {first['model']:,.1f} s of the workers' time")
    print(f"  merging        {first['merge']:,.1f} s")
    print(f"  reading, rest  {first['total'] - first['score'] - first['merge']:,.1f} s")
    print(f"peak memory {first['peak']:.2f} GB (of the largest process)")
    print(f"second run  {second['total']:.2f} s   {second['peak']:.2f} GB")
    if options.keep is None:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
