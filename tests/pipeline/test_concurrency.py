"""Two runs into one output at the same time."""

import os
import signal
import time
from pathlib import Path

import pytest

from stance import pipeline
from stance.config import RunConfig
from stance.errors import StoreError
from stance.store import open_folder
from stance.store.query import Snapshot
from tests.pipeline.corpus import edited, make_config, row, tables, write_catalogue, write_rows
from tests.pipeline.processes import ended, forked


def together(*configs: RunConfig) -> None:
    """Run several configs at the same time, each in a process of its own."""
    start = time.monotonic() + 0.3

    def run(config: RunConfig) -> None:
        time.sleep(max(0.0, start - time.monotonic()))
        pipeline.run(config)

    assert [ended(pid) for pid in [forked(lambda config=config: run(config)) for config in configs]] == [0] * len(
        configs
    )


def test_same_input_twice_at_once(made: Path, fresh: RunConfig) -> None:
    together(fresh, fresh)
    assert tables() == tables(made / "out")


@pytest.mark.parametrize("round", range(3))
def test_overlapping_inputs_at_once(fresh: RunConfig, round: int) -> None:
    write_rows(Path("in/wire-3.jsonl"), [row(3, month=1), row(0), row(90), edited(4)])  # 0 and 4 are in wire-0 too
    files = [f"in/wire-{number}.jsonl" for number in range(4)]
    halves = {"inputs": tuple(files[:3])}, {"inputs": tuple(files[1:])}
    orders = {}
    for out, order in (("forth", halves), ("back", halves[::-1])):
        for half in order:
            pipeline.run(make_config(out=out, **half))
        orders[out] = tables(out)
    assert orders["forth"] != orders["back"]  # who brought what, and in which generation
    together(*(make_config(**half) for half in halves))
    assert tables() in orders.values()


def test_new_articles_while_another_run_changes_the_catalogue(done: RunConfig) -> None:
    write_rows(Path("in/late.jsonl"), [row(60), row(61)])
    write_catalogue(Path("more.yaml"), police=True)
    together(done, make_config(inputs=("in/wire-0.jsonl",), targets=("more.yaml",)))
    state = Snapshot.open("out")
    assert state.manifest.rows()["articles"] == 26
    pairs = state.table("scores", ["paragraph_id", "target"]).to_pylist()
    assert len({tuple(pair.values()) for pair in pairs}) == len(pairs)
    mentioned = {"police": "police" in {pair["target"] for pair in pairs}}
    texts = state.table("paragraphs", ["text"])["text"].to_pylist()
    police = sum(pair["target"] == "police" for pair in pairs)
    assert police == (sum("police" in text for text in texts) if mentioned["police"] else 0)


def test_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    def hold() -> None:
        with open_folder(str(tmp_path)).lock():
            (tmp_path / "held").touch()
            time.sleep(600)

    pid = forked(hold)
    while not (tmp_path / "held").exists():
        time.sleep(0.01)
    with pytest.raises(StoreError, match=f'"pid": {pid}') as raised, open_folder(str(tmp_path)).lock(wait=0.1):
        pass
    assert raised.value.retryable
    os.kill(pid, signal.SIGKILL)
    ended(pid)
    with open_folder(str(tmp_path)).lock(wait=5):
        pass


def test_work_of_a_run_that_goes_on_is_not_swept(done: RunConfig) -> None:
    write_rows(Path("in/late.jsonl"), [row(60)])
    shards = [pipeline.ingest_shard(ref, done) for ref in pipeline.plan(done)]
    with open_folder("out").session():
        write_rows(Path("in/later.jsonl"), [row(61)])
        pipeline.run(make_config(inputs=("in/later.jsonl",)))
        pieces = pipeline.pending(done, shards)
        summary = pipeline.finish(done, shards, [pipeline.score_shard(ref, done) for ref in pieces])
    assert summary.counts["new"] == 1
