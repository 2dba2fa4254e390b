"""The default scorer: the embedded model, every target of a paragraph read in one pass.

What belongs here: batching, running on CPU or CUDA, merging windows, and turning logits into records. What does
not: the network and its weights (`stance.model`).
"""

import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray

from stance.errors import ScorerError
from stance.model.calibrate import Calibration
from stance.model.data import batches
from stance.model.evidence import clauses, strongest
from stance.model.folders import model_folder
from stance.model.network import HEADS, Output
from stance.model.weights import Model, load
from stance.model.windows import Batch, Window, collate, windows
from stance.records import Mention, Passage, PassageScore, Span, TargetScore, Triple
from stance.scorers import identity
from stance.scorers.config import EncoderConfig

CPU_TOKENS = 512
"""Padded tokens of a batch on the CPU: enough for full speed, and little is padding when there is but one paragraph."""
WIDTH_STEP = 32
"""Windows are padded to a multiple of this many tokens on the CPU."""
CUDA_TOKENS = 65536
"""Padded tokens of a batch on CUDA; halved until it fits."""
THREADS = torch.get_num_threads()
"""Torch's own choice for this machine, read before any scorer of this process changes it."""
DECIMALS = 5
"""Probabilities are rounded to this many decimals: more is noise."""

Floats = NDArray[np.float64]


@dataclass(slots=True)
class _Sum:
    """Weighted mean of logits over the windows of one passage."""

    total: Floats
    weight: float = 0.0

    def add(self, logits: Floats, weight: float) -> None:
        self.total = self.total + weight * logits
        self.weight += weight

    def mean(self) -> Floats:
        return self.total / max(self.weight, 1e-9)


@dataclass(slots=True)
class _Target:
    """What the windows say about one target."""

    stance: _Sum
    voices: list[_Sum]
    pull: dict[Span, float] = field(default_factory=dict)
    """Attention on each token of the text."""
    found: float = 0.0
    """Highest probability, over tokens, that one belongs to a mention."""


@dataclass(slots=True)
class _Result:
    tone: _Sum
    targets: list[_Target]
    starts: set[int] = field(default_factory=set)


def _empty(passage: Passage) -> _Result:
    targets = [_Target(_Sum(np.zeros((3, 3))), [_Sum(np.zeros(3)) for _ in passage.voices]) for _ in passage.targets]
    return _Result(_Sum(np.zeros(3)), targets)


def _triple(probabilities: Floats) -> Triple:
    """Round so that the parts still sum to 1: the largest takes what rounding leaves."""
    parts = [round(float(value), DECIMALS) for value in probabilities]
    largest = max(range(3), key=parts.__getitem__)
    parts[largest] = round(1.0 - sum(parts[:largest] + parts[largest + 1 :]), DECIMALS)
    return Triple(*parts)


class EncoderScorer:
    """Scores passages with the embedded model; weights are read at the first call."""

    def __init__(self, config: EncoderConfig) -> None:
        self.config = config
        self.fingerprint = identity.fingerprint(config)
        self.device = torch.device(identity.device(config))
        self.precision = identity.precision(config)
        self._tokens = CUDA_TOKENS

    @cached_property
    def _model(self) -> Model:
        model = load(model_folder(self.config.model))
        if self.precision == "int8":
            _quantise(model)
        model.network.to(self.device)
        return model

    def score(self, passages: Sequence[Passage]) -> list[PassageScore]:
        """Score passages; equal ones are read once.

        Raises:
            ScorerError: the device has no memory even for one window; a smaller model or the CPU may help.
        """
        unique = list(dict.fromkeys(passages))
        results = self._read(unique)
        scores = dict(zip(unique, map(self._record, unique, results), strict=True))
        return [scores[passage] for passage in passages]

    def find(self, passage: Passage, threshold: float | None = None) -> list[Mention]:
        """Find mentions of the passage's targets by the model, beside what a catalogue knows.

        Args:
            passage: the spans of its queries are not used.
            threshold: probability per token; None takes the model's own.

        Returns:
            Mentions in order, at least one letter or digit each, with `alias` empty.
        """
        least = self._model.calibration.finder if threshold is None else threshold
        return [
            Mention(target=passage.targets[target].id, start=span.start, end=span.end,
                    text=passage.text[span.start : span.end], alias="")
            for target, span in sorted(self._found(passage, least), key=lambda pair: pair[1])
        ]  # fmt: skip

    def _found(self, passage: Passage, least: float) -> set[tuple[int, Span]]:
        found: set[tuple[int, Span]] = set()
        for item, output, row in self._outputs(windows([passage], self._model.words)):
            for column, target in enumerate(item.targets):
                chance = output.finder[row, column].float().sigmoid().tolist()
                hits = [place for place in range(len(item.tokens)) if chance[place + 1] >= least]
                found |= {(target, span) for span in _joined(passage.text, [item.tokens[place] for place in hits])}
        return found

    def _read(self, passages: Sequence[Passage]) -> list[_Result]:
        results = [_empty(passage) for passage in passages]
        for item, output, row in self._outputs(windows(passages, self._model.words)):
            _add(results[item.passage], item, output, row)
        return results

    def _outputs(self, items: Sequence[Window]) -> Iterator[tuple[Window, Output, int]]:
        """Yield every window with the output that holds it and its row there."""
        if self.device.type == "cpu":
            yield from self._steady(items)
            return
        for numbers in batches(items, self._tokens):
            for part, output in self._run([items[number] for number in numbers]):
                yield from ((item, output, row) for row, item in enumerate(part))

    def _steady(self, items: Sequence[Window]) -> Iterator[tuple[Window, Output, int]]:
        """Encode in batches whose shape depends on a window's own length only, and read each window out by itself.

        Matrix products of another shape, or shared out among another number of threads, differ in the last bits. So
        each batch is computed by one thread, several batches at once, and a window's numbers are the same to the bit
        whatever stands beside it, in whatever order and number, and however many threads there are.
        """
        parts = list(_shaped(items))
        threads = max(1, min(self.config.threads or THREADS, len(parts)))
        with ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            for (part, _, _), outputs in zip(parts, pool.map(lambda shaped: self._each(*shaped), parts), strict=True):
                yield from ((item, output, 0) for item, output in zip(part, outputs, strict=True))

    def _each(self, part: list[Window], rows: int, width: int) -> list[Output]:
        network, pad = self._model.network, self._model.words.pad
        whole = collate(part, pad, rows=rows, width=width)
        with torch.inference_mode(), self._autocast():
            hidden = network.encoder(whole.ids, whole.places, whole.seen)
            return [
                _plain(network.read_out(hidden[row : row + 1, : len(item.ids)], collate([item], pad)))
                for row, item in enumerate(part)
            ]

    def _run(self, items: list[Window]) -> list[tuple[list[Window], Output]]:
        try:
            return [(items, self._forward(collate(items, self._model.words.pad)))]
        except torch.cuda.OutOfMemoryError as error:
            if len(items) == 1:
                raise ScorerError(f"no memory on {self.device} for one window of {len(items[0].ids)} tokens") from error
            torch.cuda.empty_cache()
            self._tokens //= 2
            half = len(items) // 2
            return self._run(items[:half]) + self._run(items[half:])

    def _forward(self, batch: Batch) -> Output:
        with torch.inference_mode(), self._autocast():
            return _plain(self._model.network(batch.to(self.device)))

    def _autocast(self) -> AbstractContextManager[object]:
        if self.precision == "bfloat16":
            return torch.autocast(self.device.type, dtype=torch.bfloat16)
        return nullcontext()

    def _record(self, passage: Passage, result: _Result) -> PassageScore:
        calibration = self._model.calibration
        places = clauses(passage.text)
        return PassageScore(
            sentiment=_triple(calibration.scale("tone").probabilities(result.tone.mean())),
            targets=tuple(
                _target_score(target, query.spans, places, calibration)
                for target, query in zip(result.targets, passage.targets, strict=True)
            ),
            windows=max(1, len(result.starts)),
        )


