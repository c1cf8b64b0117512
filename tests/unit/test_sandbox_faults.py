"""How faults look through the httpx transports."""

import asyncio
import json
import threading
from collections.abc import Iterator

import httpx
import pytest

from close_notes_gui.sandbox.fake_close import FakeClose
from close_notes_gui.sandbox.faults import STORAGE, Fault, FaultKind, ThrottleStyle
from close_notes_gui.sandbox.transport import AsyncSandboxTransport, SandboxTransport
from tests.unit.sandbox_caller import Clock

NOTES = "/activity/note/"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fake(clock: Clock) -> FakeClose:
    return FakeClose(clock=clock, leads=5)


@pytest.fixture
def client(fake: FakeClose) -> Iterator[httpx.Client]:
    with httpx.Client(
        transport=SandboxTransport(fake), base_url=fake.api_url, auth=(fake.api_key, ""), timeout=5
    ) as client:
        yield client


def write(client: httpx.Client, fake: FakeClose, **more: object) -> httpx.Response:
    return client.post(
        NOTES, json={"lead_id": fake.create_lead("L"), "note": "x", "title": "faulted", **more}
    )


def written(fake: FakeClose) -> int:
    return sum(note["title"] == "faulted" for note in fake.all_notes())


# Broken lines.

_BROKEN = [
    (FaultKind.CONNECT_ERROR, httpx.ConnectError, 0),
    (FaultKind.DNS_FAILURE, httpx.ConnectError, 0),
    (FaultKind.DROP_BEFORE, httpx.RemoteProtocolError, 0),
    (FaultKind.DROP_AFTER, httpx.RemoteProtocolError, 1),
    (FaultKind.RESET_BEFORE, httpx.ReadError, 0),
    (FaultKind.RESET_AFTER, httpx.ReadError, 1),
    (FaultKind.RESET_MID_BODY, httpx.WriteError, 0),
    (FaultKind.DELAY_BEFORE, httpx.ReadTimeout, 0),
    (FaultKind.DELAY_AFTER, httpx.ReadTimeout, 1),
    (FaultKind.STALL, httpx.ReadTimeout, 1),
    (FaultKind.CUT_SHORT, httpx.RemoteProtocolError, 1),
]


@pytest.mark.parametrize(("kind", "error", "count"), _BROKEN)
def test_broken_lines_sync(
    client: httpx.Client, fake: FakeClose, kind: FaultKind, error: type[Exception], count: int
) -> None:
    fake.faults.add(Fault(kind, method="POST", path=NOTES))
    with pytest.raises(error):
        write(client, fake)
    assert written(fake) == count
    assert write(client, fake).status_code == 200


@pytest.mark.parametrize(("kind", "error", "count"), _BROKEN)
@pytest.mark.parametrize("inline", [True, False])
def test_broken_lines_async(
    fake: FakeClose, kind: FaultKind, error: type[Exception], count: int, inline: bool
) -> None:
    async def run() -> None:
        transport = AsyncSandboxTransport(fake, inline=inline)
        async with httpx.AsyncClient(
            transport=transport, base_url=fake.api_url, auth=(fake.api_key, ""), timeout=5
        ) as client:
            body = {"lead_id": fake.create_lead("L"), "note": "x", "title": "faulted"}
            fake.faults.add(Fault(kind, method="POST", path=NOTES))
            with pytest.raises(error):
                await client.post(NOTES, json=body)
            assert written(fake) == count
            assert (await client.post(NOTES, json=body)).status_code == 200

    asyncio.run(run())


def test_a_delay_within_the_timeout_only_delays(client: httpx.Client, fake: FakeClose) -> None:
    fake.faults.add(
        Fault(FaultKind.DELAY_BEFORE, delay_s=4), Fault(FaultKind.DELAY_AFTER, delay_s=4)
    )
    assert client.get("/me/").status_code == 200
    assert client.get("/me/").status_code == 200
    assert len(fake.faults.struck) == 2


def test_slow_bytes_arrive_whole(client: httpx.Client, fake: FakeClose) -> None:
    fake.faults.add(Fault(FaultKind.SLOW, bytes_per_s=200), Fault(FaultKind.SLOW, bytes_per_s=100))
    assert client.get("/user/").json()["data"]
    with pytest.raises(httpx.ReadTimeout):
        client.get("/user/")


