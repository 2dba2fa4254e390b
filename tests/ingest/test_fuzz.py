# ruff: noqa: E501 (samples of mark-up are read more easily on one line)
"""Mutated documents: nothing crashes and nothing that was put in is lost; `benchmarks/fuzz.py` runs ten thousand."""

from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.ingest import ReadOptions, read
from stance.ingest.decode import HEAD_BYTES, choose_encoding
from stance.ingest.documents import READERS
from stance.ingest.formats import Format, detect
from stance.ingest.rows import known_names
from stance.ingest.sources import SourceRef
from stance.paragraphs import split
from stance.records import Article, Rejection

from .conftest import SAMPLES
from .made import made
from .mutate import mutated, originals

GOLD = SAMPLES.parent / "gold/paragraphs/documents"
OPTIONS = ReadOptions(allow_languages=("ru",), max_document_bytes=200_000, max_unpacked_bytes=1_000_000)


class Outcome(NamedTuple):
    """What came of one document."""

    articles: int
    rejections: int


def documents() -> list[bytes]:
    """Return the documents to mutate: the samples, the marked documents, and one article in every format."""
    return originals(SAMPLES, GOLD) + made()


def outcome(path: Path, data: bytes, options: ReadOptions = OPTIONS) -> Outcome:
    """Read bytes and check that all of it is accounted for: a document once, each line of JSON, anything else at least once."""
    path.write_bytes(data)
    items = list(read(SourceRef(path=str(path), size=len(data)), options))
    for item in items:
        if isinstance(item, Article):
            assert all(item.body[p.start : p.end] == p.text for p in split(item))
            item.body.encode()
        else:
            assert item.detail
    account(data, items, options)
    articles = sum(isinstance(item, Article) for item in items)
    return Outcome(articles, len(items) - articles)


def account(data: bytes, items: list[Article | Rejection], options: ReadOptions) -> None:
    """Fail if the items are not all that the data hold, counted without the readers."""
    assert items
    head = data[:HEAD_BYTES]
    form = options.from_format or detect(head, known_names(options.columns)).format
    if form is None or form in READERS:
        assert len(items) == 1
    elif form is Format.JSONL and not choose_encoding(head).startswith(("utf-16", "utf-32")):
        filled = {number for number, line in enumerate(data.split(b"\n"), 1) if line.strip()}
        assert {int(item.source.rpartition("#")[2].partition(".")[0]) for item in items} == filled


@pytest.fixture(scope="module")
def seeds() -> list[bytes]:
    return documents()


@pytest.mark.parametrize("start", range(0, 150, 50))
def test_mutated_documents_are_read_or_rejected(tmp_path, seeds, start):
    found = [outcome(tmp_path / "x", mutated(seeds, seed)) for seed in range(start, start + 50)]
    assert sum(one.articles for one in found) > 20
    assert sum(one.rejections for one in found) > 10


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300), form=st.sampled_from([None, *Format]))
def test_any_bytes_in_any_forced_format_are_read_or_rejected(tmp_path_factory, data, form):
    options = OPTIONS.model_copy(update={"from_format": form})
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(data)
    assert list(read(SourceRef(path=str(path), size=len(data)), options))
