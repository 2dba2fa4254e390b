"""Stories across runs: new articles join the stories that are stored.

What belongs here: choosing the articles to compare, and joining what is found with what was known. What does not:
telling whether two texts are one story (`ingest.stories`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import pyarrow as pa

from stance.ingest.stories import WINDOW, StoryInput, cluster
from stance.pipeline.marks import LAST
from stance.pipeline.reading import month_of
from stance.store.query import Snapshot

COLUMNS = ["article_id", "published", "sketch"]
"""Of the table `sketches`."""
_COLUMNS = ["article_id", "published", "story_id", "story_first"]


class _Member(NamedTuple):
    """An article, in the order that decides which is its story's first."""

    published: datetime
    article_id: str


def stories(base: Snapshot, new: Mapping[str, StoryInput]) -> dict[str, tuple[str, bool]]:
    """Return story id and first mark of every new article, and of the stored ones for which they change.

    Args:
        base: what is stored.
        new: the new articles, by id.
    """
    if not new:
        return {}
    near = list(_near(base, new.values()))
    stored = _stored(base)
    links = _Links()
    for row in stored:
        links.join(row["article_id"], row["story_id"])
    for article_id, mark in cluster([*near, *new.values()]).items():
        links.join(article_id, mark.story_id)
    members = [_Member(row["published"] or LAST, row["article_id"]) for row in stored]
    members += [_Member(one.published or LAST, one.article_id) for one in new.values()]
    firsts: dict[str, str] = {}
    for member in sorted(members):
        firsts.setdefault(links.root(member.article_id), member.article_id)
    known = {row["article_id"]: (row["story_id"], row["story_first"]) for row in stored}
    found = {article_id: firsts[links.root(article_id)] for _, article_id in members}
    marks = {article_id: (first, first == article_id) for article_id, first in found.items()}
    return {article_id: mark for article_id, mark in marks.items() if known.get(article_id) != mark}


def _stored(base: Snapshot) -> list[dict[str, Any]]:
    return [row for table in base.batches("articles", _COLUMNS) for row in table.to_pylist()]


def _near(base: Snapshot, new: Iterable[StoryInput]) -> Iterator[StoryInput]:
    """Yield the stored articles of all months in which a link to a new one may end."""
    months = {month_of(day) for article in new for day in _around(article.published)}
    for file in base.manifest.files("sketches"):
        if file.month in months:
            yield from inputs(base.file(file, COLUMNS))


def _around(published: datetime | None) -> Sequence[datetime | None]:
    return (published - WINDOW, published, published + WINDOW) if published else (None,)


def inputs(rows: pa.Table) -> Iterator[StoryInput]:
    """Yield what clustering needs, from rows of `sketches`."""
    for row in rows.select(COLUMNS).to_pylist():
        yield StoryInput(**row)


class _Links:
    """Which articles are connected (union-find)."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}

    def root(self, name: str) -> str:
        """Return the name that stands for everything connected with this one."""
        path = []
        while (parent := self._parents.get(name, name)) != name:
            path.append(name)
            name = parent
        for passed in path:
            self._parents[passed] = name
        return name

    def join(self, one: str, other: str) -> None:
        """Connect two."""
        self._parents[self.root(one)] = self.root(other)
