"""One paragraph, scored on the spot: what `stance score` shows.

What belongs here: putting the same stages together as a run does, for one text. What does not: printing.
"""

from dataclasses import dataclass

from stance import opinions, sought
from stance.config import RunConfig
from stance.pipeline.preparing import preparer
from stance.pipeline.rows import rounded, rounded_score
from stance.records import Mention, Span, Target, TargetScore, Triple, Utterance
from stance.scorers.build import build_scorer


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetView:
    """One target in the paragraph."""

    target: Target
    mentions: tuple[Mention, ...]
    score: TargetScore
    opinions: tuple[opinions.Opinion, ...]
    """The author's first, then the speakers' in order of appearance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphView:
    """Everything that is known about one paragraph."""

    text: str
    targets: tuple[TargetView, ...]
    """Those that the text mentions, in the catalogue's order."""
    doubted: tuple[Mention, ...]
    """What the catalogue takes for mentions and the scorer does not."""
    utterances: tuple[Utterance, ...]
    sentiment: Triple
    """Negative, neutral, positive."""
    windows: int
    """How many windows the text was read in."""
    scorer: str
    """Fingerprint."""


def score_text(text: str, config: RunConfig) -> ParagraphView:
    """Score one paragraph.

    Raises:
        ConfigError: the catalogue or the scorer is missing or wrong.
        ScorerError: the scorer could not answer.
    """
    scorer = build_scorer(config.scorer)
    ready = preparer(config.targets, seek=config.scorer.seeks)
    prepared = ready.prepare([text])[0]
    answer = scorer.score([prepared.passage])[0]
    views = []
    doubted: list[Mention] = []
    for query, raw in zip(prepared.passage.targets, answer.targets, strict=True):
        mentions = tuple(sought.mentions(prepared.passage, query, raw, prepared.listed))
        doubted += (each for each in prepared.listed if each.target == query.id and each not in mentions)
        if not mentions:
            continue
        score, target = rounded_score(raw), ready.catalog.target(query.id)
        spans = [Span(mention.start, mention.end) for mention in mentions]
        showing = ready.showing(prepared, score)
        voices = opinions.rows(text, spans, target.id, score, prepared.utterances, showing)
        views.append(TargetView(target=target, mentions=mentions, score=score, opinions=tuple(voices)))
    return ParagraphView(
        text=text,
        targets=tuple(views),
        doubted=tuple(doubted),
        utterances=prepared.utterances,
        sentiment=rounded(answer.sentiment),
        windows=answer.windows,
        scorer=scorer.fingerprint,
    )
