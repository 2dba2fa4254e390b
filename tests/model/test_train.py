"""Training end to end on a tiny base: it learns, resumes, holds out, and writes a model that scores."""

import json
from pathlib import Path

import pytest
import torch

from stance.errors import ConfigError
from stance.labelled import read_labelled
from stance.model import train
from stance.model.checkpoints import load_tensors
from stance.model.predict import gathered, predict
from stance.model.settings import SourceSettings, StageSettings, read_settings
from stance.model.weights import load
from stance.records import Stance
from tests.model import tiny
from tests.rows import CODEBOOK

CONFIG = """
name = "tiny"
base = "{base}"
seed = 5
out = "out"
checkpoint_seconds = 1
[[stages]]
name = "one"
epochs = 4
learning_rate = 1e-2
head_rate = 1e-2
tokens = 120
dev = ["held.jsonl"]
curve = 2
swap = 0.2
hide = 0.1
absent = 0.3
sources = [{{ path = "rows.jsonl" }}, {{ path = "held.jsonl" }}]
"""


def targeted(word: str, label: int) -> str:
    text = f"the police {word} the mob"
    return json.dumps(
        {"text": text, "targets": [{"name": "mob", "spans": [[len(text) - 3, len(text)]], "label": label}]}
    )


def prepare(folder: Path) -> Path:
    base = folder / "base"
    base.mkdir(parents=True)
    tiny.write_base(base)
    rows = [targeted("praised", 2), targeted("blamed", 0)] * 12 + [CODEBOOK]
    (folder / "rows.jsonl").write_text("\n".join(rows))
    (folder / "held.jsonl").write_text("\n".join([targeted("praised", 2), targeted("blamed", 0), CODEBOOK]))
    (folder / "train.toml").write_text(CONFIG.format(base=base))
    return folder / "train.toml"


def test_learns_holds_out_and_exports(tmp_path: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    folder = train.main(prepare(tmp_path), lambda *told: seen.append(told))
    assert seen[-1][0] == seen[-1][1]
    model = load(folder)
    out = folder.parent
    curve = [json.loads(line) for line in (out / "curve.jsonl").read_text().splitlines()]
    assert [point["step"] for point in curve] == [curve[-1]["steps"] // 2, curve[-1]["steps"]]
    held = json.loads((out / "held_out.json").read_text())["held.jsonl"]
    assert set(held) == {"overall", "author", "reported", "voices", "tone", "finder_recall", "finder_precision"}
    made = json.loads((folder / "config.json").read_text())["made"]
    assert [source["path"] for source in made["stages"][0]["sources"]] == ["rows.jsonl", "held.jsonl"]
    assert set(model.calibration.scales) == {"overall", "author", "reported", "voices", "tone"}
    assert not (out / "checkpoint.safetensors").exists()


def test_a_finished_training_is_not_repeated(tmp_path: Path) -> None:
    config = prepare(tmp_path)
    train.main(config, lambda *_: None)
    told: list[str] = []
    train.main(config, lambda done, steps, line: told.append(line))
    assert told == []


class Stopped(Exception):
    """The power went off."""


def test_resumed_training_equals_an_uninterrupted_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, broken = prepare(tmp_path / "whole"), prepare(tmp_path / "broken")
    train.main(whole, lambda *_: None)
    clock = iter(range(10**6))
    monkeypatch.setattr(train.time, "monotonic", lambda: next(clock))

    def stop(done: int, steps: int, line: str) -> None:
        if done == steps // 2 + 1:
            raise Stopped

    with pytest.raises(Stopped):
        train.main(broken, stop)
    assert (broken.parent / "out" / "checkpoint.safetensors").exists()
    told: list[int] = []
    train.main(broken, lambda done, steps, line: told.append(done))
    assert told[0] > 1
    one, other = (load_tensors(path.parent / "out" / "stage-one.safetensors")[0] for path in (whole, broken))
    for name, value in one.items():
        assert torch.allclose(value, other[name], atol=1e-6), name


def test_a_stage_may_end_in_the_mean_of_its_weights_and_an_earlier_one_s(tmp_path: Path) -> None:
    config = prepare(tmp_path)
    stage = config.read_text().partition("[[stages]]")[2]
    config.write_text(config.read_text().replace("seed = 5", "seed = 5\ndropout = 0.0"))
    two = stage.replace('"one"', '"two"')
    config.write_text(config.read_text() + "[[stages]]" + two)
    train.main(config, lambda *_: None)
    one, alone = (load_tensors(tmp_path / "out" / f"stage-{name}.safetensors")[0] for name in ("one", "two"))
    (tmp_path / "out" / "stage-two.safetensors").unlink()
    config.write_text(config.read_text().replace('name = "two"', 'name = "two"\naverage = { one = 3.0 }'))
    train.main(config, lambda *_: None)
    for name, value in load_tensors(tmp_path / "out" / "stage-two.safetensors")[0].items():
        assert torch.allclose(value, (3 * one[name] + alone[name]) / 4, atol=1e-6), name


def test_a_stage_may_train_a_part_of_the_network_only(tmp_path: Path) -> None:
    config = prepare(tmp_path)
    config.write_text(
        config.read_text() + '[[stages]]\nname = "two"\nepochs = 1\nlearning_rate = 1e-2\nhead_rate = 1e-2\n'
        'only = ["find_"]\nsources = [{ path = "rows.jsonl" }]\n'
    )
    train.main(config, lambda *_: None)
    before, after = (load_tensors(tmp_path / "out" / f"stage-{name}.safetensors")[0] for name in ("one", "two"))
    moved = {name for name, value in before.items() if not torch.equal(value, after[name])}
    assert {name.split(".")[0] for name in moved} == {"find_token", "find_name", "find_bias"}


def test_held_out_files_are_not_trained_on(tmp_path: Path) -> None:
    stage = read_settings(prepare(tmp_path)).stages[0]
    data = train.read_stage(stage, seed=1)
    assert [source.path.name for source, _ in data.train] == ["rows.jsonl"]
    assert len(data.dev) == len(read_labelled(tmp_path / "held.jsonl"))


def test_a_dev_share_is_cut_by_text(tmp_path: Path) -> None:
    prepare(tmp_path)
    source = SourceSettings(path=tmp_path / "rows.jsonl")
    stage = StageSettings(
        name="s", sources=(source,), epochs=1, learning_rate=1, head_rate=1, dev_share=0.2, dev_rows=100
    )
    data = train.read_stage(stage, seed=1)
    assert len(data.dev) == 5
    assert len(data.dev) + len(data.train[0][1]) == 25


def test_neutral_rows_are_thinned_and_shares_take_turns(tmp_path: Path) -> None:
    rows = [targeted("praised", 2)] * 10 + [targeted("said", 1)] * 10
    (tmp_path / "rows.jsonl").write_text("\n".join(rows))
    source = SourceSettings(path=tmp_path / "rows.jsonl", neutral=0.0, share=0.5)
    stage = StageSettings(name="s", sources=(source,), epochs=2, learning_rate=1, head_rate=1)
    data = train.read_stage(stage, seed=1)
    assert {row.targets[0].overall for _, kept in data.train for row in kept} == {Stance.FAVOR}
    assert [len(train.epoch_examples(stage, data, epoch, seed=1)) for epoch in (0, 1)] == [5, 5]


def test_all_files_held_out_is_a_wrong_config(tmp_path: Path) -> None:
    config = prepare(tmp_path)
    config.write_text(config.read_text().replace('{ path = "rows.jsonl" }, ', ""))
    with pytest.raises(ConfigError, match="no source is left"):
        train.main(config, lambda *_: None)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("epochs = 4", "epochs = 0", "epochs"),
        ("seed = 5", "sead = 5", "sead"),
        ("curve = 2", "average = { late = 1.0 }", "no earlier stage to average with: late"),
        ("[[stages]]", "[[stages", "train.toml"),
    ],
)
def test_wrong_config_is_refused(old: str, new: str, words: str, tmp_path: Path) -> None:
    config = prepare(tmp_path)
    config.write_text(config.read_text().replace(old, new))
    with pytest.raises(ConfigError, match=words):
        train.main(config, lambda *_: None)


