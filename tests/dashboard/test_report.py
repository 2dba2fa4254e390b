import json
import re
from pathlib import Path

import pytest

from stance.dashboard import report
from stance.errors import ConfigError, StoreError
from tests.dashboard import fixture


@pytest.fixture(scope="module")
def page(out: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    to = tmp_path_factory.mktemp("report") / "report.html"
    report.write(str(out), to)
    return to.read_text("utf-8")


def test_the_page_fetches_nothing(page):
    body = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r"<(link|img|iframe|object|embed|script[^>]*\ssrc)", body)
    assert "default-src 'none'" in page
    assert "@import" not in body
    assert "url(" not in body


def test_only_its_own_two_scripts_may_run(page):
    policy = re.search(r"script-src ([^;]*);", page).group(1)
    assert policy.count("'sha256-") == 2
    assert "unsafe-inline" not in policy
    assert len(re.findall(r"<script>", page)) == 2


def test_hostile_text_stays_text(page):
    assert fixture.HOSTILE_TITLE not in page
    assert "<img src=x" not in page
    assert "javascript:alert" not in re.sub(r">[^<]*<", "><", page)
    assert "&lt;script&gt;window.pwned=1&lt;/script&gt;" in page


def test_specs_are_data(page):
    specs = json.loads(re.search(r'id="specs">(.*?)</script>', page, re.DOTALL).group(1))
    places = set(re.findall(r"data-chart='([^']*)'", page))
    assert {"trend-government", "government-Morning Post", "voices", "rejections"} <= set(specs)
    assert places == set(specs)


def test_the_turn_leads_to_its_sentences(page):
    assert "<a class='st-why' href='#why-government-Morning Post'>" in page
    after = page.split("id='why-government-Morning Post'")[1]
    assert "st-evidence" in after[:4000]


def test_no_output_no_report(tmp_path: Path):
    with pytest.raises(StoreError):
        report.write(str(tmp_path / "none"), tmp_path / "x.html")
    assert not (tmp_path / "x.html").exists()


def test_a_report_goes_to_a_file_in_a_folder_that_is_there(out: Path, tmp_path: Path):
    for to in (tmp_path, tmp_path / "none" / "x.html"):
        with pytest.raises(ConfigError, match="--to: expected an HTML file"):
            report.write(str(out), to)
