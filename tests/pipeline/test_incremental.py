"""What a run does again, and what it does not."""

import os
import shutil
from pathlib import Path

import pyarrow.compute as pc
import pytest

from stance import pipeline
from stance.config import RunConfig
from stance.errors import ScorerError, StoreError
from stance.ingest import sources
from stance.records import Passage, PassageScore
from stance.scorers.config import LexiconConfig
from stance.scorers.dummy import DummyScorer
from stance.store.query import Snapshot
from tests.pipeline.corpus import (
    edited,
    everything,
    make_config,
    row,
    tables,
    write_catalogue,
    write_corpus,
    write_rows,
)


def read(table: str, *columns: str) -> list[tuple[object, ...]]:
    """Return rows of a table of the newest state."""
    found = Snapshot.open("out").table(table, columns)
    return list(zip(*(found[column].to_pylist() for column in columns), strict=True))


def test_new_input_is_scored_alone(done: RunConfig) -> None:
    write_rows(Path("in/late.jsonl"), [row(60, month=2), row(61, month=4)])
    before = tables()
    counts = pipeline.run(done).counts
    assert (counts["inputs"], counts["new"], counts["reused"]) == (1, 2, 0)
    assert counts["passages"] == 6
    kept = [path for path in before if "month=2025-01" in path or "month=2025-03" in path]
    assert all(tables()[path] == before[path] for path in kept)
    assert {name for name, _ in read("articles", "generation", "article_id")} == {1, 2}


def test_grown_file_is_read_again_and_only_its_new_articles_scored(done: RunConfig) -> None:
    path = Path("in/wire-0.jsonl")
    write_rows(path, [row(70), *(row(one, month=one % 3 + 1) for one in range(0, 24, 4))])
    counts = pipeline.run(done).counts
    assert (counts["new"], counts["known"], counts["duplicates"]) == (1, 6, 0)


def test_moved_file_brings_nothing_new_and_no_duplicates(done: RunConfig) -> None:
    Path("in/wire-0.jsonl").rename("in/renamed.jsonl")
    counts = pipeline.run(done).counts
    assert (counts["new"], counts["known"], counts["duplicates"]) == (0, 6, 0)


def test_same_article_from_another_input_is_a_duplicate(done: RunConfig) -> None:
    write_rows(Path("in/other.jsonl"), [row(3, month=1), row(80)])
    counts = pipeline.run(done).counts
    assert (counts["new"], counts["duplicates"]) == (1, 1)
    assert not pipeline.run(done).changed


def test_mended_input_loses_its_rejections(done: RunConfig) -> None:
    path = Path("in/broken.jsonl")
    path.write_text("{not json\n")
    assert pipeline.run(done).rejections
    write_rows(path, [row(90)])
    pipeline.run(done)
    assert read("rejections", "input") == []


def test_one_more_target_scores_only_where_it_is_mentioned(done: RunConfig, made: Path) -> None:
    write_catalogue(Path("targets.yaml"), police=True)
    counts = pipeline.run(done).counts
    with_police = sum("police" in text for (text,) in read("paragraphs", "text"))
    assert counts["scored"] == counts["passages"] == with_police == 12
    assert counts["reused"] == len(Snapshot.open(str(made / "out")).table("scores"))
    assert not pipeline.run(done).changed


def test_added_target_gives_the_tables_of_a_fresh_run(done: RunConfig, tmp_path: Path) -> None:
    write_catalogue(Path("targets.yaml"), police=True)
    pipeline.run(done)
    pipeline.run(make_config(out="anew"))
    assert tables("out") == tables("anew")


def test_removed_target_takes_its_rows_and_asks_nothing(done: RunConfig, made: Path) -> None:
    write_catalogue(Path("targets.yaml"), police=True)
    pipeline.run(done)
    write_catalogue(Path("targets.yaml"))
    counts = pipeline.run(done).counts
    assert counts["passages"] == 0
    assert tables() == tables(made / "out")


