"""A whole run in one process, as the command line does it; flows call the same steps one by one.

What belongs here: the order of the steps, progress, and going on after a shard that failed. What does not: the steps.
"""

import time
from collections.abc import Callable, Sequence

from stance.config import RunConfig
from stance.errors import ScorerError, ShardError, StoreError
from stance.pipeline.finishing import finish
from stance.pipeline.inputs import plan
from stance.pipeline.pieces import pending
from stance.pipeline.reading import ingest_shard
from stance.pipeline.refs import Failure, Progress, RunSummary, ShardRef, Silent
from stance.pipeline.scoring import score_shard
from stance.store import open_folder

ATTEMPTS = 4
"""How often a run begins again because another one changed the tables under it."""
RETRIES = 3
"""How often a shard is tried again after an error that may pass."""
PAUSE = 2.0
"""Seconds before the first further try; doubled for each next one."""

Step = Callable[[ShardRef, RunConfig], ShardRef]


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
    read = _each("read", ingest_shard, plan(config), config, progress, failures)
    scored = _each("score", score_shard, pending(config, read), config, progress, failures)
    progress.stage("merge", 1)
    summary = finish(config, read, scored, failures, alone, begun)
    progress.advance()
    return summary


def _each(
    name: str, step: Step, refs: Sequence[ShardRef], config: RunConfig, progress: Progress, failures: list[Failure]
) -> list[ShardRef]:
    """Do a step for every shard; one that fails is noted and left out."""
    progress.stage(name, len(refs))
    done = []
    for ref in refs:
        try:
            done.append(retried(step, ref, config))
        except (ShardError, ScorerError) as error:
            failures.append(Failure(step=name, shard=ref.path, error=str(error)))
        progress.advance()
    return done


def retried(step: Step, ref: ShardRef, config: RunConfig) -> ShardRef:
    """Do a step for one shard, again and later where its scorer says that this may help."""
    for retry in range(RETRIES):
        try:
            return step(ref, config)
        except ScorerError as error:
            if not error.retryable:
                raise
            time.sleep(PAUSE * 2**retry)
    return step(ref, config)
