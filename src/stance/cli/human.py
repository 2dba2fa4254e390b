"""What `sample`, `labels add` and `estimate` do and print: numbers corrected by a few human labels."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from stance import evidence as folders
from stance import pipeline
from stance.annotate import agreement, draw, folder, label_studio, labelling, spreadsheet
from stance.annotate.records import Drawn, Label
from stance.cli import terminal
from stance.config import RunConfig
from stance.errors import ConfigError
from stance.pipeline.numbers import labels_folder
from stance.store.query import Snapshot

CONFLICTS = 20
MEASURES = ("against", "neutral", "favor", "polarity")


def place_of(config: RunConfig) -> Path:
    """Return the folder of an output's labels.

    Raises:
        ConfigError: the output is no folder of this machine and the config names none for labels.
    """
    place = labels_folder(config)
    if place is None:
        raise ConfigError(f"{config.out}: name a folder of this machine for the labels: `labels = ...` in stance.toml")
    return place


def sample(config: RunConfig, options: draw.SampleOptions, to: Path, *, show_model: bool) -> None:
    """Draw pairs, keep them beside the tables, and write a file to fill in: CSV, or JSON for Label Studio."""
    place = place_of(config)
    snapshot = Snapshot.open(config.out)
    scores, articles, paragraphs = (snapshot.table(name).to_pandas() for name in ("scores", "articles", "paragraphs"))
    before = folder.sample(place)
    drawn = draw.draw(scores, articles, paragraphs, options, before)
    fresh = drawn[len(before) :]
    if not fresh:
        raise ConfigError(f"{config.out}: nothing left to draw; all {len(before):,} paragraphs are in the sample")
    folder.write_sample(place, drawn)
    to.write_text(_file(fresh, to, show_model=show_model), "utf-8")
    terminal.out.print(f"{len(fresh):,} paragraphs to label in {to}; {len(drawn):,} drawn in all, kept in {place}")
    terminal.out.print(f"Fill in the empty columns, then: stance labels add {config.out} {to} --annotator YOUR_NAME")


def _file(drawn: Sequence[Drawn], to: Path, *, show_model: bool) -> str:
    if to.suffix == ".json":
        return json.dumps(label_studio.to_tasks(drawn, show_model=show_model), ensure_ascii=False, indent=1)
    return spreadsheet.to_csv(drawn, show_model=show_model)


def add(config: RunConfig, file: Path, annotator: str, *, as_json: bool) -> None:
    """Take a filled file in, and say how far annotators agree."""
    place = place_of(config)
    drawn, known = folder.sample(place), folder.labels(place)
    if not drawn:
        raise ConfigError(f"{place}: no sample yet; draw one with: stance sample {config.out} --to labels.csv")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    added = labelling.read(file, drawn, known, annotator=annotator, time=now)
    folder.add(place, added.labels)
    _agreement(folder.labels(place), added, as_json=as_json)


def _agreement(labels: Sequence[Label], added: labelling.Added, *, as_json: bool) -> None:
    found, differing = agreement.agreement(labels), agreement.conflicts(labels)
    if as_json:
        rows = [{name: getattr(each, name) for name in each.__dataclass_fields__} for each in found]
        conflicts = [[_words(label) for label in group] for group in differing]
        terminal.print_json(
            {"added": added.by_annotator, "unlabelled": added.unlabelled, "agreement": rows, "conflicts": conflicts}
        )
        return
    names = ", ".join(f"{name} {count:,}" for name, count in added.by_annotator.items())
    terminal.out.print(f"taken in: {names or 'nothing'}; {added.unlabelled:,} pairs of the sample have no label yet")
    terminal.print_table(
        "\nAgreement on the overall stance",
        ["target ", "pairs", "annotators", "same", "alpha", "alpha with absent"],
        (
            [
                each.target or "all",
                f"{each.pairs:,}",
                f"{each.annotators}",
                *("" if value is None else f"{value:.2f}" for value in (each.same, each.alpha, each.alpha_nominal)),
            ]
            for each in found
        ),
    )
    if differing:
        terminal.out.print(f"\n{len(differing):,} pairs in conflict; settle them as annotator `adjudicated`:")
        for group in differing[:CONFLICTS]:
            terminal.out.print("  " + "; ".join(_words(label) for label in group))


def _words(label: Label) -> str:
    return f"{label.paragraph_id} {label.target}: {label.annotator} {label.overall}"


def estimate(config: RunConfig, *, as_json: bool) -> None:
    """Make the estimates again and print those over all periods."""
    pipeline.estimate(config)
    frame = Snapshot.open(config.out).table("estimates").to_pandas()
    shown = frame.loc[frame["by"] == "all"]
    if as_json:
        rows = json.loads(frame.to_json(orient="records", date_format="iso"))
        terminal.print_json({"out": config.out, "estimates": rows})
        return
    for voice, part in shown.groupby("voice", sort=False):
        terminal.print_table(
            f"\n{voice}",
            ["target ", "outlet ", *MEASURES, "labels", "stories", "note "],
            [_row(key, cell) for key, cell in part.groupby(["target", "outlet"], sort=True)],
        )
    terminal.out.print(f"\nBy week and by voice: the table `estimates` in {config.out}")


def _row(key: Any, cell: pd.DataFrame) -> list[str]:  # noqa: ANN401 - pandas types group keys as hashables
    by_measure = cell.set_index("measure")
    numbers = [_number(by_measure.loc[measure]) for measure in MEASURES]
    first: Any = cell.iloc[0]
    return [
        str(key[0]),
        str(key[1]) or "all outlets",
        *numbers,
        f"{first['labels']}",
        f"{first['units']}",
        first["note"],
    ]


def _number(row: Any) -> str:  # noqa: ANN401 - a row of mixed types
    if pd.isna(row["value"]):
        return ""
    return f"{row['value']:.2f} ({row['low']:.2f} to {row['high']:.2f})"


def evidence(config: RunConfig, query: str, to: Path) -> None:
    """Write the evidence folder of one number."""
    place = folders.evidence(config.out, folders.Query.parse(query), to, config.estimate, labels_folder(config))
    terminal.out.print(f"Evidence: {place} (python recompute.py in there computes the number again)")
