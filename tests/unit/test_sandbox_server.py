"""The loopback server: the same rules over real sockets, with real faults."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from close_notes_gui.sandbox.faults import STORAGE, Fault, FaultKind
from close_notes_gui.sandbox.server import SandboxServer
from tests.unit.sandbox_caller import basic

NOTES = "/activity/note/"


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer(leads=5) as server:
        yield server


@pytest.fixture
def client(server: SandboxServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.base_url, auth=(server.api_key, ""), timeout=5) as client:
        yield client


def write(client: httpx.Client, server: SandboxServer) -> httpx.Response:
    return client.post(
        NOTES, json={"lead_id": server.fake.lead_ids(1)[0], "note": "x", "title": "faulted"}
    )


def written(server: SandboxServer) -> int:
    return sum(note["title"] == "faulted" for note in server.fake.all_notes())


def test_it_answers_as_the_state_machine_does(client: httpx.Client, server: SandboxServer) -> None:
    assert server.base_url.startswith("http://127.0.0.1:")
    assert client.get("/me/").json()["id"] == server.fake.user_ids[0]
    assert client.get("/me").status_code == 404
    assert httpx.get(f"{server.base_url}/me/").status_code == 401
    note = write(client, server).json()
    assert client.put(f"{NOTES}{note['id']}/", json={"title": "t"}).json()["title"] == "t"
    assert client.delete(f"{NOTES}{note['id']}/").status_code == 200
    assert client.request("PATCH", "/me/").status_code == 405


def test_connections_are_kept(server: SandboxServer) -> None:
    parts = urlsplit(server.base_url)
    name, value = basic(server.api_key)
    ask = f"GET /api/v1/me/ HTTP/1.1\r\nHost: x\r\n{name}: {value}\r\n\r\n".encode()
    with (
        socket.create_connection((parts.hostname, parts.port), timeout=5) as connection,
        connection.makefile("rb") as answer,
    ):
        for _ in range(3):
            connection.sendall(ask)
            assert answer.readline() == b"HTTP/1.1 200 OK\r\n"
            length = 0
            while (line := answer.readline()) != b"\r\n":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            assert len(answer.read(length)) == length


def upload(client: httpx.Client, content: bytes) -> tuple[httpx.Response, str]:
    signed = client.post(
        "/files/upload/", json={"filename": "a.bin", "content_type": "text/plain"}
    ).json()
    form = signed["upload"]
    answer = httpx.post(
        form["url"],
        data=form["fields"],
        files={"file": ("a.bin", content, "text/plain")},
        timeout=5,
    )
    return answer, signed["download"]["url"]


def test_files_go_up_and_come_down_byte_for_byte(
    client: httpx.Client, server: SandboxServer
) -> None:
    content = os.urandom(5_000_000)
    answer, url = upload(client, content)
    assert answer.status_code == 201
    assert urlsplit(server.fake.storage_url).path == "/_storage/"
    assert server.fake.file_sha256(url) == hashlib.sha256(content).hexdigest()
    body = {
        "lead_id": server.fake.lead_ids(1)[0],
        "note": "x",
        "attachments": [{"url": url, "filename": "a.bin"}],
    }
    saved = client.post(NOTES, json=body).json()["attachments"][0]
    path = saved["url"].removeprefix("https://app.close.com")
    origin = server.base_url.removesuffix("/api/v1")
    assert client.get(origin + path).content == content
    part = client.get(origin + path, headers={"Range": "bytes=1000000-1000099"})
    assert (part.status_code, part.content) == (206, content[1_000_000:1_000_100])
    assert server.fake.violations == []


def test_chunks_and_credentials_are_refused_at_the_storage_path(
    client: httpx.Client, server: SandboxServer
) -> None:
    assert httpx.post(server.fake.storage_url, content=iter([b"x"])).status_code == 501
    assert client.post(server.fake.storage_url, data={"key": "x"}).status_code == 400
    assert len(server.fake.violations) == 2


@pytest.mark.parametrize(
    ("kind", "errors", "count"),
    [
        # The reset may meet the client still writing, which then finds the line closed.
        (FaultKind.CONNECT_ERROR, httpx.TransportError, 0),
        (FaultKind.DNS_FAILURE, httpx.TransportError, 0),
        (FaultKind.DROP_BEFORE, httpx.RemoteProtocolError, 0),
        (FaultKind.DROP_AFTER, httpx.RemoteProtocolError, 1),
        (FaultKind.RESET_BEFORE, httpx.ReadError, 0),
        (FaultKind.RESET_AFTER, httpx.ReadError, 1),
        (FaultKind.CUT_SHORT, httpx.RemoteProtocolError, 1),
        (FaultKind.PROCESS_LATE, httpx.RemoteProtocolError, 0),
    ],
)
def test_lines_break_for_real(
    client: httpx.Client,
    server: SandboxServer,
    kind: FaultKind,
    errors: type[Exception],
    count: int,
) -> None:
    client.get("/me/")
    server.fake.faults.add(Fault(kind, method="POST", path=NOTES))
    with pytest.raises(errors):
        write(client, server)
    assert written(server) == count
    assert write(client, server).status_code == 200


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        (FaultKind.DELAY_BEFORE, 0),
        (FaultKind.DELAY_AFTER, 1),
        (FaultKind.HOLD_BEFORE, 0),
        (FaultKind.HOLD_AFTER, 1),
        (FaultKind.STALL, 1),
    ],
)
def test_silence_lasts_beyond_the_timeout_and_ends_with_the_server(
    client: httpx.Client, server: SandboxServer, kind: FaultKind, count: int
) -> None:
    server.fake.faults.add(Fault(kind, method="POST", path=NOTES))
    client.timeout = httpx.Timeout(0.1)
    with pytest.raises(httpx.ReadTimeout):
        write(client, server)
    assert written(server) == count


def test_slow_answers_come_whole(client: httpx.Client, server: SandboxServer) -> None:
    server.fake.faults.add(Fault(FaultKind.SLOW, bytes_per_s=100_000))
    assert client.get("/user/").json()["data"]


def test_faults_in_the_middle_of_an_upload(client: httpx.Client, server: SandboxServer) -> None:
    content = b"x" * 20_000_000
    server.fake.faults.add(
        Fault(FaultKind.RESET_MID_BODY, path=STORAGE, at_bytes=100_000),
        Fault(FaultKind.ENTITY_TOO_LARGE, path=STORAGE, at_bytes=100_000),
    )
    with pytest.raises(httpx.TransportError):
        upload(client, content)
    try:
        early, _ = upload(client, content)
        assert early.status_code == 400
    except httpx.TransportError:
        pass  # the reset after the early answer overtook it; what matters comes next
    assert list(server.fake.requests)[-1].body_bytes == 100_000
    assert upload(client, content)[0].status_code == 201


def test_half_a_request_is_never_processed(server: SandboxServer) -> None:
    parts = urlsplit(server.base_url)
    name, value = basic(server.api_key)
    head = f"POST /api/v1{NOTES} HTTP/1.1\r\nHost: x\r\n{name}: {value}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
    seen = len(server.fake.requests)
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as connection:
        connection.sendall(head.encode() + b'{"lead_id": "x"}')
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""
    assert len(server.fake.requests) == seen


# The control end.


def test_another_process_can_look_and_order(client: httpx.Client, server: SandboxServer) -> None:
    with httpx.Client(base_url=server.control_url) as control:
        lead_id = control.post("operations", json={"do": "create_lead", "name": "New"}).json()[
            "result"
        ]
        content = b"some bytes"
        _, url = upload(client, content)
        attachments = [{"url": url, "filename": "a.bin"}]
        note = client.post(
            NOTES, json={"lead_id": lead_id, "note": "x", "attachments": attachments}
        ).json()
        state = control.get("state").json()
        (seen,) = [one for one in state["notes"] if one["id"] == note["id"]]
        assert seen["attachments"][0]["sha256"] == hashlib.sha256(content).hexdigest()
        assert state["violations"] == []
        assert control.post(
            "faults", json=[{"kind": "status_before", "status": 503, "path": "/me/"}]
        ).json() == {"pending": 1}
        assert client.get("/me/").status_code == 503
        assert control.get("state").json()["struck_faults"][0]["status"] == 503
        control.post("faults", json={"kind": "status_before", "times": None})
        assert control.delete("faults").status_code == 200
        assert client.get("/me/").status_code == 200
        assert control.post("behaviour", json={"read_lag_s": 60}).json()["read_lag_s"] == 60
        assert server.fake.behaviour.read_lag_s == 60
        other = control.post("operations", json={"do": "create_lead", "name": "Other"}).json()[
            "result"
        ]
        assert (
            control.post(
                "operations", json={"do": "merge_leads", "source": lead_id, "destination": other}
            ).status_code
            == 200
        )
        assert server.fake.notes_on(other)[0]["id"] == note["id"]
        assert (
            control.post(
                "operations", json={"do": "rename_lead", "lead_id": other, "name": "X"}
            ).status_code
            == 200
        )
        assert (
            control.post("operations", json={"do": "delete_lead", "lead_id": other}).status_code
            == 200
        )
        assert (
            control.post("operations", json={"do": "revoke_key", "key": server.api_key}).status_code
            == 200
        )
        assert control.post("release").status_code == 200
    assert client.get("/me/").status_code == 401


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("nothing", {}, 404), ("faults", {"kind": "x"}, 400), ("behaviour", {"mood": 1}, 400), ("operations", {"do": "x"}, 400),
        ("operations", {"do": "rename_lead"}, 400), ("operations", {"do": "delete_lead", "lead_id": "x"}, 404), ("faults", 5, 400),
    ],
)  # fmt: skip
def test_wrong_orders_are_refused(
    server: SandboxServer, path: str, body: object, status: int
) -> None:
    assert httpx.post(server.control_url + path, json=body).status_code == status


def test_closing_twice_is_fine() -> None:
    server = SandboxServer(leads=1)
    server.close()
    server.close()
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.control_url + "state")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM that a program can catch")
def test_the_command_line_says_where_it_is_and_stops_when_told() -> None:
    command = [
        sys.executable,
        "-m",
        "close_notes_gui.sandbox",
        "--port",
        "0",
        "--leads",
        "7",
        "--seed",
        "3",
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    ) as process:
        assert process.stdout is not None
        ready, base_url, key = process.stdout.readline().split()
        assert ready == "READY"
        answer = httpx.get(f"{base_url}/lead/", params={"_fields": "id"}, auth=(key, ""))
        assert answer.json()["total_results"] == 7
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
