"""The table of promises in `docs/runs.md` names tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = [
    line
    for line in (ROOT / "docs/runs.md").read_text("utf-8").split("## Promises")[1].split("\n## ")[0].splitlines()
    if line.startswith("| ") and not line.startswith("| promise")
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip()[:40])
def test_promise_is_held_by_tests_that_exist(row: str) -> None:
    holder = row.split("|")[2]
    names = re.findall(r"`([^`]+)`", holder)
    files = [name for name in names if name.endswith(".py")]
    places = [name if "/" in name else f"tests/{folder}/{name}" for name in files for folder in ("pipeline", "flows")]
    found = {ROOT / place for place in places if (ROOT / place).is_file()}
    assert {path.name for path in found} == {Path(name).name for name in files}
    assert files or "#growth" in holder
    tests = [test for path in found for test in re.findall(r"def (test_\w+)", path.read_text("utf-8"))]
    wanted = [name for name in names if re.fullmatch(r"[a-z_]+", name) and name not in ("small", "base")]
    assert [name for name in wanted if not any(name in test for test in tests)] == []
