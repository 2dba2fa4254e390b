from datetime import date

import pandas as pd
import pytest

from stance.dashboard.board import Board
from stance.dashboard.filters import Filters
from stance.dashboard.queries import articles, changes, quality, reading, trends, voices
from tests.dashboard import fixture


def test_choices_put_the_largest_first_and_name_unmeasured_languages(board: Board):
    found = board.ask(articles.choices)
    assert found["outlets"][0] == "Morning Post"
    assert found["targets"] == ["government", "protesters", "russia"]
    assert found["unvalidated"] == ["ru"]


def test_facts_count_what_is_chosen(board: Board):
    facts = board.ask(articles.facts, Filters(outlets=("The Herald",)))
    assert facts.articles == fixture.WEEKS * fixture.PER_WEEK
    assert facts.outlets == 1


def test_articles_that_mention_a_target_and_those_that_do_not_are_all_articles(board: Board):
    rows = board.ask(articles.mentioned, Filters())
    total = board.ask(articles.facts, Filters()).articles
    assert (rows.groupby("target")["articles"].sum() == total).all()
    absent = rows[(rows["target"] == "protesters") & ~rows["mention"]]
    assert absent["articles"].sum() == 1  # the hostile article names the government alone


def test_points_carry_what_a_click_needs(board: Board):
    rows = board.ask(articles.points, Filters(outlets=("Morning Post",)), "government")
    assert rows["article_id"].is_unique
    assert rows["polarity"].between(-1, 1).all()


