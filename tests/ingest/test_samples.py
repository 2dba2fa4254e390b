# ruff: noqa: E501 (samples of mark-up are read more easily on one line)
"""The shipped samples: exactly the broken inputs are rejected, everything else is read as its README says."""

import re
from collections import Counter
from pathlib import Path

import pytest

from stance.ingest.stories import StoryInput, cluster, sketch
from stance.paragraphs import split
from stance.records import Article, BlockKind, Reason, Rejection

from .conftest import SAMPLES, read_paths

COUNTS = {
    "qaraly_today": [8, 9, 7, 8, 8, 9, 5],
    "kompas": [10, 9, 10, 10, 11],
    "northern_herald": [10, 10, 9, 9, 10, 10],
    "the_ledger": [7, 8, 8, 9, 10, 9],
    "evraziya_daily.xml": [8, 9, 8, 8, 8, 8],
    "steppe_wire.jsonl": [8, 9, 9, 8, 8, 8],
    "steppe_wire_extra.jsonl": [10],
}
"""Paragraphs of each outlet's articles in the order they are read."""


@pytest.fixture(scope="module")
def items() -> list[Article | Rejection]:
    return read_paths([SAMPLES])


@pytest.fixture(scope="module")
def articles(items: list[Article | Rejection]) -> list[Article]:
    return [item for item in items if isinstance(item, Article)]


def test_exactly_the_broken_ones_are_rejected(items):
    rejected = {Path(item.source).name: item.reason for item in items if isinstance(item, Rejection)}
    assert rejected == {
        "broken_truncated.html": Reason.NO_TEXT,
        "2025-01-15_spisok-saryna.html": Reason.UNVALIDATED_LANGUAGE,
        "steppe_wire.jsonl#5": Reason.MALFORMED,
    }
    malformed = next(item for item in items if isinstance(item, Rejection) and item.reason is Reason.MALFORMED)
    lines = (SAMPLES / "steppe_wire.jsonl").read_bytes().split(b"\n")
    assert (malformed.line, malformed.byte) == (5, sum(len(line) + 1 for line in lines[:4]))


def test_every_article_has_the_paragraphs_that_the_readme_counts(articles):
    assert len(articles) == 37
    for part, counts in COUNTS.items():
        found = [len(split(article)) for article in articles if f"samples/{part}" in article.source]
        assert found == counts, part


def test_metadata_are_complete(articles):
    outlets = Counter(article.outlet for article in articles)
    assert outlets == {
        "Qaraly Today": 7, "Kompas": 5, "Steppe Wire": 7, "Northern Herald": 6, "Evraziya Daily": 6, "The Ledger": 6,
    }  # fmt: skip
    for article in articles:
        assert article.url.startswith("https://"), article.source
        assert all((article.title, article.author, article.published))
        assert article.language == "en"
        assert re.fullmatch(r"[0-9a-f]{64}", article.source_sha256)


def test_the_two_syndicated_stories_are_found_with_their_credit(articles):
    marks = cluster(
        StoryInput(
            article_id=article.id,
            published=article.published,
            sketch=sketch("\n\n".join(paragraph.text for paragraph in split(article))),
        )
        for article in articles
    )
    assert len({mark.story_id for mark in marks.values()}) == 35
    reprints = [article for article in articles if not marks[article.id].first]
    assert sorted((article.outlet, article.credit) for article in reprints) == [
        ("Qaraly Today", "Steppe Wire"),
        ("The Ledger", "Steppe Wire"),
    ]


def test_furniture_is_kept_with_its_kind(articles):
    kinds = {block.kind for article in articles for block in article.blocks}
    assert kinds >= {
        BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.CAPTION, BlockKind.BYLINE, BlockKind.RELATED, BlockKind.COMMENTS,
        BlockKind.TAGS, BlockKind.CREDIT, BlockKind.SHARE,
    }  # fmt: skip


def test_the_russian_page_is_read_and_flagged_when_the_options_allow_it():
    items = read_paths([SAMPLES / "kompas"], allow_languages=("ru",))
    russian = next(item for item in items if isinstance(item, Article) and item.language == "ru")
    assert not russian.language_validated
    assert len(split(russian)) == 8


def test_the_files_of_the_index_are_read_once_also_when_named_beside_it():
    paths = [SAMPLES / "northern_herald", *sorted((SAMPLES / "northern_herald").glob("*.txt"))]
    assert len(read_paths(paths)) == 6
