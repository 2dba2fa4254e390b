"""Pictures of every view of the board and of the report, taken with a real browser: wide and narrow, light and dark.

    python benchmarks/dashboard_pictures.py OUT --to pictures --events data/samples/events.csv
    python benchmarks/dashboard_pictures.py OUT --to docs/images --events data/samples/events.csv \
        --size wide --theme light --height 1250    # the ones that the docs show

With one size and one theme the files bear the views' names alone. Needs chromium on the path.
"""

import argparse
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from stance.dashboard import report, server

VIEWS = {
    "overview": "",
    "voices": "?view=Voices",
    "read": "?view=Read",
    "compare": "?view=Compare",
    "quality": "?view=Quality",
    "label": "?view=Label&annotator=ann",
}
SIZES = {"wide": 1280, "narrow": 390}
THEMES = ("light", "dark")
FIRST_SCREEN = 800
TALLEST = 6000
"""Pixels after which a page is cut off."""
READY = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  return app && app.dataset.testScriptState === 'notRunning' && document.querySelector('.st-brand')
    && !document.querySelector('[data-testid=stSkeleton]');
}"""
HEIGHT = "Math.max(...[...document.querySelectorAll('[data-testid=stMain], html')].map((place) => place.scrollHeight))"


@contextmanager
def board(out: str, events: str | None) -> Iterator[str]:
    """Serve the board on a free port; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = server.environment(out, password=None, login=False, events=events)
    process = subprocess.Popen(server.command("127.0.0.1", port), env=environment)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(20)


def take(page: Page, path: Path, tallest: int) -> None:
    """Write a picture of the page, down to a height."""
    width = page.viewport_size["width"]
    page.set_viewport_size({"width": width, "height": FIRST_SCREEN})
    page.wait_for_timeout(1000)
    page.set_viewport_size({"width": width, "height": min(tallest, page.evaluate(HEIGHT))})
    page.wait_for_timeout(1500)  # charts draw themselves anew
    page.screenshot(path=path)
    print(path, flush=True)


def pictures(browser: Browser, base: str, sheet: Path, to: Path, chosen: argparse.Namespace) -> None:
    """Take the chosen views in all sizes and themes."""
    for theme in chosen.theme:
        for size in chosen.size:
            page = browser.new_page(viewport={"width": SIZES[size], "height": FIRST_SCREEN}, color_scheme=theme)
            page.set_default_timeout(180_000)
            for view in chosen.view:
                page.goto(sheet.as_uri() if view == "report" else base + VIEWS[view])
                page.wait_for_function("document.querySelector('[data-chart] svg')" if view == "report" else READY)
                name = view if len(chosen.size) == len(chosen.theme) == 1 else f"{view}-{size}-{theme}"
                take(page, to / f"{name}.png", chosen.height)
            page.close()


def main() -> None:
    """Take the pictures asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", help="output of a run")
    parser.add_argument("--to", type=Path, required=True, help="folder to write into")
    parser.add_argument("--events", help="CSV of events")
    parser.add_argument("--view", nargs="*", default=[*VIEWS, "report"])
    parser.add_argument("--size", nargs="*", default=list(SIZES), choices=list(SIZES))
    parser.add_argument("--theme", nargs="*", default=list(THEMES), choices=THEMES)
    parser.add_argument("--height", type=int, default=TALLEST, help="pixels after which a page is cut off")
    chosen = parser.parse_args()
    chosen.to.mkdir(parents=True, exist_ok=True)
    sheet = (chosen.to / "report.html").resolve()
    if "report" in chosen.view:
        report.write(chosen.out, sheet, chosen.events)
    with sync_playwright() as playwright, board(chosen.out, chosen.events) as base:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        pictures(browser, base, sheet, chosen.to, chosen)
        browser.close()
    sheet.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
