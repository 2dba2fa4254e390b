"""Messages: mailboxes of lists and agencies, single messages, and pages that a browser saved as one file (MHTML).

What belongs here: parting a mailbox, headers, the choice of a message's text. What does not: pages (`page`). What is
attached to a message is not read.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr

from stance.ingest.clean import clean_line
from stance.ingest.decode import decode
from stance.ingest.drafts import Draft, Input, reject
from stance.ingest.plain import plain_pieces
from stance.records import Reason, Rejection

POSTMARK = re.compile(rb"From \S+ .*\d{2}:\d{2}.*\d{4}")
"""The line between two messages of a mailbox."""
SAVED = "Snapshot-Content-Location"
"""Header of a page that a browser saved; its date is that of the visit."""
SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
ESCAPED_FROM = re.compile(r"^>(?=From )", re.MULTILINE)


def read_mail(source: Input) -> Iterator[Draft | Rejection]:
    """Yield the messages of a mailbox, or the one message or saved page that the file is, each once."""
    limit = source.options.max_document_bytes
    for number, data in enumerate(_messages(source, limit), 1):
        name = f"{source.name}#{number}"
        if len(data) > limit:
            yield reject(name, Reason.TOO_LARGE, f"expected at most {limit:,} bytes in one message", line=number)
        else:
            yield _read(replace(source, name=name), data)


def _messages(source: Input, limit: int) -> Iterator[bytes]:
    """Yield the messages, of a longer one than the limit only its beginning."""
    message, blank = bytearray(), True
    while line := source.stream.readline(limit + 1):
        if blank and POSTMARK.match(line):
            if message.strip():
                yield bytes(message)
            message.clear()
        elif len(message) <= limit:
            message += line
        blank = not line.strip()
    if message.strip():
        yield bytes(message)


def _read(source: Input, data: bytes) -> Draft | Rejection:
    message = message_from_bytes(data)
    parts = [part for part in message.walk() if part.get_content_maintype() == "text" and not part.get_filename()]
    plain, pages = (
        next((part for part in parts if part.get_content_subtype() == kind and _bytes(part).strip()), None)
        for kind in ("plain", "html")
    )
    if message[SAVED] is not None:
        return _saved_page(source, message, pages)
    if plain is not None:
        draft: Draft | Rejection = Draft(source=source.name, pieces=tuple(plain_pieces(_text(plain))), url=source.url)
    elif pages is not None:
        draft = _page(source, pages)
    else:
        draft = reject(source.name, Reason.NO_TEXT, "a message without text", stage="extract", outlet=source.outlet)
    if isinstance(draft, Rejection):
        return draft
    name, address = parseaddr(_header(message, "From"))
    return replace(
        draft,
        title=_header(message, "Subject"),
        author=name,
        published=_header(message, "Date"),
        outlet=source.outlet or address.rpartition("@")[2],
    )


def _saved_page(source: Input, message: Message, page: Message | None) -> Draft | Rejection:
    if page is None:
        return reject(source.name, Reason.NO_TEXT, "a saved page without a page", stage="extract", outlet=source.outlet)
    address = _header(message, SAVED)
    return _page(replace(source, url=address if address.startswith("http") else source.url), page)


def _page(source: Input, part: Message) -> Draft | Rejection:
    from stance.ingest.page import read_page  # lxml is needed for pages only

    return read_page(source, _bytes(part), part.get_content_charset() or "")


def _bytes(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _text(part: Message) -> str:
    """Return a plain text without the signature below it."""
    text = decode(_bytes(part), part.get_content_charset() or "").replace("\r\n", "\n")
    return ESCAPED_FROM.sub("", SIGNATURE.split(text, maxsplit=1)[0] or text)


def _header(message: Message, name: str) -> str:
    raw = str(message.get(name, ""))
    try:
        return clean_line(str(make_header(decode_header(raw))))
    except (LookupError, ValueError):  # an encoding that is none, or bytes that are not in it
        return clean_line(raw)
