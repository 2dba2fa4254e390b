"""The records' own invariants."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.records import Article, Block, BlockKind, Stance, Triple, check_span


def article(body: str, blocks: tuple[Block, ...]) -> Article:
    fields: dict[str, Any] = dict.fromkeys(("outlet", "url", "title", "author", "credit", "source_sha256"), "")
    return Article(
        **fields,
        id="a",
        published=datetime(2025, 1, 6, tzinfo=UTC),
        language="en",
        language_validated=True,
        body=body,
        blocks=blocks,
        source="x.txt",
    )


def block(start: int, end: int) -> Block:
    return Block(start=start, end=end, kind=BlockKind.PARAGRAPH)


@given(start=st.integers(-3, 12), end=st.integers(-3, 12))
def test_spans_are_refused_exactly_when_they_are_empty_or_leave_the_text(start: int, end: int) -> None:
    if 0 <= start < end <= 9:
        check_span(start, end, 9, "it")
    else:
        with pytest.raises(ValueError, match="expected 0 <= start < end <= 9"):
            check_span(start, end, 9, "it")


def test_blocks_must_lie_in_the_body_in_order() -> None:
    article("one\n\ntwo", (block(0, 3), block(5, 8)))
    with pytest.raises(ValueError, match="overlap"):
        article("one\n\ntwo", (block(0, 6), block(5, 8)))
    with pytest.raises(ValueError, match="expected 0 <= start < end <= 8"):
        article("one\n\ntwo", (block(5, 9),))


@given(parts=st.tuples(*[st.integers(0, 1000)] * 3).filter(any))
def test_label_polarity_and_confidence_belong_together(parts: tuple[int, int, int]) -> None:
    total = sum(parts)
    triple = Triple(*(part / total for part in parts))
    assert -1 <= triple.polarity <= 1
    assert triple.confidence + 1e-12 >= 1 / 3
    assert getattr(triple, triple.label) == triple.confidence


def test_ties_go_to_the_earlier_stance() -> None:
    assert Triple(0.5, 0.0, 0.5).label is Stance.AGAINST
    assert Triple(0.25, 0.375, 0.375).label is Stance.NEUTRAL
