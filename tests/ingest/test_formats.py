# ruff: noqa: E501 (samples of mark-up are read more easily on one line)
"""Tables, JSON, feeds, PDF and archives: the same article in each of them."""

import gzip
import io
import json
import zipfile
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance.ingest import Columns
from stance.ingest.formats import Format, detect
from stance.ingest.options import ReadOptions
from stance.ingest.rows import flat, known_names, lookup
from stance.paragraphs import split
from stance.records import Article, Reason

from .conftest import LEAD, PROSE, SAMPLES, SECOND, article, rejection

ROW = {
    "title": "Ferry to run all winter", "author": "Mira Holt", "published": "2025-03-01T10:00:00Z", "outlet": "Quay Post",
    "url": "https://quay.example/1", "language": "en", "text": PROSE,
}  # fmt: skip
MOMENT = datetime(2025, 3, 1, 10, tzinfo=UTC)
HTML = f"<p>{LEAD}</p><p>{SECOND}</p>"


def csv_of(row: dict[str, str], delimiter: str = ",") -> str:
    quoted = ('"' + value.replace('"', '""') + '"' for value in row.values())
    return delimiter.join(row) + "\n" + delimiter.join(quoted) + "\n"


def parquet_of(rows: list[dict[str, object]]) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), buffer)
    return buffer.getvalue()


def rss() -> str:
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>Quay Post</title><language>en</language><item><title>Ferry to run all winter</title><link>https://quay.example/1</link>"
        f"<dc:creator>Mira Holt</dc:creator><pubDate>Sat, 01 Mar 2025 10:00:00 GMT</pubDate><description>A teaser.</description>"
        f"<content:encoded><![CDATA[{HTML}]]></content:encoded></item></channel></rss>"
    )


def atom() -> str:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Quay Post</title><entry><title>Ferry to run all winter</title>'
        '<link href="https://quay.example/1"/><author><name>Mira Holt</name></author><published>2025-03-01T10:00:00Z</published>'
        f'<summary>A teaser.</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{HTML}</div></content></entry></feed>'
    )


def json_feed() -> str:
    item = {
        "id": 1,
        "title": ROW["title"],
        "url": ROW["url"],
        "authors": [{"name": "Mira Holt"}],
        "date_published": ROW["published"],
        "content_html": HTML,
    }
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "Quay Post", "language": "en", "items": [item]}
    )


def page() -> str:
    return (
        "<!doctype html><html lang=en><head><title>Ferry to run all winter | Quay Post</title><meta name=author content='Mira Holt'>"
        "<meta property='og:site_name' content='Quay Post'><meta property='article:published_time' content='2025-03-01T10:00:00Z'>"
        f"<link rel=canonical href='https://quay.example/1'></head><body><h1>Ferry to run all winter</h1><div>{HTML}</div></body></html>"
    )


def markdown() -> str:
    head = "\n".join(f'{key}: "{value}"' for key, value in ROW.items() if key != "text")
    return f"---\n{head}\n---\n\n{PROSE}\n"


def zip_of(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("folder/member", data)
    return buffer.getvalue()


def warc_of(*answers: tuple[str, int, bytes]) -> bytes:
    records = []
    for url, status, body in answers:
        http = b"HTTP/1.1 %d X\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Record-ID: <urn:uuid:{len(records)}>\r\n"
            f"WARC-Date: 2026-01-01T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
        )
        records.append(head.encode() + http + b"\r\n\r\n")
    return b"".join(records)


ALL = {
    "jsonl": json.dumps(ROW) + "\n",
    "json": json.dumps([ROW], indent=1),
    "json object": json.dumps({"articles": [ROW, ROW | {"url": "https://quay.example/2"}]}),
    "csv": csv_of(ROW),
    "tsv": csv_of(ROW, "\t"),
    "semicolons": "\ufeff" + csv_of(ROW, ";"),
    "csv in utf-16": csv_of(ROW).encode("utf-16"),
    "jsonl in utf-16": (json.dumps(ROW, ensure_ascii=False) + "\n").encode("utf-16"),
    "html column": json.dumps({key: value for key, value in ROW.items() if key != "text"} | {"html": HTML}) + "\n",
    "html in the text column": json.dumps(ROW | {"text": HTML}) + "\n",
    "list of paragraphs": json.dumps(ROW | {"text": [LEAD, SECOND]}) + "\n",
    "parquet": parquet_of([ROW]),
    "parquet with dates": parquet_of([ROW | {"published": MOMENT}]),
    "rss": rss(),
    "atom": atom(),
    "json feed": json_feed(),
    "page": page(),
    "markdown": markdown(),
    "zip": zip_of(page().encode()),
    "zip in zip": zip_of(zip_of(json.dumps(ROW).encode())),
    "gzip": gzip.compress(rss().encode()),
    "gzip of jsonl in zip": zip_of(gzip.compress((json.dumps(ROW) + "\n").encode())),
    "warc": warc_of(("https://quay.example/1", 200, page().encode())),
    "warc.gz": gzip.compress(warc_of(("https://quay.example/1", 200, page().encode()))),
}


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