def test_a_late_server_processes_after_it_hung_up(
    client: httpx.Client, fake: FakeClose, clock: Clock
) -> None:
    fake.faults.add(Fault(FaultKind.PROCESS_LATE, method="POST", delay_s=30))
    with pytest.raises(httpx.RemoteProtocolError):
        write(client, fake)
    assert written(fake) == 0
    clock.advance(29)
    assert written(fake) == 0
    clock.advance(1)
    assert written(fake) == 1
    clock.advance(100)
    assert written(fake) == 1


# Answers that are wrong.


@pytest.mark.parametrize("status", [402, 403, 500, 502, 503, 504])
def test_error_statuses_before_and_after_processing(
    client: httpx.Client, fake: FakeClose, status: int
) -> None:
    fake.faults.add(
        Fault(FaultKind.STATUS_BEFORE, method="POST", status=status),
        Fault(FaultKind.STATUS_AFTER, method="POST", status=status),
    )
    assert write(client, fake).status_code == status
    assert written(fake) == 0
    assert write(client, fake).status_code == status
    assert written(fake) == 1


@pytest.mark.parametrize(
    ("style", "headers"),
    [
        (ThrottleStyle.COMMAS, {"RateLimit": "limit=100, remaining=0, reset=2.5"}),
        (ThrottleStyle.SEMICOLONS, {"RateLimit": "limit=100; remaining=0; reset=2.5"}),
        (ThrottleStyle.RETRY_AFTER, {"Retry-After": "2.5"}),
        (
            ThrottleStyle.BOTH,
            {"RateLimit": "limit=100, remaining=0, reset=2.5", "Retry-After": "2.5"},
        ),
        (ThrottleStyle.BARE, {}),
    ],
)
def test_each_style_of_throttling(
    client: httpx.Client, fake: FakeClose, style: ThrottleStyle, headers: dict[str, str]
) -> None:
    fake.faults.add(Fault(FaultKind.THROTTLE, style=style, reset_s=2.5))
    answer = write(client, fake)
    assert answer.status_code == 429
    assert {
        name: answer.headers[name]
        for name in ("RateLimit", "Retry-After")
        if name in answer.headers
    } == headers
    assert written(fake) == 0


def test_a_captive_portal_answers_html_with_200(client: httpx.Client, fake: FakeClose) -> None:
    fake.faults.add(Fault(FaultKind.CAPTIVE_PORTAL))
    answer = write(client, fake)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert written(fake) == 0


def test_json_that_is_cut_or_wrong(client: httpx.Client, fake: FakeClose) -> None:
    fake.faults.add(
        Fault(FaultKind.TRUNCATED_JSON, method="POST"), Fault(FaultKind.WRONG_JSON, method="POST")
    )
    cut = write(client, fake)
    assert cut.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        cut.json()
    assert isinstance(write(client, fake).json(), list)
    assert written(fake) == 2


def test_a_key_can_be_revoked_midway(client: httpx.Client, fake: FakeClose) -> None:
    fake.faults.add(Fault(FaultKind.KEY_REVOKED, skip=1))
    assert [client.get("/me/").status_code for _ in range(3)] == [200, 401, 401]


# The storage host.


def upload(client: httpx.Client, fake: FakeClose, content: bytes) -> httpx.Response:
    signed = client.post(
        "/files/upload/", json={"filename": "a.bin", "content_type": "text/plain"}
    ).json()["upload"]
    with httpx.Client(transport=SandboxTransport(fake)) as bare:
        return bare.post(
            signed["url"], data=signed["fields"], files={"file": ("a.bin", content, "text/plain")}
        )


def test_faults_of_the_storage_host(client: httpx.Client, fake: FakeClose) -> None:
    fake.faults.add(
        Fault(FaultKind.POLICY_EXPIRED, path=STORAGE),
        Fault(FaultKind.ENTITY_TOO_LARGE, path=STORAGE, at_bytes=1000),
        Fault(FaultKind.RESET_MID_BODY, path=STORAGE, at_bytes=1000),
        Fault(FaultKind.DROP_AFTER, path=STORAGE),
    )
    content = b"x" * 100_000
    expired = upload(client, fake, content)
    assert (expired.status_code, "Policy expired" in expired.text) == (403, True)
    too_large = upload(client, fake, content)
    assert (too_large.status_code, "<Code>EntityTooLarge</Code>" in too_large.text) == (400, True)
    # That was answered early: the body had not been read to its end.
    assert list(fake.requests)[-1].body_bytes < 100_000
    with pytest.raises(httpx.WriteError):
        upload(client, fake, content)
    with pytest.raises(httpx.RemoteProtocolError):
        upload(client, fake, content)
    assert upload(client, fake, content).status_code == 201


