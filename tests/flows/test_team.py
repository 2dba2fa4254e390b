"""`docs/team.md`, word for word: a server on PostgreSQL, a pool, deployments, a worker, a run, and one that is late."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest

from tests.flows.news import free_port, wait_for

ROOT = Path(__file__).parents[2]
PATIENCE = 900
STOP_SECONDS = 90
"""How long systemd waits for a service that was told to stop, before it kills it."""
BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
pytestmark = [
    pytest.mark.server,
    pytest.mark.timeout(6 * PATIENCE),
    pytest.mark.skipif(not BINARIES, reason="PostgreSQL is not installed (Debian: apt-get install postgresql)"),
]


@contextmanager
def postgres() -> Iterator[dict[str, str]]:
    """A cluster of its own; gives the variables by which an administrator's commands find it."""
    with tempfile.TemporaryDirectory(prefix="stance-postgres-") as name:
        folder = Path(name)
        as_user: dict[str, Any] = {"cwd": folder, "check": True, "capture_output": True}
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres", "postgres")
            as_user |= {"user": "postgres", "group": "postgres"}
        with _cluster(folder, as_user) as port:
            yield {"PGHOST": "127.0.0.1", "PGPORT": str(port), "PGUSER": "postgres"}


@contextmanager
def _cluster(folder: Path, as_user: dict[str, Any]) -> Iterator[int]:
    binaries, data, port = BINARIES[-1], folder / "data", free_port()
    subprocess.run([binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync"], **as_user)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    start = [binaries / "pg_ctl", "-D", data, "-l", folder / "log", "-t", str(PATIENCE), "-w", "-o", options, "start"]
    subprocess.run(start, **as_user | {"capture_output": False, "stdout": subprocess.DEVNULL})
    try:
        yield port
    finally:
        subprocess.run([binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **as_user)


class Team:
    """Runs the page's commands in a copy of the checkout, with two ports of its own."""

    def __init__(self, folder: Path, database: dict[str, str]) -> None:
        self.folder = folder
        self.port = str(free_port())
        self.api = f"http://127.0.0.1:{self.port}/api"
        self._ports = {"4200": self.port, "5432": database["PGPORT"]}
        path = [str(Path(sys.executable).parent), str(BINARIES[-1]), os.environ["PATH"]]
        self._environment = (
            os.environ
            | database
            | {
                "PATH": os.pathsep.join(path),
                "PREFECT_HOME": str(folder / "home"),
                "PREFECT_LOGGING_LEVEL": "WARNING",
            }
        )
        self._services: list[subprocess.Popen[bytes]] = []
        self._exports = ""

    def follow(self, page: Path) -> None:
        """Run every `sh` block in order; those that keep running do so until `stop`."""
        for block in re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
            for port, mine in self._ports.items():
                block = re.sub(rf"\b{port}\b", mine, block)
            if block.startswith("export"):
                self._exports += block
            elif block.startswith("# keeps running"):
                self._services.append(self._start(block, f"service-{len(self._services)}.log"))
                wait_for(self._healthy, PATIENCE, "answer of the server")
            else:
                self._run(block)

    def stop(self) -> None:
        for service in reversed(self._services):
            os.killpg(service.pid, signal.SIGTERM)
            try:
                service.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:  # a worker that has just cancelled a late run may never stop by itself
                os.killpg(service.pid, signal.SIGKILL)
                service.wait(PATIENCE)

    def _run(self, block: str) -> None:
        process = self._start(block, "commands.log")
        assert process.wait(2 * PATIENCE) == 0, block + (self.folder / "commands.log").read_text()

    def _start(self, block: str, log: str) -> subprocess.Popen[bytes]:
        script = f"set -eu\n{self._exports}{block}"
        with (self.folder / log).open("ab") as stream:
            return subprocess.Popen(
                ["bash", "-c", script], cwd=self.folder, env=self._environment, stdout=stream, stderr=stream,
                start_new_session=True,
            )  # fmt: skip

    def _healthy(self) -> bool:
        try:
            return httpx.get(f"{self.api}/health", timeout=30).is_success
        except httpx.TransportError:
            return False


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    folder = tmp_path_factory.mktemp("team")
    for name in ("flows", "data/samples"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "prefect.yaml", folder)
    with postgres() as database:
        team = Team(folder, database)
        try:
            team.follow(ROOT / "docs/team.md")
            yield team
        finally:
            team.stop()


def test_page_leads_to_a_run(team: Team) -> None:
    assert len(pd.read_parquet(team.folder / "out/team/scores")) > 0
    (run,) = runs(team, "COMPLETED")
    assert run["work_pool_name"] == "news"


def test_schedule_keeps_its_time_zone_and_runs_do_not_pile_up(team: Team) -> None:
    found = deployment(team)
    (schedule,) = found["schedules"]
    assert (schedule["schedule"]["cron"], schedule["schedule"]["timezone"]) == ("30 5 * * *", "Europe/Kyiv")
    assert schedule["active"]
    assert found["global_concurrency_limit"]["limit"] == 1
    assert found["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    planned = wait_for(lambda: runs(team, "SCHEDULED"), PATIENCE, "planned run")
    starts = pd.to_datetime([run["expected_start_time"] for run in planned]).tz_convert("Europe/Kyiv")
    assert {start.strftime("%H:%M") for start in starts} == {"05:30"}


def test_late_run_is_cancelled_by_the_worker(team: Team) -> None:
    long_ago = (datetime.now(UTC) - timedelta(hours=7)).isoformat()
    late = {"state": {"type": "SCHEDULED", "state_details": {"scheduled_time": long_ago}}}
    url = f"{team.api}/deployments/{deployment(team)['id']}/create_flow_run"
    run = httpx.post(url, json=late, timeout=60).raise_for_status().json()["id"]
    cancelled = wait_for(
        lambda: [one for one in runs(team, "CANCELLED") if one["id"] == run], PATIENCE, "cancelled run"
    )
    assert "late" in cancelled[0]["state"]["message"]


def deployment(team: Team) -> dict[str, Any]:
    found = httpx.get(f"{team.api}/deployments/name/daily-news/daily", timeout=60)
    return dict(found.raise_for_status().json())


def runs(team: Team, state: str) -> list[dict[str, Any]]:
    wanted = {"flow_runs": {"state": {"type": {"any_": [state]}}}, "deployments": {"name": {"any_": ["daily"]}}}
    return list(httpx.post(f"{team.api}/flow_runs/filter", json=wanted, timeout=60).raise_for_status().json())
