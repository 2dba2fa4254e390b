"""A small invented output for the dashboard's tests: four outlets, ten weeks, voices, reprints and hostile text.

The story in it: the Morning Post turns against the government in week 5, the State Gazette stays in favour, the Herald
against; the Russian-language outlet's error rate is not measured. Everything is a function of the row's position.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from stance.annotate import folder
from stance.annotate.draw import SampleOptions, draw
from stance.annotate.records import Label
from stance.estimate.options import EstimateOptions
from stance.estimate.raw import estimate
from stance.ids import content_id, sha256_bytes
from stance.store import open_folder, parquet
from stance.store.manifest import Manifest, Settings, TableFile, newest, switch
from stance.store.schemas import PARTITIONED, TABLES, schema

FIRST_DAY = datetime(2025, 1, 6, 8, 0, tzinfo=UTC)
WEEKS = 10
PER_WEEK = 5
"""Articles of an outlet in a week: just enough for a number."""
TURN = 5
"""Week (0-based) from which the Morning Post is against the government."""
SCORER = "fixture-scorer"

HOSTILE_TITLE = "<script>window.pwned=1</script> **Bold** [click](javascript:alert(1)) 🔥 $x^2$ :red[red]"
HOSTILE_TEXT = (
    "<img src=x onerror='window.pwned=1'> The government <b>failed</b> & lied "
    "</div></main><script>window.pwned=1</script> "
    "[link](javascript:alert(1)) ![i](http://evil.example/x.png) "
    + "long" * 60
    + " مرحبا بالعالم הממשלה 👩‍👩‍👧‍👦 {{7*7}} ${window.pwned=1}"
)
LANGUAGES = {"Morning Post": "en", "State Gazette": "en", "The Herald": "en", "Новости Востока": "ru"}
ALARM = {
    "target": "government", "outlet": "Morning Post", "voice": "overall", "period": date(2025, 2, 10), "weeks": 1,
    "before": 0.52, "after": -0.61, "change": -1.13, "low": -1.4, "high": -0.9, "p": 1e-6, "threshold": 1e-4,
    "units_before": 20, "units_after": 4, "quiet": 0.5, "note": "uncorrected",
}  # fmt: skip
SPEAKERS = (
    ("Anna Kovač", "person", ""),
    ("Minister Dosov", "person", "government"),
    ("the strike committee", "organisation", "protesters"),
    ("", "unknown", ""),
)

BLANKS = {"string": "", "int32": 1, "int64": 0, "bool": False}
"""What stands in a column that the story says nothing about."""


@dataclass(frozen=True)
class Lean:
    """How an outlet feels about a target, in [-1, 1]."""

    before: float
    after: float


LEANS = {
    ("Morning Post", "government"): Lean(0.5, -0.6),
    ("State Gazette", "government"): Lean(0.7, 0.6),
    ("The Herald", "government"): Lean(-0.6, -0.7),
    ("Новости Востока", "government"): Lean(0.1, 0.1),
    ("State Gazette", "protesters"): Lean(-0.6, -0.4),
    ("The Herald", "protesters"): Lean(0.5, 0.5),
}


def triple(polarity: float) -> tuple[float, float, float]:
    """Probabilities with that polarity, as decided as it is far from zero."""
    rest = max(min(0.1, 1 - abs(polarity)), 0.75 - abs(polarity))
    favor = (1 - rest + polarity) / 2
    return round(1 - rest - favor, 4), round(rest, 4), round(favor, 4)


def wobble(*parts: object) -> float:
    """A repeatable number in [-0.5, 0.5)."""
    return int(content_id(list(map(str, parts)))[:8], 16) / 0x100000000 - 0.5


class Maker:
    """Collects the rows of all tables."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}

    def article(self, outlet: str, week: int, place: int, **over: Any) -> None:
        day = FIRST_DAY + timedelta(days=7 * week + (place * 2) % 7, hours=place)
        meta = {
            "article_id": content_id([outlet, week, place]),
            "outlet": outlet,
            "url": f"https://{outlet.split()[-1].lower()}.example/{week}/{place}",
            "title": f"{outlet}: week {week + 1}, story {place + 1}",
            "author": "A. Writer",
            "published": day,
            "language": LANGUAGES[outlet],
            "language_validated": LANGUAGES[outlet] == "en",
            "credit": "",
            "latest": True,
            "source": f"fixture.jsonl#{week}-{place}",
            "source_sha256": "0" * 64,
            "generation": 1 if week < WEEKS - 1 else 2,
        } | over
        wire = place == 3  # the fourth article of a week is agency copy, printed by all outlets
        meta["story_id"] = content_id(["wire", week]) if wire else meta["article_id"]
        meta["story_first"] = not wire or outlet == "Morning Post"
        texts = list(over.get("texts", ())) or list(paragraph_texts(outlet, week, place))
        meta.pop("texts", None)
        self.rows["articles"].append(meta | {"body": "\n\n".join(texts), "paragraphs": len(texts)})
        at = 0
        for index, text in enumerate(texts):
            self.paragraph(meta, week, index, at, text)
            at += len(text) + 2

    def paragraph(self, meta: dict[str, Any], week: int, index: int, at: int, text: str) -> None:
        common = {key: meta[key] for key in ("article_id", "outlet", "published")}
        common["paragraph_id"] = content_id([meta["article_id"], index, text])
        place = {"index": index, "kind": "paragraph", "start": at, "end": at + len(text), "text": text}
        self.rows["paragraphs"].append(common | place)
        tone = triple(wobble("tone", text))
        self.rows["sentiments"].append(
            common
            | dict(zip(("negative", "neutral", "positive"), tone, strict=True))
            | {
                "label": ("negative", "neutral", "positive")[tone.index(max(tone))],
                "windows": 1,
                "sought": "",
                "scorer": SCORER,
            }
        )
        for target in ("government", "protesters", "russia"):
            if target in text.lower():
                self.score(meta, common, week, index, text, target)

    def score(
        self, meta: dict[str, Any], common: dict[str, Any], week: int, index: int, text: str, target: str
    ) -> None:
        lean = LEANS.get((meta["outlet"], target), Lean(0.0, 0.0))
        polarity = (lean.after if week >= TURN else lean.before) + 0.5 * wobble(meta["article_id"], index, target)
        polarity = -0.95 if text == HOSTILE_TEXT else max(-0.9, min(0.9, polarity))
        overall, author = triple(polarity), triple(polarity * 0.8)
        speaker = SPEAKERS[(week + index) % 4] if "said" in text else None
        spoken = triple(-0.7 if speaker and speaker[2] != target else 0.7)
        start = text.lower().index(target)
        end = text.find(".", start) + 1 or len(text)
        label = ("against", "neutral", "favor")[overall.index(max(overall))]
        self.rows["scores"].append(
            common
            | {key: meta[key] for key in ("language", "language_validated")}
            | {
                f"{head}_{stance}": value
                for head, values in (("overall", overall), ("author", author), ("reported", spoken))
                for stance, value in zip(("against", "neutral", "favor"), values, strict=True)
            }
            | {
                "target": target,
                "label": label,
                "polarity": overall[2] - overall[0],
                "confidence": max(overall),
                "unsure": max(overall) < 0.45,
                "evidence_start": start,
                "evidence_end": end,
                "mentions": [{"start": start, "end": start + len(target), "text": target, "coref": False}],
                "reported_speech": speaker is not None,
                "latest": True,
                "key": content_id([text, target]),
                "scorer": SCORER,
            }
        )
        self.opinion(common, target, ("author", "", "author", ""), author, 0.5 if speaker else 1.0, (0, end), None)
        if speaker:
            name, kind, side = speaker
            quote = (text.index("“"), text.index("”") + 1)
            self.opinion(common, target, (content_id(name)[:6], name, kind, side), spoken, 0.5, quote, True)

    def opinion(
        self,
        common: dict[str, Any],
        target: str,
        holder: tuple[str, str, str, str],
        values: tuple[float, float, float],
        share: float,
        span: tuple[int, int],
        direct: bool | None,
    ) -> None:
        against, neutral, favor = values
        self.rows["opinions"].append(
            common
            | dict(zip(("holder", "holder_name", "holder_kind", "holder_target"), holder, strict=True))
            | {
                "target": target,
                "direct": direct,
                "distance": False,
                "against": against,
                "neutral": neutral,
                "favor": favor,
                "label": ("against", "neutral", "favor")[values.index(max(values))],
                "polarity": favor - against,
                "share": share,
                "spans": [{"start": span[0], "end": span[1]}],
                "evidence_start": span[0],
                "evidence_end": span[1],
                "scorer": SCORER,
            }
        )