def test_credentials_at_the_storage_host_are_put_down(
    client: httpx.Client, fake: FakeClose
) -> None:
    with httpx.Client(transport=SandboxTransport(fake), auth=(fake.api_key, "")) as careless:
        assert careless.post(fake.storage_url, data={"key": "x"}).status_code == 400
    assert fake.violations == ["Authorization sent to the storage host"]


def test_an_upload_without_length_is_refused(fake: FakeClose) -> None:
    with httpx.Client(transport=SandboxTransport(fake)) as bare:
        assert bare.post(fake.storage_url, content=iter([b"x"])).status_code == 501
    assert fake.violations == ["upload in chunks, without Content-Length"]


def test_other_hosts_are_unknown(client: httpx.Client, fake: FakeClose) -> None:
    for url in (
        "https://app.close.com/api/v1/me/",
        "http://api.close.com/api/v1/me/",
        "https://example.com/",
    ):
        with pytest.raises(httpx.ConnectError):
            client.get(url)
    assert len(fake.violations) == 3


# Holding back.


def test_held_requests_wait_until_released_sync(client: httpx.Client, fake: FakeClose) -> None:
    fake.faults.add(Fault(FaultKind.HOLD_BEFORE), Fault(FaultKind.HOLD_AFTER))
    for _ in range(2):
        answers: list[int] = []
        thread = threading.Thread(target=lambda: answers.append(client.get("/me/").status_code))  # noqa: B023
        struck = len(fake.faults.struck)
        thread.start()
        while len(fake.faults.struck) == struck:
            pass
        assert answers == []
        while thread.is_alive():
            fake.faults.release()
        thread.join()
        assert answers == [200]


async def struck(fake: FakeClose) -> None:
    """Wait until a fault has struck; the fake runs in this very loop's turns."""
    while not fake.faults.struck:  # noqa: ASYNC110 (the plan is thread-safe and knows no loop)
        await asyncio.sleep(0)


def test_held_requests_wait_until_released_async(fake: FakeClose) -> None:
    async def run() -> list[str]:
        order: list[str] = []
        transport = AsyncSandboxTransport(fake, inline=True)
        async with httpx.AsyncClient(
            transport=transport, base_url=fake.api_url, auth=(fake.api_key, "")
        ) as client:

            async def ask(name: str) -> None:
                await client.get("/me/")
                order.append(name)

            fake.faults.add(Fault(FaultKind.HOLD_BEFORE))
            held = asyncio.create_task(ask("held"))
            await struck(fake)
            await ask("overtaking")
            fake.faults.release()
            await held
        return order

    assert asyncio.run(run()) == ["overtaking", "held"]


def test_a_held_request_can_be_cancelled_or_times_out(fake: FakeClose) -> None:
    async def run() -> None:
        transport = AsyncSandboxTransport(fake)
        async with httpx.AsyncClient(
            transport=transport, base_url=fake.api_url, auth=(fake.api_key, "")
        ) as client:
            fake.faults.add(Fault(FaultKind.HOLD_AFTER, times=2))
            task = asyncio.create_task(client.get("/me/"))
            await struck(fake)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            with pytest.raises(httpx.ReadTimeout):
                await client.get("/me/", timeout=0.01)
            fake.faults.release()

    asyncio.run(run())


def test_real_time_is_slept_through(fake: FakeClose) -> None:
    transport = SandboxTransport(fake, real_time=True)
    with httpx.Client(
        transport=transport, base_url=fake.api_url, auth=(fake.api_key, ""), timeout=0.05
    ) as client:
        fake.faults.add(Fault(FaultKind.DELAY_BEFORE, delay_s=0.01), Fault(FaultKind.STALL))
        assert client.get("/me/").status_code == 200
        with pytest.raises(httpx.ReadTimeout):
            client.get("/me/")
