"""Keeps the index of leads complete and fresh: all of them once, then what changes.

Engine thread; writes in threads beside it. Asks one thing at a time, rests as long as Close
took to answer, and stands back while the rep is searching.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from close_notes_gui.closeapi.errors import CloseError, NotAuthorized, Offline, Throttled
from close_notes_gui.engine.aside import aside
from close_notes_gui.engine.clock import Clock
from close_notes_gui.engine.index_walk import Walk
from close_notes_gui.engine.line import Line
from close_notes_gui.engine.network import Network
from close_notes_gui.engine.problems import problem_from
from close_notes_gui.model.ids import LeadId
from close_notes_gui.model.lead import Lead
from close_notes_gui.model.problem import Problem
from close_notes_gui.model.settings import Settings
from close_notes_gui.store.errors import StoreError
from close_notes_gui.store.index.state import FillState
from close_notes_gui.store.index.writer import IndexWriter

REFRESH_S: Final = 90.0
_SOON_S: Final = 2.0
_STAND_BACK_S: Final = 2.0
_LONGEST_REST_S: Final = 1.0
_FIRST_RETRY_S: Final = 15.0
_LONGEST_RETRY_S: Final = 900.0
#: Lists lag behind what is written: what changed shortly before is read again.
_LAG: Final = timedelta(minutes=10)
#: Whatever changes without a trace (a contact's phone, say) is found by reading all again.
_ALL_AGAIN: Final = timedelta(days=14)


class IndexFill:
    """Invariant: what is told of the index is committed. One `run` at a time."""

    def __init__(
        self,
        writer: IndexWriter,
        *,
        line: Line,
        network: Network,
        clock: Clock,
        settings: Settings,
        on_progress: Callable[[int, FillState, Problem | None], None],
        on_changed: Callable[[tuple[Lead, ...], frozenset[LeadId]], None],
        on_trouble: Callable[[StoreError], None],
    ) -> None:
        self._writer = writer
        self._line = line
        self._network = network
        self._clock = clock
        self._settings = settings
        self._on_progress = on_progress
        self._on_changed = on_changed
        self._on_trouble = on_trouble
        self._stirred = asyncio.Event()
        self._quiet_until = 0.0
        self._count = 0
        self._retry_s = _FIRST_RETRY_S

    def change_settings(self, settings: Settings) -> None:
        """Pause, go on, or keep more or fewer leads from now on."""
        self._settings = settings
        self._stirred.set()

    def stand_back(self) -> None:
        """The rep is searching: Close counts those requests together with these."""
        self._quiet_until = self._clock.monotonic() + _STAND_BACK_S

    def soon(self) -> None:
        """Something is known to have changed, or the network is back: do not wait."""
        self._stirred.set()

    async def run(self) -> None:
        """For ever. Tells of every problem as progress, and tries again later."""
        while True:
            wait_s = await self._round()
            self._stirred.clear()
            await self._until_stirred(wait_s)

    async def _round(self) -> float:
        """Bring the index up to date; seconds to wait for the next time."""
        state = FillState()
        try:
            self._count = await aside(self._writer.count, name="lead-index")
            state = await aside(self._writer.state, name="lead-index")
            self._on_progress(self._count, state, None)
            begun = self._begun(state)
            state = await self._walk(begun)
            state = await self._take_out(state)
        except Throttled as error:
            self._on_progress(self._count, state, problem_from(error))
            return max(1.0, error.retry_after_s)
        except CloseError as error:
            self._on_progress(self._count, state, problem_from(error))
            return await self._wait_after(error)
        except StoreError as error:
            self._on_progress(self._count, state, problem_from(error))
            self._on_trouble(error)
            return _LONGEST_RETRY_S
        self._retry_s = _FIRST_RETRY_S
        self._on_progress(self._count, state, None)
        # Reading all takes long, over several starts perhaps: what changed meanwhile comes next.
        return _SOON_S if begun.floor_at is None else REFRESH_S

    async def _wait_after(self, error: CloseError) -> float:
        if isinstance(error, Offline):
            await self._network.wait_online()
            return _SOON_S
        if isinstance(error, NotAuthorized):
            return _LONGEST_RETRY_S  # a new key stirs
        wait_s, self._retry_s = self._retry_s, min(self._retry_s * 2, _LONGEST_RETRY_S)
        return wait_s

    # --- reading what is there

    def _begun(self, state: FillState) -> FillState:
        """The walk that was broken off, or the next one: over what changed, or over all."""
        now = self._now()
        if state.is_walking:
            return state
        is_old = state.full_at is None or now - state.full_at > _ALL_AGAIN
        if state.fresh_at is not None and not is_old:
            return replace(
                state, is_walking=True, before_at=None, top_at=None, floor_at=state.fresh_at - _LAG
            )
        return replace(
            state,
            is_walking=True,
            before_at=None,
            top_at=None,
            floor_at=None,
            full_at=now,
            log_at=now if state.log_at is None else state.log_at,
            generation=state.generation + (1 if state.is_complete else 0),
            is_limited=False,
        )

    async def _walk(self, state: FillState) -> FillState:
        walk = Walk(state, line=self._line)
        seen = 0
        while True:
            await self._may_go_on()
            asked_at = self._clock.monotonic()
            step = await walk.step()
            took_s = self._clock.monotonic() - asked_at
            state, leads = step.state, step.leads
            seen += len(leads)
            is_full = state.floor_at is None and self._is_full(seen, len(leads), state)
            is_last = step.is_last or is_full
            if is_last:
                state = _ended(replace(state, is_limited=is_full), self._now())
            await self._keep(leads, state, is_newest=step.state.floor_at is not None)
            if is_last:
                await self._prune(step.state, state)
                return state
            await self._clock.sleep(min(took_s, _LONGEST_REST_S))

    def _is_full(self, seen: int, more: int, state: FillState) -> bool:
        """While all are read anew, those of before are still there."""
        kept = seen if state.is_complete else self._count + more
        return kept >= self._settings.largest_index_leads

    async def _keep(self, leads: tuple[Lead, ...], state: FillState, *, is_newest: bool) -> None:
        writer = self._writer
        self._count = await aside(
            lambda: writer.put(leads, fill=state, is_newest=is_newest), name="lead-index"
        )
        self._on_changed(leads, frozenset())
        self._on_progress(self._count, state, None)

    async def _prune(self, walked: FillState, state: FillState) -> None:
        """After a walk over all: what it did not meet is not at Close any more."""
        if walked.floor_at is not None:
            return
        while await aside(lambda: self._writer.prune(state.generation), name="lead-index"):
            pass
        self._count = await aside(self._writer.count, name="lead-index")

    async def _take_out(self, state: FillState) -> FillState:
        """Leads that were deleted or merged since last time."""
        now = self._now()
        since = (state.log_at or now) - _LAG
        gone = await self._line.ask(lambda close: close.leads_gone(since=since))
        state = replace(state, log_at=now)
        writer = self._writer
        self._count = await aside(lambda: writer.remove(gone, fill=state), name="lead-index")
        self._on_changed((), gone)
        return state

    # --- waiting

    async def _may_go_on(self) -> None:
        while self._settings.index_is_paused:
            self._stirred.clear()
            await self._stirred.wait()
        while (left_s := self._quiet_until - self._clock.monotonic()) > 0:
            await self._clock.sleep(left_s)
        await self._network.wait_online()

    async def _until_stirred(self, seconds: float) -> None:
        sleep = asyncio.ensure_future(self._clock.sleep(seconds))
        stir = asyncio.ensure_future(self._stirred.wait())
        try:
            await asyncio.wait({sleep, stir}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleep.cancel()
            stir.cancel()

    def _now(self) -> datetime:
        """Close's time, as far as it is known: it dates what happens there."""
        client = self._line.client
        offset_s = client.server_clock_offset_s if client is not None else None
        return self._clock.now() + timedelta(seconds=offset_s or 0.0)


def _ended(state: FillState, now: datetime) -> FillState:
    fresh_at = state.top_at or state.fresh_at or now
    if state.fresh_at is not None:
        fresh_at = max(fresh_at, state.fresh_at)
    return replace(
        state, is_walking=False, before_at=None, floor_at=None, top_at=None, fresh_at=fresh_at
    )
