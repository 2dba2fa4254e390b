"""The tables of the embedded model do not depend on threads, batches, shards and the order of inputs: to the byte."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stance.scorers import identity
from stance.scorers.config import EncoderConfig
from tests.pipeline.corpus import row, tables, write_rows

SAMPLES = Path(__file__).parents[2] / "data/samples/northern_herald"
LONG = " ".join(f"The government told the protesters on day {day} that their case was lost." for day in range(40))
"""A paragraph of more than one window."""
SCRIPT = """
import json, sys
from stance import config, pipeline
pipeline.run(config.load(None, json.loads(sys.argv[1])))
"""


def run(folder: Path, out: str, threads: int, **config: object) -> dict[str, bytes]:
    """Run in a process in which torch has this many threads; returns the tables."""
    subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps({"out": out} | config)],
        cwd=folder,
        env=os.environ | {"OMP_NUM_THREADS": str(threads)},
        check=True,
    )
    return tables(folder / out)


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """Two inputs: an article, and two of which one has a paragraph that is read in windows."""
    (tmp_path / "in").mkdir()
    for path in sorted(SAMPLES.glob("*.txt"))[:1]:
        shutil.copy(path, tmp_path / "in")
    write_rows(tmp_path / "in/long.jsonl", [row(0, text=LONG), row(1)])
    return tmp_path


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("model", ["small", "base"])
def test_threads_shards_batches_and_order_change_no_byte(news: Path, model: str) -> None:
    names = sorted(str(path.relative_to(news)) for path in (news / "in").iterdir())
    scorer = {"kind": "encoder", "model": model, "device": "cpu"}
    one = run(news, "one", threads=1, inputs=names, scorer=scorer)
    other = run(news, "two", threads=2, inputs=names[::-1], scorer=scorer, shard_paragraphs=3, shard_megabytes=1e-4)
    assert any(path.startswith("scores/") for path in one)
    assert one == other


def test_fingerprint_names_the_device_that_cannot_promise_it(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = EncoderConfig(model="small", precision="float32")
    monkeypatch.setattr(identity, "_cuda", lambda: False)
    on_cpu = identity.fingerprint(plain)
    monkeypatch.setattr(identity, "_cuda", lambda: True)
    assert identity.fingerprint(plain) != on_cpu
    assert identity.fingerprint(plain.model_copy(update={"device": "cpu"})) == on_cpu
