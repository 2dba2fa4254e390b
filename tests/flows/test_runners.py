"""Threads, processes, Dask and Ray: the tables are the same to the byte, also when a worker is killed on the way."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, chdir, contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
import pytest

from flows.daily import daily_news
from flows.runners import RunnerConfig, task_runner
from stance import pipeline
from stance.config import RunConfig
from stance.errors import ConfigError
from tests.flows.news import BAD, asking, bad_for
from tests.pipeline.corpus import tables, write_corpus
from tests.scorers.endpoint import right

pytestmark = [pytest.mark.usefixtures("prefect"), pytest.mark.slow, pytest.mark.timeout(1800)]
FATAL = 30
"""Call of the endpoint at which a worker is killed: of 72, one for each paragraph of six shards."""
ME = (None, os.getpid())
Kind = Callable[[int], AbstractContextManager[RunnerConfig]]


@contextmanager
def processes(workers: int) -> Iterator[RunnerConfig]:
    yield RunnerConfig(kind="process", workers=workers)


@contextmanager
def dask(workers: int) -> Iterator[RunnerConfig]:
    """A cluster of processes that runs already, as a team has it."""
    import distributed

    options = {"threads_per_worker": 1, "dashboard_address": None, "silence_logs": 50}
    with distributed.LocalCluster(n_workers=workers, processes=True, **options) as cluster:
        yield RunnerConfig(kind="dask", address=cluster.scheduler_address)


@contextmanager
def ray(workers: int) -> Iterator[RunnerConfig]:
    yield RunnerConfig(kind="ray", workers=workers)


class Killer:
    """An endpoint that kills one of the processes that ask it, with shards done, in work and still to do."""

    def __init__(self) -> None:
        self.port = 0
        self.killed: list[int] = []
        self._once = threading.Lock()

    def __call__(self, question: dict[str, Any], call: int) -> tuple[int, str]:
        with self._once:  # the endpoint answers each question in a thread of its own
            if call >= FATAL and not self.killed:
                self.killed.append(self._asker())
                os.kill(self.killed[0], signal.SIGKILL)
        return right(question, call)

    def _asker(self) -> int:
        connections = psutil.net_connections("tcp4")
        return next(one.pid for one in connections if one.raddr and one.raddr.port == self.port and one.pid not in ME)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The tables of a run in one process, by the same scorer."""
    folder = tmp_path_factory.mktemp("expected")
    write_corpus(folder)
    with chdir(folder), asking(right, folder / "cache") as (_, config):
        pipeline.run(config)
        return tables()


@pytest.mark.parametrize("kind", [processes, dask, ray])
def test_killed_worker_changes_nothing(
    kind: Kind, fresh: RunConfig, expected: dict[str, bytes], tmp_path: Path
) -> None:
    killer = Killer()
    with kind(2) as runner, asking(killer, tmp_path / "cache") as (endpoint, config):
        killer.port = endpoint.port
        state = daily_news(config, runner, return_state=True)
    assert state.name == "Completed", state.message
    assert len(killer.killed) == 1
    assert tables() == expected


def test_threads_write_the_same(fresh: RunConfig, expected: dict[str, bytes], tmp_path: Path) -> None:
    with asking(right, tmp_path / "cache") as (_, config):
        daily_news(config, RunnerConfig(workers=3))
    assert tables() == expected


def test_backlog_streams_through_actors_that_hold_the_model(
    fresh: RunConfig, expected: dict[str, bytes], tmp_path: Path
) -> None:
    killer = Killer()
    with asking(killer, tmp_path / "cache") as (endpoint, config):
        killer.port = endpoint.port
        state = daily_news(config, RunnerConfig(kind="ray", workers=2, backlog_shards=0), return_state=True)
    assert state.name == "Completed", state.message
    assert len(killer.killed) == 1
    assert tables() == expected


def test_bad_shard_of_a_backlog_fails_alone(fresh: RunConfig, tmp_path: Path) -> None:
    with asking(bad_for(BAD, 400), tmp_path / "cache") as (_, config):
        state = daily_news(config, RunnerConfig(kind="ray", workers=2, backlog_shards=0), return_state=True)
    assert "1 shards failed; the rest is stored" in state.message
    assert len(pd.read_parquet("out/articles")) > 12


def test_runner_whose_extra_is_missing_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prefect_dask.task_runners", None)
    with pytest.raises(ConfigError, match=r"pip install 'stance-pipeline\[dask\]'"):
        task_runner(RunnerConfig(kind="dask"))
