"""The flows in one process: what they leave, whom they tell, and what becomes of what fails."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.blocks.system import Secret
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import ConcurrencyLimitStrategy, ConcurrencyOptions, FlowRun
from prefect.exceptions import ParameterTypeError
from prefect.flow_engine import run_flow
from prefect.settings import PREFECT_API_URL
from prefect.states import Pending, Scheduled

from flows import tasks
from flows.daily import daily_news, score_news
from flows.notify import tell
from stance import pipeline
from stance.config import RunConfig
from stance.errors import ConfigError
from tests.flows.news import BAD, artifact, asking, bad_for, busy_at_first, wait_for
from tests.pipeline.corpus import everything, make_config, row, tables, write_rows
from tests.scorers.endpoint import right

SAMPLES = Path(__file__).parents[2] / "data/samples"
pytestmark = [pytest.mark.usefixtures("prefect"), pytest.mark.timeout(1800)]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks do not pause before they are tried again."""
    monkeypatch.setattr(tasks.score_shard, "retry_delay_seconds", [0.0, 0.0, 0.0])


def test_samples_end_to_end_then_nothing_to_do(tmp_path: Path) -> None:
    out = tmp_path / "out"
    config = RunConfig(inputs=(str(SAMPLES),), out=str(out), scorer={"kind": "dummy"})
    state = daily_news(config, return_state=True)
    assert state.name == "Completed"
    assert len(pd.read_parquet(out / "scores")) > 0
    estimates = artifact("stance-estimates")
    rejections = artifact("stance-rejections")
    words = artifact("stance-summary")
    assert {row["target"] for row in json.loads(estimates)} >= {"government", "protesters"}
    stored = pd.read_parquet(out / "rejections").groupby("reason").size().to_dict()
    assert {row["reason"]: row["inputs"] for row in json.loads(rejections)} == stored
    assert f"articles: {len(pd.read_parquet(out / 'articles'))}" in words
    assert not (out / "_work/scored").exists()
    before = everything(out)
    summary = score_news(config)
    assert not summary.changed
    assert everything(out) == before


def test_input_that_is_not_there_fails_the_run_each_time(fresh: RunConfig) -> None:
    config = make_config(inputs=("in", "gone"))
    for _ in range(2):
        state = daily_news(config, return_state=True)
        assert state.name == "Failed"
        assert "gone" in state.message


def test_flow_writes_what_the_command_line_writes(done: RunConfig) -> None:
    score_news(make_config(out="flow"))
    assert tables("flow") == tables("out")


def test_scorer_that_comes_up_late_is_tried_again(fresh: RunConfig, at_once: None, tmp_path: Path) -> None:
    with asking(busy_at_first(2), tmp_path / "cache") as (endpoint, config):
        state = daily_news(config, return_state=True)
        assert state.name == "Completed"
        wanted = pd.read_parquet("out/paragraphs")["index"].notna().sum()
        assert len(endpoint.requests) == wanted + 2


def test_scorer_that_stays_away_is_given_up_after_the_last_try(fresh: RunConfig, at_once: None, tmp_path: Path) -> None:
    with asking(bad_for(BAD, 503), tmp_path / "cache") as (endpoint, config):
        state = daily_news(config, return_state=True)
        asked = [body for body in endpoint.requests if BAD in body["messages"][1]["content"]]
    assert state.name == "Failed"
    assert len(asked) == 1 + len(tasks.DELAYS)


def test_bad_shard_fails_alone_is_not_tried_again_and_waits_for_the_next_run(fresh: RunConfig, tmp_path: Path) -> None:
    with asking(bad_for(BAD, 400), tmp_path / "cache") as (endpoint, config):
        state = daily_news(config, return_state=True)
        asked = [body for body in endpoint.requests if BAD in body["messages"][1]["content"]]
    assert len(asked) == 1
    assert state.name == "Failed"
    assert "1 shards failed; the rest is stored" in state.message
    stored = set(pd.read_parquet("out/articles")["article_id"])
    assert "**failed** score" in artifact("stance-summary")
    with asking(right, tmp_path / "cache") as (_, config):
        assert daily_news(config, return_state=True).name == "Completed"
    then = set(pd.read_parquet("out/articles")["article_id"])
    assert 0 < len(stored) < len(then) == 24


