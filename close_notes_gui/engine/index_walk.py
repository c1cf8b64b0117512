"""One way through the leads at Close, from the one changed last to those changed before.

Engine thread. Works around the end that Close puts to every listing, and around cursors that
die: whatever breaks off is taken up again at the last moment that was read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from close_notes_gui.closeapi.answers import LeadPage
from close_notes_gui.closeapi.errors import Refused
from close_notes_gui.engine.line import Line
from close_notes_gui.model.lead import Lead
from close_notes_gui.store.index.state import FillState

PAGE: Final = 200
_PATIENCE_S: Final = 25.0  # less than a cursor lives
_TICK: Final = timedelta(milliseconds=1)  # the precision of a moment in a query
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """A page of the walk: its leads, and how far the walk is with them."""

    leads: tuple[Lead, ...]
    state: FillState
    is_last: bool


class Walk:
    """Invariant: every lead that was there when the walk began, and was not changed since, is in
    a step before the last; some are in two.
    """

    def __init__(self, state: FillState, *, line: Line) -> None:
        self._state = state
        self._line = line
        self._cursor: str | None = None
        self._start = state.before_at  # of the listing at hand
        self._knows_moments = True
        self._counts = state.before_at is None and state.floor_at is None

    async def step(self) -> Step:
        """Read the next page. Raises CloseError; then it can be asked again."""
        page = await self._page()
        state = self._state
        if page.total is not None:
            state = replace(state, expected=page.total)
            self._counts = False  # what later listings hold is less than all
        floor = state.floor_at
        leads = tuple(lead for lead in page.leads if not _is_before(lead, floor))
        oldest = _oldest(page.leads)
        if state.top_at is None:
            state = replace(state, top_at=_newest(page.leads))
        is_last = oldest is None or len(leads) < len(page.leads)
        if oldest is not None:
            state = replace(state, before_at=_min(state.before_at, oldest + _TICK))
        self._cursor = page.cursor
        if page.cursor is None and not is_last:
            state = self._next_listing(state)
        self._state = state
        return Step(leads, state, is_last)

    def _next_listing(self, state: FillState) -> FillState:
        """This listing has ended; Close may have cut it off. Go on from its last moment, and
        where there was nothing older than that, from before that moment.
        """
        before = state.before_at
        if before is not None and before == self._start:
            before -= _TICK if self._knows_moments else 2 * _DAY
        self._start = before
        return replace(state, before_at=before)

    async def _page(self) -> LeadPage:
        cursor, self._cursor = self._cursor, None
        if cursor is not None:
            try:
                return await self._ask(cursor)
            except Refused:  # it has died: begin a listing where this one was
                self._start = self._state.before_at
        try:
            return await self._ask(None)
        except Refused:
            if not self._counts and (self._state.before_at is None or not self._knows_moments):
                raise
            # Counting, and moments instead of days, are not documented: do without.
            self._counts, self._knows_moments = False, False
            return await self._ask(None)

    async def _ask(self, cursor: str | None) -> LeadPage:
        before = self._state.before_at if cursor is None else self._start
        day = before.date() + _DAY if before is not None and not self._knows_moments else None
        moment = before if self._knows_moments else None
        counts = self._counts and cursor is None
        return await self._line.ask(
            lambda close: close.leads_changed(
                until=day,
                before=moment,
                newest_first=True,
                limit=PAGE,
                cursor=cursor,
                with_total=counts,
                patience_s=_PATIENCE_S,
            )
        )


def _is_before(lead: Lead, floor: datetime | None) -> bool:
    return floor is not None and lead.updated_at is not None and lead.updated_at < floor


def _oldest(leads: Sequence[Lead]) -> datetime | None:
    return min((lead.updated_at for lead in leads if lead.updated_at is not None), default=None)


def _newest(leads: Sequence[Lead]) -> datetime | None:
    return max((lead.updated_at for lead in leads if lead.updated_at is not None), default=None)


def _min(one: datetime | None, other: datetime) -> datetime:
    return other if one is None else min(one, other)
