"""Quality of a scorer on a labelled file: one dictionary of figures, each with what it counts.

What belongs here: joining rows with what a scorer says, and the metrics. What does not: reading rows (`labelled`),
finding mentions and speakers (passed in by the caller) and printing (`cli`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_fscore_support

from stance import opinions, sought
from stance.labelled import LabelledTarget, LabelledText, occurrences, read_labelled
from stance.model.calibrate import expected_error, selective_accuracy
from stance.records import (
    Mention,
    Passage,
    PassageScore,
    Sentiment,
    Span,
    Stance,
    TargetQuery,
    TargetScore,
    Utterance,
)
from stance.scorers.base import Scorer
from stance.shown import holders
from stance.voices import find_in, nobody, passages_voices
from stance.voices.kinds import same_speaker

FindMentions = Callable[[str], Sequence[Mention]]
"""From a text to the mentions a catalogue finds in it."""
Seek = Callable[[Collection[str]], Collection[str]]
"""From the targets that a catalogue finds in a text to those that the scorer is to look for in it."""
FindVoices = Callable[[str], Sequence[Utterance]]
"""From a text to the utterances in it."""
RESAMPLES = 1000
"""Bootstrap resamples of texts for the 95 % intervals."""
COVERAGE = 0.8
MISSED = -1
"""Predicted class of a labelled target that was not found: wrong, whatever the label."""
HEADS = ("overall", "author", "reported")
STANCES = tuple(Stance)
TONES = tuple(Sentiment)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Answers:
    """Predictions beside labels, one entry per labelled pair."""

    known: Ints
    """(n,) class numbers."""
    probabilities: Floats
    """(n, 3); zeros where the target was missed."""
    texts: Ints
    """(n,) which text a pair belongs to; pairs of one text are resampled together."""

    @property
    def given(self) -> Ints:
        """(n,) predicted classes, `MISSED` where there is none."""
        return np.where(self.probabilities.any(1), self.probabilities.argmax(1), MISSED)


def _answers(pairs: Sequence[tuple[int, Sequence[float], int]]) -> Answers:
    return Answers(
        np.array([pair[0] for pair in pairs], dtype=np.int64),
        np.array([pair[1] for pair in pairs], dtype=np.float64).reshape(-1, 3),
        np.array([pair[2] for pair in pairs], dtype=np.int64),
    )


def _f1(counts: Floats) -> Floats:
    """Return F1 per class from counts (..., 3 classes, right/given/known); 0 for a class that does not occur."""
    right, given, known = counts[..., 0], counts[..., 1], counts[..., 2]
    return np.asarray(2 * right / np.maximum(given + known, 1))


def _counts(answers: Answers) -> Floats:
    """Return (texts, 3, 3): right, given and known per text and class."""
    numbers, rows = np.unique(answers.texts, return_inverse=True)
    table = np.zeros((len(numbers), 3, 3))
    for label in range(3):
        given, known = answers.given == label, answers.known == label
        for column, hit in enumerate((given & known, given, known)):
            np.add.at(table[:, label, column], rows, hit)
    return table


def interval(answers: Answers, resamples: int = RESAMPLES) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of macro-F1, whole texts resampled; the seed is fixed."""
    table = _counts(answers)
    rng = np.random.default_rng(0)
    picks = rng.multinomial(len(table), np.full(len(table), 1 / len(table)), size=resamples)
    values = _f1(np.tensordot(picks.astype(float), table, axes=1)).mean(-1)
    return float(np.quantile(values, 0.025)), float(np.quantile(values, 0.975))


def metrics(answers: Answers, names: Sequence[str]) -> dict[str, Any]:
    """Return the figures of one head; `n` alone where nothing is labelled.

    Args:
        answers: predictions and labels.
        names: the three classes in order.
    """
    if not len(answers.known):
        return {"n": 0}
    given = answers.given
    precision, recall, f1, support = precision_recall_fscore_support(
        answers.known, given, labels=[0, 1, 2], zero_division=0
    )
    kept, _ = selective_accuracy(answers.probabilities, answers.known, COVERAGE)
    found = given != MISSED
    return {
        "n": len(answers.known),
        "macro_f1": float(f1.mean()),
        "interval": interval(answers),
        "f1_against_favor": float((f1[0] + f1[2]) / 2),
        "accuracy": float((given == answers.known).mean()),
        "ece": expected_error(answers.probabilities[found], answers.known[found]),
        "selective_accuracy": kept,
        "per_class": {
            name: {"precision": float(p), "recall": float(r), "f1": float(f), "n": int(n)}
            for name, p, r, f, n in zip(names, precision, recall, f1, support, strict=True)
        },
    }


@dataclass(frozen=True, slots=True)
class _Asked:
    """A row with what is asked of the scorer."""

    row: LabelledText
    passage: Passage
    asked: tuple[int | None, ...]
    """For each labelled target the number of its query, None if it was missed."""
    found: tuple[Mention, ...]
    utterances: tuple[Utterance, ...] = ()


