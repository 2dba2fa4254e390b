"""What `sample` and `labels add` do and print: the way of paragraphs to people and back."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from stance.annotate import agreement, draw, folder, label_studio, labelling, spreadsheet
from stance.annotate.records import Drawn, Label
from stance.cli import terminal
from stance.config import RunConfig
from stance.errors import ConfigError
from stance.pipeline.numbers import labels_folder
from stance.pipeline.settings import with_recorded
from stance.store.query import Snapshot

CONFLICTS = 20


def place_of(config: RunConfig) -> Path:
    """Return the folder of an output's labels: the config's, else that of the output's last run.

    Raises:
        ConfigError: the output is no folder of this machine and the config names none for labels.
        StoreError: there is no output.
    """
    place = labels_folder(with_recorded(config))
    if place is None:
        raise ConfigError(f"{config.out}: name a folder of this machine for the labels: `labels = ...` in stance.toml")
    return place


def sample(config: RunConfig, options: draw.SampleOptions, to: Path, *, show_model: bool) -> None:
    """Draw pairs, keep them beside the tables, and write a file to fill in: CSV, or JSON for Label Studio.

    Raises:
        ConfigError: `to` cannot be a new file, or nothing is left to draw.
    """
    if to.exists():
        raise ConfigError(f"--to: {to} is there already, perhaps with labels in it; name a new file")
    if not to.parent.is_dir():
        raise ConfigError(f"--to: no folder {to.parent}")
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


def add(config: RunConfig, file: Path, annotator: str, *, as_json: bool, quiet: bool = False) -> None:
    """Take a filled file in, and say how far annotators agree, unless `quiet`."""
    place = place_of(config)
    drawn, known = folder.sample(place), folder.labels(place)
    if not drawn:
        raise ConfigError(f"{place}: no sample yet; draw one with: stance sample {config.out} --to labels.csv")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    added = labelling.read(file, drawn, known, annotator=annotator, time=now)
    folder.add(place, added.labels)
    if not quiet:
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
