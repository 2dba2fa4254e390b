"""What human labels say, asked of the board's tables: equal to what `stance estimate` says of the whole tables."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from stance.annotate.draw import SampleOptions, draw
from stance.annotate.folder import add, write_sample
from stance.annotate.labelling import human
from stance.annotate.records import Drawn, Label
from stance.dashboard import pieces, server
from stance.dashboard.board import Board
from stance.dashboard.filters import Filters
from stance.dashboard.queries import quality as quality_questions
from stance.dashboard.queries import trends, trust
from stance.estimate import quality
from stance.estimate.trends import smooth
from tests.dashboard import fixture

Labelled = tuple[tuple[Drawn, ...], tuple[Label, ...]]


@pytest.fixture(scope="module")
def labelled() -> Labelled:
    """Ninety labels on articles of the first six weeks, one in four other than the model's."""
    rows = fixture.rows()
    last = fixture.FIRST_DAY + pd.Timedelta(days=42)
    old = {row["article_id"] for row in rows["articles"] if row["published"] < last}
    part = [
        pd.DataFrame([row for row in rows[name] if row["article_id"] in old])
        for name in ("scores", "articles", "paragraphs")
    ]
    drawn = tuple(draw(*part, SampleOptions(n=90)))
    said = (item.predicted if at % 4 else "neutral" for at, item in enumerate(drawn))
    labels = tuple(
        Label(paragraph_id=item.paragraph_id, target=item.target, annotator="ann", overall=word)
        for item, word in zip(drawn, said, strict=True)
    )
    return drawn, labels


def tables(board: Board) -> tuple[pd.DataFrame, pd.DataFrame]:
    scores, articles = (board.snapshot.table(name).to_pandas() for name in ("scores", "articles"))
    return scores, articles


def test_error_rates_are_those_of_the_whole_tables(board: Board, labelled: Labelled):
    found = board.ask(trust.errors, *labelled)
    wanted = quality.error_rates(*tables(board), human(*labelled))
    assert wanted["accuracy"].notna().any()
    pd.testing.assert_frame_equal(found, wanted)


def test_drift_is_that_of_the_whole_tables(board: Board, labelled: Labelled):
    found = board.ask(trust.drift, *labelled)
    wanted = quality.drift(*tables(board), human(*labelled))
    assert len(wanted) == 3 * len(quality.SIGNS)
    pd.testing.assert_frame_equal(found, wanted, check_dtype=False, atol=1e-5)


def test_nothing_labelled_says_nothing(board: Board):
    assert board.ask(trust.errors, (), ()).empty
    assert board.ask(trust.drift, (), ()).empty
    assert trust.confusion(board.ask(trust.errors, (), ())) is None


def test_a_confusion_from_labels_has_whole_rows(board: Board, labelled: Labelled):
    rates = trust.confusion(board.ask(trust.errors, *labelled))
    assert rates is not None
    np.testing.assert_allclose(rates.sum(axis=1), 1)
    assert "Of the paragraphs that are in favour, it calls" in pieces.mixed_up(rates.to_numpy())


def test_only_moved_confidence_and_doubt_are_told():
    rows = pd.DataFrame(
        {"target": "x", "sign": ["confidence", "unsure", "against"], "p": [0.001, 0.03, 0.0001], "since": "2025-01-06"}
    )
    assert trust.notable(rows)["sign"].tolist() == ["confidence"]


def test_the_models_known_errors_come_from_the_newest_runs_model(board: Board, tmp_path: Path):
    known = board.ask(quality_questions.confusion)
    assert known is not None
    assert pieces.errs(known.rates).startswith("On texts it had not seen, the model recognised ")
    fixture.write(tmp_path, {"articles": fixture.rows()["articles"]}, "run-1")
    record = tmp_path / "runs" / "run-1.json"
    record.write_text(record.read_text().replace('"encoder"', '"dummy"'))
    assert Board(str(tmp_path)).ask(quality_questions.confusion) is None


def test_the_smooth_line_is_that_of_the_estimates(board: Board):
    estimates = board.snapshot.table("estimates").to_pandas()
    wanted = smooth(estimates[(estimates["outlet"] == "") & (estimates["voice"] == "overall")])
    wanted = wanted[(wanted["by"] == "week") & (wanted["measure"] == "polarity")].sort_values(["target", "period"])
    found = board.ask(trends.smoothed, Filters())
    found = found[found["trend"].notna()].sort_values(["target", "period"])
    assert len(found) == len(wanted) > 0
    np.testing.assert_allclose(found["trend"].to_numpy(), wanted["trend"].to_numpy(), atol=1e-6)
    assert (found["trend_low"] < found["trend_high"]).all()


def test_board_and_reader_are_told_what_labels_say(
    board: Board, out: Path, labelled: Labelled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    copy = tmp_path / "out"
    shutil.copytree(out, copy)
    shutil.rmtree(copy / "labels")
    write_sample(copy / "labels", labelled[0])
    add(copy / "labels", labelled[1])
    monkeypatch.setenv(server.OUT, str(copy))
    test = AppTest.from_file(str(Path(server.__file__).with_name("app.py")), default_timeout=300)
    test.session_state["view"] = "Quality"
    test.run()
    assert not test.exception
    said = "\n".join(str(item.value) for kind in ("html", "caption") for item in test.get(kind))
    assert "How often model and people agree on Government of Nowhere" in said
    assert "From human labels of this corpus" in said
    assert "Do the labels still hold?" in said