def _found_of(target: str, found: Sequence[Mention]) -> list[Mention]:
    return [item for item in found if item.target.casefold() == target.casefold()]


def _found_spans(target: LabelledTarget, found: Sequence[Mention]) -> tuple[Span, ...]:
    return tuple(Span(item.start, item.end) for item in _found_of(target.name, found))


def _ask(
    row: LabelledText, find: FindMentions | None, given: bool, names: Mapping[str, str], seek: Seek | None
) -> _Asked:
    found = tuple(find(row.text)) if find else ()
    wanted = seek({item.target for item in found}) if seek else ()
    spans = [target.spans if given or find is None else _found_spans(target, found) for target in row.targets]
    queries: list[TargetQuery] = []
    asked: list[int | None] = []
    for target, places in zip(row.targets, spans, strict=True):
        name, looked_for = target.name, target.name in wanted
        loose = sought.doubtable(_found_of(name, found)) if looked_for else ()
        missed = not places and not given and find is not None and not looked_for
        asked.append(None if missed else len(queries))
        if not missed:
            called = names.get(name, name)
            queries.append(TargetQuery(id=name, name=called, spans=places, sought=looked_for, doubtable=loose))
    listed = {target.name for target in row.targets}
    for name in (name for name in wanted if row.codebook and name not in listed):
        own = [item for item in found if item.target == name]
        places = tuple(Span(item.start, item.end) for item in own)
        loose = sought.doubtable(own)
        queries.append(TargetQuery(id=name, name=names.get(name, name), spans=places, sought=True, doubtable=loose))
    return _Asked(row, Passage(text=row.text, targets=tuple(queries)), tuple(asked), found)


def _answered(item: _Asked, score: PassageScore) -> _Asked:
    """Return the row with the mentions that the scorer found; a target that nobody found was not asked for."""
    passage = item.passage
    seen = [
        sought.mentions(passage, query, said, item.found)
        for query, said in zip(passage.targets, score.targets, strict=True)
    ]
    missed = {n for n, query in enumerate(passage.targets) if query.sought and not seen[n]}
    asked = {query.id for query in passage.targets}
    others = (mention for mention in item.found if mention.target not in asked)
    return replace(
        item,
        asked=tuple(None if number in missed else number for number in item.asked),
        found=(*others, *(mention for mentions in seen for mention in mentions)),
    )


def _pairs(asked: Sequence[_Asked], scores: Sequence[PassageScore], head: str) -> Answers:
    pairs: list[tuple[int, Sequence[float], int]] = []
    for number, (item, score) in enumerate(zip(asked, scores, strict=True)):
        for target, query in zip(item.row.targets, item.asked, strict=True):
            known = getattr(target, head)
            if known is not None:
                said = (0.0, 0.0, 0.0) if query is None else getattr(score.targets[query], head)
                pairs.append((STANCES.index(known), said, number))
    return _answers(pairs)


def _heard(item: _Asked, find: FindVoices) -> _Asked:
    """Return the row with its utterances, whose voices are asked for."""
    said = tuple(find(item.row.text))
    heard = passages_voices(said)
    words, names = tuple(voice.words for voice in heard), tuple(voice.names for voice in heard)
    return replace(item, passage=replace(item.passage, voices=words, names=names), utterances=said)


def _others(asked: Sequence[_Asked], scores: Sequence[PassageScore]) -> Answers:
    """Opinions of all but the author; who is not listed for a target merely informs, and counts as neutral."""
    pairs: list[tuple[int, Sequence[float], int]] = []
    for number, (item, score) in enumerate(zip(asked, scores, strict=True)):
        for target, query in zip(item.row.targets, item.asked, strict=True):
            if query is not None:
                spans = item.passage.targets[query].spans or _found_spans(target, item.found)
                held = opinions_of_others(item.row.text, spans, target.name, score.targets[query], item.utterances)
                pairs += [(STANCES.index(listed_stance(target, o.holder_name)), o.triple, number) for o in held]
    return _answers(pairs)


def opinions_of_others(
    text: str, mentions: Sequence[Span], target: str, score: TargetScore, utterances: Sequence[Utterance]
) -> list[opinions.Opinion]:
    """Return the opinions toward one target of one text, the author's left out."""
    showing = holders(text, score.shown, utterances, (), nobody)
    return opinions.rows(text, mentions, target, score, utterances, showing)[1:]


def listed_stance(target: LabelledTarget, name: str) -> Stance:
    """Return the stance that a row lists for somebody, neutral if it lists none."""
    return next((speaker.stance for speaker in target.speakers if same_speaker(speaker.name, name)), Stance.NEUTRAL)