def test_new_scorer_scores_everything(done: RunConfig) -> None:
    counts = pipeline.run(make_config(scorer=LexiconConfig())).counts
    assert (counts["passages"], counts["reused"]) == (72, 0)
    assert len({scorer for (scorer,) in read("scores", "scorer")}) == 1


def test_edited_article_stands_beside_its_old_version(done: RunConfig) -> None:
    write_rows(Path("in/update.jsonl"), [edited(0)])
    counts = pipeline.run(done).counts
    assert (counts["new"], counts["edited"]) == (1, 1)
    versions = [one for one in read("articles", "url", "latest", "generation") if str(one[0]).endswith("/0")]
    assert sorted(versions) == [(row(0)["url"], False, 1), (row(0)["url"], True, 2)]
    scores = Snapshot.open("out").table("scores", ["article_id", "latest"])
    assert pc.sum(pc.invert(scores["latest"])).as_py() == 3
    with Snapshot.open("out").connect() as connection:
        wrong = "SELECT count(*) FROM scores s JOIN articles a USING (article_id) WHERE s.latest != a.latest"
        assert connection.execute(wrong).fetchall() == [(0,)]


def test_edited_file_without_an_address_is_known_by_its_place_title_and_date(done: RunConfig) -> None:
    for text, day in (("paid", 3), ("owed", 3), ("paid", 4)):
        article = row(70, url="", published=f"2025-01-0{day}")
        article["text"] = article["text"].replace("part 2.", f"part 2. The government {text} on Tuesday.")
        write_rows(Path("in/own.jsonl"), [article])
        pipeline.run(done)
    found = [one[1:] for one in read("articles", "source", "published", "latest", "generation") if "own" in str(one[0])]
    assert sorted((f"{day:%d}", latest, run) for day, latest, run in found) == [
        ("03", False, 2),
        ("03", True, 3),
        ("04", True, 4),
    ]


def test_file_whose_name_is_no_utf8_is_read_once(done: RunConfig) -> None:
    write_rows(Path("in", os.fsdecode(b"caf\xe9.jsonl")), [row(71)])
    assert pipeline.run(done).counts["new"] == 1
    assert not pipeline.run(done).changed


