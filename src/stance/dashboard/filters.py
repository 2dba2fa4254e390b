"""What a reader has chosen to look at, as one frozen value: the key of every query, chart and shared link.

What belongs here: the choices, their limits, and the SQL condition they mean. What does not: widgets and queries.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Voice = Literal["overall", "author", "reported"]
Counting = Literal["article", "story", "outlet_story"]
Length = Literal["day", "week", "month"]

VOICES: tuple[Voice, ...] = ("overall", "author", "reported")
COUNTINGS: tuple[Counting, ...] = ("article", "story", "outlet_story")
LENGTHS: tuple[Length, ...] = ("day", "week", "month")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """One choice of rows and of how to count them; the defaults are all rows, as the estimates count them."""

    outlets: tuple[str, ...] = ()
    """Empty for all."""
    languages: tuple[str, ...] = ()
    """Empty for all."""
    since: date | None = None
    until: date | None = None
    """Last day, inclusive."""
    voice: Voice = "overall"
    counting: Counting = "article"
    by: Length = "week"
    before_run: int | None = None
    """Only articles that runs before this one brought."""

    def where(self, alias: str = "") -> tuple[str, list[Any]]:
        """Return the SQL condition for a table with outlet, language and day, and its parameters.

        Args:
            alias: the table's name in the query, with a dot, or ''.
        """
        terms, values = ["true"], list[Any]()
        for column, chosen in (("outlet", self.outlets), ("language", self.languages)):
            if chosen:
                terms.append(f"{alias}{column} IN ({', '.join('?' * len(chosen))})")
                values.extend(chosen)
        for sign, limit in ((">=", self.since), ("<=", self.until)):
            if limit:
                terms.append(f"{alias}day {sign} ?")
                values.append(limit)
        if self.before_run is not None:
            terms.append(f"{alias}generation < ?")
            values.append(self.before_run)
        return " AND ".join(terms), values
