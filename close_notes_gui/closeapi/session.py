"""One HTTP session with Close: the key, the limits, the time-outs, JSON in and out.

Engine thread, on its asyncio loop. Keeps nothing of what it sends; never follows a redirect.
"""

import asyncio
import json
import logging
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http.cookiejar import DefaultCookiePolicy
from typing import TypeVar

import httpx

from close_notes_gui import __version__
from close_notes_gui.closeapi.clock import Clock
from close_notes_gui.closeapi.errors import AnswerLost, BadAnswer, CloseError, Gone, Throttled
from close_notes_gui.closeapi.failures import HTTPX_ERRORS, from_exception, from_status
from close_notes_gui.closeapi.hosts import check_api_address, is_loopback, same_origin
from close_notes_gui.closeapi.limits import SHORTEST_WAIT_S, RateLimits, http_date
from close_notes_gui.closeapi.tls import trust
from close_notes_gui.model.secret import ApiKey

USER_AGENT = f"close-notes/{__version__}"
LARGEST_ANSWER_BYTES = 8 * 1024 * 1024

_QUICK = httpx.Timeout(connect=10, read=15, write=15, pool=15)
_USUAL = httpx.Timeout(connect=10, read=30, write=30, pool=30)
# The longer a create call is waited for, the fewer notes have to be looked up.
_PATIENT = httpx.Timeout(connect=10, read=60, write=30, pool=30)
_LONGEST_ASK_S = 120.0
_ID = re.compile(r"[A-Za-z0-9_\-]{1,100}")

# Addresses of files carry signatures; httpx logs addresses at INFO.
for _noisy in ("httpx", "httpcore"):
    logging.getLogger(_noisy).setLevel(logging.WARNING)

Made = TypeVar("Made")


