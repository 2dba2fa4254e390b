"""The commands as a user types them: what they print, their exit status, and that nothing heavy loads for little."""

import csv
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from stance import pipeline
from stance.cli import main, summary
from stance.config import RunConfig
from stance.scorers.config import LexiconConfig
from stance.store.query import Snapshot
from tests.conftest import SAMPLES

TEXT = "The cabinet acted lawfully, while the mob showed contempt for human life."
Stance = Callable[..., tuple[int, str, str]]


@pytest.fixture
def stance(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Stance:
    """Run the command in this process from an empty folder; gives exit status, standard output and error."""
    from stance.cli import terminal

    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["stance", *map(str, arguments)])
        monkeypatch.setattr(terminal.out, "file", sys.stdout)
        monkeypatch.setattr(terminal.err, "file", sys.stderr)
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return call


@pytest.fixture
def own_out(sample_out: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sample_out, tmp_path / "out"))


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"], ["targets", "check", "--help"]])
def test_help_loads_no_model_library(arguments: list[str]) -> None:
    code = (
        "import sys; sys.argv = ['stance', *sys.argv[1:]]\n"
        "from stance.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'transformers', 'pandas', 'prefect', 'streamlit'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True)


def test_status_loads_no_torch(sample_out: Path) -> None:
    code = (
        "import sys; sys.argv = ['stance', 'status', sys.argv[1]]\n"
        "from stance.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "assert 'torch' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code, str(sample_out)], check=True, capture_output=True)


def test_run_prints_the_table_and_where_the_results_lie(stance: Stance, tmp_path: Path) -> None:
    status, out, err = stance("run", SAMPLES / "the_ledger", "--out", tmp_path / "o", "--scorer", "dummy")
    assert status == 0
    assert "The Ledger" in out
    assert "government" in out
    assert str(tmp_path / "o") in out
    assert "\x1b[" not in out + err
    assert len(pd.read_parquet(tmp_path / "o" / "scores")) > 10
    status, out, _ = stance("run", SAMPLES / "the_ledger", "--out", tmp_path / "o", "--scorer", "dummy")
    assert status == 0
    assert "Nothing new" in out


def test_wrong_scorer_or_catalogue_is_told_before_anything_is_read(stance: Stance, tmp_path: Path) -> None:
    for option in ("--scorer", "--targets"):
        status, _, err = stance("run", SAMPLES / "the_ledger", "--out", "o", option, "misspelt")
        assert status == 2
        assert "misspelt" in err
        assert not list(tmp_path.rglob("*.parquet"))


def test_run_that_read_nothing_fails(stance: Stance, tmp_path: Path) -> None:
    status, out, _ = stance("run", tmp_path / "nothing.txt", "--out", tmp_path / "o", "--scorer", "dummy")
    assert status == 1
    assert "rejected: unreadable 1" in out


