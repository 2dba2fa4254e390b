"""The scheduled flow on one machine: `python -m flows.serve`, which is what `stance serve` becomes.

Uses the Prefect server that `PREFECT_API_URL` names, else starts one on loopback for as long as it runs.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import httpx
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.schedules import Cron, Schedule
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.types.entrypoint import EntrypointType

from flows.daily import daily_news
from stance import config as configuration
from stance.errors import StanceError

HOST = "127.0.0.1"
START_SECONDS = 900.0
"""How long a server may take to come up: its first start migrates a database."""
STOP_SECONDS = 60.0
QUIET = {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}


def main() -> None:
    """Serve until stopped; exit status 2 for a wrong configuration or schedule."""
    parser = argparse.ArgumentParser(prog="python -m flows.serve", description=__doc__)
    parser.add_argument("--config", help="stance.toml; the one here if not given")
    parser.add_argument("--cron", default="30 5 * * *")
    parser.add_argument("--timezone", default="UTC")
    parser.add_argument("--port", type=int, default=4200, help="of the server started here")
    given = parser.parse_args()
    os.environ.update(QUIET)
    try:
        settings = configuration.load(given.config)
        ZoneInfo(given.timezone)
        schedule = Cron(given.cron, timezone=given.timezone)
    except (StanceError, ValueError, ZoneInfoNotFoundError) as error:
        _end(2, str(error))
    # A plain SIGTERM would leave the server behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with server(given.port) as url, temporary_settings({PREFECT_API_URL: url}):
        sys.stderr.write(f"Prefect: {url.removesuffix('/api')} · schedule {given.cron} ({given.timezone})\n")
        serve(settings, schedule)


def serve(settings: configuration.RunConfig, schedule: Schedule) -> None:
    """Register the deployment and run what the schedule asks for, until stopped."""
    daily_news.serve(
        name="daily",
        schedule=schedule,
        parameters={"config": settings.model_dump(mode="json")},
        limit=1,
        global_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
        entrypoint_type=EntrypointType.MODULE_PATH,
        print_starting_message=False,
    )


@contextmanager
def server(port: int) -> Iterator[str]:
    """Give the address of a Prefect API: the configured one, or that of a server run for the length of the block."""
    configured = PREFECT_API_URL.value()
    if configured:
        yield configured
        return
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", HOST, "--port", str(port)]
    # A session of its own, so that Ctrl-C reaches the server only after the runner has said good-bye to it. Its errors
    # are shown: a scheduler that cannot write its rows says so nowhere else.
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
    try:
        url = f"http://{HOST}:{port}/api"
        _wait(url, process)
        yield url
    finally:
        _stop(process)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit:
        if process.poll() is not None:
            _end(
                1,
                f"the Prefect server ended with status {process.returncode}; is its port taken?",
            )
        try:
            httpx.get(f"{url}/health", timeout=2).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.5)
        else:
            return
    _end(1, f"no Prefect server at {url} after {START_SECONDS:.0f} s")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the server with the processes it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        os.killpg(process.pid, signal.SIGKILL)


def _end(status: int, message: str) -> NoReturn:
    sys.stderr.write(f"error: {message}\n")
    sys.exit(status)


if __name__ == "__main__":
    main()