def item_path(collection: str, item_id: str) -> str:
    """The path of one thing; Gone where the id is none that Close could have given."""
    if not _ID.fullmatch(item_id):
        raise Gone("no such id")
    return f"{collection}{item_id}/"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. `path` is below the base and ends in a slash."""

    method: str
    path: str
    params: dict[str, str] | None = None
    body: dict[str, object] | None = None
    creates: bool = False
    may_be_empty: bool = False
    is_search: bool = False
    patience_s: float = 0.0


class Session:
    """The key and the connections. Invariant: the key goes to `base_url`'s origin alone."""

    def __init__(
        self,
        key: ApiKey,
        *,
        base_url: str,
        transport: httpx.AsyncBaseTransport | None,
        clock: Clock,
        user_agent: str | None,
    ) -> None:
        self.base_url = check_api_address(base_url)
        self.clock = clock
        self.limits = RateLimits(clock)
        self.server_clock_offset_s: float | None = None
        self._key = key
        self._transport = transport
        self._user_agent = user_agent or USER_AGENT
        self._reused: httpx.AsyncClient | None = None
        self._fresh: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()

    async def aclose(self) -> None:
        """Close all connections; those in use fail."""
        clients = {id(client): client for client in (self._reused, self._fresh) if client}
        self._reused = self._fresh = None
        for client in clients.values():
            await client.aclose()

    async def get(self, path: str, params: dict[str, str] | None = None) -> object:
        """`GET` below the base; the parsed JSON."""
        return await self.ask(Ask("GET", path, params=params))

    async def create(
        self, path: str, body: dict[str, object], read: Callable[[object], Made | None]
    ) -> Made:
        """`POST` that makes something; whatever is not a readable yes is AnswerLost or a no."""
        answer = await self.ask(Ask("POST", path, body=body, creates=True))
        made = read(answer)
        if made is None:
            raise AnswerLost("the answer does not say what was made", status=200)
        return made

    async def ask(self, ask: Ask) -> object:
        """Send one request and return its JSON, None for an empty answer where that is fine.

        A throttled group is waited for as long as the ask's patience lasts.
        """
        patience_s = ask.patience_s
        while True:
            try:
                self._check_turn(ask)
                return await self._ask_once(ask)
            except Throttled as throttled:
                wait_s = throttled.retry_after_s
                if wait_s > patience_s:
                    raise
            patience_s -= wait_s
            await self.clock.sleep(wait_s)

    async def _ask_once(self, ask: Ask) -> object:
        client = await self.client(fresh=ask.creates)
        failure: CloseError | None = None
        status, headers, body = 0, httpx.Headers(), b""
        try:
            async with asyncio.timeout(_LONGEST_ASK_S):
                status, headers, body = await self._exchange(client, ask)
        except CloseError as error:
            failure = error
        except HTTPX_ERRORS as error:
            failure = from_exception(error, creates=ask.creates)
        if failure is not None:
            # Raised here, so that no httpx error, which holds the request, hangs on to it.
            raise failure
        return self._read(ask, status, headers, body)

    async def client(self, *, fresh: bool = False) -> httpx.AsyncClient:
        """The connections: kept open ones, or (`fresh`) a new one for each request.

        A kept connection may have died unnoticed (sleep, a router's time-out). For a create call
        that would look like a lost answer, so those pay for a new connection.
        """
        async with self._opening:
            if self._reused is None or self._fresh is None:
                verify = await self._verify()
                self._reused = self._open(verify, keep=True)
                shared = self._transport is not None
                self._fresh = self._reused if shared else self._open(verify, keep=False)
        return self._fresh if fresh else self._reused

    def authorize(self, request: httpx.Request) -> httpx.BasicAuth:
        """The key for this request. Raise ValueError where it would leave the API's origin."""
        if not same_origin(request.url, self.base_url):
            raise ValueError("the key stays with the API")
        return httpx.BasicAuth(self._key.reveal(), "")

    # --- within

    async def _verify(self) -> ssl.SSLContext | bool:
        if self._transport is not None or self.base_url.scheme == "http":
            return False
        return await asyncio.to_thread(trust)

    def _open(self, verify: ssl.SSLContext | bool, *, keep: bool) -> httpx.AsyncClient:
        client = httpx.AsyncClient(
            transport=self._transport,
            verify=verify,
            # A proxy is for the world outside; a loopback API is never behind one.
            trust_env=not is_loopback(self.base_url),
            timeout=_USUAL,
            follow_redirects=False,
            limits=httpx.Limits(
                max_connections=10, max_keepalive_connections=6 if keep else 0, keepalive_expiry=30
            ),
            headers={
                "User-Agent": self._user_agent,
                "Accept": "application/json",
                "X-TZ-Offset": "0",
            },
        )
        # A key is all that Close asks for; cookies are neither taken nor given.
        client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        return client

    def _check_turn(self, ask: Ask) -> None:
        delay_s = self.limits.delay_s(ask.path)
        if delay_s > 0:
            raise self._throttled(delay_s)

    async def _exchange(
        self, client: httpx.AsyncClient, ask: Ask
    ) -> tuple[int, httpx.Headers, bytes]:
        timeout = _PATIENT if ask.creates else _QUICK if ask.is_search else _USUAL
        request = client.build_request(
            ask.method,
            self.base_url.join(ask.path),
            params=ask.params,
            json=ask.body,
            timeout=timeout,
        )
        began_s = self.clock.monotonic()
        response = await client.send(request, auth=self.authorize(request), stream=True)
        try:
            self._learn_clock(response.headers, self.clock.monotonic() - began_s)
            body = await _read_capped(response, creates=ask.creates)
        finally:
            await response.aclose()
        return response.status_code, response.headers, body

    def _learn_clock(self, headers: httpx.Headers, took_s: float) -> None:
        told = http_date(headers.get("date", ""))
        if told is not None and took_s < 10:
            # `Date` is cut to the second: on average half a second has gone by.
            middle = self.clock.now() - timedelta(seconds=took_s / 2)
            self.server_clock_offset_s = (told - middle).total_seconds() + 0.5

    def _read(self, ask: Ask, status: int, headers: httpx.Headers, body: bytes) -> object:
        wait_s = self.limits.learn(ask.path, status=status, headers=headers)
        if status == 429:
            raise self._throttled(max(wait_s, SHORTEST_WAIT_S))
        failure = from_status(status, body, creates=ask.creates)
        if failure is not None:
            raise failure
        if ask.may_be_empty and not body.strip():
            return None
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            pass
        if ask.creates:
            raise AnswerLost("not JSON", status=status)
        raise BadAnswer("a web page instead of Close" if b"<" in body[:200] else "not JSON")

    def _throttled(self, wait_s: float) -> Throttled:
        reset_at = self.clock.now() + timedelta(seconds=wait_s)
        return Throttled(retry_after_s=wait_s, reset_at=reset_at)


async def _read_capped(response: httpx.Response, *, creates: bool) -> bytes:
    parts: list[bytes] = []
    size_bytes = 0
    async for part in response.aiter_bytes():
        size_bytes += len(part)
        if size_bytes > LARGEST_ANSWER_BYTES:
            if creates:
                raise AnswerLost("the answer is too large", status=response.status_code)
            raise BadAnswer("the answer is too large")
        parts.append(part)
    return b"".join(parts)
