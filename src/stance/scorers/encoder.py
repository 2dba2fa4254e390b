"""The default scorer: the embedded model, every target of a paragraph read in one pass.

What belongs here: batching, running on CPU or CUDA, merging windows, and turning logits into records. What does
not: the network and its weights (`stance.model`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate, chain, groupby, islice
from operator import itemgetter
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import expit
from torch import Tensor

from stance.errors import ScorerError
from stance.model.calibrate import Calibration
from stance.model.data import batches
from stance.model.evidence import clauses, strongest
from stance.model.folders import model_folder
from stance.model.network import HEADS, Output
from stance.model.weights import Model, load, read
from stance.model.windows import MAX_NAMES, Batch, Window, collate, covered, joined, showings, windows
from stance.records import Passage, PassageScore, Shown, Span, TargetQuery, TargetScore, Triple
from stance.scorers import identity
from stance.scorers.config import EncoderConfig
from stance.scorers.packed import PackedNetwork, Reading, sought

PACK_TOKENS = 4096
"""Most tokens that one thread reads at once in int8 and bfloat16."""
PACK_CHARACTERS = 16384
"""About how many characters of the passages one thread takes at a time: a pack."""
GLANCE = 3
"""Characters of text that cost as much as a name that is read at a glance."""
PACK_NAMES = 1_000_000
"""In a pack all names of a passage follow its text at once: each reads the text by itself, and none is padded."""
CPU_TOKENS = 512
"""Padded tokens of a batch on the CPU: enough for full speed, and little is padding when there is but one paragraph."""
WIDTH_STEP = 32
"""Windows are padded to a multiple of this many tokens on the CPU."""
CUDA_TOKENS = 65536
"""Padded tokens of a batch on CUDA; halved until it fits."""
THREADS = torch.get_num_threads()
"""Torch's own choice for this machine, read before any scorer of this process changes it."""
UNNAMED = 0.7
"""Chance that somebody who speaks of a target has a stance toward it, where no name tells the model who he is: the
share of those that are named in `protest_1` and `own_p`."""
NEUTRAL = np.array([0.0, 1.0, 0.0])
STEPS = 100_000
"""Probabilities are rounded to five decimals: more is noise."""

Floats = NDArray[np.float64]
Item = TypeVar("Item")


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
    chances: list[float]
    """For each voice, the chance that he has a stance at all."""
    pull: dict[int, Floats] = field(default_factory=dict)
    """Window: attention on each of its tokens."""
    likeliest: float = 0.0
    """Highest probability, over tokens, that one belongs to a mention."""
    found: set[Span] = field(default_factory=set)
    """Tokens that were sought and found."""
    given: tuple[Span, ...] = ()
    """The mentions given that it may doubt."""
    belief: dict[Span, float] = field(default_factory=dict)
    """By mention given that has tokens: the highest probability, over these, that it is one."""
    shown: dict[Span, tuple[Span, Floats]] = field(default_factory=dict)
    """By holder: the sentence, and the logits of his stance."""


@dataclass(slots=True)
class _Result:
    tone: _Sum
    targets: list[_Target]
    tokens: dict[int, NDArray[np.int64]] = field(default_factory=dict)
    """Window, by its first character: where its tokens start in the text."""


def _empty(passage: Passage) -> _Result:
    targets = [
        _Target(
            stance=_Sum(np.zeros((3, 3))),
            voices=[_Sum(np.zeros(3)) for _ in passage.voices],
            chances=_priors(passage),
            given=query.doubtable if query.sought else (),
        )
        for query in passage.targets
    ]
    return _Result(_Sum(np.zeros(3)), targets)


def _priors(passage: Passage) -> list[float]:
    """For each voice the chance that he has a stance, as far as one knows that without reading who he is."""
    return [0.0 if names else UNNAMED for names in passage.names] or [1.0] * len(passage.voices)


def _triples(probabilities: Floats) -> list[Triple]:
    """Round rows (n, 3) so that their parts still sum to 1: the largest takes what rounding leaves."""
    steps = np.rint(probabilities * STEPS)
    steps[np.arange(len(steps)), steps.argmax(1)] += STEPS - steps.sum(1)
    return [Triple(*parts) for parts in (steps / STEPS).tolist()]


