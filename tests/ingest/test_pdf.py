"""PDF with a text layer: paragraphs by place, running heads out, words mended."""

import pytest

from stance.ingest import pdf as reader
from stance.paragraphs import split
from stance.records import Reason

from .conftest import article, rejection
from .made import pdf

LINES_A = [
    "The council voted on Tuesday to keep the",
    "ferry, which the company had asked it to",
    "stop at the end of the month.",
]
LINES_B = ["Nobody on the quay seemed to be sur-", "prised at it, and the crews went on with", "their work."]
WHOLE_A, WHOLE_B = (
    " ".join(LINES_A),
    "Nobody on the quay seemed to be surprised at it, and the crews went on with their work.",
)


def column(top: float, lines: list[str], indent: float = 0) -> list[tuple[float, float, float, str]]:
    return [(50 + (indent if number == 0 else 0), top - 14 * number, 11, line) for number, line in enumerate(lines)]


@pytest.mark.parametrize("indent", [0, 15])
def test_paragraphs_begin_at_gaps_and_indents(read_bytes, indent):
    second = 500 - 14 * len(LINES_A) - (0 if indent else 12)
    data = pdf(
        [(50, 550, 18, "Ferry to run all winter"), *column(500, LINES_A, indent), *column(second, LINES_B, indent)]
    )
    item = article(read_bytes(data, min_words=5))
    assert item.title == "Ferry to run all winter"
    assert [paragraph.text for paragraph in split(item)] == [WHOLE_A, WHOLE_B]


def test_running_heads_and_page_numbers_are_no_text_and_paragraphs_go_on_over_pages(read_bytes):
    pages = []
    for number, lines in enumerate((LINES_A, LINES_B[:2], LINES_B[2:]), 1):
        pages.append([(50, 580, 9, f"Quay Post, page {number} of 3"), *column(500, lines), (200, 20, 9, str(number))])
    item = article(read_bytes(pdf(*pages), min_words=5))
    assert "Quay Post" not in item.body
    assert [paragraph.text for paragraph in split(item)] == [WHOLE_A, WHOLE_B]


def test_a_pdf_without_text_is_rejected(read_bytes):
    assert rejection(read_bytes(pdf([]))).reason is Reason.NO_TEXT


def test_the_date_of_the_file_is_not_the_date_of_the_article(read_bytes):
    data = pdf(column(500, LINES_A), info="<< /CreationDate (D:20260101000000Z) /Author (M. Holt) >>")
    item = article(read_bytes(data, min_words=5))
    assert item.published is None
    assert item.author == "M. Holt"


def test_letters_without_height_are_no_crash(read_bytes, monkeypatch):
    """Damaged fonts have them; two lines of them in a row were once compared with no line at all."""
    flat = [reader._Line(0, line, 50, 200, 100 + 14 * place, 0) for place, line in enumerate(LINES_A)]
    monkeypatch.setattr(reader, "_lines", lambda *_: flat)
    assert [paragraph.text for paragraph in split(article(read_bytes(pdf([]), min_words=5)))] == [WHOLE_A]
