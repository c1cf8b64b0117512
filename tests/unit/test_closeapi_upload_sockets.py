"""A file on its way over a real socket: early refusals, broken lines, hanging up at once."""

import hashlib
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from close_notes_gui.closeapi.errors import (
    CloseError,
    Offline,
    PolicyExpired,
    UploadCancelled,
)
from tests.unit.closeapi_storage import EXPIRED, signed, upload


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "notes.txt"
    path.write_bytes(os.urandom(700_001))
    return path


@contextmanager
def peer(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server for one connection in a thread of its own; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            connection, _ = listening.accept()
            with connection:
                serve(connection)

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        finally:
            thread.join(10)


def read_head(connection: socket.socket) -> tuple[dict[str, str], bytes]:
    """The headers, and what of the body came with them."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += connection.recv(65536)
    head, _, rest = got.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")[1:]
    return dict(line.lower().split(": ", 1) for line in lines), rest


def answer(connection: socket.socket, status: str, body: bytes) -> None:
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    connection.sendall(head.encode() + body)


def test_content_length_and_no_credentials_on_the_wire(file: Path) -> None:
    seen: dict[str, str] = {}
    got: list[int] = []

    def serve(connection: socket.socket) -> None:
        headers, rest = read_head(connection)
        seen.update(headers)
        count = len(rest)
        while count < int(headers["content-length"]):
            count += len(connection.recv(65536))
        got.append(count)
        answer(connection, "201 Created", b"<PostResponse/>")

    with peer(serve) as url:
        receipt = upload(file).run(signed(url))
    assert receipt.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert int(seen["content-length"]) == got[0]
    assert seen.keys().isdisjoint({"authorization", "transfer-encoding", "cookie", "expect"})
    assert seen["connection"] == "close"


def test_an_early_refusal_keeps_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "big"
    with path.open("wb") as out:
        out.truncate(64 * 1024 * 1024)

    def serve(connection: socket.socket) -> None:
        read_head(connection)
        answer(connection, "403 Forbidden", EXPIRED)
        connection.shutdown(socket.SHUT_WR)
        # S3 lingers a little before it hangs up on what is still coming
        for _ in range(20):
            connection.recv(65536)

    with peer(serve) as url, pytest.raises(PolicyExpired) as caught:
        upload(path).run(signed(url))
    assert caught.value.message == "Invalid according to Policy: Policy expired."


def test_a_peer_that_hangs_up_is_a_broken_connection(tmp_path: Path) -> None:
    path = tmp_path / "big"
    with path.open("wb") as out:
        out.truncate(64 * 1024 * 1024)
    with peer(lambda connection: None) as url, pytest.raises(Offline):
        upload(path).run(signed(url))


def test_cancelling_hangs_up_at_once_though_the_peer_stalls(tmp_path: Path) -> None:
    path = tmp_path / "big"
    with path.open("wb") as out:
        out.truncate(64 * 1024 * 1024)
    stalled, hung_up = threading.Event(), threading.Event()

    def serve(connection: socket.socket) -> None:
        read_head(connection)
        stalled.set()  # and never reads on
        assert hung_up.wait(30)

    failures: list[BaseException] = []
    run = upload(path)

    def work(url: str) -> None:
        try:
            run.run(signed(url))
        except CloseError as error:
            failures.append(error)

    with peer(serve) as url:
        worker = threading.Thread(target=work, args=(url,))
        worker.start()
        assert stalled.wait(30)
        run.cancel()
        # far below the 60 s that a stalled write would take
        worker.join(20)
        still_running = worker.is_alive()
        hung_up.set()
    assert not still_running
    assert [type(error) for error in failures] == [UploadCancelled]


def test_cancelled_in_the_moment_of_connecting(file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        run = upload(file)
        on_trace = run._on_trace

        def cancel_first(name: str, details: dict[str, object]) -> None:
            if name.endswith("connect_tcp.complete"):
                run.cancel()  # as if from another thread, before the socket is known
            on_trace(name, details)

        run._on_trace = cancel_first  # type: ignore[method-assign]
        with pytest.raises(UploadCancelled):
            run.run(signed(url))


def test_a_tls_socket_is_hung_up_below_tls() -> None:
    near, far = socket.socketpair()
    with near, far:
        wrapped = ssl.create_default_context().wrap_socket(
            near, server_hostname="x", do_handshake_on_connect=False
        )

        class Stream:
            def get_extra_info(self, name: str) -> socket.socket:
                return wrapped

        run = upload(Path("x"))
        run._on_trace("connection.start_tls.complete", {"return_value": Stream()})
        run.cancel()
        assert wrapped._sslobj is not None  # type: ignore[attr-defined]
        assert far.recv(10) == b""
        wrapped.close()
