"""Drawn pairs and labels, made short."""

from stance.annotate.records import Drawn, Label


def drawn(number: int, target: str = "government", **other: object) -> Drawn:
    facts = {
        "paragraph_id": f"p{number}",
        "target": target,
        "article_id": f"a{number}",
        "outlet": "The Ledger",
        "published": "2025-01-06",
        "title": f"Title, {number}",
        "text": f"“Text” of\nparagraph {number}; it is long.",
        "probability": 0.25,
        "design": "simple",
        "draw": 1,
        "seed": 0,
        "predicted": "against",
        "against": 0.7,
        "neutral": 0.2,
        "favor": 0.1,
        "unsure": False,
        "scorer": "tests",
    }
    return Drawn(**{**facts, **other})


def label(number: int, overall: str, annotator: str = "ann", target: str = "government", **other: object) -> Label:
    return Label(paragraph_id=f"p{number}", target=target, annotator=annotator, overall=overall, **other)
