"""FakeClose as httpx transports: the client under test talks to it without a port.

The sync one is for pool threads, the async one for the engine's loop, which
it never blocks: the fake works in a pool thread.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from urllib.parse import parse_qsl, urlsplit

import httpx

from close_notes_gui.sandbox.exchange import Extent, Request, Response, Spool
from close_notes_gui.sandbox.fake_close import FakeClose
from close_notes_gui.sandbox.faults import BEFORE_BODY, Fault, FaultKind

_HOLDS_BEFORE = (FaultKind.HOLD_BEFORE, FaultKind.DELAY_BEFORE)
_HOLDS_AFTER = (FaultKind.HOLD_AFTER, FaultKind.DELAY_AFTER)


class _Carrier:
    """What both transports share: hosts, requests, connection faults."""

    def __init__(self, fake: FakeClose, *, real_time: bool) -> None:
        self.fake = fake
        self.real_time = real_time
        self._api_host = urlsplit(fake.api_url).netloc
        self._storage_host = urlsplit(fake.storage_url).netloc

    def arrive(self, request: httpx.Request) -> tuple[Request, Fault | None]:
        """The request's head and the fault due for it; ConnectError for other hosts."""
        host = request.url.netloc.decode()
        if host not in (self._api_host, self._storage_host) or request.url.scheme != "https":
            self.fake.report_violation(f"request to {request.url.scheme}://{host}")
            raise httpx.ConnectError(f"The sandbox does not know the host {host}", request=request)
        storage = host == self._storage_host
        raw_path, _, raw_query = request.url.raw_path.decode("ascii").partition("?")
        head = Request(
            request.method,
            raw_path,
            tuple(parse_qsl(raw_query, keep_blank_values=True)),
            tuple(request.headers.items()),
            storage=storage,
            arrived_at=self.fake.now(),
        )
        return head, self.fake.faults.take(head.method, head.path, storage=storage)

    def complete(self, head: Request, spool: Spool) -> Request:
        """The request with its body."""
        body: bytes | Spool = spool if head.storage else spool.read(0, spool.size_bytes)
        return Request(
            head.method, head.path, head.query, head.headers, body, head.storage, head.arrived_at
        )

    def before_body(self, fault: Fault, request: httpx.Request) -> None:
        """Raise what CONNECT_ERROR or DNS_FAILURE look like to a client."""
        if fault.kind is FaultKind.CONNECT_ERROR:
            raise httpx.ConnectError("[Errno 111] Connection refused", request=request)
        if fault.kind is FaultKind.DNS_FAILURE:
            raise httpx.ConnectError("[Errno -2] Name or service not known", request=request)

    def broken(self, fault: Fault, request: httpx.Request) -> Exception | None:
        """The exception for an answer that never comes."""
        match fault.kind:
            case FaultKind.DROP_BEFORE | FaultKind.DROP_AFTER | FaultKind.PROCESS_LATE:
                return httpx.RemoteProtocolError(
                    "Server disconnected without sending a response.", request=request
                )
            case FaultKind.RESET_BEFORE | FaultKind.RESET_AFTER:
                return httpx.ReadError("[Errno 104] Connection reset by peer", request=request)
            case FaultKind.RESET_MID_BODY:
                return httpx.WriteError("[Errno 104] Connection reset by peer", request=request)
            case _:
                return None


def _read_timeout_s(request: httpx.Request) -> float | None:
    value = request.extensions.get("timeout", {}).get("read")
    return float(value) if value is not None else None


def _timed_out(request: httpx.Request) -> httpx.ReadTimeout:
    return httpx.ReadTimeout("The read operation timed out", request=request)


def _pieces(answer: Response) -> Iterator[bytes]:
    if isinstance(answer.body, Extent):
        yield from answer.body.chunks()
    elif answer.body:
        yield answer.body


