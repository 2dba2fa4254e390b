"""One self-contained page with the board's pictures, for e-mail and archives: it asks for nothing, runs only itself.

What belongs here: placing the same questions and charts on a page. What does not: new questions or charts.
"""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import vl_convert

from stance.annotate.records import Drawn, Label
from stance.dashboard import cards, pieces
from stance.dashboard import events as event_files
from stance.dashboard.board import Board
from stance.dashboard.charts import Spec, files, others, trends
from stance.dashboard.charts.look import DARK, LIGHT, Domain
from stance.dashboard.events import Event
from stance.dashboard.filters import Filters
from stance.dashboard.markup import filled
from stance.dashboard.queries import articles, changes, quality, reading, records, trust, voices
from stance.dashboard.queries import trends as numbers
from stance.dashboard.words import REASON, TERMS, VOICE_LONG, counted
from stance.errors import ConfigError

CARDS = 6
OUTLETS = 24
"""Outlets drawn one by one, those with most articles."""
WHY = 12
"""Outlets and targets for which the telling paragraphs are printed, those that moved most."""
HOLDERS = 20
_HERE = Path(__file__).parent
_GLOBAL = "window.vegaEmbed = vegaEmbed;"
"""What the bundle of Vega's libraries does at its end."""


@dataclass(slots=True)
class Page:
    """A report in the making."""

    board: Board
    filters: Filters
    events: tuple[Event, ...]
    domain: Domain
    human: tuple[tuple[Drawn, ...], tuple[Label, ...]]
    """What was drawn to be labelled, and what was said of it."""
    charts: dict[str, Spec] = field(default_factory=dict)

    @property
    def targets(self) -> list[str]:
        """Ids of the targets, most mentioned first."""
        return self.board.ask(articles.choices)["targets"]

    def named(self, target: str) -> str:
        """Return a target's name."""
        return self.board.ask(quality.names).get(target, target)

    def dots(self, target: str) -> pd.DataFrame:
        """Return the articles to draw one by one."""
        return trends.dotted(self.board.ask(articles.points, self.filters, target))

    def unmeasured(self, outlet: str = "") -> list[str]:
        """Return the languages without a measured error rate, of one outlet or of all."""
        rows = self.board.ask(articles.unmeasured, self.filters)
        return sorted(set(rows["language"] if not outlet else rows.loc[rows["outlet"] == outlet, "language"]))

    def heading(self, words: str, data: pd.DataFrame, under: str = "", outlet: str = "") -> str:
        """Return a picture's heading with the marks that its numbers need."""
        return pieces.caption(words, under, pieces.tags(pieces.uncorrected(data), self.unmeasured(outlet)))

    def figure(self, name: str, specs: Sequence[Spec], data: pd.DataFrame, target: str = "") -> str:
        """Take charts in and return their places on the page, with their data for download."""
        keys = [f"{name}-{place}" if place else name for place in range(len(specs))]
        self.charts |= dict(zip(keys, specs, strict=True))
        places = "".join(
            filled("<div data-chart='{key}' data-target='{target}'></div>", key=key, target=target) for key in keys
        )
        raw = base64.b64encode(files.csv(data)).decode()
        link = "<a class='st-meta' download='{name}.csv' href='data:text/csv;base64,{raw}'>data (CSV)</a>"
        return places + filled(link, name=name, raw=raw)


def write(out: str, to: str | Path, events: str | None = None) -> None:
    """Write the report of an output.

    Args:
        out: the output.
        to: the HTML file.
        events: file of events to mark; None takes `events.csv` in the output's folder.

    Raises:
        StoreError: the output cannot be read.
        ConfigError: the events cannot be read, or `to` cannot be written.
        ShardError: a file of labels is damaged.
    """
    if Path(to).is_dir() or not Path(to).parent.is_dir():
        raise ConfigError(f"--to: expected an HTML file in a folder that is there, got {to}")
    board = Board(out)
    marks = event_files.read(Path(events)) if events else event_files.beside(out)
    facts = board.ask(articles.facts, Filters())
    domain = trends.default_domain(facts.first, facts.last, Filters())
    labels = cards.labels_in(out, board.ask(quality.labels_folder))
    page = Page(board, Filters(), marks, domain, cards.human(labels))
    Path(to).write_text(_document(page, "".join(_body(page, facts))), "utf-8")


def _body(page: Page, facts: articles.Facts) -> Iterator[str]:
    yield _head(page, facts)
    if not page.targets:
        yield "<p>No paragraph here names a target.</p>"
        return
    yield from _turns(page)
    yield from _targets(page)
    yield from _outlets(page)
    yield from _voices(page)
    yield from _why(page)
    yield from _quality(page)
    yield _glossary()


