"""One frozen class for each kind of scorer: what a user writes under `[scorer]` in `stance.toml`.

What belongs here: options and their limits. What does not: building the scorer (`build_scorer` in `scorers.build`).
"""

from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Config(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    seeks: ClassVar[bool] = False
    """Whether the scorer finds mentions itself where it is asked to."""


class DummyConfig(_Config):
    """Deterministic probabilities from a hash of the text: for trying out flows and dashboards, never for results."""

    kind: Literal["dummy"] = "dummy"


class LexiconConfig(_Config):
    """VADER's sentiment of the clauses around the mentions: a baseline to compare with."""

    kind: Literal["lexicon"] = "lexicon"


class EncoderConfig(_Config):
    """The embedded default model: every target in one pass."""

    seeks: ClassVar[bool] = True
    kind: Literal["encoder"] = "encoder"
    model: str = "base"
    """`base`, `small`, or the folder that `stance train` wrote."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    precision: Literal["auto", "float32", "bfloat16", "int8"] = "auto"
    threads: int = Field(default=0, ge=0)
    """Batches computed at once on the CPU, each by one thread; 0 takes as many as torch would take threads."""


class CheckpointConfig(_Config):
    """What all checkpoints of others need."""

    model: str
    """Folder, or id on the hub."""
    revision: str = ""
    """Commit of a hub's checkpoint; required for one that is not a folder, since a name alone pins nothing."""
    allow_download: bool = False
    """Whether it may be fetched from the hub; otherwise it must lie in the local cache."""
    device: str = "cpu"
    batch_tokens: int = Field(default=4096, ge=64)
    unsure_below: float = Field(default=0.5, ge=0, le=1)
    """Confidence under which a pair is marked unsure; not calibrated for a checkpoint we do not know."""

    @model_validator(mode="after")
    def _pinned(self) -> Self:
        if not Path(self.model).is_dir() and not self.revision:
            raise ValueError(f"{self.model!r} is no folder; a checkpoint of the hub needs `revision`, its commit")
        return self


class NliConfig(CheckpointConfig):
    """Any entailment checkpoint, zero-shot: hypotheses are made from the targets' names."""

    kind: Literal["nli"] = "nli"


class PairConfig(CheckpointConfig):
    """Any (text, target) classifier with labels that mean against, neutral and favor."""

    kind: Literal["pair"] = "pair"
    labels: tuple[tuple[str, Literal["against", "neutral", "favor"]], ...] = ()
    """Meaning of the checkpoint's label names where they are not the usual ones."""


class LlmConfig(_Config):
    """A language model behind an OpenAI-compatible endpoint."""

    kind: Literal["llm"] = "llm"
    model: str
    revision: str = ""
    """Whatever else pins the model (a digest, a date); part of the fingerprint."""
    base_url: str
    allow_remote: bool = False
    """Must be true for any text to be sent, to whatever address."""
    api_key_env: str = "OPENAI_API_KEY"
    """Environment variable that holds the key; keys never stand in a config."""
    temperature: float = Field(default=0.0, ge=0, le=2)
    concurrency: int = Field(default=4, ge=1, le=256)
    requests_per_minute: float = Field(default=0.0, ge=0)
    """0 sets no limit."""
    timeout_seconds: float = Field(default=60.0, gt=0)
    retries: int = Field(default=4, ge=0)
    """New tries after a connection error, a time-out, 429 or 5xx, with the wait the server asks for."""
    tries: int = Field(default=3, ge=1)
    """Times one question is asked before its unusable answers fail the shard."""
    price_in: float = Field(default=0.0, ge=0)
    """Price of a million tokens in, in any currency."""
    price_out: float = Field(default=0.0, ge=0)
    budget: float | None = Field(default=None, gt=0)
    """Money one run may spend, in the currency of the prices."""
    budget_seconds: float | None = Field(default=None, gt=0)
    cache: str = "~/.cache/stance/llm"
    unsure_below: float = Field(default=0.6, ge=0, le=1)


ScorerConfig = Annotated[
    DummyConfig | LexiconConfig | EncoderConfig | NliConfig | PairConfig | LlmConfig, Field(discriminator="kind")
]
