"""Stories: near-identical texts, whatever the order, within two weeks."""

import random
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.ingest.stories import WINDOW, StoryInput, cluster, shingles, sketch

DAY = datetime(2025, 1, 10, tzinfo=UTC)
WORDS = [f"word{number}" for number in range(4000)]


def text(seed: int, words: int = 300) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def story(name: str, body: str, days: float | None = 0) -> StoryInput:
    published = None if days is None else DAY + timedelta(days=days)
    return StoryInput(article_id=name, published=published, sketch=sketch(body))


def groups(*articles: StoryInput) -> set[frozenset[str]]:
    marks = cluster(articles)
    return {
        frozenset(name for name, mark in marks.items() if mark.story_id == one)
        for one in {m.story_id for m in marks.values()}
    }


def test_an_edited_copy_is_the_same_story_and_another_text_is_not():
    original = text(1)
    cut = " ".join(original.split()[:200])
    lead = "An entirely new lead sentence by the second outlet. " + " ".join(original.split()[30:])
    found = groups(story("a", original), story("b", cut, 1), story("c", lead, 2), story("d", text(2)))
    assert found == {frozenset("abc"), frozenset("d")}


def test_british_and_american_spelling_are_one():
    british = "The labour organisation criticised the programme of the centre, and travelled on, honouring its defence."
    american = "The labor organization criticized the program of the center, and traveled on, honoring its defense."
    assert shingles(british) == shingles(american)


def test_the_first_published_names_the_story_and_undated_ones_come_last():
    marks = cluster([story("late", text(1), 3), story("b", text(1), 1), story("a", text(1), 1)])
    assert {name: mark.story_id for name, mark in marks.items()} == dict.fromkeys(("late", "a", "b"), "a")
    assert [name for name, mark in marks.items() if mark.first] == ["a"]


def test_links_reach_two_weeks_and_chains_further():
    far = WINDOW.days + 1
    assert len(groups(story("a", text(1)), story("b", text(1), far))) == 2
    assert len(groups(story("a", text(1)), story("m", text(1), far / 2), story("b", text(1), far))) == 1
    near = text(1) + " one more sentence"
    assert len(groups(story("a", text(1)), story("b", near, far))) == 2
    assert len(groups(story("a", text(1)), story("m", near, far / 2), story("b", text(1), far))) == 1


def test_undated_articles_are_linked_with_undated_ones():
    assert groups(story("a", text(1)), story("b", text(1), None), story("c", text(1), None)) == {
        frozenset("a"),
        frozenset("bc"),
    }


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40)), max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_articles_changes_nothing(kinds, shuffler):
    articles = [story(str(number), text(kind, 40), days) for number, (kind, days) in enumerate(kinds)]
    shuffled = articles[:]
    shuffler.shuffle(shuffled)
    marks = cluster(articles)
    assert marks == cluster(shuffled)
    assert all(marks[mark.story_id].first for mark in marks.values())


@pytest.mark.slow
def test_many_equal_texts_take_seconds():
    one = sketch(text(1))
    started = time.process_time()
    marks = cluster(StoryInput(article_id=str(number), published=DAY, sketch=one) for number in range(50_000))
    assert len({mark.story_id for mark in marks.values()}) == 1
    assert time.process_time() - started < 20


def test_no_articles_are_no_stories():
    assert cluster([]) == {}
