"""Reading what a manifest names, whatever else lies there or goes on; replacing whole tables."""

import json
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from stance.errors import StoreError
from stance.store import open_folder
from stance.store.folder import LocalFolder
from stance.store.manifest import EMPTY, Manifest, Settings, record_path
from stance.store.query import Snapshot, consistent
from stance.store.schemas import TABLES, schema
from stance.store.update import Stager, clean, commit, replace

SETTINGS = Settings(version="1", catalogue="c", scorer="s", sentiment="all", estimate="e")


def rejections(*names: str) -> pa.Table:
    rows = [
        {"input": name, "source": name, "stage": "read", "reason": "empty", "detail": "", "outlet": ""}
        for name in names
    ]
    return pa.Table.from_pylist(rows, schema("rejections"))


def state(folder: LocalFolder, base: Manifest, *names: str) -> Manifest:
    """Commit a state whose only table has these rows."""
    stager = Stager(folder, base)
    tables = {"rejections": stager.whole("rejections", rejections(*names))}
    made = commit(stager, folder, base, SETTINGS, tables, lambda _: {"about": "test"})
    assert made is not None
    return made


@pytest.fixture
def folder(tmp_path: Path) -> LocalFolder:
    return LocalFolder(str(tmp_path / "out"))


def names_in(snapshot: Snapshot) -> list[str]:
    return list(snapshot.table("rejections")["input"].to_pylist())


def test_nothing_to_open_says_how_to_begin(folder: LocalFolder) -> None:
    with pytest.raises(StoreError, match="stance run INPUT"):
        Snapshot.open(folder.root)


def test_every_table_has_a_view_also_without_rows(folder: LocalFolder) -> None:
    state(folder, EMPTY, "a")
    with Snapshot.open(folder.root).connect() as connection:
        counts = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchall() for name in (*TABLES, "runs")}
    assert {name for name, count in counts.items() if count == [(1,)]} == {"rejections", "runs"}


def test_files_that_no_manifest_names_are_not_read_and_go(folder: LocalFolder) -> None:
    made = state(folder, EMPTY, "a")
    stager = Stager(folder, made)
    stager.whole("rejections", rejections("b"))
    folder.publish(stager.paths)
    folder.write("labels/by/ann.jsonl", b"{}\n")
    assert names_in(Snapshot.open(folder.root)) == ["a"]
    assert clean(folder, made) == 1
    assert folder.exists("labels/by/ann.jsonl")


def test_equal_rows_are_the_same_file(folder: LocalFolder) -> None:
    first = state(folder, EMPTY, "a", "b")
    second = state(folder, first, "a", "b")
    assert first.files("rejections") == second.files("rejections")


def test_lost_race_changes_nothing(folder: LocalFolder) -> None:
    state(folder, EMPTY, "a")
    stager = Stager(folder, EMPTY)
    tables = {"rejections": stager.whole("rejections", rejections("b"))}
    assert commit(stager, folder, EMPTY, SETTINGS, tables, lambda _: {}) is None
    assert names_in(Snapshot.open(folder.root)) == ["a"]


def test_reader_that_meets_a_switch_gets_the_new_state(folder: LocalFolder) -> None:
    first = state(folder, EMPTY, "a")
    seen = []

    def read(snapshot: Snapshot) -> list[str]:
        if not seen:
            clean(folder, state(folder, first, "b"))
        seen.append(snapshot.manifest.generation)
        return names_in(snapshot)

    assert consistent(folder.root, read) == ["b"]
    assert seen == [1, 2]


def test_error_of_the_question_itself_is_not_repeated(folder: LocalFolder) -> None:
    state(folder, EMPTY, "a")
    asked = []

    def ask(snapshot: Snapshot) -> None:
        asked.append(snapshot)
        raise StoreError("mine")

    with pytest.raises(StoreError, match="mine"):
        consistent(folder.root, ask)
    assert len(asked) == 1


