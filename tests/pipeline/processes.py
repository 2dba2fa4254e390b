"""Child processes that are forked from a warm test process, and killed, or out of disk, at a chosen moment."""

import errno
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
        self.steps: list[str] = []
        """What each step did, and to which file where it was written."""
        self._fatal = fatal

    def install(self) -> None:
        """Replace what the store calls to change the disk; for a child process, which never puts it back."""
        for owner, name in ((os, "fsync"), (os, "link"), (Path, "replace"), (Path, "unlink")):
            setattr(owner, name, self._wrapped(getattr(owner, name), name))
        _wrap_streams(lambda path: self.step(f"write {path.parent.name}/{path.name}"), lambda path: None)

    def step(self, what: str) -> None:
        """Count a step, and die at the fatal one."""
        self.steps.append(what)
        if len(self.steps) == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def _wrapped(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            self.step(name)
            return function(*args, **options)

        return call


class FullDisk:
    """A disk with room for so many writes and one half; with `room` 0 it only counts."""

    def __init__(self, room: int = 0) -> None:
        self.writes = 0
        self._room = room

    def install(self) -> None:
        """Replace how the store opens files; for a child process, which never puts it back."""
        _wrap_streams(lambda path: None, lambda path: self._use())

    def _use(self) -> None:
        self.writes += 1
        if self._room and self.writes > self._room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _wrap_streams(before: Callable[[Path], None], halfway: Callable[[Path], None]) -> None:
    original = folder._opened
    folder._opened = lambda path: _Stream(original(path), path, before, halfway)  # type: ignore[assignment, return-value]


class _Stream:
    """A file that is written in two halves."""

    def __init__(
        self, stream: Any, path: Path, before: Callable[[Path], None], halfway: Callable[[Path], None]
    ) -> None:
        self._stream = stream
        self._path = path
        self._before = before
        self._halfway = halfway

    def __enter__(self) -> "_Stream":
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def write(self, data: bytes) -> None:
        self._before(self._path)
        self._stream.write(data[: len(data) // 2])
        self._stream.flush()
        self._halfway(self._path)
        self._before(self._path)
        self._stream.write(data[len(data) // 2 :])

    def flush(self) -> None:
        self._stream.flush()

    def fileno(self) -> int:
        return int(self._stream.fileno())
