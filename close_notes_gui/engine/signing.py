"""Signing in and out, and going from one account to another.

Engine thread. A key is asked whose it is before anything is done in its name; while Close cannot
be asked, its account is assumed, and nothing is posted.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace
from typing import Any, Final

from close_notes_gui.closeapi.client import CloseClient
from close_notes_gui.closeapi.errors import CloseError, NotAuthorized
from close_notes_gui.engine.account import Keys, is_same
from close_notes_gui.engine.aside import aside
from close_notes_gui.engine.clock import Clock
from close_notes_gui.engine.jobs import Jobs
from close_notes_gui.engine.network import Network
from close_notes_gui.engine.premises import Premises
from close_notes_gui.engine.problems import is_passing, problem_from
from close_notes_gui.model.accounts import KnownAccount
from close_notes_gui.model.commands import SignIn, SignOut
from close_notes_gui.model.events import (
    Event,
    SignedIn,
    SignInFailed,
    SignInNeeded,
    TroubleArose,
)
from close_notes_gui.model.lead import Account, KeyOrigin
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.model.upkeep_commands import UseAccount
from close_notes_gui.model.upkeep_events import AccountsKnown
from close_notes_gui.store.errors import StoreError
from close_notes_gui.store.peek import waiting_in
from close_notes_gui.vault import StoredKey, VaultError, key_from

_ASK_AGAIN_S: Final = 5.0


class Signing:
    """Invariant: at most one key is being asked whose it is at the start or after a switch; an
    exchange of workplaces, once begun, is brought to its end.
    """

    def __init__(
        self,
        premises: Premises,
        *,
        keys: Keys,
        network: Network,
        clock: Clock,
        jobs: Jobs,
        emit: Callable[[Event], None],
        exchange: asyncio.Lock,
    ) -> None:
        """`exchange` is held while the workplace is exchanged; commands wait meanwhile."""
        self._premises = premises
        self._keys = keys
        self._network = network
        self._clock = clock
        self._jobs = jobs
        self._emit = emit
        self._exchange = exchange
        self._turn = asyncio.Lock()  # of those who exchange accounts at the rep's word
        self._identifying: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Find the key of this run and whose it is."""
        self._jobs.start(self.tell_accounts(), name="accounts")
        self._identifying = self._jobs.start(self._identify(), name="signing in")

    def sign_in(self, command: SignIn) -> None:
        """SignedIn or SignInFailed. The account before stays known, where its key is kept."""
        self._jobs.start(self._signed_in_with(command), name="signing in")

    def sign_out(self, _command: SignOut) -> None:
        """SignedOut, of the account that is open; the others stay."""
        self._jobs.start(self._in_turn(self._signed_out()), name="signing out")

    def use(self, command: UseAccount) -> None:
        """Loaded and SignedIn as that account; SignInNeeded where its key is gone."""
        self._jobs.start(self._in_turn(self._switched_to(command)), name="switching")

    def refuse_key(self) -> None:
        """Close does not accept the key any more."""
        workplace = self._premises.workplace
        if workplace is not None and workplace.rest():
            self._emit(SignInNeeded(Problem(ProblemKind.KEY_REFUSED)))

    async def tell_accounts(self) -> None:
        """AccountsKnown."""
        profile, current = self._premises.profile, self._premises.account
        known = self._keys.accounts(profile.known_accounts())
        folders = {profile.folder_named(each): each for each in known if not is_same(current, each)}
        counts = await aside(
            lambda: {folder: waiting_in(folder) for folder in folders}, name="accounts"
        )
        told = (KnownAccount(each, counts.get(profile.folder_named(each))) for each in known)
        self._emit(AccountsKnown(tuple(told)))

    # --- within

    async def _in_turn(self, work: Coroutine[Any, Any, None]) -> None:
        """One after the other: the last word of the rep's is the one that holds."""
        try:
            async with self._turn:
                await work
        finally:
            work.close()  # called off before its turn came

    async def _identify(self) -> None:
        """While Close cannot be asked, go on with who was signed in last, and post nothing."""
        try:
            stored, owner = await self._keys.known(self._first_choice())
        except VaultError as error:
            self._emit(SignInNeeded(problem_from(error)))
            return
        if stored is None:
            self._emit(SignInNeeded())
            return
        async with self._lent(self._keys.client(stored.key)) as client:
            await self._identified(client, stored, owner)

    def _first_choice(self) -> tuple[Account, ...]:
        """Whose key is wanted at the start; nobody's, where the last one signed out."""
        last = self._premises.profile.last_account()
        return (last, *self._premises.profile.known_accounts()) if last is not None else ()

    async def _identified(
        self, client: CloseClient, stored: StoredKey, owner: Account | None
    ) -> None:
        is_told = False
        while True:
            try:
                account = await self._keys.whose(client, origin=stored.origin)
            except NotAuthorized as error:
                self._emit(SignInNeeded(problem_from(error)))
                return
            except CloseError as error:
                if not is_told:
                    await self._assume(client, stored.origin, owner, problem_from(error))
                    is_told = True
                if not is_passing(error):
                    return
                await self._network.wait_online()
                await self._clock.sleep(_ASK_AGAIN_S if self._network.is_online else 0)
            else:
                await self._keys.adopt(stored, account)
                await self._arrive(client, account, None)
                return

    async def _assume(
        self, client: CloseClient, origin: KeyOrigin, owner: Account | None, problem: Problem
    ) -> None:
        """Read with the key, in the store of its account alone: `owner`, or where a key has no
        name, the account that was last signed in by such a key.
        """
        premises = self._premises
        async with self._exchange:
            try:
                if owner is not None and not is_same(premises.account, owner):
                    await premises.exchange_for(owner)
            except (StoreError, OSError) as error:
                self._emit(SignInFailed(problem_from(error)))
                return
            known = premises.account
            is_of_another = owner is None and known is not None and known.key_origin is not origin
            if premises.workplace is None or known is None or is_of_another:
                self._emit(SignInFailed(problem))
                return
            premises.workplace.assume(client)
            self._emit(SignedIn(replace(known, key_origin=origin)))

    async def _signed_in_with(self, command: SignIn) -> None:
        key = key_from(command.key.reveal())
        if key is None:
            self._emit(SignInFailed(Problem(ProblemKind.KEY_MALFORMED)))
            return
        async with self._lent(self._keys.client(key)) as client:
            try:
                account = await self._keys.whose(client, origin=KeyOrigin.THIS_RUN)
            except CloseError as error:
                self._emit(SignInFailed(problem_from(error)))
                return
            async with self._turn:
                await self._stop_identifying()
                origin, problem = await self._keys.keep(key, account)
                await self._arrive(client, replace(account, key_origin=origin), problem)

    async def _arrive(self, client: CloseClient, account: Account, problem: Problem | None) -> None:
        """SignedIn as this account; SignInFailed where its store cannot be opened."""
        premises = self._premises
        async with self._exchange:
            try:
                if not is_same(premises.account, account):
                    await premises.exchange_for(account)
                assert premises.workplace is not None
                premises.workplace.go(client, account=account)
            except (StoreError, OSError) as error:
                self._emit(SignInFailed(problem_from(error)))
                return
            self._emit(SignedIn(account, problem))
            self._remember(account)
        await self.tell_accounts()

    async def _switched_to(self, command: UseAccount) -> None:
        account = self._keys.find(self._premises.profile.known_accounts(), command)
        if account is None:
            return
        try:
            stored = await self._keys.of(account)
        except VaultError as error:
            self._cannot_switch(problem_from(error))
            return
        if stored is None:
            await self._forget_unknown(account)
            return
        await self._stop_identifying()
        client = self._keys.client(stored.key)
        try:
            async with self._exchange:
                if not is_same(self._premises.account, account):
                    await self._premises.exchange_for(account)
                assert self._premises.workplace is not None
                self._premises.workplace.assume(client)
                self._emit(SignedIn(replace(account, key_origin=stored.origin)))
                self._remember(replace(account, key_origin=stored.origin))
        except (StoreError, OSError) as error:
            await client.aclose()
            self._cannot_switch(problem_from(error))
            if self._premises.account is not None:  # it is open again, as at a start
                self._identifying = self._jobs.start(self._identify(), name="signing in")
            return
        await self.tell_accounts()
        self._identifying = self._jobs.start(self._checked(client, stored), name="signing in")

    def _cannot_switch(self, problem: Problem) -> None:
        """It stays as it was: signed in, or at the first screen."""
        is_in = self._premises.account is not None
        self._emit(TroubleArose(problem) if is_in else SignInFailed(problem))

    async def _checked(self, client: CloseClient, stored: StoredKey) -> None:
        async with self._lent(client):
            await self._identified(client, stored, self._premises.account)

    async def _forget_unknown(self, account: Account) -> None:
        """Its key is gone from the keyring; what it wrote is still here."""
        gone = Problem(ProblemKind.KEY_GONE, subject=account.organization_name)
        with contextlib.suppress(StoreError):
            self._premises.profile.forget_account(account)
        self._cannot_switch(gone)
        await self.tell_accounts()

    async def _signed_out(self) -> None:
        await self._stop_identifying()
        account = self._premises.account or self._premises.profile.last_account()
        problem = await self._keys.forget(account)
        async with self._exchange:
            index_deleted = False
            try:
                index_deleted = await self._premises.sign_out()
            except StoreError as error:
                problem = problem or problem_from(error)
            self._premises.tell_signed_out(index_deleted=index_deleted)
            self._premises.open_or_tell(None)
        if problem is not None:
            self._emit(TroubleArose(problem))
        await self.tell_accounts()

    def _remember(self, account: Account) -> None:
        try:
            self._premises.profile.remember(account)
        except StoreError as error:
            self._emit(TroubleArose(problem_from(error)))

    async def _stop_identifying(self) -> None:
        async with self._exchange:  # never in the middle of an exchange
            if self._identifying is not None:
                self._identifying.cancel()
                self._identifying = None

    @contextlib.asynccontextmanager
    async def _lent(self, client: CloseClient) -> AsyncIterator[CloseClient]:
        """Closes the client at the end, unless it has been taken into use meanwhile."""
        try:
            yield client
        finally:
            if self._premises.client is not client:
                await client.aclose()
