"""The tables of estimates and alerts, made from the other tables and from what humans labelled.

What belongs here: the columns that estimates need, where the labels lie, and the calls. What does not: any formula
(`estimate`).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from stance.annotate import folder
from stance.config import RunConfig
from stance.ids import content_id, sha256_bytes
from stance.records import Stance
from stance.store.query import Snapshot
from stance.store.schemas import TRIPLES, schema

if TYPE_CHECKING:
    import pandas as pd

SCORES = [
    "paragraph_id",
    "article_id",
    "target",
    *(f"{name}_{stance}" for name in TRIPLES for stance in Stance),
    "unsure",
    "reported_speech",
]
ARTICLES = ["article_id", "outlet", "published", "story_id", "latest", "language", "language_validated"]
DATES = ("period",)


def numbers(snapshot: Snapshot, config: RunConfig) -> dict[str, pa.Table]:
    """Return the rows of `estimates` and `alerts` for a state of the other tables, corrected where labels allow.

    Raises:
        ShardError: a file of labels is damaged.
    """
    scores = snapshot.table("scores", SCORES)
    if not scores.num_rows:
        return {name: schema(name).empty_table() for name in ("estimates", "alerts")}
    from stance.estimate.alarms import alarms
    from stance.estimate.correction import corrected
    from stance.estimate.languages import flagged
    from stance.estimate.raw import estimate

    frame, articles = scores.to_pandas(), snapshot.table("articles", ARTICLES).to_pandas()
    human = labels_of(config)
    made = (
        estimate(frame, articles, config.estimate)
        if human.empty
        else corrected(frame, articles, human, config.estimate)
    )
    return {
        "estimates": _table("estimates", flagged(made, frame, articles)),
        "alerts": _table("alerts", flagged(alarms(frame, articles, config.estimate), frame, articles)),
    }


def labels_folder(config: RunConfig) -> Path | None:
    """Return where the labels of an output lie; None for an object store without a folder of its own for them."""
    if config.labels:
        return Path(config.labels)
    return None if "://" in config.out else Path(config.out) / "labels"


def labels_of(config: RunConfig) -> "pd.DataFrame":
    """Return what humans said, by pair, as `annotate.labelling.human`; empty where nothing was labelled."""
    from stance.annotate import labelling

    place = labels_folder(config)
    drawn = folder.sample(place) if place else []
    return labelling.human(drawn, folder.labels(place) if place and drawn else [])


def estimating(config: RunConfig) -> str:
    """Return the content id of all that decides the estimates besides the other tables: options and labels."""
    place = labels_folder(config)
    files: Sequence[Path] = sorted(place.glob("**/*.jsonl")) if place and place.is_dir() else ()
    return content_id([config.estimate.model_dump(mode="json"), [sha256_bytes(file.read_bytes()) for file in files]])


def _table(name: str, frame: "pd.DataFrame") -> pa.Table:
    import pandas as pd

    wanted = schema(name)
    for column in DATES:
        frame[column] = pd.to_datetime(frame[column]).dt.date
    return pa.Table.from_pandas(frame, wanted, preserve_index=False).replace_schema_metadata(wanted.metadata)