def _head(page: Page, facts: articles.Facts) -> str:
    span = "" if facts.first is None else f"{facts.first:%-d %b %Y} to {facts.last:%-d %b %Y}"
    unmeasured = page.board.ask(articles.choices)["unvalidated"]
    warning = filled(
        "<p class='st-warn'>Some articles are in {codes}. {why}</p>",
        codes=", ".join(unmeasured),
        why=TERMS["unvalidated"],
    )
    return filled(
        "<h1>Who is for and against whom</h1>"
        "<p class='st-meta'>{span} · {articles} · {outlets} · {undated} undated · run {run}</p>",
        span=span,
        articles=counted(facts.articles, "article"),
        outlets=counted(facts.outlets, "outlet"),
        undated=facts.undated,
        run=page.board.snapshot.manifest.runs[-1],
    ) + (warning if unmeasured else "")


def _striking(page: Page, most: int) -> pd.DataFrame:
    """Return what moved, the turns on the most mentioned target first."""
    return changes.striking(page.board.ask(changes.turns, page.filters), page.targets[0], most)


def _turns(page: Page) -> Iterator[str]:
    marks = pieces.tags(uncorrected=True, languages=page.unmeasured())
    yield f"<h2>What moved most</h2><p class='st-meta'>{TERMS['turns']} {marks}</p>"
    yield "<div class='grid'>"
    for row in records(_striking(page, CARDS)):
        link = filled(
            "<a class='st-why' href='#why-{target}-{outlet}'>Read why</a>", target=row["target"], outlet=row["outlet"]
        )
        words = "".join(map(pieces.quote, _late(page, row, 1)))
        yield f"<div class='st-card st-box'>{pieces.card(row, page.named(row['target']))}{words}{link}</div>"
    yield "</div>"


def _targets(page: Page) -> Iterator[str]:
    yield f"<h2>All outlets together</h2><p class='st-meta'>Stance per week: {VOICE_LONG['overall']}.</p>"
    yield pieces.legend(smooth=True)
    yield filled("<div class='st-legend'>{key}</div>", key=trends.event_key(page.events, page.domain))
    yield "<div class='grid'>"
    cells = page.board.ask(numbers.smoothed, page.filters)
    naming = page.board.ask(articles.mentioned, page.filters)
    wholes = {row["target"]: row for row in records(page.board.ask(trust.wholes, page.filters))}
    for target in page.targets:
        rows = trends.keyed(cells[cells["target"] == target])
        dots = page.dots(target)
        drawn = [
            trends.trend(rows, dots, page.events, page.domain, LIGHT, trends.reach(rows, dots), large=True),
            trends.shares(rows, page.events, page.domain, LIGHT),
            trends.counts(naming[naming["target"] == target], page.domain, LIGHT),
        ]
        yield "<div>" + page.heading(f"Toward {page.named(target)}", rows)
        yield page.figure(f"trend-{target}", drawn, rows, target)
        if rows["corrected"].any():
            yield filled("<div class='st-meta'>{said}</div>", said=pieces.corrected(wholes[target]))
        yield "</div>"
    yield "</div>"


def _outlets(page: Page) -> Iterator[str]:
    cells = page.board.ask(numbers.trend, page.filters, ("target", "outlet", "period"))
    means = page.board.ask(numbers.trend, page.filters, ("target", "outlet")).query("measure == 'polarity'")
    said = {(row["target"], row["outlet"]): row for row in records(means)}
    for target in page.targets:
        yield filled("<h2>Toward {target}, outlet by outlet</h2><div class='grid'>", target=page.named(target))
        rows, dots = trends.keyed(cells[cells["target"] == target]), page.dots(target)
        end = trends.reach(rows, dots)
        for outlet in page.board.ask(articles.choices)["outlets"][:OUTLETS]:
            mine, own = rows[rows["outlet"] == outlet], dots[dots["outlet"] == outlet]
            spec = trends.trend(mine, own, page.events, page.domain, LIGHT, end, large=False)
            mean = said.get((target, outlet))
            under = (
                f"{pieces.spoken(mean)} · {counted(mean['units'], 'article')}" if mean else "absent: never mentions it"
            )
            yield "<div>" + page.heading(outlet, mine, under, outlet)
            yield page.figure(f"{target}-{outlet}", [spec], mine, target) + "</div>"
        yield "</div>"


def _voices(page: Page) -> Iterator[str]:
    rows = page.board.ask(voices.holders, page.filters, HOLDERS)
    if len(rows):
        yield "<h2>Who is quoted, for and against whom</h2>"
        yield "<p class='st-meta'>People quoted, paraphrased or shown; not the outlets' own words.</p>"
        names = {target: page.named(target) for target in page.targets}
        yield page.heading("Voices by target", rows)
        yield page.figure("voices", [others.voices(rows, names, LIGHT)], rows)


