"""Loading sequence classifiers of others, and what their labels mean: all we know of foreign checkpoints stands here.

Safetensors only, code from a hub never, and nothing is downloaded unless the config allows it.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from stance.errors import ConfigError
from stance.ids import content_id, sha256_bytes
from stance.scorers.config import CheckpointConfig

NLI_LABELS = {
    "entailment": "entailment", "entail": "entailment", "entailed": "entailment",
    "neutral": "neutral",
    "contradiction": "contradiction", "contradict": "contradiction", "contradicted": "contradiction",
    "not_entailment": "contradiction", "not entailment": "contradiction",
}  # fmt: skip
"""Names that entailment checkpoints give their labels; two-way models have no neutral."""

STANCE_LABELS = {
    "against": "against", "negative": "against", "neg": "against", "con": "against", "oppose": "against",
    "neutral": "neutral", "none": "neutral", "neu": "neutral", "mixed": "neutral",
    "favor": "favor", "favour": "favor", "positive": "favor", "pos": "favor", "pro": "favor", "support": "favor",
}  # fmt: skip
"""Names that (text, target) classifiers give their labels."""


class Checkpoint:
    """A sequence classifier with its tokenizer, ready to answer pairs of texts."""

    def __init__(self, config: CheckpointConfig, names: Mapping[str, str]) -> None:
        model = config.model
        source: dict[str, Any] = {"local_files_only": not config.allow_download, "trust_remote_code": False}
        if config.revision:
            source["revision"] = config.revision
        try:
            self.tokenizer = AutoTokenizer.from_pretrained(model, **source)
            self.network = AutoModelForSequenceClassification.from_pretrained(model, use_safetensors=True, **source)
        except (OSError, ValueError) as error:
            raise ConfigError(
                f"cannot load checkpoint {model!r}: {error}. Expected a folder or hub id with safetensors weights; "
                "set allow_download = true to fetch it once from the hub"
            ) from error
        self.device = torch.device(config.device)
        self.network.eval().to(self.device)
        self.batch_tokens = config.batch_tokens
        self.labels = _label_order(model, self.network.config.id2label, names)
        self.limit = min(int(self.tokenizer.model_max_length), int(self.network.config.max_position_embeddings) - 2)
        self.identity = content_id(
            {"model": _content(model, config.revision), "labels": self.labels, "limit": self.limit}
        )

    def room(self, seconds: Sequence[str]) -> int:
        """Tokens left for the first text of a pair, beside the longest second text and the special tokens."""
        longest = max(len(self.tokenizer(each, add_special_tokens=False)["input_ids"]) for each in seconds)
        return int(max(16, self.limit - longest - self.tokenizer.num_special_tokens_to_add(pair=True)))

    @torch.inference_mode()
    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """Classify pairs of texts.

        Returns:
            Shape (pairs, labels), rows summing to 1, columns in the order of `labels`.
        """
        answers = np.zeros((len(pairs), len(self.labels)))
        for rows in self._batches(pairs):
            encoded = self.tokenizer(
                [pairs[row][0] for row in rows],
                [pairs[row][1] for row in rows],
                padding=True,
                truncation="only_first",
                max_length=self.limit,
                return_tensors="pt",
            ).to(self.device)
            answers[rows] = torch.softmax(self.network(**encoded).logits.double(), dim=-1).cpu().numpy()
        return answers

    def _batches(self, pairs: Sequence[tuple[str, str]]) -> list[list[int]]:
        """Group pairs of like length: a padded batch has at most `batch_tokens` tokens, at four characters each."""
        order = sorted(range(len(pairs)), key=lambda row: len(pairs[row][0]) + len(pairs[row][1]))
        batches: list[list[int]] = []
        for row in order:
            width = min(self.limit, (len(pairs[row][0]) + len(pairs[row][1])) // 4 + 8)
            if batches and (len(batches[-1]) + 1) * width <= self.batch_tokens:
                batches[-1].append(row)
            else:
                batches.append([row])
        return batches


def _label_order(model: str, id2label: Mapping[int, str], names: Mapping[str, str]) -> list[str]:
    found = [names.get(str(id2label[number]).strip().lower(), "") for number in sorted(id2label)]
    if "" in found or len(set(found)) != len(found):
        raise ConfigError(
            f"checkpoint {model!r} has labels {list(id2label.values())}; expected names that mean one each of "
            f"{sorted(set(names.values()))}. Give the meaning of each under `labels` in the config"
        )
    return found


def _content(model: str, revision: str) -> object:
    """What pins a checkpoint: the hash of local weights, or id and revision of a hub's."""
    folder = Path(model)
    if folder.is_dir():
        return sorted((file.name, sha256_bytes(file.read_bytes())) for file in folder.glob("*.safetensors"))
    return [model, revision]
