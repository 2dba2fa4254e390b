"""Documents that went wrong: mutations of the samples, each from its own seed."""

import gzip
import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

MAX_BYTES = 40_000
"""Samples are cut to this length, so that ten thousand of them take minutes."""

Mutation = Callable[[bytes, random.Random], bytes]


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _flip(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 5, 50))):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _drop(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    return data[:start] + data[start + rng.choice((1, 10, 1000)) :]


def _insert(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    junk = rng.choice(
        (
            b"\0",
            b"\xff\xfe",
            b"<div>" * 300,
            b"</p>",
            b'"',
            b"{" * 500,
            b"[" * 500,
            b"&#x110000;",
            b"\xe2\x80",
            b"<!--",
            b"]]>",
            b"---\n",
            b"\r",
            b"\\ud800",
        )
    )
    return data[:start] + junk + data[start:]


def _repeat(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    piece = data[start : start + rng.choice((10, 200, 2000))]
    return data[:start] + piece * rng.choice((2, 5, 20)) + data[start:]


def _swap_lines(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    rng.shuffle(lines)
    return b"\n".join(lines)


def _recode(data: bytes, rng: random.Random) -> bytes:
    return data.decode("utf-8", "replace").encode(
        rng.choice(("utf-16", "cp1251", "cp1252", "utf-32", "utf-7", "koi8-r")), "replace"
    )


def _zip(data: bytes, rng: random.Random) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        archive.writestr("member", data)
    return buffer.getvalue()


def _gzip(data: bytes, _: random.Random) -> bytes:
    return gzip.compress(data, 1)


MUTATIONS: tuple[Mutation, ...] = (_cut, _flip, _drop, _insert, _repeat, _swap_lines, _recode, _zip, _gzip)


def originals(*folders: Path) -> list[bytes]:
    """Return the documents to mutate, in a fixed order."""
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    return [path.read_bytes()[:MAX_BYTES] for path in files]


def mutated(documents: list[bytes], seed: int) -> bytes:
    """Return a document to which one to four things happened."""
    rng = random.Random(seed)
    data = rng.choice(documents)
    for _ in range(rng.randint(1, 4)):
        if data:
            data = rng.choice(MUTATIONS)(data, rng)
    return data
