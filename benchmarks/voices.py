"""Who speaks, which words are his, and how fast: the figures of `stance.voices`.

    python benchmarks/voices.py spans data/gold/voices.jsonl [--parts ghuv]
    python benchmarks/voices.py speakers ROWS.jsonl... [--scorer dummy]
    python benchmarks/voices.py speed ROWS.jsonl...
    python benchmarks/voices.py wrong-voice ROWS.jsonl... [--scorer encoder]
    python benchmarks/voices.py opinions ROWS.jsonl... [--scorer encoder]

ROWS are codebook rows; with the `dummy` scorer `speakers` counts words alone. `spans` reads passages whose speech is
marked, as in `data/gold/voices.jsonl`.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from operator import eq
from pathlib import Path

from pydantic import TypeAdapter
from sklearn.metrics import f1_score

from stance import opinions, voices
from stance.evaluate import holders_of, listed_stance, opinions_of_others
from stance.labelled import LabelledTarget, LabelledText, read_labelled
from stance.pipeline.preparing import Preparer
from stance.records import Passage, PassageScore, Stance, TargetQuery, Utterance
from stance.scorers.base import Scorer
from stance.scorers.build import build_scorer
from stance.scorers.config import ScorerConfig
from stance.shown import holders
from stance.voices.kinds import same_speaker

PASSES = 14
"""Times that `speed` reads each text; the first pass alone finds no phrase remembered."""
Mark = tuple[int, int, bool, int]
"""Start, end, direct, depth."""


def f1(right: int, marked: int, found: int) -> str:
    return f"{2 * right / (marked + found):.3f}" if marked + found else "-"


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without spaces and stops at its ends, which no two readers mark alike."""
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end


def found_marks(text: str) -> dict[Mark, str]:
    """The speech that the rules find in an article whose paragraphs are parted by blank lines, with its speakers."""
    found: dict[Mark, str] = {}
    at = 0
    paragraphs = text.split("\n\n")
    for paragraph, utterances in zip(paragraphs, voices.find(paragraphs), strict=True):
        for said in utterances:
            found[(*trimmed(text, at + said.start, at + said.end), said.direct, said.depth)] = said.speaker
        at += len(paragraph) + 2
    return found


def overlap(one: Mark, other: Mark) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def spans(paths: Sequence[Path], halves: str) -> None:
    """Exact spans (same words, direct or not, and depth), the characters they cover, the speakers of right spans."""
    counts: Counter[tuple[str, str]] = Counter()
    for path in paths:
        for line in path.open(encoding="utf-8"):
            row = json.loads(line)
            if halves and row["half"] not in halves:
                continue
            marked = {(*trimmed(row["text"], s["start"], s["end"]), s["direct"], s["depth"]): s for s in row["speech"]}
            found = found_marks(row["text"])
            for half in (row["half"], "all"):
                counts[half, "passages"] += 1
                for kind, direct in (("direct", True), ("indirect", False)):
                    ours, theirs = ({m for m in marks if m[2] is direct} for marks in (found, marked))
                    counts[half, f"{kind} right"] += len(ours & theirs)
                    counts[half, f"{kind} marked"] += len(theirs)
                    counts[half, f"{kind} found"] += len(ours)
                    counts[half, f"{kind} shifted"] += sum(any(map(partial(overlap, m), ours)) for m in theirs - ours)
                    counts[half, f"{kind} beside"] += sum(not any(map(partial(overlap, m), theirs)) for m in ours)
                    mine, gold = ({i for m in marks for i in range(m[0], m[1])} for marks in (ours, theirs))
                    counts[half, f"{kind} characters right"] += len(mine & gold)
                    counts[half, f"{kind} characters marked"] += len(gold)
                    counts[half, f"{kind} characters found"] += len(mine)
                for mark in marked.keys() & found.keys():
                    one, other = found[mark], marked[mark]["speaker"]
                    counts[half, "speakers"] += 1
                    counts[half, "speakers exact"] += one.casefold() == other.casefold()
                    counts[half, "speakers right"] += same_speaker(one, other)
    for half in sorted({half for half, _ in counts}, key=lambda half: (half == "all", half)):
        print(f"{half}: {counts[half, 'passages']} passages")
        for what in ("", "characters "):
            triples = [
                [counts[half, f"{kind} {what}{part}"] for part in ("right", "marked", "found")]
                for kind in ("direct", "indirect")
            ]
            total = [sum(parts) for parts in zip(*triples, strict=True)]
            print(f"  F1 of {what or 'spans '}direct {f1(*triples[0])} indirect {f1(*triples[1])} all {f1(*total)}")
        for kind in ("direct", "indirect"):
            good, of, shifted, beside = (counts[half, f"{kind} {n}"] for n in ("right", "marked", "shifted", "beside"))
            print(f"  {kind}: of {of} {good} right, {shifted} with other ends; {beside} where nothing is marked")
        right, exact, of = (counts[half, f"speakers{kind}"] for kind in (" right", " exact", ""))
        print(f"  speaker right in {right} of {of} right spans ({right / of:.3f}), exactly as marked in {exact}")


