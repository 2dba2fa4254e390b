"""From a number to the paragraphs behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

import pandas as pd

from stance.dashboard.board import Tables
from stance.dashboard.derived import NAME
from stance.dashboard.filters import Filters

MOST_HITS = 200
"""Paragraphs listed; the count of all is told."""

Order = Literal["against", "favor", "neutral", "unsure", "newest"]
_ORDERS: dict[Order, str] = {
    "against": "s.unsure, s.{voice}_against DESC",
    "favor": "s.unsure, s.{voice}_favor DESC",
    "neutral": "s.unsure, s.{voice}_neutral DESC",
    "unsure": "s.unsure DESC, s.confidence",
    "newest": "s.published DESC",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which paragraphs: those of the filters on one target, narrowed to what was clicked."""

    filters: Filters
    target: str
    article: str = ""
    """Article id, or '' for all."""
    holder: str = ""
    """Name of a voice as `voices.holders` returns it, or '' for all."""
    order: Order = "against"


def after_turn(turn: Mapping[str, Any], filters: Filters) -> Selection:
    """Select the paragraphs after an outlet's turn (a row of `changes.turns`), those that show it best first."""
    late = replace(filters, outlets=(turn["outlet"],), since=turn["middle"].date())
    return Selection(filters=late, target=turn["target"], order="against" if turn["change"] < 0 else "favor")


def ranked(tables: Tables, selection: Selection, most: int = MOST_HITS) -> pd.DataFrame:
    """Return the first paragraphs of a selection in its order, without their texts.

    Args:
        tables: a board's tables.
        selection: which paragraphs.
        most: how many.

    Returns:
        the columns of `scores` that a reader needs, `month` (of its files), and `found`: how many there are in all.
        `day` is a date, missing for undated articles.
    """
    found, least = _count_and_least(tables, selection, most)
    return _first(tables, selection, most, least).assign(found=found)


def _first(tables: Tables, selection: Selection, most: int, least: float | None) -> pd.DataFrame:
    """Return the first paragraphs; with `least`, only sure ones of at least that probability are looked at."""
    where, values = _conditions(selection)
    if least is not None:
        where += f" AND NOT s.unsure AND s.{selection.filters.voice}_{selection.order} >= ?"
        values.append(least)
    order = _ORDERS[selection.order].format(voice=selection.filters.voice)
    return tables.sql(
        f"""
        SELECT paragraph_id, article_id, outlet, published::DATE AS day, month::VARCHAR AS month, language,
               language_validated, target, label, polarity, confidence, unsure, evidence_start, evidence_end, mentions,
               reported_speech, scorer, overall_against, overall_neutral, overall_favor, author_against, author_neutral,
               author_favor, reported_against, reported_neutral, reported_favor
        FROM scores s WHERE {where} ORDER BY {order}, s.paragraph_id LIMIT {int(most)}
        """,  # noqa: S608 - constants of this module; values are placeholders
        values,
    )


def _count_and_least(tables: Tables, selection: Selection, most: int) -> tuple[int, float | None]:
    """Return how many paragraphs a selection has, and a probability under which none of the first `most` can be.

    Told from the articles' own numbers, without reading all scores: if `most` articles have a sure paragraph of at
    least that probability, no paragraph below it is among the first. None where this cannot be told.
    """
    if selection.article or selection.holder:
        where, values = _conditions(selection)
        return int(tables.sql(f"SELECT count(*) AS n FROM scores s WHERE {where}", values)["n"].iloc[0]), None  # noqa: S608
    tables.need("units")
    condition, values = selection.filters.where()
    voice, values = selection.filters.voice, [selection.target, *values]
    chosen = f"WHERE target = ? AND {condition}"
    count = tables.sql(f"SELECT coalesce(sum({voice}_size), 0)::BIGINT AS n FROM cube {chosen}", values)["n"].iloc[0]  # noqa: S608
    if selection.order not in ("against", "favor"):
        return int(count), None
    best = f"{voice}_most_{selection.order}"
    least = tables.sql(
        f"SELECT {best} AS p FROM units {chosen} AND {best} >= 0 ORDER BY 1 DESC LIMIT 1 OFFSET {int(most) - 1}",  # noqa: S608
        values,
    )["p"]
    return int(count), float(least.iloc[0]) if len(least) else None


def hits(tables: Tables, selection: Selection, most: int = MOST_HITS) -> pd.DataFrame:
    """Return the first paragraphs of a selection as `ranked` does, with `text`, `index`, `title`, `url`, `author`."""
    rows = ranked(tables, selection, most)
    return with_texts(rows, texts(tables, places(rows)))


