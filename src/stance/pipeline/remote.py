"""Sources on the web: fetched before a run is planned, kept where every machine of the run can read them.

What belongs here: where fetched bodies lie. What does not: fetching (`ingest.fetch`).
"""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from stance.ids import content_id
from stance.ingest.options import FetchOptions, SourceConfig
from stance.ingest.sources import Discovery, SourceRef
from stance.store.folder import Folder, LocalFolder

FETCHED = "_work/fetched/"
"""What sources gave, and what they said of it, so that they are asked again only for what changed."""
STATE = "state.json"


def fetch(sources: Sequence[SourceConfig], options: FetchOptions, folder: Folder) -> Discovery:
    """Fetch sources into the work folder; none, and nothing is imported or asked."""
    if not sources:
        return Discovery(refs=(), rejections=(), sources=())
    from stance.ingest.fetch import download

    local = _local(folder)
    if isinstance(folder, LocalFolder):
        return download(sources, options, folder=local, state=local / STATE)
    if folder.exists(FETCHED + STATE):
        _store(local / STATE, folder.read(FETCHED + STATE))
    found = download(sources, options, folder=local, state=local / STATE)
    for name in (*(Path(ref.path).name for ref in found.refs), STATE):
        if name == STATE or not folder.exists(FETCHED + name):
            folder.write(FETCHED + name, (local / name).read_bytes())
    return found


def at_hand(ref: SourceRef, folder: Folder) -> SourceRef:
    """Return a reference that this machine can read: what another one fetched is copied here first."""
    if not ref.url or Path(ref.path).exists():
        return ref
    name = Path(ref.path).name
    path = _local(folder) / name
    _store(path, folder.read(FETCHED + name))
    return replace(ref, path=str(path))


def _local(folder: Folder) -> Path:
    if isinstance(folder, LocalFolder):
        return Path(folder.root) / FETCHED
    return Path(tempfile.gettempdir()) / "stance-fetched" / content_id(folder.root)


def _store(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
