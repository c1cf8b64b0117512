"""A first attempt that lands later than anybody would wait, and lists that lag: two notes, for a
while. What the heal pass makes of it, also across restarts.
"""

import pytest

from close_notes_gui.model.draft import OutboxState
from close_notes_gui.model.ids import NoteId
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.sandbox.faults import FaultKind
from tests.engine.delivery_rig import Rig

pytestmark = pytest.mark.anyio
S = OutboxState
TEN_MINUTES_S = 600


@pytest.fixture
async def rig(tmp_path):
    rig = Rig(tmp_path)
    await rig.boot()
    await rig.send(rig.draft(lead=3, words="learn"))  # Close's way with dates is known
    rig.before |= {n["id"] for n in rig.in_close()}
    yield rig
    await rig.close()


async def restart(rig: Rig, *, after_s: float = 0.0) -> None:
    """The program ends, time passes, it starts again."""
    await rig.close()
    await rig.clock.advance(after_s)
    await rig.boot()
    await rig.run(2)


async def sent_although_late(rig: Rig, *, delay_s: float):
    """A note whose first attempt lands so late; the second one is in Close already."""
    rig.fault(FaultKind.PROCESS_LATE, delay_s=delay_s)
    entry = await rig.send(rig.draft())
    await rig.run_until_settled()
    assert rig.state(entry) is S.SENT
    assert len(rig.in_close()) == 1
    return entry


async def test_late_landing_and_lagging_lists_end_in_one_note(rig: Rig):
    rig.fake.behaviour.read_lag_s = 200
    entry = await sent_although_late(rig, delay_s=300)
    await rig.run(250, step_s=10)
    assert len(rig.in_close()) == 2
    await rig.run(TEN_MINUTES_S, step_s=20)
    (left,) = rig.in_close()
    assert left["id"] == rig.entry(entry).note_id


async def test_a_restart_in_between_heals_as_well(rig: Rig):
    rig.fake.behaviour.read_lag_s = 200
    entry = await sent_although_late(rig, delay_s=300)
    await restart(rig, after_s=1000)
    assert len(rig.in_close()) == 2  # it has landed; the lists do not show it yet
    await rig.run(TEN_MINUTES_S + 10, step_s=20)
    (left,) = rig.in_close()
    assert left["id"] == rig.entry(entry).note_id


async def test_restarts_in_quick_succession_do_not_use_up_the_looks(rig: Rig):
    """Each looks at once; those before the ten minutes are over prove nothing."""
    entry = await sent_although_late(rig, delay_s=400)
    for _ in range(4):
        await restart(rig, after_s=5)
    await rig.run(400, step_s=10)
    assert len(rig.in_close()) == 2
    await rig.run(TEN_MINUTES_S, step_s=20)
    (left,) = rig.in_close()
    assert left["id"] == rig.entry(entry).note_id


async def test_it_is_looked_at_once_more_at_a_later_start_and_then_left_alone(rig: Rig):
    entry = await sent_although_late(rig, delay_s=5000)
    await rig.run(TEN_MINUTES_S + 100, step_s=20)
    assert rig.store.traces.of(entry.id).heals_left == 1
    await restart(rig, after_s=5000)
    assert len(rig.in_close()) == 1
    assert rig.store.traces.to_heal() == ()


async def test_a_look_at_lists_that_do_not_show_even_ours_proves_nothing(rig: Rig):
    """Lists that lag by more than the ten minutes: looked at again until ours is to be seen."""
    entry = await sent_although_late(rig, delay_s=300)
    rig.fake.behaviour.read_lag_s = 2000
    await rig.run(1500, step_s=20)
    assert len(rig.in_close()) == 2
    assert rig.store.traces.of(entry.id).heals_left == 2
    await rig.run(2000, step_s=50)
    await restart(rig)
    (left,) = rig.in_close()
    assert left["id"] == rig.entry(entry).note_id


async def test_a_note_that_a_colleague_deleted_is_not_sought_for_ever(rig: Rig):
    entry = await sent_although_late(rig, delay_s=90_000)
    kept = rig.entry(entry).note_id
    assert kept is not None
    await rig.client.delete_note(kept)
    await rig.run(2 * 86_400, step_s=600)
    await restart(rig)
    assert rig.store.traces.to_heal() == ()


async def test_what_the_rep_found_in_close_is_healed_as_well(rig: Rig):
    """Posted twice, both lost, the second one found by the rep; the first lands after all."""
    rig.fault(FaultKind.PROCESS_LATE, delay_s=2000)
    rig.fault(FaultKind.DROP_AFTER)
    entry = await rig.send(rig.draft())
    while not rig.in_close():
        await rig.run(1)
    (there,) = rig.in_close()
    asking = rig.store.outbox.ask(  # as where the date cannot tell; see test_lost_answers
        entry.id,
        problem=Problem(ProblemKind.ANSWER_LOST),
        html="<p>x</p>",
        note_id=NoteId(there["id"]),
    )
    assert asking is not None
    assert asking.attempts == 2
    rig.delivery.resolve(entry.id, is_in_close=True)
    assert rig.state(entry) is S.SENT
    await rig.run(2000, step_s=20)
    assert len(rig.in_close()) == 2
    await restart(rig)
    (left,) = rig.in_close()
    assert left["id"] == there["id"]
