"""Reading both labelled formats, and refusing bad rows by line."""

import json
from pathlib import Path

import pytest

from stance.errors import ShardError
from stance.labelled import LabelledTarget, Speaker, parse_row, read_labelled
from stance.records import Sentiment, Span, Stance
from tests.rows import CODEBOOK, TARGETED


def test_codebook_row() -> None:
    row = parse_row(CODEBOOK, 7)
    government, protesters = row.targets
    assert (row.line, row.id, row.tone, row.codebook) == (7, "t-1", Sentiment.NEGATIVE, True)
    assert [row.text[a:b] for a, b in government.spans] == ["Police", "Colonel Bek", "the minister"]
    assert government.reported is Stance.AGAINST
    assert protesters.reported is Stance.NEUTRAL


def test_targeted_row() -> None:
    row = parse_row(TARGETED, 1)
    assert row.targets == (LabelledTarget(name="Ann", spans=(Span(0, 3),), overall=Stance.FAVOR),)
    assert row.targets[0].reported is None


def test_every_occurrence_of_a_mention_counts() -> None:
    raw = json.loads(CODEBOOK)
    raw["text"] += " Police left."
    assert len(parse_row(json.dumps(raw), 1).targets[0].spans) == 4


@pytest.mark.parametrize(
    ("stances", "side"),
    [
        (["favor", "against", "favor"], Stance.FAVOR),
        (["neutral", "against"], Stance.AGAINST),
        (["neutral"], Stance.NEUTRAL),
    ],
)
def test_reported_is_the_larger_side(stances: list[str], side: Stance) -> None:
    speakers = tuple(Speaker(name="x", stance=Stance(stance)) for stance in stances)
    assert LabelledTarget(name="t", spans=(), overall=Stance.NEUTRAL, speakers=speakers).reported is side


def changed(raw: str, **fields: object) -> str:
    return json.dumps(json.loads(raw) | fields)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "2: Expecting"),
        ("[]", "expected an object"),
        ('{"text": "x"}', "expected 'targets'"),
        (changed(TARGETED, targets=[{"name": "Ann", "spans": [[0, 99]], "label": 2}]), r"got \[0, 99\)"),
        (changed(TARGETED, targets=[{"name": "Ann", "spans": [[0, 3]], "label": 3}]), "label must be 0, 1 or 2, got 3"),
        (changed(TARGETED, targets=[{"name": "Ann", "spans": [[0, 3]]}]), "field 'label' is missing"),
        (changed(CODEBOOK, unrated=[{"target": "x", "mentions": ["nowhere"]}]), "'nowhere' does not stand in the text"),
        (changed(CODEBOOK, unrated=[{"target": "x"}]), "field 'mentions' is missing"),
        (changed(CODEBOOK, text="No one is here."), "mention 'Police' does not stand in the text"),
        (changed(CODEBOOK, tone="sad"), "'sad' is not a valid Sentiment"),
        (
            CODEBOOK.replace('"speaker": "the union", "stance": "against"', '"speaker": "Zed", "stance": "against"'),
            "Zed",
        ),
    ],
)
def test_bad_row_is_refused_with_its_line(line: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(f"{TARGETED}\n{line}\n")
    with pytest.raises(ShardError, match=words) as caught:
        read_labelled(file)
    assert f"{file}:2: " in str(caught.value)


def test_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ShardError, match="cannot be read"):
        read_labelled(tmp_path / "none.jsonl")


def test_byte_order_mark_and_blank_lines(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(f"\ufeff{TARGETED}\n\n{CODEBOOK}\n", encoding="utf-8")
    assert [row.line for row in read_labelled(file)] == [1, 3]


def test_line_separators_in_a_text_part_no_rows(tmp_path: Path) -> None:
    row = json.loads(TARGETED)
    row["text"] += "\u2028\x85"
    file = tmp_path / "rows.jsonl"
    file.write_bytes(f"{json.dumps(row, ensure_ascii=False)}\r\n".encode())
    assert [found.text for found in read_labelled(file)] == [row["text"]]
