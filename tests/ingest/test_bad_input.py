# ruff: noqa: E501 (samples of mark-up are read more easily on one line)
"""Whatever is wrong with an input, it becomes articles or rejections, in bounded memory and without leaving its place."""

import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest

from stance.ingest import ReadOptions
from stance.ingest.archives import is_unsafe
from stance.paragraphs import split
from stance.records import Article, Reason, Rejection

from .conftest import LEAD, PROSE, SECOND, article, read_paths, rejection

MEBI = 1 << 20


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.EMPTY),
        (b" \n\t\n", Reason.EMPTY),
        (b"\xa0", Reason.EMPTY),
        (b"\xef\xbb\xbf", Reason.EMPTY),
        (b"\xff\xfe", Reason.EMPTY),
        ("\u3000\n\u2003".encode(), Reason.EMPTY),
        (bytes(range(256)) * 40, Reason.BINARY),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, Reason.UNSUPPORTED_FORMAT),
        (b"\xff\xd8\xff\xe0" + b"x" * 100, Reason.UNSUPPORTED_FORMAT),
        (b"MZ\x90\0" + b"\0" * 100, Reason.UNSUPPORTED_FORMAT),
        (b"<?xml version='1.0'?><sitemap><loc>x</loc></sitemap>", Reason.UNSUPPORTED_FORMAT),
        (b"version: 1\ntargets:\n  - id: a\n    name: b\n    aliases: [c]\n", Reason.UNSUPPORTED_FORMAT),
        (b"%PDF-1.7 and then nothing of the kind", Reason.MALFORMED),
        (b"PAR1 and no table", Reason.MALFORMED),
        (b"PK\x03\x04 and no archive", Reason.MALFORMED),
        (b"\x1f\x8b\x08 and no stream", Reason.MALFORMED),
        (b"title,text\n", Reason.EMPTY),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": 3}', Reason.MALFORMED),
        (b"<rss version='2.0'><channel><title>x</title></channel></rss>", Reason.EMPTY),
        (b"Only five words of text.", Reason.TOO_SHORT),
    ],
)
def test_what_is_no_news_is_rejected_with_its_reason(read_bytes, data, reason):
    assert rejection(read_bytes(data)).reason is reason


def test_a_document_over_the_limit_is_rejected_without_being_read(read_bytes):
    assert rejection(read_bytes(PROSE * 10, max_document_bytes=1000)).reason is Reason.TOO_LARGE


def test_one_gigabyte_is_read_in_bounded_memory(tmp_path):
    """A sparse file of 1 GB: a text is refused at the limit, one line of JSON too, and the line after it is still read."""
    text, lines = tmp_path / "big.txt", tmp_path / "big.jsonl"
    for path, head in ((text, b"A title\n\n"), (lines, b'{"text": "')):
        with path.open("wb") as stream:
            stream.write(head + b"word " * 20_000)
            stream.truncate(1_000_000_000)
            stream.seek(0, os.SEEK_END)
            stream.write(b"\n" + json.dumps({"text": PROSE}).encode() + b"\n")
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from stance.ingest import discover, read, ReadOptions\n"
        "for path in sys.argv[1:]:\n"
        "    for ref in discover([path], ReadOptions()).refs:\n"
        "        for item in read(ref, ReadOptions()):\n"
        "            print(type(item).__name__, getattr(item, 'reason', ''))\n"
        # not ru_maxrss: that starts from the peak of the test's own process
        "status = Path('/proc/self/status').read_text()\n"
        "print(int(status.split('VmHWM:')[1].split()[0]) // 1024)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, text, lines], capture_output=True, text=True, check=True)
    *kinds, peak = done.stdout.split("\n")[:-1]
    assert kinds == ["Rejection too_large", "Rejection too_large", "Article "]
    assert int(peak) < 500


def test_a_table_of_100_000_columns_is_refused(read_bytes):
    header = ",".join(["title", "text", *(f"c{n}" for n in range(100_000))])
    found = rejection(read_bytes(f"{header}\n{'x,' * 100_002}\n"))
    assert (found.reason, found.line) == (Reason.LIMIT, 1)


