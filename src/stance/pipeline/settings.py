"""What the scores of a run depend on besides the text: package, catalogue, scorer, options.

What belongs here: fingerprints, found without loading a model. What does not: using what they name.
"""

import stance
from stance.config import RunConfig
from stance.pipeline.numbers import estimating
from stance.pipeline.preparing import preparer
from stance.scorers.build import fingerprint
from stance.store.manifest import Settings


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
