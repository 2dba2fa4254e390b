"""Where models lie and what identifies them, without torch: for fingerprints of runs that may have nothing to score.

What belongs here: folders and manifests. What does not: reading weights (`weights`).
"""

import json
from pathlib import Path

from stance.errors import ConfigError

SHIPPED = Path(__file__).parent / "weights"
NAMES = ("base", "small")
"""The models that come with the package."""


def model_folder(model: str) -> Path:
    """Return where `base`, `small` or a user's own model lies.

    Raises:
        ConfigError: there is no model.
    """
    folder = SHIPPED / model if model in NAMES else Path(model)
    if not (folder / "manifest.json").is_file():
        raise ConfigError(
            f"model {model!r}: expected `base`, `small` or a folder that `stance train` wrote; "
            f"there is no manifest.json in {folder}"
        )
    return folder


def manifest(folder: Path) -> dict[str, str]:
    """Read a model's manifest: file name to SHA-256."""
    return dict(json.loads((folder / "manifest.json").read_text()))
