"""What each choice in the model's recipe brings: the small base, one budget, one thing changed at a time.

    python benchmarks/ablations.py data/training/small.toml [VARIANT ...] [--share 0.5]

Trains every variant (all of them by default) on a part of the recipe's data and prints a table; finished ones are kept
beside the recipe's results and not trained again. The dev split is nobody's test: a tenth of NewsMTSC's training
sentences and `protest_4`, both cut off before training; files 1 and 5 are neither trained on nor read.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import f1_score
from torch import Tensor
from torch.nn import functional

from stance.evaluate import words_of
from stance.labelled import read_labelled
from stance.model import losses
from stance.model.checkpoints import load_tensors
from stance.model.data import UNKNOWN
from stance.model.layers import Sight
from stance.model.network import HEADS, StanceNetwork
from stance.model.predict import Scored, gathered, predict
from stance.model.settings import SourceSettings, StageSettings, TrainSettings, read_settings
from stance.model.train import Trainer

PARTS = ("mentions", "names", "whole", "attended")
"""What a target is read from, in the order of `StanceNetwork.joined`."""
DEV_PARAGRAPHS = "protest_4.jsonl"
PARAGRAPHS = ("protest_2", "protest_3", "own_a", "own_b", "own_c", "own_d", "own_e", "own_f", "own_g")
"""Named one by one, so that rows written later do not move the table."""
SEEDS = (13, 14, 15)
CLASS_WEIGHTS = (0.95, 0.85, 1.3)
"""Against, neutral, favor: about the inverse square root of their shares among the rows."""
MASKED = 0.15
PRETRAINING_STEPS = 250


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One recipe: what differs from the first."""

    what: str
    seed: int = SEEDS[0]
    parts: tuple[str, ...] = PARTS
    stages: dict[str, Any] = field(default_factory=dict)
    """Changes to both stages."""
    one_target: bool = False
    """Every row is shown once per target."""
    side_heads: bool = True
    class_weights: bool = False
    pretrained: bool = False
    taught: bool = False


VARIANTS = {
    "recipe": Variant(what="the recipe: mentions, name, whole and attention; text read without the names"),
    "seed-14": Variant(what="the same, seed 14", seed=14),
    "seed-15": Variant(what="the same, seed 15", seed=15),
    "pair": Variant(
        what="pair classifier: one (text, name) at a time, read out from the first token",
        parts=("whole",), stages={"apart": False}, one_target=True,
    ),
    "mentions": Variant(what="read out from the mentions only", parts=("mentions",)),
    "names": Variant(what="read out from the name only", parts=("names",)),
    "both": Variant(what="mentions and name, neither whole nor attention", parts=("mentions", "names")),
    "together": Variant(what="text and names read each other", stages={"apart": False}),
    "overall": Variant(what="overall head alone: no author, reported, voices, tone, finder", side_heads=False),
    "classes": Variant(what="class weights (favor 1.5 times neutral)", class_weights=True),
    "flat": Variant(what="one learning rate for all layers", stages={"layer_decay": 1.0}),
    "plain": Variant(what="no variations: names not swapped, mentions not hidden, no absent targets",
                     stages={"swap": 0.0, "hide": 0.0, "absent": 0.0, "rename": 0.0}),
    "longer": Variant(what="two epochs for one", stages={"epochs": 2}),
    "pretrained": Variant(what="first masked words on DSE's sentences, unlabelled", pretrained=True),
    "taught": Variant(what="DSE's sentences answered by `base` added", taught=True),
}  # fmt: skip


class PartialNetwork(StanceNetwork):
    """A network whose targets are read from some of the parts; the others are zero."""

    parts: tuple[str, ...] = PARTS

    def joined(self, mentions: Tensor, names: Tensor, whole: Tensor, attended: Tensor) -> Tensor:
        """Put side by side what is kept."""
        given = zip(PARTS, (mentions, names, whole, attended), strict=True)
        return super().joined(*(part if name in self.parts else torch.zeros_like(part) for name, part in given))


