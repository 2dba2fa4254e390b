"""The page that documents every table, made from the schemas: `python -m stance.store.reference > docs/tables.md`.

What belongs here: turning schemas into text. What does not: any fact about a column that is not in `schemas`.
"""

import sys
from collections.abc import Iterator

from stance.store.schemas import PARTITIONED, SCHEMA_VERSION, TABLES, Column

ABOUT = {
    "articles": "One row for each version of an article.",
    "paragraphs": "One row for each paragraph of an article, and for each heading, caption and other furniture.",
    "sketches": "What finding copies of an article needs of it, without reading its text again.",
    "sentiments": "One row for each paragraph: its tone, whatever it is about. Sentiment is not stance.",
    "scores": "One row for each paragraph and target it mentions: absent is not neutral. Enough for a first chart.",
    "opinions": "One row for each paragraph, target and voice that holds a stance on it.",
    "estimates": "Shares and mean polarity with intervals; made anew by every run.",
    "rejections": "One row for each thing in an input that did not become an article.",
    "inputs": "One row for each file or address that was read: articles in = articles out + rejections.",
    "alerts": "Changes of stance larger than chance allows.",
}
HEAD = f"""\
# Tables

Made by `python -m stance.store.reference`; schema version {SCHEMA_VERSION}, which every file carries in its metadata.

All tables are Parquet (zstd). Partitioned ones lie in a folder for each month of publication, `month=YYYY-MM` or
`month=undated`, which pandas and DuckDB show as a column `month`. `pandas.read_parquet("OUT/scores")` and
`duckdb.sql("FROM read_parquet('OUT/scores/*/*.parquet')")` read them between runs; `stance.store.query.Snapshot` reads
them at any time, also while a run goes on. `runs` is a folder with one JSON record per run, and a view in
`Snapshot.connect()`.

Probabilities are rounded to 4 decimals, so that three of them sum to 1 within 0.0002. Offsets are in characters,
half-open: `[start, end)`.
"""


def markdown() -> str:
    """Return the page."""
    return HEAD + "".join(f"\n## {table}\n\n{''.join(_table(table, columns))}" for table, columns in TABLES.items())


def _table(name: str, columns: tuple[Column, ...]) -> Iterator[str]:
    yield f"{ABOUT.get(name, '')} {'Partitioned by month.' if name in PARTITIONED else 'One file.'}".strip() + "\n\n"
    yield "| column | type | meaning | null |\n|---|---|---|---|\n"
    for column in columns:
        kind = str(column.type).replace("|", "\\|")
        yield f"| `{column.name}` | {kind} | {column.meaning} | {column.null} |\n"


if __name__ == "__main__":
    sys.stdout.write(markdown())
