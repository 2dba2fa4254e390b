"""What `estimate` and `evidence` do and print: numbers, what is known of their errors, and what moved."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from stance import evidence as folders
from stance import pipeline
from stance.cli import terminal
from stance.config import RunConfig
from stance.errors import ConfigError
from stance.estimate import confusion, quality, trends
from stance.pipeline.numbers import ARTICLES, labels_folder, labels_of
from stance.store.query import Snapshot

MEASURES = ("against", "neutral", "favor", "polarity")
SCORES = ["paragraph_id", "article_id", "target", "outlet", "label", "confidence", "unsure"]
"""Columns that error rates and drift rest on."""
NOTABLE = 0.05
"""p below which a drift is printed; the JSON has all."""


def estimate(config: RunConfig, *, trend: Path | None, as_json: bool) -> None:
    """Make the estimates again and print those over all periods, with the scorer's errors, drift and alerts.

    Args:
        config: the run's.
        trend: CSV to write smooth lines to, if any.
        as_json: print one object with all rows instead.

    Raises:
        ConfigError: the folder of `trend` does not exist.
    """
    if trend and not trend.parent.is_dir():
        raise ConfigError(f"--trend: no folder {trend.parent}")
    if config.labels and not Path(config.labels).is_dir():
        terminal.warn(f"{config.labels}: no such folder of labels, so no number is corrected")
    pipeline.estimate(config)
    snapshot = Snapshot.open(config.out)
    frame = snapshot.table("estimates").to_pandas()
    alerts = snapshot.table("alerts").to_pandas()
    human = labels_of(config)
    known = confusion.of_scorer(config.scorer.model if config.scorer.kind == "encoder" else config.scorer.kind)
    rates, drift = _checked(snapshot, human)
    if trend:
        lines = trends.smooth(frame)
        lines.to_csv(trend, index=False)
    if as_json:
        tables = {"estimates": frame, "alerts": alerts, "error_rates": rates, "drift": drift}
        rows = {name: json.loads(part.to_json(orient="records", date_format="iso")) for name, part in tables.items()}
        terminal.print_json({"out": config.out, "confusion": known.sentence(), "source": known.source, **rows})
        return
    _numbers(frame)
    if not frame.loc[frame["value"].notna(), "corrected"].all():
        terminal.out.print(f"\nUncorrected numbers carry the scorer's errors ({known.source}):\n  {known.sentence()}.")
    _errors(rates, drift)
    _alerts(alerts)
    if trend:
        terminal.out.print(f"\nSmooth lines of {int(lines['trend'].notna().sum()):,} numbers: {trend}")
    terminal.out.print(f"\nBy period and by voice: the table `estimates` in {config.out}")


def _checked(snapshot: Snapshot, human: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Error rates and drift; no rows where nobody has labelled."""
    if human.empty:
        return pd.DataFrame(), pd.DataFrame()
    scores = snapshot.table("scores", SCORES).to_pandas()
    articles = snapshot.table("articles", ARTICLES).to_pandas()
    return quality.error_rates(scores, articles, human), quality.drift(scores, articles, human)


def _numbers(frame: pd.DataFrame) -> None:
    for voice, part in frame.loc[frame["by"] == "all"].groupby("voice", sort=False):
        terminal.print_table(
            f"\n{voice}",
            ["target ", "outlet ", *MEASURES, "labels", "to halve", "units", "note "],
            [_row(key, cell) for key, cell in part.groupby(["target", "outlet"], sort=True)],
        )
    if frame["halve"].notna().any():
        terminal.out.print("to halve: labels in all that would halve the interval of the polarity")


def _row(key: Any, cell: pd.DataFrame) -> list[str]:  # noqa: ANN401 - pandas types group keys as hashables
    by_measure = cell.set_index("measure")
    numbers = [_number(by_measure.loc[measure], "value") for measure in MEASURES]
    first: Any = cell.iloc[0]
    halve: Any = by_measure.loc["polarity", "halve"]
    needed = "" if pd.isna(halve) else f"{halve:,.0f}"
    return [str(key[0]), _outlet(key[1]), *numbers, f"{first['labels']}", needed, f"{first['units']}", first["note"]]


def _outlet(name: object) -> str:
    return str(name) or "all outlets"


def _number(row: Any, name: str) -> str:  # noqa: ANN401 - a row of mixed types
    if pd.isna(row[name]):
        return ""
    return f"{row[name]:.2f} ({row['low']:.2f} to {row['high']:.2f})"


def _errors(rates: pd.DataFrame, drift: pd.DataFrame) -> None:
    if len(rates):
        shown = rates[(rates["target"] == "") | (rates["outlet"] == "")]
        terminal.print_table(
            "\nHow often the scorer says what people say",
            ["target ", "outlet ", "right", "target present", "labels"],
            (
                [
                    row["target"] or "all targets",
                    _outlet(row["outlet"]),
                    _number(row, "accuracy"),
                    f"{row['present']:.2f}",
                    f"{row['labels']}",
                ]
                for row in shown.to_dict("records")
            ),
        )
    moved = drift[drift["p"] < NOTABLE] if len(drift) else drift
    for row in moved.to_dict("records"):
        terminal.out.print(
            f"drift since {row['since']}, the last labelled day: {row['target']}, {row['sign']} "
            f"{row['before']:.2f} to {row['after']:.2f} (p = {row['p']:.3f}); label newer articles"
        )


def _alerts(alerts: pd.DataFrame) -> None:
    if alerts.empty:
        terminal.out.print("\nNo series moved more than chance allows.")
        return
    terminal.print_table(
        "\nMoved more than chance allows (mean polarity)",
        ["from ", "weeks", "target ", "outlet ", "voice ", "before", "after", "change"],
        (
            [
                f"{row['period']}",
                f"{row['weeks']}",
                row["target"],
                _outlet(row["outlet"]),
                row["voice"],
                f"{row['before']:+.2f}",
                f"{row['after']:+.2f}",
                _number(row, "change"),
            ]
            for row in alerts.to_dict("records")
        ),
    )


def evidence(config: RunConfig, query: str, to: Path) -> None:
    """Write the evidence folder of one number."""
    place = folders.evidence(config.out, folders.Query.parse(query), to, config.estimate, labels_folder(config))
    terminal.out.print(f"Evidence: {place} (python recompute.py in there computes the number again)")
