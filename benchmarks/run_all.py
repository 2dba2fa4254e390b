"""All benchmarks that need nothing but this repository, one after the other: `make bench`.

Their figures stand in the README and the docs, each beside its command. Takes about an hour on two cores; one that
fails is named at the end, and the exit status is then 1.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
DATA = HERE.parent / "data"
PROTEST = [str(DATA / "training" / f"protest_{number}.jsonl") for number in range(1, 6)]
GOLD = [str(DATA / "gold" / "samples" / name) for name in ("gold_A.jsonl", "gold_B.jsonl")]
RUNS = (
    ["paragraphs.py"],
    ["stories.py"],
    ["fuzz.py"],
    ["mentions.py", *PROTEST],
    ["voices.py", "spans", str(DATA / "gold" / "voices.jsonl")],
    ["voices.py", "speakers", *PROTEST],
    ["voices.py", "speed", *PROTEST],
    ["voices.py", "wrong-voice", *GOLD],
    ["model_quality.py", "base", *GOLD],
    ["model_quality.py", "small", *GOLD],
    ["model_swap.py", "base", *GOLD],
    ["intervals.py"],
    ["alarms.py"],
    ["overhead.py"],
    ["scale.py"],
    ["workers.py"],
    ["speed.py"],
    ["dashboard.py"],
)


def main() -> int:
    """Run them all; say which failed."""
    failed = []
    for name, *arguments in RUNS:
        print(f"\n## {name} {' '.join(Path(argument).name for argument in arguments)}\n", flush=True)
        if subprocess.run([sys.executable, str(HERE / name), *arguments], check=False).returncode:
            failed.append(name)
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
