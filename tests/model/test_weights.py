"""Packing, writing, checking and reading model folders."""

import json
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import ConfigError
from stance.model.calibrate import Calibration, Scale
from stance.model.folders import manifest, model_folder
from stance.model.weights import even, input_sizes, load, pack, unpack
from stance.model.windows import collate, windows
from stance.records import Passage, TargetQuery
from tests.model import tiny


@given(st.lists(st.lists(st.floats(-1e3, 1e3, width=32), min_size=3, max_size=3), min_size=1, max_size=6))
def test_packing_errs_by_half_a_step_at_most(rows: list[list[float]]) -> None:
    value = torch.tensor(rows, dtype=torch.float32)
    packed, scale = pack(value)
    assert packed.dtype is torch.int8
    least = 127 * 2.0**-25  # a scale below 2**-14 is itself rounded to steps of 2**-24
    assert ((unpack(packed, scale) - value).abs() <= scale.float() * 0.51 + least).all()


def test_evened_columns_share_the_burden_with_their_inputs() -> None:
    value, inputs = torch.tensor([[8.0, 1.0], [-2.0, 0.5]]), torch.tensor([2.0, 1.0])
    evened, factor = even(value, inputs)
    assert torch.allclose(evened * factor.float(), value)
    columns, met = evened.abs().amax(0), inputs * factor.float()
    assert (columns[0] / columns[1]).item() == pytest.approx((met[0] / met[1]).item(), rel=1e-3)


def test_sizes_of_inputs_are_the_mean_of_each_text_s_largest(tmp_path: Path) -> None:
    folder = tiny.write_model(tmp_path / "m")
    model = load(folder)
    passages = [
        Passage(text=text, targets=(TargetQuery(id="m", name="mob"),)) for text in ("the mob", "police said no")
    ]
    batches = [collate([item], model.words.pad) for item in windows(passages, model.words)]
    sizes = input_sizes(model.network, batches)
    assert set(sizes) == {f"encoder.layers.{n}.{part}.weight" for n in (0, 1) for part in ("qkv", "out", "up", "down")}
    each = [input_sizes(model.network, [batch])["encoder.layers.1.up.weight"] for batch in batches]
    assert torch.allclose(sizes["encoder.layers.1.up.weight"], (each[0] + each[1]) / 2)
    seen = []
    hook = model.network.encoder.layers[1].up.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    model.network(batches[0])
    hook.remove()
    assert torch.allclose(each[0], seen[0].abs().amax((0, 1)))


def test_round_trip(tmp_path: Path) -> None:
    folder = tiny.write_model(tmp_path / "m", Calibration({"overall": Scale(2.0, (0.1, 0.0, -0.1))}, 0.4, 0.6))
    model = load(folder)
    expected = tiny.network().state_dict()
    for name, value in model.network.state_dict().items():
        assert torch.allclose(value, expected[name], atol=float(expected[name].abs().max()) / 100), name
    assert model.calibration.scale("overall") == Scale(2.0, (0.1, 0.0, -0.1))
    assert (model.calibration.threshold, model.calibration.finder) == (0.4, 0.6)
    assert not model.network.training


def test_no_pickle_and_every_file_in_the_manifest(tmp_path: Path) -> None:
    folder = tiny.write_model(tmp_path / "m")
    files = {path.name for path in folder.iterdir()}
    assert {path.suffix for path in folder.iterdir()} == {".json", ".safetensors"}
    assert files == {*manifest(folder), "manifest.json"}


@pytest.mark.parametrize("name", ["weights-00.safetensors", "calibration.json", "tokenizer.json"])
def test_a_changed_file_is_refused(name: str, tmp_path: Path) -> None:
    folder = tiny.write_model(tmp_path / "m")
    data = bytearray((folder / name).read_bytes())
    data[-2] ^= 1
    (folder / name).write_bytes(data)
    with pytest.raises(ConfigError, match=f"{name}: missing or changed"):
        load(folder)


def test_another_format_is_refused(tmp_path: Path) -> None:
    from stance.ids import sha256_bytes

    folder = tiny.write_model(tmp_path / "m")
    config = json.loads((folder / "config.json").read_text()) | {"format": 99}
    (folder / "config.json").write_text(json.dumps(config))
    hashes = manifest(folder) | {"config.json": sha256_bytes((folder / "config.json").read_bytes())}
    (folder / "manifest.json").write_text(json.dumps(hashes))
    with pytest.raises(ConfigError, match="model format 99"):
        load(folder)


def test_no_model_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="expected `base`, `small` or a folder"):
        model_folder(str(tmp_path))
