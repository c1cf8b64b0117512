"""The real engine without a window, in a process that can be killed; and a nursery of such.

Run as a program, it imports everything once, then forks one engine for each order (a JSON line)
it reads, kills it with SIGKILL as ordered, and tells how it ended. The engine's process prints
what the rep was told, one line each, flushed: what is on the pipe outlives the kill.
Linux and macOS: it forks.
"""

import asyncio
import hashlib
import json
import os
import random
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from close_notes_gui.closeapi import wire
from close_notes_gui.closeapi.hosts import check_api_address
from close_notes_gui.engine.clock import SystemClock
from close_notes_gui.engine.engine import Engine, Seams
from close_notes_gui.engine.ladder import Timings
from close_notes_gui.markup import canonical_text, gate
from close_notes_gui.model import events as ev
from close_notes_gui.model.amendment import Amendment, AmendmentKind, AmendmentState
from close_notes_gui.model.commands import (
    AmendNote,
    AttachFiles,
    ChangeSettings,
    DroppedFile,
    ReviseDraft,
    SendDraft,
    Stop,
)
from close_notes_gui.model.draft import AttachmentState, Draft, OtherLead, OutboxEntry, OutboxState
from close_notes_gui.model.ids import (
    LeadId,
    new_amendment_id,
    new_attachment_id,
    new_draft_id,
)
from close_notes_gui.model.lead import KeyOrigin
from close_notes_gui.model.note import Note
from close_notes_gui.model.problem import Problem
from close_notes_gui.model.secret import ApiKey
from close_notes_gui.model.settings import Settings
from close_notes_gui.vault import MemoryVault, StoredKey
from tests.e2e.reader_process import read_all, say

#: As the program's own, but a hundredth of the waiting.
TIMINGS = Timings(
    first_backoff_s=0.05,
    longest_backoff_s=0.5,
    quiet_s=1.2,
    look_gap_s=0.3,
    quick_looks_s=(0.05, 0.2),
    heal_after_s=2.0,
    disk_retry_s=0.2,
    most_posts=1000,
)
RUNGS = (
    "queued", "uploading", "uploaded", "posting", "answered", "refused", "lost", "looked", "sent",
    "compared", "asked", "doing", "undone", "done", "settled",
)  # fmt: skip

_AT_REST = {OutboxState.SENT, OutboxState.FAILED, OutboxState.ASKING}
_LONGEST_SILENCE_S = 30.0


class Hangs(Exception):
    """Notes wait and nothing happens."""


def _die_in(seconds: float) -> None:
    """Killed from a thread beside the loop, hence at any instant of its work."""
    killer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL))
    killer.daemon = True
    killer.start()