class EncoderScorer:
    """Scores passages with the embedded model; weights are read at the first call."""

    def __init__(self, config: EncoderConfig) -> None:
        self.config = config
        self.fingerprint = identity.fingerprint(config)
        self.device = torch.device(identity.device(config))
        self.precision = identity.precision(config)
        self._tokens = CUDA_TOKENS

    @cached_property
    def _model(self) -> Model | PackedNetwork:
        folder = model_folder(self.config.model)
        if self.device.type == "cpu" and self.precision != "float32":
            return PackedNetwork(read(folder), "int8" if self.precision == "int8" else "bfloat16")
        model = load(folder)
        model.network.to(self.device)
        return model

    def score(self, passages: Sequence[Passage]) -> list[PassageScore]:
        """Score passages; equal ones are read once.

        Raises:
            ScorerError: the device has no memory even for one window; a smaller model or the CPU may help.
        """
        unique = list(dict.fromkeys(passages))
        if isinstance(self._model, PackedNetwork):
            parts = _even(unique, self.config.threads or THREADS)
            with self._threads(len(parts)) as pool:
                answers = [score for scores in pool.map(self._answer, parts) for score in scores]
        else:
            answers = self._answer(unique)
        scores = dict(zip(unique, answers, strict=True))
        return [scores[passage] for passage in passages]

    def _threads(self, parts: int) -> ThreadPoolExecutor:
        """Return threads for so many parts of the work, each of which computes by itself."""
        threads = max(1, min(self.config.threads or THREADS, parts))
        return ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,))

    def _answer(self, passages: Sequence[Passage]) -> list[PassageScore]:
        results = [_empty(passage) for passage in passages]
        for reading in self._readings(passages):
            _add(results[reading.window.passage], reading, self._model.calibration)
        return [self._record(passage, result) for passage, result in zip(passages, results, strict=True)]

    def _readings(self, passages: Sequence[Passage]) -> Iterator[Reading]:
        model = self._model
        if isinstance(model, PackedNetwork):
            items = windows(passages, model.words, PACK_NAMES)
            for pack in _filled(items, model.rows, PACK_TOKENS):
                yield from model.read(pack)
        else:
            yield from self._plain(model, windows(passages, model.words, MAX_NAMES))

    def _plain(self, model: Model, items: Sequence[Window]) -> Iterator[Reading]:
        if self.device.type == "cpu":
            yield from self._steady(model, items)
            return
        for numbers in batches(items, self._tokens):
            yield from self._run(model, [items[number] for number in numbers])

    def _steady(self, model: Model, items: Sequence[Window]) -> Iterator[Reading]:
        """Encode in batches whose shape depends on a window's own length only, and read each window out by itself.

        Matrix products of another shape, or shared out among another number of threads, differ in the last bits. So
        each batch is computed by one thread, several batches at once, and a window's numbers are the same to the bit
        whatever stands beside it, in whatever order and number, and however many threads there are.
        """
        parts = list(_shaped(items))
        with self._threads(len(parts)) as pool:
            yield from chain.from_iterable(pool.map(lambda shaped: self._each(model, *shaped), parts))

    def _each(self, model: Model, part: list[Window], rows: int, width: int) -> list[Reading]:
        network, pad = model.network, model.words.pad
        whole = collate(part, pad, rows=rows, width=width)
        with torch.inference_mode():
            hidden = network.encode(whole)
            return [
                reading
                for row, item in enumerate(part)
                for reading in self._read_out(
                    model, hidden[row : row + 1, : len(item.ids)], [item], collate([item], pad)
                )
            ]

    def _read_out(self, model: Model, hidden: Tensor, items: list[Window], batch: Batch) -> list[Reading]:
        """Read windows out of what the encoder made of their batch, mentions that were sought among the others."""
        if any(item.seeks() for item in items):
            finder = model.network.finder(hidden, batch).float().cpu().numpy()
            items = [
                sought(item, finder[row, : len(item.targets), 1 : 1 + len(item.tokens)], model.calibration)
                for row, item in enumerate(items)
            ]
            batch = collate(items, model.words.pad).to(self.device)
        output = model.network.read_out(hidden, batch)
        plain = output.plain()
        readings = [_reading(item, plain, row, model.calibration.shown) for row, item in enumerate(items)]
        shown = [(row, showing) for row, reading in enumerate(readings) for showing in reading.showings]
        if not shown:
            return readings
        target = torch.stack([output.target[row, showing.column] for row, showing in shown])
        words = torch.stack([hidden[row, list(showing.places)].mean(0) for row, showing in shown])
        heard = iter(model.network.heard(target, words).float().cpu().numpy())
        return [replace(reading, shown=list(islice(heard, len(reading.showings)))) for reading in readings]

    def _run(self, model: Model, items: list[Window]) -> list[Reading]:
        try:
            return self._forward(model, items)
        except torch.cuda.OutOfMemoryError as error:
            if len(items) == 1:
                raise ScorerError(f"no memory on {self.device} for one window of {len(items[0].ids)} tokens") from error
            torch.cuda.empty_cache()
            self._tokens //= 2
            half = len(items) // 2
            return self._run(model, items[:half]) + self._run(model, items[half:])

    def _forward(self, model: Model, items: list[Window]) -> list[Reading]:
        batch = collate(items, model.words.pad).to(self.device)
        with torch.inference_mode(), self._autocast():
            return self._read_out(model, model.network.encode(batch), items, batch)

    def _autocast(self) -> AbstractContextManager[object]:
        if self.precision == "bfloat16":
            return torch.autocast(self.device.type, dtype=torch.bfloat16)
        return nullcontext()

    def _record(self, passage: Passage, result: _Result) -> PassageScore:
        calibration = self._model.calibration
        return PassageScore(
            sentiment=_triples(calibration.scale("tone").probabilities(result.tone.mean()[None]))[0],
            targets=tuple(_target_scores(passage, result, calibration)),
            windows=max(1, len(result.tokens)),
        )


