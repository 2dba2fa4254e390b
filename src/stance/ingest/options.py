"""What a user may set about reading: `[read]` and `[[source]]` of `stance.toml`.

What belongs here: options and their limits. What does not: reading.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from stance.ingest.formats import Format

MEGABYTE = 1_000_000


class _Config(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Columns(_Config):
    """Which column or key of a table, JSON row or front matter holds what.

    Each field is a list of names, tried in order without regard to case; the first one present and filled is taken.
    Dots reach into nested JSON: `author.name`.
    """

    text: tuple[str, ...] = (
        "text", "body", "content", "maintext", "content_text", "article", "paragraphs",
        "post_content", "full_text",
    )  # fmt: skip
    html: tuple[str, ...] = ("html", "content_html", "raw_html")
    file: tuple[str, ...] = ("file", "path", "filename")
    url: tuple[str, ...] = ("url", "link", "canonical_url", "source_url", "permalink")
    title: tuple[str, ...] = ("title", "headline", "post_title", "name")
    author: tuple[str, ...] = ("author", "authors", "byline", "creator")
    published: tuple[str, ...] = (
        "published", "date", "date_publish", "datepublished", "pubdate", "published_at", "publishedat",
        "publication_date", "published_time", "date_published", "post_date", "pub_date", "timestamp",
    )  # fmt: skip
    outlet: tuple[str, ...] = ("outlet", "source", "publisher", "site_name", "publication", "site", "source_domain")
    language: tuple[str, ...] = ("language", "lang", "inlanguage")
    credit: tuple[str, ...] = ("credit", "agency")


class ReadOptions(_Config):
    """How inputs are read; the `[read]` table of `stance.toml`."""

    from_format: Format | None = None
    """Read every input as this format; None finds it out from the content."""
    columns: Columns = Columns()
    outlet: str = "unknown"
    """Outlet of articles that name none and have no web address to tell it."""
    timezone: str = "UTC"
    """Time zone of dates that name none, e.g. `Asia/Almaty`."""
    allow_languages: tuple[str, ...] = ()
    """Languages (ISO 639-1) to read though no error rate has been measured for them; their rows are flagged."""
    min_words: int = Field(default=20, ge=1)
    """Articles with fewer words in their paragraphs are rejected as `too_short`."""
    ignore: tuple[str, ...] = (".*", "README*", "LICENSE*", "LICENCE*", "robots.txt", "events.csv")
    """Names that a walk through a folder passes over; they are no inputs and are not counted as rejections."""
    max_document_bytes: int = Field(default=20 * MEGABYTE, gt=0)
    """Largest single document (page, text, PDF, feed) or row, after unpacking."""
    max_unpacked_bytes: int = Field(default=2000 * MEGABYTE, gt=0)
    """Most bytes that one archive may unpack to."""
    max_ratio: float = Field(default=200.0, gt=1)
    """Largest ratio of unpacked to packed bytes of one member; beyond it, it is taken for a bomb."""
    max_members: int = Field(default=100_000, gt=0)
    """Most members of one archive."""
    max_depth: int = Field(default=3, ge=1)
    """How deep archives may lie in archives."""
    max_columns: int = Field(default=2_000, gt=0)
    """Most columns of a CSV or Parquet file."""


class SourceConfig(_Config):
    """One remote source; a `[[source]]` table of `stance.toml`. Nothing is fetched unless one names a URL."""

    url: str = Field(pattern=r"^https?://")
    kind: Literal["auto", "feed", "page"] = "auto"
    """`feed`: items, with their pages if `full_text`; `page`: one article; `auto`: told from the content."""
    outlet: str = ""
    """Outlet of its articles; '' takes the one that the feed or page names."""
    full_text: bool = False
    """Whether to fetch the page of each feed item too, for feeds that carry only a part of the text."""
    max_items: int = Field(default=500, gt=0)
    """Most items of one feed whose pages are fetched."""


class FetchOptions(_Config):
    """How remote sources are fetched; the `[fetch]` table of `stance.toml`."""

    user_agent: str = "stance-pipeline (+https://pypi.org/project/stance-pipeline)"
    timeout: float = Field(default=20.0, gt=0)
    """Seconds for connecting and for each read."""
    total_timeout: float = Field(default=120.0, gt=0)
    """Seconds for one response as a whole, however slowly it drips."""
    retries: int = Field(default=3, ge=0)
    """Further tries after a failure that may pass: no connection, time-out, cut short, 429, 5xx."""
    backoff: float = Field(default=1.0, ge=0)
    """Seconds before the first further try; doubled for each next one. A longer Retry-After is obeyed up to
    `max_wait`."""
    max_wait: float = Field(default=60.0, ge=0)
    """Longest wait, in seconds, that a server's Retry-After can ask for; a longer one ends the tries."""
    max_redirects: int = Field(default=5, ge=0)
    max_bytes: int = Field(default=20 * MEGABYTE, gt=0)
    """Largest response, after decompression."""
    hosts_at_once: int = Field(default=8, ge=1)
    """How many hosts are asked at the same time; one host never gets more than one request at a time."""
    obey_robots: bool = True
    """Whether robots.txt decides what may be fetched."""
