"""A real S3-speaking server on loopback, and one before it that fails, stalls and drops connections."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from moto.server import ThreadedMotoServer

HOP = {"connection", "transfer-encoding", "keep-alive", "server", "date"}
Trouble = Callable[[int, str], str]
"""Given the number of a request and its method: `fail`, `stall`, `drop`, or '' to pass it on."""


@contextmanager
def server() -> Iterator[str]:
    """Run moto's S3 server; yields its address."""
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    try:
        host, port = moto.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        moto.stop()


@contextmanager
def troubled(address: str, trouble: Trouble) -> Iterator[str]:
    """Run a server that passes requests on to another, except where `trouble` says otherwise; yields its address."""
    host, port = address.removeprefix("http://").split(":")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        counter = 0
        guard = threading.Lock()

        def handle_any(self) -> None:
            with Handler.guard:
                Handler.counter += 1
                kind = trouble(Handler.counter, self.command)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if kind == "fail":
                self.answer(
                    503, {}, b"<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>"
                )
            elif kind == "drop":
                self.close_connection = True
            else:
                time.sleep(0.3 if kind == "stall" else 0)
                self.forward(body)

        def forward(self, body: bytes) -> None:
            connection = http.client.HTTPConnection(host, int(port))
            connection.request(self.command, self.path, body, dict(self.headers))
            response = connection.getresponse()
            headers = {name: value for name, value in response.getheaders() if name.lower() not in HOP}
            self.answer(response.status, headers, response.read())
            connection.close()

        def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() != "content-length":
                    self.send_header(name, value)
            length = headers.get("Content-Length", str(len(body))) if self.command == "HEAD" else str(len(body))
            self.send_header("Content-Length", length)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = handle_any

    front = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=front.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{front.server_address[1]}"
    finally:
        front.shutdown()
        front.server_close()
        thread.join()
