"""A run that is killed or finds the disk full, at any moment, and is started again leaves what one that was not leaves.

Until it is started again, readers find the last good state.
"""

import json
import os
import random
import shutil
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import pytest

from stance import pipeline
from stance.errors import StoreError
from stance.pipeline import running
from stance.store.query import Snapshot
from stance.store.schemas import TABLES
from tests.pipeline.corpus import edited, make_config, row, tables, write_corpus, write_rows
from tests.pipeline.processes import FullDisk, Reaper, ended, forked

MOMENTS = 40
SEED = 20250107


def _first(folder: Path) -> None:
    """Leave inputs for a first run."""
    write_corpus(folder, size=6, files=2)


def _second(folder: Path) -> None:
    """Leave an output, and inputs that add to it, correct it and copy from it."""
    _first(folder)
    with chdir(folder):
        pipeline.run(make_config())
    write_rows(folder / "in" / "late.jsonl", [row(50), edited(0), row(1, month=2), row(51, month=4)])


def _run() -> None:
    pipeline.run(make_config())


def _steps(folder: Path) -> list[str]:
    """Return the steps of an uninterrupted run in a folder that touch the disk."""

    def count() -> None:
        reaper = Reaper()
        reaper.install()
        _run()
        Path("steps").write_text(json.dumps(reaper.steps))

    with chdir(folder):
        assert ended(forked(count)) == 0
        return list(json.loads(Path("steps").read_text()))


def _killed_at(moments: list[int], start: Path, tmp_path: Path, whole: Path) -> None:
    """Kill a run at each of these steps, start it again, and compare it with one that was not killed."""
    expected, files = tables(whole / "out"), _files(whole / "out")
    for moment in sorted(moments):
        folder = tmp_path / f"killed-{moment}"
        shutil.copytree(start, folder)
        with chdir(folder):
            assert ended(forked(lambda moment=moment: (Reaper(moment).install(), _run()))) == -9
            _run()
        assert tables(folder / "out") == expected, f"killed at step {moment}"
        assert _files(folder / "out") == files, f"killed at step {moment}"
        shutil.rmtree(folder)


def _files(out: Path) -> set[str]:
    """Return all files but the remembered hashes, which depend on when the inputs were written."""
    return {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file() and path.name != "hashes.json"}


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("prepare", [_first, _second], ids=["first run", "later run"])
def test_killed_at_random_moments(prepare: Callable[[Path], None], tmp_path: Path) -> None:
    start, whole = tmp_path / "start", tmp_path / "whole"
    prepare(start)
    shutil.copytree(start, whole)
    steps = _steps(whole)
    _killed_at(random.Random(SEED).sample(range(1, len(steps) + 1), MOMENTS // 2), start, tmp_path, whole)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_killed_at_every_moment_of_the_switch(tmp_path: Path) -> None:
    start, whole = tmp_path / "start", tmp_path / "whole"
    _second(start)
    shutil.copytree(start, whole)
    steps = _steps(whole)
    writes = [number for number, what in enumerate(steps, 1) if what.startswith("write manifests/")]
    assert len(writes) == 2  # its first half and its second
    assert steps[writes[1] : writes[1] + 2] == ["fsync", "link"]
    _killed_at([*range(writes[0], writes[1] + 5)], start, tmp_path, whole)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_killed_again_and_again(tmp_path: Path) -> None:
    start, whole = tmp_path / "start", tmp_path / "whole"
    _second(start)
    shutil.copytree(start, whole)
    steps = _steps(whole)
    with chdir(start):
        for moment in range(5, len(steps), len(steps) // 8):
            ended(forked(lambda moment=moment: (Reaper(moment).install(), _run())))
        _run()
    assert tables(start / "out") == tables(whole / "out")
    assert _files(start / "out") == _files(whole / "out")


def test_reader_of_a_killed_run_sees_the_last_state(tmp_path: Path) -> None:
    _second(tmp_path)
    with chdir(tmp_path):
        before = tables()
        half = len(_steps_copy(tmp_path)) // 2
        assert ended(forked(lambda: (Reaper(half).install(), _run()))) == -9
        assert before.items() <= tables().items()


def _steps_copy(folder: Path) -> list[str]:
    copy = folder.with_name(folder.name + "-copy")
    shutil.copytree(folder, copy)
    return _steps(copy)


def _state() -> list[object]:
    """Return the rows of every table of the newest state."""
    snapshot = Snapshot.open("out")
    return [snapshot.table(name).to_pylist() for name in TABLES]


def _writes(folder: Path) -> int:
    def count() -> None:
        disk = FullDisk()
        disk.install()
        _run()
        Path("writes").write_text(str(disk.writes))

    with chdir(folder):
        assert ended(forked(count)) == 0
        return int(Path("writes").read_text())


def _refused(words: str) -> None:
    """Run, and make sure that the error says so."""
    running.PAUSE = 0.0
    with pytest.raises(StoreError, match=words):
        _run()


@pytest.mark.slow
def test_full_disk_is_told_and_leaves_the_last_state(tmp_path: Path) -> None:
    start, whole = tmp_path / "start", tmp_path / "whole"
    _second(start)
    shutil.copytree(start, whole)
    writes = _writes(whole)
    for room in random.Random(SEED).sample(range(1, writes), 8):
        folder = tmp_path / f"full-{room}"
        shutil.copytree(start, folder)
        with chdir(folder):
            before = _state()
            full = forked(lambda room=room: (FullDisk(room).install(), _refused("the disk is full; free some space")))
            assert ended(full) == 0
            assert _state() == before
            _run()
        assert tables(folder / "out") == tables(whole / "out"), f"disk full after {room} of {writes} writes"
        assert _files(folder / "out") == _files(whole / "out")


def test_folder_of_others_is_told_read_and_left_as_it_is(tmp_path: Path) -> None:
    _second(tmp_path)
    for parent in tmp_path.parents:
        if parent.stat().st_uid == os.getuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o055)
    for path in (tmp_path, *tmp_path.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)

    def as_another() -> None:
        if os.getuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        _refused("check the folder's permissions")
        assert len(Snapshot.open("out").table("articles")) == 6

    with chdir(tmp_path):
        before = tables()
        assert ended(forked(as_another)) == 0
        assert tables() == before


def test_children_are_real(tmp_path: Path) -> None:
    with chdir(tmp_path):
        assert ended(forked(lambda: Path("pid").write_text(str(os.getpid())))) == 0
        assert int(Path("pid").read_text()) != os.getpid()
    assert ended(forked(lambda: 1 / 0)) == 1
