"""Clauses and the one that carries the stance."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stance.model.evidence import clauses, strongest
from stance.records import Span

TEXT = "The cabinet acted lawfully, while the mob showed contempt for life. It rained in the evening; nobody came home."


def arrays(pull: dict[int, float]) -> tuple[np.ndarray, np.ndarray]:
    """Return where tokens start, and the pull of one target on them."""
    return np.array(list(pull)), np.array([list(pull.values())])


def test_clauses_of_a_sentence() -> None:
    assert [TEXT[a:b] for a, b in clauses(TEXT)] == [
        "The cabinet acted lawfully,",
        "while the mob showed contempt for life.",
        "It rained in the evening;",
        "nobody came home.",
    ]


def test_a_short_piece_joins_the_next() -> None:
    text = "No. “We will never accept that,” he said."
    assert [text[a:b] for a, b in clauses(text)] == [text]


def test_a_name_is_no_clause() -> None:
    text = "Kairat Smagulov, who runs the depot, praised Russia."
    assert [text[a:b] for a, b in clauses(text)] == [text]


@given(st.text(min_size=1, max_size=200))
def test_clauses_are_valid_spans_in_order(text: str) -> None:
    parts = clauses(text)
    assert parts
    assert all(0 <= start < end <= len(text) for start, end in parts)
    assert all(before.end <= after.start for before, after in pairwise(parts))


def test_the_clause_that_was_looked_at_wins() -> None:
    places = clauses(TEXT)
    pull = dict.fromkeys(range(0, len(TEXT), 4), 0.01) | dict.fromkeys((75, 79, 83), 0.2)
    assert strongest(places, *arrays(pull), [()]) == [places[2]]


def test_a_clause_that_names_the_target_is_favoured() -> None:
    places = clauses(TEXT)
    pull = {place.start: 0.2 for place in places}
    assert strongest(places, *arrays(pull), [(Span(38, 41),)]) == [places[1]]
