"""Runs with a scorer that looks for mentions itself: what gets rows, and what is not looked for twice."""

from pathlib import Path

import pytest

from stance import pipeline
from stance.config import RunConfig
from stance.model.calibrate import Calibration
from stance.scorers.config import EncoderConfig
from stance.store.query import Snapshot
from tests.model import tiny
from tests.pipeline.corpus import CATALOGUE, POLICE, make_config, tables

SOUGHT = CATALOGUE.replace("    kind: movement\n", "    kind: movement\n    sought: always\n")


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A random model that takes a part of the tokens for mentions, and for those who show a stance."""
    return str(
        tiny.write_model(tmp_path_factory.mktemp("models") / "tiny", Calibration({}, 0.0, finder=0.51, shown=0.51))
    )


@pytest.fixture
def seeking(fresh: RunConfig, model: str) -> RunConfig:
    Path("targets.yaml").write_text(SOUGHT, "utf-8")
    return make_config(scorer=EncoderConfig(model=model, device="cpu", precision="float32"))


def test_what_the_scorer_finds_is_a_mention_and_what_it_finds_nowhere_has_no_row(seeking: RunConfig) -> None:
    counts = pipeline.run(seeking).counts
    snapshot = Snapshot.open("out")
    texts = dict(
        zip(*(column.to_pylist() for column in snapshot.table("paragraphs", ["paragraph_id", "text"])), strict=True)
    )
    rows = snapshot.table("scores").to_pylist()
    assert {row["target"] for row in rows if any(each["coref"] for each in row["mentions"])} == {"protesters"}
    found = [row for row in rows if all(each["coref"] for each in row["mentions"])]
    assert 0 < len(found) < len(texts)
    listed = {
        (row["paragraph_id"], place)
        for row in rows
        for each in row["mentions"]
        if not each["coref"]
        for place in range(each["start"], each["end"])
    }
    for row in rows:
        assert row["mentions"]
        for each in row["mentions"]:
            assert texts[row["paragraph_id"]][each["start"] : each["end"]] == each["text"] != ""
            places = {(row["paragraph_id"], place) for place in range(each["start"], each["end"])}
            assert not each["coref"] or not places & listed
    assert counts["pairs"] == counts["scored"] == len(rows)
    assert {opinion["target"] for opinion in snapshot.table("opinions", ["target"]).to_pylist()} == {
        "government",
        "protesters",
    }


def test_what_was_sought_is_not_sought_again(seeking: RunConfig) -> None:
    first = pipeline.run(seeking).counts
    assert not pipeline.run(seeking).changed
    Path("targets.yaml").write_text(SOUGHT + POLICE, "utf-8")
    counts = pipeline.run(seeking).counts
    with_police = sum("police" in text for text in Snapshot.open("out").table("paragraphs")["text"].to_pylist())
    assert counts["passages"] == with_police == 12
    assert counts["reused"] >= first["pairs"] - with_police
    pipeline.run(seeking.model_copy(update={"out": "anew"}))
    assert tables("out") == tables("anew")


def test_what_the_scorer_doubts_has_no_row_and_is_not_asked_again(seeking: RunConfig, tmp_path: Path) -> None:
    believed = pipeline.run(seeking).counts["pairs"]
    model = tiny.write_model(tmp_path / "doubter", Calibration({}, 0.0, finder=1.0, doubt=0.55, shown=0.51))
    scorer = EncoderConfig(model=str(model), device="cpu", precision="float32")
    doubting = seeking.model_copy(update={"scorer": scorer, "out": "doubted"})
    assert 0 < pipeline.run(doubting).counts["pairs"] < believed
    assert not pipeline.run(doubting).changed
    view = pipeline.score_text("The protesters sang.", doubting)
    assert [(mention.target, mention.text) for mention in view.doubted] == [("protesters", "protesters")]
    assert view.targets == ()
    kept = Snapshot.open("doubted").table("scores").to_pylist()
    assert all(row["mentions"] for row in kept)
    assert {row["target"] for row in kept} == {"government", "protesters"}
    Path("targets.yaml").write_text(SOUGHT + POLICE, "utf-8")
    assert pipeline.run(doubting).counts["passages"] == 12
    pipeline.run(doubting.model_copy(update={"out": "anew"}))
    assert tables("doubted") == tables("anew")


def test_an_alias_that_takes_a_place_from_what_was_found_gives_the_tables_of_a_fresh_run(seeking: RunConfig) -> None:
    pipeline.run(seeking)
    Path("targets.yaml").write_text(SOUGHT.replace("[cabinet, government]", "[government, welders, buses]"), "utf-8")
    assert pipeline.run(seeking).changed
    pipeline.run(seeking.model_copy(update={"out": "anew"}))
    assert tables("out") == tables("anew")


def test_nothing_is_sought_where_only_mentioned_targets_get_a_sentiment(seeking: RunConfig) -> None:
    counts = pipeline.run(seeking.model_copy(update={"sentiment": "mentioned"})).counts
    assert counts["passages"] == 48


def test_who_shows_a_stance_has_an_opinion_and_is_remembered(seeking: RunConfig) -> None:
    pipeline.run(seeking)
    snapshot = Snapshot.open("out")
    texts = dict(
        zip(*(column.to_pylist() for column in snapshot.table("paragraphs", ["paragraph_id", "text"])), strict=True)
    )
    told = [
        row for row in snapshot.table("opinions").to_pylist() if row["direct"] is None and row["holder"] != "author"
    ]
    seen = {(row["paragraph_id"], row["target"]) for row in snapshot.table("scores").to_pylist() if row["shown"]}
    assert told
    for row in told:
        text = texts[row["paragraph_id"]]
        assert (row["paragraph_id"], row["target"]) in seen
        assert row["holder_name"] in text
        assert row["spans"] == []
        assert text[row["evidence_start"] : row["evidence_end"]].strip()
    Path("targets.yaml").write_text(SOUGHT + POLICE, "utf-8")
    pipeline.run(seeking)
    pipeline.run(seeking.model_copy(update={"out": "anew"}))
    assert tables("out") == tables("anew")
