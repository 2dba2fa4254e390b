"""Archives: zip, tar, gzip and WARC, unpacked in bounded space and never to the disk.

What belongs here: members, their names and their limits. What does not: the formats of the members.
"""

import gzip
import io
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Protocol

from stance.ingest.drafts import Draft, Input, reject
from stance.ingest.formats import Format
from stance.records import Reason, Rejection

WarcRecord = Any
"""fastwarc has no types."""
Reader = Callable[[Input], Iterator[Draft | Rejection]]

WARC_START = b"WARC/"
CHUNK = 1 << 18
IN_MEMORY = 8_000_000
"""Bytes of a member that are held in memory; a larger one is spooled to an unnamed temporary file."""
RATIO_FROM = 1_000_000
"""Bytes from which the ratio of unpacked to packed is looked at; small files of one letter are no bombs."""
OFFICE = frozenset({"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml"})


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class TooMuch(ValueError):
    """An archive that unpacks to more than the options allow."""


def read_packed(source: Input, form: Format, read: Reader) -> Iterator[Draft | Rejection]:
    """Yield what the members of a zip, tar or gzip file hold; names that a walk passes over are passed over here too.

    Args:
        source: the archive.
        form: `ZIP`, `TAR` or `GZIP`.
        read: reads one member.
    """
    if source.depth >= source.options.max_depth:
        detail = f"expected archives at most {source.options.max_depth} deep in archives"
        yield reject(source.name, Reason.LIMIT, detail)
        return
    source = source if source.budget else replace(source, budget=[source.options.max_unpacked_bytes])
    yield from {Format.ZIP: _zip, Format.TAR: _tar, Format.GZIP: _gzip}[form](source, read)


def _gzip(source: Input, read: Reader) -> Iterator[Draft | Rejection]:
    packed = _size(source.stream)
    try:
        with gzip.GzipFile(fileobj=source.stream, mode="rb") as member:
            if member.read(len(WARC_START)) == WARC_START:
                source.stream.seek(0)
                yield from read_warc(source, read)  # it unpacks record by record, whatever their number
                return
        source.stream.seek(0)
        with gzip.GzipFile(fileobj=source.stream, mode="rb") as member:
            unpacked = _spool(member, packed, source)
    except TooMuch as error:
        yield reject(source.name, Reason.LIMIT, str(error))
    except (OSError, EOFError, zlib.error) as error:
        yield reject(source.name, Reason.MALFORMED, f"gzip: {error}")
    else:
        with unpacked:
            yield from read(replace(source, stream=unpacked, depth=source.depth + 1, folder=None))


def _zip(source: Input, read: Reader) -> Iterator[Draft | Rejection]:
    try:
        archive = zipfile.ZipFile(source.stream)
        members = sorted(archive.infolist(), key=lambda member: member.filename)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        yield reject(source.name, Reason.MALFORMED, f"zip: {error}")
        return
    names = {member.filename for member in members}
    if names & OFFICE:
        yield reject(
            source.name, Reason.UNSUPPORTED_FORMAT, "an office document, book or program; save it as text or PDF"
        )
        return
    if len(members) > source.options.max_members:
        detail = f"expected at most {source.options.max_members:,} members, got {len(members):,}"
        yield reject(source.name, Reason.LIMIT, detail)
        return
    files = [member for member in members if not member.is_dir() and not _ignored(member.filename, source)]
    if not files:
        yield reject(source.name, Reason.EMPTY, "a zip file without files")
    for member in files:
        yield from _member(archive, member, source, read)


def _member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, source: Input, read: Reader
) -> Iterator[Draft | Rejection]:
    name = f"{source.name}!{member.filename}"
    if is_unsafe(member.filename) or stat.S_ISLNK(member.external_attr >> 16):
        yield reject(name, Reason.UNSAFE_PATH, "absolute names, '..' and links are not followed")
        return
    try:
        with archive.open(member) as stream:
            unpacked = _spool(stream, member.compress_size, source)
    except TooMuch as error:
        yield reject(name, Reason.LIMIT, str(error))
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, NotImplementedError, zlib.error) as error:
        yield reject(name, Reason.UNREADABLE if member.flag_bits & 1 else Reason.MALFORMED, f"zip: {error}")
    else:
        with unpacked:
            yield from read(replace(source, name=name, stream=unpacked, depth=source.depth + 1, folder=None))


