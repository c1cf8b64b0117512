"""The account's index of leads: opened, filled, cleared, and deleted without a trace.

Engine thread. Without it, or while it is broken, search goes to Close alone.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from close_notes_gui.engine.aside import aside
from close_notes_gui.engine.clock import Clock
from close_notes_gui.engine.index_fill import IndexFill
from close_notes_gui.engine.jobs import Jobs
from close_notes_gui.engine.lead_finder import LeadFinder
from close_notes_gui.engine.line import Line
from close_notes_gui.engine.network import Network
from close_notes_gui.engine.problems import problem_from
from close_notes_gui.model.events import Event, IndexProgressed, LeadsRefreshed
from close_notes_gui.model.ids import LeadId
from close_notes_gui.model.lead import Lead
from close_notes_gui.model.problem import Problem
from close_notes_gui.model.settings import Settings
from close_notes_gui.store.errors import StoreDamaged, StoreError
from close_notes_gui.store.index import file
from close_notes_gui.store.index.reader import IndexReader
from close_notes_gui.store.index.state import FillState
from close_notes_gui.store.index.writer import IndexWriter
from close_notes_gui.store.store import Store

_TOLD_EVERY_S: Final = 0.5


class LeadIndex:
    """Invariant: the file is there only while the settings want it and nobody has signed out."""

    def __init__(
        self,
        store: Store,
        *,
        finder: LeadFinder,
        line: Line,
        network: Network,
        clock: Clock,
        jobs: Jobs,
        emit: Callable[[Event], None],
        is_filled: bool = True,
    ) -> None:
        """`is_filled` False: what is heard is kept, but nothing is asked for."""
        self.path: Path = file.path_in(store.folder)
        self._store = store
        self._finder = finder
        self._line = line
        self._network = network
        self._clock = clock
        self._jobs = jobs
        self._emit = emit
        self._is_filled = is_filled
        finder.on_trouble = self.repair
        self._settings: Settings = store.settings.get()
        self._writer: IndexWriter | None = None
        self._fill: IndexFill | None = None
        self._filling: asyncio.Task[None] | None = None
        self._may_ask = False
        self._told: tuple[float, FillState | None, Problem | None] = (0.0, None, None)

    def open(self) -> None:
        """Open the index where the settings want one, else make sure that there is none."""
        if not self._settings.index_leads:
            with suppress(StoreError):
                file.delete(self.path)
            return
        try:
            file.prepare(self.path)
            self._finder.reader = IndexReader(self.path)
            self._writer = IndexWriter(self.path)
        except StoreError as error:
            self.close()
            self._emit(IndexProgressed(0, problem=problem_from(error)))

    def go(self) -> None:
        """There is a key: fill the index, and keep it fresh."""
        self._may_ask = True
        if self._fill is not None:
            self._fill.soon()
        elif self._writer is not None and self._is_filled:
            self._fill = IndexFill(
                self._writer,
                line=self._line,
                network=self._network,
                clock=self._clock,
                settings=self._settings,
                on_progress=self._progressed,
                on_changed=self._changed,
                on_trouble=self.repair,
            )
            self._filling = self._jobs.start(self._fill.run(), name="reading all leads")

    def change_settings(self, settings: Settings) -> None:
        """On, off, pause, how many: counts at once."""
        before, self._settings = self._settings, settings
        if self._fill is not None:
            self._fill.change_settings(settings)
        if before.index_leads != settings.index_leads:
            self.clear()

    def clear(self) -> None:
        """Delete the index, and begin again where the settings want one."""
        self.close()
        with suppress(StoreError):
            file.delete(self.path)
        self._finder.forget_heard()
        self._told = (0.0, None, None)
        self._emit(IndexProgressed(0))
        self.open()
        if self._may_ask:
            self.go()

    def repair(self, error: StoreError) -> None:
        """The index failed: what is damaged is made anew, all it held can be read again."""
        if isinstance(error, StoreDamaged):
            asyncio.get_running_loop().call_soon(self.clear)

    def heard(self, leads: Iterable[Lead]) -> None:
        """Close told of these leads just now."""
        told = tuple(leads)
        self._finder.put(told)
        self._keep_own(told)
        writer = self._writer
        if writer is not None and told:
            self._beside(lambda: writer.put(told))

    def opened(self, lead: Lead) -> None:
        """The rep opened this lead: from now on it comes before others."""
        self._finder.opened(lead)

    def get(self, lead_id: LeadId) -> Lead | None:
        """The lead as it was last heard of."""
        return self._finder.get(lead_id)

    def wake(self) -> None:
        """The network or the machine is back: look for what changed meanwhile."""
        if self._fill is not None:
            self._fill.soon()

    def gone(self, lead_id: LeadId) -> None:
        """Close no longer has this lead; likely others have changed with it."""
        self._finder.remove(lead_id)
        writer = self._writer
        if writer is not None:
            self._beside(lambda: writer.remove((lead_id,)))
        self.wake()

    def stand_back(self) -> None:
        """The rep is searching: that goes first."""
        if self._fill is not None:
            self._fill.stand_back()

    def close(self) -> None:
        """Close both connections; what is being written is finished first."""
        if self._filling is not None:
            self._filling.cancel()
        self._filling, self._fill = None, None
        reader, self._finder.reader = self._finder.reader, None
        if reader is not None:
            reader.close()
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()

    def delete(self) -> bool:
        """Signed out: close, and leave nothing of it. Whether there was something. StoreError."""
        self.close()
        was_there = self.path.exists()
        file.delete(self.path)
        return was_there

    # --- within

    def _beside(self, work: Callable[[], int]) -> None:
        async def done() -> None:
            with suppress(StoreError):  # the next walk brings it
                await aside(work, name="lead-index")

        self._jobs.start(done(), name="keeping leads")

    def _changed(self, leads: tuple[Lead, ...], gone: frozenset[LeadId]) -> None:
        own = self._keep_own(tuple(lead for lead in leads if self._finder.is_news(lead)))
        self._finder.renew(leads)
        lost = tuple(lead_id for lead_id in gone if self._finder.is_own(lead_id))
        for lead_id in gone:
            self._finder.remove(lead_id)
        for lead_id in lost:
            with suppress(StoreError):  # a cache
                self._store.leads.remove(lead_id)
        if own or lost:
            self._emit(LeadsRefreshed(own, lost))

    def _keep_own(self, leads: tuple[Lead, ...]) -> tuple[Lead, ...]:
        """The recent leads are kept in the account's store, with or without an index."""
        own = tuple(lead for lead in leads if self._finder.is_own(lead.id))
        if own:
            with suppress(StoreError):  # a cache
                self._store.leads.put(own, fetched_at=self._clock.now())
        return own

    def _progressed(self, count: int, state: FillState, problem: Problem | None) -> None:
        at_s, told, told_problem = self._told
        now_s = self._clock.monotonic()
        is_turn = told is None or told.is_complete != state.is_complete
        is_same = not is_turn and problem == told_problem
        if is_same and state.is_walking and now_s - at_s < _TOLD_EVERY_S:
            return
        self._told = (now_s, state, problem)
        self._emit(
            IndexProgressed(
                known=count,
                expected=state.expected,
                is_complete=state.is_complete,
                is_limited=state.is_limited,
                size_bytes=file.size_bytes(self.path),
                problem=problem,
            )
        )
