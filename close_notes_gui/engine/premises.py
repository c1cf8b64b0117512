"""Which store is open: the last account's at the start, another's after signing in, none at all.

Engine thread. Tells everything that is on disk whenever a store is opened; asks nothing of Close.
"""

import contextlib
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from close_notes_gui.closeapi.client import CloseClient
from close_notes_gui.engine.account import Keys, Seams
from close_notes_gui.engine.jobs import report_bug
from close_notes_gui.engine.network import Network
from close_notes_gui.engine.problems import problem_from
from close_notes_gui.engine.takeover import carry_settings, take_over
from close_notes_gui.engine.workplace import Workplace
from close_notes_gui.model.events import Event, Loaded, SignedOut
from close_notes_gui.model.lead import Account
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.model.settings import Settings
from close_notes_gui.store.db import open_store
from close_notes_gui.store.errors import StoreError
from close_notes_gui.store.profile import Profile

#: Where drafts are kept while nobody has ever signed in; they go over to who then does.
UNSIGNED_FOLDER: Final = "unsigned"


class Premises:
    """Invariant: at most one workplace is at work; where none is, `no_store` says why. The store
    of an account that was left stays open until the window knows, for what was typed meanwhile.
    """

    def __init__(
        self,
        data_folder: Path,
        *,
        seams: Seams,
        keys: Keys,
        network: Network,
        emit: Callable[[Event], None],
        on_key_refused: Callable[[], None],
    ) -> None:
        self.profile = Profile(data_folder)
        self.workplace: Workplace | None = None
        self.no_store = Problem(ProblemKind.STORE_FAILED)
        self._clock = seams.clock
        self._seams = seams
        self._keys = keys
        self._network = network
        self._emit = emit
        self._on_key_refused = on_key_refused
        self._is_ours = False
        self._left: deque[Workplace | None] = deque()  # one for each store told and not seen yet

    @property
    def account(self) -> Account | None:
        """Whose store is open."""
        return self.workplace.account if self.workplace is not None else None

    @property
    def client(self) -> CloseClient | None:
        """The client in use."""
        return self.workplace.line.client if self.workplace is not None else None

    @property
    def left_behind(self) -> Workplace | None:
        """The workplace of another account that the window still believes to be in; commands that
        come now were given there. It is stopped, its store is open. None: commands are for the
        workplace open now.
        """
        return next((left for left in self._left if left is not None), None)

    def acknowledged(self) -> None:
        """The window has seen that another store is open: the one before gets nothing more."""
        left = self._left.popleft() if self._left else None
        if left is not None:
            left.close()

    def tell_signed_out(self, *, index_deleted: bool) -> None:
        """SignedOut. After `sign_out`."""
        left, self.workplace = self.workplace, None
        self._left.append(left)
        self._emit(SignedOut(index_deleted=index_deleted))

    def open_first(self) -> None:
        """Open what was open last, and tell it at once, whether or not Close can be reached."""
        self.open_or_tell(self.profile.last_account())

    def open_or_tell(self, account: Account | None) -> None:
        """Open the account's store, or tell why it cannot be."""
        try:
            self._open(account)
        except Exception as error:  # noqa: BLE001 (without a store the window still types)
            self._do_without(error)

    def _do_without(self, error: Exception) -> None:
        """No store: the window keeps what is typed, and is told with every revision."""
        self.no_store = problem_from(error)
        if self.no_store.kind is ProblemKind.BUG:
            report_bug(error, during="opening the store", emit=self._emit)
        self._left.append(None)
        self._emit(Loaded(Settings(), problems=(self.no_store,)))

    def _open(self, account: Account | None) -> None:
        """Open the account's store, take over what was written before anyone had signed in, tell
        it. Raises StoreError, OSError; then the workplace is as it was.
        """
        if not self._is_ours:
            self.profile.lock()
            self._is_ours = True
        before = self.workplace
        if account is None:
            folder = self.profile.root / UNSIGNED_FOLDER
        else:
            folder = self.profile.folder_of(account)
        opened = open_store(folder, clock=self._clock)
        try:
            if before is not None and before.account is None:
                take_over(source=before.store, target=opened.store)
            last = before or next((left for left in reversed(self._left) if left), None)
            if last is not None:
                carry_settings(source=last.store, target=opened.store)
            workplace = Workplace(
                opened,
                account=account,
                spare_client=self._keys.spare_client(),
                network=self._network,
                clock=self._clock,
                emit=self._emit,
                seams=self._seams,
                on_key_refused=self._on_key_refused,
            )
            loaded = workplace.loaded()
        except BaseException:
            opened.store.close()
            raise
        self.workplace = workplace
        is_of_another = before is not None and before.account is not None
        self._left.append(before if is_of_another else None)
        if before is not None and not is_of_another:
            before.close()  # it was emptied: commands meant for it go to the one open now
        self._emit(replace(loaded, takes_over=not is_of_another))
        workplace.begin(self.profile.account_folders())

    async def exchange_for(self, account: Account) -> None:
        """The workplace of another account. Raises StoreError, OSError; then the one before is
        open again, as if at a start.
        """
        before = self.workplace
        if before is not None:
            await before.stop()
        try:
            self._open(account)
        except (StoreError, OSError):
            self.leave()
            self.open_or_tell(None if before is None else before.account)
            raise

    async def sign_out(self) -> bool:
        """Stop what is open, delete what was read from Close, assume nobody at the next start;
        then `tell_signed_out`.

        Whether there were leads kept for search. Raises StoreError, with all done that can be.
        """
        index_deleted, trouble = False, None
        if self.workplace is not None:
            await self.workplace.stop()
            try:
                index_deleted = await self.workplace.forget()
            except StoreError as error:
                trouble = error
        gone = self.account or self.profile.last_account()
        if gone is not None:
            self.profile.forget_account(gone)
        if trouble is not None:
            raise trouble
        return index_deleted

    def leave(self) -> None:
        """Close what is open."""
        if self.workplace is not None:
            self.workplace.close()
            self.workplace = None

    def close(self) -> None:
        """Close what is open and let the data folder go."""
        for left in (*self._left, self.workplace):
            if left is not None:
                with contextlib.suppress(StoreError):
                    left.close()
        self._left.clear()
        self.workplace = None
        self.profile.unlock()
