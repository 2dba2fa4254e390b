"""Who speaks, which words are his, and how fast: the figures of `stance.voices`.

    python benchmarks/voices.py spans data/gold/voices.jsonl
    python benchmarks/voices.py speakers ROWS.jsonl...
    python benchmarks/voices.py speed ROWS.jsonl...
    python benchmarks/voices.py wrong-voice ROWS.jsonl... [--scorer encoder]

ROWS are codebook rows; `spans` reads passages whose speech is marked, as in `data/gold/voices.jsonl`.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from pydantic import TypeAdapter

from stance import opinions, voices
from stance.labelled import LabelledTarget, LabelledText, read_labelled
from stance.records import Passage, PassageScore, Stance, TargetQuery, Utterance
from stance.scorers.build import build_scorer
from stance.scorers.config import ScorerConfig
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


def spans(paths: Sequence[Path]) -> None:
    """Exact spans (same words, direct or not, and depth), the characters they cover, the speakers of right spans."""
    counts: Counter[tuple[str, str]] = Counter()
    for path in paths:
        for line in path.open(encoding="utf-8"):
            row = json.loads(line)
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


def speakers(paths: Sequence[Path]) -> None:
    """Share of the listed speakers that some utterance has, and how many found speakers no row lists."""
    for path in paths:
        rows = read_labelled(path)
        wanted = [(listed(row), {said.speaker for said in voices.find_in(row.text)} - {""}) for row in rows]
        total = sum(len(names) for names, _ in wanted)
        exact = sum(len(names & found) for names, found in wanted)
        right = sum(any(same_speaker(name, other) for other in found) for names, found in wanted for name in names)
        unlisted = sum(not any(same_speaker(o, name) for name in names) for names, found in wanted for o in found)
        every = sum(len(found) for _, found in wanted)
        print(
            f"{path.name}: {total} listed, found {right / total:.3f} (exactly {exact / total:.3f}); "
            f"{every} speakers found, {unlisted} of them not listed"
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


def passages(row: LabelledText) -> tuple[Passage, list[Utterance]]:
    said = voices.find_in(row.text)
    queries = tuple(TargetQuery(id=target.name, name=target.name, spans=target.spans) for target in row.targets)
    spoken = tuple(spans for _, spans in voices.passages_voices(said))
    return Passage(text=row.text, targets=queries, voices=spoken), said


def misplaced(target: LabelledTarget, found: Sequence[opinions.Opinion]) -> bool:
    """Whether a stance is in the wrong voice: a speaker's given to the author, or the author's to a speaker alone."""
    said = {speaker.stance for speaker in target.speakers}
    own, *others = [opinion.triple.label for opinion in found]
    if target.author is Stance.NEUTRAL:
        return own is not Stance.NEUTRAL and own in said
    return own is Stance.NEUTRAL and target.author in others and target.author not in said


def wrong_voice(paths: Sequence[Path], scorer_kind: str) -> None:
    """Share of the rows with reported speech in which a stance is put in the wrong voice."""
    scorer = build_scorer(TypeAdapter(ScorerConfig).validate_python({"kind": scorer_kind}))
    for path in paths:
        rows = [row for row in read_labelled(path) if listed(row)]
        asked = [passages(row) for row in rows]
        wrong = list(judged(rows, scorer.score([passage for passage, _ in asked]), [said for _, said in asked]))
        print(f"{path.name}: wrong voice in {sum(wrong)} of {len(wrong)} ({sum(wrong) / len(wrong):.3f})")


def judged(
    rows: Sequence[LabelledText], scores: Sequence[PassageScore], said: Sequence[list[Utterance]]
) -> Iterator[bool]:
    for row, score, utterances in zip(rows, scores, said, strict=True):
        for target, scored in zip(row.targets, score.targets, strict=True):
            if target.speakers:
                yield misplaced(target, opinions.rows(row.text, target.spans, target.name, scored, utterances))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["spans", "speakers", "speed", "wrong-voice"])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--scorer", default="encoder")
    options = parser.parse_args()
    if options.what == "wrong-voice":
        wrong_voice(options.files, options.scorer)
    else:
        {"spans": spans, "speakers": speakers, "speed": speed}[options.what](options.files)


if __name__ == "__main__":
    main()
