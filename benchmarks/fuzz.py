"""Read 10,000 mutated documents: none crashes, and whatever was put in comes out as an article or a rejection.

    python benchmarks/fuzz.py --documents 10000 --seed 0

The documents are the samples, the marked pages, and one article in every format that can be read; each is cut, flipped,
repeated, shuffled, recoded or packed up to four times. A document that is one article must give one article or one
rejection, a file of JSON Lines one for each line that is not blank, anything else at least one.
"""

import argparse
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.ingest.mutate import mutated  # noqa: E402
from tests.ingest.test_fuzz import documents, outcome  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0, help="of the first document; each has its own")
    arguments = parser.parse_args()
    originals, counts, slowest = documents(), Counter[str](), (0.0, 0)
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(arguments.seed, arguments.seed + arguments.documents):
            started = time.process_time()
            try:
                found = outcome(Path(folder) / "x", mutated(originals, seed))
                counts.update(documents=1, articles=found.articles, rejections=found.rejections)
            except Exception as error:  # noqa: BLE001 (a crash is what is looked for)
                counts["lost" if isinstance(error, AssertionError) else "crashed"] += 1
                print(f"seed {seed}", traceback.format_exc(limit=-3), sep="\n", flush=True)
            slowest = max(slowest, (time.process_time() - started, seed))
    print(
        f"{counts['documents']:,} documents accounted for: {counts['articles']:,} articles, "
        f"{counts['rejections']:,} rejections; {counts['crashed']} crashes, {counts['lost']} lost; "
        f"{time.process_time() - began:.0f} s of CPU, slowest {slowest[0]:.2f} s (seed {slowest[1]})"
    )
    return int(counts["crashed"] + counts["lost"] > 0)


if __name__ == "__main__":
    sys.exit(main())
