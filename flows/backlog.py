"""A big backlog in one task: Ray Data streams the shards through actors that hold the model.

One task per shard would be thousands of task runs, which unsettle a Prefect server; here there is one, and Ray keeps
the actors busy. Only paths and hashes travel; the actors read and write the work folder themselves, so every machine
must see `RunConfig.out` under the same path or address.
"""

import pickle
from collections.abc import Mapping, Sequence
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows.tasks import Outcome, part
from stance.config import RunConfig
from stance.errors import ShardError
from stance.pipeline.refs import Failure, ShardRef
from stance.pipeline.scoring import outcome_of
from stance.scorers.build import build_scorer

TRIES_IF_KILLED = 3
"""New tries of a shard whose actor died; Ray Data would try for ever, also where the shard itself is what kills."""
LOST = ShardError(f"its worker died {TRIES_IF_KILLED + 1} times; too little memory? Use smaller shards, fewer workers")


@task(name="score-backlog", cache_policy=NO_CACHE)
def score_backlog(shards: Sequence[ShardRef], config: RunConfig, actors: int) -> tuple[list[ShardRef], list[Failure]]:
    """Score shards on the Ray cluster that this process is connected to, and part the done from the failed.

    Args:
        shards: from `pipeline.pending`.
        config: the run's.
        actors: how many hold a model at once; each takes one CPU.

    Raises:
        ConfigError: no actor can build the scorer.
        StoreError: another run changed the tables; begin again.
    """
    found = dict(_stream(shards, config, actors))
    return part("score", shards, [found.get(shard.path, LOST) for shard in shards], give_up=True)


def _stream(shards: Sequence[ShardRef], config: RunConfig, actors: int) -> list[tuple[str, Outcome]]:
    import ray.data

    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.max_errored_blocks = -1  # a shard whose actor keeps dying is missing from the rows, and the rest goes on
    rows = [shard._asdict() for shard in shards]
    results = ray.data.from_items(rows, override_num_blocks=len(rows)).map(
        ScoringActor,  # type: ignore[arg-type]  # a class means actors; Ray's annotation leaves it out
        fn_constructor_args=(config,),
        compute=ray.data.ActorPoolStrategy(size=actors),
        num_cpus=1,
        max_task_retries=TRIES_IF_KILLED,
        max_restarts=-1,
    )
    return [(row["path"], pickle.loads(row["outcome"])) for row in results.iter_rows()]  # noqa: S301 - our own actors'


class ScoringActor:
    """A process that loads the model once and scores shards as they come."""

    def __init__(self, config: RunConfig) -> None:
        self._config = config
        build_scorer(config.scorer)

    def __call__(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Score one shard; an error comes back as what it is, since Ray would wrap it."""
        shard = ShardRef(row["path"], row["sha256"])
        return {"path": shard.path, "outcome": pickle.dumps(outcome_of(shard, self._config))}
