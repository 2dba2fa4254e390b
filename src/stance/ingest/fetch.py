"""Remote sources become local files: what is new is stored by its content, what is unchanged is not fetched again.

What belongs here: the addresses of sources and feed items, the memory between runs. What does not: HTTP (`http`),
reading what was fetched (`read`). Nothing is fetched unless a source names a URL.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from urllib.parse import urljoin, urlsplit

from stance.ingest.drafts import reject
from stance.ingest.feeds import feed_links
from stance.ingest.http import Failed, PoliteClient, is_private
from stance.ingest.options import FetchOptions, SourceConfig
from stance.ingest.sources import Discovery, SourceRef
from stance.records import Reason, Rejection

CONDITIONS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
"""Headers of an answer, and those of the next request that they go into."""


def download(sources: Sequence[SourceConfig], options: FetchOptions, *, folder: Path, state: Path) -> Discovery:
    """Fetch sources to files, and say what could not be fetched.

    Args:
        sources: what to fetch; each once.
        options: limits and manners.
        folder: where bodies are stored, named by their hash.
        state: a JSON file that remembers between runs what each address last sent; made if missing. An unchanged source
            gives the file of the earlier run.

    Returns:
        Files to read and rejections, sorted by address.
    """
    folder.mkdir(parents=True, exist_ok=True)
    memory = _Memory(folder, _load(state))
    fetcher = _Fetcher(PoliteClient(options), memory)
    unique = list(dict.fromkeys(sources))
    with ThreadPoolExecutor(options.hosts_at_once) as pool:
        found = [item for items in pool.map(fetcher.fetch, unique) for item in items]
    _save(state, memory.known)
    refs = {ref.url: ref for ref in found if isinstance(ref, SourceRef)}
    rejections = [item for item in found if isinstance(item, Rejection)]
    return Discovery(
        refs=tuple(refs[url] for url in sorted(refs)),
        rejections=tuple(sorted(rejections, key=lambda rejection: rejection.source)),
        sources=(),
    )


@dataclass(slots=True)
class _Memory:
    """What each address last sent: `{url: {"file": name, "ETag": …, "Last-Modified": …}}`."""

    folder: Path
    known: dict[str, dict[str, str]]
    _guard: Lock = field(default_factory=Lock)

    def path(self, url: str) -> Path | None:
        """Return the stored body of an address, None if there is none."""
        entry = self.known.get(url)
        path = self.folder / entry["file"] if entry else None
        return path if path and path.is_file() else None

    def conditions(self, url: str) -> dict[str, str]:
        if self.path(url) is None:
            return {}
        entry = self.known[url]
        return {condition: entry[header] for header, condition in CONDITIONS.items() if header in entry}

    def store(self, url: str, body: bytes, headers: Mapping[str, str]) -> Path:
        name = hashlib.sha256(body).hexdigest()
        path = self.folder / name
        partial = self.folder / f".{name}.{os.getpid()}.{id(body)}"
        partial.write_bytes(body)
        partial.replace(path)
        with self._guard:
            self.known[url] = {"file": name, **{key: headers[key] for key in CONDITIONS if key in headers}}
        return path


@dataclass(frozen=True, slots=True)
class _Fetcher:
    client: PoliteClient
    memory: _Memory

    def fetch(self, source: SourceConfig) -> list[SourceRef | Rejection]:
        """Fetch a source, and the pages of its items where it asks for them."""
        found = self._get(source.url, source, private=True)
        if isinstance(found, Rejection) or source.kind == "page":
            return [found]
        links = [_absolute(source.url, link) for link in feed_links(Path(found.path).read_bytes()) if link]
        if source.kind == "feed" and not links:
            detail = "expected a feed with items that have addresses"
            return [reject(source.url, Reason.UNSUPPORTED_FORMAT, detail, outlet=source.outlet)]
        if not source.full_text or not links:
            return [found]
        return list(self._pages(source, list(dict.fromkeys(links))))

    def _pages(self, source: SourceConfig, links: Sequence[str]) -> Iterator[SourceRef | Rejection]:
        private = is_private(urlsplit(source.url).hostname or "")
        for link in links[: source.max_items]:
            yield self._get(link, source, private=private)
        for link in links[source.max_items :]:
            detail = f"expected at most {source.max_items} items in the feed"
            yield reject(link, Reason.LIMIT, detail, stage="fetch", outlet=source.outlet)

    def _get(self, url: str, source: SourceConfig, *, private: bool) -> SourceRef | Rejection:
        try:
            answer = self.client.get(url, self.memory.conditions(url), private=private)
        except Failed as failure:
            return reject(url, failure.reason, str(failure), stage="fetch", outlet=source.outlet)
        path = self.memory.path(url) if answer.body is None else self.memory.store(url, answer.body, answer.headers)
        if path is None:
            return reject(url, Reason.FETCH_FAILED, "the server says 'not modified' to a first request", stage="fetch")
        return SourceRef(path=str(path), size=path.stat().st_size, url=url, outlet=source.outlet)


def _absolute(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:
        return link  # fetching it says what is wrong


def _load(state: Path) -> dict[str, dict[str, str]]:
    """Read the memory of earlier runs; a damaged one is forgotten, at the cost of fetching everything once more."""
    try:
        known = json.loads(state.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {url: entry for url, entry in known.items() if "file" in entry} if isinstance(known, dict) else {}


def _save(state: Path, known: dict[str, dict[str, str]]) -> None:
    state.parent.mkdir(parents=True, exist_ok=True)
    partial = state.with_name(f".{state.name}.{os.getpid()}")
    partial.write_text(json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True), "utf-8")
    partial.replace(state)