def _target_score(target: _Target, spans: Sequence[Span], places: list[Span], calibration: Calibration) -> TargetScore:
    means = target.stance.mean()
    overall, author, reported = (
        _triple(calibration.scale(head).probabilities(means[number])) for number, head in enumerate(HEADS)
    )
    voice = calibration.scale("voices")
    return TargetScore(
        overall=overall,
        author=author,
        reported=reported,
        voices=tuple(_triple(voice.probabilities(item.mean())) for item in target.voices),
        evidence=strongest(places, target.pull, spans),
        unsure=overall.confidence < calibration.threshold or not (spans or target.found >= calibration.finder),
    )


def _shaped(items: Sequence[Window]) -> Iterator[tuple[list[Window], int, int]]:
    """Yield windows of like width with the rows and the width of the batch they are computed in."""
    by_width: dict[int, list[Window]] = {}
    for item in items:
        by_width.setdefault(-(-len(item.ids) // WIDTH_STEP) * WIDTH_STEP, []).append(item)
    for width, group in sorted(by_width.items()):
        rows = max(1, CPU_TOKENS // width)
        yield from ((group[start : start + rows], rows, width) for start in range(0, len(group), rows))


def _plain(output: Output) -> Output:
    return Output(*(getattr(output, name).float().cpu() for name in Output.__slots__))


def _add(result: _Result, item: Window, output: Output, row: int) -> None:
    result.starts.add(item.tokens[0].start if item.tokens else 0)
    result.tone.add(output.tone[row].double().numpy(), len(item.tokens) + 1e-6)
    for column, number in enumerate(item.targets):
        target = result.targets[number]
        weight = len(item.mentions[column]) + 1e-3 * (len(item.tokens) + 1e-3)
        target.stance.add(output.stance[row, column].double().numpy(), weight)
        for holder, places in enumerate(item.voices):
            share = len(places) + 1e-6
            target.voices[holder].add(output.voices[row, column, holder].double().numpy(), share)
        pull = output.attention[row, column].tolist()
        for place, token in enumerate(item.tokens):
            target.pull[token] = max(target.pull.get(token, 0.0), pull[place + 1])
        if item.tokens:
            heard = output.finder[row, column, 1 : 1 + len(item.tokens)].max().sigmoid()
            target.found = max(target.found, float(heard))


def _joined(text: str, tokens: Sequence[Span]) -> list[Span]:
    """Join tokens that touch or are parted by one character (a blank, a hyphen, an apostrophe)."""
    joined: list[Span] = []
    for token in tokens:
        if joined and token.start - joined[-1].end <= 1:
            joined[-1] = Span(joined[-1].start, token.end)
        else:
            joined.append(token)
    return [span for span in joined if any(letter.isalnum() for letter in text[span.start : span.end])]


def _quantise(model: Model) -> None:
    """Let the encoder's matrices multiply in int8 (dynamic quantisation, CPU only)."""
    from torch.ao.quantization import quantize_dynamic

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecated for torchao, which is no part of torch
        quantize_dynamic(model.network.encoder, {torch.nn.Linear}, dtype=torch.qint8, inplace=True)  # type: ignore[no-untyped-call]
