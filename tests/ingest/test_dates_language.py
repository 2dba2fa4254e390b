# ruff: noqa: E501 (samples of mark-up are read more easily on one line)
"""When it was published, and in which language."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import ConfigError
from stance.ingest.dates import BadDate, parse_date, zone
from stance.ingest.language import identify
from stance.records import Article, Reason

from .conftest import PROSE, article, rejection

NOW = datetime(2025, 6, 1, tzinfo=UTC)
MAY = datetime(2025, 5, 7, 7, 30, tzinfo=UTC)
KAZAKH = (
    "Үкімет жиналысында министр халыққа газ бағасының өсуі туралы түсінік берді. Наразылық білдірушілер алаңда жиналып, "
    "өз талаптарын айтты, ал полиция оларды таратуға тырысты."
)
RUSSIAN = "Правительство заявило, что участники протеста покинули площадь, а переговоры о цене на газ продолжатся завтра утром."


@pytest.mark.parametrize(
    "raw",
    [
        "2025-05-07T07:30:00Z", "2025-05-07T12:30:00+05:00", "2025-05-07 07:30", "Wed, 07 May 2025 07:30:00 GMT",
        "Wed, 07 May 2025 10:30:00 +0300", "07.05.2025, 07:30", "07/05/2025 07:30:00", "1746603000", "1746603000000",
        "7 May 2025, 07:30", "May 7, 2025 7:30 AM", "7 мая 2025, 07:30", "7 mai 2025 07:30",
    ],
)  # fmt: skip
def test_one_moment_is_read_however_it_is_written(raw):
    assert parse_date(raw, zone("UTC"), NOW) == MAY


def test_a_time_without_a_zone_is_in_the_default_zone_and_a_date_alone_is_its_midnight():
    almaty = zone("Asia/Almaty")
    assert parse_date("2025-05-07 12:30", almaty, NOW) == MAY
    assert parse_date("7 May 2025", almaty, NOW) == datetime(2025, 5, 6, 19, tzinfo=UTC)


@pytest.mark.parametrize("raw", ["", "   ", "\n"])
def test_nothing_written_is_undated(raw):
    assert parse_date(raw, zone("UTC"), NOW) is None


@pytest.mark.parametrize(
    "raw",
    [
        "2025-02-31", "31.02.2025", "2025-13-01", "yesterday", "3 hours ago", "today", "Tuesday", "May 2025", "2025", "soon", "10:30",
        "0001-01-01", "2093-01-01", "2025-06-04", "99999999999999999999", "вчера", "1e400", "9" * 400,
    ],
)  # fmt: skip
def test_what_cannot_be_a_date_is_refused(raw):
    with pytest.raises(BadDate):
        parse_date(raw, zone("UTC"), NOW)


@given(st.datetimes(datetime(1800, 1, 1), datetime(2025, 5, 31), timezones=st.timezones()))  # noqa: DTZ001
def test_iso_dates_come_back_as_the_same_moment(moment):
    # Within the hour that a clock repeats, Python calls no two moments of different zones equal.
    assert parse_date(moment.isoformat(), zone("UTC"), NOW).timestamp() == moment.timestamp()


@given(st.text(max_size=60))
def test_no_text_is_ever_taken_for_today(text):
    try:
        found = parse_date(text, zone("UTC"), NOW)
    except BadDate:
        return
    assert found is None or abs(found - datetime.now(UTC)) > timedelta(days=2)


def test_an_unknown_zone_is_a_mistake_of_the_configuration():
    with pytest.raises(ConfigError, match="Atlantis"):
        zone("Atlantis/Capital")


def test_an_impossible_date_rejects_the_article_and_a_missing_one_leaves_it_undated(read_bytes):
    def page(date: str) -> str:
        return f"---\ntitle: A title\ndate: {date}\n---\n{PROSE}"

    bad = rejection(read_bytes(page("'2025-02-31'")))
    assert (bad.reason, bad.stage) == (Reason.BAD_DATE, "date")
    assert article(read_bytes(PROSE)).published is None


@pytest.mark.parametrize(("text", "language"), [(PROSE, "en"), (RUSSIAN, "ru"), (KAZAKH, "kk"), (KAZAKH.upper(), "kk")])
def test_languages_are_told_apart(text, language):
    assert identify(text) == language


@pytest.mark.parametrize("place", [0, 1_500, 3_500])
def test_a_long_quotation_in_another_language_makes_no_other_article(place):
    text = (PROSE * 40)[:4_000]
    assert identify(text[:place] + (RUSSIAN * 4)[:600] + text[place:]) == "en"


def test_a_declared_language_is_believed_for_short_texts_only():
    assert identify("Bonjour", "fr-FR") == "fr"
    assert identify(PROSE, "fr") == "en"


@pytest.mark.parametrize(("text", "language"), [(RUSSIAN, "ru"), (KAZAKH, "kk")])
def test_a_language_without_a_measured_error_rate_is_rejected_or_flagged(read_bytes, text, language):
    refused = rejection(read_bytes(f"{text}\n\n{text} Ещё."))
    assert (refused.reason, refused.stage) == (Reason.UNVALIDATED_LANGUAGE, "language")
    allowed = article(read_bytes(f"{text}\n\n{text} Ещё.", allow_languages=(language,)))
    assert isinstance(allowed, Article)
    assert (allowed.language, allowed.language_validated) == (language, False)
    assert article(read_bytes(PROSE)).language_validated
