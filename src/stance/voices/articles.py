"""Utterances of an article, paragraph after paragraph: long quotations, interview turns, block quotes, pronouns.

What belongs here: what one paragraph hands on to the next. What does not: the reading of a single paragraph (`speech`).
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from stance.records import HolderKind, Span, Utterance
from stance.voices.antecedents import crowds_before, descriptions_before, names_before, subject_of, writer_of
from stance.voices.holders import Holder, Register
from stance.voices.kinds import PLACES, fits, head_word, is_firm, is_named, is_of_sex, kind_of
from stance.voices.phrases import Tokens, plain
from stance.voices.quotes import find_quotes
from stance.voices.speech import Speech, read
from stance.voices.turns import ASKERS, Turn, turns
from stance.voices.words import PRONOUNS, SUBJECT_OF

Membership = Callable[[str], str]
"""Given a speaker as named in the text, the id of the target he is a member of, or ''."""


_OWNERS = {"he": "his", "she": "her"}
_OTHER = {"he": "she", "she": "he"}
_REPLIES = frozenset({"replied", "replies", "answered", "answers", "retorted", "responded", "responds", "countered"})
"""Verbs of one who was asked."""
_CHAIN = 4
"""Sentences through which one pronoun is followed by another: She ... She ... She said."""
_SENTENCES = 12
"""Sentences before a pronoun in which its antecedent is looked for."""


def nobody(_speaker: str) -> str:
    """Return '': the membership of speakers when no catalogue is at hand."""
    return ""


def find(paragraphs: Sequence[str], member: Membership = nobody) -> list[list[Utterance]]:
    """Mark reported speech in the paragraphs of one article.

    Args:
        paragraphs: the article's scored paragraphs in order; quotations, pronouns and roles are followed through them.
        member: tells which target a speaker belongs to.

    Returns:
        One list per paragraph: its utterances by start, an outer one before those inside it, with offsets in the
        paragraph. What comes after a paragraph never changes its utterances.
    """
    reader = _Reader(member)
    return [reader.read(text) for text in paragraphs]


def find_in(text: str, member: Membership = nobody) -> list[Utterance]:
    """Mark reported speech in a single text; see `find`."""
    return find([text], member)[0]


class Voice(NamedTuple):
    """One holder's part in a paragraph."""

    holder: str
    """His id; all that no holder could be told for share ''."""
    words: tuple[Span, ...]
    """His utterances."""
    names: tuple[Span, ...]
    """Where he is named; empty if that is elsewhere."""


def by_holder(utterances: Sequence[Utterance]) -> dict[str, list[Utterance]]:
    """Gather a paragraph's utterances by holder, in order of first appearance."""
    heard: dict[str, list[Utterance]] = {}
    for utterance in utterances:
        heard.setdefault(utterance.holder, []).append(utterance)
    return heard


def passages_voices(utterances: Sequence[Utterance]) -> list[Voice]:
    """Return each holder's part in a paragraph, in the order of `by_holder`."""
    return [
        Voice(
            holder,
            tuple(Span(said.start, said.end) for said in his),
            tuple(sorted({said.speaker_span for said in his if said.speaker_span is not None})),
        )
        for holder, his in by_holder(utterances).items()
    ]


Meant = tuple[Holder | None, Span | None]
"""Who is meant, and where the text names him; nothing for both if nobody can be told."""


