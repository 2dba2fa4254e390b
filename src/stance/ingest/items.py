"""An article in a row: a JSON object, or a line of a table.

What belongs here: text, HTML or file of a row made a draft. What does not: the names of columns (`rows`).
"""

import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from stance.ingest.decode import HEAD_BYTES
from stance.ingest.documents import READERS, read_document
from stance.ingest.drafts import Draft, Input, Piece, reject
from stance.ingest.formats import HTML_START, detect
from stance.ingest.heads import take_head
from stance.ingest.plain import plain_pieces
from stance.ingest.rows import Value, fields_of, flat, known_names, lookup, unwrapped
from stance.records import BlockKind, Reason, Rejection

TAG = re.compile(
    r"</(?:p|em|strong|b|i|u|a|div|span|ul|ol|h[1-6]|blockquote|figure|table|font)>|<br ?/?>|<img\s", re.IGNORECASE
)
"""A tag that prose does not speak of."""
ESCAPED_TAG = re.compile(r"&lt;(?:/p|br ?/?)&gt;", re.IGNORECASE)


def is_labelled(row: Mapping[str, Any]) -> bool:
    """Tell whether a row is a labelled paragraph (codebook or targeted text) and not an article."""
    return "text" in row and any(isinstance(row.get(key), list) for key in ("labels", "targets"))


def draft_of_row(row: Mapping[str, Any], source: Input, number: int, part: int = 0) -> Draft | Rejection:
    """Make a draft of a row.

    Args:
        row: its values by column.
        source: the input it stands in.
        number: its 1-based line or place, named in the draft's source.
        part: its place among the rows of one line; 0 if it stands alone there.
    """
    columns, name = source.options.columns, f"{source.name}#{number}{f'.{part}' if part else ''}"
    row = unwrapped(row, columns)
    fields = fields_of(row, columns)
    text, page, file = (_whole(lookup(row, names)) for names in (columns.text, columns.html, columns.file))
    if isinstance(page, str) or (isinstance(text, str) and _is_markup(text)):
        found: Draft | Rejection = Draft(source=name, pieces=_html_pieces(page if isinstance(page, str) else text))
    elif text is not None:
        found = Draft(source=name, pieces=text_pieces(text))
    elif isinstance(file, str) and source.folder is not None:
        found = _read_file(source.folder, file, source)
    else:
        detail = f"expected one of {', '.join(columns.text)}; got {', '.join(map(str, list(row)[:20])) or 'nothing'}"
        found = reject(name, Reason.MISSING_FIELD, detail, line=number)
    if isinstance(found, Rejection):
        return replace(found, line=found.line or number, outlet=found.outlet or fields.get("outlet", source.outlet))
    found = replace(found, line=number, **fields)
    return found if found.title else take_head(found)


def _whole(value: Value) -> Value:
    r"""Return a text as it was before an export changed it.

    Exports wrap a text in an object, cut it at its links and bold words, escape its mark-up once more, or write `\n` in
    letters.
    """
    if isinstance(value, Mapping):
        value = flat(value) or None
    if isinstance(value, list) and any(isinstance(part, Mapping) and "text" in part for part in value):
        value = "".join(str(part.get("text", "")) if isinstance(part, Mapping) else str(part) for part in value)
    if not isinstance(value, str):
        return value
    if ESCAPED_TAG.search(value) and not _is_markup(value):
        value = html.unescape(value)
    return value.replace("\\r", "").replace("\\n", "\n") if "\n" not in value and "\\n" in value else value


def _is_markup(text: str) -> bool:
    return HTML_START.match(text.lstrip()) is not None or TAG.search(text) is not None


def text_pieces(value: Value) -> tuple[Piece, ...]:
    """Return the pieces of a text, or of a list of paragraphs."""
    if isinstance(value, list | tuple):
        return tuple(Piece(BlockKind.PARAGRAPH, flat(part)) for part in value)
    return tuple(plain_pieces(flat(value)))


def _html_pieces(markup: str) -> tuple[Piece, ...]:
    from stance.ingest.html import fragment_pieces  # lxml is needed for rows with mark-up only

    return tuple(fragment_pieces(markup))


def _read_file(folder: Path, name: str, source: Input) -> Draft | Rejection:
    """Read the document that an index names; it must lie in the index's folder or below."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        return reject(f"{source.name}!{name}", Reason.UNSAFE_PATH, "an index may name files in its own folder only")
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            stream.seek(0)
            detected = detect(stream.read(HEAD_BYTES), known_names(source.options.columns))
            stream.seek(0)
            inner = replace(source, name=str(path), stream=stream, folder=None)
            if detected.format is None or detected.format not in READERS:
                reason = detected.reason or Reason.UNSUPPORTED_FORMAT
                return reject(str(path), reason, detected.detail or f"an index cannot name a {detected.format} file")
            found = read_document(inner, detected.format)
            return replace(found, sha256=digest) if isinstance(found, Draft) else found
    except OSError as error:
        return reject(str(path), Reason.UNREADABLE, f"named by {source.name}: {error.strerror}")
