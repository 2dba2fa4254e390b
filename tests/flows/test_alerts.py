"""A change of line, from articles to the alarm in Prefect's interface."""

import json
import random
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from flows.daily import daily_news
from stance.config import RunConfig
from tests.flows.news import artifact

pytestmark = [pytest.mark.usefixtures("prefect"), pytest.mark.timeout(1800)]
PRAISE = "The government did excellent, generous and honest work, and people praised it with joy."
BLAME = "The government failed again, cruel, corrupt and dishonest, and people condemned it with anger."
WORDS = [
    "harvest",
    "river",
    "bridge",
    "school",
    "winter",
    "market",
    "doctor",
    "train",
    "music",
    "garden",
    "window",
    "teacher",
    "island",
    "forest",
    "coffee",
    "letter",
    "morning",
    "village",
    "engine",
    "football",
    "weather",
    "painting",
    "library",
    "mountain",
    "kitchen",
    "festival",
    "hospital",
    "journey",
    "summer",
    "harbour",
]


def article(number: int, day: date, words: str) -> dict[str, str]:
    pick = random.Random(number)
    # other words in each, or all would count as copies of one story
    filler = ". ".join(" ".join(pick.sample(WORDS, 9)).capitalize() for _ in range(8))
    return {
        "url": f"https://daily.example/{number}",
        "title": f"Report {number} from the {pick.choice(WORDS)}",
        "outlet": "Daily",
        "published": day.isoformat(),
        "text": f"{words} {filler}.",
    }


def test_turn_of_an_outlet_is_a_dated_alert_and_an_artifact(tmp_path: Path) -> None:
    turn = date(2025, 3, 3)
    days = [date(2025, 1, 6) + timedelta(weeks=week) for week in range(11)]
    rows = [
        article(10 * week + number, day, BLAME if day >= turn else PRAISE)
        for week, day in enumerate(days)
        for number in range(8)
    ]
    news = tmp_path / "news.jsonl"
    news.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    out = tmp_path / "out"
    daily_news(RunConfig(inputs=(str(news),), out=str(out), scorer={"kind": "lexicon"}))
    stored = pd.read_parquet(out / "alerts")
    found = stored[(stored["outlet"] == "Daily") & (stored["voice"] == "overall")]
    assert found["period"].astype(str).tolist() == [turn.isoformat()]
    assert found["change"].iloc[0] < -0.5
    shown = json.loads(artifact("stance-alerts"))
    assert len(shown) == len(stored)
    assert {row["period"] for row in shown} == {turn.isoformat()}
