"""The one tree of errors, and what each asks of its catcher.

    StanceError                 everything this package raises on purpose
    ├── ConfigError             wrong usage, catalogue or configuration: abort (exit status 2)
    ├── ShardError              this piece of data cannot be done: skip it, report it, go on
    ├── ScorerError             a scorer failed; `retryable` says whether to try again
    └── StoreError              the output cannot be read or written; `retryable` likewise

Messages say what was expected, what came, where, and what to try. Inputs that do not become an article are no errors:
they are `records.Rejection` rows.
"""


class StanceError(Exception):
    """Base of all errors raised on purpose.

    Attributes:
        retryable: whether the same call may succeed later without any change.
    """

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable


class ConfigError(StanceError):
    """Wrong usage, catalogue or configuration; nothing was done."""


class ShardError(StanceError):
    """One shard of data failed; the others are not affected."""


class ScorerError(StanceError):
    """A scorer could not answer."""


class StoreError(StanceError):
    """The output could not be read or written."""
