"""One polite request: conditions, limits, retries, robots.txt, and one request at a time per host.

What belongs here: HTTP. What does not: which addresses to fetch, and what is done with the bytes (`fetch`).
"""

import ipaddress
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from threading import Lock, Timer
from urllib.parse import urljoin, urlsplit

import httpx
from protego import Protego

from stance.ingest.options import FetchOptions
from stance.records import Reason

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Status codes after which the same request may succeed."""
MOVED = frozenset({301, 302, 303, 307, 308})
NOT_MODIFIED = 304
CHUNK = 1 << 16
ROBOTS_BYTES = 500_000


class Failed(Exception):
    """A request that brought nothing; `passing` says whether a later try may."""

    def __init__(self, reason: Reason, detail: str, *, passing: bool = False, wait: float | None = None) -> None:
        super().__init__(detail)
        self.reason, self.passing, self.wait = reason, passing, wait


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: `body` is None if nothing changed since the conditions."""

    body: bytes | None
    headers: Mapping[str, str]


@dataclass(slots=True)
class PoliteClient:
    """Fetches addresses; safe to use from several threads."""

    options: FetchOptions
    _locks: dict[str, Lock] = field(default_factory=lambda: defaultdict(Lock))
    _robots: dict[str, Protego | None] = field(default_factory=dict)
    _guard: Lock = field(default_factory=Lock)
    _tls: object = field(default_factory=httpx.create_ssl_context)

    def get(self, url: str, conditions: Mapping[str, str] | None = None, *, private: bool = True) -> Response:
        """Fetch an address, following redirects and trying again where that may help.

        Args:
            url: `http` or `https`.
            conditions: headers such as `If-None-Match`.
            private: whether an address inside the own network may be asked; not for links that a feed names.

        Raises:
            Failed: refused, not found, too large, or still failing after all tries.
        """
        for attempt in range(self.options.retries + 1):
            try:
                return self._follow(url, conditions or {}, private=private)
            except Failed as failure:
                wait = self.options.backoff * 2**attempt if failure.wait is None else failure.wait
                if not failure.passing or attempt == self.options.retries or wait > self.options.max_wait:
                    raise
                time.sleep(wait)
        raise AssertionError("unreachable")

    def _follow(self, url: str, conditions: Mapping[str, str], *, private: bool) -> Response:
        for _ in range(self.options.max_redirects + 1):
            self._check(url, private=private)
            target = self._once(url, conditions)
            if isinstance(target, Response):
                return target
            url = _joined(url, target)
        raise Failed(Reason.LIMIT, f"more than {self.options.max_redirects} redirects")

    def _check(self, url: str, *, private: bool) -> None:
        parts = urlsplit(_joined(url, ""))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Failed(Reason.DISALLOWED, f"expected an http or https address, got {url[:200]!r}")
        if not private and is_private(parts.hostname):
            raise Failed(
                Reason.DISALLOWED, f"{parts.hostname} lies in the own network; name it as a source to fetch it"
            )
        if self.options.obey_robots and not self._allowed(url):
            raise Failed(Reason.DISALLOWED, "robots.txt forbids it")

    def _allowed(self, url: str) -> bool:
        site = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        with self._guard:
            lock = self._locks[f"robots {site}"]
        with lock:
            if site not in self._robots:
                self._robots[site] = self._read_robots(site)
        rules = self._robots[site]
        return rules is not None and rules.can_fetch(url, self.options.user_agent)

    def _read_robots(self, site: str) -> Protego | None:
        """Return the rules of a site; None, which forbids all, if it cannot say: a server error, or no answer."""
        url = f"{site}/robots.txt"
        for _ in range(self.options.max_redirects + 1):
            try:
                answer = self._once(url, {})
            except Failed as failure:
                return None if failure.passing else Protego.parse("")
            if isinstance(answer, Response):
                return Protego.parse((answer.body or b"")[:ROBOTS_BYTES].decode("utf-8", "replace"))
            url = _joined(url, answer)
        return Protego.parse("")

    def _once(self, url: str, conditions: Mapping[str, str]) -> Response | str:
        """Ask once; return the answer, or where it has moved."""
        with self._guard:
            lock = self._locks[urlsplit(url).netloc]
        headers = {"User-Agent": self.options.user_agent, "Accept-Encoding": "gzip", **conditions}
        with lock, httpx.Client(timeout=self.options.timeout, verify=self._tls, trust_env=True) as client:  # type: ignore[arg-type]
            alarm = Timer(self.options.total_timeout, client.close)
            alarm.start()
            try:
                with client.stream("GET", url, headers=headers) as answer:
                    return self._answer(answer)
            except (httpx.HTTPError, httpx.StreamError, RuntimeError) as error:
                late = "took too long; " if not alarm.is_alive() else ""
                raise Failed(Reason.FETCH_FAILED, f"{late}{type(error).__name__}: {error}", passing=True) from error
            except httpx.InvalidURL as error:
                raise Failed(Reason.FETCH_FAILED, f"no address: {error}") from error
            finally:
                alarm.cancel()

    def _answer(self, answer: httpx.Response) -> Response | str:
        status = answer.status_code
        if status == NOT_MODIFIED:
            return Response(None, answer.headers)
        if status in MOVED and "location" in answer.headers:
            return answer.headers["location"]
        if status != httpx.codes.OK:
            wait = _retry_after(answer.headers.get("retry-after", ""))
            raise Failed(Reason.FETCH_FAILED, f"status {status}", passing=status in PASSING, wait=wait)
        return Response(self._body(answer), answer.headers)

    def _body(self, answer: httpx.Response) -> bytes:
        body, started = bytearray(), time.monotonic()
        for chunk in answer.iter_bytes(CHUNK):
            body += chunk
            if len(body) > self.options.max_bytes:
                raise Failed(Reason.TOO_LARGE, f"expected at most {self.options.max_bytes:,} bytes, unpacked")
            if time.monotonic() - started > self.options.total_timeout:
                raise Failed(Reason.FETCH_FAILED, f"took longer than {self.options.total_timeout:g} s", passing=True)
        return bytes(body)


def _joined(base: str, address: str) -> str:
    """Return an address in full.

    Raises:
        Failed: it is no address.
    """
    try:
        joined = urljoin(base, address)
        urlsplit(joined).port  # noqa: B018 (reading it checks it)
    except ValueError as error:
        raise Failed(Reason.FETCH_FAILED, f"no address: {(address or base)[:200]!r}") from error
    return joined


def is_private(host: str) -> bool:
    """Tell whether a host is an address inside the own network, as far as its name shows."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


def _retry_after(value: str) -> float | None:
    """Return the seconds that a server asks to wait, None if it asks for none."""
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError):
        return None