class Rep:
    """Writes, attaches, sends; tells what it was told."""

    def __init__(self, order: dict[str, Any]) -> None:
        self._order = order
        self._chance = random.Random(order["seed"])
        self._signed_in = asyncio.Event()
        self._news = asyncio.Event()
        self._outbox: dict[str, OutboxEntry] = {}
        self._amendments: dict[str, Amendment] = {}
        self._copied: set[str] = set()
        self._digests: dict[str, str] = {}
        self._words: dict[str, str] = {}
        self._leads: dict[str, tuple[str, ...]] = {}  # that a draft goes to
        self._engine = Engine(
            data_folder=Path(order["folder"]),
            emit=self._hear,
            seams=Seams(
                base_url=order["base_url"],
                vault=MemoryVault(),
                clock=SystemClock(),
                environment_key=StoredKey(ApiKey(order["key"]), KeyOrigin.ENVIRONMENT),
                reads_all_leads=False,
                timings=TIMINGS,
                checkpoint=self._checkpoint,
            ),
        )

    def _checkpoint(self, name: str) -> None:
        """Die by one's own hand at the rung ordered."""
        if name == self._order["rung"]:
            if not self._order["skip"]:
                say("AT", name)
                os.kill(os.getpid(), signal.SIGKILL)
            self._order["skip"] -= 1

    async def work(self) -> None:
        running = asyncio.create_task(self._engine.run())
        await self._signed_in.wait()
        say("SIGNED_IN")
        if self._order["kill_at_work_s"] is not None:
            _die_in(self._order["kill_at_work_s"])
        self._engine.post(ChangeSettings(Settings(undo_send_s=0)))
        is_change_first = self._chance.random() < 0.5
        if is_change_first:
            self._change_all()
        for number in range(self._order["notes"]):
            await self._write(number)
        if not is_change_first:
            self._change_all()
        await self._come_to_rest()
        await asyncio.sleep(self._order["linger_s"])
        self._engine.post(Stop())
        await running
        say("IDLE")

    async def _come_to_rest(self) -> None:
        """Until every note is where it stays. How long that takes depends on how many wait and on
        the machine; a silence longer than any wait of the ladder does not: then it hangs.
        """
        while waiting := self._waiting():
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), timeout=_LONGEST_SILENCE_S)
            except TimeoutError:
                raise Hangs(waiting) from None

    def _waiting(self) -> list[tuple[str, int, Problem | None]]:
        notes = [e for e in self._outbox.values() if e.state not in _AT_REST]
        deeds = [a for a in self._amendments.values() if a.state is not AmendmentState.FAILED]
        return [(e.state.value, e.attempts, e.problem) for e in notes] + [
            (a.state.value, a.attempts, a.problem) for a in deeds
        ]

    def _hear(self, event: ev.Event) -> None:
        self._news.set()
        self._hear_of_notes(event)
        self._hear_of_amendments(event)

    def _hear_of_amendments(self, event: ev.Event) -> None:
        match event:
            case ev.Loaded():
                self._amendments = {a.id: a for a in event.amendments}
            case ev.AmendmentChanged():
                if event.amendment.id not in self._amendments:
                    say("COMMENTED", canonical_text(event.amendment.body_html))
                self._amendments[event.amendment.id] = event.amendment
                if event.amendment.state is AmendmentState.FAILED:
                    say("STUCK", event.amendment.kind.value, event.amendment.problem)
            case ev.AmendmentDone():
                self._amendments.pop(event.amendment.id, None)

    def _hear_of_notes(self, event: ev.Event) -> None:
        match event:
            case ev.SignedIn():
                self._signed_in.set()
            case ev.Loaded():
                self._outbox = {e.id: e for e in event.outbox}
                for problem in event.problems:
                    say("PROBLEM", problem.kind.name)
            case ev.DraftSaved():
                say("SAVED", event.draft_id, event.revision)
            case ev.AttachmentChanged() if event.attachment.state is not AttachmentState.COPYING:
                self._copied.add(event.attachment.id)
            case ev.DraftQueued():
                self._outbox[event.entry.id] = event.entry
                self._queued(event)
            case ev.OutboxChanged():
                self._outbox[event.entry.id] = event.entry
                if event.entry.state in {OutboxState.FAILED, OutboxState.ASKING}:
                    say("STUCK", event.entry.state.value, event.entry.problem)
            case ev.SendRefused():
                say("REFUSED", event.problem.kind.name)

    async def _write(self, number: int) -> None:
        chance = self._chance
        words = f"run{self._order['run']}note{number}"
        draft_id = new_draft_id()
        self._words[draft_id] = words
        first, *others = chance.sample(self._order["leads"], chance.choice([1, 1, 1, 2, 3]))
        self._leads[draft_id] = (first, *others)
        also = tuple(OtherLead(LeadId(other), "Another lead") for other in others)
        draft = Draft(draft_id, LeadId(first), "A lead", also_leads=also)
        for revision in range(1, chance.randrange(2, 4)):
            html = f"<body><p>{words} <strong>draft {revision}</strong> &amp; more</p></body>"
            draft = replace(draft, note_html=html, revision=revision)
            self._engine.post(ReviseDraft(draft))
            await asyncio.sleep(0.002)
        if chance.random() < 0.5:
            await self._attach(draft)
        if chance.random() < 0.85:
            say("TRIED", words)
            self._engine.post(SendDraft(draft))
        await asyncio.sleep(chance.random() * 0.05)

    def _queued(self, event: ev.DraftQueued) -> None:
        words, base = self._words[event.draft_id], event.entry.frozen.base
        if base is not None:
            say("EDITED", base.id, words)
        else:
            digest = self._digests.get(event.draft_id, "-")
            say("ACCEPTED", words, digest, *self._leads[event.draft_id])

    def _change_all(self) -> None:
        for number, there in enumerate(self._order.get("there", ())):
            self._change(number, as_note(there))

    def _change(self, number: int, note: Note) -> None:
        """Edit a note that is in Close, unless an edit of it waits (the window would open that one
        again), and comment on it.
        """
        words = f"run{self._order['run']}edit{number}"
        draft_id = new_draft_id()
        self._words[draft_id] = words
        html = f"<body><p>{words}</p></body>"
        draft = Draft(
            draft_id,
            note.lead_id,
            "A lead",
            note_html=html,
            title=note.title,
            contact_id=note.contact_id,
            pinned=note.pinned,
            revision=1,
            base=note,
            kept_files=note.attachments,
        )
        waiting = {entry.frozen.base.id for entry in self._outbox.values() if entry.frozen.base}
        if note.id not in waiting:
            self._engine.post(SendDraft(draft))
        body = f"<body><p>run{self._order['run']}comment{number}</p></body>"
        comment = AmendNote(new_amendment_id(), AmendmentKind.COMMENT, note, body)
        self._engine.post(comment)

    async def _attach(self, draft: Draft) -> None:
        """Attach a file; once it is copied, spoil the original."""
        content = self._chance.randbytes(self._chance.choice([10, 5_000, 400_000]))
        path = Path(self._order["folder"]) / f"{draft.id}.bin"
        path.write_bytes(content)
        file = DroppedFile(new_attachment_id(), path)
        self._engine.post(AttachFiles(draft.id, (file,)))
        while file.id not in self._copied:
            self._news.clear()
            await self._news.wait()
        path.write_bytes(b"spoiled")
        self._digests[draft.id] = hashlib.sha256(content).hexdigest()


def as_note(there: dict[str, Any]) -> Note:
    """A note as Close has it, from its JSON."""
    note = wire.note(there)
    assert note is not None
    return note


def engine_process(order: dict[str, Any]) -> None:
    """The whole life of one engine: it sends notes, or reads all leads."""
    asyncio.run(read_all(order) if "kill_at_page" in order else Rep(order).work())


def nursery() -> None:
    """Fork an engine for each order read; tell how it ended."""
    gate.check("<body><p>warm</p></body>")
    check_api_address("http://127.0.0.1:1/")
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    say("READY")
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
            try:
                engine_process(order)
            except BaseException as error:  # noqa: BLE001 - told, then gone
                say("BROKEN", type(error).__name__, error)
                os._exit(1)
            os._exit(0)
        if signal.sigtimedwait({signal.SIGCHLD}, order["kill_after_s"]) is None:
            os.kill(child, signal.SIGKILL)
            signal.sigwaitinfo({signal.SIGCHLD})
        _, status = os.waitpid(child, 0)
        say("ENDED", -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))


if __name__ == "__main__":
    nursery()
