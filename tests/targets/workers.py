"""A small catalogue with descriptions, for tests."""

import json
from collections.abc import Mapping
from pathlib import Path

from stance.targets import MentionFinder, load
from tests.targets.catalogues import write

CATALOGUE = """
version: 1
lists:
  trade: [welder, chef]
  march: [march*]
descriptions:
  nouns: [trade]
  context: [march]
  weights: weights.json
  at_least: {workers: 0.6}
targets:
  - id: workers
    name: workers
    description: Those who march
    kind: movement
    aliases: {roles: [striking welder]}
    only_near:
      - near: [march]
        roles: [stokers]
    exclude: [night welders]
"""
WEIGHTS: Mapping[str, object] = {
    "version": 1,
    "words": [],
    "targets": ["workers"],
    "bias": [-2.0],
    "features": {"trade&n march": [4.0]},
}


def finder(folder: Path, catalogue: str = CATALOGUE, weights: Mapping[str, object] = WEIGHTS) -> MentionFinder:
    """Return the finder of a catalogue written to a folder with its weights."""
    (folder / "weights.json").write_text(json.dumps(weights), encoding="utf-8")
    return MentionFinder(load([write(folder, catalogue)]))
