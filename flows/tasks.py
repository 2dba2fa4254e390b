"""The steps of a run as Prefect tasks: one call each, paths and hashes in and out, retried when the error says so.

The steps are idempotent by content themselves, so Prefect's cache is off: it would see a task's own lines and not what
they call.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor
from typing import Any, ParamSpec, TypeGuard, TypeVar

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.futures import PrefectFuture

from stance import pipeline
from stance.config import RunConfig
from stance.errors import ConfigError, ScorerError, StanceError, StoreError
from stance.pipeline.refs import Failure, RunSummary, ShardRef

P = ParamSpec("P")
R = TypeVar("R")
Outcome = ShardRef | Exception
DELAYS = [2.0, 20.0, 120.0]
"""Seconds before each new try: a short hiccup, a restart, a longer outage."""


def is_retryable(_task: object, _run: TaskRun, state: State[Any]) -> bool:
    """Whether the same call may succeed later.

    A store that another run changed is not answered by the same call: then the whole flow begins again.
    """
    error = state.result(raise_on_failure=False)
    return isinstance(error, ScorerError) and error.retryable


def patient(name: str, run_name: str | None = None) -> Callable[[Callable[P, R]], Task[P, R]]:
    """Make a task that is tried again, later and later, as long as its errors say that this may help."""
    return task(
        name=name,
        task_run_name=run_name,
        retries=len(DELAYS),
        retry_delay_seconds=DELAYS,
        retry_condition_fn=is_retryable,
        cache_policy=NO_CACHE,
    )


@patient("plan")
def plan(config: RunConfig) -> list[ShardRef]:
    """List the inputs that were not read yet, in shards."""
    return pipeline.plan(config)


@patient("read", "read-{shard.sha256}")
def read_shard(shard: ShardRef, config: RunConfig) -> ShardRef:
    """Turn one shard of inputs into articles and rejections."""
    return pipeline.ingest_shard(shard, config)


@patient("pending")
def pending(config: RunConfig, read: Sequence[ShardRef]) -> list[ShardRef]:
    """List what must be scored, in shards."""
    return pipeline.pending(config, read)


@patient("score", "score-{shard.sha256}")
def score_shard(shard: ShardRef, config: RunConfig) -> ShardRef:
    """Score one shard of paragraphs."""
    return pipeline.score_shard(shard, config)


@patient("finish")
def finish(
    config: RunConfig,
    read: Sequence[ShardRef],
    scored: Sequence[ShardRef],
    failures: Sequence[Failure],
    alone: Callable[[], bool],
    begun: float,
) -> RunSummary:
    """Put the shards into the tables and make the estimates."""
    return pipeline.finish(config, read, scored, failures, alone, begun)


def settle(
    step: str, shards: Sequence[ShardRef], futures: Sequence[PrefectFuture[ShardRef]], *, give_up: bool
) -> tuple[list[ShardRef], list[Failure]]:
    """Wait for all shards of a step, then `part` them."""
    return part(step, shards, [_outcome(future) for future in futures], give_up=give_up)


def part(
    step: str, shards: Sequence[ShardRef], outcomes: Sequence[Outcome], *, give_up: bool
) -> tuple[list[ShardRef], list[Failure]]:
    """Part the done from the failed: one bad shard never stops the others.

    Args:
        step: `read` or `score`.
        shards: what the step was given.
        outcomes: what became of each.
        give_up: whether shards lost with a pool of processes count as failed.

    Raises:
        ConfigError: the configuration is wrong, so every shard would fail.
        StoreError: another run changed the tables; begin again.
        BrokenExecutor: the pool died; begin again with a new one. Not if `give_up`.
    """
    for outcome in outcomes:
        if _stops(outcome, give_up):
            raise outcome
    return [outcome for outcome in outcomes if isinstance(outcome, ShardRef)], [
        Failure(step=step, shard=shard.path, error=_words(outcome))
        for shard, outcome in zip(shards, outcomes, strict=True)
        if isinstance(outcome, Exception)
    ]


def _outcome(future: PrefectFuture[ShardRef]) -> Outcome:
    try:
        outcome: Outcome = future.result(raise_on_failure=False)
    except Exception as error:  # noqa: BLE001 - each cluster has its own errors for a worker that died
        return error
    return outcome


def _stops(outcome: Outcome, give_up: bool) -> TypeGuard[Exception]:
    """Whether an outcome concerns the whole run and not only its shard."""
    if isinstance(outcome, StoreError):
        return outcome.retryable
    return isinstance(outcome, ConfigError) or (isinstance(outcome, BrokenExecutor) and not give_up)


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, StanceError) else f"{type(error).__name__}: {error}"
