"""The same file operations for object stores, through fsspec.

What belongs here: `folder.Folder` where there is no rename and no lock of an operating system. What this keeps: an
object is written whole or not at all; exclusive creation rests on conditional writes (S3 and stores that speak it have
them since 2024), so that of two runs that would make the same manifest only one succeeds, whatever the locks did. The
lock is a lease: it saves work, safety does not rest on it.
"""

import json
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from stance.errors import ConfigError, StoreError
from stance.store.folder import LOCK, LOCK_WAIT

LEASE = 60.0
"""Seconds after which a lease that is not renewed counts as left behind; it is renewed every third of this."""
ORPHANED = 3_600.0
"""Age in seconds from which an object of a table that no manifest names is removed."""
ABANDONED = 86_400.0
"""Age in seconds from which work files that no run of ours made are removed."""


class ObjectFolder:
    """A prefix of an object store, or of any other file system that fsspec knows."""

    def __init__(self, root: str, lease: float = LEASE) -> None:
        self.root = root
        self._lease = lease
        self.system, self._base = _file_system(root)

    def read(self, path: str) -> bytes:
        """Return an object's content."""
        with _explained("read", self.root, path):
            return bytes(self.system.cat_file(self._at(path)))

    def source(self, path: str) -> Any:  # noqa: ANN401 - fsspec is untyped
        """Return an open object that fetches the parts it is asked for."""
        with _explained("open", self.root, path):
            return self.system.open(self._at(path), "rb", block_size=1 << 20)

    def write(self, path: str, data: bytes, *, durable: bool = True) -> None:  # noqa: ARG002 - objects always are
        """Put an object."""
        with _explained("write", self.root, path):
            self.system.pipe_file(self._at(path), data)

    def create(self, path: str, data: bytes, *, durable: bool = True) -> bool:  # noqa: ARG002 - objects always are
        """Put an object unless it exists; one with these bytes is ours, from a try whose answer was lost."""
        with _explained("create", self.root, path):
            try:
                self.system.pipe_file(self._at(path), data, mode="create")
            except FileExistsError:
                return self.read(path) == data
            return True

    def exists(self, path: str) -> bool:
        """Return whether the object is there."""
        with _explained("look for", self.root, path):
            return bool(self.system.exists(self._at(path)))

    def files(self, prefix: str) -> dict[str, int]:
        """List the objects under a prefix."""
        return {path: int(info["size"]) for path, info in self._find(prefix).items()}

    def remove(self, paths: Iterable[str]) -> None:
        """Delete objects."""
        for path in paths:
            with _explained("remove", self.root, path), suppress(FileNotFoundError):
                self.system.rm_file(self._at(path))

    def orphans(self, prefix: str) -> list[str]:
        """Return the objects older than an hour: a lease can be lost, and the newer ones may be another run's."""
        now = time.time()
        return [path for path, info in self._find(prefix).items() if now - _modified(info, now) > ORPHANED]

    def stage(self, path: str, data: bytes) -> None:
        """Put the object at once: without a manifest that names it, no snapshot shows it."""
        self.write(path, data)

    def publish(self, paths: Iterable[str]) -> None:
        """Do nothing; `stage` has put them."""

    @contextmanager
    def lock(self, wait: float = LOCK_WAIT) -> Iterator[None]:
        """Hold a lease, renewed by a thread; one whose content has not changed for its whole time is taken over."""
        token = {"host": socket.gethostname(), "pid": os.getpid(), "id": uuid.uuid4().hex, "beat": 0}
        self._take(token, wait)
        done = threading.Event()
        renewer = threading.Thread(target=self._renew, args=(token, done), daemon=True)
        renewer.start()
        try:
            yield
        finally:
            done.set()
            renewer.join()
            if self._holder().get("id") == token["id"]:
                self.remove([LOCK])

    @contextmanager
    def session(self) -> Iterator[Callable[[], bool]]:
        """Never claim to be the only run: nobody can tell."""
        yield lambda: False

    def sweep(self, keep: Callable[[str], bool]) -> None:
        """Remove work objects older than a day, except those that `keep` names."""
        now = time.time()
        old = [path for path, info in self._find("_work").items() if now - _modified(info, now) > ABANDONED]
        self.remove([path for path in old if path != LOCK and not keep(path)])

    def _at(self, path: str) -> str:
        return f"{self._base}/{path}"

    def _find(self, prefix: str) -> dict[str, Any]:
        with _explained("list", self.root, prefix):
            found = self.system.find(self._at(prefix), detail=True)
        return {name[len(self._base) + 1 :]: info for name, info in sorted(found.items())}

    def _holder(self) -> dict[str, Any]:
        try:
            return dict(json.loads(self.read(LOCK)))
        except FileNotFoundError:
            return {}

    def _take(self, token: dict[str, Any], wait: float) -> None:
        start = changed = time.monotonic()
        seen: dict[str, Any] = {}
        while not self.create(LOCK, json.dumps(token).encode()):
            holder, now = self._holder(), time.monotonic()
            if holder != seen:
                seen, changed = holder, now
            elif now - changed > self._lease:
                self.remove([LOCK])
                continue
            if now - start > wait:
                raise StoreError(
                    f"{self.root}: run {holder} has been switching the tables for over {wait:.0f} s; run again later",
                    retryable=True,
                )
            time.sleep(min(1.0, self._lease / 10))

    def _renew(self, token: dict[str, Any], done: threading.Event) -> None:
        while not done.wait(self._lease / 3):
            token["beat"] += 1
            with suppress(StoreError):
                self.write(LOCK, json.dumps(token).encode())


def _file_system(root: str) -> tuple[Any, str]:
    import fsspec

    try:
        system, base = fsspec.url_to_fs(root, use_listings_cache=False)
    except (ImportError, ValueError) as error:
        raise ConfigError(f"out = {root!r}: {error}; for s3:// install 'stance-pipeline[s3]'") from error
    return system, str(base).rstrip("/")


def _modified(info: dict[str, Any], default: float) -> float:
    stamp = info.get("LastModified") or info.get("created")
    return float(stamp.timestamp()) if stamp is not None else default


@contextmanager
def _explained(action: str, root: str, path: str) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, StoreError):
        raise
    except PermissionError as error:
        raise StoreError(f"cannot {action} {root}/{path}: access refused: {error}; check the credentials") from error
    except Exception as error:  # each file system has errors of its own
        raise StoreError(
            f"cannot {action} {root}/{path}: {type(error).__name__}: {error}; the store may be busy or out of reach",
            retryable=True,
        ) from error
