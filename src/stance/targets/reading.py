"""From a catalogue file to checked entries that remember their line; `catalog` merges them.

What belongs here: the shape of the YAML and every refusal that can be told from one file. What does not: merging files,
finding mentions.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from stance.errors import ConfigError
from stance.records import Sought
from stance.targets.entries import Alias, CatalogFile, Condition, DescriptionsPart, Entry, Group, TargetPart
from stance.targets.phrases import PhraseError, expand, references, symbol, to_regex

VERSION = 1
PHRASE_KEYS = ("names", "surnames", "roles", "metonyms")
TOP_KEYS = {"version", "country", "extends", "lists", "targets", "descriptions"}
TARGET_KEYS = {"id", "name", "description", "kind", "sought", "aliases", "only_near", "exclude", "notes"}
DESCRIPTION_KEYS = {"nouns", "beside", "context", "weights", "at_least", "alone"}
CONDITION_KEYS = {"near", "unless", "within", "not_after"}
WITHIN = ("paragraph", "sentence")
_ALIASES_OF_LANGUAGE = re.compile(r"aliases_[a-z]{2}\Z")
_TARGET_ID = re.compile(r"[a-z][a-z0-9_]*\Z")


def read(path: Path) -> CatalogFile:
    """Read and check one catalogue file.

    Raises:
        ConfigError: the file cannot be read or is wrong; the message names file and line.
    """
    try:
        root = YAML(typ="safe").compose(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as a target catalogue: {error}") from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(f"{path}:{line}: not YAML: {error.problem}") from error
    return _Reader(path).catalog(root)


def _texts(entries: tuple[Entry, ...]) -> tuple[str, ...]:
    return tuple(entry.text for entry in entries)


class _Reader:
    """Walks the YAML nodes of one file; every refusal names the node's line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.references: list[Entry] = []

    def where(self, node: Node | None) -> str:
        return f"{self.path}:{node.start_mark.line + 1 if node else 1}"

    def refuse(self, node: Node | None, message: str) -> NoReturn:
        raise ConfigError(f"{self.where(node)}: {message}")

    def catalog(self, root: Node | None) -> CatalogFile:
        top = self.mapping(root, TOP_KEYS, "the catalogue")
        version = self.scalar(top.get("version"), "version", root)
        if version.text != str(VERSION):
            self.refuse(top["version"], f"expected version: {VERSION}, got {version.text}")
        extends = tuple(self.entries(top["extends"], "extends")) if "extends" in top else ()
        lists = self.lists(top["lists"]) if "lists" in top else {}
        targets = () if "targets" not in top and lists else self.targets(top.get("targets"), root)
        descriptions = self.descriptions(top["descriptions"]) if "descriptions" in top else None
        country = self.scalar(top["country"], "country", root).text if "country" in top else ""
        return CatalogFile(self.path.name, country, extends, lists, targets, descriptions, tuple(self.references))

    def mapping(self, node: Node | None, known: set[str] | None, what: str) -> dict[str, Node]:
        if not isinstance(node, MappingNode):
            self.refuse(node, f"{what}: expected keys with values")
        found: dict[str, Node] = {}
        for key, value in node.value:
            if known is not None and key.value not in known and not _ALIASES_OF_LANGUAGE.match(str(key.value)):
                self.refuse(key, f"unknown key '{key.value}' in {what}; known: {', '.join(sorted(known))}")
            if key.value in found:
                self.refuse(key, f"key '{key.value}' twice in {what}")
            found[key.value] = value
        return found

    def scalar(self, node: Node | None, what: str, parent: Node | None) -> Entry:
        if not isinstance(node, ScalarNode) or not node.value.strip():
            self.refuse(node or parent, f"{what}: expected a text")
        return Entry(" ".join(node.value.split()), self.where(node))

    def entries(self, node: Node, what: str) -> Iterator[Entry]:
        """Yield the texts of a sequence, or the one text of a scalar."""
        nodes = node.value if isinstance(node, SequenceNode) else [node]
        for item in nodes:
            yield self.scalar(item, what, node)

    def lists(self, node: Node) -> dict[str, tuple[Entry, ...]]:
        found = {}
        for name, value in self.mapping(node, None, "lists").items():
            found[name] = tuple(self.entries(value, f"list {name}"))
            self.expandable(found[name])
            self.unique(found[name], f"list {name}")
        return found

    def targets(self, node: Node | None, root: Node | None) -> tuple[TargetPart, ...]:
        if not isinstance(node, SequenceNode) or not node.value:
            self.refuse(node or root, "targets: expected at least one target")
        parts = tuple(self.target(item) for item in node.value)
        self.unique([Entry(part.id, part.where) for part in parts], "targets")
        self.no_shared_alias(parts)
        return parts

    def target(self, node: Node) -> TargetPart:
        keys = self.mapping(node, TARGET_KEYS, "a target")
        target_id = self.scalar(keys.get("id"), "id", node)
        if not _TARGET_ID.match(target_id.text):
            self.refuse(keys["id"], f"target id '{target_id.text}': expected lower-case letters, digits and _")
        what = f"target {target_id.text}"
        fields: dict[str, str] = {
            key: self.scalar(keys[key], f"{key} of {what}", node).text
            for key in ("name", "description", "kind")
            if key in keys
        }
        groups = tuple(self.groups(keys, what))
        if not any(group.aliases for group in groups):
            self.refuse(node, f"{what} is empty: expected an alias under aliases, aliases_xx or only_near")
        exclude = tuple(self.entries(keys["exclude"], f"exclude of {what}")) if "exclude" in keys else ()
        for entry in exclude:
            self.compilable(entry)
        sought = self.sought(keys["sought"], what) if "sought" in keys else None
        return TargetPart(target_id.text, target_id.where, fields, groups, exclude, sought)

    def descriptions(self, node: Node) -> DescriptionsPart:
        what = "descriptions"
        keys = self.mapping(node, DESCRIPTION_KEYS, what)
        nouns, beside, context = (
            tuple(self.entries(keys[key], f"{key} of {what}")) if key in keys else ()
            for key in ("nouns", "beside", "context")
        )
        if not nouns:
            self.refuse(node, f"{what}: expected nouns, the lists of words that may head a description")
        self.references.extend((*nouns, *beside, *context))
        chances = self.mapping(keys["at_least"], None, f"at_least of {what}") if "at_least" in keys else {}
        self.references.extend(Entry(f"@{target}", self.where(chance)) for target, chance in chances.items())
        if not chances:
            self.refuse(node, f"{what}: expected at_least, a chance for each target that descriptions may name")
        return DescriptionsPart(
            self.where(node),
            _texts(nouns),
            _texts(beside),
            _texts(context),
            self.scalar(keys.get("weights"), f"weights of {what}", node),
            {target: self.chance(chance, "at_least") for target, chance in chances.items()},
            self.chance(keys["alone"], "alone") if "alone" in keys else 0.0,
        )

    def sought(self, node: Node, what: str) -> Sought:
        entry = self.scalar(node, f"sought of {what}", node)
        if entry.text not in set(Sought):
            self.refuse(node, f"sought of {what}: expected {', '.join(Sought)}, got {entry.text}")
        return Sought(entry.text)

    def chance(self, node: Node, what: str) -> float:
        entry = self.scalar(node, what, node)
        try:
            value = float(entry.text)
        except ValueError:
            value = 0.0
        if not 0 < value < 1:
            self.refuse(node, f"{what}: expected a chance between 0 and 1, got {entry.text}")
        return value

    def groups(self, keys: Mapping[str, Node], what: str) -> Iterator[Group]:
        for key, node in keys.items():
            if key.startswith("aliases"):
                named = self.mapping(node, {*PHRASE_KEYS, "patterns"}, f"{key} of {what}")
                yield Group(None, tuple(self.aliases(named, what)))
        if "only_near" not in keys:
            return
        node = keys["only_near"]
        if not isinstance(node, SequenceNode):
            self.refuse(node, f"only_near of {what}: expected a list of groups, each with near or unless and aliases")
        for item in node.value:
            named = self.mapping(item, {*PHRASE_KEYS, "patterns", *CONDITION_KEYS}, f"only_near of {what}")
            yield Group(self.condition(named, item, what), tuple(self.aliases(named, what)))

    def condition(self, named: Mapping[str, Node], node: Node, what: str) -> Condition:
        near, unless, not_after = (
            tuple(self.entries(named[key], f"{key} of {what}")) if key in named else ()
            for key in ("near", "unless", "not_after")
        )
        if not (near or unless or not_after):
            self.refuse(
                node, f"only_near of {what}: expected near, unless or not_after; what always counts goes under aliases"
            )
        self.references.extend((*near, *unless))
        within = self.scalar(named["within"], "within", node).text if "within" in named else WITHIN[0]
        if within not in WITHIN:
            self.refuse(named["within"], f"within: expected {' or '.join(WITHIN)}, got '{within}'")
        return Condition(_texts(near), _texts(unless), within, _texts(not_after))

    def aliases(self, named: Mapping[str, Node], what: str) -> Iterator[Alias]:
        found = {key: list(self.entries(named[key], f"{key} of {what}")) for key in PHRASE_KEYS if key in named}
        together = [entry for entries in found.values() for entry in entries]
        self.unique(together, what)
        self.expandable(together)
        for key, entries in found.items():
            yield from (Alias(e.text, e.text, False, e.where, key == "surnames") for e in entries)
        if "patterns" in named:
            for name, node in self.mapping(named["patterns"], None, f"patterns of {what}").items():
                entry = self.scalar(node, f"pattern {name}", node)
                self.compilable(entry)
                yield Alias(name, entry.text, True, entry.where)

    def unique(self, entries: "list[Entry] | tuple[Entry, ...]", what: str) -> None:
        seen: dict[str, str] = {}
        for entry in entries:
            if entry.text in seen:
                raise ConfigError(f"{entry.where}: '{entry.text}' twice in {what}, first at {seen[entry.text]}")
            seen[entry.text] = entry.where

    def expandable(self, entries: "list[Entry] | tuple[Entry, ...]") -> None:
        for entry in entries:
            try:
                expand(entry.text)
            except PhraseError as error:
                raise ConfigError(f"{entry.where}: {error}") from error

    def compilable(self, entry: Entry) -> None:
        names = references(entry.text)
        self.references.extend(Entry(name, entry.where) for name in names)
        try:
            re.compile(to_regex(entry.text, dict.fromkeys(names, symbol(0))))
        except re.error as error:
            raise ConfigError(f"{entry.where}: not a regular expression: {error}: {entry.text}") from error

    def no_shared_alias(self, parts: tuple[TargetPart, ...]) -> None:
        """Refuse a phrase that always counts for two targets, or twice for one."""
        seen: dict[str, tuple[str, str]] = {}
        for part in parts:
            for alias in (
                a for group in part.groups if group.condition is None for a in group.aliases if not a.pattern
            ):
                if alias.text in seen:
                    other, where = seen[alias.text]
                    twice = f"twice in target {part.id}" if other == part.id else f"alias of both {other} and {part.id}"
                    raise ConfigError(f"{alias.where}: '{alias.text}' is {twice}, first at {where}")
                seen[alias.text] = (part.id, alias.where)
