# ruff: noqa: E501 (samples of mark-up are read more easily on one line)
"""Helpers shared by the tests of ingest."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from stance.ingest import ReadOptions, discover, read
from stance.records import Article, Rejection

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

SAMPLES = Path(__file__).parents[2] / "data/samples"
LEAD = (
    "The council of the harbour town voted on Tuesday to keep the ferry running through the winter, although the company "
    "had asked it to stop."
)
SECOND = "Nobody on the quay seemed surprised, and the crews went on selling tickets while the speeches were still being read."
PROSE = f"{LEAD}\n\n{SECOND}"

ReadBytes = Callable[..., list[Article | Rejection]]


@pytest.fixture
def read_bytes(tmp_path: Path) -> ReadBytes:
    """Write bytes to a file and read it: `read_bytes(data, name="x", **options)`."""

    def run(data: bytes | str, name: str = "input", **options: object) -> list[Article | Rejection]:
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return read_paths([path], **options)

    return run


def read_paths(paths: list[Path], **options: object) -> list[Article | Rejection]:
    """Read files or folders: articles and rejections, those of discovery included."""
    settings = ReadOptions(**options)
    found = discover([str(path) for path in paths], settings)
    return [*found.rejections, *(item for ref in found.refs for item in read(ref, settings))]


def article(items: list[Article | Rejection]) -> Article:
    """Return the only item, which must be an article."""
    (item,) = items
    assert isinstance(item, Article), item
    return item


def rejection(items: list[Article | Rejection]) -> Rejection:
    """Return the only item, which must be a rejection."""
    (item,) = items
    assert isinstance(item, Rejection), item
    return item
