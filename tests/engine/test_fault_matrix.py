"""Every way in which the road to Close can fail: the note is there once, or its state is clear.

Prints the table that the README shows: `pytest tests/engine/test_fault_matrix.py -s`.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from close_notes_gui.model.draft import OutboxState
from close_notes_gui.sandbox.faults import STORAGE, Fault, FaultKind, ThrottleStyle
from tests.engine.delivery_rig import NOTE, Rig

pytestmark = [pytest.mark.anyio, pytest.mark.expect_log]
S = OutboxState
F = FaultKind
CONTENT = b"what the rep attached" * 100
SIGN = "/files/"


@dataclass(frozen=True)
class Cell:
    """One fault and how it must end."""

    name: str
    faults: tuple[Fault, ...] = ()
    first: frozenset[S] = frozenset({S.UNCERTAIN})
    prepare: Callable[[Rig], None] = lambda _: None
    mend: Callable[[Rig], None] = lambda _: None
    end: S = S.SENT


def create(kind: FaultKind, **how) -> tuple[Fault, ...]:
    return (Fault(kind, method="POST", path=NOTE, **how),)


def storage(kind: FaultKind, **how) -> tuple[Fault, ...]:
    return (Fault(kind, method="POST", path=STORAGE, **how),)


def lag(seconds: float) -> Callable[[Rig], None]:
    def behave(rig: Rig) -> None:
        rig.fake.behaviour.read_lag_s = seconds

    return behave


def revoke(rig: Rig) -> None:
    rig.fake.revoke_key(rig.key)


QUEUED = frozenset({S.QUEUED})
LOST = frozenset({S.UNCERTAIN})
FAILED = frozenset({S.FAILED})

CELLS = [
    Cell("no fault", first=frozenset({S.SENT})),
    Cell("drop before processing", create(F.DROP_BEFORE)),
    Cell("drop after processing", create(F.DROP_AFTER)),
    Cell("reset before processing", create(F.RESET_BEFORE)),
    Cell("reset after processing", create(F.RESET_AFTER)),
    Cell("reset in the middle of the request", create(F.RESET_MID_BODY, at_bytes=20)),
    Cell("no answer in time, not processed", create(F.DELAY_BEFORE, delay_s=600)),
    Cell("no answer in time, processed", create(F.DELAY_AFTER, delay_s=600)),
    Cell("processed 20 s after the line broke", create(F.PROCESS_LATE, delay_s=20)),
    Cell("answer stalls half-way", create(F.STALL, delay_s=600)),
    Cell("answer cut short", create(F.CUT_SHORT)),
    *[
        Cell(f"429, {style.value} header", create(F.THROTTLE, style=style, reset_s=7), QUEUED)
        for style in ThrottleStyle
    ],
    *[Cell(f"{n} before processing", create(F.STATUS_BEFORE, status=n)) for n in (500, 502, 503, 504)],
    *[Cell(f"{n} after processing", create(F.STATUS_AFTER, status=n)) for n in (500, 502, 503, 504)],
    Cell("HTML with 200", create(F.CAPTIVE_PORTAL)),
    Cell("truncated JSON", create(F.TRUNCATED_JSON)),
    Cell("wrong JSON", create(F.WRONG_JSON)),
    Cell("read lag of 60 s, processed", create(F.DROP_AFTER), prepare=lag(60)),
    Cell("read lag of 60 s, not processed", create(F.DROP_BEFORE), prepare=lag(60)),
    Cell("lost three times over", create(F.DROP_BEFORE, times=3)),
    Cell("lists fail as well", (*create(F.DROP_AFTER), Fault(F.STATUS_BEFORE, method="GET", path=NOTE, status=503, times=4))),
    Cell("connection refused", create(F.CONNECT_ERROR), QUEUED),
    Cell("DNS failure", create(F.DNS_FAILURE), QUEUED),
    Cell("offline for a while", (Fault(F.DNS_FAILURE, times=8),), QUEUED),
    Cell("400 refused", create(F.STATUS_BEFORE, status=400), FAILED, end=S.FAILED),
    Cell("402 limit of the plan", create(F.STATUS_BEFORE, status=402), FAILED, end=S.FAILED),
    Cell("403 not allowed", create(F.STATUS_BEFORE, status=403), FAILED, end=S.FAILED),
    Cell("key revoked before", (), QUEUED, prepare=revoke),
    Cell("key revoked mid-way", create(F.KEY_REVOKED), frozenset({S.QUEUED, S.SENT})),
    Cell("key revoked while looking", (*create(F.DROP_AFTER), Fault(F.KEY_REVOKED, method="GET", path=NOTE))),
    Cell("S3 403, policy expired", storage(F.POLICY_EXPIRED), frozenset({S.SENT})),
    Cell("S3 403 for ever", storage(F.POLICY_EXPIRED, times=None), FAILED, end=S.FAILED),
    Cell("S3 reset in the middle of the file", storage(F.RESET_MID_BODY), QUEUED),
    Cell("S3 drops after the file", storage(F.DROP_AFTER), QUEUED),
    Cell("S3 stalls", storage(F.STALL, delay_s=600), frozenset({S.QUEUED, S.SENT})),
    Cell("S3 says too large", storage(F.ENTITY_TOO_LARGE), FAILED, end=S.FAILED),
    Cell("signing answers 503", (Fault(F.STATUS_BEFORE, path=SIGN, status=503),), QUEUED),
    Cell("signing is throttled", (Fault(F.THROTTLE, path=SIGN, reset_s=5),), QUEUED),
]  # fmt: skip


async def run(cell: Cell, folder: Path) -> tuple[str, list[str]]:
    """The row of the table, and what went wrong."""
    rig = Rig(folder)
    await rig.boot()
    await rig.send(rig.draft(lead=3, words="learn"))
    rig.before |= {note["id"] for note in rig.in_close()}
    posts = rig.posts()
    cell.prepare(rig)
    rig.fake.faults.add(*cell.faults)
    draft = rig.draft(title="T")
    rig.attach(draft, CONTENT)
    began_s = rig.clock.monotonic()
    entry = await rig.send(draft)
    first = rig.state(entry)
    await rig.run(5)
    if rig.refused_keys:
        await rig.sign_in_again()
    await rig.run(5)
    if rig.refused_keys > 1 or rig.delivery._desk.is_paused:
        await rig.sign_in_again()
    await rig.run_until_settled()
    took_s = rig.clock.monotonic() - began_s
    notes, end = rig.in_close(), rig.entry(entry)
    faults = [] if first in cell.first else [f"first {first.value}"]
    if end.state is not cell.end:
        faults.append(f"ended {end.state.value}")
    if len(notes) != (cell.end is S.SENT):
        faults.append(f"{len(notes)} notes")
    if end.state is S.FAILED and (end.problem is None or not end.can_recall):
        faults.append("no way to mend")
    if notes:
        (file,) = notes[0]["attachments"]
        if rig.fake.file_sha256(file["url"]) != hashlib.sha256(CONTENT).hexdigest():
            faults.append("another file")
    faults += rig.fake.violations
    reason = end.problem.kind.name if end.problem else ""
    row = (
        f"| {cell.name} | {first.value} | {end.state.value} {reason} | {len(notes)} |"
        f" {rig.posts() - posts} | {took_s:.0f} s |"
    )
    await rig.close()
    return row, faults


async def test_every_fault_ends_with_one_note_or_a_clear_state(tmp_path: Path):
    print(
        "\n| fault | then | in the end | notes in Close | create calls that arrived | settled within |"
    )
    print("|---|---|---|---|---|---|")
    failures: list[str] = []
    for n, cell in enumerate(CELLS):
        row, faults = await run(cell, tmp_path / str(n))
        print(row)
        failures += [f"{cell.name}: {fault}" for fault in faults]
    assert failures == []