def test_a_row_with_more_fields_than_the_header_is_rejected_and_the_next_is_read(read_bytes):
    table = f'title,text\nA,b,c,d\nB,"{PROSE}"\n'
    bad, good = read_bytes(table)
    assert (bad.reason, bad.line) == (Reason.MALFORMED, 2)
    assert isinstance(good, Article)


def test_an_unclosed_quote_ends_the_table_with_a_rejection(read_bytes):
    table = f'title,text\nA,"{PROSE}"\nB,"{"unclosed " * 300}'
    good, bad = read_bytes(table, max_document_bytes=1000)
    assert isinstance(good, Article)
    assert bad.reason is Reason.MALFORMED


@pytest.mark.parametrize("depth", [2_000, 100_000])
def test_deeply_nested_json_is_malformed(read_bytes, depth):
    line = '{"text": ' + "[" * depth + "]" * depth + "}"
    bad, good = read_bytes(f"{line}\n{json.dumps({'text': PROSE})}\n", "x.jsonl")
    assert bad.reason in (Reason.MALFORMED, Reason.NO_TEXT)
    assert isinstance(good, Article)


@pytest.mark.parametrize(
    "line", ['{"text": 1e999}', '{"text": NaN}', '{"text": "' + "9" * 5000 + '", "date": ' + "9" * 5000 + "}"]
)
def test_strange_numbers_do_no_harm(read_bytes, line):
    assert rejection(read_bytes(f"{line}\n", "x.jsonl")).reason in (Reason.MALFORMED, Reason.TOO_SHORT, Reason.NO_TEXT)


def test_lone_surrogates_become_replacement_characters(read_bytes):
    found = article(
        read_bytes(json.dumps({"text": PROSE + " \\ud800 end."}).replace("\\\\ud800", "\\ud800") + "\n", "x.jsonl")
    )
    assert "\ufffd end." in found.body


def test_invalid_utf8_in_the_middle_costs_only_the_bytes_concerned(read_bytes):
    data = f"Ein Titel – kurz\n\n{PROSE}".encode().replace(b"crews", b"cr\xffew\x92s")
    found = article(read_bytes(data))
    assert "crÿew’s" in found.body
    assert found.title == "Ein Titel – kurz"


def test_entity_bombs_and_external_entities_are_never_expanded(read_bytes, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("TOP SECRET")
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(12))
    feed = (
        f'<?xml version="1.0"?><!DOCTYPE rss [{bomb}<!ENTITY x SYSTEM "file://{secret}">]>'
        f"<rss version='2.0'><channel><title>Out</title><item><title>&l11;</title><link>https://a.example/1</link>"
        f"<description>{LEAD} &x; &l11; {SECOND}</description></item></channel></rss>"
    )
    found = article(read_bytes(feed))
    assert "SECRET" not in found.body
    assert len(found.body) < 1000


@pytest.mark.parametrize("reference", ["&#x110000;", "&#1114112;", "&#xD800;", "&#99999999999999999999;", "&#0;"])
def test_references_to_characters_that_do_not_exist_do_not_stop_a_feed(read_bytes, reference):
    """Unclosed on purpose: the parser for broken feeds is the one that gave up."""
    feed = (
        f"<rss version='2.0'><channel><title>Out</title><item><title>A title</title>"
        f"<description>{LEAD} {reference} {SECOND}</description></item><item>"
    )
    found = read_bytes(feed)[0]
    assert isinstance(found, Article)
    assert found.body.startswith(LEAD)
    assert found.body.endswith(SECOND)


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/etc/evil.txt", "a/../../evil.txt", "..\\evil.txt", "C:\\evil.txt", "\\\\host\\x"]
)
def test_members_that_lead_out_of_the_archive_are_rejected(read_bytes, name):
    assert is_unsafe(name)
    bad, good = sorted(
        read_bytes(zipped((name, PROSE.encode()), ("good.txt", PROSE.encode()))),
        key=lambda item: isinstance(item, Article),
    )
    assert bad.reason is Reason.UNSAFE_PATH
    assert isinstance(good, Article)


def test_a_link_in_an_archive_is_not_followed(read_bytes):
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert rejection(read_bytes(buffer.getvalue())).reason is Reason.UNSAFE_PATH


