"""How names may read a text, tried on a model as it stands: `python benchmarks/names.py FILE... [--rows 80]`.

The encoder is run in float32 with the names read otherwise than it was trained, and targets are read out without their
mentions, as if the text named them by no word of ours: what the names themselves find. The finder's figures count
tokens, at a chance of one half. FILE holds codebook rows.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from model_quality import passage, unnamed
from sklearn.metrics import f1_score, precision_score, recall_score
from torch import Tensor

from stance.labelled import STANCES, LabelledText, read_labelled
from stance.model.folders import model_folder
from stance.model.layers import Names, Sight
from stance.model.weights import Model, load
from stance.model.windows import Batch, collate, windows


@dataclass(frozen=True)
class Way:
    """One way for names to read."""

    what: str
    above: Callable[[Batch], Sight]
    alone: int = 0
    """How many of the lower layers read a name by itself."""
    one_token: bool = False
    """Whether the mean of a name's tokens stands for it."""


WAYS = (
    Way("all tokens of a name read the text in every layer", lambda batch: batch.together),
    Way("the same, but not in the first layer", lambda batch: batch.together, alone=1),
    Way("one token for a name, in every layer", lambda batch: batch.joined, one_token=True),
    Way("the same, but not in the first layer", lambda batch: batch.joined, alone=1, one_token=True),
)


def encoded(model: Model, batch: Batch, way: Way) -> tuple[Tensor, Batch]:
    """Return what the encoder makes of a batch so, and the batch whose names stand where they now do."""
    encoder = model.network.encoder
    encoder.shape = replace(encoder.shape, names_from=way.alone)
    names = Names(batch.names, batch.firsts) if way.one_token else None
    hidden = encoder(batch.ids, way.above(batch), Sight(batch.places, batch.alone.seen), names)
    return hidden, replace(batch, names=batch.firsts) if way.one_token else batch


def figures(model: Model, rows: Sequence[LabelledText], way: Way) -> str:
    """Return macro-F1 of the overall stance, and the finder's recall and precision."""
    scale, pad = model.calibration.scale("overall"), model.words.pad
    known: list[int] = []
    said: list[int] = []
    listed: list[bool] = []
    found: list[bool] = []
    for row in rows:
        named = passage(row)
        item, truth = windows([unnamed(named)], model.words)[0], windows([named], model.words)[0]
        hidden, batch = encoded(model, collate([item], pad), way)
        output = model.network.read_out(hidden, batch)
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
    """Print one line for each way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--model", default="base")
    parser.add_argument("--rows", type=int, default=80, help="rows of each file, from its beginning")
    options = parser.parse_args()
    model = load(model_folder(options.model))
    rows = [row for file in options.files for row in read_labelled(file)[: options.rows]]
    print("| names | overall macro-F1 | finder recall | precision |\n|---|---|---|---|")
    with torch.inference_mode():
        for way in WAYS:
            print(f"| {way.what} | {figures(model, rows, way)} |", flush=True)


if __name__ == "__main__":
    main()
