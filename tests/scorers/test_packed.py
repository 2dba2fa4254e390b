"""The fast forward pass gives what the network gives, and the same to the bit in any company."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from stance.errors import ConfigError
from stance.model.layers import Encoder
from stance.model.network import StanceNetwork
from stance.model.weights import export, load, read
from stance.model.windows import Window, collate, windows
from stance.records import Passage, Span, TargetQuery
from stance.scorers import products
from stance.scorers.packed import PackedNetwork, Reading
from tests.model import tiny

TEXT = "The cabinet acted lawfully, while the mob blamed police; government said no."
NAMES = ("mob", "cabinet", "government police said")
PASSAGES = [
    Passage(
        text=TEXT * count,
        targets=tuple(TargetQuery(id=n, name=n, spans=(Span(4, 11),) if n == "cabinet" else ()) for n in NAMES[:asked]),
        voices=((Span(28, 55),), (Span(0, 10), Span(60, 70)))[:voices],
        names=((Span(35, 42),), ())[:voices],
    )
    for count, asked, voices in ((1, 3, 2), (9, 1, 0), (2, 0, 1), (1, 2, 1))
]


@pytest.fixture(
    scope="module",
    params=[(0, ()), (32, ()), (0, (1,)), (32, (0,))],
    ids=["bert", "mpnet", "bert-glancing", "mpnet-glancing"],
)
def folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    torch.manual_seed(2)
    buckets, glance = request.param
    network = StanceNetwork(Encoder(replace(tiny.SHAPE, buckets=buckets, glance=glance))).eval()
    place = tmp_path_factory.mktemp("models")
    folder = place / "tiny"
    export(network, tiny.write_tokenizer(place), folder, tiny.calibration(), {"name": "tiny"}, {})
    return folder


@pytest.fixture(params=["int8", "bfloat16"])
def network(folder: Path, request: pytest.FixtureRequest) -> PackedNetwork:
    if request.param == "bfloat16" and not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        pytest.skip("no bfloat16 products here")
    return PackedNetwork(read(folder), request.param)


def items(network: PackedNetwork) -> list[Window]:
    return windows([*PASSAGES, Passage(text=" ", targets=PASSAGES[0].targets)], network.words)


def parts(reading: Reading) -> list[np.ndarray]:
    return [np.asarray(getattr(reading, name)) for name in Reading.__slots__ if name not in ("window", "showings")]


def test_reads_what_the_network_reads(network: PackedNetwork, folder: Path) -> None:
    model = load(folder)
    asked = items(network)
    for item, found in zip(asked, network.read(asked), strict=True):
        with torch.inference_mode():
            output = model.network(collate([item], model.words.pad))
        count, text = len(item.targets), slice(1, 1 + len(item.tokens)) if item.tokens else slice(0, 1)
        assert found.tone == pytest.approx(output.tone[0].numpy(), abs=0.02)
        if not count:
            continue
        assert found.stance == pytest.approx(output.stance[0, :count].numpy(), abs=0.02)
        assert found.finder == pytest.approx(output.finder[0, :count, text].numpy(), abs=0.02)
        assert found.attention == pytest.approx(output.attention[0, :count, text].numpy(), abs=0.005)
        if item.voices:
            expected = output.voices[0, :count, : len(item.voices)].numpy()
            assert found.voices == pytest.approx(expected, abs=0.02)
        for showing, logits in zip(found.showings, found.shown, strict=True):
            assert output.shows[0, showing.column].max() > -0.05
            words = model.network.encode(collate([item], model.words.pad))[0, list(showing.places)].mean(0)
            with torch.inference_mode():
                expected = model.network.heard(output.target[0, showing.column], words)
            assert logits == pytest.approx(expected.numpy(), abs=0.02)
    assert any(found.showings for found in network.read(asked))


def test_the_same_to_the_bit_alone_and_among_others(network: PackedNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "ROWS", products.BFLOAT16_ROWS)
    asked = items(network)
    assert sum(len(item.ids) for item in asked) > products.ROWS
    together = network.read(asked)
    for item, among in zip(asked, together, strict=True):
        for one, other in zip(parts(network.read([item])[0]), parts(among), strict=True):
            assert one.tobytes() == other.tobytes()


def test_bfloat16_that_the_processor_has_not_is_a_wrong_config(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", lambda: False)
    with pytest.raises(ConfigError, match="AVX512"):
        PackedNetwork(read(folder), "bfloat16")


def test_a_processor_without_int8_sums_gets_the_same_bits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = PackedNetwork(read(folder), "int8")
    monkeypatch.setattr(products, "int8_instructions", lambda: False)
    slow = PackedNetwork(read(folder), "int8")
    asked = items(fast)
    for one, other in zip(fast.read(asked), slow.read(asked), strict=True):
        for left, right in zip(parts(one), parts(other), strict=True):
            assert left.tobytes() == right.tobytes()
