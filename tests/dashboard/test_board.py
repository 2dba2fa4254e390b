import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from stance.dashboard import prepared
from stance.dashboard.board import Board, Tables
from stance.dashboard.filters import Filters
from stance.dashboard.queries import articles, changes, quality, trends, voices
from stance.errors import StoreError
from stance.store.query import Snapshot
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


def test_a_new_run_is_seen_and_its_removed_files_break_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("stance.dashboard.board.RECHECK", 0)
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
    with pytest.raises(StoreError, match=r"\.parquet: gone; put it back"):
        board.ask(trends.computed, Filters(), ("target",))


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("content", [b"", b"garbage" * 50])
def test_a_damaged_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, large: bool):
    monkeypatch.setattr(prepared, "LARGE", 0 if large else 10**9)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    fixture.write(tmp_path / "out", fixture.rows(), "run-1")
    path = Path(Snapshot.open(str(tmp_path / "out")).files("scores")[-1])
    path.write_bytes(content)
    with pytest.raises(StoreError, match=f"{path.name}: damaged .*put it back"):
        Board(str(tmp_path / "out")).ask(trends.computed, Filters(), ("target",))


def test_many_readers_at_once_get_one_answer(out: Path):
    board = Board(str(out))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: board.ask(trends.computed, Filters(), ("target",)), range(16)))
    frames = [table.to_pandas() if hasattr(table, "to_pandas") else table for table in found]
    for frame in frames[1:]:
        pd.testing.assert_frame_equal(frame, frames[0])


NUMBERS = [
    (articles.choices, ()),
    (articles.facts, (Filters(),)),
    (articles.mentioned, (Filters(outlets=("The Herald",)),)),
    (trends.computed, (Filters(voice="reported", counting="story"), ("target", "outlet", "period"))),
    (changes.turns, (Filters(),)),
    (quality.doubt, (Filters(),)),
    (voices.holders, (Filters(), 20)),
]


@pytest.fixture
def cached(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Treat every output as large; return the folder that its prepared tables go to."""
    monkeypatch.setattr(prepared, "LARGE", 1)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "stance" / "board"


def test_prepared_tables_answer_as_those_in_memory(board: Board, out: Path, cached: Path):
    large = Board(str(out))
    for question, values in NUMBERS:
        one, other = large.ask(question, *values), board.ask(question, *values)
        if isinstance(one, pd.DataFrame):
            pd.testing.assert_frame_equal(one, other)
        else:
            assert one == other
    (made,) = cached.glob("*.duckdb")
    before = made.stat().st_mtime_ns
    assert Board(str(out)).ask(articles.facts, Filters()) == board.ask(articles.facts, Filters())
    assert made.stat().st_mtime_ns == before


def test_a_large_output_is_shown_as_it_was_until_the_next_state_is_prepared(tmp_path: Path, cached: Path):
    rows = fixture.rows()
    early = {table: [row for row in found if row.get("generation", 1) == 1] for table, found in rows.items()}
    fixture.write(tmp_path / "out", early, "run-1")
    board = Board(str(tmp_path / "out"))
    before = board.ask(articles.facts, Filters()).articles
    fixture.write(tmp_path / "out", rows, "run-2")
    assert board.ask(articles.facts, Filters()).articles == before
    end = time.monotonic() + 120
    while board.ask(articles.facts, Filters()).articles == before:
        assert time.monotonic() < end
        time.sleep(0.2)
    assert len(list(cached.glob("*.duckdb"))) == 2


def test_only_the_last_prepared_files_are_kept(out: Path, cached: Path):
    cached.mkdir(parents=True)
    for at in range(prepared.KEPT + 2):
        (cached / f"{at}.duckdb").touch()
    made = prepared.make(Snapshot.open(str(out)))
    assert made.exists()
    assert len(list(cached.glob("*.duckdb"))) == prepared.KEPT


def test_a_cache_that_cannot_be_written_is_an_error_in_words(out: Path, cached: Path):
    cached.parent.mkdir(parents=True)
    cached.touch()
    with pytest.raises(StoreError, match="cannot be made"):
        Board(str(out)).ask(articles.facts, Filters())
