"""Manifests: the newest is the truth, of two with one number only one is made, other versions are told apart."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stance.errors import StoreError
from stance.store.folder import LocalFolder
from stance.store.manifest import EMPTY, KEPT, Manifest, Settings, TableFile, newest, next_after, switch
from stance.store.schemas import SCHEMA_VERSION

SETTINGS = Settings(version="1", catalogue="c", scorer="s", sentiment="all", estimate="e")
words = st.sampled_from(["", "a", "scores/month=2025-01/x.parquet", "é"])
files = st.builds(
    TableFile,
    path=words,
    month=words,
    bucket=st.integers(0, 8),
    buckets=st.integers(1, 8),
    rows=st.integers(0),
    bytes=st.integers(0),
)
manifests = st.builds(
    Manifest,
    generation=st.integers(0, 10**7),
    settings=st.none() | st.just(SETTINGS),
    runs=st.lists(words, max_size=3).map(tuple),
    tables=st.dictionaries(words, st.lists(files, max_size=3).map(tuple), max_size=3),
)


@given(manifests)
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
def test_json_round_trip(manifest: Manifest) -> None:
    assert Manifest.from_json(manifest.to_json()) == manifest


def test_newest_wins_and_old_ones_go(tmp_path: Path) -> None:
    folder = LocalFolder(str(tmp_path))
    assert newest(folder) == EMPTY
    state = EMPTY
    for number in range(3 * KEPT):
        state = next_after(state, f"run-{number}", SETTINGS, {})
        assert switch(folder, state)
        assert newest(folder) == state
    assert len(folder.files("manifests")) == KEPT + 1
    assert len(state.runs) == 3 * KEPT


def test_unfinished_manifest_is_none(tmp_path: Path) -> None:
    folder = LocalFolder(str(tmp_path))
    unfinished = next_after(EMPTY, "a", SETTINGS, {}).to_json()
    folder.write("manifests/.00000001.json.host.1.2.tmp", unfinished)
    assert newest(folder) == EMPTY


def test_second_of_a_number_is_refused(tmp_path: Path) -> None:
    folder = LocalFolder(str(tmp_path))
    first, second = (next_after(EMPTY, name, SETTINGS, {}) for name in ("a", "b"))
    assert switch(folder, first)
    assert not switch(folder, second)
    assert newest(folder) == first


def _with_version(tmp_path: Path, version: int) -> LocalFolder:
    folder = LocalFolder(str(tmp_path))
    raw = json.loads(next_after(EMPTY, "a", SETTINGS, {}).to_json()) | {"schema_version": version}
    folder.write("manifests/00000001.json", json.dumps(raw).encode())
    return folder


def test_newer_schema_is_refused_with_advice(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"upgrade it: pip install -U"):
        newest(_with_version(tmp_path, SCHEMA_VERSION + 1), older_too=True)


def test_older_schema_is_refused_unless_it_can_be_migrated(tmp_path: Path) -> None:
    folder = _with_version(tmp_path, SCHEMA_VERSION - 1)
    with pytest.raises(StoreError, match="stance compact"):
        newest(folder)
    assert newest(folder, older_too=True).generation == 1


@pytest.mark.parametrize("data", [b"", b"[]", b'{"schema_version": 2}', b'{"schema_version": "x"}'])
def test_what_is_no_manifest_is_named(tmp_path: Path, data: bytes) -> None:
    folder = LocalFolder(str(tmp_path))
    folder.write("manifests/00000001.json", data)
    with pytest.raises(StoreError, match=r"00000001\.json: not a manifest of stance"):
        newest(folder)
