"""What holds for any text: spans lie in it, overlap only by nesting, lose nothing, and later text changes nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from stance import voices
from stance.records import Utterance
from stance.voices import cues, words

WORDS = [
    *(
        "Omarov",
        '"quoted words"',
        "“curly”",
        "said",
        "that",
        "the minister",
        ",",
        "he",
        "told us",
        ".",
        "“Go home,”",
        "I",
    ),
    *(
        "A woman",
        "with a flag",
        "accused",
        "them of",
        "‘theft’",
        "« non »",
        "„ja“",
        "Q:",
        "A:",
        "according to",
        "we",
        "?",
    ),
    *(
        "in the words of",
        "claimed",
        "without evidence",
        "and",
        ", who",
        "[SOT: baker]",
        "they",
        "asked whether",
        "!",
        ">",
    ),
    *(
        "44 per cent of voters",
        ";",
        "—",
        "(",
        ")",
        "’",
        "'",
        '"',
        "“",
        "”",
        ":",
        "Moscow's claim that",
        "President Aliyev",
    ),
]
TABLES = sorted(cues.CUES | cues.WORKS | cues.MESSAGES | cues.PUBLIC | words.NO_NOUNS | words.DETERMINERS)
NEWSLIKE = st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from(TABLES)), max_size=60).map(" ".join)
TEXTS = st.one_of(NEWSLIKE, st.text(max_size=200), st.text(alphabet="ab A.,:;\"'“”‘’«»„>—-\n", max_size=80))
ARTICLES = st.lists(TEXTS, max_size=5)


def words_of(text: str, utterance: Utterance) -> str:
    return text[utterance.start : utterance.end]


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_every_span_lies_in_the_text_and_names_what_it_says(text: str) -> None:
    for utterance in voices.find_in(text):
        assert 0 <= utterance.start < utterance.end <= len(text)
        if utterance.speaker_span is not None:
            assert text[slice(*utterance.speaker_span)] == utterance.speaker
        assert bool(utterance.speaker) == bool(utterance.holder)


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_utterances_are_in_order_and_overlap_only_by_nesting(text: str) -> None:
    utterances = voices.find_in(text)
    assert utterances == sorted(utterances, key=lambda u: (u.start, -u.end, u.depth))
    for i, one in enumerate(utterances):
        for other in utterances[i + 1 :]:
            apart = one.end <= other.start
            inside = one.start <= other.start and other.end <= one.end
            assert apart or (inside and other.depth > one.depth), (words_of(text, one), words_of(text, other))


@given(ARTICLES)
@settings(max_examples=60, deadline=None)
def test_no_paragraph_is_lost_and_later_ones_change_nothing(paragraphs: list[str]) -> None:
    found = voices.find(paragraphs)
    assert len(found) == len(paragraphs)
    for end in range(len(paragraphs)):
        assert voices.find(paragraphs[:end]) == found[:end]


@given(ARTICLES)
@settings(max_examples=60, deadline=None)
def test_one_holder_has_one_kind_in_an_article(paragraphs: list[str]) -> None:
    kinds: dict[str, str] = {}
    for utterance in (u for found in voices.find(paragraphs) for u in found):
        assert kinds.setdefault(utterance.holder, utterance.holder_kind) == utterance.holder_kind


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_voices_gather_every_utterance_once(text: str) -> None:
    utterances = voices.find_in(text)
    gathered = voices.passages_voices(utterances)
    assert len({voice.holder for voice in gathered}) == len(gathered)
    assert sorted(span for voice in gathered for span in voice.words) == sorted((u.start, u.end) for u in utterances)
