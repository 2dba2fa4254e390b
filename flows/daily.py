"""The flows: read, score and estimate what is new, in shards; run by hand, by a schedule, or many times over alike.

What belongs here: the order of the steps, and what becomes of a run that is late, overtaken or failed in part.
"""

import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from datetime import UTC, datetime, timedelta
from typing import Annotated

from prefect import flow, unmapped
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Cancelled, Completed, Failed
from pydantic import Field

from flows.backlog import score_backlog
from flows.limit import limited
from flows.notify import channel, notify_failure, tell_of_feeds
from flows.runners import RunnerConfig, task_runner
from flows.show import publish
from flows.tasks import finish, pending, plan, read_shard, score_shard, settle
from stance import pipeline
from stance.config import RunConfig
from stance.errors import StoreError
from stance.pipeline.refs import Failure, RunSummary, ShardRef
from stance.pipeline.running import ATTEMPTS
from stance.pipeline.scoring import PAUSE
from stance.store import open_folder

IN_THREADS = RunnerConfig()


@flow(name="daily-news", on_failure=[notify_failure], on_crashed=[notify_failure])
def daily_news(
    config: RunConfig,
    runner: RunnerConfig = IN_THREADS,
    skip_if_late_hours: float = 6.0,
    notify: str = "",
    timeout_hours: Annotated[float, Field(gt=0)] = 20.0,
) -> State[RunSummary]:
    """Do one day's work.

    Args:
        config: what to run; checked before the run starts.
        runner: where the tasks run.
        skip_if_late_hours: a scheduled run that starts later than this is cancelled, not replayed: the next one does
            its work, since a run takes whatever is new.
        notify: a Prefect notification block, `type/name`, told of failures and of feeds that dry up; '' tells nobody.
            Checked before anything is done.
        timeout_hours: a deployment's run that takes longer fails and is ended. While a run goes on, those scheduled
            meanwhile are cancelled: one that hangs must not cost all that follow. Less than the day between two runs.

    Raises:
        ConfigError: there is no such block, or it is none that notifies.
    """
    if notify:
        channel(notify)
    late = lateness()
    if late > timedelta(hours=skip_if_late_hours):
        return Cancelled(message=f"{late} late: the next scheduled run takes what is new by then")
    with limited(timeout_hours, notify):
        summary = _on_fresh_workers(config, runner)
        if notify:
            tell_of_feeds(config, notify)
    if absent := pipeline.missing(config):
        return Failed(message=f"inputs that are not there: {', '.join(absent)}; the rest is stored")
    if summary.failures:
        return Failed(message=f"{len(summary.failures)} shards failed; the rest is stored. {summary.failures[0].error}")
    return Completed(message=f"{summary.counts}", data=summary)


def lateness() -> timedelta:
    """How much later than scheduled this run started; zero for one that nobody scheduled."""
    scheduled = flow_run.scheduled_start_time
    seconds = (datetime.now(UTC) - scheduled).total_seconds() if scheduled else 0.0
    return timedelta(seconds=max(0, round(seconds)))


def _on_fresh_workers(config: RunConfig, runner: RunnerConfig) -> RunSummary:
    """Score; if a pool of processes dies, begin again with a new one: finished shards are not done twice."""
    for _ in range(ATTEMPTS - 1):
        try:
            return score_news.with_options(task_runner=task_runner(runner))(config, runner)
        except BrokenExecutor:
            time.sleep(PAUSE)
    return score_news.with_options(task_runner=task_runner(runner))(config, runner, give_up=True)


@flow(name="score-news")
def score_news(config: RunConfig, runner: RunnerConfig = IN_THREADS, give_up: bool = False) -> RunSummary:
    """Read, score and estimate what is new; a shard that fails is reported and waits for the next run.

    Args:
        config: what to run.
        runner: where the tasks run.
        give_up: whether shards lost with their worker process count as failed; otherwise the flow fails.
    """
    with open_folder(config.out).session() as alone:
        summary = _begin_again_if_overtaken(lambda: _steps(config, runner, give_up, alone))
    publish(config, summary)
    return summary


def _begin_again_if_overtaken(steps: Callable[[], RunSummary]) -> RunSummary:
    """Another run may switch the tables to other settings meanwhile: then the steps begin again."""
    for _ in range(ATTEMPTS - 1):
        try:
            return steps()
        except StoreError as error:
            if not error.retryable:
                raise
            time.sleep(PAUSE)
    return steps()


def _steps(config: RunConfig, runner: RunnerConfig, give_up: bool, alone: Callable[[], bool]) -> RunSummary:
    begun = time.time()
    shards = plan(config)
    read, unread = settle("read", shards, read_shard.map(shards, unmapped(config)), give_up=give_up)
    scored, unscored = _score(pending(config, read), config, runner, give_up)
    return finish(config, read, scored, [*unread, *unscored], alone, begun)


def _score(
    todo: list[ShardRef], config: RunConfig, runner: RunnerConfig, give_up: bool
) -> tuple[list[ShardRef], list[Failure]]:
    """One task per shard; on Ray, a backlog of many shards is streamed through one task."""
    if runner.kind == "ray" and len(todo) > runner.backlog_shards:
        return score_backlog(todo, config, runner.workers)
    return settle("score", todo, score_shard.map(todo, unmapped(config)), give_up=give_up)
