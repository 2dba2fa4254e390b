"""The store's promises on an object store: a real S3-speaking server on loopback, over HTTP."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from stance import pipeline
from stance.config import RunConfig
from stance.errors import ConfigError, StoreError
from stance.store import open_folder
from stance.store.folder import LOCK
from stance.store.objects import ObjectFolder
from stance.store.query import Snapshot, consistent
from tests.pipeline.corpus import make_config, row, tables, write_corpus, write_rows
from tests.pipeline.s3 import Trouble, server, troubled

pytestmark = [pytest.mark.server, pytest.mark.filterwarnings("ignore::DeprecationWarning:botocore")]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with server() as running:
        yield running


def point(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": address,
    }.items():
        monkeypatch.setenv(name, value)
    fsspec.config.conf["s3"] = {"skip_instance_cache": True}


@pytest.fixture
def bucket(address: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a new bucket's prefix."""
    point(address, monkeypatch)
    name = f"news-{uuid.uuid4().hex[:8]}"
    fsspec.filesystem("s3").mkdir(name)
    return f"s3://{name}/tables"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunConfig:
    """The config of a run over six articles in the working folder."""
    write_corpus(tmp_path, size=6, files=2)
    monkeypatch.chdir(tmp_path)
    return make_config(shard_paragraphs=100, shard_megabytes=1)


def objects(root: str) -> dict[str, bytes]:
    """Return every object of the tables."""
    folder = open_folder(root)
    return {path: folder.read(path) for path in folder.files("") if path.endswith(".parquet") and "_work" not in path}


def test_tables_are_those_of_a_local_run(bucket: str, small: RunConfig) -> None:
    pipeline.run(small)
    remote = small.model_copy(update={"out": bucket})
    assert pipeline.run(remote).changed
    assert objects(bucket) == tables()
    before = open_folder(bucket).files("")
    assert not pipeline.run(remote).changed
    assert open_folder(bucket).files("") == before
    write_rows(Path("in/late.jsonl"), [row(60)])
    pipeline.run(remote)
    pipeline.run(small)
    assert objects(bucket) == tables()


def test_readers_read_them(bucket: str, small: RunConfig) -> None:
    pipeline.run(small.model_copy(update={"out": bucket}))
    count = consistent(bucket, lambda state: state.connect().execute("SELECT count(*) FROM scores").fetchall())
    assert count == [(Snapshot.open(bucket).table("scores").num_rows,)]
    assert pipeline.status(bucket).totals["articles"] == 6


def now_and_then(number: int, _method: str) -> str:
    return {3: "fail", 7: "stall", 11: "drop"}.get(number % 17, "")


@pytest.mark.slow
def test_failing_slow_and_dropped_requests_do_not_matter(
    address: str, bucket: str, small: RunConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.run(small)
    with troubled(address, now_and_then) as front:
        point(front, monkeypatch)
        pipeline.run(small.model_copy(update={"out": bucket}))
    point(address, monkeypatch)
    assert objects(bucket) == tables()


@pytest.mark.parametrize("trouble", ["fail", "drop"])
def test_store_that_only_fails_is_a_retryable_error(
    address: str, bucket: str, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    always: Trouble = lambda number, method: trouble  # noqa: E731
    with troubled(address, always) as front:
        point(front, monkeypatch)
        with pytest.raises(StoreError, match="busy or out of reach") as raised:
            open_folder(bucket).read("x")
    assert raised.value.retryable


KILLED = """
import sys
from stance import pipeline
from tests.pipeline.corpus import make_config
pipeline.run(make_config(out=sys.argv[1], shard_paragraphs=100, shard_megabytes=1))
"""


@pytest.mark.slow
def test_killed_in_the_middle_of_requests(
    address: str, bucket: str, small: RunConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SIGKILL when the store gets the n-th write of a later run: lists, shards, tables, the record, the manifest."""
    pipeline.run(small)
    remote = small.model_copy(update={"out": bucket})
    pipeline.run(remote)
    before = objects(bucket)
    write_rows(Path("in/late.jsonl"), [row(60), row(61, month=4)])
    pipeline.run(small)
    running: list[subprocess.Popen[bytes]] = []
    writes = [0]

    def kill(fatal: int) -> Trouble:
        writes[0] = 0

        def trouble(_number: int, method: str) -> str:
            writes[0] += method == "PUT"
            if writes[0] == fatal:
                running[-1].kill()
            return ""

        return trouble

    for fatal in (3, 9, 15, 21):
        with troubled(address, kill(fatal)) as front:
            environment = os.environ | {"AWS_ENDPOINT_URL": front, "PYTHONPATH": os.pathsep.join(sys.path)}
            running.append(subprocess.Popen([sys.executable, "-c", KILLED, bucket], env=environment))
            assert running[-1].wait(300) == -signal.SIGKILL, f"ended after {writes[0]} writes"
        assert before.items() <= objects(bucket).items()
        assert Snapshot.open(bucket).manifest.generation == 1
    point(address, monkeypatch)
    open_folder(bucket).remove([LOCK])  # else the next run waits a minute until the lease counts as left behind
    pipeline.run(remote)
    named = set(Snapshot.open(bucket).manifest.paths())
    assert {path: data for path, data in objects(bucket).items() if path in named} == tables()


def test_file_operations(bucket: str) -> None:
    folder = open_folder(bucket)
    with pytest.raises(FileNotFoundError):
        folder.read("nothing")
    assert not folder.exists("a")
    assert folder.create("a", b"one")
    assert folder.create("a", b"one")
    assert not folder.create("a", b"two")
    folder.write("b/c", b"three")
    assert folder.files("") == {"a": 3, "b/c": 5}
    assert folder.orphans("b") == []
    folder.sweep(lambda path: False)
    folder.remove(["a", "a", "none"])
    assert folder.files("") == {"b/c": 5}


def test_one_holds_the_lease(bucket: str) -> None:
    one, other = ObjectFolder(bucket, lease=30), ObjectFolder(bucket, lease=30)
    with one.lock(), pytest.raises(StoreError, match="switching the tables") as raised, other.lock(wait=0.2):
        pass
    assert raised.value.retryable
    with other.lock(wait=0.2):
        pass


def test_lease_that_is_not_renewed_is_taken_over(bucket: str) -> None:
    folder = ObjectFolder(bucket, lease=0.5)
    folder.write(LOCK, json.dumps({"host": "gone", "id": "x"}).encode())
    started = time.monotonic()
    with folder.lock(wait=20):
        assert time.monotonic() - started >= 0.5


def test_lease_is_renewed_while_it_is_held(bucket: str) -> None:
    holder, other = ObjectFolder(bucket, lease=1.0), ObjectFolder(bucket, lease=1.0)
    with holder.lock(), pytest.raises(StoreError), other.lock(wait=3):
        pass


def test_two_runs_at_once(bucket: str, small: RunConfig) -> None:
    pipeline.run(small)
    configs = [small.model_copy(update={"out": bucket, "inputs": (f"in/wire-{number}.jsonl",)}) for number in (0, 1)]
    errors: list[Exception] = []

    def run(config: RunConfig) -> None:
        try:
            pipeline.run(config)
        except StoreError as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(config,)) for config in configs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    rows, wanted = (Snapshot.open(root).table("scores") for root in (bucket, "out"))
    assert rows.equals(wanted)


def test_address_that_no_library_speaks_is_named() -> None:
    with pytest.raises(ConfigError, match="nosuch"):
        open_folder("nosuch://bucket/x")
