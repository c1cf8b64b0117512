"""Look again at notes that were posted more than once, and remove a proven extra.

Engine thread. A first attempt may land later than anybody would wait; this makes it one note
all the same. Deletes only what has our unique date or files and our text, and is not the one kept.
"""

import asyncio
import logging
from typing import Any, Final

from close_notes_gui.closeapi.errors import CloseError, Gone
from close_notes_gui.engine.desk import Desk
from close_notes_gui.engine.reconcile import extras
from close_notes_gui.model.draft import OutboxEntry
from close_notes_gui.model.ids import OutboxId
from close_notes_gui.store.errors import StoreError
from close_notes_gui.store.traces import Trace

#: A note that Close does not show for so long was deleted there.
_LONGEST_S: Final = 24 * 3600.0

log = logging.getLogger(__name__)


class Healing:
    """Invariant: every sent note that was posted more than once is looked at ten minutes after
    and once more at a later start. A look that failed, came sooner, or did not show the note that
    is kept counts for nothing and is made up for every ten minutes.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._due_s: dict[OutboxId, float] = {}
        self._left_over: set[OutboxId] = set()
        self._news = asyncio.Event()

    def begin(self) -> None:
        """At the start: everything that is left over is looked at now."""
        now_s = self._desk.clock.monotonic()
        self._left_over = {entry.id for entry in self._desk.store.traces.to_heal()}
        self._due_s = dict.fromkeys(self._left_over, now_s)
        self._news.set()

    def watch(self, outbox_id: OutboxId) -> None:
        """It was just sent: look again in ten minutes, if it was posted more than once."""
        later_s = self._desk.clock.monotonic() + self._desk.timings.heal_after_s
        self._due_s.setdefault(outbox_id, later_s)
        self._news.set()

    async def run(self) -> None:
        """Look whenever something is due; for ever."""
        while True:
            self._news.clear()
            now_s = self._desk.clock.monotonic()
            if not self._desk.is_paused:
                for outbox_id in [key for key, due_s in self._due_s.items() if due_s <= now_s]:
                    await self._look(outbox_id)
            await self._wait()

    async def _wait(self) -> None:
        waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(self._news.wait())]
        if self._due_s:
            until_s = min(self._due_s.values()) - self._desk.clock.monotonic()
            pause_s = max(until_s, self._desk.timings.look_gap_s if self._desk.is_paused else 0.1)
            waits.append(asyncio.ensure_future(self._desk.clock.sleep(pause_s)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _look(self, outbox_id: OutboxId) -> None:
        self._due_s.pop(outbox_id, None)
        entry = self._desk.store.outbox.get(outbox_id)
        trace = self._desk.store.traces.of(outbox_id)
        if entry is None or trace is None or not trace.heals_left:
            return
        age_s = self._age_s(trace)
        is_soon = age_s < self._desk.timings.heal_after_s
        if outbox_id in self._left_over and trace.heals_left > 1:
            self._left_over.discard(outbox_id)
            is_soon = is_soon or age_s < _LONGEST_S  # ten minutes of this run are to come
        try:
            is_seen = await self._remove_extras(entry)
            if is_soon or not (is_seen or age_s > _LONGEST_S):
                self._later(outbox_id)  # it proves nothing yet
                return
            self._desk.store.traces.healed(outbox_id)
        except (CloseError, StoreError) as error:
            log.info("looking again at a sent note failed: %s", type(error).__name__)
            self._later(outbox_id)

    def _age_s(self, trace: Trace) -> float:
        """How long ago it was sent, by the wall clock: the only one that outlives a restart."""
        if trace.sent_at is None:
            return _LONGEST_S + 1
        return (self._desk.clock.now() - trace.sent_at).total_seconds()

    def _later(self, outbox_id: OutboxId) -> None:
        self._due_s[outbox_id] = self._desk.clock.monotonic() + self._desk.timings.heal_after_s

    async def _remove_extras(self, entry: OutboxEntry) -> bool:
        """Whether Close showed the one that is kept: else what it shows proves nothing."""
        desk = self._desk
        lead_id, kept = entry.frozen.lead_id, entry.note_id
        if lead_id is None or kept is None:
            return True
        try:
            since = desk.sought(entry).trace.first_posted_at
            notes, _ = await desk.own_notes(lead_id, since=since)
        except Gone:
            return True
        for extra in extras(notes, desk.sought(entry), kept=kept):
            try:
                await desk.ask(desk.client.delete_note(extra.id))
            except Gone:
                continue
            finally:
                desk.checkpoint("healed")
            log.info("a note that Close had twice is there once again")
            desk.store.notes.remove(extra.id)
        return any(note.id == kept for note in notes)
