"""Helper processes change no byte and lose no shard, whatever becomes of them."""

import pickle
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stance import pipeline
from stance.config import RunConfig
from stance.errors import ConfigError, ScorerError
from stance.pipeline import ahead
from stance.records import Passage, PassageScore
from stance.scorers.build import build_scorer
from stance.scorers.config import EncoderConfig
from stance.scorers.encoder import EncoderScorer
from tests.model import tiny
from tests.pipeline.corpus import make_config, tables, write_corpus


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunConfig:
    """A run of several shards with a small model of random weights, which is done with helpers."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ahead, "WORTH", 1)
    write_corpus(tmp_path)
    scorer = EncoderConfig(model=str(tiny.write_model(tmp_path / "tiny")))
    return make_config(scorer=scorer, shard_paragraphs=12)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[ahead._Helper]:
    """The helpers that were started."""
    helpers: list[ahead._Helper] = []
    start = ahead._Helper.__init__

    def noted(helper: ahead._Helper, inbox: ahead.Inbox) -> None:
        start(helper, inbox)
        helpers.append(helper)

    monkeypatch.setattr(ahead._Helper, "__init__", noted)
    return helpers


def files(config: RunConfig, out: str) -> dict[str, bytes]:
    """Run into a folder of its own and return its tables' files."""
    summary = pipeline.run(config.model_copy(update={"out": out}))
    assert not summary.failures
    assert summary.counts["pairs"] > 20
    return tables(out)


def without_helpers(config: RunConfig, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    with monkeypatch.context() as patch:
        patch.setattr(ahead, "WORTH", 1_000_000)
        return files(config, "alone")


def test_the_same_bytes_and_no_process_left(
    config: RunConfig, started: list[ahead._Helper], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = without_helpers(config, monkeypatch)
    assert not started
    assert files(config, "helped") == alone
    assert len(started) >= 2
    assert {helper._process.returncode for helper in started} == {-9}, "each worked to the end and was then ended"


def test_a_helper_that_is_killed_costs_nothing(
    config: RunConfig, started: list[ahead._Helper], monkeypatch: pytest.MonkeyPatch
) -> None:
    send = ahead._Helper.send

    def fatal(helper: ahead._Helper, message: object) -> None:
        send(helper, message)
        if helper is started[0] and isinstance(message, ahead._Answered):
            helper._process.kill()

    monkeypatch.setattr(ahead._Helper, "send", fatal)
    helped = files(config, "helped")
    assert started[0]._process.returncode == -9
    assert helped == without_helpers(config, monkeypatch)


@pytest.mark.parametrize("python", ["/bin/false", "/nowhere/python"])
def test_helpers_that_cannot_even_start_cost_nothing(
    config: RunConfig, monkeypatch: pytest.MonkeyPatch, python: str
) -> None:
    monkeypatch.setattr(sys, "executable", python)
    helped = files(config, "helped")
    assert helped == without_helpers(config, monkeypatch)


def test_what_the_scorer_cannot_do_is_a_failure_of_its_shard(
    config: RunConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    score = EncoderScorer.score

    def refuse(scorer: EncoderScorer, passages: list[Passage]) -> list[PassageScore]:
        if any("day 7," in passage.text for passage in passages):
            raise ScorerError("no answer")
        return score(scorer, passages)

    with monkeypatch.context() as patch:
        patch.setattr(EncoderScorer, "score", refuse)
        summary = pipeline.run(config)
    assert [(failure.step, failure.error) for failure in summary.failures] == [("score", "no answer")]
    assert 0 < summary.counts["waiting"] < 24
    again = pipeline.run(config)
    assert again.counts["new"] == summary.counts["waiting"]


def test_an_error_that_may_pass_is_asked_again(config: RunConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    score, refused = EncoderScorer.score, []

    def refuse(scorer: EncoderScorer, passages: list[Passage]) -> list[PassageScore]:
        if not refused:
            refused.append(len(passages))
            raise ScorerError("busy", retryable=True)
        return score(scorer, passages)

    monkeypatch.setattr(EncoderScorer, "score", refuse)
    assert not pipeline.run(config).failures
    assert refused


def test_a_model_that_is_not_there_ends_the_run(config: RunConfig, started: list[ahead._Helper]) -> None:
    build_scorer.cache_clear()
    for path in Path("tiny").glob("*.safetensors"):
        path.unlink()
    with pytest.raises(ConfigError, match="tiny"):
        pipeline.run(config)
    assert all(helper._process.returncode is not None for helper in started)


def test_a_helper_ends_with_the_process_that_began_it(config: RunConfig) -> None:
    refs = pipeline.pending(config, [pipeline.ingest_shard(ref, config) for ref in pipeline.plan(config)])
    command = [sys.executable, "-c", "from stance.pipeline.ahead import work; work()"]
    helper = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    pickle.dump((refs[0], config), helper.stdin)
    helper.stdin.flush()
    assert isinstance(pickle.load(helper.stdout), ahead._Asked)
    _, said = helper.communicate(timeout=60)
    assert helper.returncode == 1
    assert b"Traceback" not in said


def test_time_that_a_helper_waits_is_not_counted(config: RunConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    score, spent = EncoderScorer.score, []

    def slow(scorer: EncoderScorer, passages: list[Passage]) -> list[PassageScore]:
        began = time.perf_counter()
        time.sleep(0.5)
        found = score(scorer, passages)
        spent.append(time.perf_counter() - began)
        return found

    monkeypatch.setattr(EncoderScorer, "score", slow)
    summary = pipeline.run(config)
    assert len(spent) > 3, "so that one helper waits while the other's passages are read"
    assert summary.seconds["model"] == pytest.approx(sum(spent), abs=0.05)
    assert summary.seconds["model"] < summary.seconds["score"]


def test_a_run_that_is_killed_goes_on_where_it_was(config: RunConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    script = "import sys, pickle; from stance import pipeline; from stance.pipeline import ahead; ahead.WORTH = 1; "
    script += "pipeline.run(pickle.load(sys.stdin.buffer))"
    process = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE)
    assert process.stdin
    pickle.dump(config.model_copy(update={"out": "helped"}), process.stdin)
    process.stdin.close()
    while not list(Path("helped").glob("_work/scored/*/done.json")):
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    helped = files(config, "helped")
    assert helped == without_helpers(config, monkeypatch)


def test_modules_in_the_working_folder_are_left_alone(config: RunConfig, started: list[ahead._Helper]) -> None:
    Path("queue.py").write_text("raise SystemExit('not this one')\n")
    pipeline.run(config)
    assert {helper._process.returncode for helper in started} == {-9}


def test_few_paragraphs_and_models_of_others_go_without(config: RunConfig) -> None:
    refs = [pipeline.ShardRef(str(number), "") for number in range(4)]
    assert ahead._is_worth(refs, config)
    assert not ahead._is_worth(refs[:1], config)
    assert not ahead._is_worth(refs, make_config(shard_paragraphs=12))