def test_run_whose_tables_are_changed_by_another_begins_again(done: RunConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    write_rows(Path("in/new.jsonl"), [row(200), row(201)])
    shutil.copytree("out", "alone")
    pipeline.run(make_config(out="alone", sentiment="mentioned"))
    pipeline.run(make_config(out="alone"))
    listed = tasks.pending.fn
    lists: list[Any] = []

    def overtaken(config: RunConfig, read: Any) -> Any:
        lists.append(listed(config, read))
        if len(lists) == 1:
            pipeline.run(make_config(sentiment="mentioned"))  # the other run
        return lists[-1]

    monkeypatch.setattr(tasks.pending, "fn", overtaken)
    summary = score_news(done)
    assert len(lists) == 2
    assert not summary.failures
    assert tables("out") == tables("alone")


def test_misspelt_or_wrong_parameters_are_refused_before_the_run(tmp_path: Path) -> None:
    good = {"inputs": ["in"], "out": str(tmp_path / "out")}
    for wrong in ({"input": ["in"]}, {"scorer": {"kind": "dumy"}}, {"shard_paragraphs": 0}):
        with pytest.raises(ParameterTypeError):
            daily_news(config=good | wrong)
    with pytest.raises(ParameterTypeError):
        daily_news(config=good, runner={"kind": "threads"})
    assert not (tmp_path / "out").exists()


def test_late_run_is_cancelled_and_one_in_time_is_not(fresh: RunConfig) -> None:
    def planned(**parameters: Any) -> FlowRun:
        wanted = {"config": fresh.model_dump(mode="json")} | parameters
        with get_client(sync_client=True) as client:
            state = Scheduled(scheduled_time=datetime.now(UTC) - timedelta(hours=7))
            return client.create_flow_run(daily_news, parameters=wanted, state=state)

    state = run_flow(daily_news, flow_run=planned(), return_type="state")
    assert state.name == "Cancelled"
    assert state.message.startswith("7:")
    assert "late" in state.message
    assert not Path("out").exists()
    state = run_flow(daily_news, flow_run=planned(skip_if_late_hours=8), return_type="state")
    assert state.name == "Completed"


@contextmanager
def webhook(name: str) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A notification block that posts to a server on loopback; gives its `type/name` and what arrived."""
    arrived: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            arrived.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/hook"
        data = {"subject": "{{subject}}", "body": "{{body}}"}
        CustomWebhookNotificationBlock(name=name, url=url, json_data=data).save(name, overwrite=True)
        try:
            yield f"custom-webhook/{name}", arrived
        finally:
            server.shutdown()
            thread.join()


HUNG = """
import sys
import threading
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.flow_engine import run_flow

from flows import daily, tasks

tasks.read_shard.fn = lambda shard, config: threading.Event().wait()
with get_client(sync_client=True) as client:
    run = client.read_flow_run(UUID(sys.argv[1]))
run_flow(daily.daily_news, flow_run=run, return_type="state")
"""


def test_run_that_hangs_ends_is_told_and_lets_the_next_one_run(fresh: RunConfig) -> None:
    one_at_a_time = ConcurrencyOptions(collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    with webhook("hung") as (block, arrived), get_client(sync_client=True) as client:
        flow = client.create_flow(daily_news)
        deployment = client.create_deployment(
            flow, "hung", concurrency_limit=1, concurrency_options=one_at_a_time, enforce_parameter_schema=False
        )
        parameters = {"config": fresh.model_dump(mode="json"), "notify": block, "timeout_hours": 10 / 3600}
        first, second, third = (
            client.create_flow_run_from_deployment(deployment, parameters=parameters).id for _ in range(3)
        )
        environment = os.environ | {"PREFECT_API_URL": PREFECT_API_URL.value(), "PYTHONPATH": str(SAMPLES.parents[1])}
        assert client.set_flow_run_state(first, Pending()).state.is_pending()  # as a worker does, which takes the slot
        process = subprocess.Popen([sys.executable, "-c", HUNG, str(first)], env=environment)
        try:
            wait_for(lambda: client.read_flow_run(first).state.is_running(), 300, "hanging run")
            assert client.set_flow_run_state(second, Pending()).state.is_cancelled()
            assert process.wait(300) == 1
        finally:
            process.kill()
        state = client.read_flow_run(first).state
        assert (state.type, state.name) == ("FAILED", "TimedOut")
        assert client.set_flow_run_state(third, Pending()).state.is_pending()
    (message,) = arrived
    assert message["subject"].endswith("TimedOut")
    assert "the next run goes on" in message["body"]


def test_failure_is_told(fresh: RunConfig, tmp_path: Path) -> None:
    with webhook("failures") as (block, arrived), asking(bad_for(BAD, 400), tmp_path / "cache") as (_, config):
        daily_news(config, notify=block, return_state=True)
    (message,) = arrived
    assert "daily-news" in message["subject"]
    assert message["subject"].endswith("Failed")
    assert "1 shards failed" in message["body"]


def test_silent_feed_is_told_and_a_good_run_is_not(fresh: RunConfig) -> None:
    with webhook("feeds") as (block, arrived):
        assert daily_news(fresh, notify=block, return_state=True).name == "Completed"
        assert arrived == []
        days = [row(number, outlet="Daily Wire", published=f"2025-01-{number - 299:02d}") for number in range(300, 308)]
        write_rows(Path("in/daily.jsonl"), days)
        assert daily_news(fresh, notify=block, return_state=True).name == "Completed"
    (message,) = arrived
    assert message["subject"] == "stance: Daily Wire is silent"
    assert "2025-01-08" in message["body"]


def test_only_blocks_that_notify_are_taken() -> None:
    Secret(value="x").save("not-a-channel", overwrite=True)
    with pytest.raises(ConfigError, match="Secret"):
        tell("secret/not-a-channel", "subject", "body")


@pytest.mark.parametrize("name", ["slack-webhook/misspelt", "slak/newsroom", "newsroom", "secret/not-a-channel"])
def test_wrong_name_of_a_channel_is_refused_before_the_run(fresh: RunConfig, name: str) -> None:
    Secret(value="x").save("not-a-channel", overwrite=True)
    state = daily_news(fresh, notify=name, return_state=True)
    assert state.name == "Failed"
    assert f"notify: '{name}'" in state.message
    assert not Path("out").exists()
