"""The language-model scorer against a real HTTP server that behaves well and badly."""

import json
from pathlib import Path
from typing import Any

import pytest

from stance.errors import ConfigError, ScorerError
from stance.records import Passage, Span, TargetQuery
from stance.scorers.config import LlmConfig
from stance.scorers.llm import LlmScorer
from stance.scorers.llm_prompt import decode
from tests.scorers.endpoint import Endpoint, busy_then, garbage, garbage_then, right, serving, slow

TEXT = "The cabinet acted lawfully, the minister said, while “the mob” showed contempt for human life."


def passage(text: str = TEXT) -> Passage:
    return Passage(
        text=text,
        targets=(TargetQuery(id="government", name="government"), TargetQuery(id="protesters", name="protesters")),
        voices=((Span(0, 26),),),
    )


def scorer(endpoint: Endpoint, cache: Path, **options: Any) -> LlmScorer:
    return LlmScorer(
        LlmConfig(**{"model": "m", "base_url": endpoint.url, "allow_remote": True, "cache": str(cache)} | options)
    )


def test_no_text_is_sent_without_leave(tmp_path: Path) -> None:
    with serving(right) as endpoint:
        with pytest.raises(ConfigError, match="allow_remote"):
            scorer(endpoint, tmp_path, allow_remote=False)
        assert endpoint.requests == []


def test_all_targets_go_in_one_call(tmp_path: Path) -> None:
    with serving(right) as endpoint:
        (result,) = scorer(endpoint, tmp_path).score([passage()])
        assert len(endpoint.requests) == 1
    assert endpoint.requests[0]["response_format"]["json_schema"]["strict"] is True
    assert [target.overall.label for target in result.targets] == ["against", "neutral"]
    assert [target.unsure for target in result.targets] == [False, True]
    assert result.targets[0].voices[0].label == "against"
    assert result.targets[0].evidence == Span(0, 10)


def test_nothing_is_paid_twice(tmp_path: Path) -> None:
    with serving(right) as endpoint:
        first = scorer(endpoint, tmp_path).score([passage(), passage(), passage("Other text.")])
        again = scorer(endpoint, tmp_path).score([passage(), passage("Other text.")])
        assert len(endpoint.requests) == 2
    assert [first[0], first[2]] == again


def test_busy_server_is_asked_again(tmp_path: Path) -> None:
    with serving(busy_then(right, 2)) as endpoint:
        scorer(endpoint, tmp_path).score([passage()])
        assert len(endpoint.requests) == 3


def test_server_that_stays_busy_is_a_retryable_error(tmp_path: Path) -> None:
    with serving(busy_then(right, 99)) as endpoint, pytest.raises(ScorerError) as caught:
        scorer(endpoint, tmp_path, retries=1).score([passage()])
    assert caught.value.retryable


def test_slow_server_is_a_retryable_error(tmp_path: Path) -> None:
    with serving(slow) as endpoint, pytest.raises(ScorerError) as caught:
        scorer(endpoint, tmp_path, retries=0, timeout_seconds=0.3).score([passage()])
    assert caught.value.retryable


def test_garbage_is_asked_again_and_then_reported(tmp_path: Path) -> None:
    with serving(garbage_then(right, 2)) as endpoint:
        scorer(endpoint, tmp_path).score([passage()])
    with serving(garbage) as endpoint, pytest.raises(ScorerError, match="no usable answer in 3 tries") as caught:
        scorer(endpoint, tmp_path / "other").score([passage()])
    assert not caught.value.retryable
    assert not list(tmp_path.glob("other/**/*.json"))


def test_nobody_there_is_a_retryable_error(tmp_path: Path) -> None:
    with serving(right) as endpoint:
        gone = scorer(endpoint, tmp_path, retries=0)
    with pytest.raises(ScorerError) as caught:
        gone.score([passage()])
    assert caught.value.retryable


def test_budget_of_money_stops_cleanly_and_keeps_what_was_paid_for(tmp_path: Path) -> None:
    texts = [passage(f"Text number {number}.") for number in range(5)]
    with serving(right) as endpoint:
        poor = scorer(endpoint, tmp_path, budget=0.0025, price_in=1.0, price_out=5.0, concurrency=1)
        with pytest.raises(ScorerError, match=r"budget of 0\.0025 is spent") as caught:
            poor.score(texts)
        assert not caught.value.retryable
        assert len(endpoint.requests) == 3
        assert len(list(tmp_path.glob("*/*.json"))) == 3
        scorer(endpoint, tmp_path).score(texts)
        assert len(endpoint.requests) == 5


def test_budget_of_time_stops(tmp_path: Path) -> None:
    with serving(slow) as endpoint, pytest.raises(ScorerError, match="used up"):
        scorer(endpoint, tmp_path, budget_seconds=0.5, concurrency=1).score([passage("One."), passage("Two.")])


def test_fingerprint_follows_the_model_and_not_the_speed(tmp_path: Path) -> None:
    with serving(right) as endpoint:
        base = scorer(endpoint, tmp_path).fingerprint
        assert scorer(endpoint, tmp_path, concurrency=9, requests_per_minute=5).fingerprint == base
        assert scorer(endpoint, tmp_path, model="other").fingerprint != base
        assert scorer(endpoint, tmp_path, temperature=0.5).fingerprint != base


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda reply: reply["targets"].pop(), "no answer for"),
        (lambda reply: reply["targets"][0]["voices"].clear(), "voices"),
        (lambda reply: reply["targets"][0]["overall"].update(against=-1), "schema"),
        (lambda reply: reply["targets"][0].update(overall={"against": 0, "neutral": 0, "favor": 0}), "all zero"),
        (lambda reply: reply.update(extra=1), "schema"),
    ],
)
def test_answers_that_break_the_rules_are_refused(change: Any, message: str) -> None:
    question = {"targets": [{"target": "government"}, {"target": "protesters"}], "voices": [1], "paragraph": TEXT}
    reply = json.loads(right(question, 1)[1])
    change(reply)
    with pytest.raises(ValueError, match=message):
        decode(json.dumps(reply), passage(), 0.5)


def test_evidence_that_is_not_in_the_text_becomes_the_sentence() -> None:
    question = {"targets": [{"target": "government"}, {"target": "protesters"}], "voices": [1], "paragraph": "invented"}
    result = decode(right(question, 1)[1], passage(), 0.5)
    assert result.targets[0].evidence == Span(0, len(TEXT))
