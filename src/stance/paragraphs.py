"""The unit of analysis: which stretches of an article's body are scored.

What belongs here: numbering and naming the paragraphs. What does not: finding and typing them, which the readers do.
"""

from stance.ids import content_id
from stance.records import Article, BlockKind, Paragraph


def split(article: Article) -> list[Paragraph]:
    """Return the paragraphs of an article in order; furniture is left out."""
    blocks = [block for block in article.blocks if block.kind is BlockKind.PARAGRAPH]
    return [
        _paragraph(article, index, block.start, block.end, article.body[block.start : block.end])
        for index, block in enumerate(blocks)
    ]


def _paragraph(article: Article, index: int, start: int, end: int, text: str) -> Paragraph:
    return Paragraph(
        id=content_id([article.id, index, text]), article_id=article.id, index=index, start=start, end=end, text=text
    )
