"""The board and the report in a real browser: nothing fails, nothing leaves the machine, nothing hostile runs.

One server and one browser for all; skipped by name where no chromium is found.
"""

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from stance.annotate import folder
from stance.dashboard import report, server
from stance.dashboard.board import Board
from stance.dashboard.charts import Spec, others, trends
from stance.dashboard.charts.look import LIGHT
from stance.dashboard.events import Event
from stance.dashboard.filters import Filters
from stance.dashboard.queries import articles, quality, voices
from stance.dashboard.queries import trends as numbers
from tests.dashboard import fixture

WAIT = 120_000
"""Milliseconds that a page may take on a machine that does other things."""
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
VIEWS = {
    "Overview": "What moved most",
    "Voices": "Who is quoted, for and against whom",
    "Read": "Stance toward",
    "Compare": "Difference",
    "Quality": "What was rejected",
    "Label": "What does this paragraph convey",
}

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass
class Visit:
    """A page, and what it complained about or asked for elsewhere."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def open(self, query: str = "") -> Page:
        self.page.goto(f"{self.base}{query}")
        self.ready()
        return self.page

    def ready(self) -> None:
        self.page.wait_for_function(READY, timeout=WAIT)


READY = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  return app && app.dataset.testScriptState === 'notRunning' && document.querySelector('.st-brand')
    && !document.querySelector('[data-testid=stSkeleton]');
}"""


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output of this module's own, since labels are written into it."""
    return fixture.make(tmp_path_factory.mktemp("browser") / "out")


@pytest.fixture(scope="module")
def address(labelled: Path) -> Iterator[str]:
    with served(labelled) as found:
        yield found


