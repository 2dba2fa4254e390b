"""A whole run: what comes out, that nothing vanishes, and that the tables do not depend on how it went."""

import random
import socket
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow
import pytest

from stance import pipeline
from stance.config import RunConfig
from stance.errors import ConfigError
from stance.ids import sha256_bytes
from stance.store.query import Snapshot
from tests.pipeline.corpus import everything, make_config, row, tables, write_rows


def test_tables_open_with_pandas_and_duckdb(done: RunConfig) -> None:
    frame = pd.read_parquet("out/scores")
    query = "SELECT count(*), count(DISTINCT month) FROM read_parquet('out/scores/*/*.parquet')"
    assert duckdb.connect().execute(query).fetchall() == [(len(frame), 3)]
    missing = frame.isna().any()
    assert set(missing[missing].index) == {"shown"}, "and that is as this scorer cannot tell"
    assert set(frame["target"]) == {"government", "protesters"}


def test_scores_say_what_the_text_mentions(done: RunConfig) -> None:
    with Snapshot.open("out").connect() as connection:
        rows = connection.execute(
            "SELECT text, target, mentions FROM scores JOIN paragraphs USING (paragraph_id)"
        ).fetchall()
    assert len(rows) == 24 * 3 * 4 // 6
    for text, target, mentions in rows:
        words = {"government": ("cabinet", "government"), "protesters": ("protesters", "crowd")}[target]
        assert [mention["text"] for mention in mentions] == [text[m["start"] : m["end"]] for m in mentions]
        assert all(any(word in mention["text"] for word in words) for mention in mentions)


def test_nothing_vanishes(fresh: RunConfig) -> None:
    write_rows(Path("in/again.jsonl"), [row(0), row(0), row(100, text="Too short."), {"outlet": "X"}])
    Path("in/again.jsonl").write_text(Path("in/again.jsonl").read_text() + "{broken\n")
    Path("in/picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    counts = pipeline.run(fresh).counts
    assert counts["articles"] == counts["new"] + counts["known"] + counts["duplicates"] + counts["waiting"]
    with Snapshot.open("out").connect() as connection:
        (sums,) = connection.execute("SELECT sum(articles), sum(rejections) FROM inputs").fetchall()
        stored = connection.execute("SELECT count(*) FROM articles").fetchall()
        reasons = dict(connection.execute("SELECT reason, count(*) FROM rejections GROUP BY 1").fetchall())
    assert stored == [(24,)]
    assert reasons["duplicate"] == 2
    assert sums == (24 + 2, sum(reasons.values()))
    assert sum(reasons.values()) == counts["rejections"]


def test_record_says_what_went_in_what_it_was_made_with_and_what_came_of_it(done: RunConfig) -> None:
    write_rows(Path("in/short.jsonl"), [row(50, text="Too short.")])
    pipeline.run(done)
    state = Snapshot.open("out")
    first, second = state.records()
    files = {f"in/wire-{number}.jsonl" for number in range(4)}
    assert first["inputs"] == {name: sha256_bytes(Path(name).read_bytes()) for name in files}
    assert second["inputs"] == {"in/short.jsonl": sha256_bytes(Path("in/short.jsonl").read_bytes())}
    assert RunConfig.model_validate(first["config"]) == done
    assert first["scorer"] == state.manifest.settings.scorer  # type: ignore[union-attr]
    assert first["catalogue"]["targets"].keys() == {"government", "protesters"}
    assert first["packages"]["pyarrow"] == pyarrow.__version__
    assert first["host"] == socket.gethostname()
    assert first["counts"]["articles"] == first["totals"]["articles"] == 24
    assert second["rejections"] == {"too_short": 1}
    assert first["stages"].keys() == {"merge", "score", "model"}
    assert first["seconds"] + 0.01 > first["stages"]["merge"] + first["stages"]["score"]
    assert second["parent"] == first["run"]
    assert len(state.table("runs")) == 2


def test_input_that_is_not_there_is_a_rejection_and_no_work(done: RunConfig) -> None:
    config = make_config(inputs=("in", "nowhere/*.txt"))
    assert pipeline.run(config).rejections == {"unreadable": 1}
    assert not pipeline.run(config).changed


def test_no_input_is_an_error() -> None:
    with pytest.raises(ConfigError, match="no input"):
        pipeline.run(make_config(inputs=()))


@pytest.mark.parametrize(
    "other",
    [
        {"shard_paragraphs": 1, "shard_megabytes": 0.0001},
        {"shard_paragraphs": 10_000, "shard_megabytes": 100},
        {"shard_paragraphs": 7, "inputs": tuple(f"in/wire-{number}.jsonl" for number in (2, 0, 3, 1))},
    ],
    ids=["tiny shards", "one shard", "another order"],
)
def test_tables_do_not_depend_on_shards_and_order(made: Path, fresh: RunConfig, other: dict[str, object]) -> None:
    pipeline.run(make_config(**other))
    assert tables() == tables(made / "out")


def test_steps_may_be_done_in_any_order_and_twice(made: Path, fresh: RunConfig) -> None:
    shuffled = random.Random(7)
    shards = pipeline.plan(fresh)
    read = [pipeline.ingest_shard(ref, fresh) for ref in shuffled.sample(shards, len(shards))]
    read = [pipeline.ingest_shard(ref, fresh) for ref in shards]
    pieces = pipeline.pending(fresh, read)
    scored = [pipeline.score_shard(ref, fresh) for ref in shuffled.sample(pieces, len(pieces))]
    assert {pipeline.score_shard(ref, fresh) for ref in pieces} == set(scored)
    pipeline.finish(fresh, shuffled.sample(read, len(read)), scored)
    assert tables() == tables(made / "out")


def test_months_are_cut_into_files_by_size_alone(made: Path, fresh: RunConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stance.pipeline.months.FILE_ARTICLES", 3)
    pipeline.run(make_config(inputs=("in/wire-0.jsonl", "in/wire-3.jsonl")))
    pipeline.run(fresh)
    grown = Snapshot.open("out")
    assert {file.buckets for file in grown.manifest.files("scores")} == {4}
    monkeypatch.setattr("stance.pipeline.months.FILE_ARTICLES", 20_000)
    pipeline.compact("out")
    whole, expected = Snapshot.open("out"), Snapshot.open(str(made / "out"))
    assert whole.table("scores").equals(expected.table("scores"))
    assert len(whole.files("scores")) == len(expected.files("scores")) == 3


def test_a_second_run_writes_nothing(done: RunConfig) -> None:
    before = everything()
    summary = pipeline.run(done)
    assert not summary.changed
    assert everything() == before


def test_probabilities_are_rounded_and_sum_to_one(done: RunConfig) -> None:
    frame = pd.read_parquet("out/scores")
    for head in ("overall", "author", "reported"):
        triple = frame[[f"{head}_{stance}" for stance in ("against", "neutral", "favor")]].astype("float64")
        assert ((triple * 10_000).round() / 10_000 - triple).abs().max().max() < 1e-7
        assert (triple.sum(axis=1) - 1).abs().max() < 2.1e-4


def test_every_paragraph_has_a_sentiment_unless_told_otherwise(done: RunConfig) -> None:
    assert len(pd.read_parquet("out/sentiments")) == 72
    pipeline.run(make_config(sentiment="mentioned"))
    assert len(pd.read_parquet("out/sentiments")) == 48
