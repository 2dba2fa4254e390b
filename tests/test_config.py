"""Loading `stance.toml`: what is read, what is laid over it, and where an error stands."""

from pathlib import Path

import pytest

from stance import config
from stance.errors import ConfigError
from stance.scorers.config import DummyConfig, EncoderConfig

TEXT = """\
inputs = ["news", "https://feeds.example/all.xml"]
out = "tables"
targets = ["mine.yaml", "kazakhstan"]

[scorer]
model = "small"

[read]
min_words = 5

[[source]]
url = "https://feeds.example/two.xml"
outlet = "Two"
"""


def write(folder: Path, text: str = TEXT) -> Path:
    path = folder / "stance.toml"
    path.write_text(text, "utf-8")
    return path


def test_without_a_file_everything_has_a_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert config.load() == config.RunConfig()


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").touch()
    loaded = config.load(write(tmp_path))
    assert loaded.inputs == (str(tmp_path / "news"), "https://feeds.example/all.xml")
    assert loaded.out == str(tmp_path / "tables")
    assert loaded.targets == (str(tmp_path / "mine.yaml"), "kazakhstan")
    assert loaded.source[0].outlet == "Two"


def test_what_is_wrong_is_said_without_the_library_s_words(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    with pytest.raises(ConfigError, match=r"stance\.toml:2: out: \S*news is a folder of inputs"):
        config.load(write(tmp_path, 'inputs = ["news"]\nout = "news"\n'))
    with pytest.raises(ConfigError, match=r"stance\.toml:2: read\.min_word: there is no such key"):
        config.load(write(tmp_path, "[read]\nmin_word = 5\n"))


def test_labels_are_relative_to_the_file_too(tmp_path: Path) -> None:
    loaded = config.load(write(tmp_path, 'labels = "people"\n'))
    assert loaded.labels == str(tmp_path / "people")


def test_a_byte_order_mark_is_no_part_of_the_file(tmp_path: Path) -> None:
    assert config.load(write(tmp_path, "\ufeff" + TEXT)).scorer == EncoderConfig(model="small")


def test_tables_never_go_among_the_inputs(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    with pytest.raises(ConfigError, match=r"stance\.toml:2: out: .*folder of inputs"):
        config.load(write(tmp_path, 'inputs = ["news"]\nout = "news"\n'))


def test_file_of_the_working_folder_is_taken_and_its_paths_stay_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert config.load().inputs[0] == "news"


def test_command_line_wins_key_by_key(tmp_path: Path) -> None:
    loaded = config.load(write(tmp_path), {"out": "elsewhere", "inputs": None, "read": {"timezone": "Asia/Almaty"}})
    assert loaded.out == "elsewhere"
    assert loaded.inputs[0] == str(tmp_path / "news")
    assert (loaded.read.min_words, loaded.read.timezone) == (5, "Asia/Almaty")


def test_scorer_of_another_kind_replaces_the_files_options(tmp_path: Path) -> None:
    path = write(tmp_path)
    assert config.load(path).scorer == EncoderConfig(model="small")
    assert config.load(path, {"scorer": {"kind": "dummy"}}).scorer == DummyConfig()


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('out = "a"\n\n[read]\nmin_word = 3\n', r"stance\.toml:4: read\.min_word"),
        ('[scorer]\nkind = "oracle"\n', r"stance\.toml:[12]: scorer"),
        ("shard_paragraphs = 0\n", r"stance\.toml:1: shard_paragraphs"),
        ('[[source]]\nurl = "ftp://x"\n', r"stance\.toml:2: source\.0\.url"),
        ("out = \n", r"stance\.toml: not valid TOML: .*line 1"),
        ("nonsense = 1\n", r"stance\.toml:1: nonsense"),
    ],
)
def test_errors_say_where(tmp_path: Path, text: str, where: str) -> None:
    with pytest.raises(ConfigError, match=where):
        config.load(write(tmp_path, text))


def test_error_of_the_command_line_does_not_blame_the_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"command line: read\.min_words"):
        config.load(write(tmp_path), {"read": {"min_words": 0}})


def test_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read"):
        config.load(tmp_path / "none.toml")


def test_config_is_hashable_and_survives_json(tmp_path: Path) -> None:
    loaded = config.load(write(tmp_path))
    assert config.RunConfig.model_validate_json(loaded.model_dump_json()) == loaded
    assert hash(loaded) == hash(config.load(tmp_path / "stance.toml"))
