"""A whole run from one command; flows call the same steps one by one.

What belongs here: the order of the steps, progress, and going on after a shard that failed. What does not: the steps.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import closing

from stance.config import RunConfig
from stance.errors import ScorerError, ShardError, StoreError
from stance.pipeline import ahead
from stance.pipeline.finishing import finish
from stance.pipeline.inputs import plan
from stance.pipeline.pieces import pending
from stance.pipeline.reading import ingest_shard
from stance.pipeline.refs import Failure, Progress, RunSummary, ShardRef, Silent
from stance.pipeline.scoring import PAUSE
from stance.store import open_folder

ATTEMPTS = 4
"""How often a run begins again because another one changed the tables under it."""


def run(config: RunConfig, progress: Progress | None = None) -> RunSummary:
    """Bring the tables of `config.out` up to date with `config.inputs`.

    Raises:
        ConfigError: no input, or a wrong catalogue or scorer.
        StoreError: the output cannot be read or written.
    """
    progress = progress or Silent()
    folder = open_folder(config.out)
    with folder.session() as alone:
        for attempt in range(ATTEMPTS):
            try:
                return _run(config, progress, alone)
            except StoreError as error:
                if not error.retryable or attempt == ATTEMPTS - 1:
                    raise
                time.sleep(PAUSE)
    raise AssertionError


def _run(config: RunConfig, progress: Progress, alone: Callable[[], bool]) -> RunSummary:
    begun = time.time()
    failures: list[Failure] = []
    read = _read(plan(config), config, progress, failures)
    scored = _score(pending(config, read), config, progress, failures)
    progress.stage("merge", 1)
    summary = finish(config, read, scored, failures, alone, begun)
    progress.advance()
    return summary


def _read(shards: Sequence[ShardRef], config: RunConfig, progress: Progress, failures: list[Failure]) -> list[ShardRef]:
    """Read every shard; one that fails is noted and left out."""
    progress.stage("read", len(shards))
    done = []
    for ref in shards:
        try:
            done.append(ingest_shard(ref, config))
        except ShardError as error:
            failures.append(Failure(step="read", shard=ref.path, error=str(error)))
        progress.advance()
    return done


def _score(
    shards: Sequence[ShardRef], config: RunConfig, progress: Progress, failures: list[Failure]
) -> list[ShardRef]:
    """Score every shard; one that fails is noted and left out."""
    progress.stage("score", len(shards))
    done = {}
    with closing(ahead.outcomes(shards, config)) as outcomes:
        for ref, outcome in outcomes:
            if isinstance(outcome, ShardRef):
                done[ref] = outcome
            elif isinstance(outcome, ShardError | ScorerError):
                failures.append(Failure(step="score", shard=ref.path, error=str(outcome)))
            else:
                raise outcome
            progress.advance()
    return [done[ref] for ref in shards if ref in done]
