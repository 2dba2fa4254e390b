"""Pieces of HTML that board and report share: a change, a stance, probabilities, a paragraph with its marks.

What belongs here: HTML from rows of `queries`, everything escaped. What does not: questions, layout, Streamlit.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from stance.dashboard import markup
from stance.dashboard.queries import records
from stance.dashboard.queries.changes import STEADY
from stance.dashboard.words import SIGN, STANCE, TERMS, TITLES, counted, number, share, stance_word
from stance.estimate.formulas import Floats

QUOTE = 180
"""Longest quotation on a card, in characters."""
NAMES = {False: "names the target", True: "names the target, as the model finds"}
"""Whether it is the model that found a mention, in words."""
UNMEASURED = "Nobody has measured how often this model errs."


def card(row: Mapping[str, Any], target: str) -> str:
    """Say in words how far an outlet moved on a target of that name: a row of `queries.changes.turns`."""
    verb = "hardly moved on" if abs(row["change"]) < STEADY else "turned against" if row["change"] < 0 else "warmed to"
    return markup.filled(
        "<b>{outlet}</b> {verb} <b>{target}</b>"
        "<div class='st-move'><span class='st-{old}'>{before}</span> → <span class='st-{new}'>{after}</span></div>"
        "<div class='st-meta'>{words}<br>{basis}</div>",
        outlet=row["outlet"],
        verb=verb,
        target=target,
        before=number(row["before"]),
        after=number(row["after"]),
        old=side(row["before"]),
        new=side(row["after"]),
        words=f"{stance_word(row['before'])} → {stance_word(row['after'])}",
        basis=f"{counted(row['units_before'], 'article')} before {row['middle']:%-d %b}, {row['units_after']} after",
    )


def spoken(mean: Mapping[str, Any]) -> str:
    """Say a polarity with its interval in plain words: a polarity row of `queries.trends.trend`."""
    if pd.isna(mean["value"]):
        return "too few for a number"
    span = f"{number(mean['low'])} to {number(mean['high'])}"
    return f"{stance_word(mean['value'])}, {number(mean['value'])} ({span})"


def quote(hit: Mapping[str, Any]) -> str:
    """Show the clause that carries the stance of a paragraph: a row of `queries.reading.hits`."""
    day = "undated" if pd.isna(hit["day"]) else f"{hit['day']:%-d %b}"
    said = hit["text"][hit["evidence_start"] : hit["evidence_end"]].strip(" ,;")
    said = said if len(said) <= QUOTE else said[:QUOTE].rsplit(" ", 1)[0] + " …"
    template = "<div class='st-telling' dir='auto'>“{said}”</div><div class='st-meta'>{day}, {title}</div>"
    return markup.filled(template, said=said.strip("“”"), day=day, title=hit["title"] or "(no headline)")


def caption(heading: str, under: str, tags: str) -> str:
    """Return a picture's heading with a line under it and its `tags`."""
    head = markup.filled("<b class='st-head'>{heading}</b> ", heading=heading)
    line = markup.filled("<div class='st-meta'>{under}</div>", under=under) if under else ""
    return f"<div>{head}{tags}{line}</div>"


def tags(uncorrected: bool, languages: Sequence[str]) -> str:
    """Return small marks for numbers that no human labels have corrected and for languages nobody has measured."""
    found = [("uncorrected", TERMS["uncorrected"])] if uncorrected else []
    found += [(f"{', '.join(languages)}: error not measured", TERMS["unvalidated"])] if languages else []
    return "".join(
        markup.filled("<span class='st-tag' title='{why}'>{word}</span> ", word=word, why=why) for word, why in found
    )


def uncorrected(rows: pd.DataFrame) -> bool:
    """Whether any number of a table comes from the model alone."""
    return "corrected" not in rows or not bool(rows["corrected"].astype(bool).all()) or rows.empty


def selections(spec: Mapping[str, Any]) -> set[str]:
    """Return the names of a chart's selections."""
    parts = [spec, *spec.get("layer", ())]
    return {param["name"] for part in parts for param in part.get("params", ())}


def alarm(row: Mapping[str, Any], target: str) -> str:
    """Say that an outlet moved more than chance allows: a row of `queries.changes.alarms`."""
    return markup.filled(
        "<div class='st-warn' title='{quiet}'><b>Alarm, {period}:</b> <b>{outlet}</b> on <b>{target}</b>: "
        "{before} → {after} (change {change}, 95 % interval {low} to {high}). {note}</div>",
        quiet=f"In quiet years {row['quiet']:.1f} such alarms a year are to be expected.",
        period=f"{'week' if row['weeks'] == 1 else 'weeks'} from {row['period']:%-d %b %Y}",
        outlet=row["outlet"] or "all outlets",
        target=target,
        note=row["note"],
        **{name: number(row[name]) for name in ("before", "after", "change", "low", "high")},
    )


