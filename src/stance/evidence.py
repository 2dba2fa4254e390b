"""One folder per published figure: all that somebody else needs to check it, without this package.

    figure.json     the question, the number, options, versions, fingerprints
    rows.parquet    every scored paragraph that the number, or the correction under it, rests on
    sample.jsonl    what was drawn for labelling, with chances (if labels were used)
    labels.parquet  what humans said of it
    recompute.py    computes the number again (formulas.py and rectify.py beside it)
    README.md       how

What belongs here: gathering that folder. What does not: any formula.
"""

import json
import platform
import shutil
from dataclasses import asdict, dataclass, fields
from datetime import date
from importlib import metadata, resources
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from stance.annotate import folder as labels_folder
from stance.annotate.labelling import human
from stance.errors import ConfigError
from stance.estimate import recompute
from stance.estimate.options import EstimateOptions
from stance.estimate.units import MEASURES, STANCES
from stance.store.query import Snapshot

_FILES = ("formulas.py", "rectify.py", "recompute.py")
_PERIODS = ("all", "day", "week", "month")
README = """# Evidence for one number

{sentence}

`python recompute.py` (Python 3.11, numpy, pandas, pyarrow) computes the number again from the Parquet files and
compares it with `figure.json`. `rows.parquet` has the scored paragraphs, `labels.parquet` and `sample.jsonl` what
humans said of them and how those paragraphs were drawn. The formulas are in `formulas.py` and `rectify.py`, with
their sources.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which number: one row of the `estimates` table."""

    target: str
    measure: str
    outlet: str = ""
    by: str = "all"
    period: str = ""
    """First day of the period, ISO format; '' for all periods."""
    voice: str = "overall"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `target=government, measure=against, outlet=Kompas, week=2025-01-06, voice=author`.

        `week=DAY`, `day=DAY` and `month=DAY` stand for `by` and `period`; only target and measure are required.

        Raises:
            ConfigError: a word is unknown or missing.
        """
        words = {name: value for name, _, value in (_split(part) for part in text.split(",") if part.strip())}
        for period in _PERIODS[1:]:
            if period in words:
                words |= {"by": period, "period": words.pop(period)}
        unknown = set(words) - {field.name for field in fields(cls)}
        missing = {"target", "measure"} - set(words)
        if unknown or missing:
            wrong = f"unknown: {', '.join(sorted(unknown))}" if unknown else f"missing: {', '.join(sorted(missing))}"
            raise ConfigError(
                "query: expected target=..., measure=... and, if wanted, outlet=, voice=, week= (or day=, month=), "
                f"parted by commas; {wrong}"
            )
        return cls(**words)


def _split(part: str) -> tuple[str, str, str]:
    name, sign, value = part.partition("=")
    return name.strip(), sign, value.strip()


def evidence(out: str, query: Query, to: Path, options: EstimateOptions, labels: Path | None = None) -> Path:
    """Write the evidence folder of one number of the `estimates` table.

    Args:
        out: the output the number is from.
        query: which number.
        to: the folder to make; must not exist or be empty.
        options: the run's options of estimates.
        labels: folder of human labels, if there is one.

    Returns:
        `to`.

    Raises:
        ConfigError: there is no such number, the folder is not empty, or the number cannot be made again from the
            labels as they are now.
        StoreError: the output cannot be read.
    """
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise ConfigError(f"{to}: expected a new or an empty folder for the evidence")
    snapshot = Snapshot.open(out)
    row = _published(snapshot, query)
    to.mkdir(parents=True, exist_ok=True)
    rows = _rows(snapshot, query)
    rows.to_parquet(to / "rows.parquet", index=False)
    if row["corrected"] and labels:
        _labels(labels, query, rows, to)
    for name in _FILES:
        text = (resources.files("stance.estimate") / name).read_text("utf-8")
        (to / name).write_text(text.replace("from stance.estimate.", "from "), "utf-8")
    figure = _figure(snapshot, query, row, options)
    (to / "figure.json").write_text(json.dumps(figure, indent=2, ensure_ascii=False) + "\n", "utf-8")
    (to / "README.md").write_text(README.format(sentence=_sentence(query, row)), "utf-8")
    again = recompute.number(to)
    if any(abs(again[name] - row[name]) > recompute.SAME for name in again):
        shutil.rmtree(to)
        raise ConfigError(
            f"{out}: the labels or their chances have changed since this number was made; run: stance estimate {out}"
        )
    return to


def _published(snapshot: Snapshot, query: Query) -> dict[str, Any]:
    table = snapshot.table("estimates").to_pandas()
    period = table["period"].map(lambda day: day.isoformat() if isinstance(day, date) else "")
    wanted = asdict(query)
    for name in ("target", "voice", "by", "outlet", "measure"):
        there = table[table[name] == wanted[name]]
        if there.empty:
            raise ConfigError(f"query: no estimate has {name}={wanted[name]!r}; there are {_some(table[name])}")
        table = there
    found = table[period[table.index] == query.period]
    if found.empty:
        raise ConfigError(f"query: no such period; there are {_some(period[table.index])}")
    row: dict[str, Any] = found.iloc[0].to_dict()
    if np.isnan(row["value"]):
        raise ConfigError(f"query: this cell has no number: {row['note']}")
    return row


def _some(values: "pd.Series[str]") -> str:
    names = sorted(repr(value) for value in values.unique())
    return ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")


def _rows(snapshot: Snapshot, query: Query) -> pd.DataFrame:
    """All scored paragraphs of the target with that voice in them: other cells' errors are part of a correction."""
    columns = [f"{query.voice}_{stance}" for stance in STANCES]
    scores = snapshot.table(
        "scores", ["paragraph_id", "article_id", "target", "unsure", "reported_speech", "scorer", *columns]
    ).to_pandas()
    articles = snapshot.table("articles", ["article_id", "outlet", "published", "url", "title", "story_id", "latest"])
    texts = snapshot.table("paragraphs", ["paragraph_id", "text"]).to_pandas()
    heard = scores["reported_speech"] if query.voice == "reported" else scores["unsure"].notna()
    own = scores[(scores["target"] == query.target) & heard].rename(columns=dict(zip(columns, STANCES, strict=True)))
    rows: pd.DataFrame = own.merge(articles.to_pandas().query("latest"), on="article_id").merge(
        texts, on="paragraph_id"
    )
    rows = rows.drop(columns=["latest", "reported_speech"])
    return rows.sort_values("paragraph_id", ignore_index=True)


