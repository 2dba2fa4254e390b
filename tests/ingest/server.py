"""A local web server that misbehaves on demand."""

import gzip
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread

from .conftest import LEAD, SECOND

PATIENCE = 60
"""Seconds that a slow answer takes; whoever waits for its end waits in vain."""
STAMP = "Sat, 01 Mar 2025 10:00:00 GMT"


def page(title: str = "A ferry in winter") -> bytes:
    """A page of one article."""
    return (
        f"<html lang='en'><head><title>{title}</title><meta property='og:site_name' content='Quay Post'>"
        f"<meta property='article:published_time' content='2025-03-01T10:00:00Z'></head>"
        f"<body><article><h1>{title}</h1><p>{LEAD}</p><p>{SECOND}</p></article></body></html>"
    ).encode()


@dataclass
class Server:
    """A running server: where it is, and what it was asked."""

    port: int = 0
    robots: str = ""
    robots_status: int = 200
    seen: Counter[str] = field(default_factory=Counter)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    at_once: int = 0
    most_at_once: int = 0
    finished: set[str] = field(default_factory=set)
    over: Event = field(default_factory=Event)
    guard: Lock = field(default_factory=Lock)

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def feed(self, *paths: str) -> bytes:
        """A feed with teasers that link to pages."""
        items = "".join(
            f"<item><title>Item {path}</title><link>{path}</link><description>{LEAD}</description></item>"
            for path in paths
        )
        return (
            f"<?xml version='1.0'?><rss version='2.0'><channel><title>Quay Post</title>{items}</channel></rss>".encode()
        )


class Handler(BaseHTTPRequestHandler):
    """Answers by path."""

    protocol_version = "HTTP/1.1"
    state: Server

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer, counting how many requests are open at once."""
        state = self.state
        with state.guard:
            state.seen[self.path] += 1
            state.headers[self.path] = dict(self.headers)
            state.at_once += self.path != "/robots.txt"
            state.most_at_once = max(state.most_at_once, state.at_once)
        try:
            self.answer(self.path.strip("/").split("/")[0].partition("?")[0].replace(".", "_").replace("-", "_"))
        except (BrokenPipeError, ConnectionResetError):
            pass
        finally:
            with state.guard:
                state.at_once -= self.path != "/robots.txt"

    def answer(self, name: str) -> None:
        """Answer a path by the method of its name, or with a page."""
        method = getattr(self, f"get_{name}", None)
        if method:
            method()
        else:
            self.send(page(f"Page {self.path}"))

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        """Send an answer."""
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def get_robots_txt(self) -> None:
        self.send(self.state.robots.encode(), self.state.robots_status)

    def get_etag(self) -> None:
        if self.headers.get("If-None-Match") == '"v1"' and self.headers.get("If-Modified-Since") == STAMP:
            self.send_response(304)
            self.end_headers()
        else:
            self.send(page("With a tag"), ETag='"v1"', Last_Modified=STAMP)

    def get_always304(self) -> None:
        self.send_response(304)
        self.end_headers()

    def get_flaky(self) -> None:
        if self.state.seen[self.path] < 3:
            self.send(b"later", 500)
        else:
            self.send(page("At last"))

    def get_busy(self) -> None:
        if self.state.seen[self.path] < 2:
            self.send(b"later", 429, Retry_After="0")
        else:
            self.send(page("At last"))

    def get_busy_date(self) -> None:
        if self.state.seen[self.path] < 2:
            self.send(b"later", 503, Retry_After=formatdate(time.time(), usegmt=True))
        else:
            self.send(page("At last"))

    def get_busy_for_long(self) -> None:
        self.send(b"later", 429, Retry_After="86400")

    def get_down(self) -> None:
        self.send(b"down", 500)

    def get_gone(self) -> None:
        self.send(b"gone", 410)

    def get_truncated(self) -> None:
        self.send(page()[:50], Content_Length=str(len(page())))
        self.close_connection = True

    def get_too_long(self) -> None:
        self.send(page() + b"<p>Surplus that no length announced.</p>", Content_Length=str(len(page())))
        self.close_connection = True

    def get_loop(self) -> None:
        self.send(b"", 302, Location="/loop")

    def get_moved(self) -> None:
        self.send(b"", 301, Location="/there")

    def get_to_file(self) -> None:
        self.send(b"", 302, Location="file:///etc/passwd")

    def get_to_nonsense(self) -> None:
        self.send(b"", 302, Location="http://[nonsense")

    def get_bomb(self) -> None:
        self.send(gzip.compress(b"a" * 3_000_000, 1), Content_Encoding="gzip")

    def get_bad_gzip(self) -> None:
        self.send(b"this is no gzip", Content_Encoding="gzip")

    def get_silent(self) -> None:
        self.state.over.wait(PATIENCE)
        self.state.finished.add(self.path)

    def get_drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.drip(lambda _: b"x")

    def get_drip_head(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self.drip(lambda number: f"X-{number}: y\r\n".encode())

    def drip(self, piece: Callable[[int], bytes]) -> None:
        """Send a little at a time, until the other side has had enough."""
        for number in range(PATIENCE * 20):
            self.wfile.write(piece(number))
            self.wfile.flush()
            if self.state.over.wait(0.05):
                return
        self.state.finished.add(self.path)

    def get_garbage(self) -> None:
        self.wfile.write(b"\x00\x01\x02 no http at all\r\n\r\n")
        self.close_connection = True

    def get_slow(self) -> None:
        time.sleep(0.1)
        self.send(page(f"Slow {self.path}"))

    def get_feed(self) -> None:
        self.send(self.state.feed("/p/1", "/p/2", "/gone"))

    def get_feed_abroad(self) -> None:
        self.send(self.state.feed("file:///etc/passwd", "ftp://127.0.0.1/x", "http://[nonsense"))


@contextmanager
def running() -> Iterator[Server]:
    """Run a server on a free port."""
    state = Server()
    handler = type("Bound", (Handler,), {"state": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    state.port = server.server_port
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
