"""The worked example of docs/numbers.md: from `stance run` over 200 labels to a corrected trend and its picture.

    python benchmarks/worked_example.py [--out FOLDER] [--check]

Runs the commands that the page shows, fills the drawn sample with the labels of data/gold/labels/ (matched by text and
target), and writes every number of the example, its methods text and docs/images/example.svg anew. Equal chances and
permanent random numbers make the sample the same whatever the model says; pairs that nobody has labelled are counted.
With `--check` nothing is written; exit status 1 if the page says something else.
"""

import argparse
import csv
import json
import re
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/numbers.md"
IMAGE = ROOT / "docs/images/example.svg"
CONFIG = "benchmarks/worked_example.toml"
LABELS = "data/gold/labels"
START, END = "<!-- example: written by benchmarks/worked_example.py -->", "<!-- /example -->"
TARGET, SHARE = "government", "against"


def stance(*words: str | Path) -> str:
    """Run one command of the package from the repository's root and return what it prints."""
    command = [Path(sys.executable).with_name("stance"), *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}: {done.stdout}{done.stderr}")
    return done.stdout


def filled(drawn: Path, to: Path) -> tuple[dict[str, int], int]:
    """Fill each annotator's copy of the drawn file; return labels by annotator, and pairs that nobody labelled."""
    known: dict[str, dict[tuple[str, str], str]] = {}
    for file in sorted((ROOT / LABELS).glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                known.setdefault(row["annotator"], {})[row["text"], row["target"]] = row["overall"]
    with drawn.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    counts: dict[str, int] = {}
    for annotator, labels in known.items():
        own = [row | {"annotator": annotator, "overall": labels.get((row["text"], row["target"]), "")} for row in rows]
        counts[annotator] = sum(bool(row["overall"]) for row in own)
        with (to / f"{annotator}.csv").open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, list(rows[0]))
            writer.writeheader()
            writer.writerows(own)
    found = {key for labels in known.values() for key in labels}
    return counts, sum((row["text"], row["target"]) not in found for row in rows)


def picture(trend: pd.DataFrame) -> alt.LayerChart:
    """Corrected weekly shares with intervals and a smooth line, the uncorrected ones beside."""
    weeks = trend.assign(
        week=pd.to_datetime(trend["period"]), raw_week=pd.to_datetime(trend["period"]) + pd.Timedelta(days=1)
    )
    base = alt.Chart(weeks)
    share = alt.Scale(domain=[0, 1])
    day = alt.Axis(format="%-d %b", values=weeks["week"].dt.strftime("%Y-%m-%d").tolist(), title=None)
    x = alt.X("week:T", axis=day)
    title = f"share of paragraphs {SHARE} the {TARGET}"
    band = base.mark_area(color="#3b6ea8", opacity=0.15).encode(
        x, alt.Y("trend_low:Q", scale=share, title=title), alt.Y2("trend_high:Q")
    )
    line = base.mark_line(color="#3b6ea8", strokeWidth=2).encode(x, alt.Y("trend:Q", scale=share))
    bars = base.mark_rule(color="#3b6ea8", strokeWidth=1.5).encode(x, alt.Y("low:Q", scale=share), alt.Y2("high:Q"))
    dots = base.mark_point(color="#3b6ea8", filled=True, size=70).encode(x, alt.Y("value:Q", scale=share))
    other = base.mark_rule(color="#c0722b", strokeDash=[3, 3]).encode(
        alt.X("raw_week:T"), alt.Y("raw_low:Q", scale=share), alt.Y2("raw_high:Q")
    )
    rough = base.mark_point(color="#c0722b", size=50).encode(alt.X("raw_week:T"), alt.Y("raw:Q", scale=share))
    return alt.layer(band, line, bars, dots, other, rough).properties(
        width=620,
        height=280,
        title=alt.TitleParams(
            f"Against the {TARGET}, by week of publication, all outlets",
            subtitle=[
                "Blue: corrected by human labels, with 95 % intervals and a smooth line.",
                "Orange: the model alone, uncorrected. Weeks with fewer than 4 independent stories have no number.",
            ],
            anchor="start",
        ),
    )


def said(row: dict[str, Any], value: str = "value", low: str = "low", high: str = "high") -> str:
    """A number with its interval."""
    return f"{row[value]:.2f} (95 % interval {row[low]:.2f} to {row[high]:.2f})"


def number(row: dict[str, Any], name: str = "") -> str:
    """The same in a table's cell."""
    columns = ("raw", "raw_low", "raw_high") if name else ("value", "low", "high")
    value, low, high = (row[column] for column in columns)
    return "" if pd.isna(value) else f"{value:.2f} ({low:.2f} to {high:.2f})"


