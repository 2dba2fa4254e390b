# ruff: noqa: E501 (samples of mark-up are read more easily on one line)
"""Tables, JSON, feeds, PDF and archives: the same article in each of them."""

import io
import json
import zipfile

import pytest

from stance.ingest import Columns
from stance.ingest.formats import Format, detect
from stance.ingest.options import ReadOptions
from stance.ingest.rows import flat, known_names, lookup
from stance.paragraphs import split
from stance.records import Article, Reason

from .conftest import LEAD, PROSE, SAMPLES, SECOND, article, rejection
from .made import ALL, MOMENT, ROW, csv_of, page, rss, warc_of, zip_of


@pytest.mark.parametrize("data", ALL.values(), ids=ALL.keys())
def test_one_article_is_the_same_in_every_format(read_bytes, data):
    item = read_bytes(data, "named.wrongly")[0]
    assert isinstance(item, Article), item
    assert (item.title, item.author, item.published, item.outlet, item.url, item.language) == (
        ROW["title"], ROW["author"], MOMENT, ROW["outlet"], ROW["url"], "en",
    )  # fmt: skip
    assert [paragraph.text for paragraph in split(item)] == [LEAD, SECOND]


@pytest.mark.parametrize(
    ("data", "form"),
    [
        ("Just a text, with commas, and more.", Format.TEXT),
        ("[Photo: a harbour]\n\nThe text.", Format.TEXT),
        ("# Title\n\nText.", Format.MARKDOWN),
        ("--- not front matter\n\ntext", Format.TEXT),
        ('{"text": "x"}\n{"text": "y"}', Format.JSONL),
        ('{\n "text": "x"\n}', Format.JSON),
        ("First paragraph.<br><br>Second paragraph.<br><br>Third.<br>", Format.HTML),
        ("<!-- saved from url --><html><p>x</p></html>", Format.HTML),
        ("<?xml version='1.0'?><!DOCTYPE html><html><body/></html>", Format.HTML),
        ("url,title,text\n1,2,3", Format.CSV),
        ("Title: a thing of beauty\n\nIt is a joy for ever.", Format.TEXT),
    ],
)  # fmt: skip
def test_formats_are_told_by_content(data, form):
    assert detect(data.encode(), known_names(Columns())).format is form


def test_a_format_can_be_forced(read_bytes):
    assert "<!doctype" in read_bytes(page(), from_format="text")[0].body
    assert {item.reason for item in read_bytes(PROSE, from_format="jsonl")} == {Reason.MALFORMED}
    assert isinstance(read_bytes(zip_of(page().encode()), from_format="html")[0], Article)


def test_columns_can_be_named(read_bytes):
    table = csv_of({"Schlagzeile": "Ferry", "Inhalt": PROSE, "Datum": "01.03.2025"})
    columns = {"title": ["schlagzeile"], "text": ["inhalt"], "published": ["datum"]}
    item = article(read_bytes(table, columns=columns))
    assert (item.title, f"{item.published:%F}") == ("Ferry", "2025-03-01")


def test_nested_keys_are_reached_and_lists_joined():
    row = {"Meta": {"Author": [{"name": "A"}, "B", None, {"x": 1}]}, "n": 3.0, "flag": True}
    assert flat(lookup(row, ("none", "meta.author"))) == "A, B"
    assert flat(lookup(row, ("n",))) == "3"
    assert flat(lookup(row, ("flag",))) == ""


def test_a_row_without_text_names_what_was_expected(read_bytes):
    bad, good = read_bytes(json.dumps({"headline": "x"}) + "\n" + json.dumps(ROW) + "\n", "x.jsonl")
    assert (bad.reason, bad.line) == (Reason.MISSING_FIELD, 1)
    assert "headline" in bad.detail
    assert isinstance(good, Article)


def test_an_index_names_files_in_its_own_folder_only(tmp_path, read_bytes):
    (tmp_path / "a.txt").write_text(f"A first line\n\n{PROSE}")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/b.html").write_text(page())
    (tmp_path.parent / "outside.txt").write_text(PROSE)
    index = "file,title,outlet,published\na.txt,Its title,One,2025-03-01\nsub/b.html,,Two,\n../outside.txt,,,\nnone.txt,,,\n"
    found = read_bytes(index, "index.csv")
    assert [(item.title, item.outlet) for item in found if isinstance(item, Article)] == [
        ("Its title", "One"),
        ("Ferry to run all winter", "Two"),
    ]
    assert [item.reason for item in found if not isinstance(item, Article)] == [Reason.UNSAFE_PATH, Reason.UNREADABLE]


def test_labelled_rows_are_not_taken_for_news(read_bytes):
    gold = (SAMPLES.parent / "gold/samples/gold_A.jsonl").read_bytes()
    assert rejection(read_bytes(gold)).reason is Reason.UNSUPPORTED_FORMAT


def test_a_teaser_is_read_only_where_there_is_nothing_longer(read_bytes):
    teaser = (
        rss()
        .replace("<content:encoded>", "<!--")
        .replace("</content:encoded>", "-->")
        .replace("A teaser.", PROSE.replace("\n\n", "&lt;br&gt;&lt;br&gt;"))
    )
    assert [paragraph.text for paragraph in split(article(read_bytes(teaser)))] == [LEAD, SECOND]


def test_a_web_archive_yields_pages_and_says_what_else_it_holds(read_bytes):
    data = warc_of(
        ("https://quay.example/1", 200, page().encode()),
        ("https://quay.example/2", 404, b"gone"),
        ("https://quay.example/3", 200, b"\x89PNG\r\n"),
    )
    found = read_bytes(data)
    assert [getattr(item, "reason", None) for item in found] == [None, Reason.FETCH_FAILED, Reason.UNSUPPORTED_FORMAT]
    assert found[0].source.endswith("!https://quay.example/1")


def test_office_files_are_named_as_what_they_are(read_bytes):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", PROSE)
    found = rejection(read_bytes(buffer.getvalue(), "x.docx"))
    assert (found.reason, "office" in found.detail) == (Reason.UNSUPPORTED_FORMAT, True)


def test_a_walk_passes_over_what_is_ignored_and_sorts_the_rest(tmp_path):
    from stance.ingest import discover

    for name in ("b.txt", "a.txt", "README.md", ".hidden", ".git/config", "LICENSE"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(PROSE)
    found = discover([str(tmp_path), str(tmp_path / "a.txt"), str(tmp_path / "*.txt")], ReadOptions())
    assert [ref.path.rsplit("/", 1)[1] for ref in found.refs] == ["a.txt", "b.txt"]
    assert found.rejections == ()


def test_the_digest_of_an_index_covers_the_files_it_names(tmp_path):
    from stance.ingest import discover

    (tmp_path / "a.txt").write_text(PROSE)
    (tmp_path / "index.csv").write_text("file,title\na.txt,x\n")
    (ref,) = discover([str(tmp_path)], ReadOptions()).refs
    before = ref.digest()
    (tmp_path / "a.txt").write_text(PROSE + " More.")
    assert ref.digest() != before
