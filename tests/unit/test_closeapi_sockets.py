"""The client over real sockets: what a broken line means before and after the request is out."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from close_notes_gui.closeapi.answers import SignedUpload
from close_notes_gui.closeapi.client import CloseClient
from close_notes_gui.closeapi.errors import AnswerLost, CloseError, Offline, TlsFailed
from close_notes_gui.closeapi.tls import trust
from close_notes_gui.closeapi.upload import Upload
from close_notes_gui.model.ids import LeadId
from close_notes_gui.model.note import NewNote
from close_notes_gui.model.secret import ApiKey

pytestmark = pytest.mark.anyio

NEW = NewNote(LeadId("lead_1"), "<body><p>x</p></body>")
NOTE = b'{"id": "acti_1", "lead_id": "lead_1", "data": []}'


class Server:
    """Answers each connection with `serve`, one after another, until it is closed."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self.connections = 0
        self._serve = serve
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(10)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                self._serve(connection)


@contextmanager
def server(serve: Callable[[socket.socket], None]) -> Iterator[Server]:
    running = Server(serve)
    try:
        yield running
    finally:
        running.close()


def client_of(port: int, scheme: str = "http") -> CloseClient:
    return CloseClient(ApiKey("api_0123456789"), base_url=f"{scheme}://127.0.0.1:{port}/api/v1")


def answer_all(connection: socket.socket) -> None:
    """Keep the connection open and answer each request on it."""
    got = b""
    while piece := connection.recv(65536):
        got += piece
        head, end, rest = got.partition(b"\r\n\r\n")
        if not end:
            continue
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        if len(rest) < length:
            continue
        got = rest[length:]
        answer = f"HTTP/1.1 200 OK\r\nContent-Length: {len(NOTE)}\r\n\r\n".encode()
        connection.sendall(answer + NOTE)


def hang_up_after_request(connection: socket.socket) -> None:
    connection.recv(65536)


def no_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        return int(unused.getsockname()[1])


async def failure_of(client: CloseClient, *, creates: bool) -> CloseError:
    async with client:
        with pytest.raises(CloseError) as caught:
            await (client.create_note(NEW) if creates else client.notes(LeadId("lead_1")))
    return caught.value


@pytest.mark.parametrize("creates", [True, False])
async def test_a_refused_connection_sent_nothing(creates: bool) -> None:
    assert type(await failure_of(client_of(no_port()), creates=creates)) is Offline


@pytest.mark.parametrize("creates", [True, False])
async def test_a_server_without_tls_is_sent_nothing(creates: bool) -> None:
    seen = b""

    def answer_plainly(connection: socket.socket) -> None:
        nonlocal seen
        seen += connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    with server(answer_plainly) as running:
        failure = await failure_of(client_of(running.port, "https"), creates=creates)
    assert type(failure) is TlsFailed
    assert b"POST" not in seen


@pytest.mark.parametrize(("creates", "meaning"), [(True, AnswerLost), (False, Offline)])
async def test_a_line_that_breaks_after_the_request(
    creates: bool, meaning: type[CloseError]
) -> None:
    with server(hang_up_after_request) as running:
        assert type(await failure_of(client_of(running.port), creates=creates)) is meaning


async def test_connections_are_kept_but_never_for_making_a_note() -> None:
    with server(answer_all) as running:
        async with client_of(running.port) as client:
            for _ in range(4):
                await client.notes(LeadId("lead_1"))
        assert running.connections == 1
        async with client_of(running.port) as client:
            for _ in range(3):
                await client.create_note(NEW)
        assert running.connections == 4


async def test_a_name_that_is_not_known_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    client = CloseClient(ApiKey("api_0123456789"), base_url="http://localhost:9/api/v1")
    assert type(await failure_of(client, creates=True)) is Offline


async def test_a_proxy_of_the_environment_is_not_asked_for_loopback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{no_port()}")
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{no_port()}")
    with server(answer_all) as running:
        async with client_of(running.port) as client:
            await client.notes(LeadId("lead_1"))


def test_an_upload_to_a_server_without_tls_sends_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x")

    def answer_plainly(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with server(answer_plainly) as running:
        url = f"https://127.0.0.1:{running.port}/"
        signed = SignedUpload(url, (("key", "k"),), "https://d/", datetime.now(UTC))
        with pytest.raises(TlsFailed):
            Upload(path, filename="a", content_type="text/plain").run(signed)


def test_trust_is_built_once() -> None:
    assert trust() is trust()
    assert trust().check_hostname
