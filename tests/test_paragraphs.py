# ruff: noqa: E501 (samples of mark-up are read more easily on one line)
"""Paragraphs: spans of the body, numbered without gaps, named by content."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from stance.paragraphs import split
from stance.records import Article, Block, BlockKind

texts = st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), min_size=1, max_size=40)
pieces = st.lists(st.tuples(st.sampled_from(BlockKind), texts), max_size=12)


def build(parts: list[tuple[BlockKind, str]], *, article_id: str = "a") -> Article:
    blocks, start = [], 0
    for kind, text in parts:
        blocks.append(Block(start=start, end=start + len(text), kind=kind))
        start += len(text) + 2
    return Article(
        id=article_id, outlet="o", url="u", title="t", author="", published=datetime(2025, 1, 1, tzinfo=UTC), language="en",
        language_validated=True, body="\n\n".join(text for _, text in parts), blocks=tuple(blocks), credit="", source="s",
        source_sha256="0" * 64,
    )  # fmt: skip


@given(pieces)
def test_paragraphs_are_the_spans_of_their_kind_in_order(parts):
    article = build(parts)
    found = split(article)
    assert [p.text for p in found] == [text for kind, text in parts if kind is BlockKind.PARAGRAPH]
    assert [p.index for p in found] == list(range(len(found)))
    assert all(article.body[p.start : p.end] == p.text and p.article_id == article.id for p in found)
    assert len({p.id for p in found}) == len(found)


def test_ids_depend_on_article_place_and_text_only():
    one = split(build([(BlockKind.PARAGRAPH, "Same"), (BlockKind.PARAGRAPH, "Same")]))
    moved = split(build([(BlockKind.HEADING, "Head"), (BlockKind.PARAGRAPH, "Same")]))
    other = split(build([(BlockKind.PARAGRAPH, "Same")], article_id="b"))
    assert one[0].id != one[1].id
    assert one[0].id == moved[0].id
    assert one[0].id != other[0].id
