"""How time and memory of a run grow: many paragraphs through the dummy scorer, in one process.

    python benchmarks/scale.py --paragraphs 1000000

Prints time by stage, peak memory of the process, and the time of a second run that has nothing to do.
"""

import argparse
import multiprocessing
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import news


def measure(folder: Path, queue: "multiprocessing.Queue[dict[str, float]]") -> None:
    """Run once in this process and report seconds and peak memory."""
    from stance import pipeline
    from stance.config import RunConfig
    from stance.scorers.config import DummyConfig

    started = time.perf_counter()
    config = RunConfig(inputs=(str(folder / "in"),), out=str(folder / "out"), scorer=DummyConfig())
    summary = pipeline.run(config)
    taken = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    queue.put({"total": taken, "peak": peak, **summary.seconds, **{k: float(v) for k, v in summary.counts.items()}})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--paragraphs", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="work in this folder and keep it")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="stance-scale-"))
    (folder / "in").mkdir(parents=True, exist_ok=True)
    news.write(folder / "in", options.paragraphs)
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    results = []
    for _ in range(2):
        process = context.Process(target=measure, args=(folder, queue))
        process.start()
        results.append(queue.get())
        process.join()
    first, second = results
    size = sum(path.stat().st_size for path in (folder / "out").rglob("*.parquet")) / 1e6
    print(f"paragraphs {first['paragraphs']:,.0f}   pairs {first['pairs']:,.0f}   tables {size:,.0f} MB")
    print(f"first run  {first['total']:,.1f} s   ({first['paragraphs'] / first['total']:,.0f} paragraphs/s)")
    print(f"  scoring shards {first['score']:,.1f} s, of it the dummy scorer {first['model']:,.1f} s")
    print(f"  merging        {first['merge']:,.1f} s")
    print(f"  reading, rest  {first['total'] - first['score'] - first['merge']:,.1f} s")
    print(f"peak memory {first['peak']:.2f} GB")
    print(f"second run  {second['total']:.2f} s   {second['peak']:.2f} GB")
    if options.keep is None:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
