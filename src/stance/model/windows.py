"""From passages to model input: tokens, target names, and where each mention and voice stands.

What belongs here: the layout `<s> text </s> name 1 </s> name 2 ... </s>`, cutting long text into overlapping
windows and many targets into groups, and padding windows into one batch. What does not: labels (`data`) and the
network.

The text is read without the names; each name reads itself and the text, as if it alone followed the text. So a target's
scores do not depend on which others are asked for, and the sentiment on none.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from stance.model.layers import Glances, Sight
from stance.records import Passage, Span

MAX_TOKENS = 384
"""Longest window, names and separators included."""
MAX_NAMES = 96
"""Most tokens of the names of one group; kept free in every window, so that windows do not depend on names."""
MAX_NAME = 24
"""Most tokens of one name; a longer name is cut, it says no more."""
OVERLAP = 64
"""Tokens that neighbouring windows share."""
SENTENCE_END = re.compile(r"[.!?][\"”’)]*\s+")
"""Its stops and the blanks behind them; an abbreviation ends one too early, which costs no more than a little text."""
PADDED = -1
"""Part of the layout that is padding; 0 is the text, `k + 1` the name of target `k`."""


@dataclass(frozen=True, slots=True)
class Window:
    """One input of the network: a stretch of a passage with some of its targets."""

    passage: int
    """Index of the passage in the call."""
    targets: tuple[int, ...]
    """Which of the passage's queries stand here, in order."""
    ids: list[int]
    tokens: list[Span]
    """Characters of each text token; text token `i` stands at position `i + 1` of `ids`."""
    names: list[Span]
    """Positions of each target's name in `ids`."""
    mentions: list[list[int]]
    """Positions of each target's mention tokens."""
    voices: list[list[int]]
    """Positions of the tokens of each reported holder."""
    speakers: list[list[int]]
    """Positions of the tokens that name each of them."""
    around: list[list[int]]
    """Positions of the tokens in the sentences of each of them, where he is named."""
    named: tuple[bool, ...]
    """For each target, whether the passage, here or in another window, is known to mention it."""
    sought: tuple[bool, ...]
    """For each target, whether further mentions are to be found."""
    text: str = field(default="", repr=False)
    """The passage's, whole."""
    found: tuple[tuple[int, ...], ...] = ()
    """Positions of the tokens, among a target's mentions, that the network found; empty until it looked."""

    def seeks(self) -> bool:
        """Whether the network is to look for mentions of any target."""
        return any(self.sought) and bool(self.tokens)

    def with_found(self, chances: NDArray[np.floating], least: float) -> "Window":
        """Return the window with the mentions that the finder sees of the targets sought.

        Args:
            chances: (targets, text's tokens), in [0, 1].
            least: from which chance a token counts; half of it is enough beside one that does. A row of such tokens
                that meets a mention already known is that mention once more.
        """
        found = tuple(
            _beside(row, set(given), least) if sought else ()
            for row, given, sought in zip(chances, self.mentions, self.sought, strict=True)
        )
        mentions = [sorted((*given, *more)) for given, more in zip(self.mentions, found, strict=True)]
        return replace(self, mentions=mentions, found=found)


@dataclass(frozen=True, slots=True)
class Showing:
    """Somebody in a window who seems to show a stance toward one of its targets."""

    column: int
    """Of the target."""
    holder: Span
    """Where he is named, in characters."""
    clause: Span
    """The sentence that tells of it, in characters."""
    places: tuple[int, ...]
    """Positions of that sentence's tokens, as far as they stand in the window."""


def showings(item: Window, chances: NDArray[np.floating], least: float) -> list[Showing]:
    """Return who shows a stance toward the targets that a window mentions, by target and in order.

    Args:
        item: the window.
        chances: (targets, text's tokens) that a token names such a holder, in [0, 1].
        least: from which chance a token counts; tokens side by side are one holder's.
    """
    found: list[Showing] = []
    for column, row in enumerate(chances):
        if not item.mentions[column] or not item.tokens:
            continue
        for holder in joined([item.tokens[place] for place in np.flatnonzero(row >= least)]):
            clause = sentence(item.text, holder)
            places = tuple(1 + number for number in covered(item.tokens, [clause]))
            words = item.text[clause.start : clause.end].rstrip()
            found.append(Showing(column, holder, Span(clause.start, clause.start + len(words)), places))
    return found


def joined(tokens: Iterable[Span]) -> list[Span]:
    """Join stretches with at most one character between them, in order."""
    found: list[Span] = []
    for start, end in sorted(tokens):
        if found and start - found[-1].end <= 1:
            found[-1] = Span(found[-1].start, max(end, found[-1].end))
        else:
            found.append(Span(start, end))
    return found


def sentence(text: str, within: Span) -> Span:
    """Return the sentence, told by its stops, in which a stretch of text lies."""
    ends = [match.end() for match in SENTENCE_END.finditer(text)]
    start = max((end for end in ends if end <= within.start), default=0)
    return Span(start, min((end for end in ends if end >= within.end), default=len(text)))


