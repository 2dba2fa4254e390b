"""Quotation marks of several languages, apostrophes, and quotations that run on."""

import pytest

from stance.voices.quotes import find_quotes

RUN_ON = "“We have buried four boys, and nobody in the capital has asked for their names"


def quoted(text: str) -> list[tuple[str, int]]:
    return [(text[quote.start : quote.end], quote.depth) for quote in find_quotes(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('He said "yes, we can" and left.', "yes, we can"),
        ("He said “yes, we can” and left.", "yes, we can"),
        ("He said ‘yes, it’s ours’ and left.", "yes, it’s ours"),
        ("He said 'yes, it's ours' and left.", "yes, it's ours"),
        ("He said «yes, we can» and left.", "yes, we can"),
        ("He said « yes, we can » and left.", " yes, we can "),
        ("Er sagte: „Wir bleiben“, und ging.", "Wir bleiben"),
        ("Er sagte: „Wir bleiben”, und ging.", "Wir bleiben"),
        ("Er sagte: »Wir bleiben«, und ging.", "Wir bleiben"),
        ("Han sa ”vi stannar” och gick.", "vi stannar"),
        ('He said “yes, we can" and left.', "yes, we can"),
    ],
)
def test_each_style_of_marks(text: str, words: str) -> None:
    assert quoted(text) == [(words, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "It's the farmers' land, and nobody's house.",
        "The dogs’ owner wouldn’t say.",
        "In the '90s, rock 'n' roll ruled.",
        "Get ‘em out, it was ‘90s talk.",
        'He is 5\'10" tall and the gun is 6" wide.',
        'One " alone.',
        "",
    ],
)
def test_apostrophes_and_stray_marks_quote_nothing(text: str) -> None:
    assert quoted(text) == []


def test_a_plural_possessive_does_not_close_a_single_quotation() -> None:
    text = "‘The soldiers’ boots were clean,’ she said."
    assert quoted(text) == [("The soldiers’ boots were clean,", 1)]


def test_quotations_in_quotations_keep_their_depth() -> None:
    text = "“He shouted ‘lie “flat” down,’ and we did,” said Hasan."
    assert [depth for _, depth in quoted(text)] == [1, 2, 3]


def test_an_open_quotation_runs_to_the_end() -> None:
    quote = find_quotes(RUN_ON)[0]
    assert (quote.start, quote.end, quote.closed) == (1, len(RUN_ON), False)


def test_a_mark_never_closed_before_the_next_opens_is_a_stray() -> None:
    assert quoted("“We went, he said at once. “We came back.”") == [("We came back.", 1)]
