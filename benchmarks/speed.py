"""Speed of the default scorer, as ratios measured in one run: `python benchmarks/speed.py [--model base] [--rounds 5]`.

    a  zero-shot   transformers' zero-shot-classification pipeline, an entailment classifier of the same size, three
                   targets x three hypotheses (random weights: time does not depend on them)
    b  pair        a (text, target) classifier of the same size, three passes, batch 32, float32
    c  floor       the time this machine's own best matrix product, at the scorer's precision, takes for the
                   multiply-adds of the encoder
    d  30 targets  instead of three
    e  CUDA        share of the GPU's own best bfloat16 product, where there is a GPU
    f  memory      peak of a process that only scores

Everything is timed in turn, round by round, on paragraphs of the shipped samples with a number put into each so that
none is a duplicate; the median round counts. The slow ones see an even part of the paragraphs; times are set against
characters and given as paragraphs a second.
"""

import argparse
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
from memory import peak_bytes
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast, pipeline

from stance import paragraphs
from stance.ingest import ReadOptions, discover, read
from stance.model.folders import model_folder
from stance.model.layers import EncoderShape
from stance.model.weights import read as read_model
from stance.model.windows import Window, windows
from stance.pipeline.preparing import preparer
from stance.records import Article, Passage, TargetQuery
from stance.scorers.config import EncoderConfig
from stance.scorers.encoder import PACK_NAMES, EncoderScorer

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
NAMES = ("government", "protesters", "Russia")


def sample_passages(count: int) -> list[Passage]:
    """Return `count` different paragraphs of the samples, each with three targets where they are named or not."""
    items = [item for ref in discover([str(SAMPLES)], ReadOptions()).refs for item in read(ref, ReadOptions())]
    articles = [item for item in items if isinstance(item, Article)]
    prepare = preparer(()).prepare
    found = [each.passage for article in articles for each in prepare([p.text for p in paragraphs.split(article)])]
    chosen = [found[number % len(found)] for number in range(count)]
    return [with_targets(replace(p, text=f"{p.text} {number}"), 3) for number, p in enumerate(chosen)]


def with_targets(passage: Passage, count: int) -> Passage:
    """Ask about `count` targets: those named, filled up with others."""
    named = passage.targets[:count]
    others = tuple(TargetQuery(id=f"t{number}", name=f"target {number}") for number in range(count - len(named)))
    return replace(passage, targets=named + others)


def seconds(action: Callable[[], object]) -> float:
    """Time one call."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def classifier(
    folder: Path, hidden: int, layers: int, labels: int
) -> tuple[BertForSequenceClassification, PreTrainedTokenizerFast]:
    """A random classifier as large as the encoder, with the encoder's own tokens."""
    words = PreTrainedTokenizerFast(
        tokenizer_file=str(folder / "tokenizer.json"), model_max_length=512, pad_token="<pad>"
    )
    shape = BertConfig(
        vocab_size=len(words),
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=12,
        intermediate_size=4 * hidden,
        num_labels=labels,
        id2label={0: "contradiction", 1: "neutral", 2: "entailment"},
        label2id={"contradiction": 0, "neutral": 1, "entailment": 2},
    )
    return BertForSequenceClassification(shape).eval(), words


def run_pairs(network: BertForSequenceClassification, words: PreTrainedTokenizerFast, passages: list[Passage]) -> None:
    """Classify every (text, target) pair in batches of 32."""
    pairs = [(passage.text, name) for passage in passages for name in NAMES]
    with torch.inference_mode():
        for start in range(0, len(pairs), 32):
            part = pairs[start : start + 32]
            network(
                **words([t for t, _ in part], [n for _, n in part], padding=True, truncation=True, return_tensors="pt")
            )


def processor() -> str:
    """Name of the processor, where Linux tells it."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def best_rate(precision: str, device: str) -> float:
    """Multiply-adds a second of the best matrix product among a few shapes."""
    rates = []
    for rows, inner, columns in ((2048, 768, 3072), (4096, 768, 768), (2048, 2048, 2048)):
        left, right = (torch.randn(shape, device=device).mul_(40) for shape in ((rows, inner), (columns, inner)))
        left, right = (matrix.to(getattr(torch, precision)) for matrix in (left, right))
        if precision == "int8":
            product = partial(torch._int_mm, left, right.t())
        elif precision == "bfloat16" and device == "cpu":
            laid_out = torch.ops.mkldnn._reorder_linear_weight(right, rows)
            product = partial(torch.ops.mkldnn._linear_pointwise, left, laid_out, None, "none", [], "none")
        else:
            product = partial(torch.mm, left, right.t())
        times = [seconds(lambda f=product: waited(f())) for _ in range(7)]
        rates.append(rows * inner * columns / min(times))
    return max(rates)


def waited(value: torch.Tensor) -> torch.Tensor:
    """Wait until a result on a GPU is there."""
    if value.is_cuda:
        torch.cuda.synchronize()
    return value


def multiply_adds(model: Path, passages: list[Passage]) -> float:
    """Multiply-adds of the encoder's layers over the real tokens of these passages and their names."""
    stored = read_model(model)
    shape = stored.shape
    per_token = shape.layers * (4 * shape.hidden**2 + 2 * shape.hidden * shape.feed_forward)
    return sum(_products(item, shape, per_token) for item in windows(passages, stored.words, PACK_NAMES))