def test_summary_of_a_run_is_of_one_state_though_another_run_replaces_it(
    stance: Stance, own_out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = summary._whole_period

    def overtaken(state: Snapshot) -> pd.DataFrame:
        found = whole(state)
        monkeypatch.setattr(summary, "_whole_period", whole)
        pipeline.run(RunConfig(inputs=(str(SAMPLES),), out=str(own_out), scorer=LexiconConfig()))
        return found

    monkeypatch.setattr(summary, "_whole_period", overtaken)
    status, out, err = stance("run", SAMPLES, "--out", own_out, "--scorer", "dummy")
    assert (status, err) == (0, "")
    assert "Where it stands most plainly" in out


def test_run_as_json_is_one_object(stance: Stance, tmp_path: Path) -> None:
    status, out, _ = stance("run", SAMPLES / "the_ledger", "--out", tmp_path / "o", "--scorer", "dummy", "--json")
    assert status == 0
    result = json.loads(out)
    assert result["changed"] is True
    assert {row["target"] for row in result["estimates"]} >= {"government", "protesters", "russia"}


def test_score_says_whose_stance_it_is(stance: Stance) -> None:
    text = "“The government has lied to every miner in this valley,” the opposition leader said."
    status, out, _ = stance("score", text, "--scorer", "dummy")
    assert status == 0
    assert "government — “the opposition leader” (quoted)" in out
    assert "government — the author" in out


def test_score_says_who_shows_a_stance_without_words(stance: Stance) -> None:
    status, out, _ = stance("score", "Voters have soured on the coalition government.")
    assert status == 0
    assert "against government — “Voters” (shown)" in out


def test_a_ministry_that_merely_informs_holds_nothing_against_its_government(stance: Stance) -> None:
    status, out, _ = stance("score", "The health ministry said that 300 people had been injured, among them 40 police.")
    assert status == 0
    assert "against government — “The health ministry”" not in out


def test_score_as_json_has_exact_offsets(stance: Stance) -> None:
    status, out, _ = stance("score", TEXT, "--scorer", "dummy", "--json")
    assert status == 0
    view = json.loads(out)
    assert [target["target"] for target in view["targets"]] == ["government", "protesters"]
    for target in view["targets"]:
        for mention in target["mentions"]:
            assert TEXT[mention["start"] : mention["end"]] == mention["text"]
        assert target["evidence"]["text"] in TEXT


def test_score_without_a_target_says_absent(stance: Stance) -> None:
    status, out, _ = stance("score", "The cat sat on the mat.", "--scorer", "dummy")
    assert status == 0
    assert "absent" in out


def test_a_toml_file_is_a_scorer(stance: Stance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "stance.toml").write_text('[scorer]\nkind = "dummy"\n')
    (tmp_path / "mine.toml").write_text('[scorer]\nkind = "lexicon"\n')
    (tmp_path / "empty.toml").write_text("")
    made = [
        json.loads(stance("score", TEXT, "--scorer", name, "--json")[1])["scorer"]
        for name in ("mine.toml", "lexicon", "dummy")
    ]
    assert made[0] == made[1] != made[2]
    assert stance("plan", SAMPLES / "the_ledger", "--scorer", "mine.toml", "--json")[0] == 0
    status, _, err = stance("score", TEXT, "--scorer", "empty.toml")
    assert status == 2
    assert "no [scorer] table" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "--scorer", "dummy", "--out", "o"], "no input"),
        (["score", TEXT, "--scorer", "none.toml"], "none.toml"),
        (["run", "x", "--config", "none.toml"], "none.toml"),
        (["run", "x", "--targets", "no-such-pack"], "no-such-pack"),
        (["score", TEXT, "--scorer", "no-such-model"], "no-such-model"),
        (["evaluate", "none.jsonl", "--no-such-option"], "no-such-option"),
        (["compare", "x", "--scorers", "dummy"], "two or more"),
        (["targets", "check", "general", "nothing-here"], "none of the inputs"),
        (["sample", "o", "--to", "x.csv", "--n", "0"], "--n"),
        (["sample", "o", "--to", "no/folder/x.csv"], "no folder"),
        (["run", ".", "--out", "."], "folder of inputs"),
        (["serve"], "nothing to serve"),
        (["dashboard", "o", "--host", "0.0.0.0"], "password"),
        (["dashboard", "o", "--password"], "STANCE_PASSWORD"),
    ],
)
def test_wrong_usage_is_status_2_and_no_traceback(stance: Stance, arguments: list[str], words: str) -> None:
    status, out, err = stance(*arguments)
    assert status == 2
    assert words in err
    assert "Traceback" not in out + err


@pytest.mark.parametrize(
    "command",
    [["status", "o"], ["estimate", "o"], ["compact", "o"], ["diff", "o", "a", "b"], ["report", "o", "--to", "r"]],
)
def test_output_that_is_not_there_is_status_1(stance: Stance, command: list[str]) -> None:
    status, out, err = stance(*command)
    assert status == 1
    assert "error:" in err
    assert "Traceback" not in out + err
    assert not Path("o").exists()


def test_inputs_that_are_not_there_are_named_each_time(stance: Stance, tmp_path: Path) -> None:
    for _ in range(2):
        status, _, err = stance("run", SAMPLES / "the_ledger", "gone/*.txt", "--out", "o", "--scorer", "dummy")
        assert status == 1
        assert "gone/*.txt: no such file" in err
    (tmp_path / "empty").mkdir()
    for _ in range(2):
        status, _, err = stance("run", "empty", "--out", "none", "--scorer", "dummy")
        assert status == 1
        assert "no input became an article" in err


