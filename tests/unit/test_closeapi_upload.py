"""A file on its way to the storage host: over a real socket where the socket matters."""

import hashlib
import os
import re
import time
from collections.abc import Callable
from email.parser import BytesParser
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from close_notes_gui.closeapi import filebytes
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
from tests.unit.closeapi_storage import DOWNLOAD, EXPIRED, FIELDS, POLICY, Bucket, signed, upload


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "notes.txt"
    path.write_bytes(os.urandom(700_001))
    return path


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


def test_hashing_can_be_left_out(file: Path) -> None:
    assert upload(file, Bucket(), with_sha256=False).run(signed()).sha256 == ""


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
    monkeypatch.setattr(filebytes, "_LARGEST_PIECE_BYTES", 100)
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
        (
            400,
            b"<Error><Code>EntityTooLarge</Code><Message>Too &lt;large&gt;</Message></Error>",
            StorageRefused,
        ),
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


@pytest.mark.parametrize(
    "url", ["http://bucket.example/", "ftp://x/", "https://u:p@bucket.example/"]
)
def test_unsafe_addresses(url: str, file: Path) -> None:
    bucket = Bucket()
    with pytest.raises(UnsafeAddress):
        upload(file, bucket).run(signed(url))
    assert bucket.requests == []


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
