"""Speed of the default scorer, as ratios measured in one run: `python benchmarks/speed.py [--model base] [--rounds 5]`.

    zero-shot   transformers' zero-shot-classification pipeline, an entailment classifier of the same size, three
                targets x three hypotheses (random weights: time does not depend on them)
    pair        a (text, target) classifier of the same size, three passes, batch 32, float32
    floor       the time this machine's own best matrix product takes for the multiply-adds of the encoder
    30 targets  instead of three

Everything is timed in turn, round by round, on paragraphs of the shipped samples with a number put into each so that
none is a duplicate; the median round counts. The slow ones see fewer paragraphs; all are given as paragraphs a second.
"""

import argparse
import platform
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast, pipeline

from stance import paragraphs
from stance.ingest import ReadOptions, discover, read
from stance.model.folders import model_folder
from stance.model.weights import load
from stance.model.windows import windows
from stance.pipeline.preparing import preparer
from stance.records import Article, Passage, TargetQuery
from stance.scorers.config import EncoderConfig
from stance.scorers.encoder import EncoderScorer

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


def best_rate() -> float:
    """Multiply-adds a second of the best float32 matrix product among a few shapes."""
    rates = []
    for rows, inner, columns in ((2048, 768, 3072), (4096, 768, 768), (2048, 2048, 2048)):
        left, right = torch.randn(rows, inner), torch.randn(inner, columns)
        times = [seconds(lambda a=left, b=right: torch.mm(a, b)) for _ in range(7)]
        rates.append(rows * inner * columns / min(times))
    return max(rates)


def multiply_adds(scorer: EncoderScorer, passages: list[Passage]) -> float:
    """Multiply-adds of the encoder's layers over the real tokens of these passages."""
    shape = scorer._model.network.encoder.shape
    per_token = shape.layers * (4 * shape.hidden**2 + 2 * shape.hidden * shape.feed_forward)
    lengths = [len(item.ids) for item in windows(passages, scorer._model.words)]
    return sum(length * per_token + 2 * shape.layers * shape.hidden * length**2 for length in lengths)


def main() -> None:
    """Time everything in turn and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="base")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--paragraphs", type=int, default=96)
    parser.add_argument("--slow", type=int, default=8, help="paragraphs for the zero-shot pipeline")
    given = parser.parse_args()

    passages = sample_passages(given.paragraphs)
    many = [with_targets(passage, 30) for passage in passages]
    folder = model_folder(given.model)
    shape = load(folder).network.encoder.shape
    scorers = {p: EncoderScorer(EncoderConfig(model=given.model, precision=p)) for p in ("float32", "int8")}
    network, words = classifier(folder, shape.hidden, shape.layers, 3)
    zero_shot = pipeline("zero-shot-classification", model=network, tokenizer=words)
    hypotheses = [f"{kind} {name}" for name in NAMES for kind in ("against", "neutral about", "in favor of")]
    texts = [passage.text for passage in passages[: given.slow]]
    for scorer in scorers.values():
        scorer.score(passages[:4])

    pair_part = passages[: max(given.slow, given.paragraphs // 4)]
    actions: dict[str, tuple[int, Callable[[], object]]] = {
        "float32": (len(passages), lambda: scorers["float32"].score(passages)),
        "int8": (len(passages), lambda: scorers["int8"].score(passages)),
        "30 targets": (len(many), lambda: scorers["float32"].score(many)),
        "pair": (len(pair_part), lambda: run_pairs(network, words, pair_part)),
        "zero-shot": (len(texts), lambda: [zero_shot(text, hypotheses) for text in texts]),
    }
    times: dict[str, list[float]] = {name: [] for name in actions}
    rates = []
    for _ in range(given.rounds):
        rates.append(best_rate())
        for name, (_, action) in actions.items():
            times[name].append(seconds(action))
    speed = {name: actions[name][0] / statistics.median(spent) for name, spent in times.items()}
    best = max(speed["float32"], speed["int8"])
    floor = multiply_adds(scorers["float32"], passages) / statistics.median(rates)
    spent = statistics.median(times["float32"])

    print(
        f"{platform.machine()}, {torch.get_num_threads()} threads, torch {torch.__version__}, model {given.model}, "
        f"{given.paragraphs} paragraphs, median of {given.rounds}"
    )
    for name, value in speed.items():
        print(f"{name:>12} {value:10.2f} paragraphs/s")
    print(f"{'times zero-shot':>24} {best / speed['zero-shot']:6.1f}  (asked >= 40)")
    print(f"{'times pair, float32':>24} {speed['float32'] / speed['pair']:6.1f}")
    print(f"{'times pair, best':>24} {best / speed['pair']:6.1f}  (asked >= 8)")
    print(f"{'time / floor, float32':>24} {spent / floor:6.2f}  (asked <= 1.6)")
    print(f"{'30 targets / 3':>24} {speed['float32'] / speed['30 targets']:6.2f}  (asked <= 1.25)")
    print(f"{'peak memory':>24} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6:6.0f} MB")


if __name__ == "__main__":
    main()
