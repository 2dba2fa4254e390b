"""What the tests of flows share: a scorer behind a real endpoint, and looking at what a run left in Prefect."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey
from prefect.client.schemas.sorting import ArtifactSort

from stance.config import RunConfig
from tests.pipeline.corpus import make_config
from tests.scorers.endpoint import Answer, Endpoint, right, serving

BAD = "That was day 7, part 0."
"""Found in one paragraph of the corpus only."""


@contextmanager
def asking(answer: Answer, cache: Path) -> Iterator[tuple[Endpoint, RunConfig]]:
    """A config whose scorer asks an endpoint, one call at a time and once per question."""
    with serving(answer) as endpoint:
        scorer = {
            "kind": "llm",
            "model": "m",
            "base_url": endpoint.url,
            "allow_remote": True,
            "retries": 0,
            "concurrency": 1,
            "cache": str(cache),
        }
        yield endpoint, make_config(scorer=scorer)


def bad_for(text: str, status: int) -> Answer:
    """An endpoint that answers right, except to questions about a text."""

    def answer(question: dict[str, Any], call: int) -> tuple[int, str]:
        return (status, "no") if text in question["paragraph"] else right(question, call)

    return answer


def busy_at_first(times: int, status: int = 503) -> Answer:
    """An endpoint that is not up yet for the first calls."""
    return lambda question, call: (status, "starting") if call <= times else right(question, call)


def artifact(key: str) -> Any:
    """The newest artifact of a key."""
    with get_client(sync_client=True) as client:
        found = client.read_artifacts(
            artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=[key])), sort=ArtifactSort.CREATED_DESC, limit=1
        )
    return found[0].data


def wait_for(condition: Callable[[], Any], seconds: float, what: str, every: float = 0.5) -> Any:
    """Return what a condition gives as soon as it is true."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if value := condition():
            return value
        time.sleep(every)
    raise AssertionError(f"no {what} after {seconds:.0f} s")


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
