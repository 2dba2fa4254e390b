"""Where an output lives: the few file operations that every promise of the store rests on, for a local folder.

What belongs here: atomic bytes in and out, exclusive creation, locks, and errors in words. What does not: what the
bytes mean (`parquet`, `manifest`). Object stores keep the same protocol in `objects`.
"""

import errno
import fcntl
import json
import os
import re
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Protocol

from stance.errors import StoreError

STAGED = "_work/staged"
LOCK = "_work/lock"
SESSIONS = "_work/sessions"
_HOST = socket.gethostname().replace(".", "-")
_TEMPORARY = re.compile(r"\..+\.(?P<host>[^.]+)\.(?P<pid>[0-9]+)\.[0-9]+\.tmp")
"""What `_temporary` calls its files; others' temporary files (of editors, of what syncs folders) are none of ours."""
LOCK_WAIT = 900.0
"""Seconds that a run waits for another one to finish its switch: merging a large month takes minutes."""


class Folder(Protocol):
    """A tree of files under one root; paths are relative, with forward slashes."""

    @property
    def root(self) -> str:
        """Path or address of the root."""
        ...

    def read(self, path: str) -> bytes:
        """Return a file's content; raises FileNotFoundError, or StoreError for anything else."""
        ...

    def source(self, path: str) -> Any:  # noqa: ANN401 - a path or a file object, as pyarrow takes either
        """Return what `pyarrow.parquet` can open; a staged file can be read before it is published."""
        ...

    def write(self, path: str, data: bytes, *, durable: bool = True) -> None:
        """Write a file whole or not at all, replacing one that is there; `durable` files outlast a power cut."""
        ...

    def create(self, path: str, data: bytes, *, durable: bool = True) -> bool:
        """Write a file whole unless it exists; return whether it was written."""
        ...

    def exists(self, path: str) -> bool:
        """Return whether a file is there."""
        ...

    def files(self, prefix: str) -> dict[str, int]:
        """Return path and size of every file under a folder, in order."""
        ...

    def remove(self, paths: Iterable[str]) -> None:
        """Remove files; those already gone are no error."""
        ...

    def orphans(self, prefix: str) -> list[str]:
        """Return the files under a folder that may be removed if no manifest names them; call with the lock held."""
        ...

    def stage(self, path: str, data: bytes) -> None:
        """Make bytes durable that `publish` will show under this path."""
        ...

    def publish(self, paths: Iterable[str]) -> None:
        """Show staged files under their paths."""
        ...

    def lock(self, wait: float = LOCK_WAIT) -> AbstractContextManager[None]:
        """Hold the right to switch the manifest; raises a retryable StoreError after `wait` seconds."""
        ...

    def session(self) -> AbstractContextManager[Callable[[], bool]]:
        """Say that a run is going on; the value tells whether it is the only one."""
        ...

    def sweep(self, keep: Callable[[str], bool]) -> None:
        """Remove work files of dead runs and unfinished writes, except those that `keep` names."""
        ...


