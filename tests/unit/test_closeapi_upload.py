"""A file on its way to the storage host: over a real socket where the socket matters."""

import hashlib
import os
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.parser import BytesParser
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from close_notes_gui.closeapi import filebytes
from close_notes_gui.closeapi.answers import SignedUpload
from close_notes_gui.closeapi.errors import (
    BadAnswer,
    CloseError,
    FileChanged,
    FileVanished,
    Offline,
    PolicyExpired,
    ServerTrouble,
    StorageRefused,
    TimedOut,
    UnsafeAddress,
    UploadCancelled,
)
from close_notes_gui.closeapi.multipart import Form
from close_notes_gui.closeapi.storage import storage_failure
from close_notes_gui.closeapi.upload import Upload

POLICY = "eyJleHBpcmF0aW9uIjoiMjAyNi0wMy0wMlQxMjowMDowMFoifQ"
FIELDS = (
    ("AWSAccessKeyId", "AKIAIOSFODNN7EXAMPLE"),
    ("Content-Type", "text/plain"),
    ("key", "temporary/user/x"),
    ("policy", POLICY),
    ("signature", "0RavWzkygo6QX9caELEqKi9kDbU="),
    ("success_action_status", "201"),
)
EXPIRED = (
    b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code>'
    b"<Message>Invalid according to Policy: Policy expired.</Message></Error>"
)
DOWNLOAD = "https://app.close.com/go/file/temporary/user_1/tok/a.txt/"


def signed(url: str = "https://bucket.s3.amazonaws.com/") -> SignedUpload:
    return SignedUpload(url, FIELDS, DOWNLOAD, datetime(2026, 3, 2, tzinfo=UTC))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "notes.txt"
    path.write_bytes(os.urandom(700_001))
    return path


class Bucket:
    """The far end of a mock transport: keeps what came, gives one answer."""

    def __init__(self, answer: httpx.Response | Exception | None = None) -> None:
        self.answer = answer or httpx.Response(201, text="<PostResponse/>")
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def upload(path: Path, bucket: Bucket | None = None, **more) -> Upload:
    transport = httpx.MockTransport(bucket) if bucket else None
    given = {"filename": "notes.txt", "content_type": "text/plain", **more}
    return Upload(path, transport=transport, **given)


