"""Each view through Streamlit's own test runner: no browser, so no drawing, but every widget and every question."""

import json
import re
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from stance.annotate import folder
from stance.dashboard import gate, server
from stance.dashboard.page import READING
from tests.dashboard import fixture

APP = str(Path(server.__file__).with_name("app.py"))
WAIT = 300
"""Seconds that a page may take on a machine that does other things."""


@pytest.fixture(autouse=True)
def _environment(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(server.OUT, str(out))
    for name in (server.EVENTS, gate.LOGIN, gate.PASSWORD):
        monkeypatch.delenv(name, raising=False)


def page(**query: str) -> AppTest:
    test = AppTest.from_file(APP, default_timeout=WAIT)
    for name, value in query.items():
        if name in READING:
            test.query_params[name] = value
        else:  # widgets that are bound to the address
            test.session_state[name] = value
    test.run()
    assert not test.exception
    return test


def said(test: AppTest) -> str:
    """The words on the page, widgets apart."""
    return "\n".join(str(item.value) for kind in ("html", "caption", "info", "error") for item in test.get(kind))


def press(test: AppTest, label: str) -> AppTest:
    next(button for button in test.button if button.label == label).click()
    test.run()
    assert not test.exception
    return test


def test_overview_tells_who_turned_and_leads_to_why():
    test = page()
    assert "<b>Morning Post</b> turned against <b>Government of Nowhere</b>" in said(test)
    assert "Alarm, week from 10 Feb 2025" in said(test)
    assert "error rate" in said(test)
    press(test, "Read why")
    assert test.query_params["source"] == "Morning Post"
    assert test.query_params["order"] == "against"
    text = said(test)
    assert "st-evidence" in text
    assert "<b>Morning Post</b>" in text


def test_a_filter_changes_the_numbers():
    every, one = page(), page(outlet=["The Herald"])
    assert "201 articles" in said(every)
    assert "<b class='st-head'>The Herald</b>" in said(one)
    assert "<b class='st-head'>State Gazette</b>" in said(every)
    assert "<b class='st-head'>State Gazette</b>" not in said(one)


def test_uncorrected_numbers_and_unmeasured_languages_are_marked():
    text = said(page())
    heads = re.findall(r"<b class='st-head'>(.*?)</b>(.*?)</div>", text)
    assert len(heads) == 3 + 4  # targets and outlets
    assert all("uncorrected" in marks for _, marks in heads)
    assert {name for name, marks in heads if "ru: error not measured" in marks} == {
        "Toward Government of Nowhere", "Toward Protesters", "Toward Russia", "Новости Востока",
    }  # fmt: skip
    assert "ru: error not measured" not in said(page(lang=["en"]))


def test_nothing_chosen_is_said_and_not_drawn():
    assert "No article matches" in said(page(lang=["ru"], outlet=["Morning Post"]))


def test_read_steps_through_paragraphs():
    test = page(view="Read", source="The Herald")
    first = said(test)
    press(test, "Next")
    assert test.query_params["hit"] == "2"
    assert said(test) != first
    press(test, "Show all paragraphs")
    assert "source" not in test.query_params


@pytest.mark.parametrize(
    "query", [{"hit": "x"}, {"hit": "-3"}, {"start": "never"}, {"order": "; DROP TABLE"}, {"source": "../../etc"}]
)
def test_a_strange_address_opens_the_view_all_the_same(query):
    assert "Stance toward" in said(page(view="Read", **query))


def test_hostile_text_is_escaped_on_the_page():
    text = said(page(view="Read", source="Morning Post", start="2025-03-09", order="newest"))
    assert "<script>" not in text
    assert "<img" not in text
    assert "javascript:alert(1)'" not in text


def test_voices_are_listed_for_and_against():
    test = page(view="Voices")
    assert len(test.dataframe) == 2
    assert test.dataframe[0].value["against"].gt(0).all()


@pytest.mark.parametrize("kind", ["outlets", "periods", "event", "events"])
def test_compare_says_how_far_two_sides_lie_apart(kind):
    text = said(page(view="Compare", compare=kind))
    assert "Difference" in text
    assert "more than chance allows" in text or kind in ("outlets", "events")


def test_two_sides_that_are_the_same_are_not_compared():
    assert "Both sides are the same" in said(page(view="Compare", compare="events", event1=1))


def test_articles_that_never_mention_the_target_can_be_read():
    text = said(page(view="Read", target="protesters", absent="1"))
    assert "<b>1 article</b> never mention Protesters" in text
    assert "&lt;script&gt;window.pwned=1" in text
    assert "Every article here mentions it" in said(page(view="Read", target="government", absent="1"))


def test_quality_shows_rejections_feeds_and_runs():
    test = page(view="Quality")
    assert "4 inputs did not become articles" in said(test)
    assert len(test.dataframe) >= 3


def test_a_label_is_saved_at_once_and_found_after_a_restart(tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch):
    copy = tmp_path / "out"
    shutil.copytree(out, copy)
    monkeypatch.setenv(server.OUT, str(copy))
    test = page(view="Label", annotator="eve")
    first = folder.sample(copy / "labels")[0]
    press(test, "Against")
    (label,) = [label for label in folder.labels(copy / "labels") if label.annotator == "eve"]
    assert (label.key, label.overall) == (first.key, "against")
    again = page(view="Label", annotator="eve")
    assert first.text[:20] not in said(again)
    assert "1 of" in again.get("progress")[0].proto.text


def test_labels_lie_where_the_run_was_told(tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch):
    copy, people = tmp_path / "out", tmp_path / "people"
    shutil.copytree(out, copy)
    (copy / "labels").rename(people)
    record = json.loads((copy / "runs" / "run-2.json").read_text("utf-8"))
    record["config"]["labels"] = str(people)
    (copy / "runs" / "run-2.json").write_text(json.dumps(record), "utf-8")
    monkeypatch.setenv(server.OUT, str(copy))
    press(page(view="Label", annotator="eve"), "Against")
    assert [label.annotator for label in folder.labels(people)].count("eve") == 1
    assert not (copy / "labels").exists()


def test_agreement_of_two_annotators_is_shown():
    assert page(view="Label").dataframe[0].value["alpha"].notna().any()


def test_an_annotator_cannot_leave_the_folder(tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch):
    copy = tmp_path / "deep" / "out"
    shutil.copytree(out, copy)
    monkeypatch.setenv(server.OUT, str(copy))
    press(page(view="Label", annotator="../../../evil"), "Neutral")
    outside = [path for path in tmp_path.rglob("*evil*") if not path.is_relative_to(copy / "labels" / "by")]
    assert outside == []


def test_no_output_is_an_error_made_on_purpose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(server.OUT, str(tmp_path))
    test = page()
    assert test.error[0].value == "The output cannot be shown."
    assert "stance run" in said(test)


def test_an_output_without_targets_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    rows = {table: found for table, found in fixture.rows().items() if table in ("articles", "paragraphs")}
    fixture.write(tmp_path, rows, "run-1")
    monkeypatch.setenv(server.OUT, str(tmp_path))
    assert "No paragraph here names a target" in said(page())


def test_a_password_is_asked_for_and_checked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(gate.PASSWORD, gate.digest("correct horse"))
    monkeypatch.setattr(gate, "DELAY", 0)
    test = page(view="Quality")
    assert not test.dataframe
    test.text_input[0].set_value("wrong horse")
    press(test, "Open")
    assert "not the password" in said(test)
    test.text_input[0].set_value("correct horse")
    press(test, "Open")
    assert test.dataframe
