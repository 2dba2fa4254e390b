"""Who speaks for and against whom."""

import pandas as pd

from stance.dashboard.board import Tables
from stance.dashboard.filters import Filters

NAMELESS = "(no name given)"
NAME = f"coalesce(nullif(regexp_replace(lower(holder_name), '^the ', ''), ''), '{NAMELESS}')"
"""SQL for the name under which a voice is counted: as it stands in the text, without case and article."""


def holders(tables: Tables, filters: Filters, most: int) -> pd.DataFrame:
    """Return the most quoted voices and their stance toward each target; the outlets' own voice is left out.

    Args:
        tables: a board's tables.
        filters: which rows; its voice and counting do not matter here.
        most: how many voices.

    Returns:
        columns holder (see `NAME`), shown (commonest spelling), kind, side (target it belongs to, or ''), target,
        quotes (paragraphs), against, neutral, favor (paragraphs by likeliest stance), polarity (mean), outlets, every
        (quotes of the voice on all targets); most quoted first.
    """
    condition, values = filters.where("a.")
    condition = condition.replace("a.day", "a.published::DATE")
    return tables.sql(
        f"""
        WITH spoken AS (
            SELECT holder_name, holder_kind, holder_target, target, paragraph_id, label, polarity, outlet
            FROM opinions JOIN (SELECT article_id FROM articles a WHERE latest AND {condition}) USING (article_id)
            WHERE holder != 'author'
        ), said AS (
            SELECT {NAME} AS holder, target, count(DISTINCT paragraph_id) AS quotes,
                   count(*) FILTER (label = 'against') AS against,
                   count(*) FILTER (label = 'neutral') AS neutral, count(*) FILTER (label = 'favor') AS favor,
                   avg(polarity) AS polarity, count(DISTINCT outlet) AS outlets
            FROM spoken GROUP BY ALL
        ), ranked AS (
            SELECT holder, sum(quotes) AS every FROM said GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {int(most)}
        ), known AS (
            SELECT holder, mode(holder_name) AS shown, mode(holder_kind) AS kind,
                   coalesce(mode(nullif(holder_target, '')), '') AS side
            FROM (SELECT {NAME} AS holder, * FROM spoken) SEMI JOIN ranked USING (holder) GROUP BY 1
        )
        SELECT holder, shown, kind, side, target, quotes, against, neutral, favor, polarity, outlets,
               ranked.every::BIGINT AS every
        FROM said JOIN ranked USING (holder) JOIN known USING (holder)
        ORDER BY every DESC, holder, target
        """,  # noqa: S608 - constants of this module; values are placeholders
        values,
    )
