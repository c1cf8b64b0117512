"""The worker: takes commands in order, looks after the account's workplace, starts and stops.

Engine thread, on its own loop. Ends only by Stop; a bug in one command or task ends that alone.
Never touches Qt; has no words for the user.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from close_notes_gui.closeapi.client import CloseClient
from close_notes_gui.closeapi.errors import CloseError, NotAuthorized
from close_notes_gui.engine.account import Keys, Seams, is_same
from close_notes_gui.engine.dispatch import AT_WORK, KEPT_LATE, LATE, after_bug, without_store
from close_notes_gui.engine.jobs import Jobs, report_bug
from close_notes_gui.engine.network import Network
from close_notes_gui.engine.premises import Premises
from close_notes_gui.engine.problems import is_passing, problem_from
from close_notes_gui.engine.upkeep import Upkeep
from close_notes_gui.engine.workplace import Workplace
from close_notes_gui.model.commands import (
    AcknowledgeStore,
    CheckNetwork,
    Command,
    SearchLeads,
    SignIn,
    SignOut,
    Stop,
)
from close_notes_gui.model.events import (
    Event,
    SignedIn,
    SignInFailed,
    SignInNeeded,
    Stopped,
    TroubleArose,
)
from close_notes_gui.model.lead import Account, KeyOrigin
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.model.upkeep_commands import ClearCaches, MeasureStorage, SaveDiagnostics
from close_notes_gui.store.errors import StoreError
from close_notes_gui.vault import StoredKey, VaultError, key_from

__all__ = ["Engine", "Seams"]

log = logging.getLogger(__name__)

#: Where drafts are kept while nobody has ever signed in; they go over to who then does.
UNSIGNED_FOLDER: Final = "unsigned"
_OWN: Final = (
    SignIn,
    SignOut,
    AcknowledgeStore,
    CheckNetwork,
    MeasureStorage,
    ClearCaches,
    SaveDiagnostics,
    Stop,
)
_ASK_AGAIN_S: Final = 5.0
_LAST_COMMANDS_S: Final = 0.3
_LAST_DROPS_S: Final = 0.4
_STOP_S: Final = 1.6


class Engine:
    """Invariant: one workplace at a time is open, and commands wait while it is exchanged.

    Without an account its store is the "unsigned" one, so that whatever is typed before the
    first sign-in is on disk as well.
    """

    def __init__(self, *, data_folder: Path, emit: Callable[[Event], None], seams: Seams) -> None:
        """Raise UnsafeAddress for a base URL that is neither https nor loopback."""
        self._hears = emit
        self._clock = seams.clock
        self._network = Network(clock=seams.clock, emit=self._emit)
        self._keys = Keys(seams, network=self._network)
        self._premises = Premises(
            data_folder,
            seams=seams,
            keys=self._keys,
            network=self._network,
            emit=self._emit,
            on_key_refused=self._on_key_refused,
        )
        self._probe_client = self._keys.spare_client()
        self._jobs = Jobs(self._emit)
        self._upkeep = Upkeep(
            self._premises,
            network=self._network,
            clock=seams.clock,
            jobs=self._jobs,
            emit=self._emit,
        )
        self._inbox: asyncio.Queue[Command] = asyncio.Queue()
        self._exchange = asyncio.Lock()  # held while the workplace is exchanged
        self._stop_asked = asyncio.Event()
        self._identifying: asyncio.Task[None] | None = None
        self._is_stopped = False
        self._own: Mapping[type[Command], Callable[[Any], None]] = {
            SignIn: self._sign_in,
            SignOut: self._sign_out,
            AcknowledgeStore: lambda _: self._premises.acknowledged(),
            CheckNetwork: self._check_network,
            MeasureStorage: lambda _: self._upkeep.measure(),
            ClearCaches: lambda _: self._upkeep.clear(),
            SaveDiagnostics: self._upkeep.save_report,
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
        self._premises.open_first()
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
        return frozenset({*AT_WORK, *_OWN})

    async def _take(self) -> None:
        while True:
            command = await self._inbox.get()
            async with self._exchange:
                self._carry_out(command)

    def _carry_out(self, command: Command) -> None:
        try:
            own = self._own.get(type(command))
            left = self._premises.left_behind
            if own is not None:
                own(command)
            elif left is not None and type(command) is not SearchLeads:
                self._carry_out_late(command, left)
            elif self._premises.workplace is None:
                self._answer(command, self._premises.no_store)
            else:
                AT_WORK[type(command)](self._premises.workplace, command)
        except StoreError as error:
            self._answer(command, problem_from(error))
        except Exception as error:  # noqa: BLE001 (a bug ends this command, never the engine)
            report_bug(error, during=type(command).__name__, emit=self._emit)
            for event in after_bug(command):
                self._emit(event)

    def _carry_out_late(self, command: Command, left: Workplace) -> None:
        """It was given in view of the account before: its drafts stay with it."""
        late = LATE.get(type(command))
        if late is not None:
            late(left, command)
        if type(command) not in KEPT_LATE:
            self._answer(command, Problem(ProblemKind.ACCOUNT_CHANGED))

    def _answer(self, command: Command, problem: Problem) -> None:
        for event in without_store(command, problem):
            self._emit(event)

    def _check_network(self, _command: CheckNetwork) -> None:
        self._network.check_now()
        if self._premises.workplace is not None:
            self._premises.workplace.wake()

    def _sign_in(self, command: SignIn) -> None:
        self._jobs.start(self._signed_in_with(command), name="signing in")

    def _sign_out(self, _command: SignOut) -> None:
        self._jobs.start(self._signed_out(), name="signing out")

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
        async with self._lent(self._keys.client(stored.key)) as client:
            await self._identified(client, stored)

    async def _identified(self, client: CloseClient, stored: StoredKey) -> None:
        is_told = False
        while True:
            try:
                account = await self._keys.whose(client, origin=stored.origin)
            except NotAuthorized as error:
                self._emit(SignInNeeded(problem_from(error)))
                return
            except CloseError as error:
                if not is_told:
                    self._assume(client, stored.origin, problem_from(error))
                    is_told = True
                if not is_passing(error):
                    return
                await self._network.wait_online()
                await self._clock.sleep(_ASK_AGAIN_S if self._network.is_online else 0)
            else:
                await self._arrive(client, account, None)
                return

    def _assume(self, client: CloseClient, origin: KeyOrigin, problem: Problem) -> None:
        known = self._premises.account
        if self._premises.workplace is None or known is None:
            self._emit(SignInFailed(problem))
            return
        self._premises.workplace.assume(client)
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
            await self._stop_identifying()
            origin, problem = await self._keys.keep(key)
            account = replace(account, key_origin=origin)
            await self._arrive(client, account, problem, is_new=True)

    async def _arrive(
        self,
        client: CloseClient,
        account: Account,
        problem: Problem | None,
        *,
        is_new: bool = False,
    ) -> None:
        """SignedIn as this account; SignInFailed where its store cannot be opened. `is_new`: with
        a key that took the place of the one before.
        """
        premises = self._premises
        async with self._exchange:
            try:
                if not is_same(premises.account, account):
                    await premises.exchange_for(account, for_good=is_new)
                assert premises.workplace is not None
                premises.workplace.go(client, account=account)
            except (StoreError, OSError) as error:
                self._emit(SignInFailed(problem_from(error)))
                return
            self._emit(SignedIn(account, problem))
            try:
                premises.profile.remember(account)
            except StoreError as error:
                self._emit(TroubleArose(problem_from(error)))

    @contextlib.asynccontextmanager
    async def _lent(self, client: CloseClient) -> AsyncIterator[CloseClient]:
        """Closes the client at the end, unless it has been taken into use meanwhile."""
        try:
            yield client
        finally:
            if self._premises.client is not client:
                await client.aclose()

    async def _signed_out(self) -> None:
        await self._stop_identifying()
        problem = await self._keys.forget()
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

    async def _stop_identifying(self) -> None:
        async with self._exchange:  # never in the middle of an exchange
            if self._identifying is not None:
                self._identifying.cancel()
                self._identifying = None

    def _on_key_refused(self) -> None:
        if self._premises.workplace is not None and self._premises.workplace.rest():
            self._emit(SignInNeeded(Problem(ProblemKind.KEY_REFUSED)))

    async def _probe(self) -> None:
        await (self._premises.client or self._probe_client).me()

    # --- the end

    async def _wind_up(self) -> None:
        ending = asyncio.ensure_future(self._wound_up())
        await asyncio.wait({ending}, timeout=_STOP_S)
        if not ending.done():
            log.warning("something hangs; it is left behind")
            ending.cancel()
        self._premises.close()
        self._emit(Stopped())
        self._is_stopped = True

    async def _wound_up(self) -> None:
        while not self._inbox.empty():  # what was typed last is kept, whatever else hangs
            command = self._inbox.get_nowait()
            if not isinstance(command, Stop):
                self._carry_out(command)
        await self._jobs.stop(within_s=_LAST_COMMANDS_S)
        if self._premises.workplace is not None:
            await self._premises.workplace.stop(patience_s=_LAST_DROPS_S)
        await self._probe_client.aclose()

    def _emit(self, event: Event) -> None:
        if not self._is_stopped:
            self._hears(event)
