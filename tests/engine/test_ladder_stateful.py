"""The ladder as a state machine: whatever the rep, the network, the clock and crashes do, in any
order, a note that was accepted is in Close at most once, and in the end once or in a clear state.
"""

import asyncio
import hashlib
import os
import shutil
import tempfile
from collections import Counter
from datetime import timedelta
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

from close_notes_gui.markup.plain import canonical_text
from close_notes_gui.model.draft import OutboxEntry, OutboxState
from close_notes_gui.model.ids import DraftId
from close_notes_gui.sandbox.faults import STORAGE, FaultKind
from tests.engine.delivery_rig import AT_ONCE, NOTE, UNDOABLE, Rig

S = OutboxState
F = FaultKind

_CREATE_FAULTS = [
    F.CONNECT_ERROR, F.DNS_FAILURE, F.DROP_BEFORE, F.DROP_AFTER, F.RESET_BEFORE, F.RESET_AFTER,
    F.RESET_MID_BODY, F.DELAY_BEFORE, F.DELAY_AFTER, F.CUT_SHORT, F.THROTTLE, F.CAPTIVE_PORTAL,
    F.TRUNCATED_JSON, F.WRONG_JSON, F.STALL,
]  # fmt: skip
_FILE_FAULTS = [F.POLICY_EXPIRED, F.RESET_MID_BODY, F.DROP_AFTER, F.STALL, F.CONNECT_ERROR]
_RUNGS = [
    "queued", "uploading", "uploaded", "posting", "answered", "refused", "lost", "looked",
    "sent", "healed",
]  # fmt: skip


