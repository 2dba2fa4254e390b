"""The `stance` command: arguments in, one call into the library, words out.

What belongs here: options, exit statuses, and how results look in a terminal. What does not: any decision about news.
Commands import what they need when they are called, so that `stance --help`, `status` and errors answer at once.
"""

import sys

from stance.cli.app import app
from stance.cli.terminal import fail
from stance.errors import ConfigError, StanceError


def main() -> None:
    """Run the command line; exit status 0 all done, 1 something failed and was reported, 2 wrong usage or config."""
    try:
        app()
    except ConfigError as error:
        fail(str(error))
        sys.exit(2)
    except StanceError as error:
        fail(str(error))
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(1)
    except KeyboardInterrupt:
        fail("stopped; what was finished is kept, the same command goes on from there")
        sys.exit(130)