def places(rows: pd.DataFrame) -> tuple[tuple[str, str, str], ...]:
    """Return where the texts of `ranked` paragraphs are, as `texts` asks for them."""
    return tuple(rows[["paragraph_id", "article_id", "month"]].itertuples(index=False, name=None))


def with_texts(rows: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Put `texts` beside `ranked` paragraphs, in their order."""
    return rows.merge(found, on="paragraph_id")


def texts(tables: Tables, places: tuple[tuple[str, str, str], ...]) -> pd.DataFrame:
    """Return paragraphs' texts and their articles' headlines.

    Args:
        tables: a board's tables.
        places: paragraph id, article id and month of each; only the files of these months are opened.

    Returns:
        columns paragraph_id, text, index, title, url, author.
    """
    paragraphs, found, months = (
        (sorted(set(column)) for column in zip(*places, strict=True)) if places else ([], [], [])
    )
    marks = [", ".join("?" * len(column)) or "NULL" for column in (paragraphs, found, months)]
    return tables.sql(
        f"""
        SELECT p.paragraph_id, p.text, p.index, a.title, a.url, a.author
        FROM (SELECT * FROM paragraphs WHERE month IN ({marks[2]}) AND paragraph_id IN ({marks[0]})) p
        JOIN (SELECT * FROM articles WHERE month IN ({marks[2]}) AND article_id IN ({marks[1]})) a USING (article_id)
        """,  # noqa: S608 - placeholders
        [*months, *paragraphs, *months, *found],
    )


def telling(tables: Tables, selection: Selection) -> pd.DataFrame:
    """Return the first of a selection's hits against or in favour, found without reading all scores.

    Args:
        tables: a board's tables.
        selection: not narrowed to an article or a voice; its order `against` or `favor`.

    Returns:
        columns as of `hits`, but `found`; one row, or none.
    """
    tables.need("units")
    condition, values = selection.filters.where()
    most = f"{selection.filters.voice}_most_{selection.order}"
    best = tables.sql(
        f"SELECT day, {most} AS p FROM cube WHERE target = ? AND {condition} AND {most} >= 0 ORDER BY p DESC LIMIT 1",  # noqa: S608
        [selection.target, *values],
    )
    if best["day"].isna().all():
        return hits(tables, selection, 1)
    day = best["day"].iloc[0].date()
    on_it = replace(selection, filters=replace(selection.filters, since=day, until=day))
    rows = _first(tables, on_it, 1, float(best["p"].iloc[0]))
    return with_texts(rows, texts(tables, places(rows)))


def _conditions(selection: Selection) -> tuple[str, list[Any]]:
    """Return the SQL condition that a selection puts on `scores s`, and its parameters."""
    filters = selection.filters
    condition, values = replace(filters, since=None, until=None).where("s.")
    terms = [condition, "s.target = ?", "s.latest"]
    values.append(selection.target)
    if filters.since:  # the month is a file's name: the others are not opened
        terms += ["s.published >= ?::TIMESTAMPTZ", "s.month >= ?"]
        values += [filters.since, f"{filters.since:%Y-%m}"]
    if filters.until:
        terms += ["s.published < ?::TIMESTAMPTZ", "s.month <= ?"]
        values += [filters.until + timedelta(days=1), f"{filters.until:%Y-%m}"]
    if filters.voice == "reported":
        terms.append("s.reported_speech")
    if selection.article:
        terms.append("s.article_id = ?")
        values.append(selection.article)
    if selection.holder:
        named = f"SELECT paragraph_id FROM opinions WHERE target = ? AND holder != 'author' AND {NAME} = ?"  # noqa: S608
        terms.append(f"s.paragraph_id IN ({named})")
        values.extend([selection.target, selection.holder])
    return " AND ".join(terms), values


def opinions(tables: Tables, paragraph: str, target: str, month: str) -> pd.DataFrame:
    """Return who holds which stance toward a target in one paragraph of a month, the weightiest first."""
    return tables.sql(
        """
        SELECT holder, holder_name, holder_kind, holder_target, direct, distance, against, neutral, favor, label,
               polarity, share, spans, evidence_start, evidence_end
        FROM opinions WHERE month = ? AND paragraph_id = ? AND target = ? ORDER BY share DESC, holder_name
        """,
        [month, paragraph, target],
    )


def around(tables: Tables, article: str, index: int, month: str) -> pd.DataFrame:
    """Return the paragraphs just before and after one of an article of a month, as columns index and text."""
    return tables.sql(
        """SELECT "index", text FROM paragraphs
        WHERE month = ? AND article_id = ? AND "index" IN (?, ?) ORDER BY 1""",
        [month, article, index - 1, index + 1],
    )
