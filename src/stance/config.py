"""What one run needs to know, in one frozen model, read from `stance.toml` and the command line.

What belongs here: the options of a run as a whole, and loading them. What does not: a stage's own options, which stand
beside the stage, and everything done with them.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from stance.errors import ConfigError
from stance.estimate.options import EstimateOptions
from stance.ingest.options import FetchOptions, ReadOptions, SourceConfig
from stance.scorers.config import EncoderConfig, ScorerConfig

DEFAULT_FILE = "stance.toml"


class RunConfig(BaseModel):
    """Everything that decides what a run does: `stance.toml`, overridden by the command line.

    Holds no code and no secrets, so that it can be a flow's parameter and stand in the run's record.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    inputs: tuple[str, ...] = ()
    """Files, folders, globs or feed URLs."""
    out: str = "stance-out"
    """Folder of the tables, or an object store's address such as `s3://bucket/news`."""
    targets: tuple[str, ...] = ()
    """Catalogue files or names of shipped packs; none means the three default targets."""
    scorer: ScorerConfig = EncoderConfig()
    sentiment: Literal["all", "mentioned"] = "all"
    """Paragraphs that get a sentiment: all, or only those that mention a target (half the work on most news)."""
    read: ReadOptions = ReadOptions()
    source: tuple[SourceConfig, ...] = ()
    fetch: FetchOptions = FetchOptions()
    estimate: EstimateOptions = EstimateOptions()
    labels: str = ""
    """Folder of human labels; '' is `labels` in the output, where that is a folder of this machine."""
    shard_paragraphs: int = Field(default=2_500, ge=1)
    """Paragraphs per shard of scoring: what one task does and what a crash may cost. Never changes a result."""
    shard_megabytes: float = Field(default=32.0, gt=0)
    """Input per shard of reading. Never changes a result."""

    @field_validator("out")
    @classmethod
    def _not_among_inputs(cls, value: str, info: ValidationInfo) -> str:
        place = Path(value.removeprefix("file://")).resolve()
        if any(Path(item).is_dir() and Path(item).resolve() == place for item in info.data.get("inputs", ())):
            raise ValueError(f"{value} is a folder of inputs; name another one for the tables")
        return value

    @field_validator("scorer", mode="before")
    @classmethod
    def _default_kind(cls, value: object) -> object:
        return {"kind": "encoder", **value} if isinstance(value, Mapping) else value


def load(path: str | Path | None = None, overrides: Mapping[str, Any] | None = None) -> RunConfig:
    """Read a config file and lay the command line's values over it.

    Args:
        path: the TOML file; None takes `stance.toml` of the working folder if there is one. Relative inputs,
            targets, out and labels in it are relative to its folder.
        overrides: values by key, as in the file; None values are passed over, tables are merged key by key.

    Raises:
        ConfigError: the file cannot be read, is not TOML, or a key or value is wrong; says where.
    """
    file = Path(path) if path is not None else Path(DEFAULT_FILE)
    text = _text(file) if path is not None or file.exists() else ""
    data = _anchored(_parsed(text, file), file.parent)
    given = {key: value for key, value in (overrides or {}).items() if value is not None}
    try:
        return RunConfig.model_validate(_merged(data, given))
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(item, file, text, given) for item in error.errors())) from None


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot read the configuration: {error}") from error


def _parsed(text: str, file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: not valid TOML: {error}") from error


def _anchored(data: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Make the paths of a file relative to its folder."""

    def anchor(value: object) -> object:
        return str(folder / value) if isinstance(value, str) and "://" not in value else value

    def existing(value: object) -> object:
        return anchor(value) if isinstance(value, str) and (folder / value).exists() else value

    for key, fix in (("inputs", anchor), ("targets", existing)):
        if isinstance(data.get(key), list):
            data[key] = [fix(value) for value in data[key]]
    for key in ("out", "labels"):
        if data.get(key):
            data[key] = anchor(data[key])
    return data


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **base,
        **{key: _merged(base[key], value) if _alike(base.get(key), value) else value for key, value in over.items()},
    }


def _alike(old: object, new: object) -> bool:
    """Whether two values are tables that can be merged: a scorer of another kind shares no options with the old one."""
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        return False
    return bool(new.get("kind", old.get("kind")) == old.get("kind"))


def _explain(item: Any, file: Path, text: str, given: Mapping[str, Any]) -> str:  # noqa: ANN401 - pydantic's dict
    """One line for one wrong value: file, line, key, what is wrong."""
    keys = [part for part in item["loc"] if isinstance(part, str)]
    name = ".".join(str(part) for part in item["loc"])
    what = "there is no such key" if item["type"] == "extra_forbidden" else item["msg"].removeprefix("Value error, ")
    if keys and keys[0] in given:
        return f"command line: {name}: {what}"
    line = _line_of(keys, text)
    return f"{file}{f':{line}' if line else ''}: {name}: {what}"


def _line_of(keys: list[str], text: str) -> int | None:
    """Find the line where the last of the keys that the text names is set, or None."""
    for key in reversed(keys):
        pattern = re.compile(rf"^\s*(\[+\s*)?([\w-]+\.)*[\"']?{re.escape(key)}[\"']?\s*(=|\]|\.)")
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.match(line):
                return number
    return None
