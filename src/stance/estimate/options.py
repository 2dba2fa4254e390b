"""What a user may say about estimates, under `[estimate]` in `stance.toml` or with `stance estimate --by ...`.

What belongs here: the options and their limits. What does not: anything computed with them.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Period = Literal["day", "week", "month", "all"]
Counting = Literal["article", "story", "outlet_story"]
Voice = Literal["overall", "author", "reported"]


class EstimateOptions(BaseModel):
    """How scores become numbers with intervals."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: tuple[Literal["outlet", "day", "week", "month", "voice"], ...] = ("outlet", "week", "voice")
    """What the numbers are broken down by. All outlets together, all periods together and the overall stance are
    always there; each word adds its own cells, `voice` the author's own voice and the reported voices."""
    counting: Counting = "article"
    """What counts as one: every article, every story (copies of one wire report share one vote), or every story once
    in each outlet that ran it. Whatever counts, copies of one story never count as independent of each other."""
    minimum: int = Field(default=5, ge=2)
    """Independent stories a cell needs for a number; one with fewer shows its counts only."""
    alarms_per_year: float = Field(default=1.0, gt=0)
    """False alarms a year to put up with, over all series together, when nothing changes."""

    @property
    def periods(self) -> tuple[Period, ...]:
        """Lengths of the periods asked for, `all` first."""
        return ("all", *(word for word in ("day", "week", "month") if word in self.by))

    @property
    def voices(self) -> tuple[Voice, ...]:
        """Voices asked for."""
        return ("overall", "author", "reported") if "voice" in self.by else ("overall",)

    @property
    def outlets(self) -> tuple[bool, ...]:
        """Whether to break down by outlet: not, or not and then so."""
        return (False, True) if "outlet" in self.by else (False,)
