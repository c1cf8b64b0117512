"""Faults of this machine and of ours while notes go out: told, waited for, never sent twice."""

import asyncio

import pytest

from close_notes_gui.model.draft import OutboxState
from close_notes_gui.model.events import (
    TroubleArose,
)
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.sandbox.faults import FaultKind
from close_notes_gui.store.errors import StoreFull
from tests.engine.delivery_rig import AT_ONCE, Rig

pytestmark = pytest.mark.anyio
S = OutboxState
K = ProblemKind


@pytest.fixture
async def rig(tmp_path):
    rig = Rig(tmp_path)
    await rig.boot()
    yield rig
    await rig.close()


@pytest.mark.expect_log
async def test_a_disk_that_fails_is_told_once_and_delivery_goes_on(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
):
    rig.fault(FaultKind.CONNECT_ERROR)
    entry = await rig.send(rig.draft())
    monkeypatch.setattr(rig.store.outbox, "_database", _Full())
    await rig.run(60)
    monkeypatch.undo()
    assert [e.problem.kind for e in rig.told(TroubleArose)] == [K.DISK_FULL]
    await rig.run(10)
    assert rig.state(entry) is S.SENT


@pytest.mark.expect_log
async def test_a_bug_of_ours_neither_ends_delivery_nor_sends_twice(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
):
    calls = 0
    original = rig.delivery._rounds._take_in_hand

    def buggy():
        nonlocal calls
        calls += 1
        if calls == 1:
            raise ZeroDivisionError
        return original()

    monkeypatch.setattr(rig.delivery._rounds, "_take_in_hand", buggy)
    entry = await rig.send(rig.draft())
    assert rig.state(entry) is S.QUEUED
    assert rig.told(TroubleArose)[0].problem.kind is K.BUG
    await rig.run(70, step_s=10)
    assert rig.state(entry) is S.SENT


@pytest.mark.expect_log
async def test_a_bug_after_the_post_is_a_lost_answer(rig: Rig, monkeypatch: pytest.MonkeyPatch):
    create = rig.client.create_note

    async def buggy(new):
        await create(new)
        monkeypatch.undo()
        raise ZeroDivisionError

    monkeypatch.setattr(rig.client, "create_note", buggy)
    entry = await rig.send(rig.draft())
    assert rig.state(entry) is S.UNCERTAIN
    await rig.run(5)
    assert rig.state(entry) is S.SENT
    assert len(rig.in_close()) == 1


class _Full:
    """A database on a full disk."""

    def _fail(self, *args: object) -> None:
        raise StoreFull("full")

    read = one = write = change = _fail


async def test_few_notes_at_once_one_of_each_lead(rig: Rig, monkeypatch: pytest.MonkeyPatch):
    """`most_at_once` keeps a large outbox from flooding Close."""
    answer = asyncio.Event()
    create = rig.client.create_note

    async def slow(new):
        await answer.wait()
        return await create(new)

    monkeypatch.setattr(rig.client, "create_note", slow)
    for lead in (0, 0, 1, 1, 2, 3):
        rig.delivery.queue(rig.draft(lead=lead), AT_ONCE)
    await rig.settle()
    posting = [e for e in rig.store.outbox.entries() if e.state is S.POSTING]
    assert len(posting) == rig.timings.most_at_once == 3
    assert len({e.frozen.lead_id for e in posting}) == 3
    answer.set()
    await rig.run(5)
    assert len(rig.in_close()) == 6
