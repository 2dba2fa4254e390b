"""Training state on disk: safetensors with a JSON note in the header, written whole or not at all.

What belongs here: saving and loading network and optimiser. What does not: the compact weights that ship (`export`).
"""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

NOTE = "stance"


def save_tensors(path: Path, tensors: dict[str, Tensor], note: dict[str, Any]) -> None:
    """Write tensors and a note; a reader sees the old file or the new one, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    save_file({name: value.contiguous() for name, value in tensors.items()}, part, {NOTE: json.dumps(note)})
    part.replace(path)


def load_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Read what `save_tensors` wrote."""
    with safe_open(path, framework="pt") as file:
        note = json.loads((file.metadata() or {}).get(NOTE, "{}"))
        return {name: file.get_tensor(name) for name in file.keys()}, note  # noqa: SIM118 - not a mapping


def training_state(network: nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Collect what a resumed training needs: weights, moments, and torch's random state."""
    state = {f"network.{name}": value for name, value in network.state_dict().items()}
    names: dict[Tensor, str] = {parameter: name for name, parameter in network.named_parameters()}
    for parameter, moments in optimizer.state.items():
        state |= {f"{part}.{names[parameter]}": value for part, value in moments.items()}
    return state | {"random": torch.get_rng_state()}


def restore(state: dict[str, Tensor], network: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """Put back what `training_state` collected."""
    network.load_state_dict(_under(state, "network"))
    parts = {part: _under(state, part) for part in ("step", "exp_avg", "exp_avg_sq")}
    for name, parameter in network.named_parameters():
        if name in parts["step"]:
            optimizer.state[parameter] = {part: values[name] for part, values in parts.items()}
    torch.set_rng_state(state["random"])


def _under(state: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    cut = len(prefix) + 1
    return {name[cut:]: value for name, value in state.items() if name.startswith(f"{prefix}.")}