class _Reader:
    """Reads one article; remembers its speakers and who spoke last."""

    def __init__(self, member: Membership) -> None:
        self.member = member
        self.register = Register()
        self.last: Holder | None = None
        """Who spoke last in this paragraph, or before it if his quotation is still open."""
        self.previous: Holder | None = None
        """Who spoke last in the paragraph before."""
        self.introduced: Holder | None = None
        self.has_turns = False
        self.runs_on = False
        self.meant: dict[tuple[int, int], Meant] = {}
        """Whom the phrases of the present stretch mean, so that both halves of what he interrupts are his."""
        self.named: dict[tuple[int, int], Holder] = {}
        """Holders by where the present stretch names them, so that `he` is not a second `a woman`."""
        self.told: list[tuple[Speech, Holder, Span | None]] = []
        """What the persons and bodies of the present stretch said, whom a pronoun after it may mean."""
        self.pronouns: dict[str, Meant] = {}
        """Whom each pronoun meant last."""
        self.depth = 0
        """How many sentences a chain of pronouns has been followed through."""
        self.subjects: dict[tuple[int, int], tuple[int, int] | None] = {}
        """Subjects of the sentences that were looked at."""
        self.asked: Holder | None = None
        """Who asked, when somebody replies: he does not answer himself."""

    def read(self, text: str) -> list[Utterance]:
        """Return the utterances of the next paragraph."""
        self.previous, self.last = self.last, self.last if self.runs_on else None
        found = turns(text, self.has_turns)
        if not found:
            return self._read_stretch(text, 0, len(text), 0)
        utterances: list[Utterance] = []
        for turn in found:
            utterances.append(self._take_turn(text, turn))
            utterances += self._read_stretch(text, turn.start, turn.end, 1)
        return utterances

    def _take_turn(self, text: str, turn: Turn) -> Utterance:
        whole = Speech(turn.start, turn.end, True, 1, None, False, "", False)
        if turn.label is None:
            return self._record(whole, self.introduced, None, text)
        self.has_turns = True
        label = text[slice(*turn.label)]
        self.last = None if label.lower() in ASKERS else self.register.of(label)
        return self._record(whole, self.last, turn.label if self.last else None, text)

    def _read_stretch(self, text: str, start: int, end: int, depth: int) -> list[Utterance]:
        stretch = text[start:end]
        self.named, self.meant, self.told, self.pronouns, self.subjects = {}, {}, [], {}, {}
        quotes = find_quotes(stretch)
        tokens = Tokens(stretch, quotes)
        said = [self._utterance(tokens, speech) for speech in read(tokens, quotes)]
        self.runs_on = bool(quotes) and not quotes[-1].closed
        if not depth:
            self._introduce(tokens)
            return said
        return [_moved(utterance, start, depth) for utterance in said if utterance.depth == 1 and utterance.speaker]

    def _introduce(self, tokens: Tokens) -> None:
        """Remember whom a paragraph that ends in a colon gives the word to."""
        self.introduced = None
        if tokens.sentences and tokens.lows[-1] == ":":
            subject = writer_of(tokens, *tokens.sentences[-1])
            if subject is not None:
                self.introduced = self._whom(tokens, subject)[0]

    def _utterance(self, tokens: Tokens, speech: Speech) -> Utterance:
        holder, span = self._speaker(tokens, speech)
        if speech.depth == 1 and (speech.direct or (holder is not None and holder.kind is HolderKind.PERSON)):
            self.last = holder
        if holder is not None and speech.depth == 1:
            self.told.append((speech, holder, span))
        return self._record(speech, holder, span, tokens.text)

    def _speaker(self, tokens: Tokens, speech: Speech) -> Meant:
        if speech.who is not None:
            if speech.who not in self.meant:
                self.asked = self.told[-1][1] if self.told and speech.cue in _REPLIES else None
                self.meant[speech.who] = self._whom(tokens, speech.who, speech.start)
            return self.meant[speech.who]
        if not speech.follows:
            return None, None
        told = self._subject_before(tokens, speech.start)
        if told is None and self.last is not None:
            return self.last, self._span_of(tokens.text, self.last)
        return told or (None, None)

    def _whom(self, tokens: Tokens, who: tuple[int, int], start: int | None = None) -> Meant:
        phrase = tokens.text[slice(*who)]
        pronoun = "" if " " in phrase else plain(phrase)
        pronoun = SUBJECT_OF.get(pronoun, pronoun)
        if pronoun in PRONOUNS:
            found = self._antecedent(tokens, pronoun, who[0], start)
            if found[0] is not None:
                self.pronouns[pronoun] = found
            return found
        return self._holder(tokens, who), Span(*who)

    def _holder(self, tokens: Tokens, where: tuple[int, int]) -> Holder:
        if where not in self.named:
            self.named[where] = self.register.of(tokens.text[slice(*where)])
        return self.named[where]

    def _span_of(self, text: str, holder: Holder) -> Span | None:
        at = text.find(holder.name)
        return None if at < 0 else Span(at, at + len(holder.name))

    def _subject_before(self, tokens: Tokens, before: int) -> Meant | None:
        """The person of whom the sentence before tells, if it quotes nobody: `Elvira shrugs. “It is late.”`."""
        earlier = _sentences_before(tokens, before)
        if len(earlier) < 2 or any(earlier[-2][0] <= at < earlier[-2][1] for at in tokens.quotes):
            return None
        subject = subject_of(tokens, *earlier[-2])
        phrase = "" if subject is None else tokens.text[slice(*subject)]
        if subject is None or (plain(phrase) not in PRONOUNS and kind_of(phrase) is not HolderKind.PERSON):
            return None
        return self._whom(tokens, subject)

    def _antecedent(self, tokens: Tokens, pronoun: str, before: int, start: int | None) -> Meant:
        """Whom a pronoun means: the subject of one of the last sentences, else the only one before it whom it fits.

        Words that start at `start` are his, so that he is not their subject: `The fire was out, | he said`.
        """
        earlier = _sentences_before(tokens, before)
        recent = self._recent(tokens, pronoun, before, start, earlier)
        if recent is not None:
            return recent
        found = [names_before(tokens, before), descriptions_before(tokens, earlier, before)]
        own = before if start is None else min(start, before)
        for phrases in [*found, *([crowds_before(tokens, earlier[-2:], before)] if pronoun == "they" else [])]:
            fitting = [phrase for phrase in phrases if self._fits(tokens, pronoun, phrase)]
            fitting = [phrase for phrase in fitting if phrase[0] < own] or fitting
            fitting = [p for p in fitting if is_of_sex(pronoun, tokens.text[slice(*p)])] or fitting
            holders = {head_word(tokens.text[slice(*phrase)]) for phrase in fitting}
            if len(holders) == 1:
                return self._at(tokens, fitting[0])
            if holders:
                return self.pronouns.get(pronoun, (None, None))
        last = self.last or self.previous
        if last is not None and fits(pronoun, last.name, last.kind):
            return last, self._span_of(tokens.text, last)
        return None, None

    def _at(self, tokens: Tokens, phrase: tuple[int, int]) -> Meant:
        return self._holder(tokens, phrase), Span(*phrase)

    def _recent(
        self, tokens: Tokens, pronoun: str, before: int, start: int | None, earlier: list[tuple[int, int]]
    ) -> Meant | None:
        """Whom one of the last sentences is about, or who says it; for `it`, at last, a name that may be a firm's."""
        firm: tuple[int, int] | None = None
        is_taken = False
        """Whether a sentence on `he` stands between, when `she` is meant: he is whoever comes next."""
        for ago, sentence in enumerate(reversed(earlier[-3:])):
            if sentence not in self.subjects:
                self.subjects[sentence] = subject_of(tokens, *sentence)
            subject = self.subjects[sentence]
            away = ago + (tokens.ends[earlier[-1][1] - 1] <= before)
            teller = self._teller(tokens, pronoun, sentence, subject) if away else None
            if teller is not None:
                return teller
            if subject is None or subject[1] > before or (start is not None and start <= subject[0]):
                continue
            text = tokens.text[slice(*subject)]
            if self.asked is not None and self.register.known(text) is self.asked:
                continue
            if plain(text) == _OTHER.get(pronoun):
                is_taken = True
                continue
            if is_taken and self._fits(tokens, pronoun, subject) and not is_of_sex(pronoun, text):
                is_taken = False
                if pronoun not in tokens.lows[slice(*sentence)]:
                    continue
            same = self._same(tokens, pronoun, subject, away)
            if same is not None:
                return same
            if self._fits(tokens, pronoun, subject) or (away == 1 and self._is_thing(tokens, pronoun, subject)):
                return self._at(tokens, subject)
            owner = None if kind_of(text) is HolderKind.PERSON else _owner(tokens.text, subject)
            if owner is not None and self._fits(tokens, pronoun, owner):
                return self._at(tokens, owner)
            if firm is None and pronoun == "it" and is_firm(text):
                firm = subject
        return None if firm is None else self._at(tokens, firm)

    def _teller(
        self, tokens: Tokens, pronoun: str, sentence: tuple[int, int], subject: tuple[int, int] | None
    ) -> Meant | None:
        """Who says a sentence whose subject stands in his words: `The line is down, | the board said. It ...`."""
        low, high = tokens.starts[sentence[0]], tokens.ends[sentence[1] - 1]
        first = low if subject is None else subject[0]
        for speech, holder, span in reversed(self.told):
            if speech.start < low or holder is self.asked:
                return None
            quoted = subject is None and speech.direct and speech.start <= low + 1
            if quoted and _may_mean(pronoun, holder) and _OWNERS.get(pronoun) not in tokens.lows[slice(*sentence)]:
                return holder, span
            if speech.start <= first < speech.end and speech.end <= high and _may_mean(pronoun, holder):
                return holder, span
        return None

    def _same(self, tokens: Tokens, pronoun: str, subject: tuple[int, int], away: int) -> Meant | None:
        """Whom an earlier sentence means by the same pronoun: `She came in 1938. Her chief called her quick. | She`."""
        if pronoun == "it":
            return None
        first = plain(tokens.text[slice(*subject)].partition(" ")[0])
        about = self._speaks_of(tokens, pronoun, subject) if away == 1 else away > 1
        is_owner = about and first in ("his", "her") and not is_named(tokens.text[slice(*subject)])
        if pronoun not in ("he", "she", "they") or SUBJECT_OF.get(first, first) != pronoun:
            return None
        if not is_owner and (away > 1 or " " in tokens.text[slice(*subject)] or first != pronoun):
            return None
        if self.depth >= _CHAIN:
            return None
        self.depth += 1
        found = self._antecedent(tokens, pronoun, subject[0], None)
        self.depth -= 1
        return None if found[0] is None else found

    def _speaks_of(self, tokens: Tokens, pronoun: str, subject: tuple[int, int]) -> bool:
        """Whether a sentence tells of its owner: `Her employer has offered | her a mattress. She ...`."""
        at = bisect_left(tokens.starts, subject[1])
        end = next((i for i in range(at, len(tokens.lows)) if tokens.lows[i][0] in ".?!"), at)
        for speech, _, span in reversed(self.told):
            if speech.end < subject[0]:
                break
            if span is not None and span.start == subject[0]:
                return False
        return any(low == pronoun or SUBJECT_OF.get(low) == pronoun for low in tokens.lows[at:end])

    def _fits(self, tokens: Tokens, pronoun: str, phrase: tuple[int, int]) -> bool:
        text = tokens.text[slice(*phrase)]
        if pronoun == "they" and text.lower() in PLACES:
            return False
        if text.endswith("s") and " " not in text and self._is_plural(tokens, phrase[0], text):
            return pronoun == "they"
        return fits(pronoun, text, kind_of(text)) and plain(text) not in PRONOUNS

    def _is_thing(self, tokens: Tokens, pronoun: str, phrase: tuple[int, int]) -> bool:
        """Whether `it` is what the sentence before tells of: `The envoy's reply was read out. It described ...`."""
        text = tokens.text[slice(*phrase)]
        return (
            pronoun == "it"
            and not text.endswith("s")
            and kind_of(text) is HolderKind.UNKNOWN
            and plain(text) not in PRONOUNS
        )

    def _is_plural(self, tokens: Tokens, start: int, word: str) -> bool:
        """Whether a first word in -s names nobody: `Planes landed`, where nothing else writes it with a capital."""
        first = any(tokens.starts[sentence[0]] == start for sentence in tokens.sentences)
        known = any(word in holder.name and word != holder.name for holder in self.register.holders)
        return first and not known and tokens.text.count(word) == 1

    def _record(self, speech: Speech, holder: Holder | None, span: Span | None, text: str) -> Utterance:
        name = "" if holder is None else text[slice(*span)] if span else holder.name
        return Utterance(
            start=speech.start,
            end=speech.end,
            direct=speech.direct,
            depth=speech.depth,
            speaker=name,
            speaker_span=span,
            holder="" if holder is None else holder.id,
            holder_kind=HolderKind.UNKNOWN if holder is None else holder.kind,
            holder_target=self.member(name) if name else "",
            distance=speech.distance,
            cue=speech.cue,
        )


