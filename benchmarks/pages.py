"""Put what a benchmark measured into a page of the docs, between `<!-- name -->` and `<!-- /name -->`."""

import re
from pathlib import Path

NUMBERS = Path(__file__).resolve().parents[1] / "docs/numbers.md"


def put(page: Path, name: str, text: str) -> None:
    """Replace what stands between the two marks."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    old = page.read_text("utf-8")
    new, count = re.subn(
        f"{re.escape(start)}.*?{re.escape(end)}", lambda _: f"{start}\n{text}\n{end}", old, flags=re.DOTALL
    )
    if count != 1:
        raise SystemExit(f"{page}: expected one {start} ... {end}")
    page.write_text(new, "utf-8")
