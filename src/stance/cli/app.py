"""The commands and their options; each is one call into the library and one way to show what came back."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

import stance
from stance.cli import terminal
from stance.errors import ConfigError

app = typer.Typer(
    help="Who is for and against whom in the news: stance per target and per voice, with honest intervals.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
labels_app = typer.Typer(help="Take in what people labelled.", no_args_is_help=True)
app.add_typer(labels_app, name="labels")
targets_app = typer.Typer(help="Look after catalogues of targets.", no_args_is_help=True)
app.add_typer(targets_app, name="targets")

Inputs = Annotated[list[str], typer.Argument(help="Files, folders, globs or web addresses.", show_default=False)]
ConfiguredInputs = Annotated[
    list[str] | None,
    typer.Argument(help="Files, folders, globs or web addresses; else `inputs` of stance.toml.", show_default=False),
]
Out = Annotated[str, typer.Argument(help="Folder (or s3:// address) that `stance run` wrote.", show_default=False)]
Targets = Annotated[
    list[str] | None,
    typer.Option("--targets", "-t", help="Catalogue file or shipped pack; may be given again.", show_default=False),
]
Config = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="Configuration file; `stance.toml` here if it exists.", show_default=False),
]
Model = Annotated[
    str | None,
    typer.Option("--scorer", help="base, small, lexicon, dummy, a folder, or a TOML file.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def scorer_of(name: str | None) -> Mapping[str, Any] | None:
    """The `[scorer]` table that `--scorer NAME` stands for; all of it where NAME is a TOML file.

    Raises:
        ConfigError: the file cannot be read, has no such table, or something in it is wrong.
    """
    if name is None:
        return None
    if name.endswith(".toml"):
        settings = load_config(Path(name))
        if "scorer" not in settings.model_fields_set:
            raise ConfigError(f"{name}: no [scorer] table; see docs/scorers.md for what it holds")
        return settings.scorer.model_dump()  # type: ignore[no-any-return]
    return {"kind": name} if name in ("dummy", "lexicon") else {"kind": "encoder", "model": name}


def scorer_named(name: str) -> Any:  # noqa: ANN401 - ScorerConfig, imported late
    """The scorer that a name of `--scorer` stands for."""
    return load_config(None, scorer=scorer_of(name)).scorer


def load_config(path: Path | None, **overrides: Any) -> Any:  # noqa: ANN401 - RunConfig, imported late
    """Read the configuration and lay the command line's values over it."""
    from stance import config

    return config.load(path, overrides)


def say_missing(settings: Any) -> bool:  # noqa: ANN401 - RunConfig, imported late
    """Name on standard error the inputs that are not there; return whether there are any."""
    from stance import pipeline
    from stance.ingest.sources import NOTHING

    lost = pipeline.missing(settings)
    for item in lost:
        terminal.fail(f"{item}: {NOTHING}")
    return bool(lost)


@app.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Answer `--version`."""
    if version:
        terminal.out.print(f"stance {stance.__version__}")
        raise typer.Exit


@app.command()
def run(
    inputs: ConfiguredInputs = None,
    out: Annotated[
        str | None,
        typer.Option(
            "--out", "-o", help="Folder or s3:// address of the tables; else `out` of stance.toml, or stance-out."
        ),
    ] = None,
    targets: Targets = None,
    config: Config = None,
    scorer: Model = None,
    from_format: Annotated[
        str | None, typer.Option("--from", help="Read every input as this format.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """Read news, score what is new, estimate; print a summary."""
    from stance import pipeline
    from stance.cli import summary

    settings = load_config(
        config,
        inputs=inputs or None,
        out=out,
        targets=targets or None,
        scorer=scorer_of(scorer),
        read={"from_format": from_format} if from_format else None,
    )
    with terminal.bars() as progress:
        result = pipeline.run(settings, progress)
    summary.show(result, as_json=as_json)
    lost = say_missing(settings)
    only_rejections = bool(result.counts.get("rejections")) and not result.counts.get("articles")
    if only_rejections or not result.totals["articles"]:
        terminal.fail(f"no input became an article; for the reasons: stance status {result.out}")
        raise typer.Exit(1)
    if result.failures or lost:
        raise typer.Exit(1)


@app.command()
def score(
    text: Annotated[str, typer.Argument(help="One paragraph; - reads standard input.", show_default=False)],
    targets: Targets = None,
    config: Config = None,
    scorer: Model = None,
    as_json: Json = False,
) -> None:
    """Score one paragraph: mentions, voices, stance toward each target, evidence, sentiment."""
    from stance import pipeline
    from stance.cli import paragraph

    text = typer.get_text_stream("stdin", "utf-8", "replace").read() if text == "-" else text
    settings = load_config(config, targets=targets or None, scorer=scorer_of(scorer))
    paragraph.show(pipeline.score_text(text, settings), as_json=as_json)


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help="Labelled JSON lines: targeted text or codebook rows.")],
    given_mentions: Annotated[
        bool, typer.Option("--given-mentions", help="Use the file's mentions, not the catalogue's.")
    ] = False,
    targets: Targets = None,
    config: Config = None,
    scorer: Model = None,
    as_json: Json = False,
) -> None:
    """Measure the scorer on a labelled file."""
    from stance.cli import quality

    settings = load_config(config, targets=targets or None, scorer=scorer_of(scorer))
    quality.evaluate(file, settings, given_mentions=given_mentions, as_json=as_json)


@app.command()
def plan(
    inputs: ConfiguredInputs = None,
    targets: Targets = None,
    config: Config = None,
    scorer: Model = None,
    as_json: Json = False,
) -> None:
    """Say what a run would take: paragraphs, time (measured on a sample), tokens, money, memory."""
    from stance import plan as planning
    from stance.cli import quality

    settings = load_config(config, inputs=inputs or None, targets=targets or None, scorer=scorer_of(scorer))
    lost = say_missing(settings)
    quality.planned(planning.plan(settings), as_json=as_json)
    if lost:
        raise typer.Exit(1)


@app.command()
def compare(
    file: Annotated[str, typer.Argument(help="Labelled JSON lines, or any news.")],
    scorers: Annotated[str, typer.Option(help="Names by comma: base, small, lexicon, dummy, folders, or TOML files.")],
    targets: Targets = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Put scorers side by side: quality, calibration, speed, disagreement."""
    from stance import compare as comparing
    from stance.cli import quality

    settings = load_config(config, targets=targets or None)
    named = {name.strip(): scorer_named(name.strip()) for name in scorers.split(",") if name.strip()}
    quality.compared(comparing.compare(file, named, settings), as_json=as_json)


