"""The tables' columns, one place for all: what is written, what is read, what the docs' generated page shows.

What belongs here: names, types and meanings of columns. What does not: paths, writing, migrating.
"""

from dataclasses import dataclass

import pyarrow as pa

SCHEMA_VERSION = 4
"""Raised when a column changes; `store.migrate` holds the step from each version to the next."""

UTC = pa.timestamp("us", tz="UTC")
SPAN = pa.struct([pa.field("start", pa.int32()), pa.field("end", pa.int32())])
_CHANCES = tuple(pa.field(name, pa.float32()) for name in ("against", "neutral", "favor"))
VOICE = pa.struct([pa.field("holder", pa.string()), *_CHANCES])
SHOWN = pa.struct([*SPAN, pa.field("clause_start", pa.int32()), pa.field("clause_end", pa.int32()), *_CHANCES])
TRIPLES = ("overall", "author", "reported")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, type and meaning; `null` says what a missing value means, '' if it cannot be missing."""

    name: str
    type: pa.DataType
    meaning: str
    null: str = ""


def _text(name: str, meaning: str) -> Column:
    return Column(name, pa.string(), meaning)


def _number(name: str, meaning: str, null: str = "") -> Column:
    return Column(name, pa.float32(), meaning, null)


PUBLISHED = Column("published", UTC, "time of publication", "the article is undated")

TABLES: dict[str, tuple[Column, ...]] = {
    "articles": (
        _text("article_id", "content id of this version of the article"),
        _text("outlet", "who published it"),
        _text("url", "its address, '' if unknown"),
        _text("title", "headline"),
        _text("author", "byline, '' if unknown"),
        PUBLISHED,
        _text("language", "ISO 639-1 code"),
        Column("language_validated", pa.bool_(), "whether an error rate has been measured for this language"),
        _text("credit", "agency credited for the text, '' if none"),
        _text("story_id", "cluster of near-identical articles; the id of the article first published in it"),
        Column("story_first", pa.bool_(), "whether this article was the first of its story"),
        Column(
            "latest", pa.bool_(), "whether no newer version (of the same outlet and url, or file, title, date) is known"
        ),
        Column("generation", pa.int32(), "number of the run that brought it, from 1"),
        Column("paragraphs", pa.int32(), "number of scored paragraphs"),
        _text("body", "the text; paragraphs are spans of it"),
        _text("source", "the input it came from, with #line or !member"),
        _text("source_sha256", "hash of that input"),
    ),
    "paragraphs": (
        _text("paragraph_id", "content id of (article, index, text); for furniture of (article, kind, start)"),
        _text("article_id", "the article"),
        _text("outlet", "as in articles"),
        PUBLISHED,
        Column("index", pa.int32(), "0-based place among the article's paragraphs", "furniture"),
        _text("kind", "paragraph, or the kind of furniture: heading, caption, byline, related, credit, ..."),
        Column("start", pa.int32(), "offset in the article's body, inclusive"),
        Column("end", pa.int32(), "offset in the article's body, exclusive"),
        _text("text", "the text between them"),
    ),
    "sketches": (
        _text("article_id", "the article"),
        _text("outlet", "as in articles"),
        PUBLISHED,
        Column("sketch", pa.binary(), "MinHash digest of its paragraphs, by which later copies of it are found"),
    ),
    "sentiments": (
        _text("paragraph_id", "the paragraph"),
        _text("article_id", "the article"),
        _text("outlet", "as in articles"),
        PUBLISHED,
        _number("negative", "P(negative), in [0, 1]"),
        _number("neutral", "P(neutral), in [0, 1]"),
        _number("positive", "P(positive), in [0, 1]"),
        _text("label", "the likeliest: negative, neutral, positive"),
        Column("windows", pa.int32(), "how many windows the paragraph was read in"),
        _text(
            "sought",
            "content id of the targets looked for in it, and of the scorer; '' for none: not sought twice",
        ),
        _text("scorer", "fingerprint of the scorer"),
    ),
    "scores": (
        _text("paragraph_id", "the paragraph"),
        _text("article_id", "the article"),
        _text("outlet", "as in articles"),
        PUBLISHED,
        _text("language", "as in articles"),
        Column("language_validated", pa.bool_(), "as in articles"),
        _text("target", "target id; a paragraph that does not mention a target has no row for it"),
        *(
            _number(f"{head}_{stance}", f"P({stance}) {words}, in [0, 1]")
            for head, words in zip(
                TRIPLES,
                ("of the paragraph as a whole", "in the author's own voice", "in the voices the author reports"),
                strict=True,
            )
            for stance in ("against", "neutral", "favor")
        ),
        _text("label", "the likeliest overall stance: against, neutral, favor"),
        _number("polarity", "overall P(favor) - P(against), in [-1, 1]"),
        _number("confidence", "probability of the label, in [1/3, 1]"),
        Column("unsure", pa.bool_(), "whether the scorer abstains; the label is then its best guess"),
        Column("evidence_start", pa.int32(), "clause or sentence that carries the stance: offset in the paragraph"),
        Column("evidence_end", pa.int32(), "its end, exclusive"),
        Column(
            "mentions",
            pa.list_(pa.struct([*SPAN, pa.field("text", pa.string()), pa.field("coref", pa.bool_())])),
            "where it names the target, doubted places left out; coref: no alias stands there, the scorer found it",
        ),
        Column("reported_speech", pa.bool_(), "whether the paragraph reports any voice but the author's"),
        Column("voices", pa.list_(VOICE), "stance of each reported holder, in order of appearance"),
        Column(
            "shown",
            pa.list_(SHOWN),
            "who, speakers among them, has a stance by the scorer's account; where he is named, in which sentence",
            "the scorer cannot tell",
        ),
        Column("latest", pa.bool_(), "as in articles: false in rows of a version that was edited since"),
        _text("key", "content id of all the scorer was given for this pair, and of the scorer: not scored twice"),
        _text("scorer", "fingerprint of the scorer"),
    ),
    "opinions": (
        _text("paragraph_id", "the paragraph"),
        _text("article_id", "the article"),
        _text("outlet", "as in articles"),
        PUBLISHED,
        _text("target", "target id"),
        _text("holder", "whose stance it is: 'author', or the id of a speaker in the article, or '' if unknown"),
        _text("holder_name", "the speaker as named in the text, '' for the author and the unknown"),
        _text("holder_kind", "author, person, organisation, crowd, unknown"),
        _text("holder_target", "target the speaker belongs to, '' if none"),
        Column("direct", pa.bool_(), "quoted (true) or paraphrased (false)", "the author, or shown without words"),
        Column("distance", pa.bool_(), "whether the author keeps a distance from these words"),
        _number("against", "P(against), in [0, 1]"),
        _number("neutral", "P(neutral), in [0, 1]"),
        _number("favor", "P(favor), in [0, 1]"),
        _text("label", "the likeliest stance"),
        _number("polarity", "P(favor) - P(against), in [-1, 1]"),
        _number("share", "weight of this voice in the paragraph's overall stance; the shares of a pair sum to 1"),
        Column("spans", pa.list_(SPAN), "stretches of the paragraph in this voice"),
        Column("evidence_start", pa.int32(), "clause that carries it: offset in the paragraph"),
        Column("evidence_end", pa.int32(), "its end, exclusive"),
        _text("scorer", "fingerprint of the scorer"),
    ),
    "estimates": (
        _text("target", "target id"),
        _text("outlet", "one outlet, or '' for all together"),
        Column("period", pa.date32(), "first day of the period", "all periods together, or undated"),
        _text("by", "length of the period: day, week, month, all"),
        _text("voice", "overall, author or reported"),
        _text("counting", "what counts as one: article, story, outlet_story"),
        _text("measure", "against, neutral, favor (shares in [0, 1]) or polarity (mean in [-1, 1])"),
        Column("value", pa.float64(), "the estimate", "too few units for a number"),
        Column("low", pa.float64(), "lower end of the 95 % interval", "too few units for a number"),
        Column("high", pa.float64(), "upper end of the 95 % interval", "too few units for a number"),
        Column("error", pa.float64(), "standard error of the estimate", "too few units for a number"),
        Column("units", pa.int64(), "articles or stories under the number"),
        Column("paragraphs", pa.int64(), "scored paragraphs under the number"),
        Column("unsure", pa.float64(), "share of those paragraphs in which the scorer abstains"),
        Column("corrected", pa.bool_(), "whether human labels corrected the number"),
        Column("labels", pa.int64(), "human labels in the cell"),
        Column(
            "halve",
            pa.float64(),
            "human labels in all that would halve the interval",
            "unknown, or more than there are",
        ),
        Column("raw", pa.float64(), "the estimate from the scorer alone", "too few units for a number"),
        Column("raw_low", pa.float64(), "lower end of its 95 % interval", "too few units for a number"),
        Column("raw_high", pa.float64(), "upper end of its 95 % interval", "too few units for a number"),
        _text("note", "what a reader must know: 'uncorrected', 'too few articles', ..."),
    ),
    "alerts": (
        _text("target", "target id"),
        _text("outlet", "the outlet, or '' for all together"),
        _text("voice", "overall, author or reported"),
        Column("period", pa.date32(), "first day of the weeks that moved"),
        Column("weeks", pa.int64(), "how many weeks were judged together: 1 or 4"),
        Column("before", pa.float64(), "mean polarity of up to 12 weeks before, in [-1, 1]"),
        Column("after", pa.float64(), "mean polarity of those weeks"),
        Column("change", pa.float64(), "after - before"),
        Column("low", pa.float64(), "lower end of the change's 95 % interval"),
        Column("high", pa.float64(), "upper end of the change's 95 % interval"),
        Column("p", pa.float64(), "chance of so large a change where nothing changes"),
        Column("threshold", pa.float64(), "p below which this run calls it an alarm"),
        Column("units_before", pa.int64(), "articles or stories before"),
        Column("units_after", pa.int64(), "articles or stories in those weeks"),
        Column("quiet", pa.float64(), "alarms a year to expect of this run's series if nothing ever changes"),
        _text("note", "what a reader must know"),
    ),
    "rejections": (
        _text("input", "the file or address it came from, as in inputs"),
        _text("source", "the input, with #line or !member"),
        Column("line", pa.int64(), "1-based line", "not a text input"),
        Column("byte", pa.int64(), "offset in bytes", "unknown"),
        _text("outlet", "'' if it could not be read"),
        _text("stage", "where it ended: read, extract, date, language, duplicates"),
        _text("reason", "stable word, see records.Reason"),
        _text("detail", "what was expected and what came"),
    ),
    "inputs": (
        _text("input", "file, folder or address that was read"),
        _text("sha256", "hash of its content when it was last read, or of the reason why it could not be"),
        _text("reading", "content id of the options it was read with"),
        Column("articles", pa.int64(), "articles found in it then, known ones and duplicates included"),
        Column("rejections", pa.int64(), "rejections in it then, duplicates included"),
        Column("generation", pa.int32(), "number of the run that first read this content with these options"),
    ),
}
"""`runs` is a folder of JSON manifests made a table on reading; see `store.manifest`."""

PARTITIONED = frozenset({"articles", "paragraphs", "sketches", "sentiments", "scores", "opinions"})
"""Tables that lie in one folder per month of publication, `month=YYYY-MM` or `month=undated`."""


def schema(table: str) -> pa.Schema:
    """Return the arrow schema of a table, with the version and the columns' meanings in its metadata."""
    return pa.schema(
        [
            pa.field(column.name, column.type, nullable=bool(column.null), metadata={"meaning": column.meaning})
            for column in TABLES[table]
        ],
        metadata={"stance.table": table, "stance.schema_version": str(SCHEMA_VERSION)},
    )
