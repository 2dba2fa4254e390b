"""What one article's row says about others: which version is the latest, which articles are one story.

What belongs here: marks that need the whole output to tell, and setting them. What does not: finding near-identical
texts (`ingest.stories`).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from stance.store.query import Snapshot

FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)
VERSION = ["article_id", "outlet", "url", "title", "published", "source", "generation", "latest"]
"""Columns that decide which version is the latest."""


class Version(NamedTuple):
    """One version of an article, newest last in order."""

    generation: int
    published: datetime
    source: str
    article_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Marks to set on rows while tables are merged."""

    generation: int
    superseded: frozenset[str]
    """Articles that are no longer, or never were, the latest version."""
    edited: frozenset[str]
    """New articles that replace an older version."""
    stories: Mapping[str, tuple[str, bool]]
    """By article id, where new or changed: the story's id, and whether the article was its first."""

    def touched(self) -> frozenset[str]:
        """Return the articles whose marks this sets."""
        return self.superseded | self.stories.keys()

    def set(self, table: str, rows: pa.Table) -> pa.Table:
        """Return rows with the marks set; see `months.Change`."""
        if table == "articles":
            return self._stories(self._generation(self._latest(rows)))
        return self._latest(rows) if table == "scores" else rows

    def _latest(self, rows: pa.Table) -> pa.Table:
        if not self.superseded:
            return rows
        old = pc.is_in(rows["article_id"], pa.array(sorted(self.superseded), pa.string()))
        return _with(rows, "latest", pc.and_(rows["latest"], pc.invert(old)))

    def _generation(self, rows: pa.Table) -> pa.Table:
        own = rows["generation"]
        return _with(rows, "generation", pc.if_else(pc.equal(own, 0), pa.scalar(self.generation, pa.int32()), own))

    def _stories(self, rows: pa.Table) -> pa.Table:
        ids, stories, firsts = (rows[name].to_pylist() for name in ("article_id", "story_id", "story_first"))
        for place, article_id in enumerate(ids):
            if article_id in self.stories:
                stories[place], firsts[place] = self.stories[article_id]
        rows = _with(rows, "story_id", pa.array(stories, pa.string()))
        return _with(rows, "story_first", pa.array(firsts, pa.bool_()))


def versions(
    base: Snapshot, new: Iterable[Mapping[str, Any]], generation: int
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the superseded articles, stored or new, and the new ones that replace an older version.

    Versions share outlet and url; without a url they share outlet, source, title and date: a file that was corrected,
    or read again by better rules. The latest is the one that came in the latest run, then the one published last, then
    by source and id.
    """
    groups: dict[tuple[Any, ...], list[Version]] = {}
    places: set[str] = set()
    for row in new:
        groups.setdefault(_identity(row), []).append(_version(row, generation))
        places.add(row["url"] or row["source"])
    fresh = {version.article_id for group in groups.values() for version in group}
    for row in _stored(base, places):
        group = groups.get(_identity(row))
        if group is not None:
            group.append(_version(row, row["generation"]))
    ordered = [sorted(group) for group in groups.values()]
    superseded = frozenset(version.article_id for group in ordered for version in group[:-1])
    edited = frozenset(version.article_id for group in ordered for version in group[1:]) & fresh
    return superseded, edited


def _identity(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what all versions of an article share."""
    return (row["outlet"], row["url"] or (row["source"], row["title"], row["published"]))


def _stored(base: Snapshot, places: Collection[str]) -> Iterable[dict[str, Any]]:
    """Yield the latest of the stored articles that have one of these addresses or sources."""
    wanted = pa.array(sorted(places), pa.string())
    for table in base.batches("articles", VERSION):
        keep = pc.and_(table["latest"], pc.or_(pc.is_in(table["url"], wanted), pc.is_in(table["source"], wanted)))
        yield from table.filter(keep).to_pylist()


def _version(row: Mapping[str, Any], generation: int) -> Version:
    return Version(generation, row["published"] or FIRST, row["source"], row["article_id"])


def _with(rows: pa.Table, name: str, values: Any) -> pa.Table:  # noqa: ANN401 - any arrow array
    return rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), values)
