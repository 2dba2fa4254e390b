"""What a catalogue file says, as records that remember their line.

What belongs here: the shapes. What does not: reading them (`reading`), merging them (`catalog`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stance.records import Sought


@dataclass(frozen=True, slots=True)
class Entry:
    """A scalar of the file and where it stands."""

    text: str
    where: str
    """`file.yaml:12`, for messages."""


@dataclass(frozen=True, slots=True)
class Alias:
    """One phrase or pattern of a group."""

    name: str
    """The phrase as written, or the pattern's name."""
    text: str
    """The phrase, or the pattern's regular expression."""
    pattern: bool
    where: str
    surname: bool = False
    """Whether it names nobody when another first name stands before it."""
    described: bool = False
    """Whether it stands for every free description of its target."""

    @property
    def phrase(self) -> bool:
        """Whether `text` is a phrase to look for."""
        return not (self.pattern or self.described)


@dataclass(frozen=True, slots=True)
class Condition:
    """When the aliases of a group count: a cue of `near` and none of `unless` stands in the same stretch."""

    near: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    within: str = "paragraph"
    not_after: tuple[str, ...] = ()
    """Words none of which may stand right before the alias."""


@dataclass(frozen=True, slots=True)
class Group:
    """Aliases under one condition; None for those that always count."""

    condition: Condition | None
    aliases: tuple[Alias, ...]


@dataclass(frozen=True, slots=True)
class TargetPart:
    """What one file says about one target."""

    id: str
    where: str
    fields: Mapping[str, str]
    """`name`, `description`, `kind`, as far as given."""
    groups: tuple[Group, ...]
    exclude: tuple[Entry, ...]
    sought: Sought | None = None
    """Where the scorer may find mentions that have no alias; None where the file does not say."""


@dataclass(frozen=True, slots=True)
class DescriptionsPart:
    """How one file finds free descriptions."""

    where: str
    nouns: tuple[str, ...]
    beside: tuple[str, ...]
    context: tuple[str, ...]
    weights: Entry
    """Path of the weights file, relative to the catalogue's folder."""
    at_least: Mapping[str, float]
    """Target id to the chance, in (0, 1), from which a description counts where the paragraph names the target too."""
    alone: float
    """The chance, in (0, 1), that it must have where the paragraph does not, if that is more."""


@dataclass(frozen=True, slots=True)
class CatalogFile:
    """One catalogue file, checked by itself."""

    name: str
    country: str
    extends: tuple[Entry, ...]
    lists: Mapping[str, tuple[Entry, ...]]
    targets: tuple[TargetPart, ...]
    descriptions: DescriptionsPart | None = None
    references: tuple[Entry, ...] = field(default=(), repr=False)
    """Every mention of a list (`protest`) or target (`@russia`), for the check after merging."""
