"""The stages put together, in steps that can be repeated; knows nothing of Prefect.

    inputs      which inputs to read: `plan`; which are not there: `missing`
    reading     `ingest_shard`
    sifting     new, known, duplicate
    pieces      what must be scored: `pending`
    preparing   paragraphs, mentions, voices, passages
    scoring     `score_shard`
    finishing   `finish`: months, marks, storylines, ledgers, numbers, lineage
    running     `run`: all of it; ahead: scoring with helper processes
    viewing     `score_text`: one paragraph
    statuses    `status`; health of feeds; differences: `diff`; upkeep: `estimate`, `compact`

Every step takes and returns references to files of the output's work folder, and returns at once if its result is
there already.
"""

from stance.pipeline.differences import Difference, diff
from stance.pipeline.finishing import finish
from stance.pipeline.inputs import missing, plan
from stance.pipeline.pieces import pending
from stance.pipeline.reading import ingest_shard
from stance.pipeline.refs import Failure, Progress, RunSummary, ShardRef, Silent
from stance.pipeline.running import run
from stance.pipeline.scoring import score_shard
from stance.pipeline.statuses import Status, status
from stance.pipeline.upkeep import Compaction, compact, estimate
from stance.pipeline.viewing import ParagraphView, score_text

__all__ = [
    "Compaction",
    "Difference",
    "Failure",
    "ParagraphView",
    "Progress",
    "RunSummary",
    "ShardRef",
    "Silent",
    "Status",
    "compact",
    "diff",
    "estimate",
    "finish",
    "ingest_shard",
    "missing",
    "pending",
    "plan",
    "run",
    "score_shard",
    "score_text",
    "status",
]