def _sentences_before(tokens: Tokens, before: int) -> list[tuple[int, int]]:
    """The last sentences that start before an offset, the one it stands in included."""
    end = bisect_left(tokens.sentences, before, key=lambda sentence: tokens.starts[sentence[0]])
    return tokens.sentences[max(0, end - _SENTENCES) : end]


def _owner(text: str, phrase: tuple[int, int]) -> tuple[int, int] | None:
    """Whose a subject is: `The home secretary|'s warning was condemned. She ...`."""
    start, end = phrase
    at = max(text.find("'s ", start, end), text.find("’s ", start, end))
    return None if at < 0 else (start, at)


def _may_mean(pronoun: str, holder: Holder) -> bool:
    """Whether a pronoun may stand for a speaker: `it` also for one that only speaking makes a body."""
    if pronoun == "it" and holder.kind is HolderKind.UNKNOWN:
        return plain(holder.name) not in PRONOUNS
    return fits(pronoun, holder.name, holder.kind)


def _moved(utterance: Utterance, by: int, depth: int) -> Utterance:
    span = utterance.speaker_span
    return replace(
        utterance,
        start=utterance.start + by,
        end=utterance.end + by,
        depth=utterance.depth + depth,
        speaker_span=None if span is None else Span(span.start + by, span.end + by),
    )
