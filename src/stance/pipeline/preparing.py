"""From an article to what a scorer reads: paragraphs, mentions, voices, passages.

What belongs here: putting the stages between reading and scoring together, for one article at a time. What does not:
scoring, and what was scored before.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from stance import voices
from stance.ids import content_id
from stance.records import Mention, Passage, Sought, Span, Target, TargetQuery, TargetScore, Utterance
from stance.shown import Holder, holders
from stance.sought import doubtable
from stance.targets import catalog, mentions


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """One paragraph, ready to be scored."""

    text: str
    mentions: dict[str, tuple[Mention, ...]]
    """By target id, in the catalogue's order; targets that the catalogue finds nowhere are absent."""
    utterances: tuple[Utterance, ...]
    holders: tuple[str, ...]
    """One per entry of the passage's voices."""
    speakers: Sequence[tuple[str, str]]
    """Names and ids of the article's speakers, in order."""
    known: int
    """How many of them speak up to this paragraph; the list is the article's, so that it is not copied for each."""
    passage: Passage
    """Asks for the targets mentioned, and for those that the scorer is to look for."""

    @property
    def listed(self) -> list[Mention]:
        """The mentions of all targets."""
        return [mention for mentions in self.mentions.values() for mention in mentions]


class Preparer:
    """Finds mentions and voices; build once per catalogue, use for many articles."""

    def __init__(self, paths: Sequence[str], *, seek: bool = False) -> None:
        """Load a catalogue.

        Args:
            paths: of the catalogue's files.
            seek: whether the scorer is to look for mentions too, in the targets for which the catalogue allows it.
        """
        self.catalog = catalog.load(paths)
        self._seek = seek
        self._finder = mentions.MentionFinder(self.catalog)
        self.member = lru_cache(maxsize=100_000)(self._member)

    def sought(self, named: Collection[str]) -> list[str]:
        """Return the targets that the scorer is to look for in a paragraph in which the catalogue names these."""
        if not self._seek or not named:
            return []
        return [
            target.id
            for target in self.catalog.targets
            if target.sought is Sought.ALWAYS or (target.sought is Sought.NAMED and target.id in named)
        ]

    def prepare(self, texts: Sequence[str]) -> list[Prepared]:
        """Prepare the paragraphs of one article, in order."""
        prepared = []
        speakers: list[tuple[str, str]] = []
        seen: set[tuple[str, str]] = set()
        for text, said in zip(texts, voices.find(texts, self.member), strict=True):
            for one in said:
                named = one.speaker, one.holder
                if one.speaker and named not in seen:
                    seen.add(named)
                    speakers.append(named)
            prepared.append(self._prepare(text, said, speakers))
        return prepared

    def showing(self, prepared: Prepared, score: TargetScore) -> list[Holder]:
        """Return who, beside the speakers, shows a stance toward a target of which a scorer said this."""
        if not score.shown:
            return []
        speakers = prepared.speakers[: prepared.known]
        return holders(prepared.text, score.shown, prepared.utterances, speakers, self.member)

    def _prepare(self, text: str, utterances: Sequence[Utterance], speakers: Sequence[tuple[str, str]]) -> Prepared:
        found: dict[str, list[Mention]] = {}
        for mention in self._finder.find(text):
            found.setdefault(mention.target, []).append(mention)
        named = {target.id: tuple(found[target.id]) for target in self.catalog.targets if target.id in found}
        sought = self.sought(found)
        asked = [target for target in self.catalog.targets if target.id in found or target.id in sought]
        heard = voices.passages_voices(utterances)
        return Prepared(
            text=text,
            mentions=named,
            utterances=tuple(utterances),
            holders=tuple(voice.holder for voice in heard),
            speakers=speakers,
            known=len(speakers),
            passage=Passage(
                text=text,
                targets=tuple(_query(target, named.get(target.id, ()), sought=target.id in sought) for target in asked),
                voices=tuple(voice.words for voice in heard),
                names=tuple(voice.names for voice in heard),
            ),
        )

    def _member(self, speaker: str) -> str:
        """Return the first target that a speaker's name or role mentions, or ''."""
        found = self._finder.find(speaker)
        return found[0].target if found else ""


def preparer(paths: tuple[str, ...], *, seek: bool = False) -> Preparer:
    """Return the preparer of a catalogue, built once per process and again when one of its files changes.

    Args:
        paths: as `Preparer`.
        seek: as `Preparer`; for a run, what its scorer's config says.

    Raises:
        ConfigError: the catalogue is missing or wrong.
    """
    return _preparer(paths, seek, tuple(_state(path) for path in paths))


@lru_cache(maxsize=4)
def _preparer(paths: tuple[str, ...], seek: bool, _states: tuple[object, ...]) -> Preparer:
    return Preparer(paths, seek=seek)


def _state(path: str) -> tuple[int, int] | None:
    file = Path(path)
    return (file.stat().st_mtime_ns, file.stat().st_size) if file.is_file() else None


def key_of(passage: Passage, query: TargetQuery, scorer: str) -> str:
    """Return the content id of all that decides the scores of one pair: what the scorer is given, and the scorer.

    Where mentions are sought the other targets' own decide too, as what is found gives way to them.
    """
    asked: list[object] = [query.id, query.name, query.description, query.spans]
    if query.sought:
        asked.append(query.doubtable)
        asked.append(sorted(span for other in passage.targets for span in other.spans))
    return content_id([passage.text, passage.context, passage.voices, passage.names, asked, scorer])


def absence_key(passage: Passage, keys: Sequence[str]) -> str:
    """Return the content id of all that decides which of the targets sought the scorer finds.

    Args:
        passage: what the scorer is asked.
        keys: what `key_of` says of each target.

    Returns:
        '' where none is sought.
    """
    sought = [key for query, key in zip(passage.targets, keys, strict=True) if query.sought]
    return content_id(sought) if sought else ""


def _query(target: Target, found: Sequence[Mention], *, sought: bool) -> TargetQuery:
    spans = tuple(Span(mention.start, mention.end) for mention in found)
    return TargetQuery(
        id=target.id,
        name=target.name,
        description=target.description,
        spans=spans,
        sought=sought,
        doubtable=doubtable(found) if sought else (),
    )