def test_points_are_left_out_where_they_would_be_a_cloud(board: Board, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(articles, "MOST_POINTS", 10)
    assert board.ask(articles.points, Filters(by="day"), "government").empty


def test_the_outlet_that_turned_comes_first(board: Board):
    first = board.ask(changes.turns, Filters()).iloc[0]
    assert (first["outlet"], first["target"]) == ("Morning Post", "government")
    assert first["change"] < -1
    assert first["middle"].date() == date(2025, 2, 10)
    assert (first["units_before"], first["units_after"]) == (25, 26)


def test_a_turn_is_the_difference_of_the_articles_means(board: Board):
    row = board.ask(changes.turns, Filters(voice="author")).iloc[0]
    points = board.ask(articles.points, Filters(voice="author", outlets=(row["outlet"],)), row["target"])
    late = points["day"] >= row["middle"]
    assert row["after"] == pytest.approx(points[late]["polarity"].mean(), abs=1e-6)
    assert row["before"] == pytest.approx(points[~late]["polarity"].mean(), abs=1e-6)


def test_first_come_who_turned_and_who_warmed(board: Board):
    shown = changes.striking(board.ask(changes.turns, Filters()), "protesters", 3)
    assert shown["target"].tolist()[:2] == ["protesters", "protesters"]
    assert shown["change"].iloc[0] < 0 < shown["change"].iloc[1]
    assert (shown["outlet"].iloc[2], shown["target"].iloc[2]) == ("Morning Post", "government")


def test_turns_of_nothing_are_none(board: Board):
    assert board.ask(changes.turns, Filters(since=date(2030, 1, 1))).empty


def test_a_difference_is_missing_its_interval_where_stories_are_few(board: Board):
    day = Filters(outlets=("The Herald",), until=fixture.FIRST_DAY.date())
    late = Filters(outlets=("The Herald",), since=date(2025, 3, 1))
    row = board.ask(changes.difference, day, late, ("target",)).iloc[0]
    assert pd.isna(row["low"])
    assert row["units_before"] == 1


def test_the_last_run_is_told_apart(board: Board):
    new = board.ask(changes.arrived, 2)
    assert new["articles"].sum() == 4 * fixture.PER_WEEK + 1
    moved = board.ask(changes.moved, Filters(), 2).set_index("target")
    assert moved.loc["government", "units"] - moved.loc["government", "units_without"] == new["articles"].sum()


def test_hits_come_strongest_first_and_lead_to_the_evidence(board: Board):
    chosen = reading.Selection(filters=Filters(outlets=("The Herald",)), target="government")
    hits = board.ask(reading.hits, chosen)
    sure = hits[~hits["unsure"]]
    assert sure["overall_against"].is_monotonic_decreasing
    assert set(hits["outlet"]) == {"The Herald"}
    assert hits["found"].iloc[0] == len(hits) == 100
    row = hits.iloc[0]
    assert "government" in row["text"][row["evidence_start"] : row["evidence_end"]]


@pytest.mark.parametrize("order", ["against", "favor", "neutral", "unsure", "newest"])
def test_every_order_lists_the_same_paragraphs(board: Board, order):
    hits = board.ask(
        reading.hits, reading.Selection(filters=Filters(outlets=("The Herald",)), target="russia", order=order)
    )
    assert len(hits) == 50


def test_as_many_hits_as_asked_and_the_count_of_all(board: Board):
    chosen = reading.Selection(filters=Filters(), target="government")
    every, one = board.ask(reading.hits, chosen), board.ask(reading.hits, chosen, 1)
    assert len(one) == 1
    assert one["paragraph_id"].iloc[0] == every["paragraph_id"].iloc[0]
    assert one["found"].iloc[0] == every["found"].iloc[0]


@pytest.mark.parametrize("voice", ["overall", "author", "reported"])
@pytest.mark.parametrize("order", ["against", "favor"])
def test_the_telling_paragraph_is_the_first_of_all(board: Board, voice, order):
    late = Filters(outlets=("Morning Post",), since=date(2025, 2, 10), voice=voice)
    chosen = reading.Selection(filters=late, target="government", order=order)
    one, every = board.ask(reading.telling, chosen).iloc[0], board.ask(reading.hits, chosen).iloc[0]
    assert one[f"{voice}_{order}"] == every[f"{voice}_{order}"]
    assert one["outlet"] == "Morning Post"


def test_articles_that_never_mention_a_target_are_listed(board: Board):
    rows = board.ask(articles.silent, Filters(), "protesters")
    assert rows["title"].tolist() == [fixture.HOSTILE_TITLE]
    assert rows["found"].tolist() == [1]
    assert board.ask(articles.silent, Filters(), "government").empty


def test_languages_without_a_measured_error_rate_are_told_by_outlet(board: Board):
    rows = board.ask(articles.unmeasured, Filters())
    assert rows.to_dict("records") == [{"outlet": "Новости Востока", "language": "ru"}]
    assert board.ask(articles.unmeasured, Filters(languages=("en",))).empty


def test_hits_of_an_article_and_of_a_voice(board: Board):
    article = board.ask(articles.points, Filters(), "government")["article_id"].iloc[0]
    hits = board.ask(reading.hits, reading.Selection(filters=Filters(), target="government", article=article))
    assert set(hits["article_id"]) == {article}
    spoken = board.ask(reading.hits, reading.Selection(filters=Filters(), target="government", holder="minister dosov"))
    said = board.ask(voices.holders, Filters(), 20).set_index(["holder", "target"])
    assert len(spoken) == said.loc[("minister dosov", "government"), "quotes"]


def test_reported_voice_lists_only_paragraphs_that_report(board: Board):
    hits = board.ask(reading.hits, reading.Selection(filters=Filters(voice="reported"), target="government"))
    assert hits["reported_speech"].all()


def test_a_quote_in_a_name_is_data_and_no_sql(board: Board):
    hits = board.ask(reading.hits, reading.Selection(filters=Filters(outlets=("x' OR 'a'='a",)), target="' OR 1=1 --"))
    assert hits.empty


def test_voices_leave_out_the_outlets_own_words(board: Board):
    rows = board.ask(voices.holders, Filters(), 20)
    assert "author" not in set(rows["holder"])
    assert (rows["against"] + rows["neutral"] + rows["favor"] == rows["quotes"]).all()
    assert len(rows[["holder", "shown"]].drop_duplicates()) == rows["holder"].nunique()
    own_side = rows[(rows["side"] == rows["target"]) & (rows["side"] != "")]
    assert (own_side["polarity"] > 0).all()
    english = board.ask(voices.holders, Filters(languages=("en",)), 20)
    assert english["quotes"].sum() < rows["quotes"].sum()


def test_doubt_keeps_absent_and_unsure_apart(board: Board):
    rows = board.ask(quality.doubt, Filters()).set_index(["outlet", "target"])
    post = rows.loc[("Morning Post", "protesters")]
    assert post["absent"] == pytest.approx(1 / 51)
    assert 0 <= post["unsure"] < 1


def test_rejections_runs_and_feeds(board: Board):
    lost = board.ask(quality.rejections)
    assert lost["inputs"].sum() == 4
    assert board.ask(quality.rejected, "no_text")["source"].tolist() == ["broken1.html", "broken2.html"]
    assert board.ask(quality.runs)["run"].tolist() == ["run-2", "run-1"]
    assert {feed.outlet for feed in board.ask(quality.feeds)} == set(fixture.LANGUAGES)
    assert board.ask(quality.scorers) == [fixture.SCORER]


def test_alarms_and_causes_of_the_newest_run(board: Board):
    row = board.ask(changes.alarms, Filters()).iloc[0]
    assert (row["outlet"], row["weeks"]) == ("Morning Post", 1)
    assert board.ask(changes.alarms, Filters(outlets=("The Herald",))).empty
    assert board.ask(changes.alarms, Filters(voice="author")).empty
    assert board.ask(changes.causes) == {"new articles": 12}
    assert board.ask(quality.names)["russia"] == "Russia"


@pytest.mark.parametrize("voice", ["overall", "author", "reported"])
@pytest.mark.parametrize("order", ["against", "favor"])
def test_a_short_list_is_the_head_of_a_long_one_and_the_count_is_of_all(board: Board, voice, order):
    """The short list is found by way of the articles' own numbers, the long one by reading all."""
    chosen = reading.Selection(filters=Filters(voice=voice), target="government", order=order)
    short, every = board.ask(reading.ranked, chosen, 30), board.ask(reading.ranked, chosen, 10_000)
    assert short["paragraph_id"].tolist() == every["paragraph_id"].head(30).tolist()
    assert set(short["found"]) == set(every["found"]) == {len(every)}


def test_one_target_of_a_trend_is_that_part_of_all(board: Board):
    for filters in (Filters(), Filters(languages=("en",), counting="story")):
        every = board.ask(trends.trend, filters, ("target", "outlet"))
        one = board.ask(trends.trend, filters, ("target", "outlet"), "russia")
        pd.testing.assert_frame_equal(one, every[every["target"] == "russia"].reset_index(drop=True))
