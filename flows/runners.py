"""Where a flow's tasks run, by name: threads, processes, a Dask or a Ray cluster. The tasks do not change with it.

What belongs here: building task runners. Dask and Ray are imported only when named and come with the extras of
their names.
"""

import os
from typing import Any, Literal

from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner, ThreadPoolTaskRunner
from pydantic import BaseModel, ConfigDict, Field

from stance.errors import ConfigError

RAY_STORE_BYTES = 100_000_000
"""Memory of a local Ray for values between tasks, which are paths and hashes; Ray itself would take 30 % of all."""


class RunnerConfig(BaseModel):
    """Which task runner, and how large."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["thread", "process", "dask", "ray"] = "thread"
    workers: int = Field(default=1, ge=1)
    """Threads or processes at once. One is right for a model on one machine: torch already uses all cores."""
    address: str = ""
    """Address of a running Dask scheduler or Ray cluster; '' starts a local one for the run."""
    backlog_shards: int = Field(default=200, ge=0)
    """More shards than this are scored inside one task, by Ray Data: only on Ray."""


def task_runner(config: RunnerConfig) -> TaskRunner[Any]:
    """Build the task runner of a config.

    Raises:
        ConfigError: the extra that the kind needs is not installed.
    """
    if config.kind == "thread":
        return ThreadPoolTaskRunner(max_workers=config.workers)
    if config.kind == "process":
        return ProcessPoolTaskRunner(max_workers=config.workers)
    try:
        return _dask(config) if config.kind == "dask" else _ray(config)
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"runner {config.kind!r} needs {error.name}; install it with: pip install 'stance-pipeline[{config.kind}]'"
        ) from error


def _dask(config: RunnerConfig) -> TaskRunner[Any]:
    from prefect_dask.task_runners import DaskTaskRunner

    local = {"n_workers": config.workers, "threads_per_worker": 1, "dashboard_address": None}
    return DaskTaskRunner(address=config.address or None, cluster_kwargs=None if config.address else local)


def _ray(config: RunnerConfig) -> TaskRunner[Any]:
    # Read when Ray is imported: it reports its use and keeps a token in the home folder unless told not to.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_AUTH_MODE", "disabled")
    from prefect_ray.task_runners import RayTaskRunner

    local = {"num_cpus": config.workers, "include_dashboard": False, "object_store_memory": RAY_STORE_BYTES}
    runner: TaskRunner[Any] = RayTaskRunner(address=config.address or None, init_kwargs={} if config.address else local)
    return runner
