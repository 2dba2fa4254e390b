"""What identifies the embedded scorer, known without torch wherever there is no CUDA device.

What belongs here: device, precision and fingerprint of an `EncoderConfig`. What does not: reading weights or scoring.
"""

from pathlib import Path

from stance.errors import ConfigError
from stance.ids import content_id
from stance.model.folders import manifest, model_folder
from stance.scorers.config import EncoderConfig

CODE_VERSION = 1
"""Raised whenever the same weights may give other numbers."""
DRIVER = Path("/proc/driver/nvidia/version")
"""There only where an NVIDIA driver is loaded; without it torch need not be asked for CUDA."""


def device(config: EncoderConfig) -> str:
    """Return `cpu` or `cuda`.

    Raises:
        ConfigError: CUDA is asked for and not there.
    """
    if config.device == "cpu":
        return "cpu"
    if _cuda():
        return "cuda"
    if config.device == "cuda":
        raise ConfigError("device 'cuda': torch sees no CUDA device; use 'auto' or 'cpu'")
    return "cpu"


def _cuda() -> bool:
    if not DRIVER.exists():
        return False
    import torch

    return torch.cuda.is_available()


def precision(config: EncoderConfig) -> str:
    """Return the precision that `auto` stands for on the device: bfloat16 on CUDA, float32 elsewhere."""
    if config.precision != "auto":
        return config.precision
    return "bfloat16" if device(config) == "cuda" else "float32"


def fingerprint(config: EncoderConfig) -> str:
    """Return the content id of weights, code version and precision, and of the device where it is not the CPU."""
    where = device(config)
    weights = manifest(model_folder(config.model))
    return content_id(["encoder", weights, CODE_VERSION, precision(config), "" if where == "cpu" else where])
