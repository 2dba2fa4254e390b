"""Figures on the files that a stage of a training left out, by the network as it stood after that stage.

Run as `python benchmarks/model_held_out.py CONFIG.toml STAGE [CONFIG.toml STAGE ...]` after `stance train CONFIG.toml`.
Each file's calibration is fitted on the other files that the same stage left out: no line saw its rows in training.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from model_quality import HEAD, line

from stance.evaluate import Answers, metrics, words_of
from stance.labelled import read_labelled
from stance.model.bases import base_folder
from stance.model.calibrate import Scale, fit_scale
from stance.model.checkpoints import load_tensors
from stance.model.layers import load_published
from stance.model.network import HEADS, StanceNetwork
from stance.model.predict import Scored, gathered, predict
from stance.model.settings import read_settings
from stance.model.windows import Words

SHOWN = (*HEADS, "voices", "tone")
CLASSES = ("against", "neutral", "favor")


def scored(config: Path, stage: str) -> dict[str, list[Scored]]:
    """Read the files that the stage left out, by file name."""
    settings = read_settings(config)
    folder = base_folder(settings.base)
    network = StanceNetwork(load_published(folder, glance=settings.glance))
    network.load_state_dict(load_tensors(settings.out / f"stage-{stage}.safetensors")[0])
    files = next(item.dev for item in settings.stages if item.name == stage)
    words = Words(folder / "tokenizer.json")
    return {path.name: predict(network, words, read_labelled(path), words_of) for path in files}


def answers(rows: Sequence[Scored], head: str, scale: Scale) -> Answers:
    """Join one head's calibrated probabilities with the labels."""
    parts = [gathered([row], head) for row in rows]
    logits = np.concatenate([part[0] for part in parts])
    known = np.concatenate([part[1] for part in parts])
    texts = np.repeat(np.arange(len(parts)), [len(part[1]) for part in parts])
    return Answers(known, scale.probabilities(logits), texts)


def joined(parts: Sequence[Answers]) -> Answers:
    """Put files one after the other."""
    texts = [part.texts + 10_000 * number for number, part in enumerate(parts)]
    known, probabilities = ([getattr(part, name) for part in parts] for name in ("known", "probabilities"))
    return Answers(np.concatenate(known), np.concatenate(probabilities), np.concatenate(texts))


def figures(answer: Answers) -> dict[str, Any]:
    """Return the metrics of one line."""
    return metrics(answer, CLASSES)


def plain(answer: Answers) -> dict[str, Any]:
    """Return JSON-ready values."""
    return {name: getattr(answer, name).tolist() for name in ("known", "probabilities", "texts")}


def stage_answers(config: Path, stage: str) -> dict[str, dict[str, Answers]]:
    """Return answers by file and head, and keep them beside the training for `model_card.py`."""
    found = scored(config, stage)
    table: dict[str, dict[str, Answers]] = {}
    for name, rows in found.items():
        others = [row for other, part in found.items() if other != name for row in part]
        table[name] = {head: answers(rows, head, fit_scale(*gathered(others, head))) for head in SHOWN}
    kept = {name: {head: plain(answer) for head, answer in heads.items()} for name, heads in table.items()}
    (read_settings(config).out / "answers.json").write_text(json.dumps(kept))
    return table


def main() -> None:
    """Print one line per file and head, and one for all files together."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stages", nargs="+", help="CONFIG.toml STAGE pairs")
    pairs = parser.parse_args().stages
    print(HEAD + "\n|" + "---|" * 9)
    every: dict[str, list[Answers]] = {head: [] for head in SHOWN}
    for config, stage in zip(pairs[::2], pairs[1::2], strict=True):
        for name, heads in stage_answers(Path(config), stage).items():
            for head, answer in heads.items():
                every[head].append(answer)
                print(line(name, head, figures(answer)))
    for head in SHOWN:
        print(line("all", head, figures(joined(every[head]))))


if __name__ == "__main__":
    main()
