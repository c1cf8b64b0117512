"""FakeClose as httpx transports: the client under test talks to it without a port.

The sync one is for pool threads, the async one for the engine's loop, which
it never blocks: the fake works in a pool thread.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator

import httpx

from close_notes_gui.sandbox.carrier import (
    HOLDS_AFTER,
    HOLDS_BEFORE,
    Carrier,
    cut_body,
    headers_of,
    pieces,
    read_timeout_s,
    timed_out,
)
from close_notes_gui.sandbox.exchange import Response, Spool
from close_notes_gui.sandbox.fake_close import FakeClose
from close_notes_gui.sandbox.faults import BEFORE_BODY, Fault, FaultKind


class SandboxTransport(httpx.BaseTransport):
    """Carries requests of an ``httpx.Client`` to a FakeClose; any number of threads.

    real_time: sleep through delays and pace slow bytes as the fault says.
    Otherwise time is virtual: a delay shorter than the read timeout passes at
    once, a longer one raises ReadTimeout at once. HOLD faults always wait.
    """

    def __init__(self, fake: FakeClose, *, real_time: bool = False) -> None:
        self._carrier = Carrier(fake, real_time=real_time)
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
        if fault is not None and fault.kind in HOLDS_BEFORE:
            self._wait(fault, request)
        answer = self._carrier.fake.handle(self._carrier.complete(head, spool), fault)
        if answer.fault is not None:
            if broken := self._carrier.broken(answer.fault, request):
                raise broken
            if answer.fault.kind in HOLDS_AFTER:
                self._wait(answer.fault, request)
        return httpx.Response(
            answer.status, headers=headers_of(answer), stream=_SyncBody(self, answer, request)
        )

    def close(self) -> None:
        """Wake all who sleep through a delay."""
        self._closed.set()

    def _wait(self, fault: Fault, request: httpx.Request) -> None:
        limit_s = read_timeout_s(request)
        if fault.kind in (FaultKind.HOLD_BEFORE, FaultKind.HOLD_AFTER):
            if not self._carrier.fake.faults.gate.wait(limit_s):
                raise timed_out(request)
            return
        self.pause(fault.delay_s, request)

    def pause(self, delay_s: float, request: httpx.Request) -> None:
        """Let ``delay_s`` pass; ReadTimeout if that is longer than the client waits."""
        limit_s = read_timeout_s(request)
        too_long = limit_s is not None and delay_s >= limit_s
        if self._carrier.real_time:
            self._closed.wait(limit_s if too_long else delay_s)
        if too_long:
            raise timed_out(request)


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
            yield from pieces(self._answer)
        elif fault.kind is FaultKind.SLOW:
            for piece in pieces(self._answer):
                for at in range(0, len(piece), 512):
                    self._transport.pause(512 / fault.bytes_per_s, self._request)
                    yield piece[at : at + 512]
        else:
            half, stalls = cut_body(self._answer)
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
        self._carrier = Carrier(fake, real_time=real_time)
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
        if fault is not None and fault.kind in HOLDS_BEFORE:
            await self._wait(fault, request)
        complete = self._carrier.complete(head, spool)
        if self._inline:
            answer = self._carrier.fake.handle(complete, fault)
        else:
            answer = await asyncio.to_thread(self._carrier.fake.handle, complete, fault)
        if answer.fault is not None:
            if broken := self._carrier.broken(answer.fault, request):
                raise broken
            if answer.fault.kind in HOLDS_AFTER:
                await self._wait(answer.fault, request)
        return httpx.Response(
            answer.status, headers=headers_of(answer), stream=_AsyncBody(self, answer, request)
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
            async with asyncio.timeout(read_timeout_s(request)):
                await opened.wait()
        except TimeoutError:
            raise timed_out(request) from None

    async def pause(self, delay_s: float, request: httpx.Request) -> None:
        """Let ``delay_s`` pass; ReadTimeout if that is longer than the client waits."""
        limit_s = read_timeout_s(request)
        too_long = limit_s is not None and delay_s >= limit_s
        seconds = (
            (limit_s if too_long and limit_s is not None else delay_s)
            if self._carrier.real_time
            else 0
        )
        await asyncio.sleep(seconds)
        if too_long:
            raise timed_out(request)


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
            for piece in pieces(self._answer):
                yield piece
        elif fault.kind is FaultKind.SLOW:
            for piece in pieces(self._answer):
                for at in range(0, len(piece), 512):
                    await self._transport.pause(512 / fault.bytes_per_s, self._request)
                    yield piece[at : at + 512]
        else:
            half, stalls = cut_body(self._answer)
            yield half
            if stalls:
                await self._transport.pause(fault.delay_s, self._request)
            raise httpx.RemoteProtocolError(
                "peer closed connection without sending complete message body",
                request=self._request,
            )
