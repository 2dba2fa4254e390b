"""Starting the live board: a Streamlit server in a process of its own.

Only this machine can reach it unless readers must identify themselves. What belongs here: addresses,
secrets, the server's process. What does not: anything on the page.
"""

import ipaddress
import os
import subprocess
import sys
from pathlib import Path

from stance.dashboard import events as event_files
from stance.dashboard import gate, prepared
from stance.errors import ConfigError
from stance.store.query import Snapshot

OUT = "STANCE_BOARD_OUT"
"""Environment variable with the output to show."""
EVENTS = "STANCE_BOARD_EVENTS"
"""Environment variable with the events file, '' for the one in the output's folder."""
SECRETS = Path(".streamlit") / "secrets.toml"
"""Where Streamlit looks for its login settings: here, in the working or the home folder."""
PASSWORD_LENGTH = 8
"""Shortest password, in characters."""


def launch(
    out: str,
    host: str = "127.0.0.1",
    port: int = 8501,
    *,
    password: str | None = None,
    login: bool = False,
    events: str | None = None,
) -> int:
    """Serve the board until it is stopped.

    Args:
        out: the output to show.
        host: address to bind to; any but loopback needs `password` or `login`.
        port: port to bind to.
        password: what readers must give.
        login: whether readers log in with the OIDC provider under `[auth]` in Streamlit's secrets file.
        events: file of events to mark; None takes `events.csv` in the output's folder.

    Returns:
        the server's exit status.

    Raises:
        ConfigError: the address is open and nobody must identify himself, what was asked for cannot be had, or the
            events cannot be read.
        StoreError: the output cannot be read.
    """
    check(host, password=password, login=login)
    if events:
        event_files.read(Path(events))  # each page reads it again; what is wrong with it is said here
    snapshot = Snapshot.open(out)
    if prepared.is_large(snapshot) and not prepared.path(snapshot).exists():
        print(f"Preparing {out} for the board, once for this state of it ...", file=sys.stderr, flush=True)  # noqa: T201
        prepared.make_apart(out)
    return subprocess.run(  # noqa: S603 - our own interpreter and file
        command(host, port), env=environment(out, password=password, login=login, events=events), check=False
    ).returncode


def check(host: str, *, password: str | None, login: bool) -> None:
    """Refuse to open the board to others unguarded.

    Raises:
        ConfigError: see `launch`.
    """
    if password is not None and len(password) < PASSWORD_LENGTH:
        raise ConfigError(f"the board's password: expected at least {PASSWORD_LENGTH} characters, got {len(password)}")
    if login and not any((folder / SECRETS).is_file() for folder in (Path.cwd(), Path.home())):
        raise ConfigError(f"login: expected [auth] in {SECRETS} of this or the home folder; see Streamlit's st.login")
    if not (is_loopback(host) or password or login):
        raise ConfigError(f"{host}: readers from other machines must identify themselves: --password or --login")


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def command(host: str, port: int) -> list[str]:
    """Return the command line of the server; settings that matter stand here, so that no config file can undo them."""
    app = Path(__file__).with_name("app.py")
    settings = {
        "server.address": host,
        "server.port": port,
        "server.headless": "true",
        "browser.gatherUsageStats": "false",
        "server.enableXsrfProtection": "true",
        "server.enableCORS": "true",
        "server.enableStaticServing": "false",
    }
    return [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(app),
        *(f"--{name}={value}" for name, value in settings.items()),
    ]


def environment(out: str, *, password: str | None, login: bool, events: str | None) -> dict[str, str]:
    """Return the environment of the server: what to show, and a digest of the password in place of it."""
    ours = {
        OUT: out,
        EVENTS: events or "",
        gate.LOGIN: "1" if login else "",
        gate.PASSWORD: gate.digest(password) if password else "",
    }
    return {**os.environ, **ours}
