"""Documents that hold one article each: plain text and Markdown here, pages and PDF by their own modules.

What belongs here: title lines, front matter, Markdown's marks, and the choice of reader. What does not: inputs that
hold many articles.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from stance.ingest.decode import decode
from stance.ingest.drafts import Draft, Input, reject
from stance.ingest.formats import Format
from stance.ingest.heads import take_head
from stance.ingest.markdown import front_matter, markdown_pieces
from stance.ingest.options import Columns
from stance.ingest.plain import plain_pieces
from stance.ingest.rows import fields_of, known_names
from stance.ingest.spoken import is_subtitles, spoken_pieces
from stance.records import Reason, Rejection

LABELLED_HEAD = re.compile(r"\s*(?:[^\W\d_][\w -]{1,29}:[ \t].{0,500}\n)+(?=[ \t]*\n)")
LABELLED = re.compile(r"^\s*([\w -]{2,30}):[ \t]+(.*?)\s*$", re.MULTILINE)
FEWEST_LABELS = 2


def read_document(source: Input, form: Format) -> Draft | Rejection:
    """Read a document of one article.

    Args:
        source: the document; it is read as a whole, up to `max_document_bytes`.
        form: its format, one of `READERS`.
    """
    limit = source.options.max_document_bytes
    data = source.stream.read(limit + 1)
    if len(data) > limit:
        return reject(source.name, Reason.TOO_LARGE, f"expected at most {limit:,} bytes in one document")
    return READERS[form](source, data)


def _text(source: Input, data: bytes) -> Draft:
    meta, text = _labelled_head(decode(data), source.options.columns)
    pieces = spoken_pieces(text) if is_subtitles(text) else plain_pieces(text)
    draft = Draft(source=source.name, pieces=tuple(pieces), outlet=source.outlet, url=source.url)
    return take_head(replace(draft, **fields_of(meta, source.options.columns)))


def _labelled_head(text: str, columns: Columns) -> tuple[dict[str, str], str]:
    """Part a text into the labelled lines above it (`Title: …`, `Date: …`), two known ones at least, and the rest."""
    head = LABELLED_HEAD.match(text.replace("\r\n", "\n"))
    if head is None:
        return {}, text
    labelled = {label.lower(): value for label, value in LABELLED.findall(head[0])}
    if len(labelled.keys() & known_names(columns)) < FEWEST_LABELS:
        return {}, text
    return labelled, text.replace("\r\n", "\n")[head.end() :]


def _markdown(source: Input, data: bytes) -> Draft | Rejection:
    meta, text = front_matter(decode(data))
    if isinstance(meta, str):
        return reject(source.name, Reason.MALFORMED, f"front matter: {meta}")
    if not meta:
        meta, text = _labelled_head(text, source.options.columns)
    draft = Draft(source=source.name, pieces=tuple(markdown_pieces(text)), outlet=source.outlet, url=source.url)
    return take_head(replace(draft, **fields_of(meta, source.options.columns)))


def _page(source: Input, data: bytes) -> Draft | Rejection:
    from stance.ingest.page import read_page  # trafilatura and lxml take a second to import

    return read_page(source, data)


def _pdf(source: Input, data: bytes) -> Draft | Rejection:
    from stance.ingest.pdf import read_pdf

    return read_pdf(source, data)


READERS: Mapping[Format, Callable[[Input, bytes], Draft | Rejection]] = {
    Format.TEXT: _text,
    Format.MARKDOWN: _markdown,
    Format.HTML: _page,
    Format.PDF: _pdf,
}