def _tar(source: Input, read: Reader) -> Iterator[Draft | Rejection]:
    found = 0
    try:
        with tarfile.open(fileobj=source.stream, mode="r:") as archive:
            for member in archive:
                if member.isdir() or _ignored(member.name, source):
                    continue
                found += 1
                if found > source.options.max_members:
                    detail = f"expected at most {source.options.max_members:,} members"
                    yield reject(source.name, Reason.LIMIT, detail)
                    return
                yield from _tar_member(archive, member, source, read)
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        found += 1
        yield reject(source.name, Reason.MALFORMED, f"tar: {error}")
    if not found:
        yield reject(source.name, Reason.EMPTY, "a tar file without files")


def _tar_member(
    archive: tarfile.TarFile, member: tarfile.TarInfo, source: Input, read: Reader
) -> Iterator[Draft | Rejection]:
    name = f"{source.name}!{member.name}"
    stream = None if is_unsafe(member.name) or not member.isreg() else archive.extractfile(member)
    if stream is None:
        yield reject(name, Reason.UNSAFE_PATH, "absolute names, '..' and links are not followed")
        return
    try:
        unpacked = _spool(stream, member.size, source)
    except TooMuch as error:
        yield reject(name, Reason.LIMIT, str(error))
    else:
        with unpacked:
            yield from read(replace(source, name=name, stream=unpacked, depth=source.depth + 1, folder=None))


def _ignored(name: str, source: Input) -> bool:
    """Tell whether a member is passed over, by its name or a folder's; those of a Mac's own are."""
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in (".", "..", "/")]
    patterns = (*source.options.ignore, "__MACOSX")
    return any(fnmatch(part, pattern) for part in parts for pattern in patterns)


def read_warc(source: Input, read: Reader) -> Iterator[Draft | Rejection]:
    """Yield what the responses in a web archive hold; the date of a record is that of the visit and is not used."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType  # a compiled library, needed for WARC only

    kinds = WarcRecordType.response | WarcRecordType.resource
    found = False
    try:
        for record in ArchiveIterator(source.stream, record_types=kinds, parse_http=True, auto_decode="all"):
            found = True
            yield from _response(record, source, read)
    except (OSError, ValueError, zlib.error) as error:
        found = True
        yield reject(source.name, Reason.MALFORMED, f"WARC: {error}")
    if not found:
        yield reject(source.name, Reason.EMPTY, "a web archive without responses")


def _response(record: WarcRecord, source: Input, read: Reader) -> Iterator[Draft | Rejection]:
    url = record.headers.get("WARC-Target-URI", "").strip("<>")
    name, limit = f"{source.name}!{url}", source.options.max_document_bytes
    status = record.http_headers.status_code if record.http_headers else None
    if status not in (None, 200):
        yield reject(name, Reason.FETCH_FAILED, f"the archived answer has status {status}")
        return
    data = record.reader.read(limit + 1)
    if len(data) > limit:
        yield reject(name, Reason.TOO_LARGE, f"expected at most {limit:,} bytes in one document")
        return
    inner = replace(source, name=name, stream=io.BytesIO(data), url=url, depth=source.depth + 1, folder=None)
    yield from read(inner)


def is_unsafe(name: str) -> bool:
    """Tell whether a member's name leads out of the archive."""
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in path.parts[0] if path.parts else True


def _size(stream: BinaryIO) -> int:
    end = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    return end


def _spool(stream: _Readable, packed: int, source: Input) -> BinaryIO:
    """Unpack a member to memory or an unnamed file.

    Raises:
        TooMuch: it is larger than the budget of the whole archive, or its ratio is that of a bomb.
    """
    spool = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (the caller closes it)
    try:
        for chunk in _unpacked(stream, packed, source):
            spool.write(chunk)
    except BaseException:
        spool.close()
        raise
    spool.seek(0)
    return spool  # type: ignore[return-value]  # a binary file in all but name


def _unpacked(stream: _Readable, packed: int, source: Input) -> Iterator[bytes]:
    options, unpacked = source.options, 0
    while chunk := stream.read(CHUNK):
        unpacked += len(chunk)
        source.budget[0] -= len(chunk)
        if source.budget[0] < 0:
            raise TooMuch(f"expected at most {options.max_unpacked_bytes:,} bytes after unpacking")
        if unpacked > RATIO_FROM and unpacked > options.max_ratio * max(1, packed):
            raise TooMuch(f"unpacks to more than {options.max_ratio:g} times its size")
        yield chunk
