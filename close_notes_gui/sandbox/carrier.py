"""What the sync and the async transport share: hosts, requests, broken lines.

Any thread. Sleeps never; the transports do the waiting.
"""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import httpx

from close_notes_gui.sandbox.exchange import Extent, Request, Response, Spool
from close_notes_gui.sandbox.fake_close import FakeClose
from close_notes_gui.sandbox.faults import Fault, FaultKind

HOLDS_BEFORE = (FaultKind.HOLD_BEFORE, FaultKind.DELAY_BEFORE)
HOLDS_AFTER = (FaultKind.HOLD_AFTER, FaultKind.DELAY_AFTER)


class Carrier:
    """What both transports share: hosts, requests, connection faults."""

    def __init__(self, fake: FakeClose, *, real_time: bool) -> None:
        self.fake = fake
        self.real_time = real_time
        self._api_host = urlsplit(fake.api_url)[:2]
        self._storage_host = urlsplit(fake.storage_url)[:2]

    def arrive(self, request: httpx.Request) -> tuple[Request, Fault | None]:
        """The request's head and the fault due for it; ConnectError for other hosts."""
        host = (request.url.scheme, request.url.netloc.decode())
        if host not in (self._api_host, self._storage_host):
            self.fake.report_violation(f"request to {host[0]}://{host[1]}")
            raise httpx.ConnectError(
                f"The sandbox does not know the host {host[1]}", request=request
            )
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


def read_timeout_s(request: httpx.Request) -> float | None:
    value = request.extensions.get("timeout", {}).get("read")
    return float(value) if value is not None else None


def timed_out(request: httpx.Request) -> httpx.ReadTimeout:
    return httpx.ReadTimeout("The read operation timed out", request=request)


def pieces(answer: Response) -> Iterator[bytes]:
    if isinstance(answer.body, Extent):
        yield from answer.body.chunks()
    elif answer.body:
        yield answer.body


def cut_body(answer: Response) -> tuple[bytes, bool]:
    """The first half of a body that will not be whole, and whether it then stalls."""
    body = b"".join(pieces(answer))
    assert answer.fault is not None
    return body[: len(body) // 2], answer.fault.kind is FaultKind.STALL


def headers_of(answer: Response) -> list[tuple[str, str]]:
    return [*answer.headers, ("Content-Length", str(answer.size_bytes))]
