"""Numbers that rest on languages without a measured error rate say so, and only those."""

from datetime import UTC, datetime

import pandas as pd

from stance.estimate.languages import WARNING, flagged, languages_in

ARTICLES = pd.DataFrame(
    [
        ("en", "Herald", datetime(2025, 1, 1, tzinfo=UTC), True, "en", True),
        ("ru", "Kompas", datetime(2025, 1, 8, tzinfo=UTC), True, "ru", False),
        ("kk", "Kompas", None, True, "kk", False),
        ("old", "Herald", datetime(2025, 1, 1, tzinfo=UTC), False, "ru", False),
    ],
    columns=["article_id", "outlet", "published", "latest", "language", "language_validated"],
)
ARTICLES["published"] = pd.to_datetime(ARTICLES["published"], utc=True).dt.tz_localize(None)
SCORES = pd.DataFrame(
    [
        ("en", "police", True),
        ("ru", "police", False),
        ("kk", "police", True),
        ("old", "police", True),
        ("en", "mayor", True),
    ],
    columns=["article_id", "target", "reported_speech"],
)


def note(outlet: str, period: str | None, by: str, voice: str, target: str = "police") -> str:
    day = pd.Timestamp(period) if period else pd.NaT
    row = {"target": target, "outlet": outlet, "period": day, "by": by, "voice": voice, "note": "uncorrected"}
    (found,) = flagged(pd.DataFrame([row]), SCORES, ARTICLES)["note"]
    return str(found)


def test_a_number_over_all_periods_names_the_languages_under_it() -> None:
    assert note("", None, "all", "overall") == f"uncorrected; {WARNING}kk, ru"
    assert note("Kompas", None, "all", "overall") == f"uncorrected; {WARNING}kk, ru"
    assert note("Herald", None, "all", "overall") == "uncorrected"  # its article in Russian was replaced
    assert note("", None, "all", "overall", "mayor") == "uncorrected"


def test_a_number_of_a_period_or_voice_names_what_stands_in_it() -> None:
    assert note("", "2025-01-06", "week", "overall") == f"uncorrected; {WARNING}ru"
    assert note("", "2024-12-30", "week", "overall") == "uncorrected"
    assert note("Kompas", "2025-01-01", "month", "author") == f"uncorrected; {WARNING}ru"
    assert note("Kompas", "2025-01-01", "month", "reported") == "uncorrected"
    assert note("", None, "all", "reported") == f"uncorrected; {WARNING}kk"


def test_an_alert_is_warned_of_by_its_series() -> None:
    rows = pd.DataFrame(
        {"target": ["police"] * 2, "outlet": ["", "Herald"], "voice": ["overall"] * 2, "note": ["a", "b"]}
    )
    assert flagged(rows, SCORES, ARTICLES)["note"].tolist() == [f"a; {WARNING}kk, ru", "b"]


def test_without_such_languages_nothing_changes() -> None:
    rows = pd.DataFrame({"target": ["police"], "outlet": [""], "voice": ["overall"], "note": ["a"]})
    assert flagged(rows, SCORES, ARTICLES[ARTICLES["language_validated"]]).equals(rows)
    assert languages_in(rows["note"]) == []
    assert languages_in(pd.Series([f"a; {WARNING}kk, ru", "b", f"{WARNING}de"])) == ["de", "kk", "ru"]
