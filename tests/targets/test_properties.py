from functools import cache
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from stance.records import Mention
from stance.targets import MentionFinder, load

WORDS = (
    *(
        "the",
        "government",
        "prime minister",
        "Minister Sato",
        "Russian foreign ministry",
        "Moscow",
        "Putin’s",
        "the Kremlin",
        "several hundred pensioners",
        "with banners",
        "marched.",
        "The crowd",
    ),
    *(
        "police",
        "students",
        "Tbilisi said",
        "in Moscow",
        "Kallas",
        "Reemo Kallas",
        "anti-government",
        "Russian dolls",
        "governing board",
        "\n",
        "—",
        "a\u00adrmy",
        "Lukashenka,",
        "“",
    ),
)
TEXTS = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)
NEUTRAL = st.sampled_from(["", "It rained. ", "A kilo of pears cost two coins. ", "Nobody was at home. "])


@cache
def finder() -> MentionFinder:
    return MentionFinder(load())


def shifted(mentions: list[Mention], by: int) -> list[tuple[str, int, int, str]]:
    return [(mention.target, mention.start + by, mention.end + by, mention.alias) for mention in mentions]


@given(TEXTS)
@settings(deadline=None)
def test_offsets_are_exact(text: str) -> None:
    for mention in finder().find(text):
        assert text[mention.start : mention.end] == mention.text
        assert mention.text.strip() == mention.text


@given(TEXTS)
@settings(deadline=None)
def test_mentions_come_in_order_and_overlap_only_as_one_stretch_of_two_targets(text: str) -> None:
    mentions = finder().find(text)
    for before, after in pairwise(mentions):
        same = (before.start, before.end) == (after.start, after.end) and before.target != after.target
        assert before.end <= after.start or same


@given(TEXTS)
@example("Moscow Kallas prime minister Kallas \n Kallas")
@settings(deadline=None)
def test_no_hit_that_was_dropped_is_longer_than_all_that_dropped_it(text: str) -> None:
    found, hits = finder().candidates(text)
    kept = {(mention.start, mention.end) for mention in finder().find(text)}
    lengths = {found.text.span(hit.start, hit.end): hit.end - hit.start for hit in hits}  # several blanks count as one
    for start, end in lengths.keys() - kept:
        rivals = [lengths.get((a, b), b - a) for a, b in kept if a < end and start < b]
        assert max(rivals, default=0) >= lengths[start, end]


@given(TEXTS.map("Then {}".format), NEUTRAL)  # a small letter would not begin a sentence
@settings(deadline=None)
def test_a_sentence_about_nothing_before_the_text_only_moves_the_mentions(text: str, before: str) -> None:
    assert shifted(finder().find(before + text), 0) == shifted(finder().find(text), len(before))
