"""FakeClose over loopback HTTP, for any Close client and for kill tests.

Own threads, one per connection; all end with close(). Listens on 127.0.0.1
only. Faults are real here: sockets close, reset, stall and crawl.
"""

import socket
import struct
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl

from close_notes_gui.sandbox import control
from close_notes_gui.sandbox.exchange import CHUNK_BYTES, Extent, Request, Response, Spool
from close_notes_gui.sandbox.fake_close import FakeClose
from close_notes_gui.sandbox.faults import BEFORE_BODY, Fault, FaultKind
from close_notes_gui.sandbox.world import utcnow

STORAGE_PATH = "/_storage/"
_RESETS = frozenset({
    FaultKind.CONNECT_ERROR, FaultKind.DNS_FAILURE, FaultKind.RESET_BEFORE, FaultKind.RESET_AFTER,
    FaultKind.RESET_MID_BODY,
})  # fmt: skip
_DROPS = frozenset({FaultKind.DROP_BEFORE, FaultKind.DROP_AFTER, FaultKind.PROCESS_LATE})
_SLICE_BYTES = 512


class _Hung(Exception):
    """The client is gone, or the server stops: say nothing more on this connection."""


class _Listener(ThreadingHTTPServer):
    """Accepts connections; knows those that are open, so that it can end them."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 128
    fake: FakeClose

    def __init__(self, port: int) -> None:
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(("127.0.0.1", port), _Conversation)

    def opened(self, connection: socket.socket) -> None:
        """A connection begins."""
        with self._guard:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """A connection is over."""
        with self._guard:
            self._open.discard(connection)

    def hang_up(self) -> None:
        """End all connections, even those in the middle of a request."""
        self.stopping.set()
        self.fake.faults.clear()
        with self._guard:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # it has gone by itself

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Connections that break are what this server is for; all else is a bug."""
        if not isinstance(sys.exception(), ConnectionError | _Hung):
            super().handle_error(request, client_address)


