"""From the schema of an older version to this one's, one step per version.

What belongs here: what a column that did not exist then says of old rows. What does not: which files to rewrite;
`stance compact`, or the next run that changes anything, does that.
"""

from collections.abc import Callable

import pyarrow as pa

from stance.ids import content_id
from stance.store.schemas import SCHEMA_VERSION, TABLES, schema


def upgrade(name: str, table: pa.Table, version: int) -> pa.Table:
    """Return rows of a table in this version's schema.

    Args:
        name: the table.
        table: its rows, in the schema of `version`.
        version: an earlier `SCHEMA_VERSION`.
    """
    for step in range(version, SCHEMA_VERSION):
        table = _STEPS[step](name, table)
    return table.select(schema(name).names).cast(schema(name))


def _second(name: str, table: pa.Table) -> pa.Table:
    """Version 2 keeps versions apart by run, voices beside scores, and rejections with their input."""
    types = {column.name: column.type for column in TABLES[name]}
    for (owner, column), value in _SECOND.items():
        if owner == name and column not in table.column_names:
            values = table[value] if isinstance(value, str) else pa.array([value] * table.num_rows, types[column])
            table = table.append_column(column, values)
    if name == "scores":
        # The voices' triples are not known, so no key may match: the next run scores these rows again.
        keys = pa.array([content_id(["schema 1", key]) for key in table["key"].to_pylist()], pa.string())
        table = table.set_column(table.schema.get_field_index("key"), "key", keys)
    return table


_SECOND: dict[tuple[str, str], object] = {
    ("articles", "generation"): 1,
    ("scores", "voices"): [],
    ("scores", "latest"): True,
    ("rejections", "input"): "source",
}
"""By table and new column: the value of old rows, or the name of the column it is copied from."""


def _third(name: str, table: pa.Table) -> pa.Table:
    """Version 3 says what was sought in a paragraph: nothing yet."""
    if name == "sentiments":
        table = table.append_column("sought", pa.array([""] * table.num_rows, pa.string()))
    return table


def _fourth(name: str, table: pa.Table) -> pa.Table:
    """Version 4 says who shows a stance, which no scorer of that time could tell."""
    if name == "scores":
        shown = schema("scores").field("shown").type
        table = table.append_column("shown", pa.nulls(table.num_rows, shown))
    return table


_STEPS: dict[int, Callable[[str, pa.Table], pa.Table]] = {1: _second, 2: _third, 3: _fourth}
