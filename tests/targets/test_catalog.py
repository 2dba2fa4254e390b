from pathlib import Path

import pytest

from stance.errors import ConfigError
from stance.targets import MentionFinder, load, shipped
from tests.targets.catalogues import HEAD, texts, write

PACK = """
    version: 1
    extends: base.yaml
    targets:
      - id: government
        aliases: {names: [Omarov]}
"""


def base(folder: Path, roles: str = "cabinet") -> Path:
    return write(folder, f"{HEAD.strip()}\n    aliases: {{roles: [{roles}]}}\n", "base.yaml")


def test_a_pack_adds_to_what_it_extends(tmp_path: Path) -> None:
    base(tmp_path)
    catalog = load([write(tmp_path, PACK)])
    assert [target.aliases for target in catalog.targets] == [("cabinet", "Omarov")]
    assert texts(MentionFinder(catalog), "Omarov met the cabinet.") == ["Omarov", "cabinet"]


def test_whether_a_target_is_sought_is_inherited_and_overruled(tmp_path: Path) -> None:
    aliases = "    aliases: {roles: [cabinet]}\n"
    base = write(tmp_path, HEAD + aliases + "    sought: named\n", "base.yaml")
    pack = "version: 1\nextends: base.yaml\ntargets:\n  - id: government\n    aliases: {roles: [council]}\n"
    inherited = load([write(tmp_path, pack, "silent.yaml")])
    overruled = load([write(tmp_path, pack + "    sought: never\n", "not.yaml")])
    assert [each.target("government").sought for each in (load([base]), inherited)] == ["named", "named"]
    assert overruled.target("government").sought == "never"
    assert inherited.fingerprint != overruled.fingerprint
    assert load([write(tmp_path, HEAD + aliases)]).target("government").sought == "never"


def test_a_pack_may_repeat_an_alias_of_what_it_extends(tmp_path: Path) -> None:
    base(tmp_path, "Omarov")
    assert load([write(tmp_path, PACK)]).targets[0].aliases == ("Omarov",)


def test_two_files_may_not_give_one_alias_to_two_targets(tmp_path: Path) -> None:
    base(tmp_path)
    other = """
        version: 1
        targets:
          - {id: rivals, name: rivals, description: d, kind: k, aliases: {roles: [cabinet]}}
    """
    with pytest.raises(ConfigError, match="'cabinet' is an alias of both government and rivals"):
        load([tmp_path / "base.yaml", write(tmp_path, other)])


def test_a_file_that_extends_itself_is_refused(tmp_path: Path) -> None:
    base(tmp_path)
    path = write(tmp_path, PACK.replace("base.yaml", "test.yaml"))
    with pytest.raises(ConfigError, match="extends itself"):
        load([path])


def test_equal_definitions_have_equal_fingerprints_whatever_the_file_is_called(tmp_path: Path) -> None:
    one = load([base(tmp_path)])
    two = load([base(tmp_path).rename(tmp_path / "other.yaml")])
    assert one.fingerprint == two.fingerprint
    assert one.targets == two.targets


@pytest.mark.parametrize(
    "addition",
    [
        "    aliases: {roles: [cabinet, junta]}\n",
        "    aliases: {roles: [cabinet]}\n    exclude: [shadow cabinet]\n",
        "    aliases: {surnames: [cabinet]}\n",
        "    only_near: [{not_after: [the], roles: [cabinet]}]\n",
    ],
)
def test_whatever_decides_what_is_found_changes_the_definition(tmp_path: Path, addition: str) -> None:
    plain = load([base(tmp_path)])
    changed = load([write(tmp_path, HEAD.strip() + "\n" + addition)])
    assert changed.targets[0].definition != plain.targets[0].definition
    assert changed.fingerprint != plain.fingerprint


def test_a_changed_list_changes_the_definition_of_targets_that_may_use_it(tmp_path: Path) -> None:
    lists = "lists: {{cue: [{}]}}\n"
    rest = HEAD.strip() + "\n    only_near: [{near: [cue], roles: [crowd]}]\n"
    one, two = (load([write(tmp_path, lists.format(cue) + rest)]) for cue in ("rally", "march"))
    assert one.targets[0].definition != two.targets[0].definition


def test_every_shipped_pack_loads_alone() -> None:
    assert {"general", "kazakhstan", "belarus", "georgia", "russia", "iran", "qaraly", "ukraine"} <= shipped().keys()
    for name in shipped():
        assert [target.id for target in load([name]).targets] == ["government", "protesters", "russia"], name


def test_the_default_catalogue_is_every_shipped_pack() -> None:
    assert load().fingerprint == load(list(shipped())).fingerprint


def test_an_unknown_target_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no target 'russia' in the catalogue; it has government"):
        load([base(tmp_path)]).target("russia")
