"""Subtitles: what was said in a broadcast, with the times taken out and the lines put together again.

What belongs here: SubRip and WebVTT. What does not: transcripts that are written as text (`plain`).
"""

import re

from stance.ingest.clean import clean_text
from stance.ingest.drafts import Piece
from stance.ingest.furniture import SENTENCE_END
from stance.records import BlockKind

CUE = re.compile(r"(?:\d{1,2}:)?\d{2}:\d{2}[.,]\d{3} --> (?:\d{1,2}:)?\d{2}:\d{2}[.,]\d{3}.*")
FEWEST_CUES = 2
MARK = re.compile(r"<[^<>]{0,60}>|\{\\\w+\}")
"""Colours, italics, places on the screen, times of single words."""
SPEAKER = re.compile(r"(?:>{2,3}|[-–—])\s*(?=\S)")
"""What stands before the words of another speaker."""
PARAGRAPH_CHARS = 400
"""Length from which a paragraph ends with its sentence, where no speaker changes."""


def is_subtitles(text: str) -> bool:
    """Tell whether a text is a file of subtitles."""
    return sum(1 for line in text[:4000].split("\n") if CUE.fullmatch(line.strip())) >= FEWEST_CUES


def spoken_pieces(text: str) -> list[Piece]:
    """Return what was said as paragraphs: one for each speaker where speakers are marked, else of a few sentences."""
    paragraphs: list[str] = []
    for line in _lines(text):
        other = SPEAKER.match(line)
        words = line[other.end() :] if other else line
        ended = bool(paragraphs) and len(paragraphs[-1]) > PARAGRAPH_CHARS and SENTENCE_END.search(paragraphs[-1])
        if other or ended or not paragraphs:
            paragraphs.append(words)
        else:
            paragraphs[-1] += f" {words}"
    return [Piece(BlockKind.PARAGRAPH, paragraph) for paragraph in paragraphs]


def _lines(text: str) -> list[str]:
    """Return the lines that are shown, without numbers, times and notes; a line that stays on is given once."""
    shown: list[str] = []
    for block in re.split(r"\n\s*\n", clean_text(text)):
        lines = [line.strip() for line in block.split("\n")]
        at = next((number for number, line in enumerate(lines) if CUE.fullmatch(line)), None)
        for line in lines[at + 1 :] if at is not None else ():
            words = " ".join(MARK.sub("", line).split())
            if words and words not in [SPEAKER.sub("", before, count=1) for before in shown[-2:]]:
                shown.append(words)
    return shown
