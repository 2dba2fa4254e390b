"""How fast the board is on a large output, and how much memory it takes.

Makes an output of invented scores (10,000,000 rows by default, 24 months, 20 outlets, 3 targets, 1,250,000 articles), then
opens the board on it in a fresh process, without a browser, and prints how long the board's own tables took to prepare
(once for each state of an output, before the server answers), then how long the first view, views after a changed filter,
and the other views took on the server, and the peak memory of the process.

    python benchmarks/dashboard.py                       # all of it, in a temporary folder (about 1.5 GB)
    python benchmarks/dashboard.py --rows 100000         # a quick look
    python benchmarks/dashboard.py --out /data/big       # keeps the output and uses it again
"""

# ruff: noqa: E501 (SQL stays in lines as long as it needs)
import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import pyarrow as pa

from stance.dashboard import prepared, server
from stance.dashboard.board import Board
from stance.dashboard.filters import VOICES, Filters
from stance.dashboard.queries import trends
from stance.store import open_folder, parquet
from stance.store.manifest import Manifest, Settings, TableFile, switch
from stance.store.query import Snapshot
from stance.store.schemas import TABLES, schema

PER_ARTICLE = 8
"""Score rows per article, on 4 of its paragraphs."""
MONTHS = 24
OUTLETS = 20
SCORER = "benchmark"

ARTICLES = """
SELECT md5('a' || i)[:20] AS article_id, 'Outlet ' || (hash(i) % {outlets}) AS outlet, 'https://o.example/' || i AS url,
       'Headline number ' || i AS title, 'A. Writer' AS author,
       TIMESTAMPTZ '2023-01-01 00:00:00+00' + to_seconds((hash(i, 1) % (730 * 86400))::BIGINT) AS published,
       CASE WHEN hash(i, 2) % 10 = 0 THEN 'ru' ELSE 'en' END AS language, hash(i, 2) % 10 != 0 AS language_validated,
       '' AS credit, md5('a' || CASE WHEN i % 5 = 0 THEN i // 50 * 50 ELSE i END)[:20] AS story_id, i % 5 != 0 AS story_first,
       true AS latest, 1::INTEGER AS generation, 4::INTEGER AS paragraphs, '' AS body, 'b.jsonl#' || i AS source, '' AS source_sha256,
       i
FROM range({articles}) t(i)
"""
PAIRS = """
SELECT a.*, k, md5('p' || i || '-' || (k // 2))[:20] AS paragraph_id,
       ['government', 'protesters', 'russia'][(1 + (hash(i, k // 2) % 3 + k % 2) % 3)::BIGINT] AS target,
       sin(i % {outlets} + hash(i, k, 3) % 1000 / 500.0) AS lean
FROM articles a, range({per}) r(k)
"""
SCORES = """
SELECT paragraph_id, article_id, outlet, published, language, language_validated, latest, target,
       {triples},
       CASE WHEN lean < -0.3 THEN 'against' WHEN lean < 0.3 THEN 'neutral' ELSE 'favor' END AS label,
       (0.8 * lean)::FLOAT AS polarity, (0.4 + 0.5 * abs(lean))::FLOAT AS confidence, abs(lean) < 0.05 AS unsure,
       0::INTEGER AS evidence_start, 20::INTEGER AS evidence_end,
       [{{'start': 4, 'end': 14, 'text': 'government', 'coref': false}}] AS mentions, k % 3 = 0 AS reported_speech,
       md5('k' || i || k)[:20] AS key, '{scorer}' AS scorer
FROM pairs
"""
TRIPLE = """((1 - lean) * 0.4)::FLOAT AS {head}_against, 0.2::FLOAT AS {head}_neutral, ((1 + lean) * 0.4)::FLOAT AS {head}_favor"""
PARAGRAPHS = """
SELECT DISTINCT ON (paragraph_id) paragraph_id, article_id, outlet, published, (k // 2)::INTEGER AS "index", 'paragraph' AS kind,
       0::INTEGER AS start, 120::INTEGER AS "end",
       'The ' || target || ' said in statement ' || i || ' of part ' || k || ' that nothing had been decided. ' ||
       repeat('Observers doubted it. ', 1 + (k % 3)) AS text
FROM pairs
"""
OPINIONS = """
SELECT paragraph_id, article_id, outlet, published, target, 'h' || (hash(i, k, 5) % 500) AS holder,
       'Speaker ' || (hash(i, k, 5) % 500) AS holder_name, 'person' AS holder_kind, '' AS holder_target, true AS direct, false AS distance,
       ((1 - lean) * 0.4)::FLOAT AS against, 0.2::FLOAT AS neutral, ((1 + lean) * 0.4)::FLOAT AS favor, 'neutral' AS label,
       (0.8 * lean)::FLOAT AS polarity, 0.5::FLOAT AS share, [{{'start': 0, 'end': 10}}] AS spans, 0::INTEGER AS evidence_start,
       10::INTEGER AS evidence_end, '{scorer}' AS scorer
FROM pairs WHERE k % 3 = 0
"""


