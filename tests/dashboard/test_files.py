"""Events, cards, words."""

import json
from datetime import date
from pathlib import Path

import pytest

from stance.annotate import folder
from stance.annotate.records import Label
from stance.dashboard import cards, events, words
from stance.errors import ConfigError


def test_events_are_sorted_and_stripped(tmp_path: Path):
    path = tmp_path / "events.csv"
    path.write_text('\ufeffday,name\n2025-02-01, late \n2025-01-07,"state of emergency, nationwide"\n', "utf-8")
    assert events.read(path) == (
        events.Event(date(2025, 1, 7), "state of emergency, nationwide"),
        events.Event(date(2025, 2, 1), "late"),
    )
    assert events.beside(str(tmp_path)) == events.read(path)
    assert events.beside(str(tmp_path / "none")) == events.beside("s3://bucket/x") == ()


@pytest.mark.parametrize("text", ["day,name\n7 Jan,x\n", "when,what\n2025-01-07,x\n", "day,name\n2025-01-07\n"])
def test_wrong_events_say_where(tmp_path: Path, text):
    path = tmp_path / "events.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=r"events\.csv:2: expected columns day"):
        events.read(path)


def test_too_many_events_and_no_file(tmp_path: Path):
    path = tmp_path / "events.csv"
    path.write_text("day,name\n" + "2025-01-07,x\n" * (events.MOST + 1), "utf-8")
    with pytest.raises(ConfigError, match="at most"):
        events.read(path)
    with pytest.raises(ConfigError, match="cannot read"):
        events.read(tmp_path / "none.csv")


def test_human_labels_judge_the_model(out: Path):
    drawn, labels = folder.sample(out / "labels"), folder.labels(out / "labels")
    rows = cards.judged(drawn, labels)
    assert rows["rows"].sum() <= 20
    assert rows["right"].between(0, 1).all()
    low = float(rows["point"].iloc[-1].removeprefix("sure:"))
    differ = cards.disputed(drawn, labels, {"low": low})
    assert len(differ) == round(rows["rows"].iloc[-1] * (1 - rows["right"].iloc[-1]))
    assert (differ["model"] != differ["humans"]).all()
    assert cards.judged((), ()).empty


def test_figures_of_a_card_carry_their_intervals():
    card = {"figures": [{"what": "macro-F1", "on": "x.jsonl", "value": 0.7098, "low": 0.6565, "high": 0.7572}]}
    assert cards.figures(card)["value"].tolist() == ["0.71 (0.66 to 0.76)"]


def test_an_adjudicated_label_settles():
    base = {"paragraph_id": "p", "target": "t"}
    labels = [Label(**base, annotator=name, overall="favor") for name in ("a", "b")]
    assert cards.settled(labels) == {("p", "t"): "favor"}
    assert cards.settled([*labels, Label(**base, annotator="adjudicated", overall="against")]) == {
        ("p", "t"): "against"
    }


def test_shipped_cards_are_read_where_there_are_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "weights" / "small").mkdir(parents=True)
    (tmp_path / "weights" / "base").mkdir()
    (tmp_path / "weights" / "small" / "card.json").write_text(json.dumps({"figures": []}), "utf-8")
    monkeypatch.setattr(cards.resources, "files", lambda package: tmp_path)
    assert cards.shipped() == {"small": {"figures": []}}
    (tmp_path / "weights" / "base" / "card.json").write_text(json.dumps({"figures": []}), "utf-8")
    assert list(cards.shipped()) == ["base", "small"]


@pytest.mark.parametrize(
    ("polarity", "said"),
    [(0.05, "balanced"), (-0.2, "slightly against"), (0.4, "in favour"), (-0.9, "strongly against")],
)
def test_polarity_in_words(polarity, said):
    assert words.stance_word(polarity) == said


def test_counts_with_their_nouns():
    assert [words.counted(1, "story"), words.counted(1204, "story"), words.counted(2, "article")] == [
        "1 story", "1,204 stories", "2 articles",
    ]  # fmt: skip
    assert words.number(-0.5) == "−0.50"
