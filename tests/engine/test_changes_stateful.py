"""What is done to notes in Close as a state machine: whatever the rep, a colleague, the network and
crashes do, in any order, a comment is made once, an edit lands or asks, and nobody's words are
overwritten unseen.
"""

import asyncio
import os
import shutil
import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from close_notes_gui.model.amendment import Amendment, AmendmentKind, AmendmentState
from close_notes_gui.model.draft import OutboxEntry, OutboxState
from close_notes_gui.model.events import AmendmentChanged
from close_notes_gui.model.ids import AmendmentId, NoteId
from close_notes_gui.model.note import Note, NoteChanges
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.sandbox.faults import FaultKind
from tests.engine.delivery_rig import AT_ONCE, NOTE, UNDOABLE
from tests.engine.notes_rig import COMMENT, UNSETTLED, NotesRig, html

S = OutboxState
A = AmendmentKind
F = FaultKind

_FAULTS = [
    F.CONNECT_ERROR, F.DNS_FAILURE, F.DROP_BEFORE, F.DROP_AFTER, F.RESET_AFTER, F.DELAY_AFTER,
    F.CUT_SHORT, F.THROTTLE, F.CAPTIVE_PORTAL, F.TRUNCATED_JSON, F.WRONG_JSON,
]  # fmt: skip
_RUNGS = [
    "queued", "posting", "compared", "answered", "refused", "sent", "asked", "doing", "done",
    "undone", "settled", "looked",
]  # fmt: skip
_CALLS = [("PUT", NOTE), ("GET", NOTE), ("POST", COMMENT), ("GET", COMMENT)]


