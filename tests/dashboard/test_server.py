from pathlib import Path

import pytest

from stance.dashboard import gate, server
from stance.errors import ConfigError, StoreError


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.8.8"])
def test_this_machine_needs_no_password(host):
    server.check(host, password=None, login=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])
def test_other_machines_need_one(host):
    with pytest.raises(ConfigError, match="identify"):
        server.check(host, password=None, login=False)
    server.check(host, password="long enough", login=False)


def test_short_passwords_and_missing_providers_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    with pytest.raises(ConfigError, match="at least 8"):
        server.check("127.0.0.1", password="short", login=False)
    with pytest.raises(ConfigError, match=r"\[auth\]"):
        server.check("0.0.0.0", password=None, login=True)
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text("[auth]\n", "utf-8")
    server.check("0.0.0.0", password=None, login=True)


def test_the_password_itself_is_never_handed_on():
    found = server.environment("out", password="correct horse", login=False, events=None)
    assert "correct horse" not in str(found)
    assert gate.matches("correct horse", found[gate.PASSWORD])
    assert not gate.matches("wrong horse", found[gate.PASSWORD])
    assert gate.digest("correct horse") != found[gate.PASSWORD]


def test_a_server_without_output_does_not_start(tmp_path: Path):
    with pytest.raises(StoreError, match="stance run"):
        server.launch(str(tmp_path))


def test_wrong_events_are_told_before_the_board_starts(out: Path, tmp_path: Path):
    with pytest.raises(ConfigError, match=r"nope\.csv: cannot read the events"):
        server.launch(str(out), events=str(tmp_path / "nope.csv"))


def test_the_command_sends_nothing_home():
    command = server.command("127.0.0.1", 8501)
    assert "--browser.gatherUsageStats=false" in command
    assert "--server.address=127.0.0.1" in command
