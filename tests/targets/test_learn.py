import json
from pathlib import Path

import pytest

from stance.errors import ConfigError
from stance.targets import MentionFinder, load
from stance.targets.learn import learn, main
from tests.targets.catalogues import one_target, texts, write
from tests.targets.workers import CATALOGUE

PLACES = ("in Riga", "at noon", "on Friday", "in the rain", "at the gate", "by the river")
ROWS = [
    row
    for place in PLACES * 3
    for row in (
        {"text": f"The welders marched {place}.", "labels": [{"target": "workers", "mentions": ["The welders"]}]},
        {"text": f"A march {place}: the welders slept.", "labels": []},
        {
            "text": f"The chefs of the town marched {place}.",
            "labels": [{"target": "workers", "mentions": ["The chefs of the town"]}],
        },
    )
]


def test_what_was_learnt_is_found_in_other_words(tmp_path: Path) -> None:
    path = write(tmp_path, CATALOGUE)
    weights = learn(load([path], weigh=False), ROWS, penalty=1.0)
    weights.save(tmp_path / "weights.json")
    finder = MentionFinder(load([path]))
    assert texts(finder, "Two chefs marched home. After the march a chef slept.") == ["Two chefs"]


def test_what_names_another_target_teaches_nothing(tmp_path: Path) -> None:
    catalog = load([write(tmp_path, CATALOGUE)], weigh=False)
    other = {"target": "cooks", "mentions": ["Two chefs"]}
    rows = [
        {"text": "The welders slept. Two chefs marched home.", "labels": [other]},
        {"text": "Two chefs marched home.", "labels": [other, {"target": "workers", "mentions": ["marched"]}]},
    ]
    assert learn(catalog, [*ROWS, *rows * 20]) == learn(catalog, ROWS)


def test_a_mention_is_known_again_without_its_capital(tmp_path: Path) -> None:
    catalog = load([write(tmp_path, CATALOGUE)], weigh=False)

    def rows(*mentions: str) -> list[dict[str, object]]:
        labels = [{"target": "workers", "mentions": mentions}]
        return [*ROWS, *[{"text": "The chefs marched; the chefs marched.", "labels": labels}] * 20]

    assert learn(catalog, rows("The chefs")) == learn(catalog, rows("The chefs", "the chefs"))


def test_the_same_rows_give_the_same_weights(tmp_path: Path) -> None:
    catalog = load([write(tmp_path, CATALOGUE)], weigh=False)
    assert learn(catalog, ROWS) == learn(catalog, ROWS)


def test_without_weights_only_names_are_found(tmp_path: Path) -> None:
    finder = MentionFinder(load([write(tmp_path, CATALOGUE)], weigh=False))
    assert texts(finder, "The striking welders and the chefs marched.") == ["striking welders"]


def test_rows_that_show_no_target_teach_nothing(tmp_path: Path) -> None:
    catalog = load([write(tmp_path, CATALOGUE)], weigh=False)
    with pytest.raises(ConfigError, match="no row describes workers"):
        learn(catalog, ROWS[1::3])


def test_a_catalogue_without_descriptions_has_nothing_to_learn(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="has none"):
        learn(one_target(tmp_path, "aliases: {roles: [cabinet]}"), ROWS)


def test_the_command_writes_weights_or_says_why_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows, weights = tmp_path / "rows.jsonl", tmp_path / "weights.json"
    rows.write_text("\n".join(map(json.dumps, ROWS)) + "\n", encoding="utf-8")
    catalogue = str(write(tmp_path, CATALOGUE))
    assert main([str(rows), "--to", str(weights), "--targets", catalogue]) == 0
    assert weights.is_file()
    assert main([str(tmp_path / "none.jsonl"), "--to", str(weights), "--targets", catalogue]) == 2
    assert "none.jsonl" in capsys.readouterr().err
