"""What `stance score` prints: the text with mentions marked, then who stands how toward each target, and why."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rich.text import Text

from stance.cli import terminal
from stance.opinions import AUTHOR, Opinion
from stance.pipeline.rows import opinion_fields
from stance.pipeline.viewing import ParagraphView, TargetView
from stance.records import Mention, Sentiment, TargetScore, Triple

FIRMNESS = ((0.85, "clearly"), (0.6, ""), (0.0, "weakly"))
"""Words for how sure a stance is, by its probability."""
MANNERS = {True: "quoted", False: "paraphrased", None: "shown"}
"""How a speaker's stance is reported, by `Opinion.direct`."""


def show(view: ParagraphView, *, as_json: bool) -> None:
    """Print one scored paragraph."""
    if as_json:
        terminal.print_json(_json(view))
        return
    terminal.out.print(_marked(view))
    if not view.targets:
        terminal.out.print("\nno target is mentioned (absent, which is not neutral)")
    for number, target in enumerate(view.targets):
        _target(view.text, target, terminal.TARGETS[number % len(terminal.TARGETS)])
    for mention in view.doubted:
        terminal.out.print(f"\nno mention of {mention.target}: “{mention.text}”, by the model's reading")
    tone = tuple(Sentiment)[max(range(3), key=view.sentiment.__getitem__)]
    terminal.out.print(f"\nsentiment {tone} {max(view.sentiment):.2f} (the paragraph's tone, whatever its targets)")
    if view.windows > 1:
        terminal.out.print(f"read in {view.windows} windows and merged")


def _marked(view: ParagraphView) -> Text:
    """The text with each target's mentions in a style of their own; the styles' legend stands with the targets."""
    text = Text(view.text)
    for number, target in enumerate(view.targets):
        for mention in target.mentions:
            text.stylize(terminal.TARGETS[number % len(terminal.TARGETS)], mention.start, mention.end)
    return text


def _target(text: str, view: TargetView, style: str) -> None:
    score = view.score
    line = Text("\n")
    line.append(f"{score.overall.label} {view.target.id}", style=terminal.COLOURS[score.overall.label])
    line.append(f"  {_sure(score)}   polarity {score.overall.polarity:+.2f}   {_numbers(score.overall)}")
    terminal.out.print(line)
    for word, found in (("named", False), ("found", True)):
        texts = [Text(mention.text, style=style) for mention in view.mentions if mention.coref is found]
        if texts:
            terminal.out.print(Text(f"  {word}   ").append_text(Text("  ").join(texts)))
    for opinion in view.opinions:
        terminal.out.print(Text("  voice   ").append_text(_voice(view, opinion)))
    terminal.out.print(f"  because “{text[score.evidence.start : score.evidence.end].strip()}”")


def _sure(score: TargetScore) -> str:
    if score.unsure:
        return "unsure"
    return next(word for limit, word in FIRMNESS if score.overall.confidence >= limit)


def _voice(view: TargetView, opinion: Opinion) -> Text:
    line = terminal.stance_text(opinion.triple.label)
    line.append(f" {view.target.id} — {whose(opinion)}  {_numbers(opinion.triple)}", style="none")
    return line


def whose(opinion: Opinion) -> str:
    """Name the owner of a stance: the author, or a speaker and how he is reported."""
    if opinion.holder == AUTHOR:
        return "the author"
    name = f"“{opinion.holder_name}”" if opinion.holder_name else "a speaker who is not named"
    manner = MANNERS[opinion.direct]
    return f"{name} ({manner}{', at a distance' if opinion.distance else ''})"


def _numbers(triple: Triple) -> str:
    return f"against {triple.against:.2f} · neutral {triple.neutral:.2f} · favor {triple.favor:.2f}"


def _json(view: ParagraphView) -> Mapping[str, Any]:
    return {
        "text": view.text,
        "sentiment": dict(zip(("negative", "neutral", "positive"), view.sentiment, strict=True)),
        "targets": [_target_json(view.text, target) for target in view.targets],
        "doubted": list(map(_mention, view.doubted)),
        "voices": [asdict(utterance) for utterance in view.utterances],
        "windows": view.windows,
        "scorer": view.scorer,
    }


def _target_json(text: str, view: TargetView) -> Mapping[str, Any]:
    score = view.score
    start, end = score.evidence
    return {
        "target": view.target.id,
        "name": view.target.name,
        "label": score.overall.label,
        "unsure": score.unsure,
        "polarity": round(score.overall.polarity, 4),
        "overall": score.overall._asdict(),
        "author": score.author._asdict(),
        "reported": score.reported._asdict(),
        "mentions": list(map(_mention, view.mentions)),
        "evidence": {"start": start, "end": end, "text": text[start:end]},
        "opinions": [opinion_fields(opinion) for opinion in view.opinions],
    }


def _mention(mention: Mention) -> Mapping[str, Any]:
    return {part: getattr(mention, part) for part in ("target", "start", "end", "text", "alias", "coref")}