def example(work: Path, out: Path) -> tuple[str, alt.LayerChart]:
    """Go the whole way and return the example's text and picture."""
    stance("run", "data/samples", "--out", out)
    stance("sample", out, "--n", "200", "--design", "simple", "--to", work / "labels.csv")
    counts, missing = filled(work / "labels.csv", work)
    added: dict[str, Any] = {}
    for annotator in counts:
        added = json.loads(stance("labels", "add", out, work / f"{annotator}.csv", "--json"))
    told = stance("estimate", out, "--config", CONFIG, "--trend", work / "trend.csv", "--json")
    made = json.loads(told)
    query = f"target={TARGET},measure={SHARE}"
    stance("evidence", out, "--config", CONFIG, "--query", query, "--to", work / "evidence")
    again = subprocess.run(
        [sys.executable, "recompute.py"], cwd=work / "evidence", check=True, capture_output=True, text=True
    ).stdout
    trend = pd.read_csv(work / "trend.csv")
    trend = trend[(trend["target"] == TARGET) & (trend["measure"] == SHARE) & trend["outlet"].isna()]
    return wrapped(words(out, counts, missing, added, made, again)), picture(trend)


def words(
    out: Path,
    counts: dict[str, int],
    missing: int,
    added: dict[str, Any],
    made: dict[str, Any],
    again: str,
) -> str:
    """The text of the example; every number in it comes from the tables."""
    estimates = pd.DataFrame(made["estimates"])
    own = estimates[(estimates["target"] == TARGET) & (estimates["voice"] == "overall")]
    whole = own[(own["by"] == "all") & (own["outlet"] == "")].set_index("measure").to_dict("index")
    weeks = own[(own["by"] == "week") & (own["outlet"] == "") & (own["measure"] == SHARE)].to_dict("records")
    outlets = own[(own["by"] == "all") & (own["outlet"] != "") & (own["measure"] == SHARE)].to_dict("records")
    articles = pd.read_parquet(out / "articles")
    scores = pd.read_parquet(out / "scores")
    drawn = [json.loads(line) for line in (out / "labels/sample.jsonl").read_text("utf-8").splitlines()]
    rates = pd.DataFrame(made["error_rates"])
    right = rates[(rates["target"] == "") & (rates["outlet"] == "")].iloc[0].to_dict()
    agreed = {row["target"]: row for row in added["agreement"]}[""]
    share = whole[SHARE]
    halve = "" if pd.isna(share["halve"]) else f" About {share['halve']:,.0f} labels in all would halve that interval."
    dates = articles["published"].dt.date
    paragraphs = scores["paragraph_id"].nunique()
    chance = max(item["probability"] for item in drawn)
    annotators = ", ".join(f"`{name}` {count}" for name, count in counts.items())
    alerts = made["alerts"]
    moved = f"{len(alerts)} alerts were raised." if alerts else "No week raised an alert."
    rows = "\n".join(
        f"| {str(row['period'])[:10]} | {row['units']} | {row['labels']} | {number(row, 'raw')} | {number(row)} |"
        for row in weeks
    )
    places = "\n".join(
        f"| {row['outlet']} | {row['units']} | {row['labels']} | {number(row, 'raw')} | {number(row)} |"
        for row in outlets
    )
    unlabelled = f" {missing} of them were left unlabelled." if missing else ""
    return f"""{START}
## A worked example

From the invented news of `data/samples` to a corrected weekly trend. `python benchmarks/worked_example.py` goes
the whole way and writes this section, its numbers and its picture; the labels are in `{LABELS}`.

```
stance run data/samples --out out
stance sample out --n 200 --design simple --to labels.csv
stance labels add out reader.csv          # labels.csv as one reader filled it in
stance labels add out second.csv          # and another
stance estimate out --config {CONFIG} --trend trend.csv
stance evidence out --config {CONFIG} --query "target={TARGET},measure={SHARE}" --to evidence
```

Both readings were made by the project's authors, a language model in two sessions, the second without seeing the
first one's labels: they show the way, not what trained coders would agree on. The sample is drawn with equal
chances: it does not depend on what the model says, so a better model corrects the same labels. What the commands say:

- {counts_of(out, articles, scores)}
- labels: {annotators}; {agreed["pairs"]} pairs by both, equal in {100 * agreed["same"]:.0f} %, Krippendorff's alpha
  {agreed["alpha"]:.2f} (ordinal), {agreed["alpha_nominal"]:.2f} (nominal, `absent` as a fourth word);
  {len(added["conflicts"])} pairs in conflict count as half one and half the other
- the model's likeliest stance is the human one in {100 * right["accuracy"]:.0f} % of the pairs that have the target
  (95 % interval {100 * right["low"]:.0f} to {100 * right["high"]:.0f} %); people see the target in
  {100 * right["present"]:.0f} %
- {SHARE} the {TARGET}, all outlets and weeks: uncorrected {said(share, "raw", "raw_low", "raw_high")}, corrected
  {said(share)}; polarity {said(whole["polarity"], "raw", "raw_low", "raw_high")} and {said(whole["polarity"])}

| week from | articles | labels | uncorrected | corrected |
|---|---|---|---|---|
{rows}

| outlet | articles | labels | uncorrected | corrected |
|---|---|---|---|---|
{places}

![Share of paragraphs against the government by week, corrected and uncorrected](images/example.svg)

`python recompute.py` in the evidence folder, with nothing of this package installed:

```
{again.strip()}
```

### As a methods section would say it

> We collected {len(articles)} articles ({articles["story_id"].nunique()} distinct stories) from
> {articles["outlet"].nunique()} outlets, published between {dates.min():%-d %B %Y} and {dates.max():%-d %B %Y}.
> The unit of analysis is a paragraph that mentions a target; {len(scores)} such pairs of paragraph and target
> in {paragraphs} paragraphs were scored for stance (against, neutral, in favour) by the classifier shipped with
> stance (fingerprint `{scores["scorer"].iloc[0]}`). An article's stance is the mean of its paragraphs'
> probabilities, and every article counts as one. As classifiers err, we drew {len(drawn)} paragraphs at random
> without replacement, each for one of the targets it mentions (chance of a paragraph {chance:.2f}). Two readers
> labelled them by the project's codebook without seeing the classifier's answer ({annotators}).{unlabelled} On
> the {agreed["pairs"]} pairs that both labelled, Krippendorff's alpha was {agreed["alpha"]:.2f}; disagreements
> were averaged. The classifier agreed with the labels in {100 * right["accuracy"]:.0f} % of the pairs (weighted
> by the inverse of the chance of being drawn). Shares over all outlets and weeks are prediction-powered
> (regression) estimates: the labels' weighted mean, adjusted by what the classifier says of the whole corpus
> against what it says of the labelled pairs. Shares by outlet and by week are drawn toward what the
> classifier's own numbers and the labels of all cells lead to expect (Fay and Herriot 1979). Standard errors
> are clustered by story, copies of one wire report being one story; intervals are at 95 % with Student's
> quantiles. Cells with fewer than four independent stories are not reported. The line in the figure is a
> Gaussian process through the weekly numbers and their standard errors. The corrected share of paragraphs
> against the government was {said(share)}, uncorrected {said(share, "raw", "raw_low", "raw_high")}.{halve}
> {moved} Data, labels, chances and a script that recomputes the number are in the supplementary folder.
{END}"""