def test_json_of_a_run_without_numbers_is_json(stance: Stance, tmp_path: Path) -> None:
    def refuse(word: str) -> None:
        raise ValueError(word)

    (tmp_path / "one.txt").write_text("A title\n\n" + f"{TEXT} The town slept, and nobody in it heard of this." * 2)
    _, out, _ = stance("run", "one.txt", "--out", "o", "--scorer", "dummy", "--json")
    assert "null" in out
    json.loads(out, parse_constant=refuse)


def test_what_a_run_prints_follows_what_is_counted(stance: Stance, tmp_path: Path) -> None:
    (tmp_path / "stance.toml").write_text('[estimate]\ncounting = "story"\n')
    _, out, _ = stance("run", SAMPLES / "the_ledger", "--out", "o", "--scorer", "dummy")
    assert "stories" in out
    assert "government" in out.partition("Where it stands")[0]


def test_a_file_of_labels_is_never_written_over(stance: Stance, own_out: Path, tmp_path: Path) -> None:
    assert stance("sample", own_out, "--n", 3, "--to", tmp_path / "labels.csv")[0] == 0
    drawn = (own_out / "labels" / "sample.jsonl").read_text("utf-8")
    status, _, err = stance("sample", own_out, "--n", 3, "--to", tmp_path / "labels.csv")
    assert status == 2
    assert "there already" in err
    assert (own_out / "labels" / "sample.jsonl").read_text("utf-8") == drawn


def test_text_is_shown_as_it_is(stance: Stance, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "The government [/i] lied to [red]all of us[/red] :cat:, they said."
    status, out, _ = stance("score", text, "--scorer", "lexicon")
    assert status == 0
    assert f"because “{text}”" in out
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"The government of caf\xe9 owners lied.")))
    status, out, _ = stance("score", "-", "--scorer", "lexicon")
    assert status == 0
    assert "The government of caf\ufffd owners lied." in out


def test_wrong_row_of_a_labelled_file_is_reported_with_its_line(stance: Stance, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"text": "x", "targets": [{"name": "x", "spans": [[0, 9]], "label": 0}]}\n', "utf-8")
    status, _, err = stance("evaluate", file, "--scorer", "dummy")
    assert status == 1
    assert f"{file}:1" in err


def test_evaluate_prints_the_figures_of_both_formats(stance: Stance, tmp_path: Path) -> None:
    rows = {
        "targeted": {"text": TEXT, "targets": [{"name": "cabinet", "spans": [[4, 11]], "label": 2}]},
        "codebook": {
            "id": "x-1", "style": "wire", "country": "X", "text": TEXT, "tone": "negative", "decoys": [],
            "labels": [
                {
                    "target": "government", "mentions": ["The cabinet"],
                    "overall": "favor", "author": "favor", "reported": [],
                }
            ],
        },
    }  # fmt: skip
    results: dict[str, Any] = {}
    for name, row in rows.items():
        (tmp_path / name).write_text(json.dumps(row) + "\n", "utf-8")
        status, out, _ = stance("evaluate", tmp_path / name, "--scorer", "dummy", "--json")
        assert status == 0
        results[name] = json.loads(out)
    assert results["targeted"].keys() >= {"n", "macro_f1", "f1_against_favor", "accuracy", "ece", "per_class"}
    assert results["codebook"].keys() >= {"overall", "author", "reported", "mention_recall", "mention_precision"}
    assert results["codebook"]["mention_recall"] == 1.0


def test_status_and_diff_and_compact_over_a_real_output(stance: Stance, own_out: Path) -> None:
    status, out, _ = stance("status", own_out, "--json")
    assert status == 0
    state = json.loads(out)
    assert state["rejections"] == {"malformed": 1, "no_text": 1, "unvalidated_language": 1}
    run = state["runs"][0]["run"]
    status, out, _ = stance("status", own_out)
    assert status == 0
    assert "unvalidated_language" in out
    assert stance("diff", own_out, run, run)[0] == 0
    assert stance("compact", own_out)[0] == 0


def test_targets_check_counts_the_samples(stance: Stance) -> None:
    status, out, _ = stance("targets", "check", "qaraly", SAMPLES, "--json")
    assert status == 0
    assert json.loads(out)["texts_with_target"]["government"] > 100


