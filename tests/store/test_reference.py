"""The reference of tables is the one that the schemas give, and every column is explained."""

from pathlib import Path

from stance.store.reference import ABOUT, markdown
from stance.store.schemas import TABLES

PAGE = Path(__file__).parents[2] / "docs" / "tables.md"


def test_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == markdown(), "run: python -m stance.store.reference > docs/tables.md"


def test_every_table_is_explained() -> None:
    assert ABOUT.keys() == TABLES.keys()
    assert all(column.meaning for columns in TABLES.values() for column in columns)