def mixed_up(rates: Floats) -> str:
    """Spell out what the model calls paragraphs whose stance is known; *Shape:* (3, 3), rows are true stances."""
    return "".join(
        bar(f"Of the paragraphs that are {word}, it calls", row)
        for word, row in zip(STANCE.values(), rates.tolist(), strict=True)
    )


def corrected(row: Mapping[str, Any]) -> str:
    """Say what labels did to a target's numbers: a row of `queries.trust.wholes`."""
    if not row["corrected"]:
        return f"{row['note'].partition(';')[0].capitalize()}."
    more = "" if pd.isna(row["halve"]) else f"; about {row['halve']:,.0f} in all would halve the interval"
    return f"Corrected by {counted(row['labels'], 'label')}{more}."


def spoken_for(rows: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Write `queries.trust.wholes` as a table for readers, whose names of targets are given by id."""
    return pd.DataFrame(
        {
            "Target": [names.get(target, target) for target in rows["target"]],
            "Model alone": [_polarity(row, "raw") for row in records(rows)],
            "Corrected": [_polarity(row, "") if row["corrected"] else "" for row in records(rows)],
            "Labels": rows["labels"],
            "Labels that would halve the interval": [_needed(row) for row in records(rows)],
        }
    )


def _needed(row: Mapping[str, Any]) -> str:
    if not row["corrected"]:
        return ""
    return "more than there are paragraphs" if pd.isna(row["halve"]) else f"about {row['halve']:,.0f}"


def _polarity(row: Mapping[str, Any], kind: str) -> str:
    value, low, high = (row[name] for name in (("raw", "raw_low", "raw_high") if kind else ("value", "low", "high")))
    return "too few" if pd.isna(value) else f"{number(value)} ({number(low)} to {number(high)})"


def drifted(row: Mapping[str, Any], target: str) -> str:
    """Say that labels may have grown old: a row of `queries.trust.notable`."""
    return markup.filled(
        "<div class='st-warn' title='{why}'><b>Labels grow old:</b> since {since}, the last labelled day, the model's "
        "answers on <b>{target}</b> have changed: {what} {before} → {after}, more than chance allows. Label some newer "
        "articles.</div>",
        why=TERMS["drift"],
        since=f"{date.fromisoformat(row['since']):%-d %b %Y}",
        target=target,
        what=SIGN[row["sign"]],
        before=share(row["before"]),
        after=share(row["after"]),
    )


def legend(*, smooth: bool) -> str:
    """Return what lines, points and colours of a trend mean."""
    line = f"<span title='{TERMS['smooth']}'>line through the points: smoothed</span>" if smooth else ""
    return _LEGEND.format(smooth=line)


def ranged(row: Mapping[str, Any]) -> str:
    """Write how often model and people agree with its interval: a row of `queries.trust.errors` with a number."""
    return f"{share(row['accuracy'])} ({share(row['low'])} to {share(row['high'])})"


def errs(rates: Floats) -> str:
    """Say in one sentence what the model calls paragraphs whose stance is known; see `mixed_up`."""
    words = list(STANCE.values())
    parts = [
        f"{100 * row[own]:.0f} of 100 that are {word} ("
        + ", ".join(f"{100 * rate:.0f} {said}" for said, rate in zip(words, row, strict=True) if said != word)
        + ")"
        for own, (word, row) in enumerate(zip(words, rates.tolist(), strict=True))
    ]
    return f"On texts it had not seen, the model recognised {parts[0]}, {parts[1]} and {parts[2]}."


def certainty(row: Mapping[str, Any]) -> str:
    """Say whether a change is more than chance: a row of `queries.changes.difference`."""
    if pd.isna(row["low"]):
        return "too few for an interval"
    return "more than chance allows" if row["low"] > 0 or row["high"] < 0 else "could be chance"


def side(polarity: float) -> str:
    """Return the stance a polarity leans to, as its name in style sheets."""
    return "neutral" if abs(polarity) < STEADY else "favor" if polarity > 0 else "against"


def chip(label: str, *, unsure: bool) -> str:
    """Return a stance as a small badge: colour, sign and word."""
    sign = {"against": "−", "neutral": "○", "favor": "+"}[label]
    style = f"st-chip st-{label}{' st-unsure' if unsure else ''}"
    return f"<span class='{style}'>{sign} {STANCE[label]}{' ? (unsure)' if unsure else ''}</span>"


def bar(name: str, values: Sequence[float]) -> str:
    """Return three probabilities or shares as a bar with its numbers, against first."""
    words = " · ".join(f"{share(value)} {word}" for value, word in zip(values, STANCE.values(), strict=True))
    parts = "".join(
        f"<i class='{kind}' style='width:{value:.1%}'></i>" for kind, value in zip("anf", values, strict=True)
    )
    head = markup.filled("<div class='st-barname'>{name}</div>", name=name)
    return f"{head}<div class='st-bar' title='{words}'>{parts}</div><div class='st-meta'>{words}</div>"


def marks(hit: Mapping[str, Any], voices: pd.DataFrame) -> list[markup.Mark]:
    """Return what to mark in a paragraph: mentions of the target, quotations, the evidence.

    Args:
        hit: a row of `queries.reading.hits`.
        voices: `queries.reading.opinions` of it.
    """
    found = [markup.Mark(m["start"], m["end"], markup.MENTION, NAMES[m["coref"]]) for m in hit["mentions"]]
    found.append(markup.Mark(hit["evidence_start"], hit["evidence_end"], markup.EVIDENCE, "carries the stance"))
    for voice in records(voices[voices["holder"] != "author"]):
        name = voice["holder_name"] or "someone unnamed"
        found += [markup.Mark(span["start"], span["end"], markup.QUOTE, f"words of {name}") for span in voice["spans"]]
    return found


def heading(hit: Mapping[str, Any]) -> str:
    """Return outlet, day, byline, headline and link of a paragraph's article."""
    day = "undated" if pd.isna(hit["day"]) else f"{hit['day']:%-d %B %Y}"
    where = markup.link(hit["url"], "open the article") if hit["url"] else "no address known"
    head = markup.filled(
        "<div class='st-meta'><b>{outlet}</b> · {day}{by}</div><div class='st-headline' dir='auto'>{title}</div>",
        outlet=hit["outlet"],
        day=day,
        by=f" · {hit['author']}" if hit["author"] else "",
        title=hit["title"] or "(no headline)",
    )
    return f"{head}<div class='st-meta'>{where}</div>"


def prose(hit: Mapping[str, Any], voices: pd.DataFrame) -> str:
    """Return a paragraph's text with its marks."""
    return f"<div class='st-prose' dir='auto'>{markup.marked(hit['text'], marks(hit, voices))}</div>"


def verdict(hit: Mapping[str, Any], target: str) -> str:
    """Return the stance of a paragraph toward a target of that name, with the model's confidence and doubt."""
    head = markup.filled("<div>Stance toward <b>{target}</b>: ", target=target)
    sure = f"confidence {share(hit['confidence'])}, polarity {number(hit['polarity'])}"
    doubt = (
        "<div class='st-warn'>The model is <b>unsure</b> here: this is its best guess.</div>" if hit["unsure"] else ""
    )
    return f"{head}{chip(hit['label'], unsure=hit['unsure'])}</div><div class='st-meta'>{sure}</div>{doubt}"


def speaker(voice: Mapping[str, Any]) -> str:
    """Return one reported voice and its stance: a row of `queries.reading.opinions`."""
    said = "shown" if pd.isna(voice["direct"]) else "quoted" if voice["direct"] else "paraphrased"
    said += f", belongs to {voice['holder_target']}" if voice["holder_target"] else ""
    said += "; the outlet keeps its distance" if voice["distance"] else ""
    head = markup.filled(
        "<div dir='auto'>{name} <span class='st-meta'>({said})</span> ",
        name=voice["holder_name"] or "Someone unnamed",
        said=said,
    )
    return f"{head}{chip(voice['label'], unsure=False)}</div>"


def glossary() -> str:
    """Return all terms with what they mean."""
    return f"<dl class='st-words-list'>{''.join(_term(*term) for term in TERMS.items())}</dl>"


def _term(name: str, what: str) -> str:
    return markup.filled("<dt>{name}</dt><dd>{what}</dd>", name=TITLES.get(name, name), what=what)


_LEGEND = (
    "<div class='st-legend'><span class='st-against'>▬ against</span><span class='st-neutral'>▬ neutral</span>"
    "<span class='st-favor'>▬ in favour</span><span>┄ share the model is unsure of</span>"
    "<span>● one article (open: model unsure)</span><span>shaded, thin bars: 95 % intervals</span>"
    "<span>bars: articles that mention the target (pale: absent)</span>{smooth}</div>"
)
TEXT_LEGEND = (
    "<div class='st-legend'><span class='st-mention'>names the target</span>"
    "<span class='st-quote'>somebody's words</span><span class='st-evidence'>carries the stance</span></div>"
)
