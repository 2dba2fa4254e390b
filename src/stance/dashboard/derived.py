"""Tables that the board derives from an output's, and that every number on it is a sum over.

`press` has a row per article, and `arrivals` counts them by day, outlet, language and run. `units` has a row per
article and target it mentions, and `cube` sums them likewise. `names` and `spoken` hold the reported voices. Articles
that share their story with no other are `alone`; the others come first in `press` and `units`, to be found at once.

What belongs here: their SQL. What does not: where they are kept (`prepared`), and questions (`queries`).
"""

import duckdb

VOICES = ("overall", "author", "reported")
NAMELESS = "(no name given)"
NAME = f"coalesce(nullif(regexp_replace(lower(holder_name), '^the ', ''), ''), '{NAMELESS}')"
"""SQL for the name under which a voice is counted: as it stands in the text, without case and article."""

_PRESS = """
CREATE TABLE press AS
WITH known AS (
    SELECT hash(article_id) AS article, hash(story_id) AS story, outlet::outlet_name AS outlet,
           language::language_code AS language, language_validated, (published AT TIME ZONE 'UTC')::DATE AS day,
           generation, count(*) OVER (PARTITION BY story_id) = 1 AS alone
    FROM articles WHERE latest
), tied AS (
    SELECT article, count(*) OVER (PARTITION BY story, outlet) = 1 AS alone_outlet,
           count(*) OVER (PARTITION BY story, day) = 1 AS alone_day,
           count(*) OVER (PARTITION BY story, date_trunc('week', day)) = 1 AS alone_week,
           count(*) OVER (PARTITION BY story, date_trunc('month', day)) = 1 AS alone_month
    FROM known WHERE NOT alone
)
SELECT known.*, tied.* EXCLUDE (article) FROM known LEFT JOIN tied USING (article) ORDER BY alone, outlet, day
"""
"""`alone_outlet` says that no other article of its story is in the same outlet, and so on; NULL in those `alone`."""
_ARRIVALS = """
CREATE TABLE arrivals AS
SELECT outlet, language, language_validated, day, generation, count(*) AS articles, count(*) FILTER (alone) AS single
FROM press GROUP BY ALL
"""

_RAW = """
CREATE TABLE raw (
    article UBIGINT, target target_id, n USMALLINT, unsure USMALLINT, reported_n USMALLINT, reported_unsure USMALLINT,
    confidence FLOAT, said_against USMALLINT, said_favor USMALLINT,
    overall_against FLOAT, overall_favor FLOAT, author_against FLOAT, author_favor FLOAT, reported_against FLOAT,
    reported_favor FLOAT, overall_most_against FLOAT, overall_most_favor FLOAT, author_most_against FLOAT,
    author_most_favor FLOAT, reported_most_against FLOAT, reported_most_favor FLOAT
)
"""
_MONTH = """
INSERT INTO raw
SELECT hash(article_id), target::target_id, count(*), count(*) FILTER (unsure), count(*) FILTER (reported_speech),
       count(*) FILTER (reported_speech AND unsure),
       sum(confidence), count(*) FILTER (label = 'against'), count(*) FILTER (label = 'favor'),
       sum(overall_against), sum(overall_favor), sum(author_against), sum(author_favor),
       coalesce(sum(reported_against) FILTER (reported_speech), 0),
       coalesce(sum(reported_favor) FILTER (reported_speech), 0),
       coalesce(max(overall_against) FILTER (NOT unsure), -1), coalesce(max(overall_favor) FILTER (NOT unsure), -1),
       coalesce(max(author_against) FILTER (NOT unsure), -1), coalesce(max(author_favor) FILTER (NOT unsure), -1),
       coalesce(max(reported_against) FILTER (reported_speech AND NOT unsure), -1),
       coalesce(max(reported_favor) FILTER (reported_speech AND NOT unsure), -1)
FROM scores WHERE month = ? GROUP BY article_id, target
"""
"""A month at a time, so that memory stays bounded; all rows of an article lie in its month."""

_UNITS = """
CREATE TABLE units AS
SELECT p.story, p.outlet, p.language, p.day, p.generation, p.alone, p.alone_outlet, p.alone_day, p.alone_week,
       p.alone_month, raw.*
FROM press p JOIN raw USING (article) ORDER BY p.alone, raw.target, p.outlet, p.day
"""