class _Conversation(BaseHTTPRequestHandler):
    """One connection with its requests, one after the other."""

    protocol_version = "HTTP/1.1"
    server_version = "CloseSandbox"
    disable_nagle_algorithm = True
    wbufsize = CHUNK_BYTES
    server: _Listener

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def finish(self) -> None:
        self.server.closed(self.connection)
        super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it)
        """Keep quiet: the fake has its own log."""

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except _Hung:
            self.close_connection = True

    def _converse(self) -> None:
        arrived_at = self.server.fake.now()
        path, _, query = self.path.partition("?")
        pairs = tuple(parse_qsl(query, keep_blank_values=True))
        if path.startswith(control.PREFIX):
            request = Request(self.command, path, pairs, body=_whole(self._body(None)))
            self._send(control.answer(self.server.fake, request))
            return
        storage = path.startswith(STORAGE_PATH)
        fault = self.server.fake.faults.take(self.command, path, storage=storage)
        if fault is not None and fault.kind in (FaultKind.CONNECT_ERROR, FaultKind.DNS_FAILURE):
            self._reset()
            return
        self._answer(path, pairs, fault, storage=storage, arrived_at=arrived_at)

    # The names that the base class looks for.
    do_GET = _converse  # noqa: N815
    do_HEAD = _converse  # noqa: N815
    do_POST = _converse  # noqa: N815
    do_PUT = _converse  # noqa: N815
    do_PATCH = _converse  # noqa: N815
    do_DELETE = _converse  # noqa: N815
    do_OPTIONS = _converse  # noqa: N815

    def _answer(
        self,
        path: str,
        query: tuple[tuple[str, str], ...],
        fault: Fault | None,
        *,
        storage: bool,
        arrived_at: datetime,
    ) -> None:
        body = self._body(fault)
        if fault is not None and fault.kind in (FaultKind.HOLD_BEFORE, FaultKind.DELAY_BEFORE):
            self._wait(fault)
        request = Request(
            self.command,
            path,
            query,
            tuple(self.headers.items()),
            body if storage else _whole(body),
            storage,
            arrived_at,
        )
        answer = self.server.fake.handle(request, fault)
        self._carry(answer)

    def _body(self, fault: Fault | None) -> Spool:
        """The request's body, as much as a fault lets arrive."""
        spool = Spool()
        if self.headers.get("Transfer-Encoding"):
            # Nobody here takes chunks; answer without reading, then hang up.
            self.close_connection = True
            return spool
        missing = int(self.headers.get("Content-Length") or 0)
        if fault is not None and fault.kind in BEFORE_BODY and missing > fault.at_bytes:
            missing = fault.at_bytes
            self.close_connection = True
        while missing:
            chunk = self.rfile.read1(min(CHUNK_BYTES, missing))
            if not chunk:
                raise _Hung
            spool.write(chunk)
            missing -= len(chunk)
        return spool

    def _carry(self, answer: Response) -> None:
        fault = answer.fault
        if fault is None:
            self._send(answer)
        elif fault.kind in _RESETS:
            self._reset()
        elif fault.kind in _DROPS:
            self.close_connection = True
        elif fault.kind in (FaultKind.HOLD_AFTER, FaultKind.DELAY_AFTER):
            self._wait(fault)
            self._send(answer)
        elif fault.kind is FaultKind.SLOW:
            self._send(answer, pause_s=_SLICE_BYTES / fault.bytes_per_s)
        elif fault.kind in (FaultKind.STALL, FaultKind.CUT_SHORT):
            self._send_half(answer)
            if fault.kind is FaultKind.STALL:
                self._wait(fault)
        else:
            self._send(answer)

    def _send(self, answer: Response, *, pause_s: float | None = None) -> None:
        self._send_head(answer)
        if self.command != "HEAD":
            for chunk in _pieces(answer):
                self._write(chunk, pause_s)
        self.wfile.flush()

    def _write(self, chunk: bytes, pause_s: float | None) -> None:
        if pause_s is None:
            self.wfile.write(chunk)
            return
        for start in range(0, len(chunk), _SLICE_BYTES):
            if self.server.stopping.wait(pause_s):
                raise _Hung
            self.wfile.write(chunk[start : start + _SLICE_BYTES])
            self.wfile.flush()

    def _send_half(self, answer: Response) -> None:
        whole = b"".join(_pieces(answer))
        self._send_head(answer)
        self.wfile.write(whole[: len(whole) // 2])
        self.wfile.flush()
        self.close_connection = True

    def _send_head(self, answer: Response) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(answer.size_bytes))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def _wait(self, fault: Fault) -> None:
        if fault.kind in (FaultKind.HOLD_BEFORE, FaultKind.HOLD_AFTER):
            self.server.fake.faults.gate.wait(None)
        else:
            self.server.stopping.wait(fault.delay_s)
        if self.server.stopping.is_set():
            raise _Hung

    def _reset(self) -> None:
        """End the connection with a TCP reset instead of a proper close."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


def _pieces(answer: Response) -> Any:
    return answer.body.chunks() if isinstance(answer.body, Extent) else (answer.body,)


def _whole(spool: Spool) -> bytes:
    return spool.read(0, spool.size_bytes)


class SandboxServer:
    """A FakeClose on loopback; a context manager.

    Invariant: once closed, no thread and no socket of it is left.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        leads: int = 300,
        seed: int = 0,
        clock: Callable[[], datetime] = utcnow,
    ) -> None:
        self._listener = _Listener(port)
        origin = f"http://127.0.0.1:{self._listener.server_address[1]}"
        self.base_url = f"{origin}/api/v1"
        self.control_url = f"{origin}{control.PREFIX}"
        self.fake = FakeClose(
            clock=clock,
            seed=seed,
            leads=leads,
            storage_url=f"{origin}{STORAGE_PATH}",
            api_url=self.base_url,
        )
        self.api_key = self.fake.api_key
        self._listener.fake = self.fake
        self._thread = threading.Thread(
            target=self._listener.serve_forever, kwargs={"poll_interval": 0.05}, name="sandbox"
        )
        self._thread.start()

    def close(self) -> None:
        """Stop listening, end all connections, join all threads; idempotent."""
        self._listener.shutdown()
        self._listener.hang_up()
        self._listener.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
