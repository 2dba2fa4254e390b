"""Which format a stream of bytes is in, found out from its first bytes and not from its name.

What belongs here: the closed set of formats and their marks. What does not: reading them.
"""

import csv
import re
from collections.abc import Collection
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from stance.ingest.decode import choose_encoding
from stance.records import Reason


class Format(StrEnum):
    """The formats that can be read."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSONL = "jsonl"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"
    FEED = "feed"
    MAIL = "mail"
    NEXIS = "nexis"
    PDF = "pdf"
    ZIP = "zip"
    GZIP = "gzip"
    TAR = "tar"
    WARC = "warc"


class Detected(NamedTuple):
    """What the first bytes show: a format, or the reason why there is none."""

    format: Format | None
    reason: Reason | None = None
    detail: str = ""


MAGIC: tuple[tuple[bytes, Format], ...] = (
    (b"PK\x03\x04", Format.ZIP),
    (b"PK\x05\x06", Format.ZIP),
    (b"\x1f\x8b", Format.GZIP),
    (b"PAR1", Format.PARQUET),
    (b"WARC/", Format.WARC),
)
TAR_PLACE, TAR_MARK = 257, b"ustar"
FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "sound, video or a WebP image"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old office document; save it as text or PDF"),
    (b"SQLite format 3", "an SQLite database; export it to CSV"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; pack it as zip"),
    (b"Rar!", "a RAR archive; pack it as zip"),
    (b"\xfd7zXZ", "an xz archive; pack it as gzip"),
    (b"BZh", "a bzip2 archive; pack it as gzip"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive; pack it as gzip"),
    (b"{\\rtf", "rich text; save it as text or PDF"),
)
"""Marks of what cannot be read, and what to say about it."""

FEED_ROOTS = frozenset({"rss", "feed", "rdf"})
HTML_START = re.compile(
    r"<(?:!doctype\s+html|html|head|body|meta|title|article|section|main|div|p|h1|h2|span|table|script|style)\b",
    re.IGNORECASE,
)
SEPARATOR = re.compile(r"\"?sep=(.)\"?", re.IGNORECASE)
"""What a spreadsheet writes above a table to name its delimiter."""
HTML_END = re.compile(r"</p>|<br ?/?>", re.IGNORECASE)
JSON_START = re.compile(r"\{\s*[\"}]|\[\s*[\[{\"\d\]]")
XML_ROOT = re.compile(r"<(?:[\w-]+:)?([A-Za-z][\w.-]*)")
PROLOGUE = re.compile(
    r"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE\s+(?!html)[^\[>]*(?:\[.*?\]\s*)?>)*", re.DOTALL | re.IGNORECASE
)
FRONT_MATTER = re.compile(r"---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|$)")
SENTENCE = re.compile(r"(?:\S+\s+){2}.*[.?!…][\"'”’)\]]*\s*$")
"""A line that a person said or wrote, as in `MINISTER: The ferry will run.`, and no setting."""
YAML_LINE = re.compile(r"\s*(?:- +)?(?:[\w-]+|\"[^\"]*\"):(?:\s|$)|\s*- +\S|\s*#|\s*[\]}{\[]")
YAML_BLOCK = re.compile(r"^[\w-]+:[ \t]*\n[ \t]+(?:- +)?[\w-]+:", re.MULTILINE)
YAML_VERSION = re.compile(r"^version: *\d", re.MULTILINE)
"""What catalogues and the like begin with, whatever long lists follow."""
MARKDOWN = re.compile(
    r"^(?:#{1,6} +\S|={3,} *$|!?\[[^\]]+\]\([^)\s]+\)|> \S|[*-] \*\*|```)|\[[^\]]+\]\(https?://|\*\*\S[^*]*\*\*",
    re.MULTILINE,
)


MAIL_HEAD = re.compile(r"(?:From \S+.*\n)?(?:[A-Za-z][A-Za-z-]*:.*\n(?:[ \t].*\n)*)+(?:\n|$)")
MAIL_NAMES = re.compile(r"^([A-Za-z-]+):", re.MULTILINE)
MAIL_MARKS = frozenset(
    ["message-id", "mime-version", "received", "return-path", "content-type", "snapshot-content-location"]
)  # fmt: skip
"""Headers that no person writes above a text."""
ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
CODE_MARKS, CODE_SHARE, FEW_MARKS = "{};=", 0.015, 8
"""Characters of programs and style sheets, such as lie beside saved pages, and how many of them no prose has."""
GRID_ROWS, GRID_FIELDS = 4, 3
NAME_CHARS = 60
"""Longest name of a column."""
COVER_CHARS = 4000
"""How far down the first document of an export begins, below a cover sheet."""
NEXIS_HEAD = re.compile(r"^[ \t\f]*\d+ of \d+ DOCUMENTS?[ \t]*$", re.MULTILINE)
"""The line above each document that a press database exports as text."""


def detect(head: bytes, columns: Collection[str]) -> Detected:
    """Find out the format of a stream.

    Args:
        head: its first `HEAD_BYTES` bytes, or all of it.
        columns: lower-case names that a table of news may have; they tell a CSV from prose with commas.
    """
    if not head.strip():
        return Detected(None, Reason.EMPTY, "nothing but white space" if head else "zero bytes")
    for mark, found in MAGIC:
        if head.startswith(mark):
            return Detected(found)
    if head[TAR_PLACE : TAR_PLACE + len(TAR_MARK)] == TAR_MARK:
        return Detected(Format.TAR)
    if b"%PDF-" in head[:1024]:
        return Detected(Format.PDF)
    for mark, what in FOREIGN:
        if head.startswith(mark):
            return Detected(None, Reason.UNSUPPORTED_FORMAT, f"it is {what}")
    text = head.decode(choose_encoding(head), "replace").lstrip("\ufeff")
    if not text.strip():
        return Detected(None, Reason.EMPTY, "nothing but white space")
    if _is_binary(text):
        return Detected(None, Reason.BINARY, "bytes that are no text in any known format")
    return _detect_text(text, columns)


def _is_binary(text: str) -> bool:
    odd = sum(text.count(chr(code)) for code in (*range(9), *range(14, 27), *range(28, 32), 0xFFFD))
    return odd > 0.02 * len(text) or "\0" in text


def _detect_text(text: str, columns: Collection[str]) -> Detected:
    start = text.lstrip()
    if JSON_START.match(start):
        return Detected(_detect_json(start))
    if start[0] == "<":
        return _detect_markup(start)
    if _is_mail(start):
        return Detected(Format.MAIL)
    if is_table(start, columns):
        return Detected(Format.CSV)
    if len(HTML_END.findall(start)) > 2:
        return Detected(Format.HTML)
    if FRONT_MATTER.match(start):
        return Detected(Format.MARKDOWN)
    if NEXIS_HEAD.search(start, 0, COVER_CHARS):
        return Detected(Format.NEXIS)
    lines = [line for line in start.split("\n")[:200] if line.strip()]
    settings = sum(1 for line in lines if YAML_LINE.match(line) and not SENTENCE.match(line))
    prose = sum(1 for line in lines if SENTENCE.match(line) and not YAML_LINE.match(line) and not line[0].isspace())
    shaped = settings > 0.7 * len(lines) or (YAML_BLOCK.search(start) and YAML_VERSION.search(start))
    if len(lines) > 2 and shaped and ":" in start and prose < 2:
        return Detected(None, Reason.UNSUPPORTED_FORMAT, "it looks like YAML or settings, not like news")
    if _is_grid(start):
        return Detected(Format.CSV)
    addresses = sum(1 for line in lines if ADDRESS.fullmatch(line.strip()))
    if addresses > 0.7 * len(lines):
        return Detected(None, Reason.UNSUPPORTED_FORMAT, "a list of addresses; name each as a [[source]] to fetch it")
    marks = sum(map(start.count, CODE_MARKS))
    if marks > max(FEW_MARKS, CODE_SHARE * len(start)):
        return Detected(None, Reason.UNSUPPORTED_FORMAT, "it looks like a program or a style sheet, not like news")
    return Detected(Format.MARKDOWN if MARKDOWN.search(start) else Format.TEXT)


def _is_mail(start: str) -> bool:
    """Tell whether a text begins with the head of a message: a mailbox, a message, a page saved as one."""
    head = MAIL_HEAD.match(start.replace("\r\n", "\n"))
    if head is None:
        return False
    names = {name.lower() for name in MAIL_NAMES.findall(head[0])}
    plain = names & {"from", "date", "subject"}
    return len(plain) > 2 or (len(plain) > 1 and (bool(names & MAIL_MARKS) or start.startswith("From ")))


def _is_grid(text: str) -> bool:
    """Tell whether a text is a table without a column that is known: rows of as many fields, three or more.

    What tells it from prose with commas is that no space follows them in the first row.
    """
    first = text.partition("\n")[0]
    try:
        rows = list(islice(csv.reader(text.split("\n"), delimiter=delimiter_of(first)), GRID_ROWS))
    except csv.Error:
        return False
    sizes = {len(row) for row in rows}
    names = rows[0]
    named = all(
        name.strip() and len(name) <= NAME_CHARS and name == name.lstrip() and "{" not in name for name in names
    )
    return len(rows) == GRID_ROWS and len(sizes) == 1 and len(names) >= GRID_FIELDS and named


def _detect_json(start: str) -> Format | None:
    if "jsonfeed.org/version" in start[:2000]:
        return Format.FEED
    first, _, rest = start.partition("\n")
    if start[0] == "[":
        return Format.JSON
    complete = not rest or first.rstrip().endswith("}")
    return Format.JSONL if complete or rest.lstrip().startswith('{"') else Format.JSON


def _detect_markup(start: str) -> Detected:
    body = start[PROLOGUE.match(start).end() :]  # type: ignore[union-attr]  # the pattern matches the empty string
    root = XML_ROOT.match(body)
    if root and root[1].lower() in FEED_ROOTS:
        return Detected(Format.FEED)
    if HTML_START.search(body) or HTML_START.search(start):
        return Detected(Format.HTML)
    if start.startswith("<?xml") or root:
        return Detected(
            None, Reason.UNSUPPORTED_FORMAT, f"XML with the root <{root[1] if root else '?'}>, not a feed or a page"
        )
    return Detected(Format.TEXT)


def is_table(text: str, columns: Collection[str]) -> bool:
    """Tell whether a text begins with a header line that names at least two columns, one of them known."""
    header = header_of(text)
    names = [name.strip().strip('"').lower() for name in header.split(delimiter_of(header))]
    return (
        len(names) > 1
        and any(name in columns for name in names)
        and all(len(name) <= NAME_CHARS and "<" not in name for name in names)
    )


def header_of(text: str) -> str:
    """Return the line that names the columns: the first, or the second below a line such as `sep=;`."""
    first, _, rest = text.partition("\n")
    return (rest.partition("\n")[0] if SEPARATOR.fullmatch(first.strip()) else first).strip()


def delimiter_of(header: str) -> str:
    """Return the delimiter that a header line uses most: comma, semicolon, tab or bar."""
    return max(",;\t|", key=header.count)