def wrapped(text: str) -> str:
    """Fill the lines of paragraphs, lists and quotations anew; tables, code and headings stay."""
    done: list[str] = []
    for block in text.split("\n\n"):
        if block.startswith(("```", "|", "#", "<!", "!")):
            done.append(block)
            continue
        quoted = block.startswith("> ")
        tail = f"\n{END}" if block.endswith(END) else ""
        lines = [line.removeprefix("> ") for line in block.removesuffix(END).splitlines()]
        items = re.split(r"\n(?=- )", "\n".join(lines))
        mark, rest = ("> ", "> ") if quoted else ("", "  " if len(items) > 1 else "")
        filled = [
            textwrap.fill(
                " ".join(item.split()), 120, initial_indent=mark, subsequent_indent=rest, break_long_words=False
            )
            for item in items
        ]
        done.append("\n".join(filled) + tail)
    return "\n\n".join(done)


def counts_of(out: Path, articles: pd.DataFrame, scores: pd.DataFrame) -> str:
    """What the run brought."""
    return (
        f"{len(articles)} articles, {articles['story_id'].nunique()} stories, {len(scores)} pairs of a paragraph and a "
        f"target in {scores['paragraph_id'].nunique()} paragraphs; {len(pd.read_parquet(out / 'rejections'))} inputs "
        "rejected"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, help="output of an earlier `stance run data/samples` without labels")
    parser.add_argument("--check", action="store_true", help="write nothing; compare")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text, chart = example(Path(folder), (args.out or Path(folder) / "out").resolve())
    page = PAGE.read_text("utf-8")
    written = re.sub(re.escape(START) + ".*?" + re.escape(END), lambda _: text, page, flags=re.DOTALL)
    if args.check:
        print("the same" if written == page else "the page says something else")
        return int(written != page)
    if START not in page:
        raise SystemExit(f"{PAGE}: expected a line {START}")
    PAGE.write_text(written, "utf-8")
    IMAGE.parent.mkdir(exist_ok=True)
    chart.save(IMAGE)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
