"""The weights that ship: int8 by row in safetensors shards, checked by hash, expanded at load; no pickle anywhere.

What belongs here: packing, writing, checking and reading a model folder. What does not: training state
(`checkpoints`).

A model folder holds `manifest.json` (SHA-256 of every other file), `config.json` (shape and how it was made),
`calibration.json`, `tokenizer.json` and `weights-NN.safetensors`.
"""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from stance.errors import ConfigError
from stance.ids import sha256_bytes
from stance.model.calibrate import Calibration
from stance.model.folders import manifest
from stance.model.layers import Encoder, EncoderShape
from stance.model.network import StanceNetwork
from stance.model.windows import Batch, Words

SHARD_BYTES = 40_000_000
SMALLEST_PACKED = 4096
"""Tensors with fewer numbers are kept as float16."""
SCALE = ".scale"
COLUMN = ".column"
EVENED = "encoder.layers."
"""Matrices whose columns are evened before they are packed: a few channels of a trained encoder carry far larger values
than the rest, and the small weights that meet them need the finer steps, as the other inputs of a row do where inputs
are rounded too. Rows alone cost 5 points of macro-F1."""
SMALLEST_SCALE = 1e-7
SMALLEST_INPUT = 1e-4
SMALLEST_FACTOR = 1e-3
FORMAT = 3


@dataclass(frozen=True, slots=True)
class Model:
    """A model ready to score."""

    network: StanceNetwork
    words: Words
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class Stored:
    """A model as it lies on disk: int8 matrices beside their scales, the rest float16."""

    shape: EncoderShape
    values: Mapping[str, Tensor]
    words: Words
    calibration: Calibration


def pack(value: Tensor) -> tuple[Tensor, Tensor]:
    """Return int8 values and one float16 scale per row of a matrix: `value ~ packed * scale`, error <= scale / 2."""
    scale = (value.abs().amax(1, keepdim=True) / 127).clamp(min=SMALLEST_SCALE).half()
    return (value / scale.float()).round().clamp(-127, 127).to(torch.int8), scale


def unpack(packed: Tensor, scale: Tensor) -> Tensor:
    """Undo `pack` as far as it can be undone."""
    return packed.float() * scale.float()


def even(value: Tensor, inputs: Tensor) -> tuple[Tensor, Tensor]:
    """Return a matrix with columns nearer to one size, and one float16 factor per column: `value = evened * factor`.

    The factor is the root of the column's largest size over that of the inputs it meets, so that weights and inputs
    share the burden by halves (SmoothQuant: Xiao et al. 2023).

    Args:
        value: (outputs, inputs).
        inputs: usual largest size of each input, (inputs,).
    """
    factor = (value.abs().amax(0).clamp(min=SMALLEST_SCALE) / inputs.clamp(min=SMALLEST_INPUT)).sqrt()
    factor = (factor / factor.mean()).clamp(min=SMALLEST_FACTOR).half()
    return value / factor.float(), factor


