import csv
import io
import json
import re
from xml.etree import ElementTree

import pytest

from stance.annotate import folder, label_studio, spreadsheet
from stance.annotate.labelling import human, read
from stance.annotate.records import ADJUDICATED, Label
from stance.errors import ShardError
from tests.annotate.items import drawn, label

SAMPLE = [drawn(1), drawn(2), drawn(3, "protesters"), drawn(4)]


def filled(text: str, answers: dict[str, dict[str, str]]) -> str:
    """The CSV as somebody filled it in: answers by paragraph id."""
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(row | answers.get(row["paragraph_id"], {}) for row in rows)
    return out.getvalue()


def test_spreadsheet_hides_the_model_unless_asked():
    assert "against" not in spreadsheet.to_csv(SAMPLE)
    assert "against,0.7,0.2,0.1" in spreadsheet.to_csv(SAMPLE, show_model=True)


def test_spreadsheet_disarms_formulas_and_keeps_other_text():
    text = spreadsheet.to_csv([drawn(1, text="=HYPERLINK(1)"), drawn(2)])
    cells = [row["text"] for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))]
    assert cells == ["'=HYPERLINK(1)", drawn(2).text]
    assert text.startswith("\ufeff")


def test_read_takes_a_filled_spreadsheet(tmp_path):
    answers = {
        "p1": {"overall": "Against", "author": "neutral", "reported": "the minister: favor; a striker: against"},
        "p3": {"overall": "absent", "annotator": "bob"},
    }
    file = tmp_path / "labels.csv"
    file.write_text(filled(spreadsheet.to_csv(SAMPLE), answers), "utf-8")
    added = read(file, SAMPLE, annotator="ann", time="2025-03-01")
    assert added.labels == (
        label(
            1,
            "against",
            author="neutral",
            reported=(("the minister", "favor"), ("a striker", "against")),
            time="2025-03-01",
        ),
        label(3, "absent", "bob", "protesters", time="2025-03-01"),
    )
    assert added.unlabelled == 2
    assert added.by_annotator == {"ann": 1, "bob": 1}


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_read_takes_what_other_spreadsheets_save(tmp_path, delimiter):
    file = tmp_path / "labels.csv"
    file.write_text(
        f"paragraph_id{delimiter}target{delimiter}overall\np1{delimiter}government{delimiter}favor\n", "utf-8-sig"
    )
    assert read(file, SAMPLE, annotator="ann").labels == (label(1, "favor"),)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("p1,government,agianst,,ann", "2: overall: expected against, neutral, favor or absent, got 'agianst'"),
        ("p1,russia,favor,,ann", "2: paragraph p1 was not drawn for target 'russia'"),
        ("p9,government,favor,,ann", "2: paragraph 'p9' is not in the sample"),
        ("p1,government,favor,,", "2: the annotator has no name"),
        ("p1,government,favor,they liked it,ann", "2: reported: expected 'speaker: against|neutral|favor'"),
    ],
)
def test_read_names_wrong_rows_and_keeps_nothing(tmp_path, row, problem):
    file = tmp_path / "labels.csv"
    file.write_text(f"paragraph_id,target,overall,reported,annotator\n{row}\np2,government,favor,,ann\n", "utf-8")
    with pytest.raises(ShardError, match=re.escape(problem)):
        read(file, SAMPLE)


def test_read_names_missing_columns_and_bad_bytes(tmp_path):
    file = tmp_path / "labels.csv"
    file.write_text("id,stance\n1,favor\n", "utf-8")
    with pytest.raises(ShardError, match="overall, paragraph_id, target missing"):
        read(file, SAMPLE)
    file.write_bytes("paragraph_id,target,overall\np1,government,favor,é".encode("latin-1"))
    with pytest.raises(ShardError, match="save it as CSV UTF-8"):
        read(file, SAMPLE)


def test_label_studio_screen_asks_what_tasks_hold():
    screen = ElementTree.fromstring(label_studio.SCREEN)
    data = label_studio.to_tasks(SAMPLE)[0]["data"]
    assert set(re.findall(r"\$(\w+)", label_studio.SCREEN)) <= set(data)
    assert [choices.get("name") for choices in screen.iter("Choices")] == ["overall", "author"]
    assert label_studio.to_tasks(SAMPLE)[0]["predictions"] == []


def test_label_studio_predictions_fit_the_screen():
    task = label_studio.to_tasks(SAMPLE, show_model=True)[0]
    (result,) = task["predictions"][0]["result"]
    assert result["value"] == {"choices": ["against"]}
    assert (result["from_name"], result["to_name"]) == ("overall", "text")


def answer(name: str, kind: str, *values: str) -> dict[str, object]:
    return {"from_name": name, "to_name": "text", "type": kind, "value": {kind: list(values)}}