def test_a_zip_bomb_is_stopped_by_its_ratio_and_by_the_budget(read_bytes):
    zeros = zipped(("zeros.txt", b"a" * (2 * MEBI)))
    assert rejection(read_bytes(zeros)).reason is Reason.LIMIT
    members = [(f"{n}.txt", PROSE.encode() * 100) for n in range(3)]
    found = read_bytes(zipped(*members, method=zipfile.ZIP_STORED), max_unpacked_bytes=len(PROSE) * 250)
    assert [getattr(item, "reason", None) for item in found] == [None, None, Reason.LIMIT]


def test_archives_in_archives_end_at_the_depth_limit(read_bytes):
    data = PROSE.encode()
    for _ in range(5):
        data = zipped(("inner.zip", data))
    assert rejection(read_bytes(data)).reason is Reason.LIMIT


def test_a_gzip_bomb_and_a_cut_stream_are_rejected(read_bytes):
    assert rejection(read_bytes(gzip.compress(b"a" * (2 * MEBI)))).reason is Reason.LIMIT
    assert rejection(read_bytes(gzip.compress(PROSE.encode())[:-20])).reason is Reason.MALFORMED


def test_damaged_and_encrypted_members_are_rejected_one_by_one(read_bytes):
    data = bytearray(zipped(("bad.txt", PROSE.encode()), ("good.txt", PROSE.encode()), method=zipfile.ZIP_STORED))
    place = data.index(b"council")
    data[place : place + 7] = b"COUNCIL"
    bad, good = read_bytes(bytes(data))
    assert bad.reason is Reason.MALFORMED
    assert isinstance(good, Article)
    encrypted = bytearray(zipped(("locked.txt", PROSE.encode())))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        encrypted[encrypted.index(mark) + offset] |= 1
    assert rejection(read_bytes(bytes(encrypted))).reason is Reason.UNREADABLE