def _tones(asked: Sequence[_Asked], scores: Sequence[PassageScore]) -> Answers:
    return _answers(
        [
            (TONES.index(item.row.tone), score.sentiment, number)
            for number, (item, score) in enumerate(zip(asked, scores, strict=True))
            if item.row.tone is not None
        ]
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def mention_figures(rows: Sequence[LabelledText], found: Sequence[Sequence[Mention]]) -> dict[str, float | None]:
    """Return recall of the listed mentions and precision of the found ones; overlap with the same target is right.

    Args:
        rows: codebook rows.
        found: what was found in each, targets by id; targets that no codebook row knows count in precision only.
    """
    listed_hit = listed_all = found_hit = found_all = 0
    for row, mentions in zip(rows, found, strict=True):
        rated = ((target.name, target.spans) for target in row.targets)
        places = {name.casefold(): spans for name, spans in (*rated, *row.unrated)}
        listed_all += sum(map(len, places.values()))
        found_all += len(mentions)
        found_hit += sum(_meets(item, places.get(item.target.casefold(), ())) for item in mentions)
        for name, spans in places.items():
            hits = _found_of(name, mentions)
            listed_hit += sum(any(_meets(hit, [span]) for hit in hits) for span in spans)
    return {"mention_recall": _share(listed_hit, listed_all), "mention_precision": _share(found_hit, found_all)}


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _meets(mention: Mention, spans: Sequence[Span]) -> bool:
    return any(_overlap(Span(mention.start, mention.end), span) for span in spans)


def words_of(text: str, speaker: str) -> tuple[Span, ...]:
    """Return the stretches of `text` that are the named speaker's words, by `stance.voices`; none if it finds none."""
    said = find_in(text)
    places = list(occurrences(text, speaker))

    def his(utterance: Utterance) -> bool:
        stands = utterance.speaker_span
        return same_speaker(speaker, utterance.speaker) or (
            stands is not None and any(_overlap(stands, place) for place in places)
        )

    holders = {utterance.holder for utterance in said if his(utterance)} - {""}
    return tuple(Span(item.start, item.end) for item in said if his(item) or item.holder in holders)


def speaker_accuracy(asked: Sequence[_Asked], scores: Sequence[PassageScore]) -> float | None:
    """Return the share of listed speakers that are found, by the whole name or its last word; None without any."""
    right = total = 0
    for item, score in zip(asked, scores, strict=True):
        listed = {speaker.name for target in item.row.targets for speaker in target.speakers}
        found = holders_of(item.row.text, item.utterances, score) if listed else set()
        total += len(listed)
        right += sum(any(same_speaker(name, other) for other in found) for name in listed)
    return _share(right, total)


def holders_of(text: str, utterances: Sequence[Utterance], score: PassageScore) -> set[str]:
    """Return the names of all in a text whose stance is told: who speaks, and who shows it by a scorer's account."""
    showing = (holders(text, said.shown, utterances, (), nobody) for said in score.targets)
    return {said.speaker for said in utterances} | {holder.name for found in showing for holder in found}


def evaluate(
    file: Path,
    scorer: Scorer,
    find_mentions: FindMentions | None = None,
    find_voices: FindVoices | None = None,
    *,
    given_mentions: bool = False,
    names: Mapping[str, str] | None = None,
    seek: Seek | None = None,
) -> dict[str, Any]:
    """Measure a scorer on a labelled file of either format.

    Args:
        file: targeted text or codebook rows.
        scorer: what to measure.
        find_mentions: the catalogue's finder; None reads the file's own mentions.
        find_voices: the voice finder, for `others` and `speaker_accuracy`.
        given_mentions: read the file's own mentions though a finder is there (it is then only measured).
        names: names to call targets by, by the id in the file.
        seek: which targets the scorer is to look for, unless the file's own mentions are read.

    Returns:
        For targeted text the figures of `metrics`; for codebook rows those under `overall`, `author`, `reported` and
        `tone`, with `mention_recall`, `mention_precision` and `speaker_accuracy` (None where no finder was given), and,
        with a finder of voices, `others`: the opinions of all but the author.

    Raises:
        ShardError: the file or a row of it is wrong.
    """
    rows = read_labelled(file)
    seek = None if given_mentions or find_mentions is None else seek
    asked = [_ask(row, find_mentions, given_mentions, names or {}, seek) for row in rows]
    if find_voices:
        asked = [_heard(item, find_voices) for item in asked]
    scores = scorer.score([item.passage for item in asked])
    if seek:
        asked = list(map(_answered, asked, scores))
    classes = [str(stance) for stance in STANCES]
    if not any(row.codebook for row in rows):
        return metrics(_pairs(asked, scores, "overall"), classes)
    figures: dict[str, Any] = {head: metrics(_pairs(asked, scores, head), classes) for head in HEADS}
    figures["tone"] = metrics(_tones(asked, scores), [str(tone) for tone in TONES])
    found = {"mention_recall": None, "mention_precision": None}
    figures |= mention_figures(rows, [item.found for item in asked]) if find_mentions else found
    if not find_voices:
        return figures | {"speaker_accuracy": None}
    others = metrics(_others(asked, scores), classes)
    return figures | {"others": others, "speaker_accuracy": speaker_accuracy(asked, scores)}
