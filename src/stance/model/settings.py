"""What a training file may say: one frozen class for each table of the TOML.

What belongs here: options, their limits and reading them. What does not: acting on them (`train`).
"""

import tomllib
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from stance.errors import ConfigError


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceSettings(_Settings):
    """One labelled file and how much of it is shown."""

    path: Path
    """Relative to the TOML's folder."""
    share: float = Field(default=1.0, gt=0)
    """Part of the rows shown in each epoch, another part every time; 2 shows each row twice."""
    neutral: float = Field(default=1.0, ge=0, le=1)
    """Part of the rows kept that have only neutral labels."""
    weight: float = Field(default=1.0, gt=0)
    """Weight in the loss."""
    taught: bool = False
    """Whether the teacher's answers are learned in place of the file's labels."""


class StageSettings(_Settings):
    """One stretch of training with its own data and pace."""

    name: str
    sources: tuple[SourceSettings, ...]
    epochs: int = Field(ge=1)
    learning_rate: float = Field(gt=0)
    head_rate: float = Field(gt=0)
    """Learning rate of what stands above the encoder."""
    layer_decay: float = Field(default=0.9, gt=0, le=1)
    """Factor from each layer to the one below."""
    frozen: int = Field(default=0, ge=0)
    """How many of the lowest layers stand still, embeddings included."""
    only: tuple[str, ...] = ()
    """Parts of the network that alone are trained, by how their names begin; by default all that do not stand still."""
    apart: bool = True
    """Whether text and names are read apart (see `windows`), as the scorer does; False only to compare."""
    from_overall: bool = False
    """Whether author and reported start from the overall head, where earlier stages had no labels for them."""
    warm_up: float = Field(default=0.06, ge=0, lt=1)
    tokens: int = Field(default=1024, gt=0)
    """Padded tokens of a batch."""
    dev: tuple[Path, ...] = ()
    """Labelled files of which the dev curve is drawn; never trained on, though a source may name them."""
    dev_rows: int = Field(default=400, gt=0)
    """Most rows of the dev curve."""
    dev_share: float = Field(default=0.0, ge=0, lt=0.5)
    """Part of the first source's texts cut off for the dev curve where no `dev` is named."""
    curve: int = Field(default=4, ge=1)
    """Points of the dev curve in the stage."""
    average: dict[str, float] = Field(default_factory=dict)
    """Earlier stages whose weights are averaged with this one's at its end, and what each counts beside its 1
    (Wortsman et al. 2022)."""
    finder: float = Field(default=3.0, gt=0)
    """What finding mentions weighs beside the overall stance."""
    swap: float = Field(default=0.0, ge=0, le=1)
    hide: float = Field(default=0.0, ge=0, le=1)
    absent: float = Field(default=0.0, ge=0, le=1)
    rename: float = Field(default=0.0, ge=0, le=1)
    """Variations: see `data.Variation`."""


class TrainSettings(_Settings):
    """A whole training."""

    name: str
    base: str
    """`mpnet`, `minilm` (from their packages), or the folder of a published MPNet or BERT checkpoint."""
    seed: int
    out: Path
    """Folder for checkpoints, curve and result, relative to the TOML's folder."""
    glance: tuple[int, ...] = ()
    """Layers that names pass which the text does not mention: see `layers.EncoderShape`."""
    teacher: Path | None = None
    """Folder of a trained model that answers for `taught` sources."""
    precision: Literal["float32", "bf16"] = "float32"
    """Of the matrix products in training; `bf16` is faster where the processor has it, and its end is not the same."""
    threads: int = Field(default=0, ge=0)
    dropout: float = Field(default=0.1, ge=0, lt=1)
    smoothing: float = Field(default=0.05, ge=0, lt=1)
    checkpoint_seconds: int = Field(default=300, ge=1)
    stages: tuple[StageSettings, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _knows_stages(self) -> Self:
        for number, stage in enumerate(self.stages):
            unknown = stage.average.keys() - {earlier.name for earlier in self.stages[:number]}
            if unknown:
                raise ValueError(f"stage {stage.name!r}: no earlier stage to average with: {min(unknown)}")
        return self

    @model_validator(mode="after")
    def _has_teacher(self) -> Self:
        if self.teacher is None and any(source.taught for stage in self.stages for source in stage.sources):
            raise ValueError("a source is `taught`, but no `teacher` is named")
        return self


def _absolute(value: dict[str, Any], folder: Path) -> dict[str, Any]:
    value["out"] = folder / value.get("out", "")
    if "teacher" in value:
        value["teacher"] = folder / value["teacher"]
    if "/" in value.get("base", ""):
        value["base"] = str(folder / value["base"])
    for stage in value.get("stages", []):
        stage["dev"] = [folder / path for path in stage.get("dev", [])]
        for source in stage.get("sources", []):
            source["path"] = folder / source["path"]
    return value


def read_settings(path: Path) -> TrainSettings:
    """Read a training file; paths in it become relative to its folder.

    Raises:
        ConfigError: the file cannot be read or says something wrong.
    """
    try:
        return TrainSettings.model_validate(_absolute(tomllib.loads(path.read_text()), path.parent))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    except (tomllib.TOMLDecodeError, ValidationError, TypeError, KeyError, AttributeError) as error:
        raise ConfigError(f"{path}: {error}") from error
