# ruff: noqa: E501 (samples of mark-up are read more easily on one line)
"""Sources over HTTP, against a real server that misbehaves."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from stance.ingest import Discovery, FetchOptions, ReadOptions, SourceConfig, discover, read
from stance.ingest.fetch import download
from stance.ingest.http import is_private
from stance.records import Article, Reason

from .conftest import PROSE
from .server import Server, running

FAST = {"timeout": 30.0, "total_timeout": 60.0, "retries": 2, "backoff": 0.01, "max_wait": 1.0}


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as state:
        yield state


def fetch(tmp_path: Path, server: Server, *paths: str, source: dict | None = None, **options: object) -> Discovery:
    sources = [SourceConfig(url=server.url(path), **(source or {})) for path in paths]
    return download(
        sources, FetchOptions(**(FAST | options)), folder=tmp_path / "bodies", state=tmp_path / "state.json"
    )


def titles(found: Discovery) -> list[str]:
    items = [item for ref in found.refs for item in read(ref, ReadOptions())]
    assert all(isinstance(item, Article) for item in items), items
    return [item.title for item in items]


def reasons(found: Discovery) -> list[Reason]:
    return [rejection.reason for rejection in found.rejections]


def test_a_page_becomes_an_article_with_its_address_and_the_outlet_of_its_source(tmp_path, server):
    found = fetch(tmp_path, server, "/p/1", source={"outlet": "Mine"})
    (ref,) = found.refs
    (item,) = read(ref, ReadOptions())
    assert (item.outlet, item.url, item.source) == ("Mine", server.url("/p/1"), server.url("/p/1"))


def test_nothing_is_asked_of_the_network_without_a_url(tmp_path, monkeypatch):
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("connected"))
    (tmp_path / "x.html").write_text(f"<html><body><img src='http://127.0.0.1:9/x'><p>{PROSE}</p></body></html>")
    refs = discover([str(tmp_path)], ReadOptions()).refs
    assert len([item for ref in refs for item in read(ref, ReadOptions())]) == 1
    assert download([], FetchOptions(), folder=tmp_path / "f", state=tmp_path / "s").refs == ()


def test_what_has_not_changed_is_not_sent_again_and_still_read(tmp_path, server):
    first = fetch(tmp_path, server, "/etag")
    again = fetch(tmp_path, server, "/etag")
    assert first == again
    assert titles(again) == ["With a tag"]
    assert server.headers["/etag"]["If-None-Match"] == '"v1"'
    assert server.headers["/etag"]["If-Modified-Since"] == "Sat, 01 Mar 2025 10:00:00 GMT"


def test_without_the_stored_body_there_are_no_conditions(tmp_path, server):
    (ref,) = fetch(tmp_path, server, "/etag").refs
    Path(ref.path).unlink()
    assert titles(fetch(tmp_path, server, "/etag")) == ["With a tag"]
    assert reasons(fetch(tmp_path, server, "/always304")) == [Reason.FETCH_FAILED]


def test_a_damaged_memory_is_forgotten(tmp_path, server):
    for damage in ("{", "[]", '{"x": {}}'):
        (tmp_path / "state.json").write_text(damage)
        assert titles(fetch(tmp_path, server, "/etag")) == ["With a tag"]
    assert list(json.loads((tmp_path / "state.json").read_text())) == [server.url("/etag")]


@pytest.mark.parametrize("path", ["/flaky", "/busy", "/busy-date"])
def test_what_may_pass_is_tried_again(tmp_path, server, path):
    assert titles(fetch(tmp_path, server, path)) == ["At last"]


@pytest.mark.parametrize(
    ("path", "reason", "asked"),
    [
        ("/down", Reason.FETCH_FAILED, 3),
        ("/truncated", Reason.FETCH_FAILED, 3),
        ("/garbage", Reason.FETCH_FAILED, 3),
        ("/bad-gzip", Reason.FETCH_FAILED, 3),
        ("/gone", Reason.FETCH_FAILED, 1),
        ("/busy-for-long", Reason.FETCH_FAILED, 1),
        ("/loop", Reason.LIMIT, 6),
        ("/to-file", Reason.DISALLOWED, 1),
        ("/to-nonsense", Reason.FETCH_FAILED, 1),
        ("/bomb", Reason.TOO_LARGE, 1),
    ],
)
def test_what_fails_for_good_is_rejected_with_its_reason(tmp_path, server, path, reason, asked):
    found = fetch(tmp_path, server, path, max_bytes=1_000_000)
    assert (found.refs, reasons(found)) == ((), [reason])
    assert server.seen[path] == asked
    assert found.rejections[0].source == server.url(path)
    assert found.rejections[0].stage == "fetch"


@pytest.mark.parametrize("path", ["/silent", "/drip", "/drip-head"])
def test_a_server_that_takes_for_ever_is_left(tmp_path, server, path):
    found = fetch(tmp_path, server, path, timeout=5, total_timeout=6, retries=0, obey_robots=False)
    assert reasons(found) == [Reason.FETCH_FAILED]
    assert server.seen[path] == 1
    assert path not in server.finished


def test_a_body_longer_than_announced_ends_where_it_was_announced(tmp_path, server):
    (ref,) = fetch(tmp_path, server, "/too-long").refs
    assert b"Surplus" not in Path(ref.path).read_bytes()


def test_a_redirect_is_followed(tmp_path, server):
    assert titles(fetch(tmp_path, server, "/moved")) == ["Page /there"]


def test_a_host_that_is_not_there_is_rejected(tmp_path):
    source = SourceConfig(url="http://127.0.0.1:9/")
    found = download([source], FetchOptions(**FAST), folder=tmp_path / "b", state=tmp_path / "s")
    assert reasons(found) == [Reason.DISALLOWED]
    found = download([source], FetchOptions(**FAST, obey_robots=False), folder=tmp_path / "b", state=tmp_path / "s")
    assert reasons(found) == [Reason.FETCH_FAILED]


def test_robots_txt_decides(tmp_path, server):
    server.robots = "User-agent: *\nDisallow: /private/\n"
    found = fetch(tmp_path, server, "/private/1", "/p/1")
    assert reasons(found) == [Reason.DISALLOWED]
    assert titles(found) == ["Page /p/1"]
    assert server.seen["/private/1"] == 0
    assert server.seen["/robots.txt"] == 1
    assert reasons(fetch(tmp_path, server, "/private/1", obey_robots=False)) == []


@pytest.mark.parametrize(("status", "refused"), [(404, []), (500, [Reason.DISALLOWED])])
def test_a_missing_robots_txt_allows_and_a_broken_one_forbids(tmp_path, server, status, refused):
    server.robots_status = status
    assert reasons(fetch(tmp_path, server, "/p/1")) == refused


def test_a_host_gets_one_request_at_a_time(tmp_path, server):
    found = fetch(tmp_path, server, *(f"/slow/{number}" for number in range(6)))
    assert len(found.refs) == 6
    assert server.most_at_once == 1


def test_a_feed_is_read_as_it_is_or_by_its_pages(tmp_path, server):
    partial = fetch(tmp_path, server, "/feed", source={"kind": "feed"})
    assert titles(partial) == ["Item /p/1", "Item /p/2", "Item /gone"]
    whole = fetch(tmp_path, server, "/feed", source={"full_text": True})
    assert titles(whole) == ["Page /p/1", "Page /p/2"]
    assert [rejection.source for rejection in whole.rejections] == [server.url("/gone")]
    limited = fetch(tmp_path, server, "/feed", source={"full_text": True, "max_items": 1})
    assert (titles(limited), reasons(limited)) == (["Page /p/1"], [Reason.LIMIT, Reason.LIMIT])


def test_a_feed_cannot_point_elsewhere_than_the_web(tmp_path, server):
    found = fetch(tmp_path, server, "/feed-abroad", source={"full_text": True})
    assert reasons(found) == [Reason.DISALLOWED, Reason.DISALLOWED, Reason.FETCH_FAILED]


def test_a_page_where_a_feed_was_named_is_rejected(tmp_path, server):
    assert reasons(fetch(tmp_path, server, "/p/1", source={"kind": "feed"})) == [Reason.UNSUPPORTED_FORMAT]


@pytest.mark.parametrize(
    ("host", "private"),
    [("127.0.0.1", True), ("10.1.2.3", True), ("169.254.169.254", True), ("::1", True), ("localhost", True), ("db.internal", True),
     ("93.184.216.34", False), ("news.example", False)],
)  # fmt: skip
def test_addresses_of_the_own_network_are_known(host, private):
    assert is_private(host) is private


def test_addresses_among_the_inputs_become_sources():
    found = discover(["https://news.example/feed"], ReadOptions())
    assert [source.url for source in found.sources] == ["https://news.example/feed"]
    assert found.refs == found.rejections == ()
