"""Paragraphs of plain text: blank lines, indentation, hard wraps, or one line each.

What belongs here: where a paragraph of text without mark-up begins. What does not: whether it is a paragraph of the
article or furniture (`furniture`), and files (`documents`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from stance.ingest.clean import clean_text, join_lines
from stance.ingest.drafts import Piece
from stance.ingest.furniture import BULLET, SENTENCE_END, list_kind
from stance.records import BlockKind

WRAP_COLUMNS = 110
"""Longest line of a hard-wrapped text; longer ones hold a paragraph each."""
RULE = re.compile(r"[\W_]*")
"""A line without a letter or digit: blank, or drawn across."""
LIST_ITEM = re.compile(r"\s*(?:[-*•–‣▪]|\d{1,2}[.)])\s+\S")
WORD = re.compile(r"\w+(?:-\w+)*")


def plain_pieces(text: str) -> list[Piece]:
    """Return the paragraphs of a plain text, each on one line; the items of a list stay lines of one piece."""
    lines = clean_text(text).expandtabs(4).split("\n")
    width = _wrap_width(lines)
    vocabulary = vocabulary_of(lines) if width else frozenset()
    chunks = _chunks(lines)
    found = [
        _piece(group, vocabulary)
        for chunk in chunks
        for group in _groups(chunk, width, spaced=sum(len(chunk) > 1 for chunk in chunks) > 1)
    ]
    return mend_broken(found)


def _piece(group: list[str], vocabulary: frozenset[str]) -> Piece:
    if not _is_list(group):
        return Piece(BlockKind.PARAGRAPH, join_lines(group, vocabulary))
    items: list[list[str]] = []
    for line in group:
        if LIST_ITEM.match(line) or not items:
            items.append([])
        items[-1].append(line)
    texts = [BULLET.sub("", join_lines(item, vocabulary)) for item in items]
    return Piece(list_kind(texts), "\n".join(texts))


def _chunks(lines: list[str]) -> list[list[str]]:
    chunks: list[list[str]] = [[]]
    for line in lines:
        if not RULE.fullmatch(line):
            chunks[-1].append(line)
        elif chunks[-1]:
            chunks.append([])
    return [chunk for chunk in chunks if chunk]


def _wrap_width(lines: list[str]) -> int:
    """Return the column at which the text is wrapped, 0 if it is not."""
    lengths = sorted(len(line.rstrip()) for line in lines if line.strip())
    if not lengths or lengths[-1 - len(lengths) // 50] > WRAP_COLUMNS:
        return 0
    return lengths[-1 - len(lengths) // 50]


def _groups(chunk: list[str], width: int, *, spaced: bool) -> Iterator[list[str]]:
    """Part the lines between two blank lines into paragraphs."""
    if len(chunk) == 1 or _is_list(chunk):
        yield chunk
        return
    starts = _starts_by_indent(chunk)
    if starts is None and width:
        starts = {0} if spaced else _starts_by_short_line(chunk, width)
    starts = starts if starts is not None else set(range(len(chunk)))
    group: list[str] = []
    for number, line in enumerate(chunk):
        if number in starts and group:
            yield group
            group = []
        group.append(line)
    yield group


def _starts_by_indent(chunk: list[str]) -> set[int] | None:
    """Return the numbers of the lines that are indented deeper than the rest, None if indentation tells nothing."""
    indents = [len(line) - len(line.lstrip()) for line in chunk]
    base = min(indents)
    starts = {number for number, indent in enumerate(indents) if indent > base}
    if not starts or len(starts) > 0.7 * len(chunk):
        return None
    return starts | {0}


def _starts_by_short_line(chunk: list[str], width: int) -> set[int]:
    """A wrapped text without blank lines or indentation: a paragraph ends where a sentence does and more had fitted."""
    starts = {0}
    for number, (line, after) in enumerate(pairwise(chunk), 1):
        room = width - len(line.rstrip()) - 1
        if SENTENCE_END.search(line.rstrip()) and len(after.split()[0]) <= room:
            starts.add(number)
    return starts


def _is_list(lines: list[str]) -> bool:
    return len(lines) > 1 and bool(LIST_ITEM.match(lines[0])) and sum(map(bool, map(LIST_ITEM.match, lines))) > 1


def vocabulary_of(lines: Iterable[str]) -> frozenset[str]:
    """Return the words of a text in lower case, for `join_lines`."""
    return frozenset(word.lower() for line in lines for word in WORD.findall(line))


def mend_broken(found: Sequence[Piece]) -> list[Piece]:
    """Join paragraphs that were broken in a sentence: by a page end, or by blank lines between wrapped lines."""
    mended: list[Piece] = []
    for piece in found:
        if mended and _continues(mended[-1], piece):
            mended[-1] = Piece(piece.kind, join_lines([mended[-1].text, piece.text]))
        else:
            mended.append(piece)
    return mended


def _continues(before: Piece, after: Piece) -> bool:
    return after.text[:1].islower() and not SENTENCE_END.search(before.text) and "\n" not in before.text + after.text