def listed(row: LabelledText) -> set[str]:
    return {speaker.name for target in row.targets for speaker in target.speakers}


def _scorer(kind: str) -> Scorer:
    return build_scorer(TypeAdapter(ScorerConfig).validate_python({"kind": kind}))


def speakers(paths: Sequence[Path], scorer_kind: str) -> None:
    """Share of the listed speakers found by their words and, with a scorer, as showing a stance; and who is not listed.

    The last figures are of the pairs of target and holder that the scorer adds: how many a row lists for that target.
    """
    scorer, ready = _scorer(scorer_kind), Preparer(())
    whole: Counter[str] = Counter()
    for path in paths:
        rows = read_labelled(path)
        asked = [passages(row, ready) for row in rows]
        counts: Counter[str] = Counter()
        for row, (passage, said), score in zip(rows, asked, scorer.score([each[0] for each in asked]), strict=True):
            names, heard = listed(row), {utterance.speaker for utterance in said} - {""}
            found = holders_of(row.text, said, score) - {""}
            counts["listed"] += len(names)
            counts["exact"] += len(names & found)
            counts["by words"] += sum(any(same_speaker(name, other) for other in heard) for name in names)
            counts["right"] += sum(any(same_speaker(name, other) for other in found) for name in names)
            counts["found"] += len(found)
            counts["unlisted"] += sum(not any(same_speaker(other, name) for name in names) for other in found)
            for target, answer in zip(row.targets, score.targets, strict=True):
                own = {speaker.name for speaker in target.speakers}
                for holder in holders(passage.text, answer.shown, said, (), voices.nobody):
                    counts["shown"] += 1
                    counts["shown right"] += any(same_speaker(holder.name, name) for name in own)
        print(_speakers_line(path.name, counts))
        whole += counts
    if len(paths) > 1:
        print(_speakers_line("all", whole))


def _speakers_line(name: str, counts: Counter[str]) -> str:
    total = counts["listed"]
    return (
        f"{name}: {total} listed, found {counts['right'] / total:.3f} "
        f"(by words alone {counts['by words'] / total:.3f}, exactly {counts['exact'] / total:.3f}); "
        f"{counts['found']} found, {counts['unlisted']} of them not listed; "
        f"shown {counts['shown']}, {counts['shown right']} of them listed for the target"
    )


