"""The records in which the stages meet: one frozen class for each noun of the field.

What belongs here: the nouns, their own invariants, and the closed sets of words. What does not: reading, finding,
scoring or writing them. Every span is half-open, `[start, end)`, in characters of a named text.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Stance(StrEnum):
    """Attitude toward a target, in the order of every probability triple."""

    AGAINST = "against"
    NEUTRAL = "neutral"
    FAVOR = "favor"


class Sentiment(StrEnum):
    """Tone of a paragraph with no target, in the order of its probability triple."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class HolderKind(StrEnum):
    """What kind of voice speaks."""

    AUTHOR = "author"
    PERSON = "person"
    ORGANISATION = "organisation"
    CROWD = "crowd"
    UNKNOWN = "unknown"


class BlockKind(StrEnum):
    """What a stretch of an article's body is; only `PARAGRAPH` is scored, the rest is typed furniture."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CAPTION = "caption"
    BYLINE = "byline"
    RELATED = "related"
    COOKIE = "cookie"
    COMMENTS = "comments"
    TAGS = "tags"
    CREDIT = "credit"
    SHARE = "share"
    OTHER = "other"


class Reason(StrEnum):
    """Why an input did not become an article; the words are stable, users filter by them."""

    UNSUPPORTED_FORMAT = "unsupported_format"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    BINARY = "binary"
    TOO_LARGE = "too_large"
    MALFORMED = "malformed"
    MISSING_FIELD = "missing_field"
    NO_TEXT = "no_text"
    TOO_SHORT = "too_short"
    BAD_DATE = "bad_date"
    UNVALIDATED_LANGUAGE = "unvalidated_language"
    DUPLICATE = "duplicate"
    UNSAFE_PATH = "unsafe_path"
    FETCH_FAILED = "fetch_failed"
    DISALLOWED = "disallowed"
    LIMIT = "limit"


class Span(NamedTuple):
    """A half-open stretch `[start, end)` of a text."""

    start: int
    end: int


class Triple(NamedTuple):
    """Three probabilities that sum to 1: against/neutral/favor, or negative/neutral/positive for sentiment."""

    against: float
    neutral: float
    favor: float

    @property
    def polarity(self) -> float:
        """P(favor) - P(against), in [-1, 1]."""
        return self.favor - self.against

    @property
    def label(self) -> Stance:
        """The likeliest stance; ties go to the earlier in the order against, neutral, favor."""
        return tuple(Stance)[max(range(3), key=self.__getitem__)]

    @property
    def confidence(self) -> float:
        """Probability of the likeliest stance, in [1/3, 1]."""
        return max(self)


def check_span(start: int, end: int, length: int, what: str) -> None:
    """Refuse a span that is empty or leaves its text.

    Raises:
        ValueError: unless 0 <= start < end <= length.
    """
    if not 0 <= start < end <= length:
        raise ValueError(f"{what}: expected 0 <= start < end <= {length}, got [{start}, {end})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A typed stretch of an article's body, as the reader of its format knew it."""

    start: int
    end: int
    kind: BlockKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One news item after cleaning.

    `body` is NFC text whose blocks are parted by blank lines; `blocks` cover every non-blank stretch of it, in order,
    without overlap. `id` is the content id of (outlet, url, title, published, own text): a corrected text is a new
    version with the same `url`, another reader's comment below it is none.
    """

    id: str
    outlet: str
    url: str
    title: str
    author: str
    published: datetime | None
    """UTC, or None for an undated article; never guessed from today's date."""
    language: str
    """ISO 639-1 code."""
    language_validated: bool
    """Whether an error rate has been measured for this language."""
    body: str
    blocks: tuple[Block, ...]
    credit: str
    """The agency credited for the text, or ''."""
    source: str
    """The input it came from: a path or URL, with `#line` or `!member` where one input holds several."""
    source_sha256: str

    def __post_init__(self) -> None:
        """Check that the blocks lie inside the body, in order."""
        last = 0
        for block in self.blocks:
            check_span(block.start, block.end, len(self.body), f"block of {self.source}")
            if block.start < last:
                raise ValueError(f"blocks of {self.source} overlap at {block.start}")
            last = block.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """An input that did not become an article."""

    source: str
    line: int | None
    """1-based line of a text input, where one is known."""
    byte: int | None
    stage: str
    reason: Reason
    detail: str
    outlet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """The unit of analysis: `article.body[start:end]`."""

    id: str
    article_id: str
    index: int
    """0-based place among the scored paragraphs of the article."""
    start: int
    end: int
    text: str
    """`article.body[start:end]`, with line breaks inside it as they stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place in a paragraph that names a target."""

    target: str
    """Target id."""
    start: int
    end: int
    text: str
    alias: str
    """The catalogue's alias that matched, or '' for a mention found by the model."""
    coref: bool = False
    """True if no alias stands there: the model found it."""
    loose: bool = False
    """Whether its alias stands in an entry that lets the scorer look for mentions itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """A stretch of a paragraph that is a speaker's and not the author's; what no utterance covers is the author's.

    Utterances of one paragraph overlap only by nesting: `depth` 1 is a speaker the author reports, 2 a speaker reported
    by that speaker.
    """

    start: int
    end: int
    direct: bool
    """True for words between quotation marks (or a block quote or an interview turn), False for a paraphrase."""
    depth: int
    speaker: str
    """The name as it stands in the text, '' if it cannot be told."""
    speaker_span: Span | None
    """Where the name stands, in this paragraph; None if it stands elsewhere or is unknown."""
    holder: str
    """Id of the voice inside the article, equal for 'the president', 'Omarov' and 'he'; '' if unknown."""
    holder_kind: HolderKind
    holder_target: str
    """Target id of which the speaker is a member (a minister: government), or ''."""
    distance: bool
    """Whether the author keeps a distance from the words: 'without evidence', 'so-called', 'insisted'."""
    cue: str
    """The word that marks the speech ('said', 'according to'), or ''."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetQuery:
    """One target to score in a passage."""

    id: str
    name: str
    """Short name as a person would say it ('government'); the model reads it."""
    description: str = ""
    spans: tuple[Span, ...] = ()
    """Mentions of the target in the passage; empty when the text does not name it."""
    sought: bool = False
    """Whether a scorer that can is to look for further mentions."""
    doubtable: tuple[Span, ...] = ()
    """Those of `spans` that it may then say are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What a scorer reads: one paragraph, the targets asked for, and the voices in it."""

    text: str
    targets: tuple[TargetQuery, ...]
    voices: tuple[tuple[Span, ...], ...] = ()
    """For each reported holder, the spans of his utterances; the author has none."""
    names: tuple[tuple[Span, ...], ...] = ()
    """For each of them, where he is named here; empty where nobody looked."""
    context: str = ""
    """The paragraph before, for targets that are not named here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A stance that somebody other than the author shows, though no words of his are known: he applauds, or marches."""

    holder: Span
    """Where he is named."""
    clause: Span
    """The sentence that tells of it."""
    triple: Triple


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetScore:
    """Stance toward one target in one passage."""

    overall: Triple
    author: Triple
    reported: Triple
    voices: tuple[Triple, ...]
    """One per entry of `Passage.voices`, in that order; neutral also if he has no stance toward the target."""
    evidence: Span
    """The smallest clause or sentence that carries the stance."""
    unsure: bool
    """Whether the scorer abstains: its confidence is below its calibrated threshold."""
    found: tuple[Span, ...] = ()
    """Mentions that the scorer found itself, in order, apart from each other and from `TargetQuery.spans`."""
    kept: tuple[Span, ...] | None = None
    """Those of `TargetQuery.spans` that it, too, takes for mentions, where it looked for mentions; None: all."""
    shown: tuple[Shown, ...] | None = None
    """Who has a stance, speakers among them, in order; None from a scorer that cannot tell, and whose `voices` then
    say what stance a speaker would have if he had one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageScore:
    """All a scorer says about one passage."""

    sentiment: Triple
    targets: tuple[TargetScore, ...]
    """One per entry of `Passage.targets`, in that order."""
    windows: int = 1
    """How many windows a long passage was read in; merged, never cut."""


class Sought(StrEnum):
    """In which paragraphs a scorer may find mentions of a target beside the catalogue's."""

    NEVER = "never"
    NAMED = "named"
    """Those in which the catalogue names the target."""
    ALWAYS = "always"
    """Also those in which it names other targets only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A target of the catalogue, compiled."""

    id: str
    name: str
    description: str
    kind: str
    definition: str
    """Content id of everything that decides how the target is found and scored."""
    sought: Sought = Sought.NEVER
    """Where the scorer may find mentions that have no alias."""
    aliases: tuple[str, ...] = field(default=(), repr=False)
