"""Stance by a language model behind any OpenAI-compatible endpoint: vLLM, Ollama, a vendor.

Nothing leaves the machine unless the config says `allow_remote = true`. Answers are kept by content, so that a run that
is cut off or runs out of its budget pays for no paragraph twice.
"""

import os
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openai

from stance.errors import ConfigError, ScorerError
from stance.ids import content_id
from stance.records import Passage, PassageScore
from stance.scorers.config import LlmConfig
from stance.scorers.llm_prompt import PROMPT_VERSION, SYSTEM, decode, messages, response_format

RETRYABLE = (openai.APIConnectionError, openai.APITimeoutError, openai.RateLimitError, openai.InternalServerError)


class LlmScorer:
    """A chat model asked about all targets of a paragraph in one call."""

    def __init__(self, config: LlmConfig) -> None:
        if not config.allow_remote:
            raise ConfigError(
                f"scorer kind 'llm' sends the text of every paragraph to {config.base_url}; "
                "set allow_remote = true under [scorer] if that is meant"
            )
        self._config = config
        self._client = openai.OpenAI(
            base_url=config.base_url,
            api_key=os.environ.get(config.api_key_env) or "none",
            max_retries=config.retries,
            timeout=config.timeout_seconds,
        )
        self.fingerprint = content_id(
            {
                "kind": "llm",
                "model": config.model,
                "revision": config.revision,
                "temperature": config.temperature,
                "unsure_below": config.unsure_below,
                "prompt": [PROMPT_VERSION, SYSTEM],
            }
        )
        self._budget = Budget(config)
        self._pace = Pace(config.requests_per_minute)
        self._cache = Path(config.cache).expanduser() / self.fingerprint

    def score(self, passages: Sequence[Passage]) -> list[PassageScore]:
        """Score passages; see `Scorer`.

        Raises:
            ScorerError: the endpoint failed (retryable), the budget is spent or an answer stayed unusable (not).
        """
        unique = list(dict.fromkeys(passages))
        with ThreadPoolExecutor(self._config.concurrency) as pool:
            scores = dict(zip(unique, pool.map(self._score, unique), strict=True))
        return [scores[passage] for passage in passages]

    def _score(self, passage: Passage) -> PassageScore:
        asked = messages(passage)
        kept = self._cache / f"{content_id(asked)}.json"
        try:
            return decode(kept.read_text("utf-8"), passage, self._config.unsure_below)
        except FileNotFoundError:
            pass
        problem = ""
        for _ in range(self._config.tries):
            content = self._ask(asked)
            try:
                score = decode(content, passage, self._config.unsure_below)
            except ValueError as error:
                problem = str(error)
                continue
            _keep(kept, content)
            return score
        raise ScorerError(f"{self._config.model} gave no usable answer in {self._config.tries} tries: {problem}")

    def _ask(self, asked: list[dict[str, str]]) -> str:
        self._budget.check()
        self._pace.wait()
        try:
            reply = self._client.chat.completions.create(  # type: ignore[call-overload]
                model=self._config.model,
                messages=asked,
                temperature=self._config.temperature,
                response_format=response_format(),
            )
        except RETRYABLE as error:
            raise ScorerError(f"{self._config.base_url}: {error}", retryable=True) from error
        except (openai.OpenAIError, ValueError) as error:
            raise ScorerError(f"{self._config.base_url}: {error}") from error
        if reply.usage:
            self._budget.spend(reply.usage.prompt_tokens, reply.usage.completion_tokens)
        return str(reply.choices[0].message.content or "") if reply.choices else ""


class Budget:
    """Money and time that one scorer may use; safe for threads."""

    def __init__(self, config: LlmConfig) -> None:
        self._config = config
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self.spent = 0.0

    def spend(self, tokens_in: int, tokens_out: int) -> None:
        """Count the tokens of one call."""
        price = tokens_in * self._config.price_in + tokens_out * self._config.price_out
        with self._lock:
            self.spent += price / 1_000_000

    def check(self) -> None:
        """Refuse another call when the money or the time is used up.

        Raises:
            ScorerError: it is; the answers so far are kept.
        """
        limit, seconds = self._config.budget, self._config.budget_seconds
        if limit is not None and self.spent >= limit:
            raise ScorerError(f"budget of {limit} is spent ({self.spent:.4f}); the answers so far are kept")
        if seconds is not None and time.monotonic() - self._began >= seconds:
            raise ScorerError(f"budget of {seconds} s is used up; the answers so far are kept")


class Pace:
    """At most so many calls a minute, evenly spaced; safe for threads."""

    def __init__(self, per_minute: float) -> None:
        self._gap = 60 / per_minute if per_minute else 0.0
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self) -> None:
        """Sleep until the next call may be made."""
        with self._lock:
            now = time.monotonic()
            start = max(now, self._next)
            self._next = start + self._gap
        time.sleep(start - now)


def _keep(path: Path, content: str) -> None:
    """Write an answer so that a crash leaves all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
    partial.write_text(content, "utf-8")
    partial.replace(path)