class Changes(RuleBasedStateMachine):
    """One rep and one colleague at work on two notes."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp())
        self.rig = NotesRig(self.folder)
        self.notes: list[Note] = []
        self.seen: dict[NoteId, set[str | None]] = {}  # words that the rep may overwrite
        self.changed_at: dict[NoteId, datetime] = {}  # by the colleague, last
        self.said: dict[AmendmentId, str] = {}
        self.put_away: set[AmendmentId] = set()
        self.count = 0
        self.is_dead = False
        self.do(self.rig.boot())

    def do(self, work) -> None:
        self.loop.run_until_complete(work)
        while self.is_dead:  # it may die again while it starts
            self.is_dead = False
            self.loop.run_until_complete(self.rig.crash())
            self.loop.run_until_complete(self.rig.boot())
        self._guard()

    def _guard(self) -> None:
        """Nothing goes over words that the rep has not seen."""
        client = self.rig.client
        if getattr(client, "is_guarded", False):
            return
        update = client.update_note

        async def guarded(note_id: NoteId, changes: NoteChanges) -> Note:
            there = next(n for n in self.rig.fake.all_notes() if n["id"] == note_id)
            if isinstance(changes.note_html, str):
                assert there["note"] in self.seen[note_id], there["note"]
            return await update(note_id, changes)

        client.update_note = guarded  # type: ignore[method-assign]
        client.is_guarded = True  # type: ignore[attr-defined]

    @initialize(normalises=st.booleans(), lag_s=st.sampled_from([0, 60]))
    def begin(self, normalises: bool, lag_s: float) -> None:
        self.rig.fake.behaviour.normalises_html = normalises
        self.rig.fake.behaviour.read_lag_s = lag_s
        for lead in range(2):
            note = self.loop.run_until_complete(self.rig.note(f"first {lead}", lead=lead))
            self.notes.append(note)
            self.seen[note.id] = {f"first {lead}"}

    def words(self, kind: str) -> str:
        self.count += 1
        return f"{kind} {self.count}"

    # --- the rep

    @rule(which=st.integers(0, 1), is_undoable=st.booleans())
    def edit(self, which: int, is_undoable: bool) -> None:
        """As the rep sees the note now."""
        note = self.loop.run_until_complete(self._now(self.notes[which].id))
        words = self.words("mine")
        self.seen[note.id] |= {note.note_text, words}
        draft = self.rig.edit(note, note_html=html(words), lead=which)
        self.rig.delivery.queue(draft, UNDOABLE if is_undoable else AT_ONCE)
        self.do(self.rig.settle())

    async def _now(self, note_id: NoteId) -> Note:
        async with self.rig.colleague() as client:  # faults that are due are not for this look
            pending = self.rig.fake.faults.pending()
            self.rig.fake.faults.clear()
            note = await client.note(note_id)
            self.rig.fake.faults.add(*pending)
            return note

    @rule(which=st.integers(0, 1), is_same=st.booleans())
    def comment(self, which: int, is_same: bool) -> None:
        words = "Well done" if is_same else self.words("comment")
        self.do(self.rig.amend(A.COMMENT, self.notes[which], body_html=html(words)))

    @rule(which=st.integers(0, 1), kind=st.sampled_from([A.PIN, A.UNPIN]))
    def pin(self, which: int, kind: AmendmentKind) -> None:
        self.do(self.rig.amend(kind, self.notes[which], settings=UNDOABLE))

    def entries(self, *states: S) -> list[OutboxEntry]:
        return [e for e in self.rig.store.outbox.entries() if not states or e.state in states]

    @precondition(lambda self: self.entries())
    @rule(pick=st.integers(0, 99))
    def recall(self, pick: int) -> None:
        entry = self.entries()[pick % len(self.entries())]
        self.rig.delivery.recall(entry.id)
        if self.rig.store.outbox.get(entry.id) is None:
            kept = self.rig.store.drafts.get(entry.frozen.id)
            assert kept is not None
            assert kept.note_html == entry.frozen.note_html
        self.do(self.rig.settle())

    @precondition(lambda self: self.entries(S.ASKING))
    @rule(pick=st.integers(0, 99))
    def overwrite(self, pick: int) -> None:
        self._overwrite(self.entries(S.ASKING)[pick % len(self.entries(S.ASKING))])

    def _overwrite(self, entry: OutboxEntry) -> None:
        assert entry.found is not None
        self.seen[entry.found.id].add(entry.found.note_text)
        self.rig.delivery.overwrite(entry.id)
        self.do(self.rig.settle())

    @precondition(lambda self: self.amendments())
    @rule(pick=st.integers(0, 99))
    def undo(self, pick: int) -> None:
        amendment = self.amendments()[pick % len(self.amendments())]
        self.rig.delivery.amending.undo(amendment.id)
        if self.rig.amendment(amendment.id) is None:
            self.put_away.add(amendment.id)
            assert amendment.can_undo
        self.do(self.rig.settle())

    @precondition(lambda self: self.amendments())
    @rule(pick=st.integers(0, 99))
    def retry(self, pick: int) -> None:
        """Not where nobody can tell: then a second comment is the rep's own word."""
        amendment = self.amendments()[pick % len(self.amendments())]
        if amendment.problem is None or amendment.problem.kind is not ProblemKind.COMMENT_UNSURE:
            self.rig.delivery.amending.retry(amendment.id)
            self.do(self.rig.settle())

    def amendments(self) -> tuple[Amendment, ...]:
        return self.rig.store.amendments.all()

    # --- the others

    @rule(which=st.integers(0, 1))
    def colleague_writes(self, which: int) -> None:
        note_id = self.notes[which].id
        pending = self.rig.fake.faults.pending()
        self.rig.fake.faults.clear()
        self.loop.run_until_complete(
            self.rig.colleague_changes(note_id, note_html=html(self.words("hers")))
        )
        self.rig.fake.faults.add(*pending)
        self.changed_at[note_id] = self.rig.clock.now()
        self.do(self.rig.clock.advance(0.01))

    @rule(kind=st.sampled_from(_FAULTS), call=st.sampled_from(_CALLS), times=st.integers(1, 3))
    def trouble(self, kind: FaultKind, call: tuple[str, str], times: int) -> None:
        method, path = call
        self.rig.fault(kind, method=method, path=path, times=times, reset_s=5)

    @rule(seconds=st.sampled_from([1, 10, 130, 400]))
    def time_passes(self, seconds: float) -> None:
        self.do(self.rig.run(seconds, step_s=max(1.0, seconds / 20)))

    @rule()
    def key_is_revoked(self) -> None:
        self.rig.fake.revoke_key(self.rig.key)
        self.do(self.rig.run(3))
        self.do(self.rig.sign_in_again())

    # --- crashes

    @rule()
    def crash(self) -> None:
        self.is_dead = True
        self.do(self.rig.settle())

    @rule(rung=st.sampled_from(_RUNGS), skip=st.integers(0, 1))
    def crash_at(self, rung: str, skip: int) -> None:
        """Arm it: the process dies when it next reaches this rung."""
        left = [skip]

        def point(reached: str) -> None:
            if reached != rung or self.is_dead:
                return
            if left[0]:
                left[0] -= 1
                return
            self.is_dead = True
            self.rig.checkpoint = lambda _: None
            self.rig.store._database.close()
            if reached not in {"queued", "asked"}:  # those are not reached by a task
                raise asyncio.CancelledError

        self.rig.checkpoint = point

    # --- what must hold

    @invariant()
    def no_comment_is_made_twice(self) -> None:
        for event in self.rig.told(AmendmentChanged):
            if event.amendment.kind is A.COMMENT:
                self.said[event.amendment.id] = event.amendment.body_html
        may_be = Counter(self.said.values())
        for body, count in self.comments().items():
            assert count <= may_be[body], body

    def comments(self) -> Counter[str]:
        return Counter(body for note in self.notes for body in self.rig.comments(note))

    def teardown(self) -> None:
        try:
            if self.notes:
                self._finish()
            self.do(self.rig.close())
        finally:
            self.loop.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _finish(self) -> None:
        """The world is well, the rep answers what is asked: then all is done, once."""
        self.rig.checkpoint = lambda _: None
        self.rig.fake.faults.clear()
        self.do(self.rig.sign_in_again())
        for _ in range(4):
            self.rig.delivery.wake()
            self.do(self.rig.run_until_done())
            for entry in self.entries(*UNSETTLED):
                if entry.state is S.ASKING:
                    self._overwrite(entry)
                else:
                    self.rig.delivery.retry(entry.id)
            for amendment in self.amendments():
                assert amendment.state is AmendmentState.FAILED
                self.undo(0)
        assert (self.entries(), self.amendments()) == ([], ())
        self.no_comment_is_made_twice()
        wanted = Counter(body for one, body in self.said.items() if one not in self.put_away)
        found = self.comments()
        assert all(found[body] >= count for body, count in wanted.items()), (wanted, found)
        self._check_texts()
        assert self.rig.fake.violations == []

    def _check_texts(self) -> None:
        for note in self.notes:
            sent = self.rig.store.outbox.sent_since(datetime.fromtimestamp(0, tz=None).astimezone())
            landed = [e for e in sent if e.frozen.base is not None and e.frozen.base.id == note.id]
            if landed and self.changed_at.get(note.id) is None:
                assert html(self.rig.text(note) or "") in {e.frozen.note_html for e in landed}


TestChanges = pytest.mark.expect_log(Changes.TestCase)
TestChanges.settings = settings(
    max_examples=int(os.environ.get("LADDER_EXAMPLES", "12")), stateful_step_count=20
)
