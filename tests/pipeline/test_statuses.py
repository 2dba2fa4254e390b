"""What `stance status` knows: runs, rejections, feeds, and what the next run would do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stance import pipeline
from stance.config import RunConfig
from stance.errors import StoreError
from stance.pipeline.health import feed_health
from stance.scorers.config import LexiconConfig
from tests.pipeline.corpus import everything, make_config, row, write_catalogue, write_rows

DAY = datetime(2025, 1, 1, tzinfo=UTC)


def test_status_of_nothing_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="stance run INPUT --out"):
        pipeline.status(str(tmp_path))


def test_status_changes_nothing_and_foresees_nothing_to_do(done: RunConfig) -> None:
    before = everything()
    status = pipeline.status("out")
    assert everything() == before
    assert status.totals["articles"] == 24
    assert [line.kind for line in status.runs] == ["run"]
    assert status.next is not None
    assert (status.next.inputs, status.next.stored, status.next.questions, status.next.seconds) == (0, 0, 0, 0.0)


def test_status_foresees_what_the_next_run_does(done: RunConfig) -> None:
    write_rows(Path("in/late.jsonl"), [row(60, month=2), row(61)])
    write_catalogue(Path("targets.yaml"), police=True)
    foreseen = pipeline.status("out", done).next
    assert foreseen is not None
    counts = pipeline.run(done).counts
    assert (foreseen.inputs, foreseen.stored) == (counts["inputs"], 24)
    assert foreseen.paragraphs is not None
    assert foreseen.seconds is not None
    assert foreseen.paragraphs == pytest.approx(counts["paragraphs"], abs=1)
    assert foreseen.questions + counts["paragraphs"] == counts["passages"]


def test_status_foresees_that_another_scorer_is_asked_about_everything(done: RunConfig) -> None:
    config = make_config(scorer=LexiconConfig())
    foreseen = pipeline.status("out", config).next
    assert foreseen is not None
    assert (foreseen.inputs, foreseen.stored, foreseen.questions) == (0, 24, 72)
    assert foreseen.seconds is not None
    assert foreseen.seconds > 0
    assert pipeline.run(config).counts["passages"] == 72


def test_rejections_are_counted_by_reason_and_outlet(done: RunConfig) -> None:
    write_rows(Path("in/late.jsonl"), [row(60, outlet="Kompas", text="Too short."), row(1, month=2)])
    pipeline.run(done)
    status = pipeline.status("out")
    assert status.rejections == {"too_short": 1, "duplicate": 1}
    assert status.rejections_by_outlet == {"Kompas": {"too_short": 1}, "The Ledger": {"duplicate": 1}}


def test_status_without_usable_config_still_answers(done: RunConfig) -> None:
    Path("targets.yaml").unlink()
    assert pipeline.status("out").next is None


def test_remote_sources_are_not_asked(done: RunConfig) -> None:
    config = make_config(inputs=("in", "http://127.0.0.1:9/feed.xml"), source=({"url": "http://127.0.0.1:9/two.xml"},))
    foreseen = pipeline.status("out", config).next
    assert foreseen is not None
    assert foreseen.inputs == 0


def articles(outlet: str, days: range, paragraphs: int = 8) -> list[dict[str, object]]:
    return [{"outlet": outlet, "published": DAY + timedelta(days=day), "paragraphs": paragraphs} for day in days]


def alarms(rows: list[dict[str, object]]) -> dict[str, str]:
    return {one.outlet: one.alarm for one in feed_health(rows)}


def test_outlet_that_stops_is_silent() -> None:
    rows = articles("A", range(60)) + articles("B", range(50)) + articles("weekly", range(0, 50, 7))
    assert alarms(rows) == {"A": "", "B": "silent", "weekly": ""}


def test_outlet_whose_articles_shrink_is_told() -> None:
    rows = articles("A", range(40)) + articles("A", range(40, 52), paragraphs=2) + articles("B", range(52))
    assert alarms(rows) == {"A": "shrunk", "B": ""}


def test_few_or_undated_articles_raise_no_alarm() -> None:
    rows = articles("A", range(100)) + articles("B", range(3))
    rows += [{"outlet": "C", "published": None, "paragraphs": 3}]
    assert alarms(rows) == {"A": "", "B": "", "C": ""}
    assert feed_health([]) == []
