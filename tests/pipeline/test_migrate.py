"""Tables of an older schema are read as today's, brought up to date by `compact`, and scored again where need be."""

import json
from pathlib import Path

import pyarrow as pa
import pytest

from stance import pipeline
from stance.config import RunConfig
from stance.errors import StoreError
from stance.ids import sha256_bytes
from stance.store import parquet
from stance.store.folder import LocalFolder
from stance.store.migrate import upgrade
from stance.store.query import Snapshot
from stance.store.schemas import SCHEMA_VERSION, schema
from tests.pipeline.corpus import tables

SINCE = {
    1: {
        "articles": ["generation"],
        "scores": ["voices", "latest", "shown"],
        "rejections": ["input"],
        "sentiments": ["sought"],
    },
    2: {"sentiments": ["sought"], "scores": ["shown"]},
    3: {"scores": ["shown"]},
}
"""By version: columns that it did not have."""


def age(out: Path, version: int) -> None:
    """Make an output look as an older version left it."""
    folder = LocalFolder(str(out))
    (path,) = (out / "manifests").iterdir()
    raw = json.loads(path.read_text())
    for table, columns in SINCE[version].items():
        for file in raw["tables"].get(table, ()):
            old = parquet.to_bytes(parquet.read(folder.source(file["path"])).drop_columns(columns))
            folder.remove([file["path"]])
            file["path"] = f"{file['path'].rpartition('/')[0]}/{sha256_bytes(old)[:24]}.parquet"
            folder.write(file["path"], old)
    path.write_text(json.dumps(raw | {"schema_version": version}))


def test_old_rows_get_the_new_columns() -> None:
    old = schema("articles").empty_table().drop_columns(SINCE[1]["articles"])
    assert upgrade("articles", old, 1).schema.equals(schema("articles"))
    rejected = pa.table(
        {
            "source": ["a#1"],
            "line": [1],
            "byte": [None],
            "outlet": [""],
            "stage": ["read"],
            "reason": ["empty"],
            "detail": [""],
        }
    )
    assert upgrade("rejections", rejected, 1)["input"].to_pylist() == ["a#1"]


def test_todays_rows_stay_as_they_are() -> None:
    rows = schema("scores").empty_table()
    assert upgrade("scores", rows, SCHEMA_VERSION).equals(rows)


@pytest.mark.parametrize("version", SINCE)
def test_old_output_is_refused_by_readers_and_mended_by_compact(done: RunConfig, version: int) -> None:
    before = Snapshot.open("out").table("articles")
    age(Path("out"), version)
    with pytest.raises(StoreError, match="stance compact out"):
        Snapshot.open("out")
    assert pipeline.compact("out").changed
    assert Snapshot.open("out").table("articles").equals(before)


@pytest.mark.parametrize("version", SINCE)
@pytest.mark.parametrize("compacted", [False, True], ids=["run", "compact, then run"])
def test_next_run_makes_an_old_output_equal_to_a_new_one(done: RunConfig, compacted: bool, version: int) -> None:
    expected = tables()
    age(Path("out"), version)
    if compacted:
        pipeline.compact("out")
    assert pipeline.run(done).changed
    assert tables() == expected
