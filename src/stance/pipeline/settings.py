"""What the scores of a run depend on besides the text: package, catalogue, scorer, options; and what a run was told.

What belongs here: fingerprints, found without loading a model; the config in a run's record. What does not: using what
they name.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

import stance
from stance.config import RunConfig
from stance.pipeline.numbers import estimating
from stance.pipeline.preparing import preparer
from stance.scorers.build import fingerprint
from stance.store.manifest import Settings
from stance.store.query import Snapshot


def settings_of(config: RunConfig) -> Settings:
    """Return the fingerprints of a config.

    Raises:
        ConfigError: the catalogue or the scorer is missing or wrong.
    """
    return Settings(
        version=stance.__version__,
        catalogue=preparer(config.targets).catalog.fingerprint,
        scorer=fingerprint(config.scorer),
        sentiment=config.sentiment,
        estimate=estimating(config),
    )


def last_config(out: str, newest_first: Iterable[Mapping[str, Any]]) -> RunConfig | None:
    """Return the config of the newest run among records; None if none has one that this version can use.

    Args:
        out: where the output lies now; it may have been moved since.
        newest_first: records of runs; only as many are taken as are needed.
    """
    last = next((record["config"] for record in newest_first if "config" in record), None)
    try:
        return RunConfig.model_validate(dict(last) | {"out": out}) if last else None
    except ValidationError:
        return None


def with_recorded(config: RunConfig) -> RunConfig:
    """Put the estimates' options, the labels' folder and the scorer of the last run of `config.out` into a config.

    What a config file or the command line says of estimates and labels stands. The scorer is the recorded one in any
    case: the scores are there.

    Raises:
        StoreError: the output cannot be read.
    """
    snapshot = Snapshot.open(config.out)
    last = last_config(config.out, snapshot.newest_records())
    if last is None:
        return config
    given = config.model_fields_set
    return config.model_copy(
        update={"scorer": last.scorer}
        | {name: getattr(last, name) for name in ("estimate", "labels") if name not in given}
    )
