import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.targets import load
from stance.targets.descriptions import Describer, Description, Sums, Vocabulary, Weights, Words
from stance.targets.scan import Scanner
from tests.targets.catalogues import texts
from tests.targets.workers import CATALOGUE, WEIGHTS, finder

LISTS = {"trade": ("welder", "chef", "dockers"), "march": ("march*", "block*"), "capital": ("Riga", "Lima")}
ALL = frozenset({"the", "on", "bridge", "welders"})
WORDS = (
    "The",
    "the",
    "welders",
    "chefs",
    "marched.",
    "“",
    "on",
    "a",
    "bridge",
    ",",
    "Anna",
    "Berzina",
    "blocked",
    "Riga’s",
    "40",
)
TEXTS = st.lists(st.sampled_from(WORDS), max_size=16).map(" ".join)


def nouns(text: str, named: str = "", words: frozenset[str] = ALL) -> tuple[Describer, list[Description]]:
    describer = Describer(Words(LISTS, ("trade", "capital"), ("march",), words))
    found = Scanner([], [], {}).scan(text)
    place = text.index(named)
    mentions = [("protesters", (place, place + len(named)))] if named else []
    return describer, list(describer.describe(found, mentions))


def phrases(text: str, named: str = "") -> list[str]:
    return [text[noun.start : noun.end] for noun in nouns(text, named)[1]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The welders marched.", ["The welders"]),
        (
            "Some two hundred angry welders marched.",
            ["Some", "Some two", "Some two hundred", "Some two hundred angry welders"],
        ),
        ("They met Anna Berzina in Riga.", ["Anna Berzina", "Riga"]),
        ("He said that the welders met that chef.", ["the welders", "that chef"]),
        ("He said that welders slept.", ["welders"]),
        ("Anna met them.", []),
        ("Those who came slept.", ["Those"]),
        ("An anti-welder law; a head-welder.", ["a head-welder"]),
        ("It rained in riga.", []),
    ],
)
def test_a_noun_is_taken_with_the_words_that_begin_its_phrase(text: str, expected: list[str]) -> None:
    assert phrases(text) == expected


def test_nouns_inside_a_mention_are_not_described_again() -> None:
    assert phrases("The welders met the chefs.", named="The welders") == ["the chefs"]


def test_the_facts_say_what_stands_around() -> None:
    describer, (noun,) = nouns("It rained. On the bridge the welders blocked it.")
    features = set(describer.features(noun))
    assert {
        "trade",
        "d the many",
        "n march",
        "trade&n march",
        "s march 1",
        "P march 1",
        "= welders",
        "=-1 the",
    } <= features
    assert not any("rained" in feature for feature in features)


def test_a_word_of_a_mention_is_said_again() -> None:
    describer, held = nouns("The welders met the other welders.", named="The welders")
    assert "again protesters" in set(describer.features(held[0]))


@given(TEXTS)
@settings(deadline=None)
def test_the_quick_sum_is_the_sum_of_the_features(text: str) -> None:
    describer, held = nouns(text)
    names = sorted({name for noun in held for name in describer.features(noun)})
    weights = Weights(ALL, ("a", "b"), (0.5, -0.5), {name: (i % 7 - 3.0, i % 5 - 2.0) for i, name in enumerate(names)})
    sums = Sums(weights, describer.words.vocabulary)
    for noun in held:
        rows = [weights.bias, *(weights.features[name] for name in describer.features(noun))]
        totals = [sum(column) for column in zip(*rows, strict=True)]
        assert sums.odds(noun) == pytest.approx(totals)


def test_a_list_with_a_capital_is_matched_with_it() -> None:
    words = Words(LISTS, ("capital",), ())
    heads = [words[word].heads for word in ("Riga", "Riga's", "riga")]
    assert heads == [words.vocabulary[("capital",)]] * 2 + [-1]


def test_weights_are_read_as_they_were_written(tmp_path: Path) -> None:
    weights = Weights(frozenset({"the"}), ("a", "b"), (0.1, -2.0), {"trade&n march": (1.5, 0.0), "= “": (0.0, 1.0)})
    weights.save(tmp_path / "w.json")
    assert Weights.load(tmp_path / "w.json") == weights


@pytest.mark.parametrize(
    "held",
    [
        "[]",
        "{",
        json.dumps(WEIGHTS | {"version": 2}),
        json.dumps({key: value for key, value in WEIGHTS.items() if key != "bias"}),
        json.dumps(WEIGHTS | {"features": {"trade": [1.0, 2.0]}}),
        json.dumps(WEIGHTS | {"features": {"trade": ["much"]}}),
    ],
)
def test_what_is_no_weights_file_is_refused(held: str, tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    path.write_text(held, encoding="utf-8")
    with pytest.raises(ValueError, match=r".+"):
        Weights.load(path)


def test_a_description_counts_from_its_chance_on(tmp_path: Path) -> None:
    text = "The welders marched. A chef slept. Welders slept."
    assert texts(finder(tmp_path), text) == ["The welders"]
    assert texts(finder(tmp_path, CATALOGUE.replace("0.6", "0.01")), text) == ["The welders", "A chef", "Welders"]


def test_a_description_alone_may_need_a_greater_chance(tmp_path: Path) -> None:
    careful = CATALOGUE.replace("{workers: 0.6}", "{workers: 0.6}\n  alone: 0.95")
    assert texts(finder(tmp_path, careful), "The chefs marched.") == []
    named = "The chefs marched. The striking welders slept."
    assert texts(finder(tmp_path, careful), named) == ["The chefs", "striking welders"]


def test_a_name_wins_over_a_description_and_exclusions_bar_both(tmp_path: Path) -> None:
    found = finder(tmp_path).find("The striking welders marched, the night welders marched.")
    assert [(mention.text, mention.alias) for mention in found] == [("striking welders", "striking welder")]


def test_other_weights_make_another_target(tmp_path: Path) -> None:
    finder(tmp_path)
    before = load([tmp_path / "test.yaml"]).target("workers").definition
    finder(tmp_path, weights=WEIGHTS | {"bias": [-2.5]})
    assert load([tmp_path / "test.yaml"]).target("workers").definition != before


def test_threads_may_share_a_vocabulary() -> None:
    vocabulary = Vocabulary()
    names = [(f"{index % 500}",) for index in range(20_000)]
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(vocabulary.__getitem__, names))
    assert [vocabulary.names[number] for number in numbers] == names


def test_a_text_without_cue_or_mention_is_not_looked_at(tmp_path: Path) -> None:
    sure = WEIGHTS | {"bias": [9.0]}
    assert texts(finder(tmp_path, weights=sure), "The welders slept.") == []
    assert texts(finder(tmp_path, weights=sure), "They march. The welders slept.") == ["The welders"]