def paragraph_texts(outlet: str, week: int, place: int) -> Iterator[str]:
    """The paragraphs of one article: two on the government, one with a quotation, one on nothing that is scored."""
    voice = SPEAKERS[(week + 1) % 4][0] or "a passer-by"
    yield f"Week {week + 1} in {outlet}: the government answered question {place + 1} of the day. Nobody stirred."
    yield f"“We have waited long enough,” said {voice}. The government and the protesters met in hall {place + 1}."
    yield f"Snow fell on the market for the {place + 1}th day, and the trams ran late."
    yield f"Russia followed the talks, a diplomat said: “We watch, we do not act, {place + 1} times.” Protesters left."


def rows() -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables but `runs`."""
    maker = Maker()
    for week in range(WEEKS):
        for outlet in LANGUAGES:
            for place in range(PER_WEEK):
                maker.article(outlet, week, place)
    maker.article("Morning Post", WEEKS - 1, 9, title=HOSTILE_TITLE, url="javascript:alert(1)", texts=[HOSTILE_TEXT])
    reasons = (("read", "malformed"), ("extract", "no_text"), ("extract", "no_text"), ("date", "bad_date"))
    maker.rows["rejections"] = [
        {"source": f"broken{n}.html", "line": None, "byte": None, "outlet": "The Herald" if n else "", "stage": stage,
         "reason": reason, "detail": "expected a body, found none"}
        for n, (stage, reason) in enumerate(reasons)
    ]  # fmt: skip
    return maker.rows


def write(out: Path, tables: dict[str, list[dict[str, Any]]], run: str) -> None:
    """Write a generation of the output by the store's own means."""
    folder = open_folder(str(out))
    before = newest(folder)
    files: dict[str, tuple[TableFile, ...]] = {}
    for table, found in tables.items():
        parts: dict[str, list[dict[str, Any]]] = {}
        for row in found:
            parts.setdefault(month(table, row), []).append(row)
        files[table] = tuple(write_file(folder, table, key, part) for key, part in sorted(parts.items()))
    record = {
        "run": run, "generation": before.generation + 1, "started": "2025-03-20T05:30:00+00:00", "host": "fixture",
        "version": "0.1.0", "seconds": 1.5, "counts": {"articles": 201, "scored": 800, "rejections": 4},
        "catalogue": {"names": {"government": "Government of Nowhere", "protesters": "Protesters", "russia": "Russia"}},
        "config": {"scorer": {"kind": "encoder", "model": "base"}},
        "moves": [{"outlet": "The Herald", "target": "russia", "cause": "new articles", "pairs": 12}],
    }  # fmt: skip
    folder.write(f"runs/{run}.json", json.dumps(record).encode())
    settings = Settings(version="0.1.0", catalogue="c" * 20, scorer=SCORER, sentiment="all", estimate="e" * 20)
    made = Manifest(generation=before.generation + 1, settings=settings, runs=(*before.runs, run), tables=files)
    assert switch(folder, made)


