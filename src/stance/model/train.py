"""`stance train`: from labelled files and a base encoder to a trained network, in stages, resumable.

What belongs here: the loop, its pace, its checkpoints and dev curve. What does not: labels (`data`), loss
(`losses`), compact weights (`export`) and calibration (`calibrate`).
"""

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from stance.errors import ConfigError
from stance.labelled import LabelledText, read_labelled
from stance.model.bases import base_folder
from stance.model.calibrate import Calibration
from stance.model.checkpoints import load_tensors, restore, save_tensors, training_state
from stance.model.data import Example, FindVoices, Variation, batches, example, sentences_with
from stance.model.layers import load_published
from stance.model.losses import Labels, labels, loss
from stance.model.network import StanceNetwork
from stance.model.predict import Scored, calibration, predict, summary
from stance.model.settings import SourceSettings, StageSettings, TrainSettings, read_settings
from stance.model.teach import taught
from stance.model.weights import export, input_sizes, load
from stance.model.windows import Batch, Words, collate, windows
from stance.records import Stance

Progress = Callable[[int, int, str], None]
"""Told (steps done, steps of the stage, a line to show)."""
BYTES_OF_A_SEED = 4
MAX_NORM = 1.0
WEIGHT_DECAY = 0.01
WIDTH_STEP = 16
"""Batches are padded to a multiple of this many tokens: few shapes, each of which costs a preparation in bf16."""
SAMPLES = 60
"""Rows, about, from which the sizes of inputs are taken for packing."""
LAST_RATE = 0.05
"""The learning rate ends at this part of its height."""


@dataclass(frozen=True, slots=True)
class StageData:
    """Rows of one stage, read and cut."""

    train: list[tuple[SourceSettings, list[LabelledText]]]
    dev: list[LabelledText]


def _only_neutral(row: LabelledText) -> bool:
    return all(target.overall is Stance.NEUTRAL for target in row.targets)


def _kept(rows: Sequence[LabelledText], source: SourceSettings, rng: np.random.Generator) -> list[LabelledText]:
    return [row for row in rows if not _only_neutral(row) or rng.random() < source.neutral]


def read_stage(stage: StageSettings, seed: int) -> StageData:
    """Read a stage's files; what `dev` names and the dev share of the first source are not trained on."""
    rng = np.random.default_rng([seed, 1])
    dev = [row for path in stage.dev for row in read_labelled(path)]
    held_out = {path.resolve() for path in stage.dev}
    train = [
        (source, _kept(read_labelled(source.path), source, rng))
        for source in stage.sources
        if source.path.resolve() not in held_out
    ]
    if not train:
        raise ConfigError(f"stage {stage.name!r}: no source is left to train on")
    if stage.dev_share:
        rows = train[0][1]
        chosen = set(rng.choice(len(rows), round(len(rows) * stage.dev_share), replace=False).tolist())
        dev += [rows[number] for number in sorted(chosen)]
        train[0] = (train[0][0], [row for number, row in enumerate(rows) if number not in chosen])
    picked = rng.permutation(len(dev))[: stage.dev_rows]
    return StageData(train, [dev[number] for number in sorted(picked.tolist())])


def _drawn(rows: list[LabelledText], share: float, epoch: int, rng: np.random.Generator) -> list[LabelledText]:
    """Take this epoch's part of the rows: the parts follow each other through a fixed order."""
    size = round(len(rows) * share)
    order = np.random.default_rng(len(rows)).permutation(len(rows))
    taken = order[np.arange(epoch * size, (epoch + 1) * size) % len(rows)]
    return [rows[number] for number in rng.permutation(taken)]


def epoch_examples(
    stage: StageSettings, data: StageData, epoch: int, seed: int, find_voices: FindVoices = sentences_with
) -> list[Example]:
    """Return the examples of one epoch, varied anew; the same seed and epoch give the same."""
    rng = np.random.default_rng([seed, 2, epoch])
    vary = Variation(swap=stage.swap, hide=stage.hide, absent=stage.absent, rename=stage.rename)
    return [
        replace(example(row, rng, vary, find_voices), weight=source.weight, ask=source.taught)
        for source, rows in data.train
        for row in _drawn(rows, source.share, epoch, rng)
    ]


def optimizer_for(network: StanceNetwork, stage: StageSettings) -> torch.optim.AdamW:
    """Build AdamW with one rate for the heads and falling ones from the top layer down."""
    depth = len(network.encoder.layers)
    grouped: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        if parameter.requires_grad:
            rate = _rate(name, depth, stage)
            decay = WEIGHT_DECAY if parameter.dim() > 1 else 0.0
            grouped.setdefault((rate, decay), []).append(parameter)
    settings = [
        {"params": parameters, "lr": rate, "height": rate, "weight_decay": decay}
        for (rate, decay), parameters in grouped.items()
    ]
    return torch.optim.AdamW(settings, betas=(0.9, 0.98), eps=1e-6, fused=True)


