"""Why numbers moved: the causes add up to what pandas finds in the tables."""

from pathlib import Path

import pandas as pd
import pytest

from stance import pipeline
from stance.config import RunConfig
from stance.errors import ConfigError
from stance.pipeline.differences import Difference
from stance.scorers.config import LexiconConfig
from stance.store.query import Snapshot
from tests.pipeline.corpus import edited, make_config, row, write_catalogue, write_rows


def means() -> dict[tuple[str, str], tuple[float, int]]:
    """Return mean polarity and pairs by target and outlet ('' for all), of the latest versions."""
    frame = Snapshot.open("out").table("scores", ["target", "outlet", "polarity", "latest"]).to_pandas()
    frame = pd.concat([frame, frame.assign(outlet="")])[lambda rows: rows["latest"]]
    grouped = frame.astype({"polarity": "float64"}).groupby(["target", "outlet"])["polarity"]
    return {cell: (part.mean(), len(part)) for cell, part in grouped}


def compare(config: RunConfig) -> Difference:
    """Run again and compare, checking the sums on the way."""
    before = means()
    run1 = Snapshot.open("out").manifest.runs[-1]
    run2 = pipeline.run(config).run
    found = pipeline.diff("out", run1, run2)
    after = means()
    assert {(move.target, move.outlet) for move in found.moves} >= {
        cell for cell in before.keys() | after.keys() if before.get(cell) != after.get(cell)
    }
    for move in found.moves:
        old, new = (state.get((move.target, move.outlet), (None, 0)) for state in (before, after))
        assert (move.pairs_before, move.pairs_after) == (old[1], new[1])
        assert move.before == pytest.approx(old[0], abs=1e-4) if old[1] else move.before is None
        assert move.after == pytest.approx(new[0], abs=1e-4)
        assert sum(move.causes.values()) == pytest.approx((move.after or 0) - (move.before or 0), abs=1e-9)
    return found


def causes(found: Difference) -> set[str]:
    return {cause for move in found.moves for cause, size in move.causes.items() if size or move.pairs[cause]}


def test_new_and_edited_articles(done: RunConfig) -> None:
    write_rows(Path("in/late.jsonl"), [row(60), row(61, outlet="Kompas"), edited(0)])
    found = compare(done)
    assert causes(found) == {"new articles", "edited articles"}
    assert (found.new_articles, found.edited_articles, found.runs) == (3, 1, 1)


def test_changed_catalogue(done: RunConfig) -> None:
    write_catalogue(Path("targets.yaml"), police=True)
    found = compare(done)
    assert causes(found) == {"changed catalogue"}
    assert found.targets_added == ("police",)
    assert {move.target for move in found.moves} == {"police"}


def test_changed_scorer(done: RunConfig) -> None:
    found = compare(make_config(scorer=LexiconConfig()))
    assert causes(found) == {"changed scorer"}
    assert found.scorer_changed
    assert found.config["scorer"] == ({"kind": "dummy"}, {"kind": "lexicon"})


def test_several_runs_add_up(done: RunConfig) -> None:
    start = Snapshot.open("out").manifest.runs[-1]
    before = means()
    write_rows(Path("in/late.jsonl"), [row(60)])
    pipeline.run(done)
    write_catalogue(Path("targets.yaml"), police=True)
    last = pipeline.run(done).run
    found = pipeline.diff("out", last, start)
    assert (found.run1, found.run2, found.runs) == (start, last, 2)
    whole = next(move for move in found.moves if (move.target, move.outlet) == ("government", ""))
    assert whole.before == pytest.approx(before["government", ""][0], abs=1e-4)
    assert whole.after == pytest.approx(means()["government", ""][0], abs=1e-4)


def test_unknown_run_is_named(done: RunConfig) -> None:
    with pytest.raises(ConfigError, match="no run 'abc'; the last ones are 000001-"):
        pipeline.diff("out", "abc", "000001")
