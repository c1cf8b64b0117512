"""Every way in which the road to Close can fail, for what is done to a note that is there: it is
done once, or its state is clear and Close has the note as it was.

Prints the table that the README shows: `pytest tests/engine/test_change_matrix.py -s`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from close_notes_gui.model.amendment import AmendmentKind
from close_notes_gui.model.note import Note
from close_notes_gui.model.problem import Problem
from close_notes_gui.sandbox.faults import Fault, FaultKind
from tests.engine.delivery_rig import NOTE
from tests.engine.notes_rig import COMMENT, NotesRig, html

pytestmark = [pytest.mark.anyio, pytest.mark.expect_log]
A = AmendmentKind
F = FaultKind

WANTED = "as the rep wants it"


@dataclass(frozen=True)
class Deed:
    """What is asked of the note, by which call, and how to see that it is done."""

    name: str
    method: str
    path: str
    kind: AmendmentKind | None
    is_done: Callable[[NotesRig, Note], bool]
    is_untouched: Callable[[NotesRig, Note], bool]


DEEDS = [
    Deed(
        "edit", "PUT", NOTE, None,
        lambda rig, note: rig.text(note) == WANTED,
        lambda rig, note: rig.text(note) == "as it was",
    ),
    Deed(
        "pin", "PUT", NOTE, A.PIN,
        lambda rig, note: rig.there(note)["pinned"],
        lambda rig, note: not rig.there(note)["pinned"],
    ),
    Deed(
        "delete", "DELETE", NOTE, A.DELETE,
        lambda rig, note: rig.there(note) is None,
        lambda rig, note: rig.there(note) is not None,
    ),
    Deed(
        "comment", "POST", COMMENT, A.COMMENT,
        lambda rig, note: rig.comments(note) == [html(WANTED)],
        lambda rig, note: rig.comments(note) == [],
    ),
]  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One fault. `fails`: as what the deed must end instead of done."""

    name: str
    kind: FaultKind | None = None
    how: dict = field(default_factory=dict)
    is_anywhere: bool = False
    fails: str = ""
    prepare: Callable[[NotesRig], None] = lambda _: None

    def faults(self, deed: Deed) -> tuple[Fault, ...]:
        if self.kind is None:
            return ()
        if self.is_anywhere:
            return (Fault(self.kind, **self.how),)
        return (Fault(self.kind, method=deed.method, path=deed.path, **self.how),)


def lag(rig: NotesRig) -> None:
    rig.fake.behaviour.read_lag_s = 60


def respell(rig: NotesRig) -> None:
    rig.fake.behaviour.normalises_html = True


def revoke(rig: NotesRig) -> None:
    rig.fake.revoke_key(rig.key)


CELLS = [
    Cell("no fault"),
    Cell("drop before processing", F.DROP_BEFORE),
    Cell("drop after processing", F.DROP_AFTER),
    Cell("reset in the middle of the request", F.RESET_MID_BODY, {"at_bytes": 10}),
    Cell("no answer in time, not processed", F.DELAY_BEFORE, {"delay_s": 600}),
    Cell("no answer in time, processed", F.DELAY_AFTER, {"delay_s": 600}),
    Cell("processed 20 s after the line broke", F.PROCESS_LATE, {"delay_s": 20}),
    Cell("answer cut short", F.CUT_SHORT),
    Cell("429", F.THROTTLE, {"reset_s": 7}),
    Cell("502 before processing", F.STATUS_BEFORE, {"status": 502}),
    Cell("502 after processing", F.STATUS_AFTER, {"status": 502}),
    Cell("HTML with 200", F.CAPTIVE_PORTAL),
    Cell("truncated JSON", F.TRUNCATED_JSON),
    Cell("wrong JSON", F.WRONG_JSON),
    Cell("lists lag 60 s, processed", F.DROP_AFTER, prepare=lag),
    Cell("lists lag 60 s, not processed", F.DROP_BEFORE, prepare=lag),
    Cell("written in Close's own way", F.DROP_AFTER, prepare=respell),
    Cell("lost three times over", F.DROP_BEFORE, {"times": 3}),
    Cell("connection refused", F.CONNECT_ERROR),
    Cell("offline for a while", F.DNS_FAILURE, {"times": 8}, is_anywhere=True),
    Cell("400 refused", F.STATUS_BEFORE, {"status": 400}, fails="REFUSED"),
    Cell("402 limit of the plan", F.STATUS_BEFORE, {"status": 402}, fails="PLAN_LIMIT"),
    Cell("403 not allowed", F.STATUS_BEFORE, {"status": 403}, fails="NOT_ALLOWED"),
    Cell("key revoked before", prepare=revoke),
    Cell("key revoked mid-way", F.KEY_REVOKED),
]


async def ask(rig: NotesRig, deed: Deed, note: Note) -> None:
    if deed.kind is None:
        await rig.send(rig.edit(note, note_html=html(WANTED)))
    else:
        await rig.amend(deed.kind, note, body_html=html(WANTED))


def failed(rig: NotesRig) -> Problem | None:
    """Why what was asked is not done; None where nothing is left over."""
    problems = [entry.problem for entry in rig.store.outbox.entries()]
    problems += [amendment.problem for amendment in rig.store.amendments.all()]
    return problems[0] if problems else None


async def run(cell: Cell, deed: Deed, folder: Path) -> tuple[str, list[str]]:
    """The cell of the table, and what went wrong."""
    rig = NotesRig(folder)
    await rig.boot()
    note = await rig.note("as it was")
    cell.prepare(rig)
    rig.fake.faults.add(*cell.faults(deed))
    calls = rig.calls(deed.method, deed.path)
    began_s = rig.clock.monotonic()
    await ask(rig, deed, note)
    await rig.run(5)
    if rig.refused_keys:
        await rig.sign_in_again()
    await rig.run_until_done()
    took_s = rig.clock.monotonic() - began_s
    problem = failed(rig)
    ended = problem.kind.name if problem else ""
    faults = [] if ended == cell.fails else [f"ended {ended or 'done'}"]
    if cell.fails and not deed.is_untouched(rig, note):
        faults.append("refused, and done all the same")
    if not cell.fails and not deed.is_done(rig, note):
        faults.append("not done")
    faults += rig.fake.violations
    calls = rig.calls(deed.method, deed.path) - calls
    await rig.close()
    return f"{'failed ' + ended if ended else 'done'}, {calls}, {took_s:.0f} s", faults


async def test_every_fault_ends_with_the_deed_done_once_or_a_clear_state(tmp_path: Path):
    print("\n| fault | " + " | ".join(deed.name for deed in DEEDS) + " |")
    print("|---" * (len(DEEDS) + 1) + "|")
    failures: list[str] = []
    for n, cell in enumerate(CELLS):
        row = []
        for deed in DEEDS:
            told, faults = await run(cell, deed, tmp_path / f"{n}-{deed.name}")
            row.append(told)
            failures += [f"{cell.name}, {deed.name}: {fault}" for fault in faults]
        print(f"| {cell.name} | " + " | ".join(row) + " |")
    assert failures == []
