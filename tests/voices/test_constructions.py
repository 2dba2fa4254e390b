"""One sentence for every construction with which English reports words: `constructions.txt`, the words in brackets."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance import voices

SENTENCES = [
    line
    for line in Path(__file__).with_name("constructions.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def unmarked(line: str) -> tuple[str, list[tuple[str, int]]]:
    """Return the text without its brackets, and the marked words with their depth, by start."""
    text = ""
    opened: list[int] = []
    marks: list[tuple[int, int, int]] = []
    for letter in line:
        if letter == "[":
            opened.append(len(text))
        elif letter == "]":
            marks.append((opened.pop(), len(text), len(opened) + 1))
        else:
            text += letter
    return text, [(text[start:end], depth) for start, end, depth in sorted(marks, key=lambda mark: (mark[0], mark[2]))]


@pytest.mark.parametrize("line", SENTENCES)
def test_paraphrase_is_what_stands_in_brackets(line: str) -> None:
    text, marked = unmarked(line)
    found = [(text[said.start : said.end], said.depth) for said in voices.find_in(text) if not said.direct]
    assert found == marked


@given(st.sampled_from(SENTENCES), st.data())
@settings(max_examples=300, deadline=None)
def test_any_part_of_a_sentence_can_be_read(line: str, data: st.DataObject) -> None:
    words = unmarked(line)[0].split()
    first = data.draw(st.integers(0, len(words) - 1))
    text = " ".join(words[first : data.draw(st.integers(first + 1, len(words)))])
    for said in voices.find_in(text):
        assert 0 <= said.start < said.end <= len(text)


@given(st.sampled_from(SENTENCES), st.data())
@settings(max_examples=300, deadline=None)
def test_words_in_any_order_can_be_read(line: str, data: st.DataObject) -> None:
    words = data.draw(st.permutations(unmarked(line)[0].split()))
    text = " ".join(words[: data.draw(st.integers(1, len(words)))])
    for said in voices.find_in(text):
        assert 0 <= said.start < said.end <= len(text)