def _labels(place: Path, query: Query, rows: pd.DataFrame, to: Path) -> None:
    drawn = labels_folder.sample(place)
    said = human(drawn, labels_folder.labels(place))
    names = {f"{query.voice}_{what}": what for what in ("present", *STANCES)}
    own = said[(said["target"] == query.target) & said[f"{query.voice}_present"].notna()].rename(columns=names)
    own = own[own["paragraph_id"].isin(rows["paragraph_id"])]
    own[["paragraph_id", "probability", "annotators", *names.values()]].to_parquet(to / "labels.parquet", index=False)
    shutil.copytree(place, to / "labels")
    (to / "labels" / labels_folder.SAMPLE).rename(to / labels_folder.SAMPLE)


def _figure(snapshot: Snapshot, query: Query, row: dict[str, Any], options: EstimateOptions) -> dict[str, Any]:
    packages = ("stance-pipeline", "numpy", "pandas", "pyarrow", "scipy")
    return {
        "query": asdict(query),
        **{name: row[name] for name in ("value", "low", "high", "raw", "raw_low", "raw_high", "note", "counting")},
        **{name: int(row[name]) for name in ("units", "paragraphs", "labels")},
        "corrected": bool(row["corrected"]),
        "options": options.model_dump(mode="json"),
        "settings": asdict(snapshot.manifest.settings) if snapshot.manifest.settings else {},
        "generation": snapshot.manifest.generation,
        "versions": {"python": platform.python_version(), **{name: metadata.version(name) for name in packages}},
    }


def _sentence(query: Query, row: dict[str, Any]) -> str:
    what = "Mean polarity" if query.measure == MEASURES[3] else f"Share of stance {query.measure}"
    where = query.outlet or "all outlets together"
    when = f"the {query.by} from {query.period}" if query.period else "all periods together"
    return (
        f"{what} toward `{query.target}` in {where}, {when}, voice {query.voice}: "
        f"{row['value']:.3f} (95 % interval {row['low']:.3f} to {row['high']:.3f}; {row['note']}; "
        f"{int(row['units'])} units counted by {row['counting']}, {int(row['labels'])} human labels in the cell)."
    )
