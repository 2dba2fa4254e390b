from pathlib import Path

import pytest

from stance.targets import check
from stance.targets.coverage import Report
from stance.targets.similar import Neighbours
from tests.targets.catalogues import one_target

ALIASES = "aliases: {names: [Kobakhidze], roles: [minister, prime minister, government, ombudsman]}"
TEXTS = ["The prime minister met Kobakhidse.", "A minister and a goverment.", "KOBAKHIDZE! Kobakhidze’s ministers"]


@pytest.fixture
def report(tmp_path: Path) -> Report:
    return check(one_target(tmp_path, ALIASES), TEXTS)


def test_hits_are_counted_per_alias_and_aliases_never_found_are_kept(report: Report) -> None:
    assert {count.alias: count.hits for count in report.aliases} == {
        "minister": 2,
        "Kobakhidze": 1,
        "prime minister": 1,
        "government": 0,
        "ombudsman": 0,
    }
    assert [count.hits for count in report.aliases] == [2, 1, 1, 0, 0]
    assert report.aliases[0].where.endswith("one.yaml:7")


def test_texts_are_counted_once_per_target(report: Report) -> None:
    assert (report.texts, report.texts_with_target) == (3, {"government": 3})


def test_an_alias_inside_a_longer_one_is_an_overlap(report: Report) -> None:
    (overlap,) = report.overlaps
    assert (overlap.kept, overlap.dropped) == ("government: prime minister", "government: minister")
    assert (overlap.times, overlap.example) == (1, "prime minister")


def test_words_one_slip_away_are_near_misses(report: Report) -> None:
    assert {(miss.alias, miss.found) for miss in report.near_misses} == {
        ("Kobakhidze", "Kobakhidse"),
        ("Kobakhidze", "KOBAKHIDZE"),
        ("government", "goverment"),
    }


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("Lukashenka", ["Lukashenko"]),
        ("Lukashenkoo", ["Lukashenko"]),
        ("Lukshenko", ["Lukashenko"]),
        ("Lukahsenko", ["Lukashenko"]),
        ("LUKASHENKO", ["Lukashenko"]),
        ("lukashenka", []),
        ("Lukashenko", []),
        ("Lukashenkos", []),
        ("Lukasheka", []),
        ("polite", []),
        ("prosecuter", ["prosecutor"]),
    ],
)
def test_neighbours_are_one_insertion_deletion_substitution_or_swap_away(word: str, known: list[str]) -> None:
    assert Neighbours(["Lukashenko", "police", "prosecutor"]).of(word) == known
