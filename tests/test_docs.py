"""The docs cannot lie about what there is: commands, files, links, benchmarks."""

import re
import tomllib
from pathlib import Path

import pytest
import typer.main

from stance import config
from stance.cli.app import app
from stance.config import RunConfig
from stance.estimate.options import EstimateOptions
from stance.targets import catalog
from tests.conftest import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("data/*/README.md")])
COMMANDS = typer.main.get_command(app)


def names(group: object, prefix: str = "") -> list[str]:
    found = []
    for name, command in getattr(group, "commands", {}).items():
        found += names(command, f"{prefix}{name} ") if hasattr(command, "commands") else [f"{prefix}{name}"]
    return found


@pytest.mark.parametrize("command", names(COMMANDS))
def test_every_command_is_in_the_docs(command: str) -> None:
    assert any(re.search(rf"stance {command}\b", page.read_text("utf-8")) for page in PAGES), command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_in_the_docs_exist(page: Path) -> None:
    known = {name.split()[0] for name in names(COMMANDS)}
    used = re.findall(r"^\s*(?:\$ )?stance ([a-z]+)\b", page.read_text("utf-8"), re.MULTILINE)
    assert set(used) <= known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_files_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    for link in re.findall(r"\]\(([^)#:\s]+)\)", text):
        assert (page.parent / link).exists(), link
    for file in re.findall(r"python (benchmarks/\w+\.py)", text):
        assert (ROOT / file).is_file(), file


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_toml_in_the_docs_is_toml(page: Path) -> None:
    for block in re.findall(r"```toml\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
        tomllib.loads(block)


def test_the_configuration_in_the_docs_has_every_key_with_its_default(tmp_path: Path) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "runs.md").read_text("utf-8"), re.DOTALL)
    (block,) = [block for block in blocks if "shard_paragraphs" in block]
    told = tomllib.loads(block)
    assert told.keys() | {"read", "source", "fetch"} == RunConfig.model_fields.keys()
    assert told["estimate"].keys() == EstimateOptions.model_fields.keys()
    (tmp_path / "stance.toml").write_text(block, "utf-8")
    loaded = config.load(tmp_path / "stance.toml")
    paths = {"inputs", "out", "targets", "labels"}
    assert loaded.model_dump(exclude=paths) == RunConfig().model_dump(exclude=paths)


def test_the_catalogue_in_the_docs_is_one(tmp_path: Path) -> None:
    first, *_ = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "targets.md").read_text("utf-8"), re.DOTALL)
    (tmp_path / "mine.yaml").write_text(first, "utf-8")
    loaded = catalog.load([str(tmp_path / "mine.yaml")])
    assert [target.id for target in loaded.targets] == ["government", "protesters", "russia"]


def test_readme_has_no_gap() -> None:
    assert not re.search(r"^(SESSION|RUN|FIGURES|LIMITS)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
