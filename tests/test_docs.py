"""The docs cannot lie about what there is: commands, files, links, benchmarks."""

import re
import tomllib
from pathlib import Path

import pytest
import typer.main

from stance.cli.app import app
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


def test_readme_has_no_gap() -> None:
    assert not re.search(r"^(SESSION|RUN|FIGURES|LIMITS)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
