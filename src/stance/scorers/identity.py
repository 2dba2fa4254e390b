"""What identifies the embedded scorer, known without torch wherever there is no CUDA device.

What belongs here: device, precision and fingerprint of an `EncoderConfig`. What does not: reading weights or scoring.
"""

from functools import cache
from pathlib import Path

from stance.errors import ConfigError
from stance.ids import content_id
from stance.model.folders import manifest, model_folder
from stance.scorers.config import EncoderConfig

CODE_VERSION = 2
"""Raised whenever the same weights may give other numbers."""
PROCESSOR = Path("/proc/cpuinfo")
INT8_FLAGS = frozenset({"avx512_vnni", "avx_vnni", "amx_int8"})
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
    """Return the precision that `auto` stands for: bfloat16 on CUDA, else int8 where the processor is made for it.

    Raises:
        ConfigError: int8 is asked for on CUDA.
    """
    where = device(config)
    if config.precision == "int8" and where == "cuda":
        raise ConfigError("precision 'int8' is for the CPU; use 'auto' or 'bfloat16', or device 'cpu'")
    if config.precision != "auto":
        return config.precision
    if where == "cuda":
        return "bfloat16"
    return "int8" if int8_instructions() else "float32"


@cache
def int8_instructions() -> bool:
    """Whether the processor sums int8 products without overflow (x86 VNNI); known on Linux only, else False."""
    try:
        return not INT8_FLAGS.isdisjoint(PROCESSOR.read_text().split())
    except OSError:
        return False


def fingerprint(config: EncoderConfig) -> str:
    """Return the content id of weights, code version and precision, and of the device where it is not the CPU."""
    where = device(config)
    weights = manifest(model_folder(config.model))
    return content_id(["encoder", weights, CODE_VERSION, precision(config), "" if where == "cpu" else where])
