from pathlib import Path

import pytest

from stance.dashboard.board import Board
from tests.dashboard import fixture


@pytest.fixture(scope="session")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixture's output; tests that change it make their own."""
    return fixture.make(tmp_path_factory.mktemp("board") / "out")


@pytest.fixture(scope="session")
def board(out: Path) -> Board:
    return Board(str(out))
