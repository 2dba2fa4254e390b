"""Atomic files, exclusive creation, and errors that say what to do."""

import errno
import os
import resource
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stance.errors import StoreError
from stance.store import folder as module
from stance.store import open_folder
from stance.store.folder import LocalFolder
from tests.pipeline.processes import ended, forked


@pytest.fixture
def folder(tmp_path: Path) -> LocalFolder:
    return LocalFolder(str(tmp_path / "out"))


def test_file_addresses_are_paths(tmp_path: Path) -> None:
    assert open_folder(f"file://{tmp_path}").root == str(tmp_path)


@given(data=st.binary(max_size=5000), other=st.binary(max_size=5000))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_is_read(folder: LocalFolder, data: bytes, other: bytes) -> None:
    folder.write("a/b", data)
    assert folder.read("a/b") == data
    folder.write("a/b", other, durable=False)
    assert folder.read("a/b") == other
    assert folder.files("") == {"a/b": len(other)}


def test_only_the_first_creates(folder: LocalFolder) -> None:
    assert folder.create("manifests/1", b"one")
    assert not folder.create("manifests/1", b"two")
    assert folder.read("manifests/1") == b"one"
    assert list(folder.files("")) == ["manifests/1"]


def test_staged_files_are_out_of_sight_until_published(folder: LocalFolder) -> None:
    folder.stage("scores/month=2025-01/x.parquet", b"rows")
    assert folder.files("scores") == {}
    assert Path(folder.source("scores/month=2025-01/x.parquet")).read_bytes() == b"rows"
    folder.publish(["scores/month=2025-01/x.parquet"])
    folder.publish(["scores/month=2025-01/x.parquet"])
    assert folder.read("scores/month=2025-01/x.parquet") == b"rows"


def test_removing_prunes_empty_folders_and_forgives(folder: LocalFolder) -> None:
    folder.write("scores/month=2025-01/x", b"")
    folder.write("scores/month=2025-02/y", b"")
    folder.remove(["scores/month=2025-01/x", "scores/month=2025-01/x", "nowhere/z"])
    assert [path.name for path in Path(folder.root, "scores").iterdir()] == ["month=2025-02"]


def test_sweep_removes_unfinished_writes_of_the_dead_only(folder: LocalFolder) -> None:
    folder.write("scores/x.parquet", b"")
    scores = Path(folder.root, "scores")
    dead = forked(lambda: None)
    ended(dead)
    for pid in (dead, os.getpid()):
        (scores / f".x.parquet.{module._HOST}.{pid}.1.tmp").touch()
    (scores / ".x.parquet.elsewhere.1.1.tmp").touch()
    for name in (".x.tmp", ".sync.x.html.tmp"):
        (scores / name).touch()
    folder.write("_work/read/a", b"")
    folder.write("_work/hashes.json", b"")
    folder.sweep(lambda path: path == "_work/hashes.json")
    own = f".x.parquet.{module._HOST}.{os.getpid()}.1.tmp"
    left = {path.rpartition("/")[2] for path in folder.files("")}
    others = {".x.tmp", ".sync.x.html.tmp", ".x.parquet.elsewhere.1.1.tmp"}
    assert left == {"hashes.json", own, "x.parquet", *others}


def test_only_session_is_told_so(folder: LocalFolder) -> None:
    with folder.session() as one:
        with folder.session() as other:
            assert not one()
            assert not other()
        assert one()


def test_missing_file_is_told_apart(folder: LocalFolder) -> None:
    with pytest.raises(FileNotFoundError):
        folder.read("nothing")


def test_full_disk_is_explained_and_leaves_the_old_file(folder: LocalFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("a", b"old")
    with Path("/dev/full").open("wb", buffering=0) as full:
        monkeypatch.setattr(module, "_opened", lambda path: full)
        with pytest.raises(StoreError, match="the disk is full; free some space") as raised:
            folder.write("a", b"new")
    assert raised.value.retryable
    assert folder.read("a") == b"old"


def test_file_size_limit_is_explained(folder: LocalFolder, tmp_path: Path) -> None:
    def write() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        with pytest.raises(StoreError, match="larger than this process may write"):
            folder.write("a", bytes(2000))
        assert folder.files("") == {}

    assert ended(forked(write)) == 0


def test_folder_of_others_is_explained(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "out").mkdir(mode=0o555)

    def write() -> None:
        if os.getuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        os.chdir(tmp_path)
        with pytest.raises(StoreError, match="check the folder's permissions"):
            LocalFolder("out").write("a", b"")
        with pytest.raises(StoreError, match="check the folder's permissions"), LocalFolder("out").lock():
            pass

    for parent in tmp_path.parents:
        if parent.stat().st_uid == os.getuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o055)
    assert ended(forked(write)) == 0


@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.EROFS, "read-only"), (errno.ENOTDIR, "is a file, not a folder"), (errno.EIO, "Input/output")],
)
def test_other_errors_are_explained(
    folder: LocalFolder, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(module, "_opened", refuse)
    with pytest.raises(StoreError, match=words):
        folder.write("a", b"")