def test_links_between_folders_are_reported_and_not_followed(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a/text.txt").write_text(PROSE)
    (tmp_path / "a/loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "a/broken").symlink_to(tmp_path / "nowhere")
    found = read_paths([tmp_path])
    assert sorted(item.reason for item in found if isinstance(item, Rejection)) == [
        Reason.UNREADABLE,
        Reason.UNSAFE_PATH,
    ]
    assert sum(isinstance(item, Article) for item in found) == 1


def test_tables_of_a_run_are_no_news(tmp_path):
    (tmp_path / "a.txt").write_text(PROSE)
    for mark in ("begun/_work/sessions", "done/manifests/00000001.json"):
        (tmp_path / mark).parent.mkdir(parents=True)
        (tmp_path / mark).touch()
        (tmp_path / mark).parent.with_name("rows.jsonl").write_text(json.dumps({"text": PROSE}))
    assert Path(article(read_paths([tmp_path])).source).name == "a.txt"
    assert rejection(read_paths([tmp_path / "done"])).reason is Reason.UNSUPPORTED_FORMAT


def test_an_index_that_names_itself_is_not_lost(tmp_path):
    (tmp_path / "index.csv").write_text("file,title\nindex.csv,Itself\n")
    assert rejection(read_paths([tmp_path])).reason is Reason.UNSUPPORTED_FORMAT


def test_names_that_are_no_utf8_are_read_and_spelled_out(tmp_path):
    name = os.fsdecode(b"caf\xe9.txt")
    (tmp_path / name).write_text(PROSE)
    (tmp_path / os.fsdecode(b"caf\xe8.txt")).write_text("Too short.")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.add(tmp_path / name, name)
    (tmp_path / "old.tar").write_bytes(packed.getvalue())
    sources = [item.source.rpartition("/")[2] for item in read_paths([tmp_path])]
    assert sources == [r"caf\udce8.txt", r"caf\udce9.txt", r"old.tar!caf\udce9.txt"]


def test_unreadable_files_and_folders_are_reported(tmp_path, monkeypatch):
    """Root may read everything, so the refusal is the operating system's in words only."""
    (tmp_path / "locked").mkdir()
    for path in (tmp_path / "locked.txt", tmp_path / "open.txt", tmp_path / "locked/in.txt"):
        path.write_text(PROSE)
    opened, scanned = Path.open, os.scandir

    def refuse(real, path, *arguments):
        if "locked" in Path(path).name:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *arguments)

    monkeypatch.setattr(Path, "open", lambda path, *arguments: refuse(opened, path, *arguments))
    monkeypatch.setattr(os, "scandir", lambda path: refuse(scanned, path))
    bad, locked, good = sorted(read_paths([tmp_path]), key=lambda item: (isinstance(item, Article), item.source))
    assert (bad.reason, locked.reason) == (Reason.UNREADABLE, Reason.UNREADABLE)
    assert Path(good.source).name == "open.txt"


def test_missing_inputs_and_empty_patterns_are_reported(tmp_path):
    found = read_paths([tmp_path / "none.txt", tmp_path / "*.html"])
    assert [item.reason for item in found] == [Reason.UNREADABLE, Reason.UNREADABLE]


def test_an_article_of_2_megabytes_in_one_paragraph_is_kept_whole(read_bytes):
    sentence = "The council voted and the ferry sailed on. "
    found = article(read_bytes("Title of it\n\n" + sentence * (2_000_000 // len(sentence))))
    (paragraph,) = split(found)
    assert len(paragraph.text) > 1_999_000


def test_directional_marks_are_taken_out_and_right_to_left_text_stays(read_bytes):
    found = article(read_bytes(f"Title of it\n\n\u202e{LEAD}\u202c \u200fשלום\u200e {SECOND}"))
    assert not set("\u202e\u202c\u200f\u200e") & set(found.body)
    assert "שלום" in found.body


def test_script_and_style_text_never_reaches_the_body(read_bytes):
    page = (
        f"<html><head><style>p {{color: red}}</style><script>var council = 'secret';</script></head><body><p>{LEAD}"
        f"<script>alert('secret')</script></p><style>.x{{}}</style><noscript>secret pixels</noscript><p>{SECOND}</p>"
        "<template><p>secret template</p></template><p hidden>secret, hidden</p></body></html>"
    )
    found = article(read_bytes(page))
    assert "secret" not in found.body
    assert "color" not in found.body
    assert len(split(found)) == 2


def test_one_url_with_two_texts_is_two_versions_and_two_urls_with_one_text_are_two_articles(read_bytes):
    rows = [
        ("https://a.example/1", LEAD),
        ("https://a.example/1", SECOND),
        ("https://b.example/2", LEAD),
        ("https://a.example/1", LEAD),
    ]
    found = read_bytes(
        "".join(json.dumps({"url": url, "text": text}) + "\n" for url, text in rows), "x.jsonl", min_words=5
    )
    ids = [item.id for item in found]
    assert len(set(ids)) == 3
    assert ids[0] == ids[3]
    assert [item.outlet for item in found[:3]] == ["a.example", "a.example", "b.example"]


@pytest.mark.parametrize(("depth", "kind"), [(150, Article), (5000, Article | Rejection)])
def test_deeply_nested_html_is_read_as_far_as_its_parser_goes(read_bytes, depth, kind):
    (item,) = read_bytes("<div>" * depth + f"<p>{LEAD}</p><p>{SECOND}</p>" + "</div>" * depth)
    assert isinstance(item, kind)


@pytest.mark.parametrize("level", [0, 9])
def test_a_gzip_of_several_members_is_read_to_its_end(read_bytes, level):
    data = gzip.compress(f"Title of it\n\n{LEAD}\n\n".encode(), level) + gzip.compress(SECOND.encode(), level)
    assert len(split(article(read_bytes(data)))) == 2
    assert zlib.crc32(data) != 0


def test_options_refuse_unknown_keys_and_impossible_values():
    with pytest.raises(ValueError, match="colums"):
        ReadOptions.model_validate({"colums": {}})
    with pytest.raises(ValueError, match="min_words"):
        ReadOptions(min_words=0)


@pytest.mark.parametrize("character", ["\x0b", "\x1c", "&#11;", "\ufffe", "\x02"])
def test_a_character_that_xml_forbids_does_not_stop_a_page(read_bytes, character):
    page = f"<html><body><h1>A <div>ti{character}tle</div></h1><p>{LEAD}{character}</p><p>{SECOND}</p></body></html>"
    assert len(split(article(read_bytes(page)))) == 2