def _cut(answer: Response) -> tuple[bytes, bool]:
    """The first half of a body that will not be whole, and whether it then stalls."""
    body = b"".join(_pieces(answer))
    assert answer.fault is not None
    return body[: len(body) // 2], answer.fault.kind is FaultKind.STALL


def _headers(answer: Response) -> list[tuple[str, str]]:
    return [*answer.headers, ("Content-Length", str(answer.size_bytes))]


class SandboxTransport(httpx.BaseTransport):
    """Carries requests of an ``httpx.Client`` to a FakeClose; any number of threads.

    real_time: sleep through delays and pace slow bytes as the fault says.
    Otherwise time is virtual: a delay shorter than the read timeout passes at
    once, a longer one raises ReadTimeout at once. HOLD faults always wait.
    """

    def __init__(self, fake: FakeClose, *, real_time: bool = False) -> None:
        self._carrier = _Carrier(fake, real_time=real_time)
        self._closed = threading.Event()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one request."""
        head, fault = self._carrier.arrive(request)
        if fault is not None:
            self._carrier.before_body(fault, request)
        spool = Spool()
        assert isinstance(request.stream, httpx.SyncByteStream)
        for chunk in request.stream:
            spool.write(chunk)
            if (
                fault is not None
                and fault.kind in BEFORE_BODY
                and spool.size_bytes >= fault.at_bytes
            ):
                break
        if fault is not None and fault.kind in _HOLDS_BEFORE:
            self._wait(fault, request)
        answer = self._carrier.fake.handle(self._carrier.complete(head, spool), fault)
        if answer.fault is not None:
            if broken := self._carrier.broken(answer.fault, request):
                raise broken
            if answer.fault.kind in _HOLDS_AFTER:
                self._wait(answer.fault, request)
        return httpx.Response(
            answer.status, headers=_headers(answer), stream=_SyncBody(self, answer, request)
        )

    def close(self) -> None:
        """Wake all who sleep through a delay."""
        self._closed.set()

    def _wait(self, fault: Fault, request: httpx.Request) -> None:
        limit_s = _read_timeout_s(request)
        if fault.kind in (FaultKind.HOLD_BEFORE, FaultKind.HOLD_AFTER):
            if not self._carrier.fake.faults.gate.wait(limit_s):
                raise _timed_out(request)
            return
        self.pause(fault.delay_s, request)

    def pause(self, delay_s: float, request: httpx.Request) -> None:
        """Let ``delay_s`` pass; ReadTimeout if that is longer than the client waits."""
        limit_s = _read_timeout_s(request)
        too_long = limit_s is not None and delay_s >= limit_s
        if self._carrier.real_time:
            self._closed.wait(limit_s if too_long else delay_s)
        if too_long:
            raise _timed_out(request)


class _SyncBody(httpx.SyncByteStream):
    """The body of an answer, as its fault says."""

    def __init__(
        self, transport: SandboxTransport, answer: Response, request: httpx.Request
    ) -> None:
        self._transport = transport
        self._answer = answer
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        fault = self._answer.fault
        if fault is None or fault.kind not in (
            FaultKind.STALL,
            FaultKind.CUT_SHORT,
            FaultKind.SLOW,
        ):
            yield from _pieces(self._answer)
        elif fault.kind is FaultKind.SLOW:
            for piece in _pieces(self._answer):
                for at in range(0, len(piece), 512):
                    self._transport.pause(512 / fault.bytes_per_s, self._request)
                    yield piece[at : at + 512]
        else:
            half, stalls = _cut(self._answer)
            yield half
            if stalls:
                self._transport.pause(fault.delay_s, self._request)
            raise httpx.RemoteProtocolError(
                "peer closed connection without sending complete message body",
                request=self._request,
            )


class AsyncSandboxTransport(httpx.AsyncBaseTransport):
    """Carries requests of an ``httpx.AsyncClient`` to a FakeClose.

    real_time: as in SandboxTransport. inline: run the fake on the loop itself
    instead of in a pool thread, for tests on a loop with virtual time.
    """

    def __init__(self, fake: FakeClose, *, real_time: bool = False, inline: bool = False) -> None:
        self._carrier = _Carrier(fake, real_time=real_time)
        self._inline = inline

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one request."""
        head, fault = self._carrier.arrive(request)
        if fault is not None:
            self._carrier.before_body(fault, request)
        spool = Spool()
        assert isinstance(request.stream, httpx.AsyncByteStream)
        async for chunk in request.stream:
            spool.write(chunk)
            if (
                fault is not None
                and fault.kind in BEFORE_BODY
                and spool.size_bytes >= fault.at_bytes
            ):
                break
        if fault is not None and fault.kind in _HOLDS_BEFORE:
            await self._wait(fault, request)
        complete = self._carrier.complete(head, spool)
        if self._inline:
            answer = self._carrier.fake.handle(complete, fault)
        else:
            answer = await asyncio.to_thread(self._carrier.fake.handle, complete, fault)
        if answer.fault is not None:
            if broken := self._carrier.broken(answer.fault, request):
                raise broken
            if answer.fault.kind in _HOLDS_AFTER:
                await self._wait(answer.fault, request)
        return httpx.Response(
            answer.status, headers=_headers(answer), stream=_AsyncBody(self, answer, request)
        )

    async def _wait(self, fault: Fault, request: httpx.Request) -> None:
        if fault.kind not in (FaultKind.HOLD_BEFORE, FaultKind.HOLD_AFTER):
            await self.pause(fault.delay_s, request)
            return
        loop = asyncio.get_running_loop()
        opened = asyncio.Event()

        def open_it() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(opened.set)

        self._carrier.fake.faults.gate.when_open(open_it)
        try:
            async with asyncio.timeout(_read_timeout_s(request)):
                await opened.wait()
        except TimeoutError:
            raise _timed_out(request) from None

    async def pause(self, delay_s: float, request: httpx.Request) -> None:
        """Let ``delay_s`` pass; ReadTimeout if that is longer than the client waits."""
        limit_s = _read_timeout_s(request)
        too_long = limit_s is not None and delay_s >= limit_s
        seconds = (
            (limit_s if too_long and limit_s is not None else delay_s)
            if self._carrier.real_time
            else 0
        )
        await asyncio.sleep(seconds)
        if too_long:
            raise _timed_out(request)


class _AsyncBody(httpx.AsyncByteStream):
    """The body of an answer, as its fault says."""

    def __init__(
        self, transport: AsyncSandboxTransport, answer: Response, request: httpx.Request
    ) -> None:
        self._transport = transport
        self._answer = answer
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        fault = self._answer.fault
        if fault is None or fault.kind not in (
            FaultKind.STALL,
            FaultKind.CUT_SHORT,
            FaultKind.SLOW,
        ):
            for piece in _pieces(self._answer):
                yield piece
        elif fault.kind is FaultKind.SLOW:
            for piece in _pieces(self._answer):
                for at in range(0, len(piece), 512):
                    await self._transport.pause(512 / fault.bytes_per_s, self._request)
                    yield piece[at : at + 512]
        else:
            half, stalls = _cut(self._answer)
            yield half
            if stalls:
                await self._transport.pause(fault.delay_s, self._request)
            raise httpx.RemoteProtocolError(
                "peer closed connection without sending complete message body",
                request=self._request,
            )
