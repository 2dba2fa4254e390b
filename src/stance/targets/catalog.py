"""Catalogues of targets: what is looked for, merged from one or more files.

What belongs here: locating shipped packs, merging files, checks across files, fingerprints. What does not: the YAML's
shape (`reading`), the search (`mentions`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from stance.errors import ConfigError
from stance.ids import content_id
from stance.records import Sought, Target
from stance.targets.descriptions import Weights
from stance.targets.entries import Alias, CatalogFile, Condition, DescriptionsPart, Entry, TargetPart
from stance.targets.phrases import expand
from stance.targets.reading import read

GENERAL = "general"


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to find one target."""

    target: str
    alias: Alias
    condition: Condition | None
    loose: bool = False
    """Whether its entry lets the scorer look for mentions, and so doubt those that this rule finds."""


@dataclass(frozen=True, slots=True)
class Descriptions:
    """How free descriptions are found."""

    part: DescriptionsPart
    weights: Weights | None
    """None if they are yet to be learnt: then no description is found."""
    lists: Mapping[str, tuple[str, ...]] = field(repr=False)
    """The word lists that `part` names."""

    def rules(self) -> tuple[Rule, ...]:
        """Return a rule for each target that a description may name, by which such mentions are known."""
        alias = Alias("description", "", False, self.part.where, described=True)
        return tuple(Rule(target, alias, None, loose=True) for target in self.part.at_least)

    def identity(self, target: str) -> list[object]:
        """Return what decides where descriptions of a target are found, for its fingerprint."""
        weights = self.weights and [self.weights.bias, sorted(self.weights.features.items())]
        return [
            self.part.at_least.get(target),
            self.part.alone,
            self.part.nouns,
            self.part.context,
            weights,
            sorted(self.lists.items()),
        ]


@dataclass(frozen=True, slots=True)
class Catalog:
    """Targets and everything that decides where they are found."""

    targets: tuple[Target, ...]
    fingerprint: str
    """Content id of all definitions; equal for equal catalogues, whatever the names of their files."""
    rules: tuple[Rule, ...] = field(repr=False)
    lists: Mapping[str, tuple[str, ...]] = field(repr=False)
    excludes: Mapping[str, tuple[str, ...]] = field(repr=False)
    """Regular expressions by target id."""
    descriptions: Descriptions | None = field(default=None, repr=False)

    def target(self, target_id: str) -> Target:
        """Return the target with this id.

        Raises:
            ConfigError: the catalogue has none.
        """
        for target in self.targets:
            if target.id == target_id:
                return target
        raise ConfigError(f"no target '{target_id}' in the catalogue; it has {', '.join(t.id for t in self.targets)}")


def shipped() -> Mapping[str, Path]:
    """Return the packs that come with the package: name to file, in alphabetical order."""
    packaged = Path(str(resources.files("stance.targets"))) / "data"
    folder = packaged if packaged.is_dir() else Path(__file__).parents[3] / "data" / "targets"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def load(paths: Sequence[Path | str] = (), *, weigh: bool = True) -> Catalog:
    """Load catalogues and what they extend, as one.

    Args:
        paths: files, or names of shipped packs such as `kazakhstan`; none means every shipped pack.
        weigh: whether to read the weights of descriptions; without them none is found.

    Raises:
        ConfigError: a file is missing or wrong; the message names file and line.
    """
    files: dict[Path, CatalogFile] = {}
    for path in paths or tuple(shipped()):
        _collect(_locate(str(path), Path(), "targets"), files)
    if not files:
        raise ConfigError("targets: the shipped catalogues are missing from this installation; name a file instead")
    return _merge(files, weigh)


def _locate(name: str, folder: Path, where: str) -> Path:
    """Return the file of a path or of a shipped pack's name."""
    packs = shipped()
    if name in packs:
        return packs[name].resolve()
    path = folder / name
    if path.is_file():
        return path.resolve()
    raise ConfigError(f"{where}: no catalogue '{name}': expected a file or one of {', '.join(packs)}")


def _collect(path: Path, files: dict[Path, CatalogFile], chain: tuple[Path, ...] = ()) -> None:
    """Add a file after everything it extends."""
    if path in chain:
        raise ConfigError(f"{path}: extends itself through {', '.join(p.name for p in chain)}")
    if path in files:
        return
    catalog = read(path)
    for entry in catalog.extends:
        _collect(_locate(entry.text, path.parent, entry.where), files, (*chain, path))
    files[path] = catalog


