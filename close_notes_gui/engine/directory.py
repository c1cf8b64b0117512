"""Everyone whom a note can mention: users and groups, asked for once a day.

Engine thread. The last known ones are told at once; not knowing is no trouble to anyone.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from close_notes_gui.closeapi.errors import CloseError
from close_notes_gui.engine.clock import Clock
from close_notes_gui.engine.line import Line
from close_notes_gui.engine.network import Network
from close_notes_gui.model.events import DirectoryLoaded, Event
from close_notes_gui.model.ids import GroupId, UserId
from close_notes_gui.model.lead import Directory, Group, User
from close_notes_gui.store.errors import StoreError
from close_notes_gui.store.store import Store

_FACT: Final = "directory"
_FRESH: Final = timedelta(hours=24)
_AGAIN_S: Final = 3600.0


class People:
    """Invariant: what is told is what Close said last, at most a day old while online."""

    def __init__(
        self,
        *,
        store: Store,
        line: Line,
        network: Network,
        clock: Clock,
        emit: Callable[[Event], None],
    ) -> None:
        self._store = store
        self._line = line
        self._network = network
        self._clock = clock
        self._emit = emit

    async def keep_fresh(self) -> None:
        """Tell the last known ones, then fresh ones once a day, for ever."""
        fetched_at = self._tell_known()
        while True:
            if fetched_at is None or self._clock.now() - fetched_at >= _FRESH:
                fetched_at = await self._fetch() or fetched_at
            await self._clock.sleep(_AGAIN_S)

    def forget(self) -> None:
        """Signed out: they are asked for anew the next time."""
        with suppress(StoreError):  # names of colleagues; the notes are the ones that count
            self._store.facts.remove(_FACT)

    async def _fetch(self) -> datetime | None:
        await self._network.wait_online()
        try:
            users = await self._line.ask(lambda close: close.users())
            groups = await self._line.ask(lambda close: close.groups())
        except CloseError:
            return None
        directory = Directory(users, groups)
        self._emit(DirectoryLoaded(directory))
        now = self._clock.now()
        try:
            self._store.facts.put(_FACT, _to_text(directory, now))
        except StoreError:
            return now  # asked for again at the next start
        return now

    def _tell_known(self) -> datetime | None:
        try:
            kept = self._store.facts.get(_FACT)
            found = None if kept is None else _from_text(kept)
        except (StoreError, ValueError, KeyError, TypeError):
            return None
        if found is None:
            return None
        self._emit(DirectoryLoaded(found[0]))
        return found[1]


def _to_text(directory: Directory, fetched_at: datetime) -> str:
    return json.dumps(
        {
            "fetched_at": fetched_at.isoformat(),
            "users": [[user.id, user.name, user.email] for user in directory.users],
            "groups": [[group.id, group.name] for group in directory.groups],
        }
    )


def _from_text(text: str) -> tuple[Directory, datetime]:
    kept = json.loads(text)
    users = tuple(User(UserId(i), name, email) for i, name, email in kept["users"])
    groups = tuple(Group(GroupId(i), name) for i, name in kept["groups"])
    return Directory(users, groups), datetime.fromisoformat(kept["fetched_at"])
