"""Rows of tables, JSON objects and front matter: which key holds what.

What belongs here: the column map applied to one row. What does not: reading tables (`tables`, `jsonl`).
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypedDict, cast

from stance.ingest.options import Columns

Value = Any
"""What a cell holds: JSON, or a value of a table."""


class Fields(TypedDict, total=False):
    """Fields of a draft that a row may fill."""

    url: str
    title: str
    author: str
    published: str
    outlet: str
    language: str
    credit: str


INNER = ("name", "title", "rendered", "url", "value", "$date", "$numberLong", "#text")
"""Keys of the value itself where an export wraps it in an object, best first."""
MAX_PARTS = 200
"""Most authors, or parts of any other listed value, that are read."""


def known_names(columns: Columns) -> frozenset[str]:
    """Return all names that the column map knows, in lower case."""
    return frozenset(name.lower() for names in columns.model_dump().values() for name in names)


def fields_of(row: Mapping[str, Any], columns: Columns) -> Fields:
    """Return the fields of a draft that a row fills, by name; what is missing or empty is left out."""
    found = {name: flat(lookup(row, getattr(columns, name))) for name in Fields.__annotations__}
    return cast(Fields, {name: value for name, value in found.items() if value})


def lookup(row: Mapping[str, Any], names: Iterable[str]) -> Value:
    """Return the first filled value among the names, None if there is none; dots reach into nested objects."""
    lowered = {str(key).lower(): value for key, value in row.items()}
    for name in names:
        value = _reach(lowered, name.lower())
        if value is not None and value not in ("", [], {}):
            return value
    return None


def flat(value: Value) -> str:
    """Return a value as one string: lists joined by commas, objects by the value they wrap, deeper nesting left out."""
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(_scalar, value[:MAX_PARTS])))
    return _scalar(value)


def _reach(row: Mapping[str, Any], name: str) -> Value:
    if name in row or "." not in name:
        return row.get(name)
    head, rest = name.split(".", 1)
    inner = row.get(head)
    return _reach({str(k).lower(): v for k, v in inner.items()}, rest) if isinstance(inner, Mapping) else None


def unwrapped(row: Mapping[str, Any], columns: Columns) -> Mapping[str, Any]:
    """Return a row with the fields of the one object in it that holds the text, as in the dumps of databases."""
    texts = (*columns.text, *columns.html, *columns.file)
    if lookup(row, texts) is not None:
        return row
    inner = [value for value in row.values() if isinstance(value, Mapping) and lookup(value, texts) is not None]
    return {**row, **inner[0]} if len(inner) == 1 else row


def _inner(value: Value) -> Value:
    if not isinstance(value, Mapping):
        return value
    return next((value[key] for key in INNER if key in value), "")


def _scalar(value: Value) -> str:
    if isinstance(value, Mapping):
        value = _inner(_inner(value))
    if isinstance(value, bool) or not isinstance(value, str | int | float | date | datetime):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value.isoformat() if isinstance(value, date) else str(value).strip()
