"""JSON Lines and JSON: one article in each object.

What belongs here: reading objects in bounded memory. What does not: what their keys mean (`items`) and JSON feeds
(`feeds`).
"""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NamedTuple

from stance.ingest.decode import HEAD_BYTES, choose_encoding, decode
from stance.ingest.drafts import Draft, Input, reject
from stance.ingest.items import draft_of_row, is_labelled
from stance.ingest.options import Columns
from stance.ingest.rows import Value, lookup
from stance.records import Reason, Rejection

BETWEEN = re.compile(r"[\s,\[\]\ufeff]*")
LABELLED = "labelled paragraphs, not news; see `stance evaluate` and `stance labels add`"


class NotJson(ValueError):
    """Bytes that are not what was expected of them; the message says what is wrong."""


class _Line(NamedTuple):
    number: int
    start: int
    """Offset in bytes."""
    size: int
    data: bytes
    """Its beginning only, if it is longer than the limit."""


def read_jsonl(source: Input) -> Iterator[Draft | Rejection]:
    """Yield what each line holds, with a line's number in every rejection; blank lines are passed over."""
    filled = 0
    for line in _lines(_line_reader(source.stream), source.options.max_document_bytes):
        if not line.data.strip():
            continue
        filled += 1
        item = _read_line(line, source)
        if filled == 1 and isinstance(item, dict) and is_labelled(item):
            yield reject(source.name, Reason.UNSUPPORTED_FORMAT, LABELLED, line=line.number)
            return
        if isinstance(item, Rejection):
            yield item
        else:
            rows = _rows(item, source.options.columns)
            parts = range(1, len(rows) + 1) if len(rows) > 1 else (0,)
            yield from (draft_of_row(row, source, line.number, part) for row, part in zip(rows, parts, strict=True))
    if not filled:
        yield reject(source.name, Reason.EMPTY, "no line with an object")


def read_json(source: Input) -> Iterator[Draft | Rejection]:
    """Yield what a JSON document holds: an object, a list of objects, or an object with a list of objects."""
    limit = source.options.max_document_bytes
    data = source.stream.read(limit + 1)
    if len(data) > limit:
        yield reject(source.name, Reason.TOO_LARGE, f"expected at most {limit:,} bytes; put one object on each line")
        return
    problem = ""
    try:
        rows = _rows(load_json(data), source.options.columns)
    except NotJson as error:
        rows, to_the_end = _whole_objects(decode(data))
        problem = "" if rows and to_the_end else f"{error}; {len(rows)} whole objects before it"
    if rows and is_labelled(rows[0]):
        yield reject(source.name, Reason.UNSUPPORTED_FORMAT, LABELLED)
        return
    yield from (draft_of_row(row, source, number) for number, row in enumerate(rows, 1))
    if problem:
        yield reject(source.name, Reason.MALFORMED, problem)


def _whole_objects(text: str) -> tuple[list[dict[str, Any]], bool]:
    """Return the objects that stand one after another, or in a list that breaks off, and whether they are all of it."""
    decoder, rows, place = json.JSONDecoder(), list[dict[str, Any]](), 0
    while (place := BETWEEN.match(text, place).end()) < len(text):  # type: ignore[union-attr]  # it matches ''
        try:
            value, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            return rows, False
        if not isinstance(value, dict):
            return rows, False
        rows.append(value)
    return rows, True


def load_json(data: bytes) -> Value:
    """Read a JSON value.

    Raises:
        NotJson: it is malformed, nested too deeply, or holds a number that no program can use.
    """
    try:
        return json.loads(decode(data))
    except json.JSONDecodeError as error:
        raise NotJson(f"expected JSON, got {error}") from error
    except RecursionError as error:
        raise NotJson("nested too deeply") from error
    except ValueError as error:
        raise NotJson(str(error)) from error


def _read_line(line: _Line, source: Input) -> dict[str, Any] | Rejection:
    name, limit = f"{source.name}#{line.number}", source.options.max_document_bytes
    if line.size > limit:
        detail = f"expected at most {limit:,} bytes in a line, got {line.size:,}"
        return reject(name, Reason.TOO_LARGE, detail, line=line.number, byte=line.start)
    try:
        found = load_json(line.data)
        if isinstance(found, dict):
            return found
        detail = f"expected an object, got a {type(found).__name__}"
    except NotJson as error:
        detail = str(error)
    return reject(name, Reason.MALFORMED, detail, line=line.number, byte=line.start)


def _rows(found: Value, columns: Columns) -> list[dict[str, Any]]:
    """Return the rows of a value: a list of objects, an object, or the one list of objects in one without text."""
    if isinstance(found, dict):
        if lookup(found, (*columns.text, *columns.html, *columns.file)) is not None:
            return [found]
        lists = [value for value in found.values() if _is_rows(value)]
        return [_with_shared(row, found, columns) for row in lists[0]] if len(lists) == 1 else [found]
    if _is_rows(found):
        return list(found)
    raise NotJson("expected an object or a list of objects")


def _with_shared(row: dict[str, Any], whole: dict[str, Any], columns: Columns) -> dict[str, Any]:
    """Return a row with what the object around all rows says of them: its outlet, or its own name, and language."""
    shared = {}
    for names, others in ((columns.outlet, ("name", "channel")), (columns.language, ())):
        if names and lookup(row, names) is None and (value := lookup(whole, (*names, *others))) is not None:
            shared[names[0]] = value
    return row | shared


def _is_rows(value: Value) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _line_reader(stream: BinaryIO) -> Callable[[int], bytes]:
    """Return a function that reads the next line, of at most so many bytes, in an encoding that extends ASCII."""
    encoding = choose_encoding(stream.read(HEAD_BYTES))
    stream.seek(0)
    if not encoding.startswith(("utf-16", "utf-32")):
        return stream.readline
    wide = codecs.getreader(encoding)(stream, "replace")
    return lambda size: wide.readline(size).encode("utf-8", "replace")


def _lines(readline: Callable[[int], bytes], limit: int) -> Iterator[_Line]:
    number = start = 0
    while data := readline(limit + 1):
        number, size = number + 1, len(data)
        while not data.endswith(b"\n") and size > limit and (more := readline(limit + 1)):
            size += len(more)
            if more.endswith(b"\n"):
                break
        yield _Line(number, start, size, data[: limit + 1])
        start += size