def _why(page: Page) -> Iterator[str]:
    yield f"<h2>The telling paragraphs</h2>{pieces.TEXT_LEGEND}"
    for row in records(_striking(page, WHY)):
        name = page.named(row["target"])
        head = "<h3 id='why-{target}-{outlet}'>{outlet} on {name}</h3>"
        yield filled(head, target=row["target"], outlet=row["outlet"], name=name)
        for hit in _late(page, row, 2):
            said = page.board.ask(reading.opinions, hit["paragraph_id"], hit["target"], hit["month"])
            yield f"<article>{pieces.heading(hit)}{pieces.prose(hit, said)}{pieces.verdict(hit, name)}</article>"


def _late(page: Page, row: Mapping[str, Any], most: int) -> list[dict[str, Any]]:
    """Return the paragraphs after a turn that show it best."""
    return records(page.board.ask(reading.hits, reading.after_turn(row, page.filters), most))


def _quality(page: Page) -> Iterator[str]:
    yield "<h2>How far to trust this</h2>"
    yield from _labels(page)
    yield "<div class='grid'>"
    rows = page.board.ask(quality.doubt, page.filters)
    for target in page.targets:
        mine = rows[rows["target"] == target]
        yield "<div>" + page.heading(f"{page.named(target)}: absent and unsure", mine)
        yield page.figure(f"doubt-{target}", [others.doubt(mine, LIGHT)], mine) + "</div>"
    yield "</div>"
    lost = page.board.ask(quality.rejections)
    if len(lost):
        yield f"<h3>Rejected inputs</h3><p class='st-meta'>{TERMS['rejection']}</p>"
        why = lost["reason"].map(lambda reason: REASON.get(reason, reason))
        yield page.figure("rejections", [others.rejections(lost.assign(why=why), LIGHT)], lost)
    runs = page.board.ask(quality.runs)[["run", "started", "seconds", "version"]]
    yield "<h3>Runs</h3><div class='wide'>" + runs.to_html(index=False, border=0) + "</div>"


def _labels(page: Page) -> Iterator[str]:
    """Say how the model errs, by human labels if there are enough of them, else by its card."""
    rates = page.board.ask(trust.errors, *page.human)
    own, known = trust.confusion(rates), page.board.ask(quality.confusion)
    if own is not None:
        yield f"<p class='st-meta'>What the model mixes up, from human labels. {TERMS['agree']}</p>"
        yield pieces.mixed_up(own.to_numpy())
    elif known:
        yield filled("<p class='st-meta'>What the model mixes up, measured on {source}.</p>", source=known.source)
        yield pieces.mixed_up(known.rates)
    else:
        yield f"<p>{pieces.UNMEASURED}</p>"
    if not page.human[1]:
        yield f"<p>{TERMS['uncorrected']}</p>"
        return
    names = page.board.ask(quality.names)
    wholes = pieces.spoken_for(page.board.ask(trust.wholes, page.filters), names)
    yield (
        "<h3>Polarity, all outlets and periods</h3><div class='wide'>"
        + wholes.to_html(index=False, border=0)
        + "</div>"
    )
    for row in records(trust.notable(page.board.ask(trust.drift, *page.human))):
        yield pieces.drifted(row, page.named(row["target"]))
    yield "<div class='grid'>"
    for target in page.targets:
        mine = rates[(rates["target"] == target) & rates["accuracy"].notna()]
        if len(mine):
            yield "<div>" + pieces.caption(f"How often model and people agree on {page.named(target)}", "", "")
            yield page.figure(f"agreement-{target}", [others.agreement(mine, LIGHT)], mine) + "</div>"
    yield "</div>"


def _glossary() -> str:
    return f"<h2>Words</h2>{pieces.glossary()}"


def _document(page: Page, body: str) -> str:
    """Put the page together; only its two scripts, by their hashes, may run."""
    vega, draw = (
        vl_convert.javascript_bundle(_GLOBAL).replace("</script", "<\\/script"),
        (_HERE / "report.js").read_text("utf-8"),
    )
    style = "".join((_HERE / name).read_text("utf-8") for name in ("report.css", "style.css"))
    colours = [list(pair) for pair in zip(_hues(LIGHT), _hues(DARK), strict=True)]
    parts = {
        "scripts": " ".join(f"'sha256-{_digest(script)}'" for script in (vega, draw)),
        "style": style,
        "specs": _data(page.charts),
        "colours": _data(colours),
        "vega": vega,
        "draw": draw,
        "body": body,
    }
    start, *rest = (_HERE / "report.html").read_text("utf-8").split("{{")
    return start + "".join(parts[name] + tail for name, _, tail in (piece.partition("}}") for piece in rest))


def _hues(palette: Any) -> list[str]:  # noqa: ANN401 - a Palette
    return [palette.against, palette.neutral, palette.favor, palette.ink, palette.faint, palette.ground]


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _data(value: object) -> str:
    """Encode JSON that cannot end the element it stands in."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")
