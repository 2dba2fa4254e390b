# ruff: noqa: E501 (samples of mark-up are read more easily on one line)
"""Mutated samples: nothing crashes, and every input yields at least one article or rejection; `benchmarks/fuzz.py` runs more."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.ingest import ReadOptions, read
from stance.ingest.formats import Format
from stance.ingest.sources import SourceRef
from stance.paragraphs import split
from stance.records import Article

from .conftest import SAMPLES
from .mutate import mutated, originals

GOLD = SAMPLES.parent / "gold/paragraphs/documents"
OPTIONS = ReadOptions(allow_languages=("ru",), max_document_bytes=200_000, max_unpacked_bytes=1_000_000)


def outcome(path: Path, data: bytes, options: ReadOptions = OPTIONS) -> int:
    """Read bytes and check what comes of them; returns how many things came."""
    path.write_bytes(data)
    items = list(read(SourceRef(path=str(path), size=len(data)), options))
    for item in items:
        if isinstance(item, Article):
            assert all(item.body[p.start : p.end] == p.text for p in split(item))
            item.body.encode()
        else:
            assert item.detail
    return len(items)


@pytest.fixture(scope="module")
def documents() -> list[bytes]:
    return originals(SAMPLES, GOLD)


@pytest.mark.parametrize("start", range(0, 150, 50))
def test_mutated_documents_are_read_or_rejected(tmp_path, documents, start):
    for seed in range(start, start + 50):
        assert outcome(tmp_path / "x", mutated(documents, seed)) >= 1, seed


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300), form=st.sampled_from([None, *Format]))
def test_any_bytes_in_any_forced_format_are_read_or_rejected(tmp_path_factory, data, form):
    options = OPTIONS.model_copy(update={"from_format": form})
    assert outcome(tmp_path_factory.getbasetemp() / "any", data, options) >= 1
