# ruff: noqa: E501 (samples of mark-up are read more easily on one line)
"""One article written in every format that can be read."""

import gzip
import io
import json
import zipfile
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq

from .conftest import LEAD, PROSE, SECOND

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


def pdf(*pages: list[tuple[float, float, float, str]], info: str = "<< >>") -> bytes:
    """Write a PDF of lines of text: (x, y from the bottom, size, words) in points."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        stream = "\n".join(f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({words}) Tj ET" for x, y, size, words in lines)
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        resources = "/Resources << /Font << /F1 3 0 R >> >> /MediaBox [0 0 400 600]"
        objects.append(f"<< /Type /Page /Parent 2 0 R {resources} /Contents {len(objects)} 0 R >>")
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    objects.append(info)
    body, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    start = len(body)
    size = len(objects) + 1
    return f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R /Info {size - 1} 0 R >>\nstartxref\n{start}\n%%EOF".encode()


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


MAILBOX = "".join(
    f"From mira@quay.example Sat Mar  1 10:00:00 2025\nFrom: Mira Holt <mira@quay.example>\nSubject: Ferry {number}\n"
    f"Date: Sat, 01 Mar 2025 10:00:00 +0000\nMessage-ID: <{number}@quay.example>\nContent-Type: {kind}; charset=utf-8\n"
    f"Content-Transfer-Encoding: 8bit\n\n{body}\n\n"
    for number, (kind, body) in enumerate((("text/plain", PROSE), ("text/html", HTML)))
)
SAVED_PAGE = (
    "From: <Saved by Blink>\nSnapshot-Content-Location: https://quay.example/1\nSubject: Ferry\nMIME-Version: 1.0\n"
    'Content-Type: multipart/related; boundary="--x"\n\n----x\nContent-Type: text/html\n\n' + page() + "\n----x--\n"
)
PRESS_EXPORT = "".join(
    f"{number} of 2 DOCUMENTS\n\nQuay Post\n\nMarch 1, 2025 Saturday\n\nFerry {number}\n\nLENGTH: 40 words\n\n{PROSE}\n\n"
    for number in (1, 2)
)


def made() -> list[bytes]:
    """Return the article in every format, as bytes: what the samples and the marked documents lack, among others."""
    lines = [*LEAD.split(", "), *SECOND.split(", ")]
    title = (50, 550, 18, str(ROW["title"]))
    printed = pdf([title, *((50, 500 - 14 * place, 11, line) for place, line in enumerate(lines))])
    others = (MAILBOX, SAVED_PAGE, PRESS_EXPORT, printed)
    return [data if isinstance(data, bytes) else data.encode() for data in (*ALL.values(), *others)]