class LocalFolder:
    """A folder of a file system."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._base = Path(root)

    def read(self, path: str) -> bytes:
        """Return a file's content."""
        with _explained("read", self._base / path):
            return (self._base / path).read_bytes()

    def source(self, path: str) -> str:
        """Return the file's path, or where it is staged."""
        staged = self._base / STAGED / _flat(path)
        return str(staged if staged.exists() else self._base / path)

    def write(self, path: str, data: bytes, *, durable: bool = True) -> None:
        """Write to a temporary name, flush to disk, rename."""
        target = self._base / path
        with _explained("write", target), _temporary(target, data, durable=durable) as temporary:
            temporary.replace(target)
            if durable:
                _sync_folder(target.parent)

    def create(self, path: str, data: bytes, *, durable: bool = True) -> bool:
        """Write to a temporary name, flush to disk, link: a link fails where the name is taken."""
        target = self._base / path
        with _explained("create", target), _temporary(target, data, durable=durable) as temporary:
            try:
                os.link(temporary, target)
            except FileExistsError:
                return False
            if durable:
                _sync_folder(target.parent)
            return True

    def exists(self, path: str) -> bool:
        """Return whether the file is there."""
        return (self._base / path).is_file()

    def files(self, prefix: str) -> dict[str, int]:
        """Walk the folder; files that vanish on the way are passed over."""
        found: dict[str, int] = {}
        for folder, _, names in os.walk(self._base / prefix):
            for name in names:
                with suppress(FileNotFoundError):
                    path = Path(folder, name)
                    found[path.relative_to(self._base).as_posix()] = path.stat().st_size
        return dict(sorted(found.items()))

    def remove(self, paths: Iterable[str]) -> None:
        """Remove files, and the folders that this leaves empty."""
        parents: set[Path] = set()
        for path in paths:
            target = self._base / path
            with _explained("remove", target):
                target.unlink(missing_ok=True)
            parents.add(target.parent)
        for parent in sorted(parents, reverse=True):
            _prune(parent, self._base)

    def orphans(self, prefix: str) -> list[str]:
        """Return all files: whoever holds the lock is the only one who publishes."""
        return list(self.files(prefix))

    def stage(self, path: str, data: bytes) -> None:
        """Write into the staging folder; `publish` makes the name durable."""
        target = self._base / STAGED / _flat(path)
        with _explained("write", target), _temporary(target, data) as temporary:
            temporary.replace(target)

    def publish(self, paths: Iterable[str]) -> None:
        """Rename out of the staging folder; a file already published stays."""
        targets = [self._base / path for path in paths]
        for path, target in zip(paths, targets, strict=True):
            staged = self._base / STAGED / _flat(path)
            with _explained("publish", target):
                target.parent.mkdir(parents=True, exist_ok=True)
                if staged.exists() or not target.exists():
                    staged.replace(target)
        folders = {folder for target in targets for folder in target.parents if folder.is_relative_to(self._base)}
        for folder in folders:
            _sync_folder(folder)

    @contextmanager
    def lock(self, wait: float = LOCK_WAIT) -> Iterator[None]:
        """Hold an advisory lock of the operating system, which a dying process cannot leave behind."""
        with self._handle(LOCK) as handle:
            _acquire(handle, wait, self.root)
            handle.seek(0)
            handle.truncate()
            handle.write(json.dumps({"host": _HOST, "pid": os.getpid()}))
            handle.flush()
            yield

    @contextmanager
    def session(self) -> Iterator[Callable[[], bool]]:
        """Hold a shared advisory lock for as long as the run lasts."""
        with self._handle(SESSIONS) as handle:
            fcntl.flock(handle, fcntl.LOCK_SH)
            yield lambda: _is_only(handle)

    def sweep(self, keep: Callable[[str], bool]) -> None:
        """Remove everything in the work folder that `keep` does not name, and unfinished writes anywhere."""
        files = self.files("")
        unfinished = [path for path in files if _is_abandoned(self._base / path)]
        self.remove(unfinished)
        keeping = {LOCK, SESSIONS, *unfinished}
        self.remove([path for path in files if path.startswith("_work/") and path not in keeping and not keep(path)])

    @contextmanager
    def _handle(self, name: str) -> Iterator[IO[str]]:
        path = self._base / name
        with _explained("lock", path):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = path.open("a+")
        with handle:
            yield handle


def _flat(path: str) -> str:
    return path.replace("/", "%")


def _acquire(handle: IO[str], wait: float, root: str) -> None:
    deadline = time.monotonic() + wait
    while not _try_lock(handle):
        if time.monotonic() > deadline:
            handle.seek(0)
            holder = handle.read() or "unknown"
            raise StoreError(
                f"{root}: another run ({holder}) has been switching the tables for over {wait:.0f} s; "
                "wait for it or stop it, then run again",
                retryable=True,
            )
        time.sleep(0.05)


def _try_lock(handle: IO[str]) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_only(handle: IO[str]) -> bool:
    """Whether nobody shares the lock; a failed upgrade gives up the shared lock, which must be taken again."""
    if _try_lock(handle):
        return True
    fcntl.flock(handle, fcntl.LOCK_SH)
    return False


@contextmanager
def _temporary(target: Path, data: bytes, *, durable: bool = True) -> Iterator[Path]:
    """Yield a temporary file beside its target, and leave none behind."""
    path = target.with_name(f".{target.name}.{_HOST}.{os.getpid()}.{time.monotonic_ns()}.tmp")
    try:
        with _opened(path) as stream:
            stream.write(data)
            stream.flush()
            if durable:
                os.fsync(stream.fileno())
        yield path
    finally:
        path.unlink(missing_ok=True)


def _opened(path: Path, tries: int = 5) -> IO[bytes]:
    """Open a new file, making its folder; again if another run prunes the empty folder in between."""
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return path.open("xb")
        except FileNotFoundError:
            tries -= 1
            if not tries:
                raise


def _is_abandoned(path: Path) -> bool:
    """Whether a file is an unfinished write of a process that is no more (one day old, if of another machine)."""
    name = _TEMPORARY.fullmatch(path.name)
    if name is None:
        return False
    if name["host"] != _HOST:
        return time.time() - path.stat().st_mtime > 86_400
    try:
        os.kill(int(name["pid"]), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _prune(folder: Path, root: Path) -> None:
    while folder != root and root in folder.parents:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


_ADVICE = {
    errno.ENOSPC: "the disk is full; free some space and run again, nothing was lost",
    errno.EDQUOT: "the disk quota is used up; free some space and run again, nothing was lost",
    errno.EFBIG: "the file would be larger than this process may write (ulimit -f)",
    errno.EROFS: "the file system is read-only; choose another --out",
    errno.EACCES: "this user may not do so; check the folder's permissions or choose another --out",
    errno.EPERM: "this user may not do so; check the folder's permissions or choose another --out",
    errno.ENOTDIR: "a part of the path is a file, not a folder; choose another --out",
}


@contextmanager
def _explained(action: str, path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0, error.strerror or str(error))
        raise StoreError(f"cannot {action} {path}: {advice}", retryable=error.errno == errno.ENOSPC) from error