def make(out: Path, rows: int) -> None:
    """Write the output: tables month by month, a manifest, estimates worked out by the board's own questions."""
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    sizes = {"articles": rows // PER_ARTICLE, "outlets": OUTLETS, "per": PER_ARTICLE, "scorer": SCORER}
    con.execute("CREATE TABLE articles AS " + ARTICLES.format(**sizes))
    triples = ", ".join(TRIPLE.format(head=head) for head in ("overall", "author", "reported"))
    queries = {
        "scores": SCORES,
        "paragraphs": PARAGRAPHS,
        "opinions": OPINIONS,
        "articles": "SELECT * EXCLUDE (i) FROM articles",
    }
    files: dict[str, list[TableFile]] = {table: [] for table in TABLES}
    for month in [f"{2023 + at // 12}-{at % 12 + 1:02}" for at in range(MONTHS)]:
        con.execute(
            f"CREATE OR REPLACE TEMP VIEW month AS SELECT * FROM articles WHERE strftime(published, '%Y-%m') = '{month}'"
        )
        con.execute(
            "CREATE OR REPLACE TEMP TABLE pairs AS " + PAIRS.format(**sizes).replace("FROM articles a", "FROM month a")
        )
        for table, query in queries.items():
            text = query.format(**sizes, triples=triples).replace("FROM articles", "FROM month")
            files[table].append(write(con, out, table, month, text))
    files["rejections"], files["inputs"] = [], []
    finish(out, files, 1)
    files["estimates"] = [estimates(out)]
    finish(out, files, 2)


def write(con: duckdb.DuckDBPyConnection, out: Path, table: str, month: str, query: str) -> TableFile:
    path = f"{table}/month={month}/0.parquet"
    (out / path).parent.mkdir(parents=True, exist_ok=True)
    con.execute(f"COPY ({query}) TO '{out / path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 16384)")
    count = con.execute(f"SELECT count(*) FROM read_parquet('{out / path}')").fetchone()[0]
    return TableFile(path=path, month=month, bucket=0, buckets=1, rows=count, bytes=(out / path).stat().st_size)


def estimates(out: Path) -> TableFile:
    board = Board(str(out))
    frames = []
    for voice in VOICES:
        for cells in (("target", "period"), ("target", "outlet", "period"), ("target",), ("target", "outlet")):
            found = board.ask(trends.computed, Filters(voice=voice), cells)
            by = "week" if "period" in cells else "all"
            frames.append(found.assign(voice=voice, by=by, counting="article", labels=0).reset_index(drop=True))
    blank = {"string": "", "double": None, "int64": 0, "bool": False, "date32[day]": None}
    made = [
        {column.name: blank[str(column.type)] for column in TABLES["estimates"]}
        | {key: None if value != value else value for key, value in row.items()}
        for frame in frames
        for row in frame.to_dict("records")
    ]
    for row in made:
        row["period"] = row["period"].date() if row["period"] is not None else None
    data = parquet.to_bytes(pa.Table.from_pylist(made, schema=schema("estimates")))
    (out / "estimates").mkdir(exist_ok=True)
    (out / "estimates" / "0.parquet").write_bytes(data)
    return TableFile(path="estimates/0.parquet", month="", bucket=0, buckets=1, rows=len(made), bytes=len(data))


def finish(out: Path, files: dict[str, list[TableFile]], generation: int) -> None:
    folder = open_folder(str(out))
    record = {
        "run": "benchmark",
        "generation": generation,
        "started": "2025-01-01T00:00:00+00:00",
        "host": "benchmark",
        "version": "0",
        "seconds": 0.0,
    }
    folder.write("runs/benchmark.json", json.dumps(record).encode())
    settings = Settings(version="0", catalogue="c", scorer=SCORER, sentiment="all", estimate="e")
    tables = {table: tuple(found) for table, found in files.items()}
    assert switch(folder, Manifest(generation=generation, settings=settings, runs=("benchmark",), tables=tables))


def measure(out: Path) -> None:
    """Open the board in this fresh process and print a table."""
    os.environ[server.OUT] = str(out)
    from streamlit.testing.v1 import AppTest

    snapshot = Snapshot.open(str(out))
    if not prepared.path(snapshot).exists():
        start = time.perf_counter()
        prepared.make_apart(str(out))
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        seconds = time.perf_counter() - start
        print(f"prepared once for this state in {seconds:.1f} s, peak memory {peak:,.0f} MB, in a process of its own")
    page = AppTest.from_file(str(Path(server.__file__).with_name("app.py")), default_timeout=600)
    print(f"{'':34} {'seconds':>8} {'of processor':>13}")
    timed(page, "first view")
    changes = {
        "filter: target": ("target", "russia"), "filter: voice": ("voice", "author"), "filter: language": ("lang", ["en"]),
        "filter: three outlets": ("outlet", ["Outlet 1", "Outlet 2", "Outlet 3"]), "filter: counting stories": ("count", "story"),
        "filter: month": ("by", "month"),
    }  # fmt: skip
    for name, (key, value) in changes.items():
        page.session_state[key] = value
        timed(page, name)
    for view in ("Voices", "Read", "Compare", "Quality"):
        page.session_state["view"] = view
        timed(page, f"view: {view}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def timed(page: object, name: str) -> None:
    start, work = time.perf_counter(), time.process_time()
    page.run()
    assert not page.exception, page.exception
    print(f"{name:34} {time.perf_counter() - start:8.2f} {time.process_time() - work:13.2f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.measure:
        measure(chosen.out)
        return
    with tempfile.TemporaryDirectory() as temporary:
        out = chosen.out or Path(temporary)
        if not (out / "manifests").exists():
            start = time.perf_counter()
            make(out, chosen.rows)
            print(f"made {chosen.rows:,} score rows in {time.perf_counter() - start:,.0f} s", flush=True)
        subprocess.run([sys.executable, __file__, "--measure", "--out", str(out)], check=True)


if __name__ == "__main__":
    main()
