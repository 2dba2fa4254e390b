"""What `evaluate`, `train`, `plan` and `compare` print."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from stance.cli import terminal
from stance.compare import Comparison
from stance.config import RunConfig
from stance.evaluate import evaluate as measure
from stance.model.train import main as train_model
from stance.pipeline.preparing import Prepared, preparer
from stance.plan import Plan
from stance.scorers.build import build_scorer

COLUMNS = [" ", "n", "macro-F1", "95 % interval", "F1 against+favor", "accuracy", "ECE", "surest 80 % right"]


def evaluate(file: Path, config: RunConfig, *, given_mentions: bool, as_json: bool) -> None:
    """Measure the configured scorer on a labelled file and print the figures."""
    prepared = preparer(config.targets, seek=config.scorer.seeks)
    names = {target.id: target.name for target in prepared.catalog.targets}

    @lru_cache(maxsize=1)
    def prepare(text: str) -> Prepared:
        return prepared.prepare([text])[0]

    figures = measure(
        file,
        build_scorer(config.scorer),
        lambda text: [mention for found in prepare(text).mentions.values() for mention in found],
        lambda text: prepare(text).utterances,
        given_mentions=given_mentions,
        names=names,
        seek=prepared.sought,
    )
    if as_json:
        terminal.print_json(figures)
        return
    nested = {head: value for head, value in figures.items() if isinstance(value, Mapping) and "n" in value}
    rows = [_row(head, value) for head, value in (nested or {"overall": figures}).items()]
    terminal.print_table(str(file), COLUMNS, rows)
    for name in ("mention_recall", "mention_precision", "speaker_accuracy"):
        if figures.get(name) is not None:
            terminal.out.print(f"{name.replace('_', ' ')}: {figures[name]:.3f}")


def _row(head: str, value: Mapping[str, Any]) -> list[str]:
    if "macro_f1" not in value:
        return [head, f"{value['n']:,}", *[""] * (len(COLUMNS) - 2)]
    low, high = value["interval"]
    figures = ("macro_f1", "f1_against_favor", "accuracy", "ece", "selective_accuracy")
    numbers = [f"{value[name]:.3f}" for name in figures]
    return [head, f"{value['n']:,}", numbers[0], f"{low:.3f} to {high:.3f}", *numbers[1:]]


def train(config: Path) -> None:
    """Train as a TOML file says, with a bar, and say where the model lies."""
    with terminal.bars() as bars:
        stage, done = "", 0

        def advance(step: int, steps: int, words: str) -> None:
            nonlocal stage, done
            name = words.partition(":")[0]
            if name != stage or step < done:
                stage, done = name, 0
                bars.stage(name, steps)
            bars.advance(step - done)
            done = step
            if ": dev" in words or not terminal.err.is_terminal:
                terminal.err.print(f"{step}/{steps} {words}")

        folder = train_model(config, advance)
    terminal.out.print(f"Model: {folder} (use it with --scorer {folder})")


def planned(plan: Plan, *, as_json: bool) -> None:
    """Print what a run would take."""
    if as_json:
        terminal.print_json(asdict(plan))
        return
    time = "not measured"
    if plan.seconds is not None:
        time = f"{plan.seconds:,.0f} s at {plan.paragraphs_per_second:,.1f} paragraphs/s"
    rows = [
        ("inputs", f"{plan.inputs:,}"),
        ("articles", f"{plan.articles:,}"),
        ("rejections", f"{plan.rejections:,}"),
        ("paragraphs to score", f"{plan.paragraphs:,}"),
        ("paragraph and target pairs", f"{plan.pairs:,}"),
        ("time for scoring", time),
        ("tokens in / out", f"{plan.tokens_in:,} / {plan.tokens_out:,}"),
        ("money", f"{plan.money:,.2f}"),
        ("memory", f"{plan.memory_megabytes:,.0f} MB"),
    ]
    terminal.print_table("A run would take", [" ", ""], rows)


def compared(comparison: Comparison, *, as_json: bool) -> None:
    """Print scorers side by side."""
    if as_json:
        terminal.print_json(asdict(comparison))
        return
    rows = []
    for name, speed in comparison.paragraphs_per_second.items():
        overall = comparison.quality.get(name, {})
        overall = overall.get("overall", overall)
        quality = [f"{overall[key]:.3f}" if key in overall else "" for key in ("macro_f1", "accuracy", "ece")]
        rows.append([name, *quality, f"{comparison.unsure[name]:.0%}", f"{speed:,.1f}"])
    columns = ["scorer ", "macro-F1", "accuracy", "ECE", "unsure", "paragraphs/s"]
    terminal.print_table(f"{comparison.pairs:,} pairs", columns, rows)
    for each in comparison.disagreements:
        terminal.out.print(f"\n{each.first} and {each.second} differ in {each.share:.0%} of pairs; the farthest apart:")
        for example in each.examples:
            terminal.out.print(f"  {example}")
