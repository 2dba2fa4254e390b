"""Checkpoints small enough to make in a test, saved and loaded through the real library code."""

from pathlib import Path

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
READS = """the minister praised strikers warmly did not praise this text is critical of supportive author criticizes
supports someone quoted in speaker mood negative positive cabinet mob government protesters russia whole target brave
wonderful vile murderous deserve our love contempt . , a"""
WORDS = sorted(set(READS.split()))


def tokenizer(limit: int) -> PreTrainedTokenizerFast:
    words = dict.fromkeys([*SPECIAL, *WORDS, *map(chr, range(97, 123))])
    vocabulary = {word: number for number, word in enumerate(words)}
    pieces = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    pieces.normalizer = normalizers.BertNormalizer()
    pieces.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    pieces.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=pieces,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        model_max_length=limit,
    )


def save(folder: Path, labels: list[str], *, teach: list[tuple[str, str, int]] | None = None, limit: int = 62) -> str:
    """Save a random two-layer BERT with these label names, after teaching it the pairs given (first, second, label)."""
    torch.manual_seed(7)
    reader = tokenizer(limit)
    network = BertForSequenceClassification(
        BertConfig(
            vocab_size=len(reader),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=limit + 2,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            initializer_range=0.15,
            id2label=dict(enumerate(labels)),
            label2id={label: number for number, label in enumerate(labels)},
        )
    )
    if teach:
        _teach(network, reader, teach)
    network.save_pretrained(folder, safe_serialization=True)
    reader.save_pretrained(folder)
    return str(folder)


def _teach(
    network: BertForSequenceClassification, reader: PreTrainedTokenizerFast, rows: list[tuple[str, str, int]]
) -> None:
    batch = reader([row[0] for row in rows], [row[1] for row in rows], padding=True, return_tensors="pt")
    wanted = torch.tensor([row[2] for row in rows])
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3)
    for _ in range(100):
        loss = network(**batch, labels=wanted).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
