import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from stance import pipeline
from stance.annotate import folder
from stance.annotate.draw import SampleOptions, draw
from stance.annotate.records import STANCES, Label
from stance.config import RunConfig
from stance.errors import ConfigError
from stance.estimate.options import EstimateOptions
from stance.evidence import Query, evidence
from stance.store.query import Snapshot
from tests.conftest import SAMPLES

OPTIONS = EstimateOptions(by=("outlet", "month", "voice"), minimum=2)
PRELUDE = (
    "import runpy, sys; sys.modules['stance'] = None; sys.path.insert(0, {0!r}); sys.argv = ['recompute.py', {0!r}]; "
)
SCRIPT = PRELUDE + "runpy.run_path({0!r} + '/recompute.py', run_name='__main__')"


@pytest.fixture(scope="module")
def labelled(sample_out: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples' tables, corrected by labels that disagree with the dummy scorer half of the time."""
    out = tmp_path_factory.mktemp("labelled") / "out"
    shutil.copytree(sample_out, out)
    tables = (Snapshot.open(str(out)).table(name).to_pandas() for name in ("scores", "articles", "paragraphs"))
    drawn = draw(*tables, SampleOptions(n=150))
    folder.write_sample(out / "labels", drawn)
    for number, item in enumerate(drawn):
        stance = item.predicted if number % 2 else STANCES[number % 3]
        author = STANCES[(number + 1) % 3]
        folder.append(
            out / "labels",
            Label(paragraph_id=item.paragraph_id, target=item.target, annotator="ann", overall=stance, author=author),
        )
    pipeline.estimate(config(out))
    return out


def config(out: Path) -> RunConfig:
    given = {"inputs": [str(SAMPLES)], "out": str(out), "scorer": {"kind": "dummy"}}
    return RunConfig.model_validate(given | {"estimate": OPTIONS.model_dump()})


def recomputed(place: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-c", SCRIPT.format(str(place))]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "query",
    [
        "target=government, measure=against",
        "target=government, measure=polarity, voice=author",
        "target=government, measure=favor, outlet=Kompas",
        "target=protesters, measure=neutral, month=2025-01-01",
        "target=government, measure=polarity, outlet=Kompas, month=2025-01-01",
        "target=government, measure=against, voice=reported",
    ],
)
def test_evidence_gives_the_number_again_from_its_files_alone(labelled, tmp_path, query):
    place = evidence(str(labelled), Query.parse(query), tmp_path / "figure", OPTIONS, labelled / "labels")
    figure = json.loads((place / "figure.json").read_text("utf-8"))
    assert figure["corrected"] == ("reported" not in query)
    result = recomputed(place)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.endswith("the same\n")


def test_evidence_of_an_uncorrected_output_needs_no_labels(sample_out, tmp_path):
    query = Query.parse("target=government, measure=against, outlet=Kompas")
    place = evidence(str(sample_out), query, tmp_path / "figure", EstimateOptions())
    assert recomputed(place).returncode == 0
    assert not (place / "labels.parquet").exists()


def test_evidence_shows_when_the_files_were_changed(labelled, tmp_path):
    place = evidence(
        str(labelled), Query.parse("target=government, measure=against"), tmp_path / "f", OPTIONS, labelled / "labels"
    )
    rows = pd.read_parquet(place / "rows.parquet")
    # swapping the two shares would change nothing: a regression on both reads them either way
    rows.assign(against=rows["against"].where(rows.index > 9, 0.9)).to_parquet(place / "rows.parquet")
    result = recomputed(place)
    assert result.returncode == 1
    assert "DIFFERENT: value" in result.stdout


def test_evidence_holds_rows_sample_labels_and_versions(labelled, tmp_path):
    place = evidence(
        str(labelled), Query.parse("target=russia, measure=against"), tmp_path / "f", OPTIONS, labelled / "labels"
    )
    rows = pd.read_parquet(place / "rows.parquet")
    figure = json.loads((place / "figure.json").read_text("utf-8"))
    assert len(rows) == figure["paragraphs"]
    assert {"text", "url", "scorer", "story_id"} <= set(rows)
    assert len(folder.sample(place)) == 150
    assert figure["versions"]["stance-pipeline"]
    assert "Share of stance against toward `russia`" in (place / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("target=government", "missing: measure"),
        ("target=government, measure=against, colour=red", "unknown: colour"),
        ("target=nobody, measure=against", "no estimate has target='nobody'; there are 'government'"),
        ("target=government, measure=against, month=1999-01-01", "no such period"),
    ],
)
def test_evidence_refuses_questions_without_a_number(labelled, tmp_path, query, problem):
    with pytest.raises(ConfigError, match=problem):
        evidence(str(labelled), Query.parse(query), tmp_path / "figure", OPTIONS)


def test_evidence_never_writes_over_anything(labelled, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ConfigError, match="empty folder"):
        evidence(str(labelled), Query.parse("target=government, measure=against"), tmp_path, OPTIONS)
    with pytest.raises(ConfigError, match="empty folder"):
        evidence(str(labelled), Query.parse("target=government, measure=against"), tmp_path / "notes.txt", OPTIONS)


def test_evidence_refuses_a_number_that_the_labels_no_longer_give(labelled, tmp_path):
    stale = tmp_path / "stale"
    shutil.copytree(labelled, stale)
    tables = (Snapshot.open(str(stale)).table(name).to_pandas() for name in ("scores", "articles", "paragraphs"))
    before = folder.sample(stale / "labels")
    folder.write_sample(stale / "labels", draw(*tables, SampleOptions(n=60), before))
    query = Query.parse("target=government, measure=against")
    with pytest.raises(ConfigError, match="stance estimate"):
        evidence(str(stale), query, tmp_path / "e", OPTIONS, stale / "labels")
    assert not (tmp_path / "e").exists()
