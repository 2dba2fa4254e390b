"""From an input to articles and rejections: the choice of reader, and the last line of defence.

What belongs here: dispatch by format. What does not: any format, and what makes a draft an article (`finish`).
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from stance.ingest.decode import HEAD_BYTES
from stance.ingest.documents import READERS, read_document
from stance.ingest.drafts import Draft, Input, reject
from stance.ingest.finish import finish
from stance.ingest.formats import Detected, Format, detect
from stance.ingest.jsonl import read_json, read_jsonl
from stance.ingest.options import ReadOptions
from stance.ingest.rows import known_names
from stance.ingest.sources import SourceRef
from stance.ingest.tables import read_csv, read_parquet
from stance.records import Article, Reason, Rejection

PACKED = frozenset({Format.ZIP, Format.TAR, Format.GZIP, Format.WARC})
"""Formats around others: a forced format is that of what lies inside."""


def read(ref: SourceRef, options: ReadOptions) -> Iterator[Article | Rejection]:
    """Yield the articles of an input, and a rejection for each thing in it that is none; at least one of either.

    The format is told from the content unless `options.from_format` names one. Memory stays bounded by the largest
    single document, whatever the size of the input.
    """
    try:
        sha256 = ref.digest()
        with Path(ref.path).open("rb") as stream:
            folder = None if ref.url else Path(ref.path).parent
            source = Input(name=ref.name, stream=stream, options=options, url=ref.url, outlet=ref.outlet, folder=folder)
            for item in read_stream(source):
                yield finish(item, options, sha256) if isinstance(item, Draft) else item
    except OSError as error:
        yield reject(ref.name, Reason.UNREADABLE, f"{error.strerror or error}", outlet=ref.outlet)


def read_stream(source: Input) -> Iterator[Draft | Rejection]:
    """Yield the drafts and rejections of a stream."""
    detected = _format(source)
    if detected.format is None:
        yield reject(source.name, detected.reason or Reason.UNSUPPORTED_FORMAT, detected.detail, outlet=source.outlet)
    elif detected.format in READERS:
        yield read_document(source, detected.format)
    else:
        yield from (_with_outlet(item, source) for item in _read_many(source, detected.format))


def _format(source: Input) -> Detected:
    head = source.stream.read(HEAD_BYTES)
    source.stream.seek(0)
    found = detect(head, known_names(source.options.columns))
    forced = source.options.from_format
    if forced is None or found.reason is Reason.EMPTY or found.format in PACKED:
        return found
    return Detected(forced)


def _with_outlet(item: Draft | Rejection, source: Input) -> Draft | Rejection:
    return item if item.outlet else replace(item, outlet=source.outlet)


def _read_many(source: Input, form: Format) -> Iterator[Draft | Rejection]:
    match form:
        case Format.JSONL:
            return read_jsonl(source)
        case Format.JSON:
            return read_json(source)
        case Format.CSV:
            return read_csv(source)
        case Format.PARQUET:
            return read_parquet(source)
        case Format.FEED:
            from stance.ingest.feeds import read_feed  # feedparser and lxml are needed for feeds only

            return read_feed(source)
        case Format.MAIL:
            from stance.ingest.mail import read_mail

            return read_mail(source)
        case Format.NEXIS:
            from stance.ingest.nexis import read_nexis

            return read_nexis(source)
        case Format.WARC:
            from stance.ingest.archives import read_warc

            return read_warc(source, read_stream)
        case _:
            from stance.ingest.archives import read_packed

            return read_packed(source, form, read_stream)