def input_sizes(network: StanceNetwork, batches: Sequence[Batch]) -> dict[str, Tensor]:
    """Return how large the inputs of each evened matrix usually are: the mean over batches of each one's largest size.

    Args:
        network: standing still or not; it is left as it was.
        batches: at least one, unpadded: what stands at padding would count.

    Returns:
        (inputs,) by the matrix's name.
    """
    sums: dict[str, Tensor] = {}

    def note(name: str) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
        def add(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            sums[name] = sums.get(name, torch.tensor(0.0)) + inputs[0].abs().flatten(0, -2).amax(0)

        return add

    layers = {
        f"{name}.weight": part
        for name, part in network.named_modules()
        if isinstance(part, nn.Linear) and name.startswith(EVENED)
    }
    hooks = [part.register_forward_pre_hook(note(name)) for name, part in layers.items()]
    training = network.training
    network.eval()
    with torch.inference_mode():
        for batch in batches:
            network(batch)
    network.train(training)
    for hook in hooks:
        hook.remove()
    return {name: (total / len(batches)).clone() for name, total in sums.items()}


def _packed(state: Mapping[str, Tensor], sizes: Mapping[str, Tensor]) -> Iterator[tuple[str, Tensor]]:
    for name, value in state.items():
        if value.dim() == 2 and value.numel() >= SMALLEST_PACKED:
            if name in sizes:
                value, factor = even(value, sizes[name])
                yield name + COLUMN, factor
            numbers, scale = pack(value)
            yield name, numbers
            yield name + SCALE, scale
        else:
            yield name, value.half()


def _shards(state: Mapping[str, Tensor], sizes: Mapping[str, Tensor]) -> Iterator[dict[str, Tensor]]:
    shard: dict[str, Tensor] = {}
    size = 0
    for name, value in _packed(state, sizes):
        if size + value.nbytes > SHARD_BYTES and shard:
            yield shard
            shard, size = {}, 0
        shard[name] = value.contiguous()
        size += value.nbytes
    yield shard


def export(
    network: StanceNetwork,
    tokenizer: Path,
    folder: Path,
    calibration: Calibration,
    made: Mapping[str, Any],
    sizes: Mapping[str, Tensor],
) -> None:
    """Write a model folder, whole or not at all.

    Args:
        network: what was trained.
        tokenizer: the base's `tokenizer.json`.
        folder: replaced if it exists.
        calibration: fitted on rows the network was not trained on.
        made: JSON-ready notes on how it was made, for `config.json`.
        sizes: of the inputs (`input_sizes`).
    """
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for number, shard in enumerate(_shards(network.state_dict(), sizes)):
        file = part / f"weights-{number:02d}.safetensors"
        save_file(shard, file)
        file.chmod(0o644)
    shutil.copyfile(tokenizer, part / "tokenizer.json")
    config = {"format": FORMAT, "encoder": network.encoder.shape.as_dict(), "made": dict(made)}
    _write(part / "config.json", config)
    _write(part / "calibration.json", calibration.as_dict())
    _write(part / "manifest.json", {path.name: sha256_bytes(path.read_bytes()) for path in sorted(part.iterdir())})
    shutil.rmtree(folder, ignore_errors=True)
    part.replace(folder)


def _write(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n")


def read(folder: Path) -> Stored:
    """Read a model folder and check every file against the manifest.

    Raises:
        ConfigError: a file is missing or is not the one that was written.
    """
    for name, expected in manifest(folder).items():
        path = folder / name
        if not path.is_file() or sha256_bytes(path.read_bytes()) != expected:
            raise ConfigError(f"{path}: missing or changed since it was written (SHA-256); install the model again")
    config = json.loads((folder / "config.json").read_text())
    if config["format"] != FORMAT:
        raise ConfigError(f"{folder}: model format {config['format']}, this version reads {FORMAT}")
    values: dict[str, Tensor] = {}
    for path in sorted(folder.glob("weights-*.safetensors")):
        values |= load_file(path)
    calibration = Calibration.from_dict(json.loads((folder / "calibration.json").read_text()))
    shape = EncoderShape(**config["encoder"] | {"glance": tuple(config["encoder"]["glance"])})
    return Stored(shape, values, Words(folder / "tokenizer.json"), calibration)


def load(folder: Path) -> Model:
    """Read a model folder, its matrices expanded to float32.

    Raises:
        ConfigError: a file is missing or is not the one that was written.
    """
    stored = read(folder)
    with torch.device("meta"):
        network = StanceNetwork(Encoder(stored.shape))
    network.load_state_dict(_state(stored.values), assign=True)
    return Model(network.eval().requires_grad_(False), stored.words, stored.calibration)


def _state(stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: expanded(stored, name) for name in stored if not name.endswith((SCALE, COLUMN))}


def expanded(stored: Mapping[str, Tensor], name: str) -> Tensor:
    """Return a stored tensor in float32."""
    if name + SCALE not in stored:
        return stored[name].float()
    value = unpack(stored[name], stored[name + SCALE])
    return value * stored[name + COLUMN].float() if name + COLUMN in stored else value
