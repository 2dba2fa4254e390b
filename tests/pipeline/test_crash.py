"""A run that is killed at any moment and started again leaves the tables of a run that was not."""

import os
import random
import shutil
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import pytest

from stance import pipeline
from tests.pipeline.corpus import edited, make_config, row, tables, write_corpus, write_rows
from tests.pipeline.processes import Reaper, ended, forked

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


def _steps(folder: Path) -> int:
    """Return how many steps an uninterrupted run in a folder takes that touch the disk."""

    def count() -> None:
        reaper = Reaper()
        reaper.install()
        _run()
        Path("steps").write_text(str(reaper.steps))

    with chdir(folder):
        assert ended(forked(count)) == 0
        return int(Path("steps").read_text())


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
    expected, files = tables(whole / "out"), _files(whole / "out")
    chosen = random.Random(SEED).sample(range(1, steps + 1), MOMENTS // 2)
    for moment in sorted(chosen):
        folder = tmp_path / f"killed-{moment}"
        shutil.copytree(start, folder)
        with chdir(folder):
            assert ended(forked(lambda moment=moment: (Reaper(moment).install(), _run()))) == -9
            _run()
        assert tables(folder / "out") == expected, f"killed at step {moment} of {steps}"
        assert _files(folder / "out") == files, f"killed at step {moment} of {steps}"
        shutil.rmtree(folder)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_killed_again_and_again(tmp_path: Path) -> None:
    start, whole = tmp_path / "start", tmp_path / "whole"
    _second(start)
    shutil.copytree(start, whole)
    steps = _steps(whole)
    with chdir(start):
        for moment in range(5, steps, steps // 8):
            ended(forked(lambda moment=moment: (Reaper(moment).install(), _run())))
        _run()
    assert tables(start / "out") == tables(whole / "out")
    assert _files(start / "out") == _files(whole / "out")


def test_reader_of_a_killed_run_sees_the_last_state(tmp_path: Path) -> None:
    _second(tmp_path)
    with chdir(tmp_path):
        before = tables()
        half = _steps_copy(tmp_path) // 2
        assert ended(forked(lambda: (Reaper(half).install(), _run()))) == -9
        assert before.items() <= tables().items()


def _steps_copy(folder: Path) -> int:
    copy = folder.with_name(folder.name + "-copy")
    shutil.copytree(folder, copy)
    return _steps(copy)


def test_children_are_real(tmp_path: Path) -> None:
    with chdir(tmp_path):
        assert ended(forked(lambda: Path("pid").write_text(str(os.getpid())))) == 0
        assert int(Path("pid").read_text()) != os.getpid()
    assert ended(forked(lambda: 1 / 0)) == 1