def month(table: str, row: dict[str, Any]) -> str:
    if table not in PARTITIONED:
        return ""
    return row["published"].strftime("%Y-%m") if row["published"] else "undated"


def write_file(folder: Any, table: str, key: str, part: list[dict[str, Any]]) -> TableFile:
    blank = {column.name: BLANKS.get(str(column.type)) for column in TABLES[table]}
    data = parquet.to_bytes(pa.Table.from_pylist([blank | row for row in part], schema=schema(table)))
    path = f"{table}/{f'month={key}/' if key else ''}{sha256_bytes(data)[:20]}.parquet"
    folder.write(path, data)
    return TableFile(path=path, month=key, bucket=0, buckets=1, rows=len(part), bytes=len(data))


def make(out: Path) -> Path:
    """Write the whole fixture; estimates included."""
    made = rows()
    scores, articles = (pd.DataFrame(made[table]) for table in ("scores", "articles"))
    options = EstimateOptions(by=("outlet", "week", "month", "voice"))
    made["estimates"] = estimate(scores, articles, options).astype(object).to_dict("records")
    for row in made["estimates"]:
        row["period"] = None if pd.isna(row["period"]) else row["period"].date()
    made["alerts"] = [ALARM]
    earlier = {table: [r for r in found if r.get("generation", 1) == 1] for table, found in made.items()}
    (out / "events.csv").parent.mkdir(parents=True, exist_ok=True)
    (out / "events.csv").write_text("day,name\n2025-02-10,state of emergency\n2025-03-03,snap election\n", "utf-8")
    draw_sample(out, made)
    write(out, earlier, "run-1")
    write(out, made, "run-2")
    return out


def draw_sample(out: Path, made: dict[str, list[dict[str, Any]]]) -> None:
    """Draw forty pairs to label, the hostile paragraph first, and let two people label the first half."""
    scores, articles, paragraphs = (pd.DataFrame(made[table]) for table in ("scores", "articles", "paragraphs"))
    drawn = draw(scores, articles, paragraphs, SampleOptions(n=39))
    hostile = [item for item in draw(scores, articles, paragraphs, SampleOptions(n=2000)) if item.text == HOSTILE_TEXT]
    drawn = [*hostile, *(item for item in drawn if item.text != HOSTILE_TEXT)]
    folder.write_sample(out / "labels", drawn)
    for at, item in enumerate(drawn[:20]):
        for annotator, overall in (("ann", item.predicted), ("bob", "neutral" if at % 5 == 0 else item.predicted)):
            label = Label(paragraph_id=item.paragraph_id, target=item.target, annotator=annotator, overall=overall)
            folder.append(out / "labels", label)