def _beside(chances: NDArray[np.floating], given: set[int], least: float) -> tuple[int, ...]:
    """Return the positions of the tokens in unbroken rows of `least / 2` or more that hold one of `least` or more."""
    found: list[int] = []
    row: list[int] = []
    best = 0.0
    for place, chance in enumerate([*chances.tolist(), 0.0], start=1):
        if chance >= least / 2:
            row.append(place)
            best = max(best, chance)
        elif row:
            found += row if best >= least and given.isdisjoint(row) else []
            row, best = [], 0.0
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows padded to one shape: B windows, T tokens, K targets, V voices."""

    ids: Tensor
    """int64 (B, T)"""
    places: Tensor
    """int64 (B, T): position of each token; every name starts just behind the text."""
    part: Tensor
    """int64 (B, T): 0 in the text, `k + 1` in the name of target `k`, `PADDED` elsewhere."""
    text: Tensor
    """bool (B, T): a token of the text stands here."""
    names: Tensor
    """float (B, K, T): weights that average the name's tokens."""
    named: Tensor
    """bool (B, K): whether the passage mentions the target; names of others may be read at a glance."""
    mentions: Tensor
    """float (B, K, T): weights that average the mention tokens; all zero where the text does not name the target."""
    voices: Tensor
    """float (B, V, T): weights that average a holder's tokens."""

    @property
    def together(self) -> Sight:
        """Every name starts just behind the text and sees it."""
        return Sight(self.places, self._own() | (self.part[:, None, :] == 0))

    @property
    def at_a_glance(self) -> Sight:
        """The same, but tokens of names that are read at a glance look at the text alone."""
        glanced = (self.glances.tokens > 0).any(1)
        return Sight(self.places, (self._own() & ~glanced[:, :, None]) | (self.part[:, None, :] == 0))

    @property
    def glances(self) -> Glances:
        """The names that are read at a glance where the network does so."""
        tokens = self.names * ~self.named[..., None]
        there = tokens > 0
        return Glances(tokens, (there & (there.cumsum(-1) == 1)).to(tokens.dtype))

    @property
    def shown(self) -> Tensor:
        """As `names`, but of names read at a glance the first token counts alone."""
        return torch.where(self.named[..., None], self.names, self.glances.firsts)

    def _own(self) -> Tensor:
        return self.part[:, None, :] == self.part[:, :, None]

    def to(self, device: torch.device) -> "Batch":
        """Copy to a device; from pinned memory where that helps."""
        if device.type == "cpu":
            return self
        parts = (getattr(self, name) for name in self.__slots__)
        return Batch(*(part.pin_memory().to(device, non_blocking=True) for part in parts))


def tells(item: Window, column: int, passage: Passage) -> bool:
    """Whether a window counts for the target of its `column`: it holds a mention, or the passage has none."""
    return bool(item.mentions[column]) or not passage.targets[item.targets[column]].spans


class Words:
    """The tokenizer of one base, with its separators."""

    def __init__(self, file: Path) -> None:
        self.tokenizer = Tokenizer.from_file(str(file))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.first, self.separator, self.pad = (
            self._id("<s>", "[CLS]"),
            self._id("</s>", "[SEP]"),
            self._id("<pad>", "[PAD]"),
        )
        self._names: dict[str, list[int]] = {}

    def _id(self, *spellings: str) -> int:
        found = (self.tokenizer.token_to_id(spelling) for spelling in spellings)
        return int(next(number for number in found if number is not None))

    def name(self, name: str) -> list[int]:
        """Return the tokens of a target's name, at most `MAX_NAME`, at least one."""
        if name not in self._names:
            ids = self.tokenizer.encode(name, add_special_tokens=False).ids
            self._names[name] = list(ids[:MAX_NAME]) or [self.separator]
        return self._names[name]

    def texts(self, texts: Sequence[str]) -> list[tuple[list[int], list[Span]]]:
        """Return tokens and their characters for each text."""
        encoded = self.tokenizer.encode_batch
        return [
            (list(item.ids), [Span(*pair) for pair in item.offsets])
            for item in encoded(list(texts), add_special_tokens=False)
        ]


def groups(names: Sequence[Sequence[int]], room: int = MAX_NAMES) -> list[tuple[int, ...]]:
    """Part targets, in order, into groups whose names fit `room` tokens; no target gives one empty group."""
    parts: list[tuple[int, ...]] = [()]
    used = 0
    for number, name in enumerate(names):
        if parts[-1] and used + len(name) + 1 > room:
            parts.append(())
            used = 0
        parts[-1] += (number,)
        used += len(name) + 1
    return parts


