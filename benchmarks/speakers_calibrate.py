"""Fit, on rows that a model was not trained on, the chance that a named speaker has a stance; write it to the model.

    python benchmarks/speakers_calibrate.py base data/training/protest_1.jsonl data/training/protest_5.jsonl

Of every speaker whom the rules find by name, and every target of his row, the network says how likely his name stands
for somebody with a stance toward it; the row lists those who have one. `Calibration.speakers` is fitted by
likelihood, as Platt (1999) does, with two facts beside the network's logit. Without `--write` they are only printed.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

from stance.ids import sha256_bytes
from stance.labelled import LabelledText, read_labelled
from stance.model.calibrate import LEAST
from stance.model.folders import manifest, model_folder
from stance.model.windows import sentence
from stance.pipeline.preparing import Preparer
from stance.records import Span, TargetQuery
from stance.scorers.config import EncoderConfig
from stance.scorers.encoder import EncoderScorer
from stance.voices import by_holder
from stance.voices.kinds import same_speaker

POLAR = 0.1
"""Least probability of a stance in a speaker's words from which the chance that he has one can be told."""
BINS = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 1.0)


def pairs(rows: Sequence[LabelledText], scorer: EncoderScorer) -> Iterator[tuple[float, bool, bool, bool]]:
    """Yield for each speaker and target the network's chance, both facts, and whether a stance is listed."""
    ready = Preparer(())
    prepared = [ready.prepare([row.text])[0] for row in rows]
    asked = [
        replace(one.passage, targets=tuple(TargetQuery(id=t.name, name=t.name, spans=t.spans) for t in row.targets))
        for one, row in zip(prepared, rows, strict=True)
    ]
    words = scorer.score([replace(passage, names=()) for passage in asked])
    for row, ready_row, passage, plain, mixed in zip(rows, prepared, asked, words, scorer.score(asked), strict=True):
        voices = zip(by_holder(ready_row.utterances).values(), passage.voices, passage.names, strict=True)
        for number, (his, spans, names) in enumerate(voices):
            for target, said, heard in zip(row.targets, plain.targets, mixed.targets, strict=True):
                before, after = said.voices[number], heard.voices[number]
                if names and before.neutral < 1 - POLAR:
                    listed = any(same_speaker(each.name, one.speaker) for each in target.speakers for one in his)
                    chance = (1 - after.neutral) / (1 - before.neutral)
                    own = [span for span in target.spans if not meet([span], names)]
                    around = [sentence(row.text, span) for span in spans]
                    yield chance, meet(own, around), len(own) < len(target.spans), listed


def meet(some: Sequence[Span], others: Sequence[Span]) -> bool:
    return any(one.start < other.end and other.start < one.end for one in some for other in others)


def shares(chances: NDArray[np.float64], known: NDArray[np.bool_]) -> str:
    """Say for parts of [0, 1] the mean chance, the share that is listed, and how many pairs."""
    parts = [(chances >= low) & (chances < high) for low, high in pairwise(BINS)]
    return "  ".join(
        f"{chances[part].mean():.2f}:{known[part].mean():.2f} ({part.sum()})" for part in parts if part.any()
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="base, small, or a folder")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true", help="put the fit into the model's calibration")
    options = parser.parse_args()
    folder = model_folder(options.model)
    path = folder / "calibration.json"
    stored = json.loads(path.read_text())
    scorer = EncoderScorer(EncoderConfig(model=options.model, device="cpu"))
    rows = [row for path in options.files for row in read_labelled(path)]
    told, speaks, belongs, known = (np.array(values) for values in zip(*pairs(rows, scorer), strict=True))
    slope, offset, named, own = stored["speakers"]
    seen = (logit(np.clip(told, LEAST, 1 - LEAST)) - offset - named * speaks - own * belongs) / slope
    facts = np.stack([seen, speaks, belongs], axis=1)
    fit = LogisticRegression(C=np.inf).fit(facts, known)
    slope, named, own = fit.coef_[0]
    speakers = [round(float(value), 3) for value in (slope, fit.intercept_[0], named, own)]
    print(f"{len(known)} pairs, {known.mean():.3f} with a stance; slope, offset, speaks of, belongs: {speakers}")
    print(f"network  chance:share (pairs)  {shares(expit(seen), known)}")
    print(f"fitted   chance:share (pairs)  {shares(fit.predict_proba(facts)[:, 1], known)}")
    if options.write:
        path.write_text(json.dumps(stored | {"speakers": speakers}, indent=1, sort_keys=True) + "\n")
        hashes = manifest(folder) | {path.name: sha256_bytes(path.read_bytes())}
        (folder / "manifest.json").write_text(json.dumps(hashes, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
