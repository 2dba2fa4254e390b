"""The encoder gives what the published architectures give."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel

from stance.model.layers import Glances, Sight, load_published, relative_buckets
from tests.model import tiny

SIZES = {"vocab_size": 50, "hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 3, "intermediate_size": 40}


@pytest.mark.parametrize(
    ("published", "config"),
    [(BertModel, BertConfig(**SIZES)), (MPNetModel, MPNetConfig(**SIZES, max_position_embeddings=300))],
    ids=["bert", "mpnet"],
)
def test_equals_the_published_architecture(published: type, config: object, tmp_path: Path) -> None:
    torch.manual_seed(1)
    theirs = published(config).eval()
    save_file(dict(theirs.state_dict()), tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text(json.dumps(config.to_dict()))
    ours = load_published(tmp_path).eval()
    ids = torch.randint(5, 50, (2, 200))
    mask = torch.ones_like(ids).bool()
    mask[1, 90:] = False
    ids[1, 90:] = config.pad_token_id
    places = torch.arange(200).expand(2, -1)
    with torch.inference_mode():
        expected = theirs(input_ids=ids, attention_mask=mask.long()).last_hidden_state
        sight = Sight(places, mask[:, None].expand(-1, 200, -1))
        given = ours(ids, sight)
    assert torch.allclose(expected[mask], given[mask], atol=1e-5)


def test_frozen_layers_stand_still() -> None:
    net = tiny.network()
    net.encoder.freeze(1)
    ids = torch.randint(4, 20, (1, 6))
    sight = Sight(torch.arange(6)[None], torch.ones(1, 6, 6, dtype=torch.bool))
    hidden = net.encoder(ids, sight)
    hidden.sum().backward()
    assert net.encoder.words.weight.grad is None
    assert net.encoder.layers[0].up.weight.grad is None
    assert net.encoder.layers[1].up.weight.grad is not None


def test_names_read_at_a_glance_are_put_together_at_their_first_token() -> None:
    hidden = torch.arange(8.0).view(1, 4, 2)
    names = Glances(torch.tensor([[[0, 0.5, 0.5, 0], [0, 0, 0, 0]]]), torch.tensor([[[0, 1.0, 0, 0], [0, 0, 0, 0]]]))
    assert names.put_together(hidden).tolist() == [[[0, 1], [3, 4], [4, 5], [6, 7]]]
    assert names.rows.tolist() == [[False, True, False, False]]


def test_near_distances_have_their_own_bucket() -> None:
    buckets = relative_buckets(torch.tensor([0, 1, 7, 8, 127, 5000, -1, -7, -5000]), 32)
    assert buckets.tolist() == [0, 1, 7, 8, 15, 15, 17, 23, 31]