def cuts(tokens: int, room: int) -> list[tuple[int, int]]:
    """Cover `[0, tokens)` with windows of at most `room` tokens that share `OVERLAP`; the last one ends the text.

    Returns:
        Half-open ranges in order; one range, perhaps empty, if the text fits.
    """
    if tokens <= room:
        return [(0, tokens)]
    count = 1 + -(-(tokens - room) // (room - OVERLAP))
    step = (tokens - room) / (count - 1)
    starts = [round(number * step) for number in range(count)]
    return [(start, start + room) for start in starts]


def covered(tokens: Sequence[Span], spans: Sequence[Span]) -> list[int]:
    """Return the numbers of the tokens that share a character with one of the spans."""
    return [
        number
        for number, token in enumerate(tokens)
        if any(token.start < span.end and span.start < token.end for span in spans)
    ]


def windows(passages: Sequence[Passage], words: Words, room: int = MAX_NAMES) -> list[Window]:
    """Lay out passages for the network, in order; a passage gives at least one window.

    Args:
        passages: what to read.
        words: the network's tokenizer.
        room: most tokens of the names of one group.
    """
    texts = words.texts([passage.text for passage in passages])
    return [
        window
        for number, (passage, (ids, tokens)) in enumerate(zip(passages, texts, strict=True))
        for window in _passage_windows(number, passage, ids, tokens, words, room)
    ]


def _passage_windows(
    number: int, passage: Passage, ids: list[int], tokens: list[Span], words: Words, room: int
) -> list[Window]:
    names = [words.name(query.name) for query in passage.targets]
    result = []
    for group in groups(names, room):
        for start, end in cuts(len(ids), MAX_TOKENS - 2 - MAX_NAMES):
            result.append(_window(number, passage, group, ids[start:end], tokens[start:end], words))
    return result


def _window(
    number: int, passage: Passage, group: tuple[int, ...], ids: list[int], tokens: list[Span], words: Words
) -> Window:
    layout = [words.first, *ids, words.separator]
    places = []
    for index in group:
        name = words.name(passage.targets[index].name)
        places.append(Span(len(layout), len(layout) + len(name)))
        layout += [*name, words.separator]
    return Window(
        passage=number,
        targets=group,
        ids=layout,
        tokens=tokens,
        names=places,
        mentions=[_positions(tokens, passage.targets[index].spans) for index in group],
        voices=[_positions(tokens, spans) for spans in passage.voices],
        speakers=[_positions(tokens, spans) for spans in passage.names],
        around=[
            _positions(tokens, [sentence(passage.text, span) for span in spans]) if names else []
            for spans, names in zip(passage.voices, passage.names, strict=bool(passage.names))
        ],
        named=tuple(bool(passage.targets[index].spans) for index in group),
        sought=tuple(passage.targets[index].sought for index in group),
        text=passage.text,
    )


def _positions(tokens: Sequence[Span], spans: Sequence[Span]) -> list[int]:
    return [1 + number for number in covered(tokens, spans)] if spans else []


def collate(items: Sequence[Window], pad: int, *, apart: bool = True, rows: int = 0, width: int = 0) -> Batch:
    """Pad windows into one batch.

    Args:
        items: at least one window.
        pad: id of the padding token.
        apart: whether text and names are kept apart as above; False lets every token look at every other.
        rows: least number of rows, the last ones all padding.
        width: least number of tokens.
    """
    rows = max(rows, len(items))
    width = max(width, *(len(item.ids) for item in items), 1)
    targets = max(1, *(len(item.targets) for item in items), 1)
    voices = max(1, *(len(item.voices) for item in items), 1)
    ids = np.full((rows, width), pad, dtype=np.int64)
    places = np.tile(np.arange(width), (rows, 1))
    part = np.full((rows, width), PADDED)
    text = np.zeros((rows, width), dtype=bool)
    named = np.zeros((rows, targets), dtype=bool)
    name_weights = np.zeros((rows, targets, width), dtype=np.float32)
    mention_weights = np.zeros((rows, targets, width), dtype=np.float32)
    voice_weights = np.zeros((rows, voices, width), dtype=np.float32)
    for row, item in enumerate(items):
        ids[row, : len(item.ids)] = item.ids
        part[row, : len(item.ids)] = 0
        text[row, 1 : 1 + len(item.tokens)] = True
        text[row, 0] = not item.tokens
        for column, (start, end) in enumerate(item.names):
            name_weights[row, column, start:end] = 1 / (end - start)
            if apart:
                part[row, start : end + 1] = column + 1
                places[row, start : end + 1] = len(item.tokens) + 2 + np.arange(end + 1 - start)
        named[row, : len(item.named)] = item.named
        _average(mention_weights[row], item.mentions)
        _average(voice_weights[row], item.voices)
    arrays = (ids, places, part, text, name_weights, named, mention_weights, voice_weights)
    return Batch(*(torch.from_numpy(array) for array in arrays))


def _average(weights: "np.ndarray[tuple[int, int], np.dtype[np.float32]]", places: list[list[int]]) -> None:
    for column, positions in enumerate(places):
        if positions:
            weights[column, positions] = 1 / len(positions)
