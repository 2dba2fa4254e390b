"""What `stance run` prints: counts, then who is for and against whom in each outlet, then where the tables lie."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd
from rich.text import Text

from stance.cli import terminal
from stance.estimate.languages import languages_in
from stance.pipeline.refs import RunSummary
from stance.store.query import Snapshot, consistent

QUOTED = 110
"""Characters of an evidence that are shown."""
FIRM = 0.3
"""|polarity| from which a paragraph is shown as standing for or against."""
MEANS = """
select s.target, case when grouping(s.outlet) = 1 then '' else s.outlet end as outlet, avg(s.polarity) as polarity
from scores s join articles a using (article_id)
where a.latest group by grouping sets ((s.target), (s.target, s.outlet))
"""
STRONGEST = """
with read as (
    select s.target, s.outlet, s.published, s.polarity, s.evidence_start, s.evidence_end, p.text,
           row_number() over (partition by s.target, s.polarity > 0 order by abs(s.polarity) desc, s.key) as place
    from scores s join articles a using (article_id) join paragraphs p using (paragraph_id)
    where a.latest and not s.unsure and abs(s.polarity) >= ?
)
select target, outlet, published, polarity, text[evidence_start + 1 : evidence_end] from read where place = 1
order by target, polarity
"""
COUNTED = ("inputs", "articles", "rejections", "paragraphs", "pairs", "scored", "reused")


def show(result: RunSummary, *, as_json: bool) -> None:
    """Print a run's summary."""
    if as_json:
        estimates = consistent(result.out, _whole_period)
        terminal.print_json(asdict(result) | {"estimates": estimates.to_dict("records")})
        return
    # All of one state: a run that goes on meanwhile may replace it.
    estimates, means, strongest = consistent(
        result.out, lambda state: (_whole_period(state), _means(state), state.rows(STRONGEST, [FIRM]))
    )
    for failure in result.failures:
        terminal.fail(f"{failure.step} of {failure.shard}: {failure.error}; the other shards are not affected")
    _counts(result)
    columns = ["target ", "outlet ", "polarity", "95 % interval", "against", "neutral", "favor", "shares "]
    terminal.print_table(
        "\nStance by target and outlet, all periods, own and reported voices together",
        [*columns, _counted(estimates)],
        _rows(estimates, means),
    )
    if unmeasured := languages_in(estimates["note"]):
        terminal.out.print(f"* with {', '.join(unmeasured)}: nobody has measured the error rate in it", style="bold")
    _show_strongest(strongest)
    terminal.out.print(
        f"\nTables: {result.out} (Parquet: scores, opinions, articles, estimates, ...), run {result.run}"
    )
    terminal.out.print(f"See them: stance dashboard {result.out}, or stance report {result.out} --to report.html")


def _whole_period(state: Snapshot) -> pd.DataFrame:
    """Return the estimates over all periods, overall voice: one row per target, outlet and measure."""
    frame = state.table("estimates").to_pandas()
    wanted = (frame["by"] == "all") & (frame["voice"] == "overall")
    columns = ["target", "outlet", "measure", "value", "low", "high", "units", "counting", "paragraphs", "note"]
    selected: pd.DataFrame = frame.loc[wanted, columns]
    return selected


def _counted(estimates: pd.DataFrame) -> str:
    """What the units are: `[estimate] counting` is the same for all rows."""
    return {"story": "stories", "outlet_story": "outlet stories"}.get(estimates["counting"].max(), "articles")


def _counts(result: RunSummary) -> None:
    if not result.changed:
        terminal.out.print("Nothing new: no paragraph scored, no file written.")
    parts = [f"{result.counts[name]:,} {name}" for name in COUNTED if name in result.counts]
    terminal.out.print(" · ".join(parts))
    if result.rejections:
        reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(result.rejections.items()))
        terminal.out.print(f"rejected: {reasons}")


def _means(state: Snapshot) -> dict[tuple[str, str], float]:
    """Plain mean polarity by target and outlet ('' for all), for cells too small for an estimate."""
    return {(target, outlet): mean for target, outlet, mean in state.rows(MEANS)}


def _show_strongest(rows: Sequence[tuple[Any, ...]]) -> None:
    """Print, for each target, the paragraphs that are most against and most in favor."""
    if rows:
        terminal.out.print("\nWhere it stands most plainly", style="bold")
    for target, outlet, published, polarity, evidence in rows:
        line = terminal.polarity_text(polarity).append(f"  {target}  ", style="none")
        words = " ".join(evidence.split())
        shown = words if len(words) <= QUOTED else f"{words[:QUOTED].rsplit(' ', 1)[0]} …"
        day = f"{published:%Y-%m-%d}" if published else "undated"
        terminal.out.print(line.append(f"“{shown}” ({outlet}, {day})"))


def _rows(estimates: pd.DataFrame, means: dict[tuple[str, str], float]) -> Iterable[list[str | Text]]:
    for (target, outlet), cell in estimates.groupby(["target", "outlet"], sort=True):
        by_measure = cell.set_index("measure")
        numbers = _numbers(by_measure, means[str(target), str(outlet)])
        mark = " *" if languages_in(cell["note"]) else ""
        yield [str(target), f"{str(outlet) or 'all outlets'}{mark}", *numbers]


def _numbers(cell: pd.DataFrame, mean: float) -> list[str | Text]:
    polarity: Any = cell.loc["polarity"]
    if pd.isna(polarity["value"]):
        few = Text("too few for an interval", style="dim")
        return [terminal.polarity_text(mean), "", "", "", "", few, f"{polarity['units']}"]
    values: Any = cell["value"]
    shares = {name: float(values[name]) for name in ("against", "neutral", "favor")}
    return [
        terminal.polarity_text(polarity["value"]),
        f"{polarity['low']:+.2f} to {polarity['high']:+.2f}",
        *(f"{share:.0%}" for share in shares.values()),
        terminal.bar(shares),
        f"{polarity['units']}",
    ]
