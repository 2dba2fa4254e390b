"""Scoring many shards: helper processes prepare some and write others while the model, in this process, reads one.

What belongs here: the helpers, and what passes between them and this process. What does not: the steps themselves.

A helper does all of a shard's work but the scorer's: it has no model in memory and sends its passages here. Finding
mentions and voices and making rows is plain Python, of which one process does one thing at a time: without helpers all
cores but one would stand still meanwhile.
"""

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import IO, Any, NamedTuple

from stance.config import RunConfig
from stance.errors import ScorerError, StanceError
from stance.pipeline.refs import ShardRef
from stance.pipeline.scoring import Outcome, outcome_of
from stance.records import Passage, PassageScore
from stance.scorers.base import Scorer
from stance.scorers.build import build_scorer, fingerprint
from stance.scorers.config import EncoderConfig

WORTH = 2_000
"""Paragraphs beside the first shard's from which on helpers save more than their start costs."""
CORES = 4
"""One helper for so many cores, but two at least: one prepares while the other waits for the model."""
ORDERS = 2
"""Shards that a helper is given at once: it goes on to the next while this process is still reading another."""

Inbox = SimpleQueue[tuple["_Helper", "_Asked | Outcome | None"]]
"""What helpers send, and None from one that is gone."""


def outcomes(refs: Sequence[ShardRef], config: RunConfig) -> Generator[tuple[ShardRef, Outcome], None, None]:
    """Score shards and yield each with its result or its error, as they are done.

    Raises:
        ConfigError: the scorer cannot be built.
    """
    if not _is_worth(refs, config):
        yield from ((ref, outcome_of(ref, config)) for ref in refs)
        return
    inbox: Inbox = SimpleQueue()
    todo = deque(refs)
    helpers: list[_Helper] = []
    count = min(len(refs), max(2, _cores() // CORES))
    try:
        with suppress(OSError):  # no further one can be started: those before it do
            helpers.extend(_Helper(inbox) for _ in range(count))
        for helper in helpers * ORDERS:
            helper.order(todo, config)
        scorer = build_scorer(config.scorer)
        while any(helper.orders for helper in helpers):
            helper, message = inbox.get()
            if isinstance(message, _Asked):
                helper.send(_answer(scorer, message.passages))
            elif helper.orders:
                ref = helper.orders.popleft()
                yield ref, message or outcome_of(ref, config)
                if message:
                    helper.order(todo, config)
                else:
                    todo.extendleft(reversed(helper.orders))
                    helper.orders.clear()
        yield from ((ref, outcome_of(ref, config)) for ref in todo)
    finally:
        for helper in helpers:
            helper.end()


def work() -> None:
    """Be a helper: do what comes on standard input until it ends, and answer on standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that asks for all this ends it
    asks, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library may print is no answer
    early: deque[Any] = deque()
    with suppress(BrokenPipeError):  # that process is gone
        while (order := early.popleft() if early else _received(asks)) is not None:
            ref, config = order
            lent = _Lent(fingerprint(config.scorer), asks, answers, early)
            _send(answers, outcome_of(ref, config, lent, lent.clock))


def _is_worth(refs: Sequence[ShardRef], config: RunConfig) -> bool:
    """Return whether so many shards are done sooner with helpers.

    Models of others take so long that it makes no difference, and they are loaded wherever their config is read.
    """
    return isinstance(config.scorer, EncoderConfig) and (len(refs) - 1) * config.shard_paragraphs >= WORTH


class _Asked(NamedTuple):
    """What a helper wants scored."""

    passages: list[Passage]


class _Answered(NamedTuple):
    """What the scorer said, and the seconds it took."""

    result: list[PassageScore] | StanceError
    seconds: float


@dataclass(slots=True)
class _Lent:
    """The scorer of the process that began this one."""

    fingerprint: str
    _asks: IO[bytes]
    _answers: IO[bytes]
    _early: deque[Any]
    """Orders that came before an answer."""
    _waited: float = 0.0

    def score(self, passages: Sequence[Passage]) -> list[PassageScore]:
        """Have passages scored there."""
        began = time.perf_counter()
        _send(self._answers, _Asked(list(passages)))
        while not isinstance(answered := _received(self._asks), _Answered):
            if answered is None:
                sys.exit("the process that scores is gone")
            self._early.append(answered)
        self._waited += time.perf_counter() - began - answered.seconds
        if isinstance(answered.result, StanceError):
            raise answered.result
        return list(answered.result)

    def clock(self) -> float:
        """Return seconds that do not pass while others' passages are read there."""
        return time.perf_counter() - self._waited


class _Helper:
    """A helper as this process sees it."""

    def __init__(self, inbox: "Inbox") -> None:
        # -P: what lies in the working folder is news, not modules.
        command = [sys.executable, "-P", "-c", f"from {__name__} import work; work()"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
        assert self._process.stdin
        assert self._process.stdout
        self._orders, self._answers = self._process.stdin, self._process.stdout
        self.orders: deque[ShardRef] = deque()
        """What it was given to do and has not done."""
        self._inbox = inbox
        self._ear = threading.Thread(target=self._listen, daemon=True)
        try:
            self._ear.start()
        except RuntimeError as error:
            self._process.kill()
            raise OSError("no further thread") from error

    def order(self, todo: deque[ShardRef], config: RunConfig) -> None:
        """Give it the next shard, if there is one."""
        if todo:
            self.orders.append(todo.popleft())
            self.send((self.orders[-1], config))

    def send(self, message: object) -> None:
        """Send it something."""
        with suppress(OSError):  # it is gone, and `_listen` hears that
            _send(self._orders, message)

    def end(self) -> None:
        """End its process, whatever it does."""
        self._process.kill()
        self._process.wait()
        self._ear.join()
        self._answers.close()
        with suppress(OSError):  # there may be something in it that was not read any more
            self._orders.close()

    def _listen(self) -> None:
        while (message := _received(self._answers)) is not None:
            self._inbox.put((self, message))
        self._inbox.put((self, None))


def _cores() -> int:
    """Return how many cores this process may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _answer(scorer: Scorer, passages: Sequence[Passage]) -> _Answered:
    began = time.perf_counter()
    result: list[PassageScore] | StanceError
    try:
        result = scorer.score(passages)
    except ScorerError as error:
        result = error
    return _Answered(result, time.perf_counter() - began)


def _send(pipe: IO[bytes], message: object) -> None:
    pickle.dump(message, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def _received(pipe: IO[bytes]) -> Any:  # noqa: ANN401 - what the other side sent
    """Return the next message, None if the other side is gone."""
    try:
        return pickle.load(pipe)  # noqa: S301 - from our own process
    except (EOFError, OSError, pickle.UnpicklingError):
        return None
