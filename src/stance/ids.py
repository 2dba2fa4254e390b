"""Content is identity: ids are hashes of canonical JSON.

What belongs here: the hash functions and nothing that knows what is hashed.
"""

import hashlib
import json

ID_LENGTH = 20
"""Hex digits kept of an id: 80 bits, so a billion rows collide with a chance below one in a million."""


def canonical_json(value: object) -> bytes:
    """Encode a JSON value so that equal values give equal bytes: sorted keys, no spaces, UTF-8.

    File names that are no UTF-8 survive, and `json.loads` gives them back.
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "surrogatepass")


def content_id(value: object) -> str:
    """Return the id of a JSON value: the first `ID_LENGTH` hex digits of its SHA-256."""
    return hashlib.sha256(canonical_json(value)).hexdigest()[:ID_LENGTH]


def sha256_bytes(data: bytes) -> str:
    """Return the full SHA-256 of bytes, in hex."""
    return hashlib.sha256(data).hexdigest()