def _products(item: Window, shape: EncoderShape, per_token: int) -> float:
    full = [named or not shape.glance for named in item.named]
    text = len(item.tokens) + 2
    length = text + sum(end + 1 - start for (start, end), own in zip(item.names, full, strict=True) if own)
    # A name at a glance needs neither keys nor values, and passes only some layers.
    glances = full.count(False) * len(shape.glance) / shape.layers
    per_glance = per_token - 2 * shape.layers * shape.hidden**2
    return length * per_token + glances * per_glance + 2 * shape.layers * shape.hidden * (length**2 + glances * text)


def peak_memory(model: str) -> float:
    """Score in a process of its own; return its peak in 10^6 bytes."""
    answer = subprocess.run(
        [sys.executable, __file__, "--model", model, "--memory"], check=True, capture_output=True, text=True
    )
    return float(answer.stdout.split()[-1])


def characters(passages: list[Passage]) -> int:
    """Length of the texts together."""
    return sum(len(passage.text) for passage in passages)


def main() -> None:
    """Time everything in turn and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="base")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--paragraphs", type=int, default=96)
    parser.add_argument("--memory", action="store_true", help="only score, and print the peak of memory")
    given = parser.parse_args()
    passages = sample_passages(given.paragraphs)
    if given.memory:
        EncoderScorer(EncoderConfig(model=given.model)).score(passages)
        print(peak_bytes() / 1e6)
        return

    folder = model_folder(given.model)
    shape = read_model(folder).shape
    scorer = EncoderScorer(EncoderConfig(model=given.model))
    exact = EncoderScorer(EncoderConfig(model=given.model, device="cpu", precision="float32"))
    network, words = classifier(folder, shape.hidden, shape.layers, 3)
    zero_shot = pipeline("zero-shot-classification", model=network, tokenizer=words)
    hypotheses = [f"{kind} {name}" for name in NAMES for kind in ("against", "neutral about", "in favor of")]
    few, some = passages[:: max(1, len(passages) // 4)], passages[:: max(1, len(passages) // 24)]
    many = [with_targets(passage, 30) for passage in passages]
    actions: dict[str, tuple[list[Passage], Callable[[], object]]] = {
        "scorer": (passages, lambda: scorer.score(passages)),
        "30 targets": (many, lambda: scorer.score(many)),
        "scorer, float32": (some, lambda: exact.score(some)),
        "pair": (some, lambda: run_pairs(network, words, some)),
        "zero-shot": (few, lambda: [zero_shot(passage.text, hypotheses) for passage in few]),
    }
    for each in (scorer, exact):
        each.score(passages[:4])
    times: dict[str, list[float]] = {name: [] for name in actions}
    rates = []
    for _ in range(given.rounds):
        rates.append(best_rate(scorer.precision, scorer.device.type))
        for name, (_, action) in actions.items():
            times[name].append(seconds(action))
    mean = characters(passages) / len(passages)
    speed = {name: characters(actions[name][0]) / statistics.median(spent) / mean for name, spent in times.items()}
    floor = multiply_adds(folder, passages) / statistics.median(rates)

    print(
        f"{processor()}, {torch.get_num_threads()} threads, torch {torch.__version__}, model {given.model}, "
        f"{scorer.precision}, {given.paragraphs} paragraphs of {mean:.0f} characters, median of {given.rounds}"
    )
    for name, value in speed.items():
        print(f"{name:>24} {value:8.2f} paragraphs/s")
    print(f"{'a  times zero-shot':>24} {speed['scorer'] / speed['zero-shot']:8.1f}  (asked >= 40)")
    print(f"{'b  times pair':>24} {speed['scorer'] / speed['pair']:8.1f}  (asked >= 8)")
    print(f"{'c  time / floor':>24} {statistics.median(times['scorer']) / floor:8.2f}  (asked <= 1.6)")
    print(f"{'d  30 targets / 3':>24} {speed['scorer'] / speed['30 targets']:8.2f}  (asked <= 1.25)")
    on_gpu = f"{floor / statistics.median(times['scorer']):8.2f}  (asked >= 0.40)"
    print(f"{'e  share of bf16 peak':>24} {on_gpu if scorer.device.type == 'cuda' else 'not measured: no CUDA device'}")
    print(f"{'f  peak memory':>24} {peak_memory(given.model):8.0f} MB")


if __name__ == "__main__":
    main()
