"""The encoder under other engines: speed on one core, and how many labels differ from torch in float32.

    pip install onnxscript openvino
    python benchmarks/engines.py data/training/protest_*.jsonl [--model base] [--rows 120]

Every engine reads the same windows: eight of like length at a time, padded, as these engines want it; ours lays them
end to end. All read stances out with the same heads. Neither library is needed for anything else here.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import openvino
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from stance.labelled import read_labelled
from stance.model.data import example
from stance.model.folders import model_folder
from stance.model.layers import Encoder, Sight
from stance.model.network import StanceNetwork
from stance.model.weights import load, read
from stance.model.windows import MAX_NAMES, Batch, Window, collate, windows
from stance.scorers.packed import PackedNetwork

TOGETHER = 8
ROUNDS = 3
INPUTS = ("ids", "places", "seen")
Inputs = Callable[[Batch], tuple[Tensor, ...]]
Encode = Callable[[Batch], Tensor]


class Plain(nn.Module):
    """The encoder with tensors alone for its inputs, as exporters want it."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, ids: Tensor, places: Tensor, seen: Tensor) -> Tensor:
        """Return what the encoder makes of them, (rows, tokens, width)."""
        return self.encoder(ids, Sight(places, seen))  # type: ignore[no-any-return]

    def inputs(self, batch: Batch) -> tuple[Tensor, ...]:
        """What `forward` takes of a batch."""
        return batch.ids, batch.together.places, batch.together.seen


def exported(plain: Plain, batch: Batch, folder: Path) -> Path:
    """Write the encoder as ONNX, for any number of rows and tokens."""
    rows, tokens = torch.export.Dim("rows", min=1, max=64), torch.export.Dim("tokens", min=2, max=512)
    line, square = {0: rows, 1: tokens}, {0: rows, 1: tokens, 2: tokens}
    file = folder / "encoder.onnx"
    torch.onnx.export(
        plain, plain.inputs(batch), file, input_names=list(INPUTS), output_names=["hidden"], dynamo=True,
        dynamic_shapes=(line, line, square), external_data=False, verbose=False,
    )  # fmt: skip
    return file


def by_onnx(file: Path, inputs: Inputs) -> Encode:
    """Let ONNX Runtime read."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    known = {item.name for item in session.get_inputs()}

    def encode(batch: Batch) -> Tensor:
        given = {name: part.numpy() for name, part in zip(INPUTS, inputs(batch), strict=True) if name in known}
        return torch.from_numpy(session.run(None, given)[0])

    return encode


def by_openvino(file: Path, inputs: Inputs, precision: str) -> Encode:
    """Let OpenVINO read."""
    settings = {"INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": precision}
    compiled = openvino.compile_model(file, "CPU", settings)
    known = {name for part in compiled.inputs for name in part.names}

    def encode(batch: Batch) -> Tensor:
        given = {name: part.numpy() for name, part in zip(INPUTS, inputs(batch), strict=True) if name in known}
        return torch.from_numpy(compiled(given)[0].astype(np.float32))

    return encode


def answers(encode: Encode, network: StanceNetwork, groups: Sequence[list[Window]], pad: int) -> tuple[Tensor, float]:
    """Stances (pairs, 3 heads) and seconds of the best round."""
    best = float("inf")
    for _ in range(ROUNDS):
        began, found = time.perf_counter(), []
        for group in groups:
            batch = collate(group, pad)
            stance = network.read_out(encode(batch), batch).stance
            found += [stance[row, : len(item.targets)] for row, item in enumerate(group)]
        best = min(best, time.perf_counter() - began)
    return torch.cat(found).argmax(-1), best


def packed(folder: Path, precision: str, groups: Sequence[list[Window]]) -> tuple[Tensor, float]:
    """The same by our own products."""
    network, best = PackedNetwork(read(folder), precision), float("inf")  # type: ignore[arg-type]
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found = [reading.stance for group in groups for reading in network.read(group)]
        best = min(best, time.perf_counter() - began)
    return torch.from_numpy(np.concatenate(found)).argmax(-1), best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--model", default="base")
    parser.add_argument("--rows", type=int, default=120)
    options = parser.parse_args()
    torch.set_num_threads(1)
    folder = model_folder(options.model)
    model = load(folder)
    rows = [row for file in options.files for row in read_labelled(file)]
    chosen = rows[:: max(1, len(rows) // options.rows)]
    rng = np.random.default_rng(0)
    items = windows([example(row, rng).passage for row in chosen], model.words, MAX_NAMES)
    items = sorted((item for item in items if item.targets), key=lambda item: len(item.ids))
    groups = [items[start : start + TOGETHER] for start in range(0, len(items), TOGETHER)]
    plain, pad = Plain(model.network.encoder).eval(), model.words.pad
    with tempfile.TemporaryDirectory(prefix="stance-engines-") as name, torch.inference_mode(False), torch.no_grad():
        whole = exported(plain, collate(groups[0], pad), Path(name))
        small, ready = Path(name) / "int8.onnx", Path(name) / "ready.onnx"
        quant_pre_process(whole, ready, skip_symbolic_shape=True)
        quantize_dynamic(ready, small, weight_type=QuantType.QInt8, per_channel=True)
        engines: dict[str, Callable[[], tuple[Tensor, float]]] = {
            "torch, float32": lambda: answers(lambda batch: plain(*plain.inputs(batch)), model.network, groups, pad),
            "ONNX Runtime, float32": lambda: answers(by_onnx(whole, plain.inputs), model.network, groups, pad),
            "ONNX Runtime, dynamic int8": lambda: answers(by_onnx(small, plain.inputs), model.network, groups, pad),
            "OpenVINO, float32": lambda: answers(by_openvino(whole, plain.inputs, "f32"), model.network, groups, pad),
            "OpenVINO, bfloat16": lambda: answers(by_openvino(whole, plain.inputs, "bf16"), model.network, groups, pad),
            "ours, bfloat16": lambda: packed(folder, "bfloat16", groups),
            "ours, int8": lambda: packed(folder, "int8", groups),
        }
        print("| engine | times torch's float32 | labels that differ |\n|---|---|---|")
        first: tuple[Tensor, float] | None = None
        for engine, run in engines.items():
            said, taken = run()
            first = first or (said, taken)
            differ = float((said != first[0]).float().mean())
            print(f"| {engine} | {first[1] / taken:.2f} | {100 * differ:.1f} % |", flush=True)


if __name__ == "__main__":
    main()
