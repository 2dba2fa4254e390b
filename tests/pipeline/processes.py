"""Child processes that are forked from a warm test process, and killed at a chosen moment."""

import os
import signal
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stance.store import folder


def forked(work: Callable[[], object]) -> int:
    """Run `work` in a child process; returns its id."""
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
    except BaseException:  # noqa: BLE001 - a child that returned would run the rest of the tests
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def ended(pid: int) -> int:
    """Wait for a child; returns its exit code, negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


class Reaper:
    """Kills its own process at the n-th step that touches the disk; a write is two steps, half of the bytes each.

    With `fatal` 0 it only counts.
    """

    def __init__(self, fatal: int = 0) -> None:
        self.steps = 0
        self._fatal = fatal

    def install(self) -> None:
        """Replace what the store calls to change the disk; for a child process, which never puts it back."""
        for owner, name in ((os, "fsync"), (os, "link"), (Path, "replace"), (Path, "unlink")):
            setattr(owner, name, self._wrapped(getattr(owner, name)))
        original = folder._opened
        folder._opened = lambda path: _Stream(original(path), self)  # type: ignore[assignment, return-value]

    def step(self) -> None:
        """Count a step, and die at the fatal one."""
        self.steps += 1
        if self.steps == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def _wrapped(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            self.step()
            return function(*args, **options)

        return call


class _Stream:
    """A file that is written in two halves."""

    def __init__(self, stream: Any, reaper: Reaper) -> None:
        self._stream = stream
        self._reaper = reaper

    def __enter__(self) -> "_Stream":
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def write(self, data: bytes) -> None:
        self._reaper.step()
        self._stream.write(data[: len(data) // 2])
        self._stream.flush()
        self._reaper.step()
        self._stream.write(data[len(data) // 2 :])

    def flush(self) -> None:
        self._stream.flush()

    def fileno(self) -> int:
        return int(self._stream.fileno())
