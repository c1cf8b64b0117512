"""Every fault that the fake Close can play: what the client says, and what Close then holds."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from close_notes_gui.closeapi.client import CloseClient
from close_notes_gui.closeapi.errors import (
    AnswerLost,
    BadAnswer,
    CloseError,
    Gone,
    NotAuthorized,
    Offline,
    PolicyExpired,
    ServerTrouble,
    StorageRefused,
    Throttled,
    TimedOut,
)
from close_notes_gui.model.ids import LeadId, NoteId
from close_notes_gui.model.note import NewNote, NoteChanges
from close_notes_gui.model.secret import ApiKey
from close_notes_gui.sandbox.faults import STORAGE, Fault, FaultKind, ThrottleStyle
from close_notes_gui.sandbox.server import SandboxServer
from close_notes_gui.sandbox.transport import AsyncSandboxTransport
from tests.engine.closeapi_rig import HTML, Close, Wall, in_process, on_loopback

pytestmark = pytest.mark.anyio


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[SandboxServer]:
    with SandboxServer(leads=60) as running:
        yield running


@pytest.fixture
async def close(wall: Wall) -> AsyncIterator[Close]:
    async with in_process(wall) as found:
        yield found


@pytest.fixture
async def loopback(server: SandboxServer) -> AsyncIterator[Close]:
    async with on_loopback(server) as found:
        yield found


# what the fake does, what the client says of a harmless call, and of a create call
FAULTS: list[tuple[Fault, type[CloseError] | None, type[CloseError] | None]] = [
    (Fault(FaultKind.CONNECT_ERROR), Offline, Offline),
    (Fault(FaultKind.DNS_FAILURE), Offline, Offline),
    (Fault(FaultKind.DROP_BEFORE), Offline, AnswerLost),
    (Fault(FaultKind.DROP_AFTER), Offline, AnswerLost),
    (Fault(FaultKind.RESET_BEFORE), Offline, AnswerLost),
    (Fault(FaultKind.RESET_AFTER), Offline, AnswerLost),
    (Fault(FaultKind.RESET_MID_BODY, at_bytes=10), Offline, AnswerLost),
    (Fault(FaultKind.DELAY_BEFORE), TimedOut, AnswerLost),
    (Fault(FaultKind.DELAY_AFTER), TimedOut, AnswerLost),
    (Fault(FaultKind.PROCESS_LATE), Offline, AnswerLost),
    (Fault(FaultKind.STALL), TimedOut, AnswerLost),
    (Fault(FaultKind.SLOW, bytes_per_s=1_000_000), None, None),
    (Fault(FaultKind.CUT_SHORT), Offline, AnswerLost),
    *((Fault(FaultKind.STATUS_BEFORE, status=code), ServerTrouble, AnswerLost)
      for code in (500, 502, 503, 504)),
    *((Fault(FaultKind.STATUS_AFTER, status=code), ServerTrouble, AnswerLost)
      for code in (500, 502, 503, 504)),
    *((Fault(FaultKind.THROTTLE, style=style), Throttled, Throttled) for style in ThrottleStyle),
    (Fault(FaultKind.CAPTIVE_PORTAL), BadAnswer, AnswerLost),
    (Fault(FaultKind.TRUNCATED_JSON), BadAnswer, AnswerLost),
    (Fault(FaultKind.WRONG_JSON), BadAnswer, AnswerLost),
    (Fault(FaultKind.KEY_REVOKED), NotAuthorized, NotAuthorized),
]  # fmt: skip
STORAGE_ONLY = {FaultKind.POLICY_EXPIRED, FaultKind.ENTITY_TOO_LARGE}
HELD = {FaultKind.HOLD_BEFORE, FaultKind.HOLD_AFTER}  # released by hand; delays by another name
CREATED_ALL_THE_SAME = {
    FaultKind.DROP_AFTER, FaultKind.RESET_AFTER, FaultKind.DELAY_AFTER, FaultKind.STALL,
    FaultKind.CUT_SHORT, FaultKind.STATUS_AFTER, FaultKind.TRUNCATED_JSON, FaultKind.WRONG_JSON,
    FaultKind.SLOW,
}  # fmt: skip


def named(value: object) -> str | None:
    if isinstance(value, Fault):
        extra = value.status if "status" in value.kind else value.style
        return f"{value.kind}-{extra}"
    return None


def test_no_kind_of_fault_is_left_out() -> None:
    assert {fault.kind for fault, _, _ in FAULTS} | STORAGE_ONLY | HELD == set(FaultKind)


@pytest.mark.parametrize(("fault", "harmless", "creating"), FAULTS, ids=named)
async def test_faults_of_a_harmless_call(
    close: Close, fault: Fault, harmless: type[CloseError] | None, creating: object
) -> None:
    close.fake.faults.add(fault)
    if harmless is None:
        await close.client.users()
        return
    with pytest.raises(harmless) as caught:
        await close.client.users()
    assert type(caught.value) is harmless


@pytest.mark.parametrize(("fault", "harmless", "creating"), FAULTS, ids=named)
async def test_faults_of_making_a_note_never_pass_for_certain_when_they_are_not(
    close: Close, fault: Fault, harmless: object, creating: type[CloseError] | None
) -> None:
    lead_id = LeadId(close.fake.create_lead("Faulty"))
    close.fake.faults.add(fault)
    failure: CloseError | None = None
    try:
        await close.client.create_note(NewNote(lead_id, HTML))
    except CloseError as error:
        failure = error
    assert (type(failure) if failure else None) is creating
    exists = bool(close.fake.notes_on(lead_id))
    assert exists is (fault.kind in CREATED_ALL_THE_SAME)
    if exists:
        assert failure is None or isinstance(failure, AnswerLost)


REAL = [row for row in FAULTS if "delay" not in row[0].kind and row[0].kind is not FaultKind.STALL]
# a reset is a reset on a real line: the client cannot know that it came before the request
REAL = [row for row in REAL if row[0].kind not in {FaultKind.CONNECT_ERROR, FaultKind.DNS_FAILURE}]


@pytest.mark.parametrize(("fault", "harmless", "creating"), REAL, ids=named)
async def test_faults_on_a_real_line(
    fault: Fault, harmless: type[CloseError] | None, creating: type[CloseError] | None, server
) -> None:
    lead_id = LeadId(server.fake.create_lead("Faulty"))
    key = ApiKey(server.fake.issue_key())
    for deed in ("read", "make"):
        async with CloseClient(key, base_url=server.base_url) as client:
            expected = creating if deed == "make" else harmless
            server.fake.faults.add(fault)
            failure: CloseError | None = None
            try:
                if deed == "read":
                    await client.search_leads("zzz")
                else:
                    await client.create_note(NewNote(lead_id, HTML))
            except CloseError as error:
                failure = error
            server.fake.faults.clear()
        assert (type(failure) if failure else None) is expected


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        (Fault(FaultKind.CONNECT_ERROR, path=STORAGE), Offline),
        (Fault(FaultKind.DROP_AFTER, path=STORAGE), Offline),
        (Fault(FaultKind.RESET_MID_BODY, path=STORAGE, at_bytes=300_000), Offline),
        (Fault(FaultKind.DELAY_AFTER, path=STORAGE), TimedOut),
        (Fault(FaultKind.STATUS_BEFORE, path=STORAGE, status=503), ServerTrouble),
        (Fault(FaultKind.CAPTIVE_PORTAL, path=STORAGE), BadAnswer),
        (Fault(FaultKind.POLICY_EXPIRED, path=STORAGE), PolicyExpired),
        (Fault(FaultKind.ENTITY_TOO_LARGE, path=STORAGE, at_bytes=300_000), StorageRefused),
    ],
    ids=lambda value: str(value.kind) if isinstance(value, Fault) else None,
)
async def test_faults_of_an_upload(
    close: Close, fault: Fault, meaning: type[CloseError], tmp_path: Path
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 2_000_000)
    close.fake.faults.add(fault)
    with pytest.raises(meaning) as caught:
        await close.upload(path)
    assert type(caught.value) is meaning
    # and made again, with a new signature, it goes through
    receipt = await close.upload(path)
    assert close.fake.file_sha256(receipt.url) == receipt.sha256


@pytest.mark.parametrize(
    "kind", [FaultKind.POLICY_EXPIRED, FaultKind.ENTITY_TOO_LARGE, FaultKind.RESET_MID_BODY]
)
async def test_faults_of_an_upload_on_a_real_line(
    loopback: Close, kind: FaultKind, tmp_path: Path
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 8_000_000)
    meaning = {
        FaultKind.POLICY_EXPIRED: PolicyExpired,
        FaultKind.ENTITY_TOO_LARGE: StorageRefused,
        FaultKind.RESET_MID_BODY: Offline,
    }[kind]
    loopback.fake.faults.add(Fault(kind, path=STORAGE, at_bytes=300_000))
    with pytest.raises(meaning) as caught:
        await loopback.upload(path)
    assert type(caught.value) is meaning


@pytest.mark.parametrize("style", ThrottleStyle)
async def test_a_throttled_fill_waits_and_goes_on(close: Close, style: ThrottleStyle) -> None:
    class Waits:
        def __init__(self) -> None:
            self.waited_s = 0.0

        def now(self) -> datetime:
            return datetime(2026, 3, 2, 12, 0, tzinfo=UTC) + timedelta(seconds=self.waited_s)

        def monotonic(self) -> float:
            return self.waited_s

        async def sleep(self, seconds: float) -> None:
            self.waited_s += seconds

    clock = Waits()
    transport = AsyncSandboxTransport(close.fake, inline=True)
    close.fake.faults.add(Fault(FaultKind.THROTTLE, reset_s=3.5, style=style, times=2))
    key = ApiKey(close.fake.api_key)
    async with CloseClient(key, transport=transport, clock=clock) as client:
        page = await client.leads_changed(limit=200, patience_s=30)
    assert len(page.leads) == 60
    assert clock.waited_s >= 2


async def test_the_limit_of_the_fake_is_kept_to(close: Close) -> None:
    close.fake.behaviour.rate_limit = 3
    for _ in range(3):
        await close.client.users()
    with pytest.raises(Throttled):
        await close.client.users()
    asked = len(close.fake.requests)
    with pytest.raises(Throttled):
        await close.client.users()
    assert len(close.fake.requests) == asked  # held back, not sent
    await close.client.groups()


async def test_a_note_that_is_not_there(close: Close) -> None:
    with pytest.raises(Gone):
        await close.client.update_note(NoteId("acti_none"), NoteChanges(title="x"))