@contextmanager
def served(out: Path, provider: str = "") -> Iterator[str]:
    """Serve the board over an output; yields its address. Readers log in with the OIDC provider, if one is given."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = server.environment(str(out), password=None, login=bool(provider), events=None)
    if provider:
        (out / ".streamlit").mkdir(exist_ok=True)
        (out / server.SECRETS).write_text(AUTH.format(port=port, provider=provider))
    process = subprocess.Popen(server.command("127.0.0.1", port), env=environment, cwd=out)
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(20)


AUTH = """
[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "a secret of this test alone"
client_id = "board"
client_secret = "known to both"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + WAIT / 1000
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the board did not come up (exit status {process.poll()})")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=WAIT)
    with sync_playwright() as playwright:
        try:
            found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        except Error as error:
            if CHROMIUM or os.environ.get("STANCE_NEEDS_BROWSER"):
                raise
            pytest.skip(f"no chromium found, neither on the path nor Playwright's own: {error.message.splitlines()[0]}")
        yield found
        found.close()


@pytest.fixture
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A fresh page; at its end it must have been quiet and must not have asked another machine for anything."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(WAIT)
    found = Visit(page, request.getfixturevalue("address") if "address" in request.fixturenames else "")
    page.on("console", lambda message: found.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.on("request", lambda asked: found.elsewhere.append(asked.url) if _outside(asked.url) else None)
    yield found
    assert found.complaints == []
    assert found.elsewhere == []
    assert page.evaluate("window.pwned") is None
    page.close()


def _outside(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "file:"))


@pytest.mark.usefixtures("address")
@pytest.mark.parametrize("view", VIEWS)
def test_each_view_loads_quietly_and_fits_a_telephone(visit: Visit, view: str):
    page = visit.open(f"?view={view}&annotator=eve")
    expect(page.get_by_text(VIEWS[view]).first).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollWidth <= 390")


@pytest.mark.usefixtures("address")
def test_from_the_first_view_to_the_sentence(visit: Visit):
    """A card leads to the sentence behind it, and a filter changes what is shown."""
    page = visit.open()
    expect(page.get_by_text("201 articles", exact=False).first).to_be_visible()
    expect(page.locator("b", has_text="State Gazette").first).to_be_visible()
    page.get_by_role("button", name="Read why").first.click()
    expect(page.locator(".st-evidence").first).to_be_visible()
    expect(page.locator(".st-meta b", has_text="Morning Post").first).to_be_visible()
    assert "source=Morning" in page.url

    page = visit.open("?outlet=The+Herald")
    expect(page.locator("b", has_text="The Herald").first).to_be_visible()
    assert page.locator("b", has_text="State Gazette").count() == 0


@pytest.mark.usefixtures("address")
def test_a_click_on_a_week_of_an_outlet_leads_to_its_paragraphs(visit: Visit, labelled: Path):
    """Twice, for two weeks, and back in between: an earlier click must not stick."""
    page = visit.open()
    for week in (6, 2):
        first = (fixture.FIRST_DAY + timedelta(days=7 * week)).date()
        wanted = paragraphs(labelled, "State Gazette", first, first + timedelta(days=6))
        click(visit, "outlet-State Gazette", outlet_spec(labelled, "State Gazette"), f"period:{first}")
        expect(page.locator(".st-prose").first).to_be_visible()
        visit.ready()
        assert query(page.url)["source"] == ["State Gazette"]
        assert shown(visit) == wanted
        page.get_by_role("radio", name="Overview").click()
        visit.ready()


@pytest.mark.usefixtures("address")
def test_a_click_on_an_article_leads_to_its_paragraphs(visit: Visit, labelled: Path):
    board = Board(str(labelled))
    dots = board.ask(articles.points, Filters(outlets=("The Herald",)), "government")
    last = dots.iloc[-1]  # drawn last: under no other article
    page = visit.open("?target=government")
    click(visit, "outlet-The Herald", outlet_spec(labelled, "The Herald"), f"article:{last['article_id']}")
    expect(page.locator(".st-headline").first).to_have_text(last["title"])
    assert query(page.url)["article"] == [last["article_id"]]


@pytest.mark.usefixtures("address")
def test_a_click_on_a_share_sorts_and_on_a_pale_bar_lists_who_is_silent(visit: Visit, labelled: Path):
    board, week = Board(str(labelled)), fixture.FIRST_DAY.date() + timedelta(days=21)
    rows = trends.keyed(board.ask(numbers.trend, Filters(), ("target", "period")))
    spec = trends.shares(rows[rows["target"] == "protesters"], EVENTS, DOMAIN, LIGHT)
    page = visit.open()
    click(visit, "trend-protesters", spec, f"favor:{week}", place=1)
    expect(page.locator(".st-prose").first).to_be_visible()
    assert query(page.url)["order"] == ["favor"]
    assert query(page.url)["start"] == [str(week)]
    assert query(page.url)["target"] == ["Protesters"]

    page = visit.open()
    naming = board.ask(articles.mentioned, Filters())
    last = naming["period"].max().date()
    bars = trends.counts(naming[naming["target"] == "protesters"], DOMAIN, LIGHT)
    click(visit, "trend-protesters", bars, f"absent:{last}", place=2)
    expect(page.get_by_text("1 article never mention", exact=False)).to_be_visible()
    expect(page.locator(".st-headline").first).to_have_text(fixture.HOSTILE_TITLE)


@pytest.mark.usefixtures("address")
def test_a_click_on_a_voice_leads_to_its_words_and_on_an_event_to_before_and_after(visit: Visit, labelled: Path):
    board = Board(str(labelled))
    rows = board.ask(voices.holders, Filters(), 20)
    targets = board.ask(quality.names)
    page = visit.open("?view=Voices")
    click(visit, "voices", others.voices(rows, targets, LIGHT), "voice:minister dosov\nrussia")
    expect(page.locator(".st-prose").first).to_be_visible()
    assert query(page.url)["holder"] == ["minister dosov"]
    expect(page.get_by_text("Minister Dosov").first).to_be_visible()

    page = visit.open()
    click(visit, "outlet-State Gazette", outlet_spec(labelled, "State Gazette"), "event:1")
    expect(page.get_by_text("before 10 Feb 2025").first).to_be_visible()


@pytest.mark.usefixtures("address")
def test_a_click_on_a_side_leads_to_its_paragraphs(visit: Visit, labelled: Path):
    board, first = Board(str(labelled)), fixture.FIRST_DAY.date()
    last, order = first + timedelta(days=6), board.ask(articles.choices)["targets"]
    sides = []
    for at, outlet in enumerate(("State Gazette", "The Herald")):
        chosen = Filters(outlets=(outlet,), since=first, until=last)
        rows = board.ask(numbers.trend, chosen, ("target",)).query("measure == 'polarity'")
        sides.append(rows.assign(side=outlet, name=rows["target"], point=f"side:{at}:" + rows["target"]))
    both = pd.concat(sides).sort_values("target", key=lambda ids: ids.map(order.index), kind="stable")
    page = visit.open(f"?view=Compare&a=State+Gazette&b=The+Herald&from={first}&to={last}")
    click(visit, "compare", others.sides(both, LIGHT), "side:1:government")
    expect(page.locator(".st-prose").first).to_be_visible()
    assert query(page.url)["source"] == ["The Herald"]
    assert shown(visit) == paragraphs(labelled, "The Herald", first, last)


@pytest.mark.usefixtures("address")
@pytest.mark.parametrize(("kind", "target"), [("unsure", "government"), ("absent", "protesters")])
def test_a_click_on_a_bar_of_doubt_leads_to_what_is_unsure_or_silent(visit: Visit, labelled: Path, kind, target):
    rows = Board(str(labelled)).ask(quality.doubt, Filters())
    rows = rows[rows["target"] == target]
    outlet = rows.loc[rows[kind].idxmax(), "outlet"]
    named = Board(str(labelled)).ask(quality.names).get(target, target)  # addresses hold what the reader sees
    page = visit.open(f"?view=Quality&target={named}")
    click(visit, "doubt", others.doubt(rows, LIGHT), f"{kind}:{outlet}")
    assert query(page.url)["source"] == [outlet]
    if kind == "unsure":
        expect(page.locator(".st-unsure").first).to_be_visible()
    else:
        expect(page.get_by_text("1 article never mention", exact=False)).to_be_visible()
        expect(page.locator(".st-headline").first).to_have_text(fixture.HOSTILE_TITLE)


DOMAIN = (fixture.FIRST_DAY.date(), date(2025, 3, 17))
EVENTS = (Event(date(2025, 2, 10), "state of emergency"), Event(date(2025, 3, 3), "snap election"))


def outlet_spec(out: Path, outlet: str) -> Spec:
    """The picture of one outlet toward the government, as the board draws it."""
    board = Board(str(out))
    first, last = (getattr(board.ask(articles.facts, Filters()), name) for name in ("first", "last"))
    cells = trends.keyed(board.ask(numbers.trend, Filters(), ("target", "outlet", "period")))
    cells = cells[cells["target"] == "government"]
    dots = trends.dotted(board.ask(articles.points, Filters(), "government"))
    mine, own = cells[cells["outlet"] == outlet], dots[dots["outlet"] == outlet]
    return trends.trend(mine, own, EVENTS, (first, last), LIGHT, trends.reach(cells, dots), large=False)


def click(visit: Visit, key: str, spec: Spec, point: str, place: int = 0) -> None:
    """Click in the middle of the mark that stands for `point`: the last drawn, for it lies on top of the others."""
    layers = spec.get("layer", [spec])
    found = {at: at_place(layer.get("data") or spec["data"], point) for at, layer in enumerate(layers)}
    words = {
        at for at, layer in enumerate(layers) if isinstance(layer["mark"], dict) and layer["mark"]["type"] == "text"
    }
    top = max(at for at, index in found.items() if index is not None and at not in words)
    name = f"layer_{top}_marks" if "layer" in spec else "marks.role-mark"
    chart = visit.page.locator(f"[class*='st-key-{class_name(key)}-{place}-']")
    mark = chart.locator(f"g.mark-symbol.{name}, g.mark-rule.{name}, g.mark-rect.{name}").locator("> *").nth(found[top])
    mark.scroll_into_view_if_needed()
    visit.page.wait_for_timeout(500)
    box = mark.bounding_box()
    visit.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    visit.page.wait_for_timeout(1000)  # the page learns of it some frames later
    visit.ready()


def class_name(key: str) -> str:
    """How Streamlit writes a key into a class name."""
    return re.sub(r"[^a-zA-Z0-9_-]", "-", key)


def at_place(data: Spec, point: str) -> int | None:
    """Where a point stands in a chart's data, and so among the marks, which come in the order of their data."""
    points = [row.get("point") for row in data["values"]]
    return points.index(point) if point in points else None


def query(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


def shown(visit: Visit) -> set[str]:
    """The texts of all paragraphs that Read steps through."""
    found, page = set(), visit.page
    following = page.get_by_role("button", name="Next")
    while True:
        found.add(page.locator(".st-prose").inner_text())
        if following.is_disabled():
            return found
        hit = page.locator(".st-place").inner_text()
        following.click()
        expect(page.locator(".st-place")).not_to_have_text(hit)
        visit.ready()


def paragraphs(out: Path, outlet: str, first: date, last: date) -> set[str]:
    """The texts of an outlet's paragraphs toward the government between two days, told from the tables themselves."""
    tables = Board(str(out)).snapshot
    scores, texts = (tables.table(name).to_pandas() for name in ("scores", "paragraphs"))
    days = scores["published"].dt.date
    mine = scores[(scores["outlet"] == outlet) & (scores["target"] == "government") & days.between(first, last)]
    return set(texts[texts["paragraph_id"].isin(mine["paragraph_id"])]["text"])


@pytest.mark.usefixtures("address")
def test_hostile_text_is_read_as_text(visit: Visit):
    page = visit.open("?view=Read&source=Morning+Post&start=2025-03-10&order=against")
    expect(page.locator(".st-prose").first).to_have_text(fixture.HOSTILE_TEXT)
    expect(page.locator(".st-headline").first).to_have_text(fixture.HOSTILE_TITLE)
    page.get_by_text("as a list").click()
    expect(page.locator("[data-testid=stDataFrame]")).to_be_visible()
    visit.ready()
    assert page.locator("a[href^='javascript']").count() == 0


@pytest.mark.usefixtures("address")
def test_a_label_is_saved_by_key_and_there_after_a_restart(visit: Visit, labelled: Path):
    page = visit.open("?view=Label&annotator=mallory")
    first = folder.sample(labelled / "labels")[0]
    assert first.text == fixture.HOSTILE_TEXT
    expect(page.locator(".st-prose")).to_have_text(first.text)
    page.locator("body").press("1")
    expect(page.get_by_text("1 of 40 paragraphs", exact=False)).to_be_visible()
    (label,) = [label for label in folder.labels(labelled / "labels") if label.annotator == "mallory"]
    assert (label.key, label.overall) == (first.key, "against")
    with served(labelled) as another:
        visit.base = another
        page = visit.open("?view=Label&annotator=mallory")
        expect(page.get_by_text("1 of 40 paragraphs", exact=False)).to_be_visible()
        expect(page.locator(".st-prose")).not_to_have_text(first.text)
        page.goto("about:blank")


def test_readers_log_in_with_a_provider(browser: Browser, labelled: Path):
    """A provider on loopback: real redirects, a code, a signed token fetched and checked over HTTP."""
    with run_server_in_thread() as provider:
        issuer = f"http://localhost:{provider.server_port}"
        with served(labelled, issuer) as base:
            page = browser.new_page()
            page.set_default_timeout(WAIT)
            page.goto(base)
            page.get_by_role("button", name="Log in").click()
            page.wait_for_url(f"{issuer}/**")
            page.locator("input[name=sub]").fill("editor@example.org")
            page.get_by_role("button").filter(has_text="Authorize").first.click()
            page.wait_for_url(f"{base}**")
            expect(page.locator(".st-brand")).to_be_visible()
            expect(page.get_by_text("201 articles", exact=False).first).to_be_visible()
            page.get_by_role("button", name="Log out").click()
            page.get_by_role("button", name="End session").click()  # the provider's own page
            page.wait_for_url(f"{base}**")
            page.goto(base)
            expect(page.get_by_role("button", name="Log in")).to_be_visible()
            assert page.locator(".st-brand").count() == 0
            page.goto("about:blank")
            page.close()


def test_the_report_draws_itself_from_one_file(visit: Visit, labelled: Path, tmp_path: Path):
    report.write(str(labelled), tmp_path / "report.html")
    visit.page.goto((tmp_path / "report.html").as_uri())
    charts = visit.page.locator("[data-chart]")
    expect(visit.page.locator("[data-chart] svg").nth(charts.count() - 1)).to_be_visible()
    visit.page.locator("a[href='#why-government-Morning Post']").first.click()
    expect(visit.page.locator("[id='why-government-Morning Post']")).to_be_in_viewport()
    visit.page.set_viewport_size({"width": 390, "height": 844})
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
