# ruff: noqa: E501 (samples of mark-up are read more easily on one line)
"""Reading as a user meets it: `stance run` over addresses, forced formats, other languages; what tables and charts then say."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stance.cli import main, terminal
from stance.estimate.languages import WARNING
from stance.store.query import Snapshot

from .conftest import PROSE, SAMPLES
from .made import atom, json_feed, page, zip_of
from .server import STAMP, Handler, Server, running

Run = Callable[..., tuple[int, str]]
KAZAKH = (
    "Үкімет отырысы өтті\n\nҮкімет жиналысында министр халыққа газ бағасының өсуі туралы түсінік берді. Наразылық білдірушілер алаңда жиналып, "
    "өз талаптарын айтты, ал полиция оларды таратуға тырысты.\n\nПрезидент Ресей көмекке әскер жіберетінін айтты, бірақ халық үкіметке сенбейді."
)


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as state:
        yield state


@pytest.fixture
def stance(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run the command from an empty folder; gives exit status and standard output."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["stance", *map(str, arguments)])
        monkeypatch.setattr(terminal.out, "file", sys.stdout)
        monkeypatch.setattr(terminal.err, "file", sys.stderr)
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), capsys.readouterr().out

    return call


def run(stance: Run, *arguments: object) -> dict[str, object]:
    status, printed = stance("run", *arguments, "--scorer", "dummy", "--out", "out", "--json")
    assert status == 0
    return dict(json.loads(printed))


def test_sources_of_the_configuration_are_fetched_and_asked_again_only_for_what_changed(stance, server, tmp_path):
    (tmp_path / "stance.toml").write_text(
        f'[[source]]\nurl = "{server.url("/etag")}"\noutlet = "Mine"\n\n[[source]]\nurl = "{server.url("/gone")}"\n\n'
        f'[[source]]\nurl = "{server.url("/feed")}"\nkind = "feed"\nfull_text = true\n\n[fetch]\nretries = 0\n'
    )
    status, printed = stance("plan", "--scorer", "dummy", "--json")
    planned = json.loads(printed)
    assert status == 0
    assert (planned["articles"], planned["rejections"]) == (3, 2)
    assert [path.name for path in tmp_path.iterdir()] == ["stance.toml"]
    first = run(stance)
    assert first["counts"]["articles"] == 3
    assert first["counts"]["inputs"] == planned["inputs"]
    assert first["rejections"] == {"fetch_failed": 2}
    articles = Snapshot.open("out").table("articles").to_pandas()
    assert articles.set_index("url").loc[server.url("/etag"), "outlet"] == "Mine"
    assert "If-None-Match" not in server.headers["/etag"]
    again = run(stance)
    assert again["changed"] is False
    assert server.headers["/etag"]["If-Modified-Since"] == STAMP
    assert server.most_at_once == 1
    status, printed = stance("status", "out")
    assert status == 0
    assert "fetch_failed" in printed
    assert "Mine" in printed


@pytest.mark.parametrize("feed", [atom, json_feed])
def test_an_address_on_the_command_line_may_be_any_feed(stance, server, monkeypatch, feed):
    monkeypatch.setattr(Handler, f"get_{feed.__name__}", lambda self: self.send(feed().encode()), raising=False)
    assert run(stance, server.url(f"/{feed.__name__}"))["counts"]["articles"] == 1
    (article,) = Snapshot.open("out").table("articles").to_pylist()
    assert (article["outlet"], article["url"]) == ("Quay Post", "https://quay.example/1")
    assert article["source"].startswith(server.url(f"/{feed.__name__}"))


def test_from_forces_the_format_also_inside_archives(stance, tmp_path):
    (tmp_path / "page").write_bytes(page().encode())
    (tmp_path / "page.zip").write_bytes(zip_of(page().encode()))
    assert run(stance, "page", "page.zip", "--from", "text")["counts"]["articles"] == 2
    bodies = Snapshot.open("out").table("articles").to_pandas()["body"]
    assert bodies.str.contains("<p>", regex=False).all()


def test_an_unknown_format_is_refused(stance, tmp_path):
    (tmp_path / "a.txt").write_text(PROSE)
    assert stance("run", "a.txt", "--from", "docx", "--out", "out")[0] != 0


def test_other_languages_are_rejected_unless_allowed_and_then_flagged_in_every_table_and_chart(stance, tmp_path):
    russian = SAMPLES / "kompas/2025-01-15_spisok-saryna.html"
    english = SAMPLES / "kompas/2025-01-04_derrick-square.html"
    (tmp_path / "kk.txt").write_text(KAZAKH, "utf-8")
    inputs = (russian, english, "kk.txt")
    assert run(stance, *inputs)["rejections"] == {"unvalidated_language": 2}
    assert "nobody has measured" not in stance("run", *inputs, "--scorer", "dummy", "--out", "out")[1]
    (tmp_path / "stance.toml").write_text('[read]\nallow_languages = ["ru", "kk"]\n')
    status, printed = stance("run", *inputs, "--scorer", "dummy", "--out", "out")
    assert status == 0
    assert "* with kk, ru: nobody has measured the error rate in it" in printed
    snapshot = Snapshot.open("out")
    for name in ("articles", "scores"):
        table = snapshot.table(name).to_pandas()
        assert dict(zip(table["language"], table["language_validated"], strict=True)) == {
            "en": True,
            "ru": False,
            "kk": False,
        }
    estimates = snapshot.table("estimates").to_pandas()
    whole = estimates.query("by == 'all' and voice == 'overall' and target == 'government' and measure == 'polarity'")
    notes = {outlet: note.rpartition(WARNING)[2] for outlet, note in zip(whole["outlet"], whole["note"], strict=True)}
    assert notes | {"Kompas": ""} == {"": "kk, ru", "Компас": "ru", "unknown": "kk", "Kompas": ""}
    assert WARNING not in whole.set_index("outlet").loc["Kompas", "note"]
    assert stance("report", "out", "--to", "report.html")[0] == 0
    report = (tmp_path / "report.html").read_text("utf-8")
    assert report.count("kk, ru: error not measured") >= 3
