"""What lies in the output: articles, days, outlets, targets; and single articles as points.

An article that does not mention a target is absent from that target's numbers; here it is counted, so that charts can
say so.
"""

from datetime import date
from typing import NamedTuple

import pandas as pd

from stance.dashboard.board import Tables
from stance.dashboard.derived import mean, size_and_doubt
from stance.dashboard.filters import Filters
from stance.dashboard.queries import records

MOST_POINTS = 600
"""Articles shown one by one; more would be a cloud, and the trend tells more."""
MOST_SILENT = 50
"""Articles listed that never mention a target; the count of all is told."""


def choices(tables: Tables) -> dict[str, list[str]]:
    """Return outlets, languages and targets, most articles first, and languages without a measured error rate."""
    tables.need("units")
    named = {
        "outlets": "SELECT outlet::VARCHAR FROM arrivals GROUP BY 1 ORDER BY sum(articles) DESC, 1",
        "languages": "SELECT language::VARCHAR FROM arrivals GROUP BY 1 ORDER BY sum(articles) DESC, 1",
        "targets": "SELECT target::VARCHAR FROM cube GROUP BY target ORDER BY sum(overall_size) DESC, 1",
        "unvalidated": "SELECT language::VARCHAR FROM arrivals WHERE NOT language_validated GROUP BY 1 ORDER BY 1",
    }
    return {name: tables.sql(query).iloc[:, 0].tolist() for name, query in named.items()}


class Facts(NamedTuple):
    """How much there is in a choice."""

    articles: int
    outlets: int
    stories: int
    undated: int
    first: date | None
    last: date | None
    """None if no article is dated."""


def facts(tables: Tables, filters: Filters) -> Facts:
    """Return how much there is in a choice."""
    tables.need("press")
    condition, values = filters.where()
    row = records(
        tables.sql(
            f"""
            SELECT coalesce(sum(articles), 0)::BIGINT AS articles, count(DISTINCT outlet) AS outlets,
                   coalesce(sum(single), 0)::BIGINT
                   + (SELECT count(DISTINCT story) FROM press WHERE NOT alone AND {condition}) AS stories,
                   coalesce(sum(articles) FILTER (day IS NULL), 0)::BIGINT AS undated,
                   min(day) AS first, max(day) AS last
            FROM arrivals WHERE {condition}
            """,  # noqa: S608 - `Filters.where` yields placeholders
            [*values, *values],
        )
    )[0]
    ends = {name: None if pd.isna(row[name]) else row[name].date() for name in ("first", "last")}
    return Facts(**(row | ends))


def unmeasured(tables: Tables, filters: Filters) -> pd.DataFrame:
    """Return the outlets and languages in a choice without a measured error rate: columns outlet, language."""
    tables.need("press")
    condition, values = filters.where()
    return tables.sql(
        f"""
        SELECT DISTINCT outlet::VARCHAR AS outlet, language::VARCHAR AS language FROM arrivals
        WHERE NOT language_validated AND {condition} ORDER BY ALL
        """,  # noqa: S608 - `Filters.where` yields placeholders
        values,
    )


def silent(tables: Tables, filters: Filters, target: str) -> pd.DataFrame:
    """Return the newest `MOST_SILENT` articles of a choice that never mention a target.

    Returns:
        columns article_id, outlet, author, title, url, day (missing for undated articles), and `found`: how many there
        are in all.
    """
    tables.need("units")
    condition, values = filters.where()
    return tables.sql(
        f"""
        WITH quiet AS (
            SELECT article, count(*) OVER () AS found FROM press
            WHERE {condition} AND article NOT IN (SELECT article FROM units WHERE target = ?)
            ORDER BY day DESC NULLS LAST, article LIMIT {MOST_SILENT}
        )
        SELECT a.article_id, a.outlet, a.author, a.title, a.url, (a.published AT TIME ZONE 'UTC')::DATE AS day, found
        FROM quiet JOIN articles a ON hash(a.article_id) = quiet.article WHERE a.latest
        ORDER BY day DESC NULLS LAST, a.article_id
        """,  # noqa: S608 - a constant; `Filters.where` yields placeholders
        [*values, target],
    )


def mentioned(tables: Tables, filters: Filters) -> pd.DataFrame:
    """Return, per target and period, the articles that mention the target and those that do not.

    Returns:
        columns target, period, mention (True or False), articles.
    """
    tables.need("units")
    condition, values = filters.where()
    period = f"date_trunc('{filters.by}', day)::DATE"
    return tables.sql(
        f"""
        WITH every AS (SELECT {period} AS period, sum(articles)::BIGINT AS articles FROM arrivals
                       WHERE {condition} AND day IS NOT NULL GROUP BY 1),
             naming AS (SELECT target, {period} AS period, sum(overall_n)::BIGINT AS articles FROM cube
                        WHERE {condition} AND day IS NOT NULL GROUP BY 1, 2),
             grid AS (SELECT target::VARCHAR AS target, period, every.articles AS every,
                             coalesce(naming.articles, 0) AS naming
                      FROM every CROSS JOIN (SELECT DISTINCT target FROM cube) LEFT JOIN naming USING (target, period))
        SELECT target, period, true AS mention, naming AS articles FROM grid
        UNION ALL SELECT target, period, false, every - naming FROM grid
        ORDER BY ALL
        """,  # noqa: S608
        [*values, *values],
    )


def points(tables: Tables, filters: Filters, target: str) -> pd.DataFrame:
    """Return the choice's articles that mention a target, one row each; none if they are more than `MOST_POINTS`.

    Returns:
        columns article_id, outlet, title, day, polarity (mean of the article's paragraphs in the chosen voice),
        paragraphs, unsure (share).
    """
    tables.need("units")
    condition, values = filters.where()
    voice, (size, unsure) = filters.voice, size_and_doubt(filters.voice)
    chosen = f"WHERE target = ? AND {condition} AND day IS NOT NULL"
    many = f"SELECT sum({voice}_n) > {MOST_POINTS} AS many FROM cube {chosen}"  # noqa: S608 - `Filters.where` yields placeholders
    if tables.sql(many, [target, *values])["many"].any():
        chosen += " AND false"
    return tables.sql(
        f"""
        WITH chosen AS (
            SELECT article, outlet::VARCHAR AS outlet, day, {size} AS paragraphs, {unsure} / {size} AS unsure,
                   {mean(voice, "favor")} - {mean(voice, "against")} AS polarity FROM units {chosen} AND {size} > 0
        )
        SELECT a.article_id, chosen.outlet, a.title, chosen.day, chosen.polarity, chosen.paragraphs, chosen.unsure
        FROM chosen JOIN (SELECT article_id, title FROM articles) a ON hash(a.article_id) = chosen.article
        ORDER BY chosen.day, a.article_id
        """,  # noqa: S608
        [target, *values],
    )
