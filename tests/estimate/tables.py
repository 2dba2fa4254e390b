"""Small tables of scores and articles with a known make-up, for the tests of numbers."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

STANCES = ("against", "neutral", "favor")


def articles(
    outlets: Sequence[str], *, stories: Sequence[str] | None = None, days: Sequence[str | None] | None = None
) -> pd.DataFrame:
    """One article for each outlet given, in order: a000, a001, ..."""
    names = [f"a{number:03d}" for number in range(len(outlets))]
    dates = pd.to_datetime(pd.Series(list(days) if days else ["2025-01-06"] * len(names)), utc=True)
    return pd.DataFrame(
        {
            "article_id": names,
            "outlet": list(outlets),
            "published": dates.astype("datetime64[us, UTC]"),
            "story_id": list(stories) if stories else names,
            "latest": True,
            "title": [f"Title of {name}" for name in names],
        }
    )


def scores(rows: Sequence[tuple[str, str, tuple[float, float, float]]], known: pd.DataFrame) -> pd.DataFrame:
    """One scored paragraph for each (article id, target, triple): p000, p001, ...; all three voices alike."""
    triples = np.array([triple for _, _, triple in rows], np.float32).reshape(-1, 3)
    table = pd.DataFrame(
        {
            "paragraph_id": [f"p{number:03d}" for number in range(len(rows))],
            "article_id": [article for article, _, _ in rows],
            "target": [target for _, target, _ in rows],
            **{
                f"{voice}_{stance}": triples[:, place]
                for voice in ("overall", "author", "reported")
                for place, stance in enumerate(STANCES)
            },
            "label": [STANCES[place] for place in triples.argmax(axis=1)],
            "confidence": triples.max(axis=1),
            "unsure": False,
            "reported_speech": False,
            "scorer": "tests",
        }
    )
    facts = known.set_index("article_id")
    return table.assign(
        outlet=facts["outlet"].loc[table["article_id"]].to_numpy(),
        published=facts["published"].loc[table["article_id"]].to_numpy(),
    )


def paragraphs(scored: pd.DataFrame) -> pd.DataFrame:
    """The texts of the scored paragraphs."""
    ids = scored["paragraph_id"].drop_duplicates()
    return pd.DataFrame({"paragraph_id": ids, "text": [f"Text of {name}." for name in ids]})


def random_tables(rng: np.random.Generator, count: int, outlets: int = 4) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Many articles of several weeks with copies, undated ones and several paragraphs each."""
    names = [f"outlet {rng.integers(outlets)}" for _ in range(count)]
    stories = [f"a{rng.integers(count):03d}" if rng.random() < 0.2 else f"a{number:03d}" for number in range(count)]
    days = [None if rng.random() < 0.05 else f"2025-01-{1 + rng.integers(28):02d}" for _ in range(count)]
    known = articles(names, stories=stories, days=days)
    rows = [
        (name, target, tuple(rng.dirichlet([1.0, 1.0, 1.0]).round(4)))
        for name in known["article_id"]
        for target in ("government", "protesters")
        for _ in range(rng.integers(4))
    ]
    table = scores(rows, known)
    return table.assign(reported_speech=rng.random(len(table)) < 0.5, unsure=rng.random(len(table)) < 0.2), known


def human(scored: pd.DataFrame, stances: Sequence[str], chance: float = 0.5) -> pd.DataFrame:
    """Labels of the first rows, one for each stance given; '' is absent."""
    rows = scored.head(len(stances))
    seen = np.array([float(stance != "") for stance in stances])
    voices = {
        f"{voice}_{stance}": np.where(seen > 0, [float(said == stance) for said in stances], np.nan)
        for voice in ("overall", "author")
        for stance in STANCES
    }
    return pd.DataFrame(
        {
            "paragraph_id": rows["paragraph_id"].to_numpy(),
            "target": rows["target"].to_numpy(),
            "probability": chance,
            "annotators": 1,
            "time": "2025-02-01",
            "overall_present": seen,
            "author_present": seen,
            "reported_present": np.nan,
            **voices,
            **{f"reported_{stance}": np.nan for stance in STANCES},
        }
    )
