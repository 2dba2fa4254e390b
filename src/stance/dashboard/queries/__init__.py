"""Questions of the board and the report: pure functions from a board's tables and a choice to a small table.

What belongs here: SQL and what must be worked out on its result. What does not: Streamlit, charts, files.
"""

from typing import Any

import pandas as pd


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table's rows as mappings by column name."""
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]
