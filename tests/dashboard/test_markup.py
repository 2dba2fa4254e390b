from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.dashboard import markup
from tests.dashboard import fixture

MARKS = st.lists(
    st.builds(
        markup.Mark,
        st.integers(0, 60),
        st.integers(0, 60),
        st.sampled_from([markup.MENTION, markup.QUOTE, markup.EVIDENCE]),
        st.text(max_size=10),
    ),
    max_size=6,
)


class Reader(HTMLParser):
    """Reads HTML as a browser would: the text, and the tags in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags = "", set()
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert {name for name, _ in attrs} <= {"class", "title"}


@given(st.text(alphabet=st.characters(exclude_characters="\r\0", exclude_categories=["Cs"]), max_size=50), MARKS)
def test_marked_text_reads_as_it_was_and_has_no_tag_but_ours(text, marks):
    shown = Reader(markup.marked(text, marks))
    assert shown.text == text
    assert shown.tags <= {"span"}


def test_hostile_text_is_text():
    shown = Reader(markup.marked(fixture.HOSTILE_TEXT, [markup.Mark(5, 90, markup.EVIDENCE, "<b>x</b>")]))
    assert shown.text == fixture.HOSTILE_TEXT
    assert shown.tags == {"span"}


def test_overlapping_marks_keep_both_classes():
    html = markup.marked("abcdef", [markup.Mark(0, 4, markup.QUOTE), markup.Mark(2, 6, markup.EVIDENCE)])
    assert html.count("<span") == 3
    assert '"st-evidence st-quote"' in html


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "http://",
        "https://a b",
        "https://[",
        "",
    ],
)
def test_only_web_addresses_become_links(url):
    assert "<a" not in markup.link(url, "words")


def test_a_web_address_becomes_a_link_that_tells_nothing():
    html = markup.link("https://a.example/?q=1&b='\"", "open")
    assert 'rel="noopener noreferrer nofollow"' in html
    assert "&quot;" in html


def test_filled_escapes_values():
    assert markup.filled("<b>{x}</b>", x="<i>&'") == "<b>&lt;i&gt;&amp;&#x27;</b>"
