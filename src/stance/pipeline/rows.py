"""Records to rows of the tables, and back where a row stands in for scoring again.

What belongs here: names of columns beside fields of records, and rounding. What does not: files, and what to score.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from stance import opinions
from stance.ids import content_id
from stance.pipeline.preparing import Prepared
from stance.records import Article, BlockKind, Mention, Paragraph, Sentiment, Shown, Span, Stance, TargetScore, Triple
from stance.shown import Holder
from stance.store.schemas import TRIPLES

DECIMALS = 4
"""Probabilities are rounded to this right after the scorer, and all else is computed from the rounded ones: a score
that is read back from a table gives the same rows as one just made. Triples then sum to 1 within 0.0002."""

Row = dict[str, Any]


def rounded(triple: Sequence[float]) -> Triple:
    """Return probabilities as the tables hold them."""
    return Triple(*(round(float(part), DECIMALS) for part in triple))


def rounded_score(score: TargetScore) -> TargetScore:
    """Return a score as the tables hold it."""
    return TargetScore(
        overall=rounded(score.overall),
        author=rounded(score.author),
        reported=rounded(score.reported),
        voices=tuple(map(rounded, score.voices)),
        evidence=score.evidence,
        unsure=score.unsure,
        found=score.found,
        kept=score.kept,
        shown=score.shown and tuple(replace(one, triple=rounded(one.triple)) for one in score.shown),
    )


def article_row(article: Article, paragraphs: int) -> Row:
    """Return a row of `articles`; what depends on other articles is filled in when tables are merged."""
    return {
        "article_id": article.id,
        "outlet": article.outlet,
        "url": article.url,
        "title": article.title,
        "author": article.author,
        "published": article.published,
        "language": article.language,
        "language_validated": article.language_validated,
        "credit": article.credit,
        "story_id": article.id,
        "story_first": True,
        "latest": True,
        "generation": 0,
        "paragraphs": paragraphs,
        "body": article.body,
        "source": article.source,
        "source_sha256": article.source_sha256,
    }


def paragraph_rows(article: Article, paragraphs: Sequence[Paragraph]) -> Iterator[Row]:
    """Yield the rows of `paragraphs`: one per block of the body, furniture included."""
    numbered = {paragraph.start: paragraph for paragraph in paragraphs}
    for block in article.blocks:
        paragraph = numbered.get(block.start) if block.kind is BlockKind.PARAGRAPH else None
        furniture = content_id([article.id, block.kind, block.start]) if paragraph is None else ""
        yield {
            "paragraph_id": paragraph.id if paragraph else furniture,
            "article_id": article.id,
            "outlet": article.outlet,
            "published": article.published,
            "index": paragraph.index if paragraph else None,
            "kind": block.kind,
            "start": block.start,
            "end": block.end,
            "text": article.body[block.start : block.end],
        }


def sentiment_row(head: Row, sentiment: Triple, windows: int, sought: str, scorer: str) -> Row:
    """Return a row of `sentiments`; `head` names the paragraph, `sought` what was looked for in it."""
    label = tuple(Sentiment)[max(range(3), key=sentiment.__getitem__)]
    return head | {
        "negative": sentiment[0],
        "neutral": sentiment[1],
        "positive": sentiment[2],
        "label": label,
        "windows": windows,
        "sought": sought,
        "scorer": scorer,
    }


def score_row(
    head: Row,
    prepared: Prepared,
    target: str,
    mentions: Sequence[Mention],
    score: TargetScore,
    key: str,
    scorer: str,
) -> Row:
    """Return a row of `scores`; `head` names the paragraph and its article's language."""
    triples = {
        f"{name}_{stance}": part
        for name, triple in zip(TRIPLES, (score.overall, score.author, score.reported), strict=True)
        for stance, part in zip(Stance, triple, strict=True)
    }
    return (
        head
        | triples
        | {
            "target": target,
            "label": score.overall.label,
            "polarity": round(score.overall.polarity, DECIMALS),
            "confidence": score.overall.confidence,
            "unsure": score.unsure,
            "evidence_start": score.evidence.start,
            "evidence_end": score.evidence.end,
            "mentions": list(map(_mention, mentions)),
            "reported_speech": bool(prepared.utterances),
            "voices": [
                {"holder": holder} | _parts(voice) for holder, voice in zip(prepared.holders, score.voices, strict=True)
            ],
            "shown": None if score.shown is None else list(map(_shown, score.shown)),
            "latest": True,
            "key": key,
            "scorer": scorer,
        }
    )


def score_of(row: Mapping[str, Any]) -> TargetScore:
    """Return what the scorer said, from a row of `scores`."""
    overall, author, reported = (rounded([row[f"{name}_{stance}"] for stance in Stance]) for name in TRIPLES)
    return TargetScore(
        overall=overall,
        author=author,
        reported=reported,
        voices=tuple(rounded([voice[stance] for stance in Stance]) for voice in row["voices"]),
        evidence=Span(row["evidence_start"], row["evidence_end"]),
        unsure=row["unsure"],
        found=_places(row["mentions"], coref=True),
        kept=_places(row["mentions"], coref=False),
        shown=None if row["shown"] is None else tuple(map(_shown_of, row["shown"])),
    )


def opinion_rows(
    head: Row,
    prepared: Prepared,
    target: str,
    mentions: Sequence[Mention],
    score: TargetScore,
    showing: Sequence[Holder],
    scorer: str,
) -> Iterator[Row]:
    """Yield the rows of `opinions` for one pair."""
    spans = [Span(mention.start, mention.end) for mention in mentions]
    for opinion in opinions.rows(prepared.text, spans, target, score, prepared.utterances, showing):
        yield head | {"target": target} | opinion_fields(opinion) | {"scorer": scorer}


def opinion_fields(opinion: opinions.Opinion) -> Row:
    """Return an opinion as the tables hold it, beside what names its paragraph, target and scorer."""
    return {
        "holder": opinion.holder,
        "holder_name": opinion.holder_name,
        "holder_kind": opinion.holder_kind,
        "holder_target": opinion.holder_target,
        "direct": opinion.direct,
        "distance": opinion.distance,
        **_parts(opinion.triple),
        "label": opinion.triple.label,
        "polarity": round(opinion.triple.polarity, DECIMALS),
        "share": round(opinion.share, DECIMALS),
        "spans": [{"start": span.start, "end": span.end} for span in opinion.spans],
        "evidence_start": opinion.evidence.start,
        "evidence_end": opinion.evidence.end,
    }


def _parts(triple: Triple) -> Row:
    return dict(zip(("against", "neutral", "favor"), rounded(triple), strict=True))


def _shown_of(each: Mapping[str, Any]) -> Shown:
    return Shown(
        holder=Span(each["start"], each["end"]),
        clause=Span(each["clause_start"], each["clause_end"]),
        triple=rounded([each[stance] for stance in Stance]),
    )


def _shown(one: Shown) -> Row:
    (start, end), (first, last) = one.holder, one.clause
    return {"start": start, "end": end, "clause_start": first, "clause_end": last, **_parts(one.triple)}


def _places(mentions: Sequence[Mapping[str, Any]], *, coref: bool) -> tuple[Span, ...]:
    return tuple(Span(each["start"], each["end"]) for each in mentions if each["coref"] is coref)


def _mention(mention: Mention) -> Row:
    return {"start": mention.start, "end": mention.end, "text": mention.text, "coref": mention.coref}
