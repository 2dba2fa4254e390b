"""What a run would take, before it is made: paragraphs, pairs, time, tokens, money, memory.

What belongs here: counting the inputs and timing the scorer on a sample of them. Nothing is kept: sources on the web
are fetched to a temporary folder, since only their content tells what they hold.
"""

import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stance import paragraphs
from stance.config import RunConfig
from stance.errors import ConfigError
from stance.ingest import discover, read
from stance.pipeline.inputs import need_inputs
from stance.pipeline.preparing import preparer
from stance.pipeline.remote import fetch
from stance.records import Article, Passage, Rejection
from stance.scorers.build import build_scorer
from stance.scorers.config import LlmConfig
from stance.scorers.llm_prompt import messages
from stance.store.folder import LocalFolder

CHARACTERS_PER_TOKEN = 4.0
"""Of English prose in today's vocabularies; other languages take more tokens."""
ANSWER_TOKENS = 60
ANSWER_TOKENS_PER_TRIPLE = 20
"""Tokens of a language model's answer: the frame, and one distribution in JSON."""
SAMPLE = 64
"""Paragraphs that are scored to measure the speed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run would take on this machine."""

    inputs: int
    articles: int
    rejections: int
    paragraphs: int
    pairs: int
    """Paragraph and target that the catalogue finds in it."""
    tokens_in: int
    tokens_out: int
    """0 for a scorer that answers with numbers."""
    money: float
    """In the currency of the scorer's prices; 0 for a scorer without prices."""
    seconds: float | None
    """Time for scoring, from the sample's speed; None where no sample was scored."""
    paragraphs_per_second: float | None
    memory_megabytes: float
    """Peak of this process after the sample, in 10^6 bytes."""


def plan(config: RunConfig) -> Plan:
    """Read the inputs and sources, score a sample, and say what all of it would take.

    A language model is not asked for the sample, since that would cost money: its time is not predicted.

    Raises:
        ConfigError: there are no inputs, none became an article, or the scorer cannot be built.
    """
    inputs, items = _items(config)
    articles = [item for item in items if isinstance(item, Article)]
    if not articles:
        why = next((f" ({item.source}: {item.detail})" for item in items if isinstance(item, Rejection)), "")
        raise ConfigError(f"none of the inputs became an article{why}; `stance run` counts the reasons")
    passages = list(_passages(articles, config))
    speed = None if isinstance(config.scorer, LlmConfig) else _speed(passages, config)
    tokens_in, tokens_out = _tokens(passages, config)
    return Plan(
        inputs=inputs,
        articles=len(articles),
        rejections=len(items) - len(articles),
        paragraphs=len(passages),
        pairs=sum(bool(query.spans) for passage in passages for query in passage.targets),
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        money=_money(tokens_in, tokens_out, config),
        seconds=len(passages) / speed if speed else None,
        paragraphs_per_second=speed,
        memory_megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    )


def _items(config: RunConfig) -> tuple[int, list[Article | Rejection]]:
    """Return how many inputs there are, and what becomes of all of them."""
    need_inputs(config)
    local = discover(config.inputs, config.read)
    with tempfile.TemporaryDirectory(prefix="stance-plan-") as folder:
        fetched = fetch((*config.source, *local.sources), config.fetch, LocalFolder(folder))
        refs = {ref.name: ref for ref in (*local.refs, *fetched.refs)}
        items = [item for ref in refs.values() for item in read(ref, config.read)]
    refused = (*local.rejections, *fetched.rejections)
    return len(refs) + len(refused), [*items, *refused]


def _passages(articles: Sequence[Article], config: RunConfig) -> Iterator[Passage]:
    prepare = preparer(config.targets, seek=config.scorer.seeks).prepare
    for article in articles:
        prepared = prepare([paragraph.text for paragraph in paragraphs.split(article)])
        for item in prepared:
            if item.passage.targets or config.sentiment == "all":
                yield item.passage


def _speed(passages: Sequence[Passage], config: RunConfig) -> float:
    """Paragraphs a second over an even sample, after one call that loads and warms the model."""
    step = max(1, len(passages) // SAMPLE)
    sample = passages[::step][:SAMPLE]
    scorer = build_scorer(config.scorer)
    scorer.score(sample[:4])
    began = time.perf_counter()
    scorer.score(sample)
    return len(sample) / max(time.perf_counter() - began, 1e-9)


def _tokens(passages: Sequence[Passage], config: RunConfig) -> tuple[int, int]:
    if not isinstance(config.scorer, LlmConfig):
        return int(sum(len(passage.text) for passage in passages) / CHARACTERS_PER_TOKEN), 0
    asked = sum(len(message["content"]) for passage in passages for message in messages(passage))
    triples = sum(1 + len(passage.targets) * (3 + len(passage.voices)) for passage in passages)
    return int(asked / CHARACTERS_PER_TOKEN), ANSWER_TOKENS * len(passages) + ANSWER_TOKENS_PER_TRIPLE * triples


def _money(tokens_in: int, tokens_out: int, config: RunConfig) -> float:
    scorer = config.scorer
    if not isinstance(scorer, LlmConfig):
        return 0.0
    return (tokens_in * scorer.price_in + tokens_out * scorer.price_out) / 1_000_000