def _target_scores(passage: Passage, result: _Result, calibration: Calibration) -> Iterator[TargetScore]:
    targets = result.targets
    if not targets:
        return
    means = np.stack([target.stance.mean() for target in targets])
    heads = [_triples(calibration.scale(head).probabilities(means[:, number])) for number, head in enumerate(HEADS)]
    heard = np.array([[voice.mean() for voice in target.voices] for target in targets])
    chances = np.array([target.chances for target in targets]).reshape(-1, 1)
    spoken = calibration.scale("voices").probabilities(heard.reshape(-1, 3))
    voices = _triples(chances * spoken + (1 - chances) * NEUTRAL)
    each = len(passage.voices)
    found = [_phrases(passage.text, target.found) for target in targets]
    shown = _shown(targets, calibration)
    pulls = [_merged(result.tokens, target.pull) for target in targets]
    named = [(*query.spans, *spans) for query, spans in zip(passage.targets, found, strict=True)]
    evidence = strongest(clauses(passage.text), pulls[0][0], np.stack([pull for _, pull in pulls]), named)
    for number, (target, query) in enumerate(zip(targets, passage.targets, strict=True)):
        overall, author, reported = (head[number] for head in heads)
        there = bool(query.spans) or target.likeliest >= calibration.finder
        yield TargetScore(
            overall=overall,
            author=author,
            reported=reported,
            voices=tuple(voices[number * each : (number + 1) * each]),
            evidence=evidence[number],
            unsure=overall.confidence < calibration.threshold or not there,
            found=found[number],
            kept=_kept(query, target.belief, calibration.doubt),
            shown=shown[number],
        )


def _shown(targets: Sequence[_Target], calibration: Calibration) -> list[tuple[Shown, ...]]:
    """Return who shows a stance toward each target; neighbouring windows may both see him, and the first counts."""
    logits = [value for target in targets for _, value in target.shown.values()]
    triples = iter(_triples(calibration.scale("voices").probabilities(np.array(logits).reshape(-1, 3))))
    found = []
    for target in targets:
        own: list[Shown] = []
        for (holder, (clause, _)), triple in zip(target.shown.items(), triples, strict=False):
            if not any(one.holder.start < holder.end and holder.start < one.holder.end for one in own):
                own.append(Shown(holder=holder, clause=clause, triple=triple))
        found.append(tuple(sorted(own, key=lambda one: one.holder)))
    return found


