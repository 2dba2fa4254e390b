"""Small catalogues for tests."""

from pathlib import Path
from textwrap import dedent

from stance.records import Mention
from stance.targets import Catalog, MentionFinder, load

HEAD = """
version: 1
targets:
  - id: government
    name: government
    description: The authorities
    kind: authority
"""


def write(folder: Path, text: str, name: str = "test.yaml") -> Path:
    """Write a catalogue and return its path."""
    path = folder / name
    path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return path


def one_target(folder: Path, rest: str) -> Catalog:
    """Load a catalogue of one target from its aliases, conditions and exclusions, given as YAML."""
    body = "".join(f"    {line}\n" if line else "\n" for line in dedent(rest).strip("\n").split("\n"))
    path = folder / "one.yaml"
    path.write_text(HEAD.lstrip("\n") + body, encoding="utf-8")
    return load([path])


def texts(finder: MentionFinder, text: str) -> list[str]:
    """Return what is found in a text, checking the offsets on the way."""
    return [checked(text, mention) for mention in finder.find(text)]


def checked(text: str, mention: Mention) -> str:
    """Return a mention's text, which must be what stands at its offsets."""
    assert text[mention.start : mention.end] == mention.text
    return mention.text
