"""Memory and time of one worker by size of its shard: `python benchmarks/workers.py [--scorer dummy] [--sizes ...]`.

Each shard is scored by a new process, as a worker would: what it takes before the first shard (libraries, catalogue,
model), its peak, the difference per paragraph, paragraphs a second, and the share of the time that is not the scorer's.
"""

import argparse
import json
import multiprocessing
import tempfile
from pathlib import Path

from memory import peak_bytes

from stance import paragraphs, pipeline
from stance.config import RunConfig, load
from stance.ingest import ReadOptions, discover, read
from stance.pipeline.refs import ShardRef
from stance.pipeline.work import read_json
from stance.records import Article
from stance.scorers.build import build_scorer
from stance.store import open_folder

SAMPLES = Path(__file__).parents[1] / "data" / "samples"


def write_corpus(path: Path, size: int) -> None:
    """Write articles of ten paragraphs of the samples each, `size` paragraphs in all, no two alike."""
    found = discover([str(SAMPLES)], ReadOptions())
    articles = [item for ref in found.refs for item in read(ref, ReadOptions()) if isinstance(item, Article)]
    texts = [paragraph.text for article in articles for paragraph in paragraphs.split(article)]
    with path.open("w", encoding="utf-8") as stream:
        for number in range(size // 10):
            own = [f"{texts[(number * 10 + part) % len(texts)]} ({number}.{part})" for part in range(10)]
            row = {"outlet": "x", "url": f"https://x.example/{number}", "title": f"Report {number} of the day"}
            row |= {"published": "2025-03-01T08:00:00Z", "language": "en", "text": "\n\n".join(own)}
            stream.write(json.dumps(row) + "\n")


def score(ref: ShardRef, config: RunConfig) -> tuple[int, int, float, float]:
    """Score a shard in this process; returns memory before and at the peak in bytes, seconds, and the scorer's."""
    build_scorer(config.scorer)
    before = peak_bytes()
    done = pipeline.score_shard(ref, config)
    seconds = read_json(open_folder(config.out), done)["seconds"]
    return before, peak_bytes(), seconds["score"], seconds["model"]


def measure(size: int, scorer: str) -> str:
    """Return one line of the table."""
    kind = {"kind": scorer} if scorer in ("dummy", "lexicon") else {"kind": "encoder", "model": scorer}
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(Path(folder, "in.jsonl"), size)
        config = load(None, {"inputs": [f"{folder}/in.jsonl"], "out": f"{folder}/out", "scorer": kind})
        config = config.model_copy(update={"shard_paragraphs": size})
        shards = pipeline.pending(config, [pipeline.ingest_shard(shard, config) for shard in pipeline.plan(config)])
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            before, peak, seconds, model = pool.apply(score, (shards[0], config))
    own = f"{before / 1e6:8.0f} {peak / 1e6:8.0f} {(peak - before) / size / 1e3:8.1f}"
    return f"{size:10,} {own} {size / seconds:10.0f} {1 - model / seconds:8.1%}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scorer", default="dummy", help="dummy, lexicon, small or base")
    parser.add_argument("--sizes", default="1000,2500,10000", help="paragraphs per shard, by comma")
    given = parser.parse_args()
    print(f"{'paragraphs':>10} {'MB idle':>8} {'MB peak':>8} {'kB each':>8} {'per second':>10} {'overhead':>8}")
    for size in given.sizes.split(","):
        print(measure(int(size), given.scorer), flush=True)


if __name__ == "__main__":
    main()
