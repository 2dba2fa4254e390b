"""Read 10,000 documents mutated from the samples: no crash, and each yields an article or a rejection.

python benchmarks/fuzz.py --documents 10000 --seed 0
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

from tests.ingest.mutate import mutated, originals  # noqa: E402
from tests.ingest.test_fuzz import GOLD, SAMPLES, outcome  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0, help="of the first document; each has its own")
    arguments = parser.parse_args()
    documents, counts, slowest = originals(SAMPLES, GOLD), Counter[str](), (0.0, 0)
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(arguments.seed, arguments.seed + arguments.documents):
            started = time.process_time()
            try:
                found = outcome(Path(folder) / "x", mutated(documents, seed))
                counts["silent" if found == 0 else "read or rejected"] += 1
                counts["articles and rejections"] += found
            except Exception:  # noqa: BLE001 (a crash is what is looked for)
                counts["crashed"] += 1
                print(f"seed {seed}", traceback.format_exc(limit=-3), sep="\n")
            slowest = max(slowest, (time.process_time() - started, seed))
    print(dict(counts), f"slowest {slowest[0]:.2f} s of CPU (seed {slowest[1]})")
    return int(counts["crashed"] + counts["silent"] > 0)


if __name__ == "__main__":
    sys.exit(main())
