"""Made-up news in any amount, for the benchmarks of runs: the samples' paragraphs, varied and dealt out anew."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "data" / "samples" / "northern_herald"
OUTLETS = 20
DAYS = 730
PER_ARTICLE = 10
PER_FILE = 5_000
"""Articles in each file of JSON lines."""


def write(folder: Path, paragraphs: int, seed: int = 1) -> None:
    """Write about this many paragraphs in articles of `PER_ARTICLE`, no two alike, over two years and 20 outlets."""
    articles = _articles(paragraphs // PER_ARTICLE, random.Random(seed))
    for number in range(0, paragraphs // PER_ARTICLE, PER_FILE):
        with (folder / f"news-{number // PER_FILE:05d}.jsonl").open("w", encoding="utf-8") as file:
            for _, article in zip(range(PER_FILE), articles, strict=False):
                file.write(json.dumps(article) + "\n")


def _articles(count: int, chance: random.Random) -> Iterator[dict[str, str]]:
    pool = [part for path in sorted(SAMPLES.glob("*.txt")) for part in _paragraphs(path)]
    words = sorted({word for part in pool for word in part.split() if word.isalpha() and word.islower()})
    for number in range(count):
        day = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=number * DAYS // count)
        yield {
            "outlet": f"Outlet {chance.randrange(OUTLETS):02d}",
            "url": f"https://news.example/{number}",
            "title": f"{' '.join(chance.sample(words, 5)).capitalize()} ({number})",
            "published": day.isoformat(),
            "language": "en",
            "text": "\n\n".join(_varied(chance.choice(pool), words, chance) for _ in range(PER_ARTICLE)),
        }


def _paragraphs(path: Path) -> list[str]:
    return [" ".join(part.split()) for part in path.read_text("utf-8").split("\n\n")[1:]]


def _varied(text: str, words: list[str], chance: random.Random) -> str:
    """Replace a tenth of the words, so that neither paragraphs nor articles repeat."""
    parts = text.split()
    for place in chance.sample(range(len(parts)), max(2, len(parts) // 10)):
        if parts[place].isalpha() and parts[place].islower():
            parts[place] = chance.choice(words)
    return " ".join(parts)
