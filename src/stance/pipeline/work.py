"""The work folder: what steps leave for the next steps, named by what they were made from.

What belongs here: names and the marker that says a step is complete. What does not: what the files hold.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from stance.errors import StoreError
from stance.ids import canonical_json, sha256_bytes
from stance.pipeline.refs import ShardRef
from stance.store import parquet
from stance.store.folder import Folder
from stance.store.query import explained


@dataclass(frozen=True, slots=True)
class Place:
    """Where one step puts its files; complete when its marker is there and names no file that is missing or cut short.

    Work files are not flushed to disk one by one, as that would cost more than making them again after a power cut.
    """

    folder: Folder
    path: str
    _sizes: dict[str, int] = field(default_factory=dict)

    @property
    def marker(self) -> str:
        """The file that is written last."""
        return f"{self.path}/done.json"

    def finished(self) -> ShardRef | None:
        """Return the step's result if it was done before."""
        sizes = self.folder.files(self.path)
        if self.marker not in sizes:
            return None
        data = self.folder.read(self.marker)
        try:
            named = json.loads(data)["files"]
        except (ValueError, KeyError):
            return None
        whole = all(sizes.get(path) == size for path, size in named.items())
        return ShardRef(self.marker, sha256_bytes(data)) if whole else None

    def put(self, name: str, table: pa.Table) -> str:
        """Write one table; returns its path."""
        path = f"{self.path}/{name}.parquet"
        data = parquet.to_bytes(table)
        self.folder.write(path, data, durable=False)
        self._sizes[path] = len(data)
        return path

    def finish(self, result: Mapping[str, Any]) -> ShardRef:
        """Write the marker, unless another process has done the same work first: its marker, with its times, stays."""
        data = canonical_json({**result, "files": self._sizes})
        if not self.folder.create(self.marker, data, durable=False):
            first = self.finished()
            if first is not None:
                return first
            self.folder.write(self.marker, data, durable=False)
        return ShardRef(self.marker, sha256_bytes(data))


def write_named(folder: Folder, kind: str, value: Any) -> ShardRef:  # noqa: ANN401 - any JSON
    """Write a JSON value under the hash of its content."""
    data = canonical_json(value)
    ref = ShardRef(f"_work/{kind}/{sha256_bytes(data)[:20]}.json", sha256_bytes(data))
    folder.write(ref.path, data, durable=False)
    return ref


def read_json(folder: Folder, ref: ShardRef) -> Any:  # noqa: ANN401 - any JSON
    """Read a reference's file.

    Raises:
        StoreError: it is gone (another run finished the same work; retryable), or is not what the reference says.
    """
    with explained(folder, ref.path):
        data = folder.read(ref.path)
    if sha256_bytes(data) != ref.sha256:
        raise StoreError(f"{folder.root}/{ref.path}: not the file that was referred to; remove it and run again")
    return json.loads(data)


def read_table(folder: Folder, path: str, columns: list[str] | None = None) -> pa.Table:
    """Read a Parquet file of the output.

    Raises:
        StoreError: as `explained` says.
    """
    with explained(folder, path):
        return parquet.read(folder.source(path), columns)