def _shaped(items: Sequence[Window]) -> Iterator[tuple[list[Window], int, int]]:
    """Yield windows of like width with the rows and the width of the batch they are computed in."""
    by_width: dict[int, list[Window]] = {}
    for item in items:
        by_width.setdefault(-(-len(item.ids) // WIDTH_STEP) * WIDTH_STEP, []).append(item)
    for width, group in sorted(by_width.items()):
        rows = max(1, CPU_TOKENS // width)
        yield from ((group[start : start + rows], rows, width) for start in range(0, len(group), rows))


def _even(passages: Sequence[Passage], threads: int) -> list[list[Passage]]:
    """Part passages, in order, into about equal parts, so many that all threads are busy to the end."""
    sizes = [
        len(passage.text) + sum(len(query.name) if query.spans else GLANCE for query in passage.targets)
        for passage in passages
    ]
    total = max(1, sum(sizes))
    count = threads * -(-total // (threads * PACK_CHARACTERS))
    numbers = (start * count // total for start in accumulate(sizes, initial=0))
    numbered = zip(numbers, passages, strict=False)
    return [[passage for _, passage in part] for _, part in groupby(numbered, key=itemgetter(0))]


def _filled(items: Iterable[Item], size: Callable[[Item], int], most: int) -> Iterator[list[Item]]:
    """Part items, in order, into lists whose sizes sum to `most` at most; a larger item stands alone."""
    part: list[Item] = []
    used = 0
    for item in items:
        if part and used + size(item) > most:
            yield part
            part, used = [], 0
        part.append(item)
        used += size(item)
    if part:
        yield part


def _reading(item: Window, output: Output, row: int, least: float) -> Reading:
    """Take one window's part out of an output; tokens name one who shows a stance from the chance `least` on."""
    targets, voices, text = len(item.targets), len(item.voices), slice(1, 1 + len(item.tokens))
    shows = expit(output.shows[row, :targets, text].numpy())
    return Reading(
        window=item,
        stance=output.stance[row, :targets].numpy(),
        voices=output.voices[row, :targets, :voices].numpy(),
        tone=output.tone[row].numpy(),
        finder=output.finder[row, :targets, text].numpy(),
        attention=output.attention[row, :targets, text].numpy(),
        shows=shows,
        showings=showings(item, shows, least),
    )


def _add(result: _Result, reading: Reading, calibration: Calibration) -> None:
    item = reading.window
    first = item.tokens[0].start if item.tokens else 0
    if first not in result.tokens:
        result.tokens[first] = np.array([token.start for token in item.tokens], dtype=np.int64)
    result.tone.add(reading.tone.astype(np.float64), len(item.tokens) + 1e-6)
    # All targets at once: a call costs more than the arithmetic on one.
    stances, pulls = reading.stance.astype(np.float64), reading.attention.astype(np.float64)
    likeliest = expit(reading.finder.max(axis=1)).tolist() if item.targets and item.tokens else []
    for column, number in enumerate(item.targets):
        target = result.targets[number]
        weight = len(item.mentions[column]) + 1e-3 * (len(item.tokens) + 1e-3)
        target.stance.add(stances[column], weight)
        for holder, places in enumerate(item.voices):
            target.voices[holder].add(reading.voices[column, holder].astype(np.float64), len(places) + 1e-6)
        for holder, places in enumerate(item.speakers):
            if places:
                named = set(item.mentions[column])
                chance = calibration.speaker(
                    float(reading.shows[column, [place - 1 for place in places]].max()),
                    speaks_of=not (named - set(places)).isdisjoint(item.around[holder]),
                    belongs=not named.isdisjoint(places),
                )
                target.chances[holder] = max(target.chances[holder], chance)
        if item.tokens:
            target.pull[first] = pulls[column]
            target.likeliest = max(target.likeliest, likeliest[column])
            for span in target.given:
                own = reading.finder[column, covered(item.tokens, [span])]
                if len(own):
                    target.belief[span] = max(target.belief.get(span, 0.0), float(expit(own.max())))
        if item.found:
            target.found.update(item.tokens[place - 1] for place in item.found[column])
    for showing, logits in zip(reading.showings, reading.shown, strict=True):
        target = result.targets[item.targets[showing.column]]
        target.shown.setdefault(showing.holder, (showing.clause, logits.astype(np.float64)))


def _kept(query: TargetQuery, belief: Mapping[Span, float], least: float) -> tuple[Span, ...] | None:
    return tuple(span for span in query.spans if belief.get(span, 1.0) >= least) if query.sought else None


def _phrases(text: str, tokens: Iterable[Span]) -> tuple[Span, ...]:
    """Join tokens with at most one character between them, in order; stops at the ends of a phrase are left out."""
    return tuple(span for span in (_trimmed(text, *span) for span in joined(tokens)) if span.start < span.end)


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    return Span(start, end)


def _merged(tokens: Mapping[int, NDArray[np.int64]], pull: Mapping[int, Floats]) -> tuple[NDArray[np.int64], Floats]:
    """Join what windows say of their tokens; of a token that several share the largest counts."""
    if len(pull) == 1:
        ((window, values),) = pull.items()
        return tokens[window], values
    most: dict[int, float] = {}
    for window, values in pull.items():
        for start, value in zip(tokens[window].tolist(), values.tolist(), strict=True):
            most[start] = max(most.get(start, 0.0), value)
    return np.array(list(most), dtype=np.int64), np.array(list(most.values()))