_SUMS = """
       count(*) FILTER ({size} > 0) AS {voice}_n, coalesce(sum({size}), 0)::BIGINT AS {voice}_size,
       coalesce(sum({doubt}), 0)::BIGINT AS {voice}_doubt, coalesce(sum({a}), 0) AS {voice}_a,
       coalesce(sum({f}), 0) AS {voice}_f, coalesce(sum({a} * {a}), 0) AS {voice}_aa,
       coalesce(sum({f} * {f}), 0) AS {voice}_ff, coalesce(sum({a} * {f}), 0) AS {voice}_af,
       max({voice}_most_against) AS {voice}_most_against, max({voice}_most_favor) AS {voice}_most_favor"""
"""Of the articles' mean probabilities a (against) and f (in favour): their number, sums, squares and product; and the
highest probability of a paragraph that is not unsure, -1 if there is none."""


def size_and_doubt(voice: str) -> tuple[str, str]:
    """Return the columns of `units` with the paragraphs under a voice, and those of them that are unsure."""
    return ("reported_n", "reported_unsure") if voice == "reported" else ("n", "unsure")


def mean(voice: str, side: str) -> str:
    """Return SQL for an article's mean probability of a side ('against' or 'favor') in a voice."""
    return f"({voice}_{side}::DOUBLE / nullif({size_and_doubt(voice)[0]}, 0))"


def _sums(voice: str) -> str:
    size, doubt = size_and_doubt(voice)
    return _SUMS.format(voice=voice, size=size, doubt=doubt, a=mean(voice, "against"), f=mean(voice, "favor"))


_CUBE = f"""
CREATE TABLE cube AS
SELECT alone, target, outlet, language, day, generation, {",".join(map(_sums, VOICES))}
FROM units GROUP BY alone, target, outlet, language, day, generation ORDER BY alone, target, outlet, day
"""  # noqa: S608 - constants
"""Sums over articles are sums over all of it. Variances between stories can be told from its rows that are `alone`; for
the others, `units` tells which articles belong together."""

_NAMES = f"""
CREATE TABLE names AS
SELECT row_number() OVER (ORDER BY holder)::INTEGER AS id, * FROM (
    SELECT {NAME} AS holder, mode(holder_name) AS shown, mode(holder_kind) AS kind,
           coalesce(mode(nullif(holder_target, '')), '') AS side
    FROM opinions WHERE holder != 'author' GROUP BY 1)
"""  # noqa: S608 - constants
_SPOKEN = f"""
CREATE TABLE spoken AS
SELECT names.id, said.target::target_id AS target, p.outlet, p.language, p.day, p.generation,
       said.label = 'against' AS against, said.label = 'neutral' AS neutral, said.label = 'favor' AS favor,
       said.polarity::FLOAT AS polarity, said.place = 1 AS first
FROM (SELECT hash(article_id) AS article, {NAME} AS holder, target, label, polarity,
             row_number() OVER (PARTITION BY paragraph_id, target, {NAME}) AS place
      FROM opinions WHERE holder != 'author') said
JOIN press p USING (article) JOIN names USING (holder)
"""  # noqa: S608 - constants
"""A row per paragraph, target and reported voice; `first` where several voices of a paragraph bear one name."""


def press(con: duckdb.DuckDBPyConnection) -> None:
    """Make `press` and `arrivals` from the view `articles`."""
    con.execute("CREATE TYPE outlet_name AS ENUM (SELECT DISTINCT outlet FROM articles UNION SELECT '')")
    con.execute("CREATE TYPE language_code AS ENUM (SELECT DISTINCT language FROM articles UNION SELECT '')")
    con.execute(_PRESS)
    con.execute(_ARRIVALS)


def units(con: duckdb.DuckDBPyConnection) -> None:
    """Make `units` and `cube` from the view `scores` and from `press`."""
    con.execute("CREATE TYPE target_id AS ENUM (SELECT DISTINCT target FROM scores UNION SELECT '')")
    con.execute(_RAW)
    columns = {name for name, *_ in con.execute("DESCRIBE scores").fetchall()}
    if "month" in columns:
        months = [month for (month,) in con.execute("SELECT DISTINCT month FROM scores ORDER BY 1").fetchall()]
        for month in months:
            con.execute(_MONTH, [month])
    con.execute(_UNITS)
    con.execute("DROP TABLE raw")
    con.execute(_CUBE)


def spoken(con: duckdb.DuckDBPyConnection) -> None:
    """Make `names` and `spoken` from the view `opinions` and from `press`; `units` must be there."""
    con.execute(_NAMES)
    con.execute(_SPOKEN)


MAKE = {"press": press, "units": units, "spoken": spoken}
RESTS_ON: dict[str, tuple[str, ...]] = {"press": (), "units": ("press",), "spoken": ("units",)}
BRINGS = {"press": ("press", "arrivals"), "units": ("units", "cube"), "spoken": ("names", "spoken")}
"""Tables that each of them brings."""
