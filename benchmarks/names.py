"""How names may read a text, tried on a model as it stands: `python benchmarks/names.py FILE... [--rows 80]`.

The encoder is run in float32 with one token for each name, which passes some layers and stands still in the others, and
targets are read out without their mentions, as if the text named them by no word of ours: what the names themselves
find. The finder's figures count tokens, at a chance of one half. FILE holds codebook rows.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from model_quality import passage, unnamed
from sklearn.metrics import f1_score, precision_score, recall_score

from stance.labelled import STANCES, LabelledText, read_labelled
from stance.model.folders import model_folder
from stance.model.weights import Model, load
from stance.model.windows import collate, windows

GLANCES: tuple[tuple[int, ...], ...] = (
    (),
    (*range(12),),
    (0, 1, *range(6, 12)),
    (0, *range(6, 12)),
    (2, *range(6, 12)),
    (*range(6, 12),),
    (0, 1, *range(7, 12)),
    (*range(8),),
)
"""Layers that a name's one token passes; none stands for all tokens in all layers."""


def figures(model: Model, rows: Sequence[LabelledText]) -> str:
    """Return macro-F1 of the overall stance, and the finder's recall and precision."""
    scale, pad = model.calibration.scale("overall"), model.words.pad
    known: list[int] = []
    said: list[int] = []
    listed: list[bool] = []
    found: list[bool] = []
    for row in rows:
        named = passage(row)
        item, truth = windows([unnamed(named)], model.words)[0], windows([named], model.words)[0]
        output = model.network(collate([item], pad))
        labels = scale.probabilities(output.stance[0, :, 0].double().numpy()).argmax(-1)
        tokens = range(1, 1 + len(item.tokens))
        for column, number in enumerate(item.targets):
            known.append(STANCES.index(row.targets[number].overall))
            said.append(int(labels[column]))
            listed += [place in truth.mentions[column] for place in tokens]
            found += (output.finder[0, column, 1 : 1 + len(item.tokens)] > 0).tolist()
    recall, precision = recall_score(listed, found), precision_score(listed, found, zero_division=0)
    return f"{f1_score(known, said, average='macro'):.3f} | {recall:.2f} | {precision:.2f}"


def main() -> None:
    """Print one line for each choice of layers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--model", default="base")
    parser.add_argument("--rows", type=int, default=80, help="rows of each file, from its beginning")
    options = parser.parse_args()
    model = load(model_folder(options.model))
    encoder = model.network.encoder
    rows = [row for file in options.files for row in read_labelled(file)[: options.rows]]
    print("| layers that one token passes | overall macro-F1 | finder recall | precision |\n|---|---|---|---|")
    with torch.inference_mode():
        for glance in GLANCES:
            if max(glance, default=0) < encoder.shape.layers:
                encoder.shape = replace(encoder.shape, glance=glance)
                name = ", ".join(map(str, glance)) or "all tokens in all layers"
                print(f"| {name} | {figures(model, rows)} |", flush=True)


if __name__ == "__main__":
    main()