def parts_of(request: httpx.Request) -> list[tuple[str, bytes]]:
    """The form as another reader takes it: names and contents, in order."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser().parsebytes(head + request.content)
    found = []
    for part in message.walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            found.append((str(name), content))
    return found


# --- what is sent


def test_the_form_holds_the_fields_untouched_and_the_file_last(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"line\r\n--not a boundary\r\nend")
    bucket = Bucket()
    receipt = upload(path, bucket).run(signed())
    (request,) = bucket.requests
    parts = parts_of(request)
    assert [(name, value.decode()) for name, value in parts[:-1]] == list(FIELDS)
    assert parts[-1] == ("file", path.read_bytes())
    assert int(request.headers["content-length"]) == len(request.content)
    assert "transfer-encoding" not in request.headers
    assert request.headers["connection"] == "close"
    assert "authorization" not in request.headers
    assert receipt.url == DOWNLOAD
    assert receipt.size_bytes == path.stat().st_size
    assert receipt.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_empty_file_goes_up(tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.touch()
    bucket = Bucket()
    assert upload(path, bucket).run(signed()).size_bytes == 0
    assert parts_of(bucket.requests[0])[-1] == ("file", b"")


@pytest.mark.parametrize(
    ("filename", "sent"),
    [
        ("Angebot Grün 株式.pdf", "Angebot Grün 株式.pdf"),
        ('say "hi".txt', "say %22hi%22.txt"),
        ("a\r\nContent-Type: text/html\r\n\r\nb", "a%0D%0AContent-Type: text/html%0D%0A%0D%0Ab"),
        ("a\x00b\ud800", "ab?"),
    ],
)
def test_names_of_files(filename: str, sent: str, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x")
    bucket = Bucket()
    upload(path, bucket, filename=filename).run(signed())
    assert f'name="file"; filename="{sent}"\r\n'.encode() in bucket.requests[0].content


@given(
    st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=5),
    st.text(),
    st.text(),
    st.lists(st.binary(min_size=1), max_size=4),
)
def test_the_length_told_is_the_length_sent(fields, filename, content_type, pieces) -> None:
    size_bytes = sum(map(len, pieces))
    form = Form(fields, filename=filename, content_type=content_type, size_bytes=size_bytes)
    sent = b"".join(form.pieces(pieces))
    assert len(sent) == form.length_bytes
    # no name can open a header or a part of its own
    for line in re.findall(rb"Content-Disposition: form-data; name=\"file\"[^\r\n]*", sent)[-1:]:
        assert line.endswith(b'"')


def test_a_strange_content_type_cannot_inject_a_header() -> None:
    form = Form((), filename="a", content_type="text/html\r\nX-Evil: 1", size_bytes=0)
    assert b"X-Evil" not in b"".join(form.pieces([]))


def test_progress_is_told_at_most_20_times_a_second_and_ends_full(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filebytes, "PIECE_BYTES", 100)
    now = [0.0]

    def monotonic() -> float:
        now[0] += 0.001
        return now[0]

    monkeypatch.setattr(time, "monotonic", monotonic)
    told: list[tuple[int, int]] = []
    upload(file, Bucket()).run(signed(), on_progress=lambda *both: told.append(both))
    assert told[-1] == (700_001, 700_001)
    assert told == sorted(set(told))
    assert len(told) == pytest.approx(7001 / 50, abs=2)


# --- the file itself


def test_a_vanished_file(tmp_path: Path) -> None:
    with pytest.raises(FileVanished):
        upload(tmp_path / "gone", Bucket()).run(signed())


@pytest.mark.parametrize("expected", [{"expected_size_bytes": 5}, {"expected_mtime_ns": 5}])
def test_another_file_than_was_attached(file: Path, expected: dict[str, int]) -> None:
    bucket = Bucket()
    with pytest.raises(FileChanged):
        upload(file, bucket, **expected).run(signed())
    assert bucket.requests == []


def test_the_file_that_was_attached(file: Path) -> None:
    status = file.stat()
    run = upload(
        file, Bucket(), expected_size_bytes=status.st_size, expected_mtime_ns=status.st_mtime_ns
    )
    assert run.run(signed()).size_bytes == 700_001


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_the_files_place_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileChanged):
        upload(tmp_path / "pipe", Bucket()).run(signed())


def test_a_folder_in_the_files_place(tmp_path: Path) -> None:
    with pytest.raises((FileChanged, FileVanished)):
        upload(tmp_path, Bucket()).run(signed())


def grow(path: Path) -> None:
    with path.open("ab") as out:
        out.write(b"more")


def shrink(path: Path) -> None:
    os.truncate(path, 300_000)


def touch(path: Path) -> None:
    os.utime(path, ns=(1, 1))


@pytest.mark.parametrize("change", [grow, shrink, touch])
def test_a_file_changed_under_way_never_becomes_an_upload(
    file: Path, change: Callable[[Path], None]
) -> None:
    source = filebytes.FileBytes(file, expected_size_bytes=None, expected_mtime_ns=None)
    pieces: list[bytes] = []

    def read_on() -> None:
        for piece in source.pieces(before_each=lambda: None, on_progress=None):
            if not pieces:
                change(file)
            pieces.append(piece)

    with source, pytest.raises(FileChanged):
        read_on()
    assert sum(map(len, pieces)) < source.size_bytes


# --- what the host answers


@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        (403, EXPIRED, PolicyExpired),
        (403, b"", PolicyExpired),
        (400, b"<Error><Code>EntityTooLarge</Code><Message>Too &lt;large&gt;</Message></Error>", StorageRefused),
        (400, b"<Error><Code>RequestTimeout</Code></Error>", TimedOut),
        (408, b"", TimedOut),
        (404, b"<Error><Code>NoSuchBucket</Code></Error>", StorageRefused),
        (501, b"<Error><Code>NotImplemented</Code></Error>", ServerTrouble),
        (503, b"<Error><Code>SlowDown</Code></Error>", ServerTrouble),
        (200, b"<html>portal</html>", BadAnswer),
        (204, b"", BadAnswer),
        (307, b"", BadAnswer),
    ],
)
def test_answers_of_the_host(
    status: int, body: bytes, meaning: type[CloseError], file: Path
) -> None:
    with pytest.raises(meaning) as caught:
        upload(file, Bucket(httpx.Response(status, content=body))).run(signed())
    assert type(caught.value) is meaning
    assert caught.value.__context__ is None


def test_the_hosts_reason_is_kept_and_its_secrets_are_not() -> None:
    message = f"Too large for {POLICY} of {FIELDS[0][1]}"
    body = f"<Error><Code>EntityTooLarge</Code><Message>{message}</Message></Error>".encode()
    found = storage_failure(400, body, fields=FIELDS)
    assert isinstance(found, StorageRefused)
    assert found.code == "EntityTooLarge"
    assert found.message == "Too large for … of …"


def test_without_a_status_asked_for_the_hosts_own_is_success() -> None:
    assert storage_failure(204, b"", fields=()) is None
    assert isinstance(storage_failure(201, b"", fields=()), BadAnswer)


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        (httpx.ConnectError("x"), Offline),
        (httpx.WriteTimeout("x"), TimedOut),
        (httpx.ReadError("x"), Offline),
    ],
)
def test_faults_on_the_way(fault: Exception, meaning: type[CloseError], file: Path) -> None:
    with pytest.raises(meaning) as caught:
        upload(file, Bucket(fault)).run(signed())
    assert POLICY not in repr(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("url", ["http://bucket.example/", "ftp://x/", "https://u:p@bucket.example/"])
def test_unsafe_addresses(url: str, file: Path) -> None:
    bucket = Bucket()
    with pytest.raises(UnsafeAddress):
        upload(file, bucket).run(signed(url))
    assert bucket.requests == []


# --- over a real socket


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


def test_cancelled_before_it_began(file: Path) -> None:
    bucket = Bucket()
    run = upload(file, bucket)
    run.cancel()
    with pytest.raises(UploadCancelled):
        run.run(signed())
    assert bucket.requests == []


def test_cancelled_between_two_pieces(file: Path) -> None:
    bucket = Bucket()
    run = upload(file, bucket)
    with pytest.raises(UploadCancelled):
        run.run(signed(), on_progress=lambda sent, total: run.cancel())


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

