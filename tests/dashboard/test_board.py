from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from stance.dashboard.board import Board, Tables
from stance.dashboard.filters import Filters
from stance.dashboard.queries import articles, trends
from stance.errors import StoreError
from tests.dashboard import fixture


def test_no_output_is_an_error_that_says_what_to_do(tmp_path: Path):
    with pytest.raises(StoreError, match="stance run"):
        Board(str(tmp_path)).ask(articles.choices)


def test_answers_are_remembered(board: Board):
    calls = []

    def question(tables: Tables, word: str) -> str:
        calls.append(word)
        return word

    assert [board.ask(question, "a"), board.ask(question, "a"), board.ask(question, "b")] == ["a", "a", "b"]
    assert calls == ["a", "b"]


def test_a_new_run_is_seen_and_its_removed_files_break_nothing(tmp_path: Path):
    rows = fixture.rows()
    early = {table: [row for row in found if row.get("generation", 1) == 1] for table, found in rows.items()}
    fixture.write(tmp_path, early, "run-1")
    board = Board(str(tmp_path))
    before = board.ask(articles.facts, Filters())
    old = [Path(path) for table in rows for path in board.snapshot.files(table)]
    fixture.write(tmp_path, rows, "run-2")
    new = {path for table in rows for path in Board(str(tmp_path)).snapshot.files(table)}
    for path in old:
        if str(path) not in new:
            path.unlink()
    after = board.ask(articles.facts, Filters())
    assert after.articles > before.articles
    assert len(board.ask(trends.computed, Filters(), ("target",)))


def test_a_file_that_is_gone_for_good_is_an_error_in_words(tmp_path: Path):
    fixture.write(tmp_path, fixture.rows(), "run-1")
    board = Board(str(tmp_path))
    for path in board.snapshot.files("scores"):
        Path(path).unlink()
    with pytest.raises(StoreError, match="cannot be read"):
        board.ask(trends.computed, Filters(), ("target",))


def test_many_readers_at_once_get_one_answer(out: Path):
    board = Board(str(out))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: board.ask(trends.computed, Filters(), ("target",)), range(16)))
    frames = [table.to_pandas() if hasattr(table, "to_pandas") else table for table in found]
    for frame in frames[1:]:
        pd.testing.assert_frame_equal(frame, frames[0])
