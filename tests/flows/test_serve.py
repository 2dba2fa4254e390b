"""`stance serve`: a real server, a schedule, and a run that the scheduler made."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest

from tests.flows.news import free_port, wait_for
from tests.pipeline.corpus import write_corpus

ROOT = Path(__file__).parents[2]
PATIENCE = 900
CONFIG = """\
inputs = ["in"]
out = "out"
targets = ["targets.yaml"]
[scorer]
kind = "dummy"
"""
pytestmark = [pytest.mark.server, pytest.mark.timeout(4 * PATIENCE)]


@contextmanager
def stance_serve(folder: Path, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """The command, in its folder, with no server given; stopped as a service manager would."""
    environment = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    environment |= {"PREFECT_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT), "PREFECT_LOGGING_LEVEL": "WARNING"}
    command = [str(Path(sys.executable).with_name("stance")), "serve", *options]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


def runs(api: str) -> list[dict[str, Any]]:
    """All runs of the deployment that the server knows of; none while it is not up."""
    wanted = {"sort": "EXPECTED_START_TIME_ASC", "deployments": {"name": {"any_": ["daily"]}}}
    try:
        return list(httpx.post(f"{api}/flow_runs/filter", json=wanted, timeout=60).raise_for_status().json())
    except httpx.TransportError:
        return []


def test_scheduler_makes_a_run_and_its_tables_can_be_read(tmp_path: Path) -> None:
    write_corpus(tmp_path)
    (tmp_path / "stance.toml").write_text(CONFIG)
    port = free_port()
    api = f"http://127.0.0.1:{port}/api"
    # The sixth field of cron counts seconds.
    with stance_serve(tmp_path, "--cron", "* * * * * */20", "--port", str(port)) as process:

        def finished() -> dict[str, Any] | None:
            assert process.poll() is None, (tmp_path / "log").read_text()
            return next((run for run in runs(api) if run["state_type"] in ("COMPLETED", "FAILED", "CRASHED")), None)

        run = wait_for(finished, 2 * PATIENCE, "finished run", every=1)
        assert run["state_type"] == "COMPLETED", (tmp_path / "log").read_text()
        assert run["auto_scheduled"]
        assert run["created_by"]["type"] == "SCHEDULE"
        wrong = {"parameters": {"config": {"input": ["in"]}}}
        deployment = httpx.post(f"{api}/deployments/{run['deployment_id']}/create_flow_run", json=wrong, timeout=60)
        assert deployment.status_code in (409, 422)
        assert "input" in deployment.text
    assert pd.read_parquet(tmp_path / "out/scores")["article_id"].nunique() > 12
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{api}/health")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--cron", "at dawn"), "at dawn"),
        (("--timezone", "Mars/Base"), "Mars/Base"),
        (("--config", "no.toml"), "no.toml"),
    ],
)
def test_wrong_schedule_or_config_is_refused_at_once(tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    (tmp_path / "stance.toml").write_text(CONFIG)
    with stance_serve(tmp_path, *options) as process:
        assert process.wait(PATIENCE) == 2
    assert words in (tmp_path / "log").read_text()
    assert not (tmp_path / "home/prefect.db").exists()
