"""When an article was published: any way of writing a date to UTC, and never a guess.

What belongs here: reading dates. What does not: finding them in a page.
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from stance.errors import ConfigError

EARLIEST = datetime(1700, 1, 1, tzinfo=UTC)
"""Before it there were no newspapers to speak of: a date before it is a mistake."""
AHEAD = timedelta(days=2)
"""How far ahead of the clock a date may lie: time zones and wrong clocks, not announcements."""

MAX_CHARS = 200
"""No date is longer."""
DIGITS = re.compile(r"\d{9,13}(\.\d+)?")
NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
WRITTEN = {"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"], "DATE_ORDER": "DMY"}
RELATIVE = re.compile(r"\b(ago|yesterday|today|tomorrow|now|hours?|minutes?|назад|вчера|сегодня)\b", re.IGNORECASE)


class BadDate(ValueError):
    """A date that is written but cannot be one."""


def zone(name: str) -> ZoneInfo:
    """Return a time zone by its name in the tz database.

    Raises:
        ConfigError: there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigError(f"timezone: expected a name such as Asia/Almaty, got {name!r}") from error


def parse_date(raw: str, default_zone: ZoneInfo, now: datetime | None = None) -> datetime | None:
    """Read a date as written; None if nothing is written.

    ISO 8601, RFC 822, seconds or milliseconds since 1970, day-first numbers and written-out dates in the languages that
    dateparser knows are read; a time without a zone is in `default_zone`, a date without a time is its midnight there.

    Raises:
        BadDate: it is no date, has no day, month or year, is relative ('yesterday'), is before 1700, or lies
            more than two days after `now` (the clock's time if None).
    """
    raw = " ".join(raw.split())
    if not raw:
        return None
    found = _read(raw) if len(raw) <= MAX_CHARS else None
    if found is None:
        raise BadDate(f"expected a date with day, month and year, got {raw[:80]!r}")
    try:
        moment = (found if found.tzinfo else found.replace(tzinfo=default_zone)).astimezone(UTC)
    except OverflowError as error:
        raise BadDate(f"out of range: {raw[:80]!r}") from error
    if not EARLIEST <= moment <= (now or datetime.now(UTC)) + AHEAD:
        raise BadDate(f"expected a date from 1700 to now, got {raw[:80]!r}")
    return moment


def _read(raw: str) -> datetime | None:
    if DIGITS.fullmatch(raw):
        return _epoch(float(raw))
    for reader in (_iso, _rfc822, _numeric, _written_out):
        found = reader(raw)
        if found is not None:
            return found
    return None


def _epoch(number: float) -> datetime | None:
    return datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)


def _iso(raw: str) -> datetime | None:
    try:
        return datetime.fromisoformat(raw)
    except ValueError:
        return None


def _rfc822(raw: str) -> datetime | None:
    try:
        return parsedate_to_datetime(raw)
    except (ValueError, IndexError, TypeError):
        return None


def _numeric(raw: str) -> datetime | None:
    match = NUMERIC.fullmatch(raw)
    if match is None:
        return None
    day, month, year, hour, minute, second = (int(match[group] or 0) for group in (1, 3, 4, 5, 6, 7))
    if month > 12 >= day:
        day, month = month, day
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 (the caller adds the zone)
    except ValueError as error:
        raise BadDate(f"no such day: {raw[:80]!r}") from error


def _written_out(raw: str) -> datetime | None:
    if len(raw) > 100 or RELATIVE.search(raw) or not re.search(r"\d{4}", raw) or re.match(r"\d{4}-\d", raw):
        return None
    import dateparser  # slow to import, and needed for few dates

    found: datetime | None = dateparser.parse(raw, settings=WRITTEN)
    return found
