"""Who may see the board: everybody on this machine, or those with the password or an account (OIDC).

What belongs here: passing the secret to the server's process, and asking for it. What does not: addresses (`server`).
"""

import hashlib
import hmac
import os
import secrets
import threading
import time

import streamlit as st

PASSWORD = "STANCE_BOARD_PASSWORD"  # noqa: S105 - a name, not a password
"""Environment variable of the server's process with salt and digest of the password."""
LOGIN = "STANCE_BOARD_LOGIN"
"""Set where readers log in with the provider named under [auth] in Streamlit's secrets file."""
DELAY = 1.0
"""Seconds that a wrong password costs; one at a time for all readers together."""

_slow = threading.Lock()


def digest(password: str) -> str:
    """Return a salted digest of a password, to be kept in place of it."""
    salt = secrets.token_hex(16)
    return f"{salt}:{_hash(password, salt)}"


def matches(password: str, kept: str) -> bool:
    """Whether a password has a given digest; takes the same time whatever is wrong."""
    salt, _, wanted = kept.partition(":")
    return hmac.compare_digest(_hash(password, salt), wanted)


def _hash(password: str, salt: str) -> str:
    return hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()


def passed() -> bool:
    """Return whether this reader may go on; otherwise draw what he must do first."""
    if os.environ.get(LOGIN):
        return _logged_in()
    kept = os.environ.get(PASSWORD, "")
    if not kept or st.session_state.get("known"):
        return True
    _ask(kept)
    return False


def _ask(kept: str) -> None:
    with st.form("password"):
        given = st.text_input("Password of this board", type="password")
        if not st.form_submit_button("Open"):
            return
    with _slow:
        if matches(given, kept):
            st.session_state["known"] = True
            st.rerun()
        time.sleep(DELAY)
    st.error("That is not the password.")


def leave() -> None:
    """Draw a way out for readers who logged in."""
    if os.environ.get(LOGIN):
        st.button("Log out", on_click=st.logout, icon=":material/logout:", width="stretch")


def _logged_in() -> bool:
    if st.user.is_logged_in:
        return True
    st.button("Log in", on_click=st.login, type="primary")
    return False
