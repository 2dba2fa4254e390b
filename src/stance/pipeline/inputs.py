"""Which inputs a run has to read: all that are new, or changed, or were read with other options.

What belongs here: discovery, hashing, and cutting into shards. What does not: reading.
"""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import stance
from stance.config import RunConfig
from stance.errors import ConfigError
from stance.ids import canonical_json, content_id
from stance.ingest.sources import SourceRef, discover, is_address, matches_of
from stance.pipeline.refs import ShardRef
from stance.pipeline.remote import fetch
from stance.pipeline.settings import settings_of
from stance.pipeline.work import write_named
from stance.records import Reason, Rejection
from stance.store import open_folder
from stance.store.folder import Folder
from stance.store.manifest import Manifest, newest
from stance.store.query import Snapshot

HASHES = "_work/hashes.json"
"""Hashes of local inputs by path, size and time of change, so that unchanged files are not read again."""
FRESH = 0.2
"""Seconds: a file changed this shortly before it was hashed may change again without a new time stamp."""
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One input of a run, with the hash of its content."""

    name: str
    sha256: str
    ref: SourceRef | None
    """None for what could not be opened."""
    rejection: Rejection | None = None
    """Why not."""


def reading(config: RunConfig) -> str:
    """Return the id of everything that decides what reading makes of an input."""
    return content_id([stance.__version__, config.read.model_dump(mode="json")])


def plan(config: RunConfig) -> list[ShardRef]:
    """Find the inputs that were not read yet, and cut them into shards of about `shard_megabytes`.

    Raises:
        ConfigError: there are no inputs, or catalogue or scorer is missing or wrong: that is told before all are read.
        StoreError: the output cannot be read or written.
    """
    need_inputs(config)
    settings_of(config)
    folder = open_folder(config.out)
    hashes = Hashes(folder)
    todo = unread(config, folder, find(config, folder, hashes))
    if todo:
        hashes.save()
    return [
        write_named(folder, "plan", {"reading": reading(config), "inputs": [asdict(item) for item in shard]})
        for shard in _cut(todo, config.shard_megabytes * MEGABYTE)
    ]


def unread(config: RunConfig, folder: Folder, items: Sequence[Input]) -> list[Input]:
    """Return the inputs that are new, changed, or were read with other options."""
    known = known_inputs(folder, newest(folder, older_too=True))
    wanted = reading(config)
    return [item for item in items if known.get(item.name) != (item.sha256, wanted)]


def find(config: RunConfig, folder: Folder, hashes: "Hashes") -> list[Input]:
    """Return all inputs of a run with the hashes of their contents, by name."""
    need_inputs(config)
    local = discover(config.inputs, config.read)
    fetched = fetch((*config.source, *local.sources), config.fetch, folder)
    found = {ref.name: ref for ref in (*local.refs, *fetched.refs)}
    items = [Input(name=name, sha256=hashes.digest(ref), ref=ref) for name, ref in found.items()]
    items += [_unopened(rejection) for rejection in (*local.rejections, *fetched.rejections)]
    return sorted(items, key=lambda item: item.name)


def need_inputs(config: RunConfig) -> None:
    """Refuse a config that names nothing to read, with a ConfigError."""
    if not config.inputs and not config.source:
        raise ConfigError("no input: name files, folders or globs, or a [[source]] in stance.toml")


def missing(config: RunConfig) -> list[str]:
    """Return the local inputs that name nothing: no file, no folder, no match."""
    return [item for item in config.inputs if not is_address(item) and not matches_of(item)]


def known_inputs(folder: Folder, manifest: Manifest) -> dict[str, tuple[str, str]]:
    """Return content hash and reading options of every input that was read, by name."""
    table = Snapshot(folder, manifest).table("inputs", ["input", "sha256", "reading"])
    names, hashes, options = (table[column].to_pylist() for column in table.column_names)
    return dict(zip(names, zip(hashes, options, strict=True), strict=True))


def from_json(raw: dict[str, Any]) -> Input:
    """Read back what a plan's shard holds."""
    ref = raw["ref"] and SourceRef(**(raw["ref"] | {"parts": tuple(raw["ref"]["parts"])}))
    rejection = raw["rejection"] and Rejection(**(raw["rejection"] | {"reason": Reason(raw["rejection"]["reason"])}))
    return Input(name=raw["name"], sha256=raw["sha256"], ref=ref, rejection=rejection)


def _unopened(rejection: Rejection) -> Input:
    identity = content_id([rejection.reason, rejection.detail])
    return Input(name=rejection.source, sha256=identity, ref=None, rejection=rejection)


def _cut(items: Sequence[Input], limit: float) -> Iterable[list[Input]]:
    """Cut in order; one input is never cut."""
    shard: list[Input] = []
    size = 0
    for item in items:
        own = item.ref.size if item.ref else 0
        if shard and size + own > limit:
            yield shard
            shard, size = [], 0
        shard.append(item)
        size += own
    if shard:
        yield shard


class Hashes:
    """The hashes of local files, remembered by path, size and time of change."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._known: dict[str, list[Any]] = self._load()
        self._seen: dict[str, list[Any]] = {}

    def digest(self, ref: SourceRef) -> str:
        """Return the hash of an input, reading it only if it changed since it was hashed."""
        state = [_state(path) for path in (ref.path, *ref.parts)]
        known = self._known.get(ref.path)
        if known is None or known[0] != state:
            known = [state, _digest(ref)]
        self._seen[ref.path] = known
        return str(known[1])

    def save(self) -> None:
        """Remember what was seen, except files that may still be changing, beside what other inputs left."""
        latest = time.time_ns() - int(FRESH * 1e9)
        settled = {
            path: known for path, known in self._seen.items() if all(state and state[1] < latest for state in known[0])
        }
        merged = self._known | settled
        if merged != self._known:
            self._folder.write(HASHES, canonical_json(merged), durable=False)

    def _load(self) -> dict[str, list[Any]]:
        try:
            return dict(json.loads(self._folder.read(HASHES)))
        except (FileNotFoundError, ValueError):
            return {}


def _digest(ref: SourceRef) -> str:
    """Return an input's hash, or one that says that it cannot be read: reading it will say why."""
    try:
        return ref.digest()
    except OSError:
        return content_id(["gone", ref.path])


def _state(path: str) -> list[int] | None:
    try:
        stat = Path(path).stat()
    except OSError:
        return None
    return [stat.st_size, stat.st_mtime_ns]