def test_tables_can_be_replaced_whole(folder: LocalFolder) -> None:
    state(folder, EMPTY, "a")
    replace(folder.root, {"rejections": rejections("b", "c")})
    now = Snapshot.open(folder.root)
    assert names_in(now) == ["b", "c"]
    assert now.records()[-1]["kind"] == "tables"
    assert len(folder.files("rejections")) == 1
    assert replace(folder.root, {"rejections": rejections("b", "c")}) == now.manifest


def test_partitioned_tables_are_not_replaced(folder: LocalFolder) -> None:
    with pytest.raises(ValueError, match="partitioned by month"):
        replace(folder.root, {"scores": schema("scores").empty_table()})


def test_runs_are_a_table(folder: LocalFolder) -> None:
    state(folder, state(folder, EMPTY, "a"), "b")
    table = Snapshot.open(folder.root).table("runs")
    assert table["generation"].to_pylist() == [1, 2]
    assert json.loads(table["record"][1].as_py())["parent"] == table["run"][0].as_py()
    assert open_folder(folder.root).root == folder.root


def _footer(data: bytes) -> int:
    return int.from_bytes(data[-8:-4], "little") + 8


DAMAGE = {
    "empty": lambda data: b"",
    "truncated": lambda data: data[: len(data) // 2],
    "garbage": lambda data: b"x" * len(data),
    "whole footer only": lambda data: b"\xff" * (len(data) - _footer(data)) + data[-_footer(data) :],
}


def refused(snapshot: Snapshot, words: str) -> set[bool]:
    """Check that each way to read `rejections` fails with these words; return whether it is worth another try."""
    found = set()
    for read in (snapshot.table, lambda name: snapshot.rows(f"SELECT DISTINCT input FROM {name}")):
        with pytest.raises(StoreError, match=words) as raised:
            read("rejections")
        found.add(raised.value.retryable)
    return found


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_file_is_named_with_what_to_do(folder: LocalFolder, damage: str) -> None:
    made = state(folder, EMPTY, *(f"input {number}" for number in range(500)))
    (file,) = made.files("rejections")
    path = Path(folder.root, file.path)
    path.write_bytes(DAMAGE[damage](path.read_bytes()))
    assert refused(Snapshot.open(folder.root), f"{file.path}: damaged .*put it back") == {False}


def test_file_that_is_gone_for_good_is_named(folder: LocalFolder) -> None:
    (file,) = state(folder, EMPTY, "a").files("rejections")
    Path(folder.root, file.path).unlink()
    assert refused(Snapshot.open(folder.root), f"{file.path}: gone; put it back") == {False}


def test_file_that_a_run_replaced_is_worth_another_try(folder: LocalFolder) -> None:
    made = state(folder, EMPTY, "a")
    snapshot = Snapshot.open(folder.root)
    state(folder, made, "b")
    assert refused(snapshot, "replaced by a newer run") == {True}


def test_wrong_question_to_whole_files_is_not_called_damage(folder: LocalFolder) -> None:
    state(folder, EMPTY, "a")
    with pytest.raises(duckdb.BinderException):
        Snapshot.open(folder.root).rows("SELECT none FROM rejections")


@pytest.mark.parametrize("content", [None, b'{"run": ', b"[1]"])
def test_damaged_record_of_a_run_is_named(folder: LocalFolder, content: bytes | None) -> None:
    made = state(folder, EMPTY, "a")
    path = Path(folder.root, record_path(made.runs[0]))
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(StoreError, match=f"{path.name}: {'gone' if content is None else 'damaged'}.*; put it back"):
        Snapshot.open(folder.root).records()


def test_records_are_read_only_for_the_view_that_shows_them(folder: LocalFolder) -> None:
    made = state(folder, EMPTY, "a")
    Path(folder.root, record_path(made.runs[0])).unlink()
    assert Snapshot.open(folder.root).rows("SELECT input FROM rejections") == [("a",)]