def cut_sentences(path: Path, folder: Path) -> tuple[Path, Path]:
    """Write nine tenths of a file's rows and the other tenth; returns both paths."""
    with path.open(encoding="utf-8") as file:  # not `splitlines`, which parts texts at Unicode's own separators
        lines = list(file)
    held_out = set(np.random.default_rng(0).choice(len(lines), len(lines) // 10, replace=False).tolist())
    both = folder / f"most-of-{path.name}", folder / f"rest-of-{path.name}"
    for file, chosen in zip(both, (False, True), strict=True):
        file.write_text("".join(line for number, line in enumerate(lines) if (number in held_out) is chosen))
    return both


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Read JSON lines."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def one_target_a_row(path: Path, folder: Path) -> Path:
    """Write every row as often as it has targets, each time with one of them."""
    rows = rows_of(path)
    key = "labels" if "labels" in rows[0] else "targets"
    single = (row | {key: [target]} for row in rows for target in row[key])
    file = folder / f"single-{path.name}"
    file.write_text("".join(json.dumps(row) + "\n" for row in single))
    return file


def budget(settings: TrainSettings, variant: Variant, share: float, folder: Path) -> tuple[TrainSettings, list[Path]]:
    """Cut the recipe down to one epoch of a part of its rows, two stages, without the dev rows; returns those too."""
    sources = [source for stage in settings.stages for source in stage.sources]
    of_name = {source.path.name: source for source in sources if not source.taught}
    most, rest = cut_sentences(of_name["newsmtsc_train.jsonl"].path, folder)
    paragraphs = [of_name[f"{name}.jsonl"].path for name in PARAGRAPHS]
    dev = [rest, of_name[DEV_PARAGRAPHS].path]
    split = partial(one_target_a_row, folder=folder) if variant.one_target else Path
    taught = [
        source.model_copy(update={"share": share * 0.15}) for source in sources if source.taught and variant.taught
    ]
    shown: list[list[SourceSettings]] = [
        [SourceSettings(path=split(most), share=share)],
        [*(SourceSettings(path=split(path), share=share) for path in paragraphs),
         SourceSettings(path=split(most), share=share * 0.3), *taught],
    ]  # fmt: skip
    stages = tuple(
        StageSettings.model_validate(
            stage.model_dump() | {"sources": sources, "epochs": 1, "dev": (), "dev_share": 0.0, "curve": 1}
            | variant.stages
        )
        for stage, sources in zip(settings.stages, shown, strict=True)
    )  # fmt: skip
    changed = {"stages": stages, "seed": variant.seed, "out": folder, "threads": 1}
    return settings.model_copy(update=changed if taught else changed | {"teacher": None}), dev


@contextmanager
def loss_of(variant: Variant) -> Iterator[None]:
    """Let the loss be the variant's for a while."""
    names = ("HEAD_WEIGHTS", "VOICE_WEIGHT", "TONE_WEIGHT", "FINDER_WEIGHT", "_entropy")
    before = {name: getattr(losses, name) for name in names}
    changed: dict[str, Any] = {}
    if not variant.side_heads:
        changed = {"HEAD_WEIGHTS": (1.0, 0.0, 0.0), "VOICE_WEIGHT": 0.0, "TONE_WEIGHT": 0.0, "FINDER_WEIGHT": 0.0}
    if variant.class_weights:
        changed["_entropy"] = weighted_entropy
    for name, value in changed.items():
        setattr(losses, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(losses, name, value)


def weighted_entropy(logits: Tensor, target: Tensor, weight: Tensor, smoothing: float) -> Tensor:
    """Do what `losses._entropy` does with `CLASS_WEIGHTS`."""
    flat = functional.cross_entropy(
        logits.reshape(-1, 3), target.reshape(-1), torch.tensor(CLASS_WEIGHTS),
        ignore_index=UNKNOWN, reduction="none", label_smoothing=smoothing,
    )  # fmt: skip
    scale = weight.view(-1, *[1] * (target.dim() - 1)).expand_as(target).reshape(-1) * (target.reshape(-1) != UNKNOWN)
    return (flat * scale).sum() / scale.sum().clamp(min=1e-6)


def pretrain(trainer: Trainer, texts: Sequence[str]) -> None:
    """Let the encoder guess masked words of unlabelled texts, by its own word vectors (Devlin et al. 2019)."""
    encoder, words = trainer.network.encoder, trainer.words
    mask = words.tokenizer.token_to_id("[MASK]")
    rng = np.random.default_rng(0)
    optimizer = torch.optim.AdamW(encoder.parameters(), lr=3e-5)
    encoder.train()
    for step in range(PRETRAINING_STEPS):
        chosen = [texts[number] for number in rng.choice(len(texts), 24, replace=False)]
        ids = [[words.first, *tokens[:46], words.separator] for tokens, _ in words.texts(chosen)]
        whole = torch.tensor([line + [words.pad] * (48 - len(line)) for line in ids])
        real = torch.tensor([[0 < place < len(line) - 1 for place in range(48)] for line in ids])
        hidden = real & torch.from_numpy(rng.random(whole.shape) < MASKED)
        seen = (whole != words.pad)[:, None, :].expand(-1, 48, -1)
        sight = Sight(torch.arange(48).expand_as(whole), seen)
        output = encoder(whole.masked_fill(hidden, mask), sight)
        logits = output[hidden] @ encoder.words.weight.T
        value = functional.cross_entropy(logits, whole[hidden])
        value.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        optimizer.zero_grad()
        if step % 50 == 0:
            print(f"  masked words, step {step}: {float(value.detach()):.3f}", flush=True)


def train(name: str, settings: TrainSettings, share: float) -> None:
    """Train one variant, unless it is there; leaves its network beside its answers on the dev rows."""
    variant = VARIANTS[name]
    folder = settings.out.parent / "ablations" / f"{name}-{share}"
    if (folder / "answers.json").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    cut, dev = budget(settings, variant, share, folder)
    trainer = Trainer(
        cut, lambda step, steps, line: step % 50 or print(f"  {name}: {step}/{steps} {line}", flush=True), words_of
    )
    network = PartialNetwork(trainer.network.encoder, cut.dropout)
    network.load_state_dict(trainer.network.state_dict())
    network.parts = variant.parts
    trainer.network = network
    if variant.pretrained:
        dse = next(source.path for stage in settings.stages for source in stage.sources if source.taught)
        pretrain(trainer, [row["text"] for row in rows_of(dse)])
    with loss_of(variant):
        trainer.run()
    keep(folder, trainer, network, dev, variant)


def keep(folder: Path, trainer: Trainer, network: StanceNetwork, dev: Sequence[Path], variant: Variant) -> None:
    """Write what the network says of the dev rows."""
    split = partial(one_target_a_row, folder=folder) if variant.one_target else Path
    apart = variant.stages.get("apart", True)
    scored = {
        path.name: predict(network, trainer.words, read_labelled(split(path)), words_of, apart=apart) for path in dev
    }
    (folder / "answers.json").write_text(json.dumps({name: parts(rows) for name, rows in scored.items()}))


def parts(rows: Sequence[Scored]) -> dict[str, Any]:
    """Return logits and labels by head, JSON-ready."""
    return {head: [part.tolist() for part in gathered(rows, head)] for head in (*HEADS, "tone")}


def average(folders: Sequence[Path], settings: TrainSettings, share: float) -> None:
    """Average the weights of the seeds, and beside it their probabilities, as two more results."""
    home = folders[0].parent
    stage = settings.stages[-1].name
    states = [load_tensors(folder / f"stage-{stage}.safetensors")[0] for folder in folders]
    mean = {name: sum(state[name] for state in states) / len(states) for name in states[0]}
    folder = home / f"averaged-weights-{share}"
    folder.mkdir(exist_ok=True)
    cut, dev = budget(settings, VARIANTS["recipe"], share, folder)
    trainer = Trainer(cut, lambda *_: None, words_of)
    trainer.network.load_state_dict(mean)
    keep(folder, trainer, trainer.network, dev, VARIANTS["recipe"])
    answers = [json.loads((folder / "answers.json").read_text()) for folder in folders]
    for file, heads in answers[0].items():
        for head in heads:
            logits = [torch.tensor(answer[file][head][0]).log_softmax(-1).exp() for answer in answers]
            heads[head][0] = torch.stack(logits).mean(0).log().tolist()
    folder = home / f"averaged-answers-{share}"
    folder.mkdir(exist_ok=True)
    (folder / "answers.json").write_text(json.dumps(answers[0]))


def figures(folder: Path) -> list[str]:
    """Return macro-F1 of the sentences, then of the paragraphs' heads."""
    answers = json.loads((folder / "answers.json").read_text())
    sentences, paragraphs = answers.values()
    cells = [sentences["overall"], *(paragraphs[head] for head in (*HEADS, "tone"))]
    return [f"{f1_score(known, np.argmax(logits, 1), average='macro'):.3f}" for logits, known in cells]


def main() -> None:
    """Train what is missing and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path)
    parser.add_argument("variants", nargs="*", metavar="VARIANT", help=", ".join(VARIANTS))
    parser.add_argument("--share", type=float, default=0.5, help="part of the rows shown")
    options = parser.parse_args()
    recipe = read_settings(options.config)
    # The last stage trains a head of its own alone, and none of these figures is that head's.
    settings = recipe.model_copy(update={"stages": tuple(stage for stage in recipe.stages if not stage.only)})
    for name in options.variants or VARIANTS:
        train(name, settings, options.share)
    home = settings.out.parent / "ablations"
    seeds = [home / f"{name}-{options.share}" for name in ("recipe", "seed-14", "seed-15")]
    if all((folder / "answers.json").exists() for folder in seeds):
        average(seeds, settings, options.share)
    described: dict[str, str] = {name: variant.what for name, variant in VARIANTS.items()}
    described |= {
        "averaged-weights": "weights of the three seeds averaged",
        "averaged-answers": "answers of the three seeds averaged",
    }
    print("| variant | sentences | overall | author | reported | tone |\n|---|---|---|---|---|---|")
    for name, what in described.items():
        folder = home / f"{name}-{options.share}"
        if (folder / "answers.json").exists():
            print(f"| {what} | {' | '.join(figures(folder))} |")


if __name__ == "__main__":
    main()
