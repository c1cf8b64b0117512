"""Opens leads and reads their notes: the last known ones at once, fresh ones after.

Engine thread. What it keeps is a cache; Close is right.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from close_notes_gui.closeapi.errors import CloseError, Gone
from close_notes_gui.engine.clock import Clock
from close_notes_gui.engine.jobs import Jobs
from close_notes_gui.engine.lead_index import LeadIndex
from close_notes_gui.engine.line import Line
from close_notes_gui.engine.problems import problem_from
from close_notes_gui.model.commands import LoadComments, LoadNotes, OpenLead
from close_notes_gui.model.events import (
    CommentsLoaded,
    Event,
    LeadLoaded,
    LeadMissing,
    NotesLoaded,
)
from close_notes_gui.model.ids import LeadId, NoteId
from close_notes_gui.model.lead import Lead
from close_notes_gui.model.note import Comment
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.store.errors import StoreError
from close_notes_gui.store.notes import CachedNotes
from close_notes_gui.store.store import Store

NOTES_PER_PAGE: Final = 30
MORE_NOTES_PER_PAGE: Final = 100
#: A page begins so many notes earlier than asked: where some were deleted since, none is missed.
_OVERLAP: Final = 5


class Reading:
    """Invariant: of a lead that Close no longer has, nothing stays in the cache."""

    def __init__(
        self,
        *,
        store: Store,
        index: LeadIndex,
        line: Line,
        clock: Clock,
        jobs: Jobs,
        emit: Callable[[Event], None],
    ) -> None:
        self._store = store
        self._index = index
        self._line = line
        self._clock = clock
        self._jobs = jobs
        self._emit = emit
        self._opening: asyncio.Task[None] | None = None

    def open(self, command: OpenLead) -> None:
        """NotesLoaded from the cache at once; LeadLoaded and NotesLoaded fresh, or LeadMissing.

        The rep has gone on to this lead: what was still being read of the one before is dropped.
        """
        lead = self._index.get(command.lead_id)
        if lead is not None:
            self._opened(lead)
        self._tell_cached(command.lead_id)
        if self._opening is not None:
            self._opening.cancel()
        self._opening = self._jobs.start(self._load(command.lead_id), name="opening a lead")

    def load_notes(self, command: LoadNotes) -> None:
        """NotesLoaded; for the first page the cached ones before the fresh ones."""
        if command.skip == 0:
            self._tell_cached(command.lead_id)
        self._jobs.start(self._read_notes(command.lead_id, command.skip), name="reading notes")

    def load_comments(self, command: LoadComments) -> None:
        """CommentsLoaded; where Close cannot be asked, with those last heard of."""
        self._jobs.start(self._read_comments(command.note_id), name="reading comments")

    async def _read_comments(self, note_id: NoteId) -> None:
        try:
            comments = await self._line.ask(lambda close: close.comments(note_id))
        except Gone:
            problem = Problem(ProblemKind.NOTE_GONE)
            self._emit(CommentsLoaded(note_id, problem=problem))
        except CloseError as error:
            kept: tuple[Comment, ...] = ()
            with suppress(StoreError):  # a cache
                kept = self._store.notes.comments(note_id)
            self._emit(CommentsLoaded(note_id, kept, problem_from(error)))
        else:
            with suppress(StoreError):  # a cache
                self._store.notes.put_comments(note_id, comments)
            self._emit(CommentsLoaded(note_id, comments))

    async def _load(self, lead_id: LeadId) -> None:
        async with asyncio.TaskGroup() as both:
            notes = both.create_task(self._read_notes(lead_id, 0))
            if not await self._load_lead(lead_id):
                notes.cancel()
                await self._missing(lead_id)

    async def _load_lead(self, lead_id: LeadId) -> bool:
        """False where Close no longer has it."""
        try:
            lead = await self._line.ask(lambda close: close.lead(lead_id))
            if not lead.contacts:  # the list on the lead is deprecated, and may go
                contacts = await self._line.ask(lambda close: close.contacts(lead_id))
                lead = replace(lead, contacts=contacts)
        except Gone:
            return False
        except CloseError:
            return True  # the reading of its notes tells of the same problem
        self._index.heard((lead,))
        with suppress(StoreError):  # a cache
            self._store.leads.put((lead,), fetched_at=self._clock.now())
        self._opened(lead)
        self._emit(LeadLoaded(lead))
        return True

    async def _missing(self, lead_id: LeadId) -> None:
        with suppress(StoreError):  # a cache
            self._store.leads.remove(lead_id)
            self._store.notes.forget(lead_id)
        self._index.gone(lead_id)
        self._emit(LeadMissing(lead_id, await self._heir(lead_id)))

    async def _heir(self, lead_id: LeadId) -> Lead | None:
        """The lead that took it over, where Close tells; not knowing is no trouble."""
        try:
            heir_id = await self._line.ask(lambda close: close.merged_into(lead_id))
            if heir_id is None:
                return None
            found = heir_id
            return await self._line.ask(lambda close: close.lead(found))
        except CloseError:
            return None

    async def _read_notes(self, lead_id: LeadId, skip: int) -> None:
        limit = NOTES_PER_PAGE if skip == 0 else MORE_NOTES_PER_PAGE
        start = max(skip - _OVERLAP, 0)
        if skip and not self._line.is_online:  # no time-out for each of many pages
            self._tell_kept(lead_id, skip, Problem(ProblemKind.OFFLINE))
            return
        try:
            page = await self._line.ask(lambda close: close.notes(lead_id, limit=limit, skip=start))
        except CloseError as error:
            self._tell_kept(lead_id, skip, problem_from(error))
            return
        now = self._clock.now()
        with suppress(StoreError):  # a cache
            self._store.notes.put(
                lead_id, page.notes, fetched_at=now, skip=start, has_more=page.has_more
            )
        self._emit(NotesLoaded(lead_id, page.notes, start, page.has_more, fetched_at=now))

    def _tell_cached(self, lead_id: LeadId) -> None:
        cached = self._kept(lead_id, 0, NOTES_PER_PAGE)
        if cached is not None:
            self._emit(
                NotesLoaded(
                    lead_id,
                    cached.notes,
                    has_more=cached.has_more,
                    is_cached=True,
                    fetched_at=cached.fetched_at,
                )
            )

    def _tell_kept(self, lead_id: LeadId, skip: int, problem: Problem) -> None:
        """Close did not give the page: what is known of it, and why it is not more. The first page
        was told before.
        """
        kept = self._kept(lead_id, skip, MORE_NOTES_PER_PAGE) if skip else None
        if kept is None or not kept.notes:
            self._emit(NotesLoaded(lead_id, (), skip, problem=problem))
        else:
            self._emit(
                NotesLoaded(
                    lead_id,
                    kept.notes,
                    skip,
                    kept.has_more,
                    is_cached=True,
                    fetched_at=kept.fetched_at,
                    problem=problem,
                )
            )

    def _kept(self, lead_id: LeadId, skip: int, limit: int) -> CachedNotes | None:
        try:
            return self._store.notes.get(lead_id, skip=skip, limit=limit)
        except StoreError:
            return None  # a cache

    def _opened(self, lead: Lead) -> None:
        self._index.opened(lead)
        try:
            self._store.leads.opened(lead, at=self._clock.now())
        except StoreError:
            return  # the order of the recents is worth no trouble
