"""Text that press databases export: many documents in one file, each below a line `3 of 120 DOCUMENTS`.

What belongs here: parting the file, and the labelled lines of a document. What does not: paragraphs (`plain`).
"""

import io
import re
from collections.abc import Iterator, Sequence

from stance.ingest.decode import HEAD_BYTES, choose_encoding, forgiving
from stance.ingest.drafts import Draft, Input, Piece, reject
from stance.ingest.formats import NEXIS_HEAD
from stance.ingest.plain import plain_pieces
from stance.records import BlockKind, Reason, Rejection

DATE = re.compile(
    r"(?:\w+ \d{1,2}, \d{4}|\d{1,2} \w+ \d{4}|\w+ \d{4})(?=,? (?:\w+day|\d{1,2}:\d\d)\b|$|,? \w+ edition)",
    re.IGNORECASE,
)
"""The date line, of which the weekday, hour and edition that follow are not read."""
LABEL = re.compile(r"(BYLINE|SECTION|LENGTH|DATELINE|HIGHLIGHT|SOURCE|HEADLINE|BODY|CREDIT)\s*:\s*(.*)$", re.DOTALL)
HEAD_PIECES = 12
"""How far down the labelled lines above a text reach."""


def read_nexis(source: Input) -> Iterator[Draft | Rejection]:
    """Yield the documents of an export, one at a time."""
    limit = source.options.max_document_bytes
    head = source.stream.read(HEAD_BYTES)
    source.stream.seek(0)
    encoding = choose_encoding(head)
    stream = io.TextIOWrapper(source.stream, encoding, errors=forgiving(encoding))
    try:
        for number, text in enumerate(_documents(stream, limit), 1):
            name = f"{source.name}#{number}"
            if len(text) > limit:
                yield reject(name, Reason.TOO_LARGE, f"expected at most {limit:,} characters in one document")
            else:
                yield _draft(name, plain_pieces(text), source)
    finally:
        stream.detach()


def _documents(stream: io.TextIOWrapper, limit: int) -> Iterator[str]:
    """Yield the texts between the lines that count documents, of a longer one than the limit only its beginning."""
    lines: list[str] = []
    size, begun = 0, False
    while line := stream.readline(limit + 1):
        if NEXIS_HEAD.fullmatch(line.rstrip("\r\n")):
            if begun:  # what stands above the first is a cover sheet
                yield "".join(lines)
            lines, size, begun = [], 0, True
        elif size <= limit:
            lines.append(line)
            size += len(line)
    if begun or "".join(lines).strip():
        yield "".join(lines)


def _draft(name: str, pieces: Sequence[Piece], source: Input) -> Draft:
    """Make a draft: the outlet stands above the date, the headline below it, the text below the labelled lines."""
    head = _head_size(pieces)
    labelled = {match[1]: match[2].strip() for piece in pieces[:head] if (match := LABEL.match(piece.text))}
    bare = [piece.text for piece in pieces[:head] if not LABEL.match(piece.text)]
    dated = next((place for place, text in enumerate(bare) if DATE.match(text)), None)
    above, below = (bare[:dated], bare[dated + 1 :]) if dated is not None else (bare[:1], bare[1:])
    return Draft(
        source=name,
        pieces=(*(Piece(BlockKind.HEADING, text) for text in below), *pieces[head:]),
        title=labelled.get("HEADLINE", "") or next(iter(below), ""),
        author=labelled.get("BYLINE", ""),
        published=DATE.match(bare[dated])[0] if dated is not None else "",  # type: ignore[index]  # it matched above
        outlet=source.outlet or next(iter(above), ""),
        credit=labelled.get("CREDIT", ""),
        url=source.url,
    )


def _head_size(pieces: Sequence[Piece]) -> int:
    """Return how many pieces stand above the text: all up to the last labelled line near the beginning."""
    labelled = [place for place, piece in enumerate(pieces[:HEAD_PIECES]) if LABEL.match(piece.text)]
    return labelled[-1] + 1 if labelled else min(3, len(pieces))