def test_read_takes_label_studios_export(tmp_path):
    tasks = label_studio.to_tasks(SAMPLE)
    tasks[0]["annotations"] = [
        {
            "completed_by": {"id": 7, "email": "eva@example.org"},
            "created_at": "2025-03-02T10:00:00Z",
            "result": [
                answer("overall", "choices", "favor"),
                answer("author", "choices", "neutral"),
                answer("reported", "text", "the minister: favor\na striker: against"),
            ],
        },
        {"completed_by": 8, "was_cancelled": True, "result": []},
    ]
    tasks[1]["annotations"] = [{"completed_by": 8, "result": [answer("overall", "choices", "against")]}]
    file = tmp_path / "export.json"
    file.write_text(json.dumps(tasks), "utf-8")
    first, second = read(file, SAMPLE).labels
    assert first.annotator == "eva@example.org"
    assert first.reported == (("the minister", "favor"), ("a striker", "against"))
    assert (first.author, first.time) == ("neutral", "2025-03-02T10:00:00Z")
    assert second == label(2, "against", "8")


def test_read_refuses_what_is_no_export(tmp_path):
    file = tmp_path / "export.json"
    file.write_text("{", "utf-8")
    with pytest.raises(ShardError, match="expected Label Studio's JSON export"):
        read(file, SAMPLE)
    file.write_text(json.dumps([{"data": {"target": "government"}, "annotations": [{"result": []}]}]), "utf-8")
    with pytest.raises(ShardError, match=r"export\.json:1: the task's data has no 'paragraph_id'"):
        read(file, SAMPLE)


def test_folder_gives_back_what_it_was_given(tmp_path):
    labels = [
        label(1, "favor", reported=(("a, b", "against"),)),
        label(2, "absent", "Б. Annotator/2"),
        label(3, "neutral", reported=()),
    ]
    assert folder.sample(tmp_path) == folder.labels(tmp_path) == []
    folder.write_sample(tmp_path, SAMPLE)
    folder.add(tmp_path, labels)
    assert folder.sample(tmp_path) == SAMPLE
    assert sorted(folder.labels(tmp_path), key=lambda item: item.key) == labels


def test_folder_later_labels_of_one_annotator_win(tmp_path):
    folder.append(tmp_path, label(1, "favor"))
    folder.append(tmp_path, label(1, "favor", "bob"))
    folder.append(tmp_path, label(1, "against"))
    assert folder.labels(tmp_path) == [label(1, "against"), label(1, "favor", "bob")]


def test_folder_names_the_line_that_is_wrong(tmp_path):
    folder.append(tmp_path, label(1, "favor"))
    file = tmp_path / "by" / "ann.jsonl"
    file.write_text(file.read_text("utf-8") + "{\n", "utf-8")
    with pytest.raises(ShardError, match=r"ann\.jsonl:2: expected one JSON object"):
        folder.labels(tmp_path)
    file.write_text(json.dumps({"paragraph_id": "p1", "target": "x", "annotator": "ann", "overall": "maybe"}), "utf-8")
    with pytest.raises(ShardError, match=r"ann\.jsonl:1: overall: expected"):
        folder.labels(tmp_path)


def test_human_takes_annotators_together():
    found = human(
        SAMPLE, [label(1, "favor", author="favor", reported=()), label(1, "against", "bob"), label(2, "absent")]
    )
    row = found.set_index("paragraph_id").loc["p1"]
    assert row[["overall_against", "overall_neutral", "overall_favor"]].tolist() == [0.5, 0, 0.5]
    assert row["author_favor"] == 1
    assert row[["author_present", "reported_present", "annotators"]].tolist() == [1, 0, 2]
    gone = found.set_index("paragraph_id").loc["p2"]
    assert gone[["overall_present", "author_present", "reported_present"]].tolist() == [0, 0, 0]
    assert len(found) == 2


def test_human_an_adjudicated_label_stands_alone():
    found = human(SAMPLE, [label(1, "favor"), label(1, "neutral", ADJUDICATED), label(1, "against", "bob")])
    assert found["overall_neutral"].tolist() == [1]
    assert found["annotators"].tolist() == [1]


@pytest.mark.parametrize(
    ("speakers", "stance"),
    [
        ((), ""),
        ((("a", "favor"),), "favor"),
        ((("a", "favor"), ("b", "against")), "neutral"),
        ((("a", "favor"), ("b", "against"), ("c", "against")), "against"),
    ],
)
def test_label_voices_is_the_larger_side(speakers, stance):
    assert Label(paragraph_id="p", target="t", annotator="a", overall="neutral", reported=speakers).voices == stance


def test_folder_keeps_texts_with_line_separators_of_their_own(tmp_path):
    note = "one\u2028two\x85three"
    folder.write_sample(tmp_path, [drawn(1, text=note)])
    folder.add(tmp_path, [label(1, "favor", note=note)])
    assert folder.sample(tmp_path)[0].text == note
    assert folder.labels(tmp_path)[0].note == note
