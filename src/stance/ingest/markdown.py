"""Markdown: front matter, and paragraphs without their marks.

What belongs here: the marks that news in Markdown uses. What does not: a full Markdown renderer; tables, code and
footnotes are furniture here.
"""

import re
import tomllib
from collections.abc import Iterator
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from stance.ingest.clean import clean_text, join_lines, tidy_spaces
from stance.ingest.drafts import Piece
from stance.ingest.furniture import list_kind
from stance.records import BlockKind

YAML_FRONT = re.compile(r"\ufeff?\s*---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
TOML_FRONT = re.compile(r"\ufeff?\s*\+\+\+[ \t]*\n(.*?)\n\+\+\+[ \t]*(?:\n|$)", re.DOTALL)
FRONT_CHARS = 65_536

HEADING = re.compile(r" {0,3}#{1,6}\s+(.*)$")
RULE = re.compile(r"\s*+(?:[-*_=]\s*+){3,}$")
TABLE_RULE = frozenset("|:- \t")
"""What the line under the head of a table is made of."""
ITEM = re.compile(r"(\s*)(?:[-*+•]|\d{1,3}[.)])\s+(.*)$")
QUOTE = re.compile(r"\s{0,3}>\s?(.*)$")
FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
IMAGE = re.compile(r"!\[([^\]]{0,500})\]\([^)]{0,500}\)")
LINK = re.compile(
    r"\[([^\]]{1,500})\]\((?:[^()\s]|\([^()]{0,200}\)){0,2000}+(?:\s+\"[^\"]{0,200}\")?\)|\[([^\]]{1,500})\]\[[^\]]{0,200}\]"
)
MARKS = re.compile(r"(\*{1,3}|_{1,3}|~~|`+)(?=\S)(.{1,1000}?)(?<=\S)\1", re.DOTALL)
WORD_MARK = re.compile(r"(?<=\w)_|_(?=\w)")
TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>|<!--.{0,2000}?-->", re.DOTALL)
AUTOLINK = re.compile(r"<(https?://[^>\s]{1,2000})>")
REFERENCE = re.compile(r"\s{0,3}\[[^\]]+\]:\s+\S+.*$")
HIDDEN = 0xF0000
"""Where escaped characters are kept while marks are taken off: a plane for private use."""
SHOWN = re.compile("[\U000f0021-\U000f007e]")
ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def front_matter(text: str) -> tuple[dict[str, Any] | str, str]:
    """Part a document into its front matter, or what is wrong with it, and the rest."""
    for pattern, load in ((YAML_FRONT, _load_yaml), (TOML_FRONT, _load_toml)):
        match = pattern.match(text.replace("\r\n", "\n"))
        if match:
            return load(match[1][:FRONT_CHARS]), text.replace("\r\n", "\n")[match.end() :]
    return {}, text


def _load_yaml(text: str) -> dict[str, Any] | str:
    try:
        found = YAML(typ="safe", pure=True).load(StringIO(text))
    except (YAMLError, ValueError, RecursionError) as error:
        return str(error).replace("\n", " ")
    return found if isinstance(found, dict) else "expected keys and values"


def _load_toml(text: str) -> dict[str, Any] | str:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return str(error)


def markdown_pieces(text: str) -> list[Piece]:
    """Return the pieces of a Markdown text, on one line each but for lists, whose items keep theirs."""
    return [piece for group in _groups(clean_text(text)) for piece in _typed(group) if piece.text]


def plain_inline(text: str) -> str:
    """Return a text without Markdown's inline marks: links by their words, emphasis by its text, images left out."""
    text = ESCAPE.sub(lambda match: chr(HIDDEN + ord(match[1])), text)
    text = AUTOLINK.sub(r"\1", IMAGE.sub("", text))
    text = LINK.sub(lambda match: match[1] or match[2], text)
    for _ in range(3):
        text = MARKS.sub(lambda match: match[0] if _inside_word(match) else match[2], text)
    return SHOWN.sub(lambda match: chr(ord(match[0]) - HIDDEN), TAG.sub("", text))


def _inside_word(match: re.Match[str]) -> bool:
    """Tell whether marks are none: those of `snake_case_name` and of `2*3*4`."""
    before, after = match.string[match.start() - 1 : match.start()], match.string[match.end() : match.end() + 1]
    if match[1][0] == "_":
        return before.isalnum() or after.isalnum()
    return before.isalnum() and after.isalnum()


def _groups(text: str) -> Iterator[list[str]]:
    """Part the lines at blank lines, headings and rules; lines of a fence stay one group, a list too."""
    group: list[str] = []
    fenced = False
    for line in [*text.split("\n"), ""]:
        if FENCE.match(line):
            fenced = not fenced
        alone = not fenced and (HEADING.match(line) is not None or RULE.match(line) is not None)
        if group and RULE.match(line) and line.strip()[:1] in "=-" and len(group) == 1 and not ITEM.match(group[0]):
            yield ["# " + group[0]]
            group = []
            continue
        if (not line.strip() and not fenced) or alone or _changes(group, line):
            if group:
                yield group
            group = []
        if line.strip():
            group.append(line)
            if alone:
                yield group
                group = []
    if group:
        yield group


def _changes(group: list[str], line: str) -> bool:
    """Tell whether a list or a quotation begins in the middle of a group."""
    if not group or FENCE.match(group[0]):
        return False
    return any(pattern.match(line) and not pattern.match(group[0]) for pattern in (ITEM, QUOTE))


def _typed(group: list[str]) -> Iterator[Piece]:
    heading = HEADING.match(group[0])
    if heading:
        yield Piece(BlockKind.HEADING, plain_inline(heading[1].rstrip("# ")))
    elif FENCE.match(group[0]) or RULE.match(group[0]) or _is_table(group):
        yield Piece(BlockKind.OTHER, tidy_spaces("\n".join(group)))
    elif REFERENCE.match(group[0]):
        return
    elif IMAGE.fullmatch(" ".join(group).strip()):
        yield Piece(BlockKind.CAPTION, IMAGE.sub(r"\1", " ".join(group)).strip())
    elif ITEM.match(group[0]):
        items = [plain_inline(item) for item in _items(group)]
        yield Piece(list_kind(items), "\n".join(items))
    elif QUOTE.match(group[0]):
        lines = [match[1] if (match := QUOTE.match(line)) else line for line in group]
        yield Piece(BlockKind.PARAGRAPH, plain_inline(join_lines(lines)))
    else:
        yield Piece(BlockKind.PARAGRAPH, plain_inline(join_lines(group)))


def _is_table(group: list[str]) -> bool:
    ruled = len(group) > 1 and "|" in group[1] and set(group[1]) <= TABLE_RULE
    return ruled or all(line.lstrip().startswith("|") for line in group)


def _items(group: list[str]) -> list[str]:
    items: list[list[str]] = []
    for line in group:
        match = ITEM.match(line)
        if match:
            items.append([match[2]])
        else:
            items[-1].append(line)
    return [join_lines(item) for item in items]