def test_pace_rises_and_falls() -> None:
    values = [train.pace(step, 100, 0.1) for step in range(100)]
    assert max(values) == 1.0
    assert values[9] == 1.0
    assert values[:10] == sorted(values[:10])
    assert values[10:] == sorted(values[10:], reverse=True)
    assert values[-1] < 0.06


def test_lower_layers_move_more_slowly(tmp_path: Path) -> None:
    stage = read_settings(prepare(tmp_path)).stages[0].model_copy(update={"layer_decay": 0.5, "learning_rate": 1.0})
    rates = {group["lr"] for group in train.optimizer_for(tiny.network(), stage).param_groups}
    assert rates == {1e-2, 1.0, 0.5, 0.25}


def test_a_teacher_answers_for_a_source(tmp_path: Path) -> None:
    """The labels of the taught file are all wrong; the student must say what its teacher says."""
    config = prepare(tmp_path)
    train.main(config, lambda *_: None)
    (tmp_path / "out").rename(tmp_path / "teacher")
    (tmp_path / "rows.jsonl").write_text("\n".join([targeted("praised", 0), targeted("blamed", 2)] * 12))
    text = config.read_text().replace('{ path = "rows.jsonl" }', '{ path = "rows.jsonl", taught = true }')
    config.write_text(text.replace("seed = 5", 'seed = 5\nteacher = "teacher/model"'))
    model = load(train.main(config, lambda *_: None))
    rows = read_labelled(tmp_path / "held.jsonl")
    logits = [gathered(predict(model.network, model.words, [row]), "overall")[0][0] for row in rows[:2]]
    assert logits[0].argmax() == 2
    assert logits[1].argmax() == 0


def test_a_taught_source_without_a_teacher_is_refused(tmp_path: Path) -> None:
    config = prepare(tmp_path)
    config.write_text(config.read_text().replace('{ path = "rows.jsonl" }', '{ path = "rows.jsonl", taught = true }'))
    with pytest.raises(ConfigError, match="no `teacher` is named"):
        read_settings(config)
