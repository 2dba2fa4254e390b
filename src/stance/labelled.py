"""Labelled rows as people wrote them: the two JSON-lines formats of the design, read and checked.

What belongs here: the records of a labelled text and the reader that refuses a bad row with its line number. What
does not: finding mentions, scoring, metrics (`evaluate`) or turning rows into tensors (`model.data`).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stance.errors import ShardError
from stance.records import Sentiment, Span, Stance, check_span

STANCES = tuple(Stance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A reported voice with a stance toward one target."""

    name: str
    """As it stands in the text."""
    stance: Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledTarget:
    """What a reader said about one target of one text."""

    name: str
    spans: tuple[Span, ...]
    """Mentions in the text, in order; for codebook rows every occurrence of each listed string."""
    overall: Stance
    author: Stance | None = None
    """None where the format does not know it."""
    speakers: tuple[Speaker, ...] = ()

    @property
    def reported(self) -> Stance | None:
        """The larger side among the speakers, neutral if they balance, None if nobody is reported."""
        if not self.speakers:
            return None
        balance = sum(STANCES.index(speaker.stance) - 1 for speaker in self.speakers)
        return STANCES[1 + (balance > 0) - (balance < 0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledText:
    """One row of a labelled file."""

    text: str
    targets: tuple[LabelledTarget, ...]
    line: int
    """1-based line in its file."""
    codebook: bool
    """Whether the row has the codebook's fields (author, reported, tone)."""
    tone: Sentiment | None = None
    id: str = ""
    style: str = ""
    country: str = ""
    decoys: tuple[str, ...] = field(default=())
    unrated: tuple[tuple[str, tuple[Span, ...]], ...] = ()
    """Targets that the text mentions, too, but nobody rated: name and mentions."""


def occurrences(text: str, words: str) -> Iterator[Span]:
    """Yield every place where `words` stands in `text`, left to right, without overlap."""
    start = text.find(words)
    while start >= 0:
        yield Span(start, start + len(words))
        start = text.find(words, start + len(words))


def _codebook_spans(text: str, mentions: list[str]) -> tuple[Span, ...]:
    for mention in mentions:
        if not mention or mention not in text:
            raise ValueError(f"mention {mention!r} does not stand in the text")
    return tuple(sorted({span for mention in mentions for span in occurrences(text, mention)}))


def _speaker(text: str, row: dict[str, Any]) -> Speaker:
    if row["speaker"] not in text:
        raise ValueError(f"speaker {row['speaker']!r} does not stand in the text")
    return Speaker(name=row["speaker"], stance=Stance(row["stance"]))


def _codebook_target(text: str, row: dict[str, Any]) -> LabelledTarget:
    return LabelledTarget(
        name=row["target"],
        spans=_codebook_spans(text, row["mentions"]),
        overall=Stance(row["overall"]),
        author=Stance(row["author"]),
        speakers=tuple(_speaker(text, speaker) for speaker in row["reported"]),
    )


def _codebook_row(row: dict[str, Any], line: int) -> LabelledText:
    text = row["text"]
    return LabelledText(
        text=text,
        targets=tuple(_codebook_target(text, label) for label in row["labels"]),
        line=line,
        codebook=True,
        tone=Sentiment(row["tone"]) if "tone" in row else None,
        id=row["id"],
        style=row.get("style", ""),
        country=row.get("country", ""),
        decoys=tuple(row.get("decoys", ())),
        unrated=tuple((other["target"], _codebook_spans(text, other["mentions"])) for other in row.get("unrated", ())),
    )


def _span(text: str, pair: list[int]) -> Span:
    start, end = pair
    check_span(start, end, len(text), "mention")
    return Span(start, end)


def _targeted_row(row: dict[str, Any], line: int) -> LabelledText:
    text = row["text"]
    targets = tuple(
        LabelledTarget(
            name=target["name"],
            spans=tuple(_span(text, pair) for pair in target["spans"]),
            overall=STANCES[_label(target["label"])],
        )
        for target in row["targets"]
    )
    return LabelledText(text=text, targets=targets, line=line, codebook=False)


def _label(value: object) -> int:
    if value not in (0, 1, 2) or isinstance(value, bool):
        raise ValueError(f"label must be 0, 1 or 2, got {value!r}")
    return int(str(value))


def parse_row(line: str, number: int) -> LabelledText:
    """Read one JSON line of either format.

    Raises:
        ValueError: the line is no JSON object of either format, or an offset or substring does not fit the text.
    """
    row = json.loads(line)
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise ValueError("expected an object with a string 'text'")
    if "labels" in row:
        return _codebook_row(row, number)
    if "targets" in row:
        return _targeted_row(row, number)
    raise ValueError("expected 'targets' (targeted text) or 'labels' (codebook row)")


def read_labelled(path: Path) -> list[LabelledText]:
    """Read a labelled file of either format; blank lines are passed over.

    Raises:
        ShardError: the file cannot be read, or a row is wrong; the message gives file and line.
    """
    try:
        # Not `splitlines`: a text may hold Unicode's own line separators, which JSON leaves as they are.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ShardError(f"{path}: cannot be read as UTF-8 JSON lines: {error}") from error
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            rows.append(parse_row(line, number))
        except KeyError as error:
            raise ShardError(f"{path}:{number}: field {error} is missing") from error
        except (ValueError, TypeError) as error:
            raise ShardError(f"{path}:{number}: {error}") from error
    return rows