class Ladder(RuleBasedStateMachine):
    """One rep at work. What the rep was told is accepted is remembered here, beside the store."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp())
        self.rig = Rig(self.folder)
        self.accepted: dict[DraftId, str] = {}
        self.withdrawn: set[DraftId] = set()  # taken back before anything was posted
        self.given_up: set[DraftId] = set()  # discarded; may be in Close or not
        self.contents: dict[str, bytes] = {}
        self.is_dead = False
        self.do(self.rig.boot())

    def do(self, work) -> None:
        self.loop.run_until_complete(work)
        while self.is_dead:  # it may die again while it starts
            self.is_dead = False
            self.loop.run_until_complete(self.rig.crash())
            self.loop.run_until_complete(self.rig.boot())

    @initialize(
        precision=st.sampled_from(["ms", "s", "us", "ignored"]),
        normalises=st.booleans(),
        skew_s=st.sampled_from([0, -3600, 86_400]),
    )
    def behave(self, precision: str, normalises: bool, skew_s: float) -> None:
        behaviour = self.rig.fake.behaviour
        behaviour.activity_at_precision = precision  # type: ignore[assignment]
        behaviour.normalises_html = normalises
        behaviour.clock_skew_s = skew_s
        self.do(self.rig.delivery._desk.ask(self.rig.client.me()))

    # --- the rep

    @rule(
        lead=st.integers(0, 1),
        is_same=st.booleans(),
        has_file=st.booleans(),
        is_undoable=st.booleans(),
    )
    def send(self, lead: int, is_same: bool, has_file: bool, is_undoable: bool) -> None:
        words = "Left voicemail" if is_same else f"words {len(self.accepted)}."
        draft = self.rig.draft(lead=lead, words=words)
        self.rig.store.drafts.save(draft)
        if has_file and not is_same:
            content = f"content of {words}".encode() * 50
            self.rig.attach(draft, content)
            self.contents[words] = content
        self.accepted[draft.id] = words
        self.rig.delivery.queue(draft, UNDOABLE if is_undoable else AT_ONCE)
        self.do(self.rig.settle())

    @rule(kind=st.sampled_from(_CREATE_FAULTS), lead=st.integers(0, 1), is_same=st.booleans())
    def send_with_trouble(self, kind: FaultKind, lead: int, is_same: bool) -> None:
        self.creating_fails(kind, 1)
        self.send(lead, is_same, has_file=False, is_undoable=False)

    @rule(rung=st.sampled_from(_RUNGS), lead=st.integers(0, 1), is_same=st.booleans())
    def send_and_crash(self, rung: str, lead: int, is_same: bool) -> None:
        self.crash_at(rung, 0)
        self.send(lead, is_same, has_file=not is_same, is_undoable=False)

    def entries(self, *states: S) -> list[OutboxEntry]:
        return [e for e in self.rig.store.outbox.entries() if not states or e.state in states]

    @precondition(lambda self: self.entries())
    @rule(pick=st.integers(0, 99))
    def undo(self, pick: int) -> None:
        entry = self.entries()[pick % len(self.entries())]
        self.rig.delivery.recall(entry.id)
        if self.rig.store.outbox.get(entry.id) is None:
            assert entry.can_recall
            self._gone(entry)
        self.do(self.rig.settle())

    @precondition(lambda self: self.entries())
    @rule(pick=st.integers(0, 99))
    def retry(self, pick: int) -> None:
        self.rig.delivery.retry(self.entries()[pick % len(self.entries())].id)
        self.do(self.rig.settle())

    @precondition(lambda self: self.entries(S.FAILED, S.ASKING))
    @rule(pick=st.integers(0, 99))
    def discard(self, pick: int) -> None:
        stuck = self.entries(S.FAILED, S.ASKING)
        entry = stuck[pick % len(stuck)]
        self.rig.delivery.discard(entry.id)
        self._gone(entry)
        self.do(self.rig.settle())

    def _gone(self, entry: OutboxEntry) -> None:
        kept = self.rig.store.drafts.get(entry.frozen.id)
        assert kept == entry.frozen  # taken back or discarded, the text is there
        (self.given_up if entry.attempts else self.withdrawn).add(entry.frozen.id)

    @precondition(lambda self: self.entries(S.ASKING))
    @rule(pick=st.integers(0, 99))
    def answer(self, pick: int) -> None:
        asked = self.entries(S.ASKING)
        self._answer(asked[pick % len(asked)])
        self.do(self.rig.settle())

    def _answer(self, entry: OutboxEntry) -> None:
        """Truthfully: are there more notes with these words on that lead than known to be sent?"""
        words, lead_id = self.accepted[entry.frozen.id], entry.frozen.lead_id
        sent = [e for e in self.sent_entries() if e.frozen.lead_id == lead_id]
        known = sum(self.accepted[e.frozen.id] == words for e in sent)
        is_there = self.in_close(lead_id)[words] > known
        self.rig.delivery.resolve(entry.id, is_in_close=is_there)

    @precondition(lambda self: self.entries(S.FAILED))
    @rule()
    def choose_another_lead(self) -> None:
        entry = self.entries(S.FAILED)[0]
        self.rig.delivery.reassign(entry.id, lead_id=self.rig.leads[2], lead_name="other")
        self.do(self.rig.settle())

    # --- the world

    @rule(kind=st.sampled_from(_CREATE_FAULTS), times=st.integers(1, 2))
    def creating_fails(self, kind: FaultKind, times: int) -> None:
        self.rig.fault(kind, times=times, reset_s=20.0)

    @rule(status=st.sampled_from([400, 402, 403, 429, 500, 502, 503, 504]), after=st.booleans())
    def creating_is_refused(self, status: int, after: bool) -> None:
        after = after and status >= 500
        self.rig.fault(F.STATUS_AFTER if after else F.STATUS_BEFORE, status=status)

    @rule(delay_s=st.sampled_from([1.0, 20.0, 50.0]))
    def creating_lands_late(self, delay_s: float) -> None:
        """With the longest lag of lists still within the quiet time; later ones are for healing."""
        self.rig.fault(F.PROCESS_LATE, delay_s=delay_s)

    @rule(kind=st.sampled_from(_FILE_FAULTS), is_signing=st.booleans())
    def a_file_fails(self, kind: FaultKind, is_signing: bool) -> None:
        if is_signing:
            self.rig.fault(F.STATUS_BEFORE, path="/files/", status=503)
        else:
            self.rig.fault(kind, path=STORAGE)

    @rule(status=st.sampled_from([403, 429, 500, 503]), times=st.integers(1, 3))
    def looking_fails(self, status: int, times: int) -> None:
        self.rig.fault(F.STATUS_BEFORE, path=NOTE, method="GET", status=status, times=times)

    @rule(lag_s=st.sampled_from([0.0, 30.0, 60.0]))
    def lists_lag(self, lag_s: float) -> None:
        self.rig.fake.behaviour.read_lag_s = lag_s

    @rule()
    def the_world_is_well_again(self) -> None:
        self.rig.fake.faults.clear()
        self.rig.delivery.wake()
        self.do(self.rig.settle())

    @rule(seconds=st.sampled_from([1.0, 7.0, 40.0, 130.0, 700.0]))
    def time_passes(self, seconds: float) -> None:
        self.do(self.rig.run(seconds, step_s=max(1.0, seconds / 20)))

    @rule(hours=st.sampled_from([-30.0, -1.0, 1.0, 30.0]))
    def the_clock_jumps(self, hours: float) -> None:
        self.rig.clock.jump(timedelta(hours=hours))

    @rule()
    def the_key_is_revoked_and_the_rep_signs_in_again(self) -> None:
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
            if reached != "queued":  # that one is not reached by a task
                raise asyncio.CancelledError

        self.rig.checkpoint = point

    @rule()
    def quit_and_start(self) -> None:
        self.do(self.rig.close())
        self.do(self.rig.boot())

    # --- what must hold

    def in_close(self, lead_id: str | None = None) -> Counter[str]:
        found: Counter[str] = Counter()
        for note in self.rig.in_close():
            if lead_id in {None, note["lead_id"]}:
                text = canonical_text(note["note_html"])
                (words,) = {w for w in set(self.accepted.values()) if text.startswith(w)}
                found[words] += 1
        return found

    def sent_entries(self) -> tuple[OutboxEntry, ...]:
        return self.rig.store.outbox.sent_since(self.rig.clock.now() - timedelta(days=9999))

    def sent(self) -> Counter[str]:
        return Counter(self.accepted[e.frozen.id] for e in self.sent_entries())

    @invariant()
    def at_most_once(self) -> None:
        may_be = Counter(w for d, w in self.accepted.items() if d not in self.withdrawn)
        for words, count in self.in_close().items():
            assert count <= may_be[words], (words, count)

    @invariant()
    def nothing_accepted_is_forgotten(self) -> None:
        for draft_id in self.accepted:
            is_draft = draft_id in self.withdrawn | self.given_up
            assert is_draft or self.rig.store.outbox.of_draft(draft_id) is not None

    def teardown(self) -> None:
        try:
            self._finish()
            self.do(self.rig.close())
        finally:
            self.loop.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _finish(self) -> None:
        """The world is well, the rep answers what is asked: then each note is there once."""
        self.rig.checkpoint = lambda _: None
        self.rig.fake.faults.clear()
        self.rig.fake.behaviour.read_lag_s = 0
        self.do(self.rig.sign_in_again())
        for _ in range(6):
            self.rig.delivery.wake()
            self.do(self.rig.run_until_settled())
            for entry in self.entries(S.ASKING):
                self._answer(entry)
            for entry in self.entries(S.FAILED):
                self.rig.delivery.retry(entry.id)
            self.do(self.rig.settle())
        assert self.entries() == [], [(e.state, e.problem) for e in self.entries()]
        sent, found = self.sent(), self.in_close()
        given_up = Counter(self.accepted[d] for d in self.given_up)
        for words in set(self.accepted.values()):
            assert sent[words] <= found[words] <= sent[words] + given_up[words], words
        self._check_files()
        assert self.rig.fake.violations == []

    def _check_files(self) -> None:
        for note in self.rig.in_close():
            text = canonical_text(note["note_html"])
            for words, content in self.contents.items():
                if text.startswith(words):
                    (file,) = note["attachments"]
                    digest = hashlib.sha256(content).hexdigest()
                    assert self.rig.fake.file_sha256(file["url"]) == digest


TestLadder = pytest.mark.expect_log(Ladder.TestCase)
TestLadder.settings = settings(
    max_examples=int(os.environ.get("LADDER_EXAMPLES", "20")), stateful_step_count=25
)
