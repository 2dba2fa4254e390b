"""A corpus, and the output of one run over it, made once."""

import shutil
from contextlib import chdir
from pathlib import Path

import pytest

from stance import pipeline
from stance.config import RunConfig
from tests.pipeline.corpus import make_config, write_corpus


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with inputs in `in` and the tables of a run over them in `out`; not to be changed."""
    folder = tmp_path_factory.mktemp("made")
    write_corpus(folder)
    with chdir(folder):
        pipeline.run(make_config())
    return folder


@pytest.fixture
def done(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunConfig:
    """The config of a finished run in the working folder, whose inputs and output may be changed."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return make_config()


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunConfig:
    """The config of a run in the working folder that has not begun."""
    write_corpus(tmp_path)
    monkeypatch.chdir(tmp_path)
    return make_config()