def held(paths: Sequence[Path], scorer_kind: str) -> None:
    """Stances of all but the author as the table `opinions` has them, against those that the rows list.

    Who is not listed for a target informs, and counts as neutral; so do the listed who are not found, for recall.
    """
    scorer, ready = _scorer(scorer_kind), Preparer(())
    for path in paths:
        rows = read_labelled(path)
        asked = [passages(row, ready) for row in rows]
        known: list[Stance] = []
        given: list[Stance] = []
        found = right = total = 0
        for row, (_, said), score in zip(rows, asked, scorer.score([each[0] for each in asked]), strict=True):
            for target, answer in zip(row.targets, score.targets, strict=True):
                rest = opinions_of_others(row.text, target.spans, target.name, answer, said)
                known += [listed_stance(target, opinion.holder_name) for opinion in rest]
                given += [opinion.triple.label for opinion in rest]
                for speaker in target.speakers:
                    his = [o.triple.label for o in rest if same_speaker(speaker.name, o.holder_name)]
                    total, found, right = total + 1, found + bool(his), right + (speaker.stance in his)
        agree = sum(map(eq, known, given)) / len(known)
        f1_macro = f1_score(known, given, average="macro")
        wrong = sum(said is not Stance.NEUTRAL and said != true for said, true in zip(given, known, strict=True))
        print(
            f"{path.name}: {len(known)} opinions of others, right {agree:.3f}, macro-F1 {f1_macro:.3f}, "
            f"against or in favour wrongly {wrong}; of {total} "
            f"listed pairs of target and speaker {found / total:.3f} have one, {right / total:.3f} the listed stance"
        )


def speed(paths: Sequence[Path]) -> None:
    """Paragraphs a second on one core: each text read once, and at the best of several passes, for busy machines."""
    texts = [row.text for path in paths for row in read_labelled(path)]
    passes = [list(map(_seconds, texts)) for _ in range(PASSES)]
    length = sum(map(len, texts)) / len(texts)
    first, best = sum(passes[0]), sum(map(min, zip(*passes, strict=True)))
    print(f"{len(texts) / first:.0f} paragraphs a second, each read once ({len(texts)} of {length:.0f} characters)")
    print(f"{len(texts) / best:.0f} paragraphs a second, each at the best of {PASSES} passes")


def _seconds(text: str) -> float:
    start = time.process_time()
    voices.find_in(text)
    return time.process_time() - start


def passages(row: LabelledText, ready: Preparer) -> tuple[Passage, Sequence[Utterance]]:
    """What the scorer is asked of a row, its own mentions given, and the row's utterances."""
    (prepared,) = ready.prepare([row.text])
    queries = tuple(TargetQuery(id=target.name, name=target.name, spans=target.spans) for target in row.targets)
    return replace(prepared.passage, targets=queries), prepared.utterances


def misplaced(target: LabelledTarget, found: Sequence[opinions.Opinion]) -> bool:
    """Whether a stance is in the wrong voice: a speaker's given to the author, or the author's to a speaker alone."""
    said = {speaker.stance for speaker in target.speakers}
    own, *others = [opinion.triple.label for opinion in found]
    if target.author is Stance.NEUTRAL:
        return own is not Stance.NEUTRAL and own in said
    return own is Stance.NEUTRAL and target.author in others and target.author not in said


def wrong_voice(paths: Sequence[Path], scorer_kind: str) -> None:
    """Share of the rows with reported speech in which a stance is put in the wrong voice."""
    scorer, ready = _scorer(scorer_kind), Preparer(())
    for path in paths:
        rows = [row for row in read_labelled(path) if listed(row)]
        asked = [passages(row, ready) for row in rows]
        wrong = list(judged(rows, scorer.score([passage for passage, _ in asked]), [said for _, said in asked]))
        print(f"{path.name}: wrong voice in {sum(wrong)} of {len(wrong)} ({sum(wrong) / len(wrong):.3f})")


def judged(
    rows: Sequence[LabelledText], scores: Sequence[PassageScore], said: Sequence[Sequence[Utterance]]
) -> Iterator[bool]:
    for row, score, utterances in zip(rows, scores, said, strict=True):
        for target, scored in zip(row.targets, score.targets, strict=True):
            if target.speakers:
                yield misplaced(target, opinions.rows(row.text, target.spans, target.name, scored, utterances))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["spans", "speakers", "speed", "wrong-voice", "opinions"])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--scorer", default="encoder")
    parser.add_argument("--parts", default="", help="letters of the parts that `spans` reads, by default all")
    options = parser.parse_args()
    if options.what == "spans":
        spans(options.files, options.parts)
    elif options.what == "speed":
        speed(options.files)
    else:
        {"speakers": speakers, "wrong-voice": wrong_voice, "opinions": held}[options.what](
            options.files, options.scorer
        )


if __name__ == "__main__":
    main()
