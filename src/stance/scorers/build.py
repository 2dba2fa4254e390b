"""From a config to its scorer: the one place that knows all kinds. What a kind needs is imported when asked for."""

import importlib
from functools import lru_cache

from stance.errors import ConfigError
from stance.scorers import identity
from stance.scorers.base import Scorer
from stance.scorers.config import EncoderConfig, ScorerConfig

_PLACES = {
    "dummy": ("stance.scorers.dummy", "DummyScorer", ""),
    "lexicon": ("stance.scorers.lexicon", "LexiconScorer", ""),
    "encoder": ("stance.scorers.encoder", "EncoderScorer", ""),
    "nli": ("stance.scorers.nli", "NliScorer", ""),
    "pair": ("stance.scorers.pair", "PairScorer", ""),
    "llm": ("stance.scorers.llm", "LlmScorer", "llm"),
}
"""Kind: module, class, and the extra that brings its libraries ('' where they are always there)."""


@lru_cache(maxsize=2)
def build_scorer(config: ScorerConfig) -> Scorer:
    """Build the scorer of a config, once per process and config.

    Raises:
        ConfigError: the kind needs an extra that is not installed, or its files are missing or damaged.
    """
    module, name, extra = _PLACES[config.kind]
    try:
        scorer_class = getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as error:
        if not extra:
            raise
        raise ConfigError(
            f"scorer kind {config.kind!r} needs {error.name}; install it with: pip install 'stance-pipeline[{extra}]'"
        ) from error
    scorer: Scorer = scorer_class(config)
    return scorer


def fingerprint(config: ScorerConfig) -> str:
    """Return the fingerprint that the scorer of this config has, without loading the default model.

    Raises:
        ConfigError: as `build_scorer`.
    """
    return identity.fingerprint(config) if isinstance(config, EncoderConfig) else build_scorer(config).fingerprint
