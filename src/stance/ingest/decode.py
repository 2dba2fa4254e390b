"""From bytes to text, whatever the bytes say of themselves.

What belongs here: choosing and repairing encodings. What does not: characters (`clean`) and finding a declaration in a
format other than HTML and XML.
"""

import codecs
import re
from collections import Counter

HEAD_BYTES = 65_536
"""How much of the beginning of a document is looked at."""

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Marks in the order to try them: the 32-bit mark begins with the 16-bit one."""
DECLARATION = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})|<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})",
    re.IGNORECASE,
)
CANDIDATES = (
    "cp1252", "cp1251", "koi8_r", "koi8_u", "cp1250", "cp1254", "cp1253", "cp1256", "iso8859_5", "cp866",
    "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr",
)  # fmt: skip
"""What detection chooses from; the many other code pages are rarer than a wrong guess of them."""
MOJIBAKE = re.compile(
    "[\u00c2\u00c3\u00c5\u00d0\u00d1\u00e2][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
ACCENTED = re.compile("[\u00c0-\u00ff]")
LETTER = re.compile(r"[^\W\d_]")
LATIN = frozenset({"cp1250", "cp1252", "cp1254"})
"""Encodings between which few accents decide nothing: the commonest is taken, unless it puts symbols into words."""
SYMBOL_IN_WORD = re.compile("[A-Za-z][\u00a1-\u00ac\u00ae-\u00b6\u00b8-\u00bf\ufffd][a-z]")
WIDE_HEAD, WIDE_LEAST = 2000, 8
"""Bytes looked at for UTF-16 without a mark, and the fewest that tell."""
MOSTLY = 0.9
MAX_DAMAGE = 0.02
"""Share of bytes that may be wrong in a text still taken for UTF-8."""

_LOOSE_1252 = {byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0x100)}


def _as_1252(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are not UTF-8 as Windows-1252, the usual origin of strays."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(_LOOSE_1252.get(byte, "\ufffd") for byte in error.object[error.start : error.end]), error.end


codecs.register_error("stance_1252", _as_1252)


def decode(data: bytes, declared: str = "") -> str:
    """Return the text of a document.

    In this order: byte order mark, UTF-8 that is valid, the declared encoding if its result looks like text, UTF-8
    with a few strays (read as Windows-1252), detection. Text that was read in the wrong encoding before it was
    written is recovered.

    Args:
        data: the whole document.
        declared: an encoding named by a header; '' looks for a declaration in the document.
    """
    encoding = choose_encoding(data, declared)
    return repair_mojibake(data.decode(encoding, forgiving(encoding)))


def forgiving(encoding: str) -> str:
    """Return the error handler to decode with: strays in UTF-8 are read as Windows-1252, others are marked."""
    return "stance_1252" if encoding.startswith("utf-8") else "replace"


def choose_encoding(data: bytes, declared: str = "") -> str:
    """Return the name of the codec to read a document, or the head of one, with; see `decode`."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return encoding
    wide = _wide_without_mark(data)
    if wide:
        return wide
    strays = _strays(data)
    if strays == 0:
        return "utf-8"
    declared = _codec(declared or _declaration(data))
    if declared and declared != "utf-8" and _plausible(data, declared):
        return declared
    if strays <= MAX_DAMAGE * len(data) and _has_wide_characters(data):
        return "utf-8"
    return _detect(data)


def repair_mojibake(text: str) -> str:
    """Undo UTF-8 that was once read as Windows-1252 (`â€™` for `’`), if all of it can be undone."""
    if not MOJIBAKE.search(text[:HEAD_BYTES]):
        return text
    table = {ord(character): byte for byte, character in _LOOSE_1252.items()}
    try:
        repaired = bytes(table[ord(c)] if ord(c) > 0x7F else ord(c) for c in text).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return text
    return repaired


def _codec(name: str) -> str:
    """Return Python's name of an encoding; '' for none and for what is no text encoding."""
    try:
        found = codecs.lookup(name.strip())
    except (LookupError, ValueError):
        return ""
    if not found._is_text_encoding:
        return ""
    return {"iso8859-1": "cp1252", "ascii": "cp1252"}.get(found.name, found.name)


def _declaration(data: bytes) -> str:
    match = DECLARATION.search(data[:4096])
    return (match[1] or match[2]).decode("ascii") if match else ""


def _wide_without_mark(data: bytes) -> str:
    """UTF-16 shows in every other byte: zeros for Latin text, one or two values for any other alphabet."""
    head = data[:WIDE_HEAD]
    if len(head) < WIDE_LEAST or not head.count(0):
        return ""
    even, odd = Counter(head[::2]), Counter(head[1::2])
    for high, low, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        common = sum(count for _, count in high.most_common(2))
        if (
            0 in dict(high.most_common(2))
            and common > MOSTLY * high.total()
            and low[0] < high[0]
            and len(low) > len(high)
        ):
            return encoding
    return ""


def _strays(data: bytes) -> int:
    """Return how many bytes are not part of valid UTF-8; a character cut by the end counts as valid."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    try:
        decoder.decode(data)
    except UnicodeDecodeError:
        return max(1, len(data) - len(data.decode("utf-8", "ignore").encode()))
    return 0


def _has_wide_characters(data: bytes) -> bool:
    return len(data.decode("utf-8", "ignore")) < len(data.decode("utf-8", "ignore").encode())


def _plausible(data: bytes, encoding: str) -> bool:
    """Tell whether a declared encoding reads the data without error and without a soup of accents."""
    try:
        text = data.decode(encoding)
    except (UnicodeError, ValueError):
        return False
    letters = len(LETTER.findall(text))
    return encoding not in ("cp1252", "iso8859-15") or len(ACCENTED.findall(text)) <= 0.3 * letters


def _detect(data: bytes) -> str:
    from charset_normalizer import from_bytes  # slow to import, and needed for few documents

    best = from_bytes(data[:HEAD_BYTES], cp_isolation=list(CANDIDATES)).best()
    if best is None or (best.encoding in LATIN and not SYMBOL_IN_WORD.search(data.decode("cp1252", "replace"))):
        return "cp1252"
    return best.encoding
