# ruff: noqa: E501 (samples of mark-up are read more easily on one line)
"""Characters, encodings and paragraphs of text without mark-up."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.ingest.clean import clean_line, clean_text, join_lines, tidy_spaces
from stance.ingest.decode import choose_encoding, decode, repair_mojibake
from stance.ingest.drafts import Draft
from stance.ingest.heads import take_head
from stance.ingest.plain import plain_pieces, vocabulary_of

from .conftest import LEAD, PROSE, SECOND

RUSSIAN = "Правительство сообщило, что протестующие покинули площадь, а Россия не ответила на просьбу о помощи. " * 3
FRENCH = "Le préfet a déclaré que la situation était maîtrisée ; l’opposition, elle, s’inquiète déjà. " * 3


def texts(text: str) -> list[str]:
    return [piece.text for piece in plain_pieces(text)]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("co\u00adop\u200berate\ufeff", "cooperate"),
        ("e\u0301te\u0301", "été"),
        ("The o\ufb03ce \ufb01led it", "The office filed it"),
        ("\u202aleft\u202c\u200f", "left"),
        ("a\u0000b\u0007c\u0085d", "abc\nd"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("Tom &amp; Jerry &#8217;s &quot;x&quot;", 'Tom & Jerry ’s "x"'),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("zero\u200cwidth", "zerowidth"),
        ("x\ud800y", "x\ufffdy"),
    ],
)
def test_characters_that_are_not_the_text_go(raw, clean):
    assert clean_text(raw) == clean


@given(st.text())
def test_cleaning_is_stable_and_gives_nfc_without_control_characters(text):
    once = clean_text(text)
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t" for character in once)
    assert clean_line(once) == clean_line(text)


@given(st.text())
def test_tidy_text_has_no_blank_lines_and_no_spaces_at_ends(text):
    lines = tidy_spaces(clean_text(text)).split("\n")
    assert lines == [""] or all(line and line == line.strip() for line in lines)


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["the govern-", "ment said"], "the government said"),
        (["a self-", "made man"], "a self-made man"),
        (["the vice-", "President"], "the vice-President"),
        (["in mid-", "January"], "in mid-January"),
        (["from 2019-", "2024"], "from 2019-2024"),
        (["a well", "of water"], "a well of water"),
    ],
)
def test_words_broken_over_lines_are_mended(lines, joined):
    assert join_lines(lines) == joined


def test_the_document_decides_whether_a_hyphen_stays():
    assert join_lines(["a co-", "operative"], vocabulary_of(["the co-operative"])) == "a co-operative"
    assert join_lines(["a non-", "sense"], vocabulary_of(["nonsense"])) == "a nonsense"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251", "koi8-r"]
)
def test_russian_is_read_in_any_of_its_encodings(encoding):
    assert decode(RUSSIAN.encode(encoding)) == RUSSIAN


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_french_is_read_in_any_of_its_encodings(encoding):
    assert decode(FRENCH.encode(encoding)) == FRENCH


@pytest.mark.parametrize(
    ("declared", "actual"),
    [
        ("utf-8", "cp1252"),
        ("iso-8859-1", "utf-8"),
        ("windows-1251", "utf-8"),
        ("koi8-r", "utf-8"),
        ("x-unknown", "cp1252"),
        ("hex", "utf-8"),
    ],
)
def test_a_wrong_declaration_is_seen_through(declared, actual):
    page = f'<html><head><meta charset="{declared}"></head><body>{FRENCH}</body></html>'
    assert FRENCH in decode(page.encode(actual))


def test_latin_declared_for_cyrillic_is_detected():
    page = f'<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">{RUSSIAN}'
    assert RUSSIAN in decode(page.encode("cp1251"))


def test_a_right_declaration_is_believed_where_bytes_are_ambiguous():
    czech = "Vláda řekla, že demonstranti odešli z náměstí. "
    assert decode(f'<?xml version="1.0" encoding="iso-8859-2"?><a>{czech}</a>'.encode("iso-8859-2")).count(czech) == 1


def test_text_read_wrongly_before_it_was_written_is_recovered():
    broken = "It’s “fine” – naïve café".encode().decode("cp1252", "stance_1252")
    assert repair_mojibake(broken) == "It’s “fine” – naïve café"
    assert decode(broken.encode()) == "It’s “fine” – naïve café"
    assert repair_mojibake("Ã la carte, ’tis") == "Ã la carte, ’tis"


@given(st.binary(max_size=400))
def test_any_bytes_are_decoded(data):
    assert isinstance(decode(data), str)
    "".encode(choose_encoding(data))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff\0"), min_size=4))
def test_utf8_comes_back_unless_it_was_broken_before(text):
    decoded = decode(text.encode())
    assert decoded in (text, repair_mojibake(text)) or not text.isascii()


def test_blank_lines_part_paragraphs():
    assert texts(PROSE) == [LEAD, SECOND]


def test_windows_line_ends_and_a_mark_are_no_part_of_the_text():
    assert texts(("\ufeff" + PROSE).replace("\n", "\r\n")) == [LEAD, SECOND]


def test_long_lines_are_paragraphs_each():
    assert texts(f"{LEAD}\n{SECOND}\n{LEAD}") == [LEAD, SECOND, LEAD]


def test_indentation_parts_wrapped_paragraphs():
    wrapped = "    One begins here and\ngoes on to this line.\n    Two begins here and\nends on this line."
    assert texts(wrapped) == ["One begins here and goes on to this line.", "Two begins here and ends on this line."]


def test_a_wrapped_text_without_blank_lines_ends_paragraphs_on_lines_with_room():
    wrapped = "The council voted on Tuesday to\nkeep the ferry.\nNobody on the quay seemed to be\nsurprised at it."
    assert texts(wrapped) == [
        "The council voted on Tuesday to keep the ferry.",
        "Nobody on the quay seemed to be surprised at it.",
    ]


def test_a_sentence_broken_by_a_blank_line_is_mended():
    assert texts(f"The council voted to\n\nkeep the ferry.\n\n{SECOND}") == [
        "The council voted to keep the ferry.",
        SECOND,
    ]


def test_lists_are_kept_whole_without_their_bullets():
    text = f"{LEAD}\n\n- The first point is a sentence of its own.\n- The second is one as well,\n  on two lines.\n\n{SECOND}"
    assert texts(text)[1] == "The first point is a sentence of its own.\nThe second is one as well, on two lines."


@given(st.lists(st.text(st.characters(categories=["L"]), min_size=1, max_size=12), min_size=1, max_size=60))
def test_no_word_is_lost(words):
    text = clean_text(" ".join(words) + ".")
    assert " ".join(texts(text)).split() == text.split()


def test_title_byline_and_date_above_a_text_become_fields():
    text = f"Ferry to run all winter\n\nBy Mira Holt in Port Ansel\n\n12 March 2024, 10:40\n\n{PROSE}"
    draft = take_head(Draft(source="x", pieces=tuple(plain_pieces(text))))
    assert (draft.title, draft.author, draft.published) == (
        "Ferry to run all winter",
        "Mira Holt",
        "12 March 2024, 10:40",
    )


def test_a_text_that_begins_with_a_sentence_has_no_title():
    draft = take_head(Draft(source="x", pieces=tuple(plain_pieces(PROSE))))
    assert draft.title == ""
    assert len(draft.pieces) == 2