def _merge(by_path: Mapping[Path, CatalogFile], weigh: bool) -> Catalog:
    files = tuple(by_path.values())
    lists: dict[str, tuple[str, ...]] = {}
    for file in files:
        for name, entries in file.lists.items():
            lists[name] = tuple(dict.fromkeys((*lists.get(name, ()), *(entry.text for entry in entries))))
    parts: dict[str, list[TargetPart]] = {}
    for part in (part for file in files for part in file.targets):
        parts.setdefault(part.id, []).append(part)
    _check_references([entry for file in files for entry in file.references], lists, parts)
    if not parts:
        raise ConfigError(f"{next(iter(by_path))}: expected a target; it and what it extends have word lists only")
    descriptions = _descriptions(by_path, lists, weigh)
    rules = _rules([part for file in files for part in file.targets])
    excludes = {tid: tuple(dict.fromkeys(e.text for p in ps for e in p.exclude)) for tid, ps in parts.items()}
    words = {name: content_id(list(entries)) for name, entries in lists.items()}
    targets = tuple(
        _target(
            tid,
            ps,
            [r for r in rules if r.target == tid],
            excludes[tid],
            words,
            content_id(descriptions.identity(tid)) if descriptions else "",
        )
        for tid, ps in parts.items()
    )
    described = descriptions.rules() if descriptions else ()
    fingerprint = content_id([t.definition for t in targets])
    return Catalog(targets, fingerprint, (*rules, *described), lists, excludes, descriptions)


def _descriptions(
    files: Mapping[Path, CatalogFile], lists: Mapping[str, tuple[str, ...]], weigh: bool
) -> Descriptions | None:
    """Return the last file's way to find descriptions: a catalogue overrules what it extends."""
    found = [(path, file.descriptions) for path, file in files.items() if file.descriptions]
    if not found:
        return None
    path, part = found[-1]
    held = {name: lists[name] for name in (*part.nouns, *part.beside, *part.context)}
    return Descriptions(part, _weights(path.parent / part.weights.text, part) if weigh else None, held)


def _weights(path: Path, part: DescriptionsPart) -> Weights:
    try:
        weights = Weights.load(path)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{part.weights.where}: weights cannot be read from {path}: {error}") from error
    if unknown := part.at_least.keys() - set(weights.targets):
        raise ConfigError(f"{part.weights.where}: {path} has no weights for {', '.join(sorted(unknown))}")
    return weights


def _check_references(entries: Iterable[Entry], lists: Mapping[str, object], parts: Mapping[str, object]) -> None:
    for entry in entries:
        known = entry.text[1:] in parts if entry.text.startswith("@") else entry.text in lists
        if not known:
            raise ConfigError(
                f"{entry.where}: no list or target '{entry.text}'; "
                f"lists: {', '.join(lists)}; targets: @{', @'.join(parts)}"
            )


def _rules(parts: Sequence[TargetPart]) -> tuple[Rule, ...]:
    """Return every rule once; a phrase that always counts must not do so for two targets."""
    rules: dict[tuple[str, str, Condition | None], Rule] = {}
    owner: dict[str, Rule] = {}
    for part in parts:
        for group in part.groups:
            for alias in group.aliases:
                loose = part.sought not in {None, Sought.NEVER}
                rule = Rule(part.id, alias, group.condition, loose)
                if group.condition is None and not alias.pattern:
                    first = owner.setdefault(alias.text, rule)
                    if first.target != part.id:
                        raise ConfigError(
                            f"{alias.where}: '{alias.text}' is an alias of both {first.target} and {part.id}, "
                            f"first at {first.alias.where}"
                        )
                rules.setdefault((part.id, alias.text, group.condition), rule)
    return tuple(rules.values())


def _target(
    target_id: str,
    parts: Sequence[TargetPart],
    rules: Sequence[Rule],
    excludes: Sequence[str],
    lists: Mapping[str, str],
    descriptions: str,
) -> Target:
    fields: dict[str, str] = {}
    for part in parts:
        fields |= part.fields
    for key in ("name", "description", "kind"):
        if key not in fields:
            raise ConfigError(
                f"{parts[0].where}: target {target_id} has no {key}, and no catalogue it extends gives one"
            )
    found_by = [sorted(_identity(rule) for rule in rules), sorted(excludes), sorted(lists.items()), descriptions]
    sought = next((part.sought for part in reversed(parts) if part.sought is not None), Sought.NEVER)
    definition = content_id([target_id, fields, *found_by, sought])
    aliases = tuple(dict.fromkeys(v for rule in rules if rule.alias.phrase for v in expand(rule.alias.text)))
    return Target(id=target_id, definition=definition, sought=sought, aliases=aliases, **fields)


def _identity(rule: Rule) -> list[list[str]]:
    condition = rule.condition or Condition()
    words = (condition.near, condition.unless, condition.not_after)
    return [[rule.alias.text, str(rule.alias.surname)], [condition.within], *map(sorted, words)]
