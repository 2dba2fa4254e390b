"""Which inputs there are: files, folders, globs and URLs become a sorted list of files to read and sources to fetch.

What belongs here: walking and naming. What does not: the content of an input, beyond the files that an index names.
"""

import glob
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from stance.ingest.drafts import printable, reject
from stance.ingest.options import ReadOptions, SourceConfig
from stance.ingest.tables import files_named_by
from stance.records import Reason, Rejection

CHUNK = 1 << 20
OUTPUT_MARKS = ("_work/sessions", f"manifests/{'[0-9]' * 8}.json")
"""What lies in the folder of a run's tables."""
NOTHING = "no such file, folder or match of the pattern"
"""What is said of a local input that names nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRef:
    """A local file to read; cheap to pass between tasks."""

    path: str
    size: int
    """Bytes."""
    url: str = ""
    """Where it was fetched from, if it was."""
    outlet: str = ""
    """Who published it, if the configuration says so."""
    parts: tuple[str, ...] = ()
    """The files that an index (a CSV with a `file` column) names; they are read through it only."""

    @property
    def name(self) -> str:
        """What tables show as the source: the URL it was fetched from, else the path."""
        return printable(self.url or self.path)

    def digest(self) -> str:
        """Return the SHA-256 of the content, parts included, reading it in pieces.

        Raises:
            OSError: the file, or one of its parts, cannot be read.
        """
        own = hash_file(self.path)
        if not self.parts:
            return own
        return hashlib.sha256("\n".join([own, *map(hash_file, self.parts)]).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What the inputs came to."""

    refs: tuple[SourceRef, ...]
    """Files to read, sorted by path, each once."""
    rejections: tuple[Rejection, ...]
    sources: tuple[SourceConfig, ...]
    """URLs among the inputs, to be fetched first (`fetch.download`)."""


def hash_file(path: str | Path) -> str:
    """Return the SHA-256 of a file, in hex, in bounded memory."""
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def discover(inputs: Sequence[str], options: ReadOptions) -> Discovery:
    """Find the files under files, folders and globs, and the sources among URLs.

    A folder is walked without following links to folders, passing over the names in `options.ignore` and the outputs of
    runs; a file that a CSV index in the same walk names is not listed itself. What cannot be read becomes a rejection.
    """
    rejections: list[Rejection] = []
    files: set[str] = set()
    sources = []
    for item in inputs:
        if is_address(item):
            sources.append(SourceConfig(url=item))
        else:
            _collect(item, options, files, rejections)
    refs = [ref for path in sorted(files) if (ref := _reference(path, options, rejections)) is not None]
    named = {os.path.realpath(part) for ref in refs for part in ref.parts}
    return Discovery(
        # An index stays even where it names itself, or another names it: nobody else would read it.
        refs=tuple(ref for ref in refs if ref.parts or os.path.realpath(ref.path) not in named),
        rejections=tuple(sorted(rejections, key=lambda rejection: rejection.source)),
        sources=tuple(sources),
    )


def _collect(item: str, options: ReadOptions, files: set[str], rejections: list[Rejection]) -> None:
    matches = matches_of(item)
    if not matches:
        rejections.append(reject(item, Reason.UNREADABLE, NOTHING))
    for match in matches:
        if is_output(Path(match)):
            rejections.append(reject(match, Reason.UNSUPPORTED_FORMAT, "the output of a run, not news"))
        elif Path(match).is_dir():
            files.update(_walk(match, options, rejections))
        else:
            files.add(os.path.normpath(match))


def is_address(item: str) -> bool:
    """Tell whether an input is fetched, not read from a disk."""
    return item.startswith(("http://", "https://"))


def matches_of(item: str) -> list[str]:
    """Return the files and folders that a local input names."""
    if Path(item).exists():
        return [item]
    return glob.glob(item, recursive=True)  # noqa: PTH207 (pathlib knows no absolute patterns)


def is_output(folder: Path) -> bool:
    """Tell whether a folder holds the tables of a run, or will hold those of one that has begun."""
    return any(any(folder.glob(mark)) for mark in OUTPUT_MARKS)


def _walk(folder: str, options: ReadOptions, rejections: list[Rejection]) -> Iterator[str]:
    def refused(error: OSError) -> None:
        rejections.append(reject(str(error.filename), Reason.UNREADABLE, f"folder: {error.strerror}"))

    for parent, folders, names in os.walk(folder, onerror=refused):
        folders[:] = [name for name in folders if not _ignored(name, options) and not is_output(Path(parent, name))]
        for name in list(folders):
            path = Path(parent) / name
            if path.is_symlink():
                rejections.append(reject(str(path), Reason.UNSAFE_PATH, "a link to a folder is not followed"))
        yield from (str(Path(parent) / name) for name in names if not _ignored(name, options))


def _ignored(name: str, options: ReadOptions) -> bool:
    return any(fnmatch(name, pattern) for pattern in options.ignore)


def _reference(path: str, options: ReadOptions, rejections: list[Rejection]) -> SourceRef | None:
    try:
        if not Path(path).is_file():
            rejections.append(reject(path, Reason.UNREADABLE, "neither a file nor a folder, or a broken link"))
            return None
        with Path(path).open("rb"):
            size = Path(path).stat().st_size
        return SourceRef(path=path, size=size, parts=files_named_by(Path(path), options))
    except OSError as error:
        rejections.append(reject(path, Reason.UNREADABLE, f"cannot be opened: {error.strerror}"))
        return None
