"""What `stance targets check` and `targets probe` print."""

from dataclasses import asdict

from stance import paragraphs, targets
from stance import probe as probing
from stance.cli import terminal
from stance.config import RunConfig
from stance.errors import ConfigError
from stance.ingest import read
from stance.ingest.sources import discover
from stance.records import Article
from stance.targets import catalog, coverage

SHOWN = 40


def check(catalogue: str, config: RunConfig, *, as_json: bool) -> None:
    """Count what a catalogue finds in the paragraphs of some inputs.

    Raises:
        ConfigError: the catalogue is wrong, or no input became an article.
    """
    loaded = catalog.load([catalogue])
    texts = _texts(config)
    if not texts:
        raise ConfigError("none of the inputs became an article; `stance plan INPUT` says why")
    report = coverage.check(loaded, texts)
    if as_json:
        terminal.print_json(asdict(report))
        return
    _show(report)


def _texts(config: RunConfig) -> list[str]:
    refs = discover(config.inputs, config.read).refs
    articles = [item for ref in refs for item in read(ref, config.read) if isinstance(item, Article)]
    return [paragraph.text for article in articles for paragraph in paragraphs.split(article)]


def _show(report: targets.coverage.Report) -> None:
    found = ((target, f"{count:,}") for target, count in sorted(report.texts_with_target.items()))
    terminal.print_table(f"{report.texts:,} paragraphs", ["target ", "paragraphs that name it"], found)
    hit = [alias for alias in report.aliases if alias.hits]
    terminal.print_table(
        f"\nAliases found ({len(hit)} of {len(report.aliases)}; the {SHOWN} most frequent)",
        ["target ", "alias ", "hits", "where "],
        ([alias.target, alias.alias, f"{alias.hits:,}", alias.where] for alias in hit[:SHOWN]),
    )
    if report.overlaps:
        terminal.print_table(
            "\nAliases that met in one place; the first was kept",
            ["kept ", "dropped ", "times", "example "],
            ([each.kept, each.dropped, str(each.times), each.example] for each in report.overlaps[:SHOWN]),
        )
    if report.near_misses:
        terminal.print_table(
            "\nNear misses: words of the corpus that look like an alias and are none",
            ["alias ", "found ", "times"],
            ([each.alias, each.found, str(each.times)] for each in report.near_misses[:SHOWN]),
        )


def probe(config: RunConfig, most: int, *, as_json: bool) -> None:
    """Swap names and targets in an output's paragraphs and print what the scorer made of it."""
    findings = probing.probe(probing.stored_paragraphs(config.out, most), config)
    if as_json:
        terminal.print_json({"findings": [asdict(finding) for finding in findings]})
        return
    terminal.print_table(
        "What changes when only a name does (`name`: another of its kind; `target`: two targets change places)",
        ["swap ", "target ", "pairs", "mean change", "95 % interval", "mean size", "label flips"],
        (
            [
                finding.swap,
                finding.target,
                f"{finding.pairs:,}",
                f"{finding.change:+.3f}",
                f"{finding.low:+.3f} to {finding.high:+.3f}",
                f"{finding.size:.3f}",
                f"{finding.flips:.1%}",
            ]
            for finding in findings
        ),
    )
    for finding in findings:
        for example in finding.worst[:1]:
            change = f"{example.stance_before:+.2f} became {example.stance_after:+.2f}"
            terminal.out.print(f"\n{finding.swap} {finding.target}, farthest: {change}")
            terminal.out.print(f"  before: {example.before}\n  after:  {example.after}")
