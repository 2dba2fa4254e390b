from pathlib import Path

import pytest

from stance.errors import ConfigError
from stance.targets import load
from tests.targets.catalogues import HEAD, write

GOOD = HEAD + "    aliases: {roles: [cabinet]}\n"
DESCRIBED = """version: 1
lists: {trade: [welder]}
descriptions:
  nouns: [trade]
  weights: none.json
  at_least: {government: 0.5}
""" + GOOD.partition("\n")[2].partition("version: 1\n")[2]

REFUSED = {
    "no YAML": ("version: [1\n", 2, "not YAML"),
    "a list": ("- version: 1\n", 1, "expected keys with values"),
    "no version": ("targets:\n  - id: a\n", 1, "version: expected a text"),
    "a later version": (GOOD.replace("version: 1", "version: 2"), 1, "expected version: 1, got 2"),
    "unknown key": ("colour: red\n" + GOOD.lstrip(), 1, "unknown key 'colour'"),
    "unknown key of a target": (GOOD + "    alias: [x]\n", 8, "unknown key 'alias' in a target"),
    "key twice": (GOOD + "    kind: state\n", 8, "key 'kind' twice"),
    "no targets": ("version: 1\ntargets: []\n", 2, "expected at least one target"),
    "sought neither way": (
        GOOD + "    sought: maybe\n",
        8,
        "sought of target government: expected never, named, always",
    ),
    "no id": ("version: 1\ntargets:\n  - name: x\n", 3, "id: expected a text"),
    "bad id": (GOOD.replace("id: government", "id: The State"), 3, "expected lower-case letters"),
    "no name": (GOOD.replace("    name: government\n", ""), 3, "has no name"),
    "empty target": (HEAD, 3, "target government is empty"),
    "empty aliases": (HEAD + "    aliases: {roles: []}\n", 3, "target government is empty"),
    "alias twice in a group": (
        HEAD + "    aliases:\n      roles:\n        - cabinet\n        - cabinet\n",
        10,
        "twice",
    ),
    "alias twice in two groups": (GOOD + "    aliases_ru: {roles: [cabinet]}\n", 8, "'cabinet' is twice in target"),
    "alias of two targets": (
        GOOD + "  - id: other\n    name: o\n    description: o\n    kind: o\n    aliases: {names: [cabinet]}\n",
        12,
        "'cabinet' is alias of both government and other",
    ),
    "target twice": (GOOD + "  - id: government\n    aliases: {names: [x]}\n", 8, "'government' twice in targets"),
    "bad exclusion": (GOOD + "    exclude: ['(']\n", 8, "not a regular expression"),
    "bad pattern": (HEAD + "    aliases: {patterns: {p: '[a'}}\n", 7, "not a regular expression"),
    "pattern with an unknown list": (HEAD + "    aliases: {patterns: {p: '{nobody} here'}}\n", 7, "no list or target"),
    "condition without a cue": (HEAD + "    only_near:\n      - roles: [crowd]\n", 8, "expected near, unless"),
    "unknown cue": (
        HEAD + "    only_near:\n      - near: [rally]\n        roles: [crowd]\n",
        8,
        "no list or target 'rally'",
    ),
    "unknown target as cue": (HEAD + "    only_near:\n      - near: ['@x']\n        roles: [crowd]\n", 8, "'@x'"),
    "bad stretch": (
        HEAD + "    only_near:\n      - near: ['@government']\n        within: page\n        roles: [crowd]\n",
        9,
        "expected paragraph or sentence",
    ),
    "nested choice": (HEAD + "    aliases: {roles: [a (b|(c|d))]}\n", 7, "expected alternatives as (a|b)"),
    "star in a word": (HEAD + "    aliases: {roles: ['pre*fix']}\n", 7, "must follow a word's beginning"),
    "star alone": (HEAD + "    aliases: {roles: ['party *']}\n", 7, "must follow a word's beginning"),
    "nothing to find": (HEAD + "    aliases: {roles: ['(the|)']}\n", 7, "expected letters or digits"),
    "unknown key of descriptions": (DESCRIBED.replace("nouns", "noun"), 4, "unknown key 'noun' in descriptions"),
    "descriptions without nouns": (DESCRIBED.replace("  nouns: [trade]\n", ""), 4, "expected nouns"),
    "descriptions with an unknown list": (DESCRIBED.replace("[trade]", "[guild]"), 4, "no list or target 'guild'"),
    "descriptions without chances": (DESCRIBED.replace("  at_least: {government: 0.5}\n", ""), 4, "expected at_least"),
    "descriptions of an unknown target": (
        DESCRIBED.replace("{government", "{nobody"),
        6,
        "no list or target '@nobody'",
    ),
    "no chance": (DESCRIBED.replace("0.5", "5"), 6, "expected a chance between 0 and 1, got 5"),
    "no chance alone": (DESCRIBED.replace("0.5}", "0.5}\n  alone: much"), 7, "alone: expected a chance"),
    "no weights": (DESCRIBED, 5, "weights cannot be read"),
    "extends nothing": ("extends: nowhere\n" + GOOD.lstrip(), 1, "no catalogue 'nowhere'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_catalogue_is_refused_with_file_and_line(case: str, tmp_path: Path) -> None:
    text, line, message = REFUSED[case]
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as refused:
        load([path])
    assert str(refused.value).startswith(f"{path}:{line}: ")
    assert message in str(refused.value)


def test_the_catalogue_the_cases_start_from_is_good(tmp_path: Path) -> None:
    assert [target.id for target in load([write(tmp_path, GOOD)]).targets] == ["government"]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no catalogue 'missing\.yaml'"):
        load(["missing.yaml"])


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes(GOOD.replace("The authorities", "Autorit\xe9s").encode("latin-1"))
    with pytest.raises(ConfigError, match="cannot be read"):
        load([path])


def test_word_lists_alone_are_no_catalogue(tmp_path: Path) -> None:
    lists = write(tmp_path, "version: 1\nlists: {trade: [welder]}\n", "lists.yaml")
    with pytest.raises(ConfigError, match="word lists only"):
        load([lists])
    extended = write(tmp_path, "extends: lists.yaml\n" + GOOD.lstrip())
    assert load([extended]).lists == {"trade": ("welder",)}
