"""Finds leads while the rep types: at once from what is known, then from Close.

Engine thread. A search cancels the one before it; what is shown never moves, it only grows.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from close_notes_gui.closeapi.errors import CloseError, Offline
from close_notes_gui.closeapi.query import lead_id_in, normalised
from close_notes_gui.engine.clock import Clock
from close_notes_gui.engine.jobs import Jobs
from close_notes_gui.engine.lead_finder import LeadFinder, hit_for
from close_notes_gui.engine.lead_index import LeadIndex
from close_notes_gui.engine.lead_match import has_status
from close_notes_gui.engine.line import Line
from close_notes_gui.engine.network import Network
from close_notes_gui.engine.problems import problem_from
from close_notes_gui.model.commands import SearchLeads
from close_notes_gui.model.events import Event, LeadsFound, SearchStage
from close_notes_gui.model.lead import Lead, LeadHit, MatchedBy
from close_notes_gui.model.problem import Problem
from close_notes_gui.store.errors import StoreError
from close_notes_gui.store.index.query import parse
from close_notes_gui.store.store import Store

TYPING_PAUSE_S: Final = 0.15
MOST_HITS: Final = 20
_PATIENCE_S: Final = 2.0


class LeadSearch:
    """Invariant: only the latest search tells anything."""

    def __init__(
        self,
        *,
        store: Store,
        finder: LeadFinder,
        index: LeadIndex,
        line: Line,
        network: Network,
        clock: Clock,
        jobs: Jobs,
        emit: Callable[[Event], None],
    ) -> None:
        self._store = store
        self._finder = finder
        self._index = index
        self._line = line
        self._network = network
        self._clock = clock
        self._jobs = jobs
        self._emit = emit
        self._running: asyncio.Task[None] | None = None
        self._unanswered: SearchLeads | None = None
        network.on_return(self._again)

    def search(self, command: SearchLeads) -> None:
        """LeadsFound LOCAL at once, CLOSE when Close has answered or could not be asked.

        Empty text: the recents, at once and as the last word.
        """
        self._cancel()
        if not command.text.strip():
            hits = tuple(LeadHit(lead, MatchedBy.RECENT) for lead in self._recents())
            self._emit(LeadsFound(command.seq, command.text, hits, SearchStage.CLOSE))
            return
        local = self._local(command.text)
        self._emit(LeadsFound(command.seq, command.text, tuple(local), SearchStage.LOCAL))
        if not parse(command.text).rest:  # a status alone is no word to ask Close for
            self._last_word(command, local, None)
            return
        self._index.stand_back()
        self._running = self._jobs.start(self._ask_close(command, local), name="search")

    def _cancel(self) -> None:
        self._unanswered = None
        if self._running is not None:
            self._running.cancel()
            self._running = None

    def _again(self) -> None:
        """The network is back: what could not be asked is asked now."""
        if self._unanswered is not None:
            self.search(self._unanswered)

    async def _ask_close(self, command: SearchLeads, local: list[LeadHit]) -> None:
        await self._clock.sleep(TYPING_PAUSE_S)
        try:
            leads = await self._leads(command.text)
        except CloseError as error:
            self._unanswered = command
            self._last_word(command, local, problem_from(error))
            return
        self._index.heard(leads)
        self._last_word(command, merged(local, leads, command.text), None)

    async def _leads(self, text: str) -> Sequence[Lead]:
        if not self._network.is_online:
            self._network.check_now()
            raise Offline
        query = parse(text)
        page = await self._line.ask(
            lambda close: close.search_leads(query.rest, limit=MOST_HITS, patience_s=_PATIENCE_S)
        )
        return [lead for lead in page.leads if has_status(lead, query)]

    def _last_word(
        self, command: SearchLeads, hits: Sequence[LeadHit], problem: Problem | None
    ) -> None:
        found = LeadsFound(command.seq, command.text, tuple(hits), SearchStage.CLOSE, problem)
        self._emit(found)

    def _local(self, text: str) -> list[LeadHit]:
        lead_id = lead_id_in(normalised(text))
        if lead_id is not None:
            lead = self._index.get(lead_id)
            return [] if lead is None else [LeadHit(lead, MatchedBy.URL)]
        return self._finder.find(text, limit=MOST_HITS)

    def _recents(self) -> Sequence[Lead]:
        try:
            return self._store.leads.recents(limit=MOST_HITS)
        except StoreError:
            return ()


def merged(local: Sequence[LeadHit], leads: Sequence[Lead], text: str) -> list[LeadHit]:
    """The local hits in their places, with fresh leads; then what only Close knew, in its order."""
    is_address = lead_id_in(normalised(text)) is not None
    fresh = {lead.id: lead for lead in leads}
    hits = []
    for hit in local:
        lead = fresh.pop(hit.lead.id, None)
        hits.append(hit if lead is None else LeadHit(lead, hit.matched_by, hit.why, hit.contact_id))
    added = fresh.values()
    if is_address:
        return hits + [LeadHit(lead, MatchedBy.URL) for lead in added]
    return hits + [hit_for(lead, text) for lead in added]
