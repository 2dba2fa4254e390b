"""The board and the report in a real browser: nothing fails, nothing leaves the machine, nothing hostile runs.

One server and one browser for all; skipped by name where no chromium is found.
"""

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from stance.annotate import folder
from stance.dashboard import report, server
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
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = server.environment(str(labelled), password=None, login=False, events=None)
    process = subprocess.Popen(server.command("127.0.0.1", port), env=environment)
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(20)


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
    expect(page.get_by_text(VIEWS[view]).first).to_be_visible(timeout=WAIT)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(300)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390


@pytest.mark.usefixtures("address")
def test_from_the_first_view_to_the_sentence(visit: Visit):
    """A card leads to the sentence behind it, and a filter changes what is shown."""
    page = visit.open()
    expect(page.get_by_text("201 articles", exact=False).first).to_be_visible()
    expect(page.locator("b", has_text="State Gazette").first).to_be_visible()
    page.get_by_role("button", name="Read why").first.click()
    expect(page.locator(".st-evidence").first).to_be_visible(timeout=WAIT)
    expect(page.locator(".st-meta b", has_text="Morning Post").first).to_be_visible()
    assert "source=Morning" in page.url

    page = visit.open("?outlet=The+Herald")
    expect(page.locator("b", has_text="The Herald").first).to_be_visible()
    assert page.locator("b", has_text="State Gazette").count() == 0


@pytest.mark.usefixtures("address")
def test_a_label_is_saved_by_key_and_there_after_a_reload(visit: Visit, labelled: Path):
    page = visit.open("?view=Label&annotator=mallory")
    first = folder.sample(labelled / "labels")[0]
    assert first.text == fixture.HOSTILE_TEXT
    expect(page.locator(".st-prose")).to_have_text(first.text)
    page.locator("body").press("1")
    expect(page.get_by_text("1 of", exact=False)).to_be_visible(timeout=WAIT)
    (label,) = [label for label in folder.labels(labelled / "labels") if label.annotator == "mallory"]
    assert (label.key, label.overall) == (first.key, "against")
    page.reload()
    visit.ready()
    expect(page.get_by_text("1 of", exact=False)).to_be_visible(timeout=WAIT)


def test_the_report_draws_itself_from_one_file(visit: Visit, labelled: Path, tmp_path: Path):
    report.write(str(labelled), tmp_path / "report.html")
    visit.page.goto((tmp_path / "report.html").as_uri())
    charts = visit.page.locator("[data-chart]")
    expect(visit.page.locator("[data-chart] svg").nth(charts.count() - 1)).to_be_visible(timeout=WAIT)
    visit.page.locator("a[href='#why-government-Morning Post']").first.click()
    expect(visit.page.locator("[id='why-government-Morning Post']")).to_be_in_viewport()
    visit.page.set_viewport_size({"width": 390, "height": 844})
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
