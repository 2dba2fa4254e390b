"""What a run leaves in Prefect's interface: a table of estimates, rejections by reason, a summary in words."""

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from stance.config import RunConfig
from stance.pipeline.refs import RunSummary
from stance.store.query import Snapshot

ROWS = 200
"""Rows a table artifact holds at most: it is kept as JSON in Prefect's database."""


def publish(config: RunConfig, summary: RunSummary) -> None:
    """Write the artifacts of one run; their keys are the same each time, so Prefect keeps their history."""
    create_table_artifact(key="stance-estimates", table=_estimates(config), description="Stance by target and outlet")
    create_table_artifact(
        key="stance-alerts", table=_alerts(config), description="Weeks in which stance moved more than chance allows"
    )
    create_table_artifact(
        key="stance-rejections",
        table=[{"reason": reason, "inputs": count} for reason, count in sorted(summary.rejections.items())],
        description="Inputs of this run that did not become an article",
    )
    create_markdown_artifact(key="stance-summary", markdown=_words(summary))


def _estimates(config: RunConfig) -> list[dict[str, object]]:
    frame = Snapshot.open(config.out).table("estimates").to_pandas()
    wanted = (frame["by"] == "all") & (frame["voice"] == "overall") & (frame["measure"] == "polarity")
    columns = ["target", "outlet", "value", "low", "high", "units", "note"]
    rows = frame.loc[wanted, columns].round(3).head(ROWS)
    return [{key: None if value != value else value for key, value in row.items()} for row in rows.to_dict("records")]


def _alerts(config: RunConfig) -> list[dict[str, object]]:
    frame = Snapshot.open(config.out).table("alerts").to_pandas().sort_values("period", ascending=False)
    columns = ["period", "weeks", "target", "outlet", "voice", "before", "after", "change", "low", "high", "note"]
    rows = frame[columns].round(3).head(ROWS).astype({"period": str})
    return [dict(row) for row in rows.to_dict("records")]


def _words(summary: RunSummary) -> str:
    lines = [f"# Run `{summary.run}`", "", f"Tables: `{summary.out}`", ""]
    lines += [f"- {name}: {count:,}" for name, count in summary.counts.items()]
    lines += ["", *(f"- **failed** {failure.step} `{failure.shard}`: {failure.error}" for failure in summary.failures)]
    return "\n".join(lines)