def _rate(name: str, depth: int, stage: StageSettings) -> float:
    if not name.startswith("encoder."):
        return stage.head_rate
    below = depth - 1 - int(name.split(".")[2]) if name.startswith("encoder.layers.") else depth
    return stage.learning_rate * stage.layer_decay**below


def pace(step: int, steps: int, warm_up: float) -> float:
    """Return the part of its height that a rate has at `step`: up in a line, then down in half a cosine."""
    first = max(1, round(steps * warm_up))
    if step < first:
        return (step + 1) / first
    down = (step - first) / max(1, steps - first)
    return LAST_RATE + (1 - LAST_RATE) * (1 + math.cos(math.pi * down)) / 2


class Trainer:
    """One training: network, files, and where it stands."""

    def __init__(self, settings: TrainSettings, progress: Progress, find_voices: FindVoices = sentences_with) -> None:
        self.settings = settings
        self.find_voices = find_voices
        self.progress = progress
        self._folder = base_folder(settings.base)
        self.words = Words(self._folder / "tokenizer.json")
        torch.manual_seed(settings.seed)
        if settings.threads:
            torch.set_num_threads(settings.threads)
        encoder = load_published(self._folder, settings.dropout, settings.glance)
        self.network = StanceNetwork(encoder, settings.dropout)
        self._teacher = load(settings.teacher) if settings.teacher else None

    def run(self) -> None:
        """Train all stages, from where an earlier run of the same file stopped."""
        for stage in self.settings.stages:
            done = self.result(stage.name)
            if done.exists():
                self.network.load_state_dict(load_tensors(done)[0])
                continue
            self._stage(stage)
            if stage.average:
                self._average(stage)
            save_tensors(done, self.network.state_dict(), {"stage": stage.name, "seed": self.settings.seed})
            self._checkpoint.unlink(missing_ok=True)
            if stage.dev:
                self._hold_out(stage)
        self._export()

    def result(self, stage: str) -> Path:
        """Return where the network stands after `stage`."""
        return self.settings.out / f"stage-{stage}.safetensors"

    def _average(self, stage: StageSettings) -> None:
        mean = dict(self.network.state_dict())
        for name, count in stage.average.items():
            other = load_tensors(self.result(name))[0]
            mean = {part: value + count * other[part] for part, value in mean.items()}
        whole = 1 + sum(stage.average.values())
        self.network.load_state_dict({part: value / whole for part, value in mean.items()})

    def _hold_out(self, stage: StageSettings) -> None:
        """Measure on the files that the stage did not train on, and fit the calibration there."""
        scored = {path.name: self.scored(read_labelled(path)) for path in stage.dev}
        figures = {name: summary(rows) for name, rows in scored.items()}
        fitted = calibration([row for rows in scored.values() for row in rows])
        self._write("held_out.json", figures)
        self._write("calibration.json", fitted.as_dict())

    def _export(self) -> None:
        path = self.settings.out / "calibration.json"
        fitted = Calibration.from_dict(json.loads(path.read_text())) if path.exists() else Calibration()
        made = json.loads(self.settings.model_dump_json(exclude={"out", "base", "teacher"}))
        for stage in made["stages"]:
            for source in stage["sources"]:
                source["path"] = Path(source["path"]).name
            stage["dev"] = [Path(name).name for name in stage["dev"]]
        tokenizer, folder = self._folder / "tokenizer.json", self.settings.out / "model"
        export(self.network, tokenizer, folder, fitted, made, input_sizes(self.network, self._samples()))

    def _samples(self) -> list[Batch]:
        """Return rows of the last stage, drawn evenly, each for itself."""
        stage = self.settings.stages[-1]
        examples = epoch_examples(stage, read_stage(stage, self.settings.seed), 0, self.settings.seed, self.find_voices)
        chosen = examples[:: max(1, len(examples) // SAMPLES)]
        items = windows([known.passage for known in chosen], self.words)
        return [collate([item], self.words.pad, apart=stage.apart) for item in items]

    def _write(self, name: str, value: Mapping[str, Any]) -> None:
        self.settings.out.mkdir(parents=True, exist_ok=True)
        (self.settings.out / name).write_text(json.dumps(value, indent=1) + "\n")

    @property
    def _checkpoint(self) -> Path:
        return self.settings.out / "checkpoint.safetensors"

    def _stage(self, stage: StageSettings) -> None:
        seed = self.settings.seed
        data = read_stage(stage, seed)
        self._free(stage)
        if stage.from_overall:
            self.network.start_from_overall()
        optimizer = optimizer_for(self.network, stage)
        plans = [list(self._batches(stage, data, epoch)) for epoch in range(stage.epochs)]
        steps = sum(map(len, plans))
        start = self._resume(stage, optimizer)
        saved = began = time.monotonic()
        marks = {round(steps * part / stage.curve) for part in range(1, stage.curve + 1)}
        for step, (items, examples) in enumerate(part for plan in plans for part in plan):
            if step < start:
                continue
            for group in optimizer.param_groups:
                group["lr"] = group["height"] * pace(step, steps, stage.warm_up)
            width = -(-max(len(item.ids) for item in items) // WIDTH_STEP) * WIDTH_STEP
            batch = collate(items, self.words.pad, apart=stage.apart, width=width)
            value = self._step(stage, batch, labels(items, examples, width), optimizer)
            self.progress(step + 1, steps, f"{stage.name}: loss {value:.3f}, {time.monotonic() - began:.0f} s")
            if step + 1 in marks:
                self._write_curve(stage, step + 1, steps, data.dev)
            if time.monotonic() - saved > self.settings.checkpoint_seconds:
                note = {"stage": stage.name, "step": step + 1}
                save_tensors(self._checkpoint, training_state(self.network, optimizer), note)
                saved = time.monotonic()

    def _free(self, stage: StageSettings) -> None:
        """Let the stage's parts of the network be trained, and no others."""
        self.network.requires_grad_(requires_grad=True)
        self.network.encoder.freeze(stage.frozen)
        if stage.only:
            for name, parameter in self.network.named_parameters():
                parameter.requires_grad_(parameter.requires_grad and name.startswith(stage.only))

    def _batches(self, stage: StageSettings, data: StageData, epoch: int) -> Iterator[tuple[list, list[Example]]]:  # type: ignore[type-arg]
        examples = epoch_examples(stage, data, epoch, self.settings.seed, self.find_voices)
        if self._teacher:
            told = iter(taught(self._teacher, [item for item in examples if item.ask]))
            examples = [next(told) if item.ask else item for item in examples]
        items = windows([known.passage for known in examples], self.words)
        rng = np.random.default_rng([self.settings.seed, 3, epoch])
        for numbers in batches(items, stage.tokens, rng):
            yield [items[number] for number in numbers], examples

    def _resume(self, stage: StageSettings, optimizer: torch.optim.Optimizer) -> int:
        if not self._checkpoint.exists():
            return 0
        state, note = load_tensors(self._checkpoint)
        if note["stage"] != stage.name:
            return 0
        restore(state, self.network, optimizer)
        return int(note["step"])

    def _step(self, stage: StageSettings, batch: Batch, known: Labels, optimizer: torch.optim.Optimizer) -> float:
        self.network.train()
        with torch.autocast("cpu", torch.bfloat16, enabled=self.settings.precision == "bf16"):
            output = self.network(batch)
        value = loss(output.plain(), known, self.settings.smoothing, stage.finder)
        if value.requires_grad:  # else no row is labelled for the parts that are trained
            value.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(self.network.parameters(), MAX_NORM)
            optimizer.step()
            optimizer.zero_grad()
        return float(value.detach())

    def _write_curve(self, stage: StageSettings, step: int, steps: int, dev: list[LabelledText]) -> None:
        figures = summary(self.scored(dev, apart=stage.apart))
        line = {"stage": stage.name, "step": step, "steps": steps, "time": round(time.time()), **figures}
        self.settings.out.mkdir(parents=True, exist_ok=True)
        with (self.settings.out / "curve.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")
        self.progress(step, steps, f"{stage.name}: dev {figures}")

    def scored(self, rows: Sequence[LabelledText], *, apart: bool = True) -> list[Scored]:
        """Return logits and labels of rows by the network as it stands, mentions given."""
        return predict(self.network, self.words, rows, self.find_voices, apart=apart)


def main(config: Path, progress: Progress, find_voices: FindVoices = sentences_with) -> Path:
    """Train as a TOML file says and return the model folder, ready for `[scorer] model = ...`.

    Args:
        config: the TOML file.
        progress: told after every step.
        find_voices: the words of a listed speaker; where it finds none, and by default, the sentence that names him.

    Raises:
        ConfigError: the file is wrong or the base encoder is not installed.
        ShardError: a labelled row is wrong.
    """
    settings = read_settings(config)
    Trainer(settings, progress, find_voices).run()
    return settings.out / "model"
