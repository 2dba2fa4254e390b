"""The agency that a text is credited to.

What belongs here: credit lines and datelines. What does not: whether two texts are the same story (`stories`).
"""

import re
from collections.abc import Sequence

from stance.ingest.drafts import Piece
from stance.records import BlockKind

LINE = re.compile(
    r"[\s(\[*_—–-]*(?:sources?|credits?|via|agenc(?:y|ies)|courtesy of|with (?:material|files|reporting"
    r"|information) from)"
    r"\s*[:—–-]?\s*(?P<name>[^\n.;|]{2,60}?)[\s)\]*_.]*$",
    re.IGNORECASE,
)
DATELINE = re.compile(
    r"[A-Z][^\n]{0,60}?\((?P<round>[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+){0,3})\)\s*[-–—]"
    r"|[A-Z][^\n]{0,60}?\s/(?P<slash>[A-Z][A-Za-z -]{1,30})/\s*[-–—.]?\s"
    r"|\((?P<ahead>[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+){0,3})\)\s+(?:[A-Z][\w ,.’'-]{1,40}\s)?[-–—]\s"
    r"|[A-Z][\w ’'-]{1,40}\.\s+(?:[A-Z][a-z]+ \d{1,2}|\d{1,2} [A-Z][a-z]+)\.\s+"
    r"(?P<bare>[A-Z]{3,}(?:[ -][A-Z]{2,})*)\s+[-–—]\s"
)


def credit_named(line: str) -> str:
    """Return the agency that a line such as `Source: Steppe Wire` names, '' if it is no such line."""
    match = LINE.match(line)
    return match["name"].strip() if match else ""


def credit_in(pieces: Sequence[Piece]) -> str:
    """Return the agency named by a credit line, or by the dateline of the first paragraph; '' if there is neither."""
    for piece in pieces:
        if piece.kind is BlockKind.CREDIT and (name := credit_named(piece.text)):
            return name
    first = next((piece.text for piece in pieces if piece.kind is BlockKind.PARAGRAPH), "")
    found = DATELINE.match(first)
    return next(filter(None, found.groups())).strip() if found else ""
