"""One Prefect server per test process, in a home of its own; nothing of the user's is read or written."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipeline.conftest import done, fresh, made  # noqa: F401 - fixtures

HOME = tempfile.mkdtemp(prefix="stance-prefect-")
# Read when Prefect is imported, and passed on to every process started here.
os.environ |= {
    "PREFECT_HOME": HOME,
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "DO_NOT_TRACK": "1",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_AUTH_MODE": "disabled",
}
START_SECONDS = 900


@pytest.fixture(scope="session", autouse=True)
def home() -> Iterator[Path]:
    """Prefect's folder, removed at the end."""
    yield Path(HOME)
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def prefect(home: Path) -> Iterator[None]:
    """A running Prefect server that flows of this process report to."""
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    with (
        prefect_test_harness(server_startup_timeout=START_SECONDS),
        # Without this every flow waits a second for its heartbeat thread to end.
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
    ):
        yield
