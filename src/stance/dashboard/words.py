"""The board's plain words: names for codes, and what a term means, in one place for board and report.

What belongs here: text that readers see more than once. What does not: sentences of a single view.
"""

from stance.dashboard.filters import Counting, Filters, Length, Voice

VOICE: dict[Voice, str] = {
    "overall": "Whole paragraph",
    "author": "Outlet's own words",
    "reported": "People it quotes",
}
VOICE_LONG: dict[Voice, str] = {
    "overall": "whole paragraphs, the outlet's own words and its quotations together",
    "author": "the outlet's own words only, quotations left out",
    "reported": "people only, quoted, paraphrased or shown, not the outlet",
}
COUNTING: dict[Counting, str] = {
    "article": "Every article",
    "story": "Every story once",
    "outlet_story": "Every story once per outlet",
}
LENGTH: dict[Length, str] = {"day": "Day", "week": "Week", "month": "Month"}

STANCE = {"against": "against", "neutral": "neutral", "favor": "in favour"}

TERMS = {
    "polarity": "Probability of ‘in favour’ minus probability of ‘against’: -1 is all against, +1 all in favour.",
    "interval": "The range in which the number would lie in 95 of 100 samples of news like this. Copies of one story "
    "do not count as independent of each other. Errors of the model come on top.",
    "uncorrected": "The numbers come from the model alone. No human labels have corrected its errors.",
    "unsure": "Paragraphs in which the model's best guess is too weak to be trusted. They count, and are marked.",
    "absent": "The text does not mention the target at all. That is not the same as neutral.",
    "neutral": "The target is mentioned without an attitude, or praise and blame balance.",
    "voice": "A newspaper may quote words it does not share. ‘Outlet's own words’ leaves quotations out; ‘People it "
    "quotes’ shows only them.",
    "shown": "Somebody of whom no words are told, but something that shows where he stands: he applauds, walks out, "
    "has lost patience. The model finds these; quoted and paraphrased people are found by rules.",
    "counting": "Agency reports are printed by many outlets. Count every copy, every story once, or once per outlet.",
    "evidence": "The smallest clause or sentence that carries the stance.",
    "unvalidated": "Nobody has measured the model's error rate in this language.",
    "few": "Fewer than five independent stories: too few for a number. Articles are shown one by one instead.",
    "calibration": "Of the paragraphs that the model is 80 % sure of, 80 % should be right: points on the line.",
    "rejection": "An input that did not become an article. Nothing is dropped without one.",
    "alpha": "Krippendorff's alpha: 1 is perfect, 0 is chance. Above 0.8 is good; under 0.67 do not publish.",
    "names": "Names count as they stand in the text: ‘the president’ and his name are two lines, two people of one "
    "name are one.",
    "f1": "How well against, neutral and in favour are told apart (macro-F1): 1 is perfect, 0.33 about what guessing "
    "gives. ‘Unseen file’: paragraphs of a writer and a region that the model never learned from.",
    "scorer": "The fingerprint of the model, its weights and its settings. Same fingerprint, same scores.",
    "pair": "A paragraph together with a target that it mentions: what is scored.",
    "side": "The target this voice is a member of, where the text says so.",
    "turns": "For each outlet, the day at which its articles part most. The day is chosen after looking, so this is a "
    "description and no test; alarms are tested.",
    "smooth": "A line through all periods that bends less where few articles stand under a number. The band around it "
    "is its 95 % interval.",
    "agree": "How often the model's likeliest stance is the one that people gave. Labelled paragraphs are weighted so "
    "that this holds for all paragraphs here.",
    "halve": "How many labels there must be in all for the interval to become half as wide.",
    "drift": "Whether the model is as sure of newer articles as of those up to the last labelled day. If not, labels "
    "may no longer say how often it errs.",
    "pause": "Nine in ten of its pauses were not longer.",
}


TITLES = {
    "unvalidated": "error rate not measured",
    "few": "too few for a number",
    "f1": "macro-F1",
    "alpha": "agreement",
    "names": "names of voices",
    "side": "belongs to",
    "turns": "what moved most",
    "pause": "usual pause",
    "smooth": "smooth line",
    "agree": "model and people agree",
    "halve": "labels to halve the interval",
    "pair": "scored pair",
}
"""Headings of `TERMS` whose key is no plain word."""

SIGN = {
    "confidence": "how sure it is of its answer",
    "unsure": "share it is unsure of",
    "against": "share it calls against",
    "neutral": "share it calls neutral",
    "favor": "share it calls in favour",
}
"""What is watched for drift."""

REASON = {
    "unsupported_format": "a format that cannot be read",
    "unreadable": "the file cannot be opened",
    "empty": "nothing in it",
    "binary": "not a text",
    "too_large": "larger than allowed",
    "malformed": "broken: its format is not kept",
    "missing_field": "a field is missing",
    "no_text": "no article text found in it",
    "too_short": "too few words for an article",
    "bad_date": "its date makes no sense",
    "unvalidated_language": "a language whose error rate nobody has measured",
    "duplicate": "the same article twice",
    "unsafe_path": "it names a file outside its folder",
    "fetch_failed": "its server did not answer",
    "disallowed": "its server forbids it",
    "limit": "a limit was reached",
}
"""Why an input did not become an article, by the code in the table of rejections."""


def choice(filters: Filters) -> str:
    """Say a choice of rows in words, for pictures that leave the page."""
    parts = [f"Voice: {VOICE_LONG[filters.voice]}", f"counted: {COUNTING[filters.counting].lower()}"]
    parts += [f"outlets: {', '.join(filters.outlets)}"] if filters.outlets else []
    parts += [f"languages: {', '.join(filters.languages)}"] if filters.languages else []
    parts += [f"from {filters.since:%-d %b %Y}"] if filters.since else []
    parts += [f"to {filters.until:%-d %b %Y}"] if filters.until else []
    return "; ".join(parts) + "."


def stance_word(polarity: float) -> str:
    """Say a polarity in [-1, 1] in plain words."""
    size = abs(polarity)
    side = "in favour" if polarity > 0 else "against"
    if size < 0.1:
        return "balanced"
    return f"slightly {side}" if size < 0.3 else side if size < 0.6 else f"strongly {side}"


def number(polarity: float) -> str:
    """Write a polarity with its sign."""
    return f"{polarity:+.2f}".replace("-", "−")


def share(value: float) -> str:
    """Write a share in [0, 1] as a percentage."""
    return f"{value:.0%}"


def counted(count: int, noun: str) -> str:
    """Write a count with its noun: `1 article`, `1,204 articles`."""
    return f"{count:,} {noun if count == 1 else noun.removesuffix('y') + 'ies' if noun.endswith('y') else noun + 's'}"
