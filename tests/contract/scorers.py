"""How to make one scorer of each kind; a new kind is put under contract by one line here."""

from collections.abc import Callable

import pytest

from stance.scorers.base import Scorer
from stance.scorers.build import build_scorer
from stance.scorers.config import DummyConfig, EncoderConfig, LexiconConfig, LlmConfig, NliConfig, PairConfig
from stance.scorers.nli import KNOWN_CONTRADICTED, KNOWN_ENTAILED
from tests.scorers import tiny
from tests.scorers.endpoint import Endpoint, right

ENDPOINT: list[Endpoint] = []
"""The one server of the contract suite, started when first asked for; it ends with the process."""


def _llm(paths: pytest.TempPathFactory) -> Scorer:
    if not ENDPOINT:
        ENDPOINT.append(Endpoint(right))
    return build_scorer(
        LlmConfig(model="m", base_url=ENDPOINT[0].url, allow_remote=True, cache=str(paths.mktemp("llm")))
    )


def _nli(paths: pytest.TempPathFactory) -> Scorer:
    labels = ["entailment", "neutral", "contradiction"]
    model = tiny.save(paths.mktemp("nli"), labels, teach=[(*KNOWN_ENTAILED, 0), (*KNOWN_CONTRADICTED, 2)])
    return build_scorer(NliConfig(model=model))


def _pair(paths: pytest.TempPathFactory) -> Scorer:
    return build_scorer(PairConfig(model=tiny.save(paths.mktemp("pair"), ["against", "neutral", "favor"])))


SCORERS: dict[str, Callable[[pytest.TempPathFactory], Scorer]] = {
    "dummy": lambda _: build_scorer(DummyConfig()),
    "lexicon": lambda _: build_scorer(LexiconConfig()),
    "encoder-small": lambda _: build_scorer(EncoderConfig(model="small")),
    "llm": _llm,
    "nli": _nli,
    "pair": _pair,
}
