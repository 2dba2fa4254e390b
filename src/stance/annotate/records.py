"""The records of human labelling: what was drawn, and what somebody said about it.

What belongs here: the nouns and their own invariants. What does not: drawing, files, agreement.
"""

from dataclasses import dataclass

STANCES = ("against", "neutral", "favor")
ABSENT = "absent"
ADJUDICATED = "adjudicated"
"""Annotator whose label stands in place of all others of the same paragraph and target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A paragraph and the target it is to be labelled for."""

    paragraph_id: str
    target: str
    article_id: str
    outlet: str
    published: str
    """ISO date, '' if undated."""
    title: str
    text: str
    probability: float
    """Chance of this pair to be in the sample, over all draws so far; in (0, 1]."""
    design: str
    """Of the draw that brought it: simple, stratified, unsure."""
    draw: int
    """Number of that draw, from 1."""
    seed: int
    predicted: str
    """What the scorer said when it was drawn: against, neutral or favor."""
    against: float
    neutral: float
    favor: float
    unsure: bool
    scorer: str

    @property
    def key(self) -> tuple[str, str]:
        """What identifies it: paragraph and target."""
        return self.paragraph_id, self.target


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What one annotator said about one drawn pair, in the words of the codebook."""

    paragraph_id: str
    target: str
    annotator: str
    overall: str
    """against, neutral, favor, or absent if the paragraph does not mention the target after all."""
    author: str = ""
    """The author's own voice; '' if not labelled."""
    reported: tuple[tuple[str, str], ...] | None = None
    """Speakers with a stance toward the target, () if there are none, None if not labelled."""
    note: str = ""
    time: str = ""
    """When, in ISO format, '' if unknown."""

    def __post_init__(self) -> None:
        """Refuse words that the codebook does not have."""
        if not self.annotator:
            raise ValueError("the annotator has no name")
        if self.overall not in (*STANCES, ABSENT):
            raise ValueError(f"overall: expected against, neutral, favor or absent, got {self.overall!r}")
        if self.author not in (*STANCES, ""):
            raise ValueError(f"author: expected against, neutral, favor or nothing, got {self.author!r}")
        for speaker, stance in self.reported or ():
            if stance not in STANCES:
                raise ValueError(f"reported: expected 'speaker: against|neutral|favor', got {speaker!r}: {stance!r}")

    @property
    def key(self) -> tuple[str, str]:
        """What it is about: paragraph and target."""
        return self.paragraph_id, self.target

    @property
    def voices(self) -> str:
        """The larger side among the speakers, neutral if they balance, '' if nobody is reported or labelled."""
        balance = sum(STANCES.index(stance) - 1 for _, stance in self.reported or ())
        return STANCES[1 + (balance > 0) - (balance < 0)] if self.reported else ""
