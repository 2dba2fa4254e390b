"""What readers hand on: an article as its format gave it, before cleaning, dating and language.

What belongs here: the draft, its pieces, the stream it is read from, and how a rejection of it is made. What does not:
any format, and what becomes of a draft (`finish`).
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

from stance.ingest.options import ReadOptions
from stance.records import BlockKind, Reason, Rejection


class Piece(NamedTuple):
    """A stretch of text between paragraph breaks, and what its format said it is."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One news item as read; every field but `source` and `pieces` may be ''."""

    source: str
    pieces: tuple[Piece, ...]
    title: str = ""
    author: str = ""
    published: str = ""
    """The date as written."""
    language: str = ""
    """The language as declared."""
    outlet: str = ""
    url: str = ""
    credit: str = ""
    line: int | None = None
    sha256: str = ""
    """Hash of the file it came from, where that is not the input itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A stream of bytes to read and what is known of it."""

    name: str
    """Path or URL, with `!member` for a part of an archive."""
    stream: BinaryIO
    """Positioned at its beginning; seekable."""
    options: ReadOptions
    url: str = ""
    """Where it was fetched from."""
    outlet: str = ""
    """Who published it, if the configuration says so."""
    folder: Path | None = None
    """Where files named by an index are looked for; None inside archives."""
    depth: int = 0
    """How many archives lie around it."""
    budget: list[int] = field(default_factory=list)
    """Bytes and members that the outermost archive may still unpack to; filled by the archive readers."""


def printable(name: str) -> str:
    """Return a name with the bytes spelled out that are no UTF-8, as old archives have them: tables hold UTF-8 only."""
    return name.encode("utf-8", "backslashreplace").decode()


def reject(
    source: str,
    reason: Reason,
    detail: str,
    *,
    stage: str = "read",
    line: int | None = None,
    byte: int | None = None,
    outlet: str = "",
) -> Rejection:
    """Make a rejection; `detail` says what was expected and what came."""
    return Rejection(
        source=printable(source),
        line=line,
        byte=byte,
        stage=stage,
        reason=reason,
        detail=printable(detail[:500]),
        outlet=outlet,
    )