def test_input_that_cannot_be_read_any_more_is_rejected(done: RunConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    write_rows(Path("in/late.jsonl"), [row(72)])

    def refuse(path: str) -> str:
        if Path(path).name == "late.jsonl":
            raise PermissionError(13, "Permission denied", path)
        return honest(path)

    honest = sources.hash_file
    monkeypatch.setattr(sources, "hash_file", refuse)
    assert pipeline.run(done).rejections == {"unreadable": 1}


def test_wire_copy_that_comes_later_joins_the_story(done: RunConfig) -> None:
    copy = row(0, outlet="Kompas", url="https://kompas.example/1", title="As the wire has it", published="2025-01-03")
    write_rows(Path("in/copy.jsonl"), [copy])
    pipeline.run(done)
    stories = {
        outlet: (story, first)
        for outlet, url, story, first in read("articles", "outlet", "url", "story_id", "story_first")
        if str(url).endswith(("example/0", "kompas.example/1"))
    }
    assert stories["Kompas"] == (stories["The Ledger"][0], False)
    assert stories["The Ledger"][1] is True


def test_other_estimate_options_touch_estimates_only(done: RunConfig) -> None:
    before = tables()
    changed = done.model_copy(update={"estimate": done.estimate.model_copy(update={"by": ("outlet",)})})
    assert pipeline.run(changed).changed
    now = tables()
    assert {path.split("/")[0] for path in before.keys() ^ now.keys()} == {"estimates"}


def test_touched_but_equal_file_is_not_read(done: RunConfig) -> None:
    path = Path("in/wire-1.jsonl")
    path.write_bytes(path.read_bytes())
    before = {name: stamp for name, stamp in everything().items() if not name.startswith("_work")}
    assert not pipeline.run(done).changed
    assert {name: stamp for name, stamp in everything().items() if not name.startswith("_work")} == before


class Failing(DummyScorer):
    """Fails on passages that hold a word, a given number of times."""

    def __init__(self, word: str, times: int, *, retryable: bool) -> None:
        self.fingerprint = "failing"
        self._word, self._times, self._retryable = word, times, retryable

    def score(self, passages: list[Passage]) -> list[PassageScore]:
        """Score passages; see `Scorer`."""
        if self._times and any(self._word in passage.text for passage in passages):
            self._times -= 1
            raise ScorerError("no answer", retryable=self._retryable)
        return super().score(passages)


def use(monkeypatch: pytest.MonkeyPatch, scorer: Failing) -> None:
    monkeypatch.setattr("stance.pipeline.scoring.build_scorer", lambda config: scorer)
    monkeypatch.setattr("stance.pipeline.settings.fingerprint", lambda config: scorer.fingerprint)
    monkeypatch.setattr("stance.pipeline.scoring.PAUSE", 0.0)


def test_failed_shard_is_reported_and_done_next_time(fresh: RunConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, Failing("day 7,", 1, retryable=False))
    summary = pipeline.run(fresh)
    assert [failure.step for failure in summary.failures] == ["score"]
    assert 0 < summary.counts["waiting"] < 24
    assert summary.counts["new"] + summary.counts["waiting"] == 24
    again = pipeline.run(fresh)
    assert not again.failures
    assert again.counts["new"] == summary.counts["waiting"]
    assert len(read("articles", "article_id")) == 24


def test_retryable_failure_is_tried_again(fresh: RunConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, Failing("day 7,", 2, retryable=True))
    assert not pipeline.run(fresh).failures


def test_new_settings_are_not_mixed_with_old_scores(done: RunConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tables()
    use(monkeypatch, Failing("day 7,", 1, retryable=False))
    with pytest.raises(StoreError, match="not been scored with the new settings"):
        pipeline.run(done)
    assert tables() == before
    assert pipeline.run(done).changed


def test_damaged_work_is_made_again(made: Path, fresh: RunConfig) -> None:
    read_shards = [pipeline.ingest_shard(ref, fresh) for ref in pipeline.plan(fresh)]
    pieces = pipeline.pending(fresh, read_shards)
    scored = [pipeline.score_shard(ref, fresh) for ref in pieces]
    victim = next(Path("out/_work/scored").glob("*/scores.parquet"))
    victim.write_bytes(victim.read_bytes()[:100])
    scored = [pipeline.score_shard(ref, fresh) for ref in pieces]
    pipeline.finish(fresh, read_shards, scored)
    assert tables() == tables(made / "out")


def test_shards_that_another_run_removed_are_a_retryable_error(fresh: RunConfig) -> None:
    read_shards = [pipeline.ingest_shard(ref, fresh) for ref in pipeline.plan(fresh)]
    pieces = pipeline.pending(fresh, read_shards)
    write_corpus(Path())
    pipeline.run(fresh)
    with pytest.raises(StoreError, match="run again") as raised:
        pipeline.score_shard(pieces[0], fresh)
    assert raised.value.retryable


def test_damaged_work_file_is_named_and_made_again_once_removed(fresh: RunConfig) -> None:
    for ref in pipeline.plan(fresh):
        pipeline.ingest_shard(ref, fresh)
    damaged = min(Path("out/_work/read").rglob("articles-*.parquet"))
    damaged.write_bytes(bytes(damaged.stat().st_size))
    with pytest.raises(StoreError, match=f"{damaged}: damaged .*; remove {damaged.parent} and run again"):
        pipeline.run(fresh)
    shutil.rmtree(damaged.parent)
    assert pipeline.run(fresh).totals["articles"] == 24
