"""A real HTTP server on loopback that speaks enough of the chat protocol to answer well, badly, slowly or never."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[dict[str, Any], int], tuple[int, str]]
"""From the user's question and the number of the call to a status and the content of the message."""


def right(question: dict[str, Any], _call: int) -> tuple[int, str]:
    """An answer by the schema: against whoever is named first, and unsure of the rest."""
    read = sum(map(ord, question["paragraph"])) % 19
    sure, even = {"against": 60 + read, "neutral": 35 - read, "favor": 5}, {"against": 30, "neutral": 40, "favor": 30}
    targets = [
        {
            "target": target["target"],
            "overall": even if number else sure,
            "author": even,
            "reported": sure,
            "voices": [sure for _ in question["voices"]],
            "evidence": question["paragraph"][:10],
        }
        for number, target in enumerate(question["targets"])
    ]
    tone = {"negative": 60, "neutral": 30, "positive": 10}
    return 200, json.dumps({"sentiment": tone, "targets": targets})


def garbage(_question: dict[str, Any], _call: int) -> tuple[int, str]:
    return 200, "As a language model I think that"


def busy_then(answer: Answer, times: int) -> Answer:
    return lambda question, call: (429, "slow down") if call <= times else answer(question, call)


def garbage_then(answer: Answer, times: int) -> Answer:
    return lambda question, call: garbage(question, call) if call <= times else answer(question, call)


def slow(question: dict[str, Any], call: int) -> tuple[int, str]:
    time.sleep(1.5)
    return right(question, call)


class Endpoint:
    """A running server: its address and what it was asked."""

    def __init__(self, answer: Answer) -> None:
        self.requests: list[dict[str, Any]] = []
        endpoint, lock = self, threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with lock:
                    endpoint.requests.append(body)
                    call = len(endpoint.requests)
                status, content = answer(json.loads(body["messages"][1]["content"]), call)
                reply = {
                    "id": "x", "object": "chat.completion", "created": 0, "model": body["model"],
                    "choices": [
                        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}
                    ],
                    "usage": {"prompt_tokens": 500, "completion_tokens": 100, "total_tokens": 600},
                }  # fmt: skip
                data = json.dumps(reply if status == 200 else {"error": {"message": content}}).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                if status == 429:
                    self.send_header("Retry-After", "0")
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def serving(answer: Answer) -> Iterator[Endpoint]:
    endpoint = Endpoint(answer)
    try:
        yield endpoint
    finally:
        endpoint.close()
