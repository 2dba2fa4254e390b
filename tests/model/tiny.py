"""A base encoder and a model small enough to make in a test."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import BertConfig, BertModel

from stance.model.calibrate import Calibration, Scale
from stance.model.layers import Encoder, EncoderShape
from stance.model.network import StanceNetwork
from stance.model.weights import export

torch.set_num_threads(1)  # several threads only wait for each other on matrices this small
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
LETTERS = [chr(number) for number in range(97, 123)]
WORDS = ["the", "cabinet", "mob", "government", "protesters", "russia", "praised", "blamed", "police", "said", "acted"]
VOCABULARY = [*SPECIAL, *WORDS, *LETTERS, *(f"##{letter}" for letter in LETTERS), *".,;:“”'’-—!?…0123456789"]
SHAPE = EncoderShape(
    hidden=32, layers=2, heads=2, feed_forward=64, vocabulary=len(VOCABULARY), positions=512, buckets=0, eps=1e-12
)


def write_tokenizer(folder: Path) -> Path:
    pieces = Tokenizer(models.WordPiece({word: number for number, word in enumerate(VOCABULARY)}, unk_token="[UNK]"))
    pieces.normalizer = normalizers.BertNormalizer()
    pieces.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    file = folder / "tokenizer.json"
    pieces.save(str(file))
    return file


def network(seed: int = 3) -> StanceNetwork:
    torch.manual_seed(seed)
    return StanceNetwork(Encoder(SHAPE)).eval()


def write_base(folder: Path) -> Path:
    """Write a published-looking BERT checkpoint."""
    torch.manual_seed(5)
    write_tokenizer(folder)
    config = BertConfig(
        vocab_size=len(VOCABULARY), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64
    )
    save_file(dict(BertModel(config).state_dict()), folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config.to_dict()))
    return folder


def calibration() -> Calibration:
    return Calibration({"overall": Scale(1.5, (0.1, 0.0, -0.1))}, threshold=0.4, finder=0.5, shown=0.5)


def write_model(folder: Path, fitted: Calibration | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = write_tokenizer(folder.parent)
    export(network(), tokenizer, folder, fitted or calibration(), {"name": "tiny"}, {})
    return folder
