"""The worker: takes commands in order, looks after the account's workplace, starts and stops.

Engine thread, on its own loop. Ends only by Stop; a bug in one command or task ends that alone.
Never touches Qt; has no words for the user.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from close_notes_gui.closeapi.client import CloseClient
from close_notes_gui.closeapi.errors import CloseError, NotAuthorized
from close_notes_gui.engine.account import Keys, Seams, is_same
from close_notes_gui.engine.dispatch import AT_WORK, without_store
from close_notes_gui.engine.jobs import Jobs, report_bug
from close_notes_gui.engine.network import Network
from close_notes_gui.engine.problems import is_passing, problem_from
from close_notes_gui.engine.takeover import take_over
from close_notes_gui.engine.workplace import Workplace
from close_notes_gui.model.commands import CheckNetwork, Command, SignIn, SignOut, Stop
from close_notes_gui.model.events import (
    Event,
    Loaded,
    SignedIn,
    SignedOut,
    SignInFailed,
    SignInNeeded,
    Stopped,
    TroubleArose,
)
from close_notes_gui.model.lead import Account, KeyOrigin
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.model.settings import Settings
from close_notes_gui.store.db import open_store
from close_notes_gui.store.errors import StoreError
from close_notes_gui.store.profile import Profile
from close_notes_gui.vault import StoredKey, VaultError, key_from

__all__ = ["Engine", "Seams"]

log = logging.getLogger(__name__)

#: Where drafts are kept while nobody has ever signed in; they go over to who then does.
UNSIGNED_FOLDER: Final = "unsigned"
_ASK_AGAIN_S: Final = 5.0
_LAST_COMMANDS_S: Final = 0.3
_STOP_S: Final = 1.6


class Engine:
    """Invariant: one workplace at a time is open, and commands wait while it is exchanged.

    Without an account its store is the "unsigned" one, so that whatever is typed before the
    first sign-in is on disk as well.
    """

    def __init__(self, *, data_folder: Path, emit: Callable[[Event], None], seams: Seams) -> None:
        """Raise UnsafeAddress for a base URL that is neither https nor loopback."""
        self._hears = emit
        self._seams = seams
        self._clock = seams.clock
        self._profile = Profile(data_folder)
        self._network = Network(clock=seams.clock, emit=self._emit)
        self._keys = Keys(seams, network=self._network)
        self._probe_client = self._keys.spare_client()
        self._jobs = Jobs(self._emit)
        self._workplace: Workplace | None = None
        self._no_store = Problem(ProblemKind.STORE_FAILED)
        self._inbox: asyncio.Queue[Command] = asyncio.Queue()
        self._exchange = asyncio.Lock()
        self._stop_asked = asyncio.Event()
        self._identifying: asyncio.Task[None] | None = None
        self._is_stopped = False
        self._own: Mapping[type[Command], Callable[[Any], None]] = {
            SignIn: self._sign_in,
            SignOut: self._sign_out,
            CheckNetwork: self._check_network,
            Stop: lambda _: self._stop_asked.set(),
        }

    def post(self, command: Command) -> None:
        """Take a command. The loop's thread; before `run` as well. After the end it is dropped."""
        self._inbox.put_nowait(command)
        if isinstance(command, Stop):
            with contextlib.suppress(RuntimeError):  # not running yet: `run` will come to it
                loop = asyncio.get_running_loop()
                loop.call_later(_LAST_COMMANDS_S, self._stop_asked.set)

    async def run(self) -> None:
        """Until Stop is carried out. `Stopped` is the last event, within two seconds of it."""
        self._open_first()
        own = [
            asyncio.create_task(self._network.watch(self._probe), name="network"),
            asyncio.create_task(self._take(), name="inbox"),
        ]
        self._identifying = self._jobs.start(self._identify(), name="signing in")
        try:
            await self._stop_asked.wait()
        finally:
            for task in own:
                task.cancel()
            await self._wind_up()

    # --- commands

    @classmethod
    def carries_out(cls) -> frozenset[type[Command]]:
        """Every command that has a place to go to."""
        return frozenset({*AT_WORK, SignIn, SignOut, CheckNetwork, Stop})

    async def _take(self) -> None:
        while True:
            command = await self._inbox.get()
            async with self._exchange:
                self._carry_out(command)

    def _carry_out(self, command: Command) -> None:
        try:
            own = self._own.get(type(command))
            if own is not None:
                own(command)
            elif self._workplace is None:
                self._answer(command, self._no_store)
            else:
                AT_WORK[type(command)](self._workplace, command)
        except StoreError as error:
            self._answer(command, problem_from(error))
        except Exception as error:  # noqa: BLE001 (a bug ends this command, never the engine)
            report_bug(error, during=type(command).__name__, emit=self._emit)

    def _answer(self, command: Command, problem: Problem) -> None:
        for event in without_store(command, problem):
            self._emit(event)

    def _check_network(self, _command: CheckNetwork) -> None:
        self._network.check_now()
        if self._workplace is not None:
            self._workplace.wake()

    def _sign_in(self, command: SignIn) -> None:
        self._jobs.start(self._signed_in_with(command), name="signing in")

    def _sign_out(self, _command: SignOut) -> None:
        self._jobs.start(self._signed_out(), name="signing out")

    # --- stores

    def _open_first(self) -> None:
        """Open what was open last, and tell it at once, whether or not Close can be reached."""
        try:
            self._profile.lock()
        except StoreError as error:
            self._do_without(error)
            return
        self._open_or_tell(self._profile.last_account())

    def _open_or_tell(self, account: Account | None) -> None:
        try:
            self._open(account)
        except Exception as error:  # noqa: BLE001 (without a store the window still types)
            self._do_without(error)

    def _do_without(self, error: Exception) -> None:
        """No store: the window keeps what is typed, and is told with every revision."""
        self._no_store = problem_from(error)
        if self._no_store.kind is ProblemKind.BUG:
            report_bug(error, during="opening the store", emit=self._emit)
        self._emit(Loaded(Settings(), problems=(self._no_store,)))

    def _open(self, account: Account | None) -> None:
        """Open the account's store, take over what was written before anyone had signed in, tell
        it. Raises StoreError, OSError; then the workplace is as it was.
        """
        before = self._workplace
        if account is None:
            folder = self._profile.root / UNSIGNED_FOLDER
        else:
            folder = self._profile.folder_of(account)
        opened = open_store(folder, clock=self._clock)
        try:
            if before is not None and before.account is None:
                take_over(source=before.store, target=opened.store, at=self._clock.now())
            workplace = Workplace(
                opened,
                account=account,
                spare_client=self._keys.spare_client(),
                network=self._network,
                clock=self._clock,
                emit=self._emit,
                storage_transport=self._seams.storage_transport,
                on_key_refused=self._on_key_refused,
            )
            loaded = workplace.loaded()
        except BaseException:
            opened.store.close()
            raise
        self._workplace = workplace
        if before is not None:
            before.close()
        self._emit(loaded)
        workplace.begin()

    async def _exchange_for(self, account: Account) -> None:
        """The workplace of another account. Raises StoreError, OSError; then the one before is
        open again, as if at a start.
        """
        before = self._workplace
        if before is not None:
            await before.stop()
        try:
            self._open(account)
        except (StoreError, OSError):
            self._leave()
            self._open_or_tell(None if before is None else before.account)
            raise

    def _leave(self) -> None:
        if self._workplace is not None:
            self._workplace.close()
            self._workplace = None

    # --- who is signed in

    async def _identify(self) -> None:
        """Find the key of this run and whose it is; while Close cannot be asked, go on with who
        was signed in last, and post nothing.
        """
        try:
            stored = await self._keys.known()
        except VaultError as error:
            self._emit(SignInNeeded(problem_from(error)))
            return
        if stored is None:
            self._emit(SignInNeeded())
            return
        client = self._keys.client(stored.key)
        if not await self._identified(client, stored):
            await client.aclose()

    async def _identified(self, client: CloseClient, stored: StoredKey) -> bool:
        is_told = False
        while True:
            try:
                account = await self._keys.whose(client, origin=stored.origin)
            except NotAuthorized as error:
                self._emit(SignInNeeded(problem_from(error)))
                return False
            except CloseError as error:
                if not is_told:
                    self._assume(client, stored.origin, problem_from(error))
                    is_told = True
                if not is_passing(error):
                    return self._workplace is not None and self._workplace.line.client is client
                await self._network.wait_online()
                await self._clock.sleep(_ASK_AGAIN_S if self._network.is_online else 0)
                continue
            return await self._arrive(client, account, None)

    def _assume(self, client: CloseClient, origin: KeyOrigin, problem: Problem) -> None:
        known = self._workplace.account if self._workplace is not None else None
        if self._workplace is None or known is None:
            self._emit(SignInFailed(problem))
            return
        self._workplace.assume(client)
        self._emit(SignedIn(replace(known, key_origin=origin)))

    async def _signed_in_with(self, command: SignIn) -> None:
        key = key_from(command.key.reveal())
        if key is None:
            self._emit(SignInFailed(Problem(ProblemKind.KEY_MALFORMED)))
            return
        client = self._keys.client(key)
        try:
            account = await self._keys.whose(client, origin=KeyOrigin.THIS_RUN)
        except CloseError as error:
            await client.aclose()
            self._emit(SignInFailed(problem_from(error)))
            return
        self._stop_identifying()
        origin, problem = await self._keys.keep(key)
        if not await self._arrive(client, replace(account, key_origin=origin), problem):
            await client.aclose()

    async def _arrive(self, client: CloseClient, account: Account, problem: Problem | None) -> bool:
        """Go on as this account. False where its store cannot be opened; then nothing changed."""
        async with self._exchange:
            known = self._workplace.account if self._workplace is not None else None
            try:
                if not is_same(known, account):
                    await self._exchange_for(account)
                assert self._workplace is not None
                self._workplace.go(client, account=account)
                self._profile.remember(account)
            except (StoreError, OSError) as error:
                self._emit(SignInFailed(problem_from(error)))
                return self._workplace is not None and self._workplace.line.client is client
            self._emit(SignedIn(account, problem))
        return True

    async def _signed_out(self) -> None:
        self._stop_identifying()
        problem = await self._keys.forget()
        async with self._exchange:
            if self._workplace is not None:
                await self._workplace.stop()
                self._leave()
            try:
                self._profile.forget_account()
            except StoreError as error:
                problem = problem or problem_from(error)
            self._emit(SignedOut())
            self._open_or_tell(None)
        if problem is not None:
            self._emit(TroubleArose(problem))

    def _stop_identifying(self) -> None:
        if self._identifying is not None:
            self._identifying.cancel()
            self._identifying = None

    def _on_key_refused(self) -> None:
        if self._workplace is not None and self._workplace.rest():
            self._emit(SignInNeeded(Problem(ProblemKind.KEY_REFUSED)))

    async def _probe(self) -> None:
        client = self._workplace.line.client if self._workplace is not None else None
        await (client or self._probe_client).me()

    # --- the end

    async def _wind_up(self) -> None:
        ending = asyncio.ensure_future(self._wound_up())
        await asyncio.wait({ending}, timeout=_STOP_S)
        if not ending.done():
            log.warning("something hangs; it is left behind")
            ending.cancel()
        if self._workplace is not None:
            with contextlib.suppress(StoreError):
                self._workplace.close()
        self._profile.unlock()
        self._emit(Stopped())
        self._is_stopped = True

    async def _wound_up(self) -> None:
        while not self._inbox.empty():  # what was typed last is kept, whatever else hangs
            command = self._inbox.get_nowait()
            if not isinstance(command, Stop):
                self._carry_out(command)
        await self._jobs.stop(within_s=_LAST_COMMANDS_S)
        if self._workplace is not None:
            await self._workplace.stop()
        await self._probe_client.aclose()

    def _emit(self, event: Event) -> None:
        if not self._is_stopped:
            self._hears(event)
