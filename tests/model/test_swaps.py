"""Swapped names keep spans and speakers true."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.labelled import LabelledTarget, LabelledText, Speaker
from stance.model.swaps import swapped, with_names
from stance.records import Span, Stance

TABLE = {"russia": "China", "kremlin": "Zhongnanhai", "students": "farmers"}


def row(text: str, *mentions: str) -> LabelledText:
    spans = tuple(Span(text.index(mention), text.index(mention) + len(mention)) for mention in mentions)
    speakers = (Speaker(name=mentions[0], stance=Stance.FAVOR),)
    target = LabelledTarget(name="russia", spans=spans, overall=Stance.AGAINST, speakers=speakers)
    return LabelledText(text=text, targets=(target,), line=1, codebook=True)


def test_spans_move_with_the_text() -> None:
    changed = with_names(row("Students left. The Kremlin said Russia's word.", "The Kremlin", "Russia"), TABLE)
    (target,) = changed.targets
    assert changed.text == "Farmers left. The Zhongnanhai said China's word."
    assert [changed.text[a:b] for a, b in target.spans] == ["The Zhongnanhai", "China"]
    assert target.speakers[0].name == "The Zhongnanhai"
    assert target.name == "China"


def test_parts_of_words_stay() -> None:
    assert with_names(row("Russians in Belorussia, Russia", "Russia"), TABLE).text == "Russians in Belorussia, China"


@given(st.lists(st.sampled_from(["Russia", "Kremlin", "police", "students", "x"]), min_size=1), st.integers(0, 99))
def test_offsets_stay_inside(words: list[str], seed: int) -> None:
    text = " ".join(words)
    target = LabelledTarget(name="t", spans=(Span(0, len(text)),), overall=Stance.NEUTRAL)
    changed = swapped(LabelledText(text=text, targets=(target,), line=1, codebook=True), np.random.default_rng(seed))
    assert changed.targets[0].spans == (Span(0, len(changed.text)),)
    assert len(changed.text.split()) >= len(words)


@pytest.mark.parametrize("seed", range(5))
def test_the_power_always_changes(seed: int) -> None:
    assert "Russia" not in swapped(row("Russia spoke.", "Russia"), np.random.default_rng(seed)).text