@app.command()
def train(
    config: Annotated[Path, typer.Argument(help="Training configuration, such as data/training/small.toml.")],
) -> None:
    """Reproduce or adapt the default model from labelled files; goes on from its last checkpoint."""
    from stance.cli import quality

    quality.train(config)


@app.command()
def status(
    out: Out,
    config: Annotated[
        Path | None, typer.Option("--config", "-c", help="Of the next run; else the last run's.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """Show runs, counts, rejections, feed health, and what a next run would do and cost."""
    from stance import pipeline
    from stance.cli import state

    settings = load_config(config, out=out) if config else None
    state.show(pipeline.status(out, settings), as_json=as_json)


@app.command()
def sample(
    out: Out,
    to: Annotated[Path, typer.Option(help="File to fill in: .csv, or .json for Label Studio.", show_default=False)],
    n: Annotated[int, typer.Option("--n", help="New paragraphs to draw.")] = 200,
    design: Annotated[str, typer.Option(help="simple, stratified or unsure.")] = "stratified",
    seed: Annotated[int, typer.Option(help="Of the random numbers.")] = 0,
    show_model: Annotated[bool, typer.Option("--show-model", help="Show the model's answer; it sways people.")] = False,
    config: Config = None,
) -> None:
    """Draw paragraphs for people to label, with known chances; a second call extends the first."""
    from pydantic import ValidationError

    from stance.annotate.draw import SampleOptions
    from stance.cli import human
    from stance.errors import ConfigError

    try:
        options = SampleOptions.model_validate({"n": n, "design": design, "seed": seed})
    except ValidationError as error:
        raise ConfigError("; ".join(f"--{item['loc'][0]}: {item['msg']}" for item in error.errors())) from None
    human.sample(load_config(config, out=out), options, to, show_model=show_model)


@labels_app.command("add")
def labels_add(
    out: Out,
    file: Annotated[Path, typer.Argument(help="Filled-in CSV, or Label Studio's JSON export.", show_default=False)],
    annotator: Annotated[str, typer.Option(help="Who labelled the rows that do not say so.")] = "",
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Take labels in, check them, and say how far annotators agree."""
    from stance.cli import human

    human.add(load_config(config, out=out), file, annotator, as_json=as_json)


@app.command()
def estimate(
    out: Out,
    by: Annotated[
        str | None, typer.Option(help="Break down by: outlet,day,week,month,voice.", show_default=False)
    ] = None,
    counting: Annotated[
        str | None, typer.Option(help="What counts as one: article, story, outlet_story.", show_default=False)
    ] = None,
    labels: Annotated[
        Path | None, typer.Option(help="Filled-in file of labels to take in first.", show_default=False)
    ] = None,
    trend: Annotated[
        Path | None, typer.Option(help="CSV for smooth lines through the periods.", show_default=False)
    ] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Make the estimates again, corrected by the labels there are; error rates, drift, alerts.

    Options that neither the command line nor a configuration file gives are those of the last run.
    """
    from stance.cli import estimate as estimating
    from stance.cli import human
    from stance.pipeline.settings import with_recorded

    options: dict[str, Any] = {}
    if by is not None:
        options["by"] = tuple(word.strip() for word in by.split(",") if word.strip())
    if counting is not None:
        options["counting"] = counting
    settings = with_recorded(load_config(config, out=out))
    if options:
        asked = load_config(config, estimate=settings.estimate.model_dump() | options)
        settings = settings.model_copy(update={"estimate": asked.estimate})
    if labels is not None:
        human.add(settings, labels, "", as_json=False, quiet=as_json)
    estimating.estimate(settings, trend=trend, as_json=as_json)


@app.command()
def evidence(
    out: Out,
    query: Annotated[
        str,
        typer.Option(
            help="The number: target=russia, measure=favor, outlet=Kompas, week=2025-01-06.", show_default=False
        ),
    ],
    to: Annotated[Path, typer.Option(help="New folder for the evidence.", show_default=False)],
    config: Config = None,
) -> None:
    """Gather one published number with its rows, labels, versions and a script that recomputes it."""
    from stance.cli import estimate as estimating
    from stance.pipeline.settings import with_recorded

    estimating.evidence(with_recorded(load_config(config, out=out)), query, to)


@app.command()
def dashboard(
    out: Out,
    host: Annotated[
        str, typer.Option(help="Address to bind to; any but loopback needs a password or a login.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to bind to.")] = 8501,
    password: Annotated[bool, typer.Option("--password", help="Ask readers for $STANCE_PASSWORD.")] = False,
    login: Annotated[
        bool, typer.Option("--login", help="Readers log in with the OIDC provider of Streamlit's secrets.")
    ] = False,
    events: Annotated[str | None, typer.Option(help="CSV of events to mark in the charts.", show_default=False)] = None,
) -> None:
    """Open the live board over the tables."""
    import os

    from stance.dashboard import launch
    from stance.errors import ConfigError

    word = os.environ.get("STANCE_PASSWORD") if password else None
    if password and not word:
        raise ConfigError("--password: the environment variable STANCE_PASSWORD is empty or not set")
    raise typer.Exit(launch(out, host, port, password=word, login=login, events=events))


@app.command()
def report(
    out: Out,
    to: Annotated[Path, typer.Option(help="HTML file to write.", show_default=False)],
    events: Annotated[str | None, typer.Option(help="CSV of events to mark in the charts.", show_default=False)] = None,
) -> None:
    """Write one self-contained page with the board's charts."""
    from stance.dashboard import report as pages

    pages.write(out, to, events)
    terminal.out.print(f"Report: {to}")


@app.command()
def compact(out: Out) -> None:
    """Bring tables of an older version up to date and remove leftovers of stopped runs; no row changes."""
    from stance import pipeline
    from stance.cli import state

    state.compacted(pipeline.compact(out))


@app.command()
def diff(
    out: Out,
    run1: Annotated[str, typer.Argument(help="Run id, as `stance status` lists them.")],
    run2: Annotated[str, typer.Argument(help="Run id, as `stance status` lists them.")],
    as_json: Json = False,
) -> None:
    """Say why numbers moved between two runs."""
    from stance import pipeline
    from stance.cli import state

    state.moved(pipeline.diff(out, run1, run2), as_json=as_json)


@app.command()
def serve(
    config: Config = None,
    cron: Annotated[str, typer.Option(help="When to run, as cron.")] = "30 5 * * *",
    timezone: Annotated[str, typer.Option(help="Time zone of the schedule.")] = "UTC",
    port: Annotated[int, typer.Option(help="Port of the Prefect server, if none runs yet.")] = 4200,
) -> None:
    """Run the scheduled flows on this machine until stopped."""
    import os
    import sys

    if not ((settings := load_config(config)).inputs or settings.source):
        raise ConfigError("nothing to serve: `inputs` or a [[source]] in stance.toml say what to read")
    options = ["--cron", cron, "--timezone", timezone, "--port", str(port)]
    options += ["--config", str(config)] if config else []
    # This process becomes the server of flows, so that signals to it arrive there.
    os.execv(sys.executable, [sys.executable, "-m", "flows.serve", *options])  # noqa: S606


@targets_app.command("check")
def targets_check(
    catalogue: Annotated[str, typer.Argument(help="Catalogue file or shipped pack.")],
    inputs: Inputs,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Show what a catalogue finds in a corpus: hits per alias, overlaps, near misses."""
    from stance.cli import catalogues

    catalogues.check(catalogue, load_config(config, inputs=inputs), as_json=as_json)


@targets_app.command("probe")
def targets_probe(
    out: Out,
    n: Annotated[int, typer.Option("--n", help="Paragraphs to try at most.")] = 500,
    targets: Targets = None,
    config: Config = None,
    scorer: Model = None,
    as_json: Json = False,
) -> None:
    """Swap names and targets in your own paragraphs: does the answer hang on the name or on the text?"""
    from stance.cli import catalogues

    settings = load_config(config, out=out, targets=targets or None, scorer=scorer_of(scorer))
    catalogues.probe(settings, n, as_json=as_json)
