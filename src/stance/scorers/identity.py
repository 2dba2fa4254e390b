"""What identifies the embedded scorer, known without torch wherever there is no CUDA device.

What belongs here: device, precision and fingerprint of an `EncoderConfig`. What does not: reading weights or scoring.
"""

from functools import cache
from pathlib import Path

from stance.errors import ConfigError
from stance.ids import content_id
from stance.model.folders import manifest, model_folder
from stance.scorers.config import EncoderConfig

CODE_VERSION = 7
"""Raised whenever the same weights may give other numbers."""
PROCESSOR = Path("/proc/cpuinfo")
INT8_FLAGS = frozenset({"avx512_vnni", "avx_vnni", "amx_int8"})
BFLOAT16_FLAG = "amx_bf16"
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
    """Return the precision that `auto` stands for: bfloat16 on CUDA and AMX, int8 on VNNI, else float32.

    Raises:
        ConfigError: int8 is asked for on CUDA.
    """
    where = device(config)
    if config.precision == "int8" and where == "cuda":
        raise ConfigError("precision 'int8' is for the CPU; use 'auto' or 'bfloat16', or device 'cpu'")
    if config.precision != "auto":
        return config.precision
    if where == "cuda" or BFLOAT16_FLAG in processor_flags():
        return "bfloat16"
    return "int8" if int8_instructions() else "float32"


@cache
def processor_flags() -> frozenset[str]:
    """Return what the processor can do; known on Linux only, else nothing."""
    try:
        return frozenset(PROCESSOR.read_text().split())
    except OSError:
        return frozenset()


def int8_instructions() -> bool:
    """Whether the processor sums int8 products without overflow (x86 VNNI)."""
    return not INT8_FLAGS.isdisjoint(processor_flags())


def fingerprint(config: EncoderConfig) -> str:
    """Return the content id of weights, code version and arithmetic.

    Arithmetic is the precision and what else moves its numbers: the device where it is not the CPU, and in bfloat16 on
    the CPU whether it has AMX, which sums in another order.
    """
    kind, where = precision(config), device(config)
    if where == "cpu":
        where = "" if kind != "bfloat16" else "amx" if BFLOAT16_FLAG in processor_flags() else "avx512"
    return content_id(["encoder", manifest(model_folder(config.model)), CODE_VERSION, kind, where])
