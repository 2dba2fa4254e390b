"""Who speaks for and against whom."""

import pandas as pd

from stance.dashboard.board import Tables
from stance.dashboard.filters import Filters


def holders(tables: Tables, filters: Filters, most: int) -> pd.DataFrame:
    """Return the most quoted voices and their stance toward each target; the outlets' own voice is left out.

    Args:
        tables: a board's tables.
        filters: which rows; its voice and counting do not matter here.
        most: how many voices.

    Returns:
        columns holder (see `derived.NAME`), shown (commonest spelling), kind, side (target it belongs to, or ''),
        target, quotes (paragraphs), against, neutral, favor (paragraphs by likeliest stance), polarity (mean), outlets,
        every (quotes of the voice on all targets); most quoted first.
    """
    tables.need("spoken")
    condition, values = filters.where()
    return tables.sql(
        f"""
        WITH said AS (
            SELECT id, target, count(*) FILTER (first) AS quotes, count(*) FILTER (against) AS against,
                   count(*) FILTER (neutral) AS neutral, count(*) FILTER (favor) AS favor,
                   avg(polarity) AS polarity, count(DISTINCT outlet) AS outlets
            FROM spoken WHERE {condition} GROUP BY id, target
        ), ranked AS (
            SELECT id, sum(quotes) AS every, holder, shown, kind, side FROM said JOIN names USING (id)
            GROUP BY ALL ORDER BY every DESC, holder LIMIT {int(most)}
        )
        SELECT holder, shown, kind, side, target::VARCHAR AS target, quotes, against, neutral, favor, polarity, outlets,
               every::BIGINT AS every
        FROM said JOIN ranked USING (id) ORDER BY every DESC, holder, said.target::VARCHAR
        """,  # noqa: S608 - `Filters.where` yields placeholders
        values,
    )