def test_plan_says_what_a_run_would_take(stance: Stance) -> None:
    status, out, _ = stance("plan", SAMPLES / "the_ledger", "--scorer", "dummy", "--json")
    assert status == 0
    plan = json.loads(out)
    assert plan["articles"] == 6
    assert plan["pairs"] > 0
    assert plan["money"] == 0
    assert stance("plan", SAMPLES / "the_ledger", "--scorer", "dummy")[0] == 0


def test_compare_names_where_scorers_disagree(stance: Stance) -> None:
    gold = SAMPLES.parent / "gold" / "samples" / "gold_A.jsonl"
    status, out, _ = stance("compare", gold, "--scorers", "dummy,lexicon", "--json")
    assert status == 0
    result = json.loads(out)
    assert set(result["quality"]) == {"dummy", "lexicon"}
    assert 0 < result["disagreements"][0]["share"] < 1
    assert stance("compare", SAMPLES / "the_ledger", "--scorers", "dummy,lexicon")[0] == 0


def test_from_a_sample_over_labels_to_corrected_estimates(stance: Stance, own_out: Path, tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    assert stance("sample", own_out, "--n", 150, "--to", file)[0] == 0
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 150
    for number, row in enumerate(rows):
        row |= {"annotator": "ann", "overall": ("against", "neutral", "favor")[number % 3], "author": "neutral"}
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    status, out, _ = stance("labels", "add", own_out, file)
    assert status == 0
    assert "ann 150" in out
    status, out, _ = stance("estimate", own_out, "--by", "outlet,week", "--json")
    assert status == 0
    corrected = [row for row in json.loads(out)["estimates"] if row["corrected"]]
    assert corrected
    assert stance("estimate", own_out)[0] == 0


def test_wrong_labels_are_refused_with_their_line(stance: Stance, own_out: Path, tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    assert stance("sample", own_out, "--n", 3, "--to", file)[0] == 0
    text = file.read_text("utf-8-sig").replace(",,,,", ",ann,hostile,,", 1)
    file.write_text(text, "utf-8")
    status, _, err = stance("labels", "add", own_out, file)
    assert status == 1
    assert "hostile" in err


def test_report_is_one_page(stance: Stance, own_out: Path, tmp_path: Path) -> None:
    status, _, _ = stance("report", own_out, "--to", tmp_path / "report.html")
    assert status == 0
    assert (tmp_path / "report.html").read_text("utf-8").startswith("<!doctype html>")


def test_evidence_recomputes_its_number_without_us(stance: Stance, own_out: Path, tmp_path: Path) -> None:
    query = "target=government,measure=polarity,outlet=Kompas"
    status, out, _ = stance("evidence", own_out, "--query", query, "--to", tmp_path / "evidence")
    assert status == 0
    assert "recompute.py" in out
    subprocess.run([sys.executable, "recompute.py"], cwd=tmp_path / "evidence", check=True, capture_output=True)


def test_probe_swaps_names(stance: Stance, own_out: Path) -> None:
    status, out, _ = stance("targets", "probe", own_out, "--n", 40, "--scorer", "dummy", "--json")
    assert status == 0
    assert {finding["swap"] for finding in json.loads(out)["findings"]} >= {"name"}
    assert stance("targets", "probe", own_out, "--n", 10, "--scorer", "lexicon")[0] == 0


def test_plan_says_of_inputs_that_are_not_there_what_a_run_says(stance: Stance, tmp_path: Path) -> None:
    status, out, err = stance("plan", SAMPLES / "the_ledger", "gone/*.txt", "--scorer", "dummy", "--json")
    assert status == 1
    assert "gone/*.txt: no such file" in err
    plan = json.loads(out)
    assert (plan["inputs"], plan["articles"]) == (7, 6)
    status, _, err = stance("plan", "gone.txt", "--scorer", "dummy")
    assert status == 2
    assert "gone.txt: no such file" in err
    assert "none of the inputs became an article" in err
    status, _, err = stance("plan", "--scorer", "dummy")
    assert status == 2
    assert "no input" in err
    (tmp_path / "stance.toml").write_text(f'inputs = ["{SAMPLES / "the_ledger"}"]\n')
    assert json.loads(stance("plan", "--scorer", "dummy", "--json")[1])["articles"] == 6


def test_status_names_the_reasons_and_the_first_places(stance: Stance, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(40):
        (tmp_path / "in" / f"page-{number:02d}.txt").write_text(f"Too short, number {number}.")
    stance("run", SAMPLES / "the_ledger", SAMPLES / "steppe_wire.jsonl", "in", "--out", "o", "--scorer", "dummy")
    status, out, _ = stance("status", "o")
    assert status == 0
    assert "too_short:" in out
    assert [f"page-{number:02d}.txt: " in out for number in range(5)] == [True] * 3 + [False] * 2
    assert "steppe_wire.jsonl#5: " in out
    assert "and 37 more" in out
    state = json.loads(stance("status", "o", "--json")[1])
    assert [Path(place["source"]).name for place in state["rejected"]["too_short"]] == [
        "page-00.txt",
        "page-01.txt",
        "page-02.txt",
    ]


def test_status_shows_a_bounded_number_of_rows(stance: Stance, tmp_path: Path) -> None:
    rows = [
        {"outlet": f"Outlet {number:02d}", "text": "Too short.", "url": f"http://x/{number}"} for number in range(60)
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    stance("run", SAMPLES / "the_ledger", "in.jsonl", "--out", "o", "--scorer", "dummy")
    _, out, _ = stance("status", "o")
    assert "the 30 largest of 60 rows" in out
    assert sum(line.startswith("Outlet ") for line in map(str.strip, out.splitlines())) == 30


def test_estimate_takes_the_options_and_scorer_of_the_run(stance: Stance, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        'labels = "mine"\n[scorer]\nkind = "dummy"\n[estimate]\ncounting = "story"\nby = ["outlet", "month"]\n'
    )
    stance("run", SAMPLES / "the_ledger", "--out", "o", "--config", "mine.toml")

    def made(*options: str) -> tuple[set[str], set[str], str]:
        status, out, _ = stance("estimate", "o", "--json", *options)
        assert status == 0
        found = json.loads(out)
        rows = found["estimates"]
        return {row["counting"] for row in rows}, {row["by"] for row in rows}, found["source"]

    counting, by, source = made()
    assert (counting, by) == ({"story"}, {"all", "month"})
    assert source == "assumed, not measured"  # as nobody measured the dummy; the default scorer's errors are known
    assert made("--by", "week")[:2] == ({"story"}, {"all", "week"})
    assert made("--counting", "outlet_story")[:2] == ({"outlet_story"}, {"all", "month"})
    (tmp_path / "stance.toml").write_text('[estimate]\nby = ["day"]\n')
    assert made()[:2] == ({"article"}, {"all", "day"})
    (tmp_path / "stance.toml").unlink()
    assert stance("sample", "o", "--n", 3, "--to", "labels.csv")[0] == 0
    assert (tmp_path / "mine" / "sample.jsonl").exists()


def test_labels_that_are_not_where_they_were_are_told(stance: Stance, own_out: Path, tmp_path: Path) -> None:
    assert "labels" not in stance("estimate", own_out)[2]
    (tmp_path / "stance.toml").write_text('labels = "moved"\n')
    status, _, err = stance("estimate", own_out)
    assert status == 0
    assert "moved: no such folder of labels" in err


@pytest.mark.parametrize("content", [None, b"", b"garbage" * 100])
def test_damaged_table_is_named_by_every_command(stance: Stance, own_out: Path, content: bytes | None) -> None:
    def damaged(table: str, *command: object) -> None:
        file = next((own_out / table).rglob("*.parquet"))
        whole = file.read_bytes()
        file.unlink() if content is None else file.write_bytes(content)
        status, out, err = stance(*command)
        file.write_bytes(whole)
        assert status == 1
        assert f"{file}: {'gone' if content is None else 'damaged'}" in err
        assert "put it back" in err
        assert "Traceback" not in out + err

    damaged("articles", "status", own_out)
    damaged("rejections", "status", own_out)
    damaged("scores", "estimate", own_out)
    damaged("inputs", "run", SAMPLES, "--out", own_out, "--scorer", "dummy")
    damaged("paragraphs", "run", SAMPLES, "--out", own_out, "--scorer", "dummy")
    damaged("paragraphs", "run", SAMPLES, "--out", own_out, "--scorer", "lexicon")
    damaged("estimates", "run", SAMPLES, "--out", own_out, "--scorer", "dummy")
    damaged("scores", "report", own_out, "--to", own_out / "report.html")
