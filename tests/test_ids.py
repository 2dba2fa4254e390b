"""Ids are equal for equal content and different for different content."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.ids import ID_LENGTH, canonical_json, content_id

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(value=JSON)
def test_ids_have_one_length_and_do_not_hang_on_the_run(value: object) -> None:
    assert content_id(value) == content_id(value)
    assert len(content_id(value)) == ID_LENGTH


@given(value=st.dictionaries(st.text(), st.integers(), min_size=2))
def test_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    assert canonical_json(value) == canonical_json(dict(reversed(value.items())))


@given(one=st.lists(st.text()), other=st.lists(st.text()))
def test_different_lists_have_different_ids(one: list[str], other: list[str]) -> None:
    assert (content_id(one) == content_id(other)) == (one == other)


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        content_id(float("nan"))
