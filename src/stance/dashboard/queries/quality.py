"""How far the numbers can be trusted: doubt, absence, what was rejected, how outlets arrive, which runs made this."""

import json

import pandas as pd

from stance.dashboard.board import Tables
from stance.dashboard.filters import Filters
from stance.dashboard.queries import records
from stance.errors import ConfigError
from stance.estimate.confusion import ASSUMED, Confusion, of_scorer
from stance.pipeline.health import FeedHealth, feed_health

FEED_ARTICLES = 500
"""Newest articles of an outlet that tell how it arrives; bounded, so that a large archive opens as fast."""


def doubt(tables: Tables, filters: Filters) -> pd.DataFrame:
    """Return, per outlet and target, how much is absent, unsure and decided.

    Returns:
        columns outlet, target, articles, absent (share of articles that never mention the target), paragraphs (that
        do), unsure (share of these in which the model abstains).
    """
    tables.need("units")
    condition, values = filters.where()
    return tables.sql(
        f"""
        WITH every AS (SELECT outlet, sum(articles)::BIGINT AS articles FROM arrivals WHERE {condition} GROUP BY 1),
             naming AS (SELECT outlet, target, sum(overall_n) AS articles, sum(overall_size) AS paragraphs,
                               sum(overall_doubt) AS unsure FROM cube WHERE {condition} GROUP BY 1, 2)
        SELECT every.outlet::VARCHAR AS outlet, t.target::VARCHAR AS target, every.articles,
               1 - coalesce(naming.articles, 0) / every.articles AS absent,
               coalesce(naming.paragraphs, 0)::BIGINT AS paragraphs, naming.unsure / naming.paragraphs AS unsure
        FROM every CROSS JOIN (SELECT DISTINCT target FROM cube) t LEFT JOIN naming
          ON naming.outlet = every.outlet AND naming.target = t.target
        ORDER BY 1, 2
        """,  # noqa: S608 - `Filters.where` yields placeholders
        [*values, *values],
    )


def rejections(tables: Tables) -> pd.DataFrame:
    """Return inputs that did not become articles: columns stage, reason, outlet, inputs."""
    return tables.sql(
        "SELECT stage, reason, outlet, count(*) AS inputs FROM rejections GROUP BY ALL ORDER BY 4 DESC, 1, 2, 3"
    )


def rejected(tables: Tables, reason: str) -> pd.DataFrame:
    """Return the first 200 inputs rejected for a reason: columns source, line, outlet, detail."""
    return tables.sql(
        "SELECT source, line, outlet, detail FROM rejections WHERE reason = ? ORDER BY 1, 2 LIMIT 200", [reason]
    )


def feeds(tables: Tables) -> list[FeedHealth]:
    """Return how each outlet arrives, compared with its own past, told from its newest `FEED_ARTICLES` articles."""
    rows = tables.sql(
        f"""
        SELECT outlet, (published AT TIME ZONE 'UTC') AS published, paragraphs FROM articles WHERE latest
        QUALIFY row_number() OVER (PARTITION BY outlet ORDER BY published DESC) <= {FEED_ARTICLES}
        """  # noqa: S608 - a constant
    )
    return feed_health(records(rows.astype({"published": object}).where(rows["published"].notna(), None)))


def runs(tables: Tables) -> pd.DataFrame:
    """Return the runs that made this output, newest first; `record` is the full record as JSON."""
    return tables.sql("SELECT * FROM runs ORDER BY generation DESC")


def scorers(tables: Tables) -> list[str]:
    """Return the fingerprints of the scorers whose scores are there."""
    return tables.sql("SELECT DISTINCT scorer FROM scores ORDER BY 1")["scorer"].tolist()


def confusion(tables: Tables) -> Confusion | None:
    """Return the measured errors of the model that the newest run used; None where nobody has measured them."""
    for record in map(json.loads, runs(tables)["record"]):
        scorer = record.get("config", {}).get("scorer", {})
        if scorer:
            return _measured(scorer.get("model", "")) if scorer.get("kind") == "encoder" else None
    return None


def _measured(model: str) -> Confusion | None:
    try:
        found = of_scorer(model)
    except ConfigError:
        return None
    return None if found.rates is ASSUMED else found


def labels_folder(tables: Tables) -> str:
    """Return the folder of human labels that the newest run was told of, '' if it was told none."""
    for record in map(json.loads, runs(tables)["record"]):
        if "config" in record:
            return str(record["config"].get("labels", ""))
    return ""


def names(tables: Tables) -> dict[str, str]:
    """Return the targets' names by id, as the newest run that told them did; {} if none did."""
    for record in map(json.loads, runs(tables)["record"]):
        found: dict[str, str] = record.get("catalogue", {}).get("names", {})
        if found:
            return found
    return {}
