"""The worker: takes commands in order, looks after the account's workplace, starts and stops.

Engine thread, on its own loop. Ends only by Stop; a bug in one command or task ends that alone.
Never touches Qt; has no words for the user.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from close_notes_gui.engine.account import Keys, Seams
from close_notes_gui.engine.dispatch import AT_WORK, KEPT_LATE, LATE, after_bug, without_store
from close_notes_gui.engine.jobs import Jobs, report_bug
from close_notes_gui.engine.network import Network
from close_notes_gui.engine.premises import Premises
from close_notes_gui.engine.problems import problem_from
from close_notes_gui.engine.signing import Signing
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
    Stopped,
)
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.model.upkeep_commands import (
    ClearCaches,
    MeasureStorage,
    SaveDiagnostics,
    UseAccount,
)
from close_notes_gui.store.errors import StoreError

__all__ = ["Engine", "Seams"]

log = logging.getLogger(__name__)

_OWN: Final = (
    SignIn,
    SignOut,
    UseAccount,
    AcknowledgeStore,
    CheckNetwork,
    MeasureStorage,
    ClearCaches,
    SaveDiagnostics,
    Stop,
)
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
        self._signing = Signing(
            self._premises,
            keys=self._keys,
            network=self._network,
            clock=seams.clock,
            jobs=self._jobs,
            emit=self._emit,
            exchange=self._exchange,
        )
        self._stop_asked = asyncio.Event()
        self._is_stopped = False
        self._own: Mapping[type[Command], Callable[[Any], None]] = self._own_deeds()

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
        self._signing.begin()
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

    def _on_key_refused(self) -> None:
        self._signing.refuse_key()

    def _own_deeds(self) -> dict[type[Command], Callable[[Any], None]]:
        """What concerns no store in particular."""
        return {
            SignIn: self._signing.sign_in,
            SignOut: self._signing.sign_out,
            UseAccount: self._signing.use,
            AcknowledgeStore: lambda _: self._premises.acknowledged(),
            CheckNetwork: self._check_network,
            MeasureStorage: lambda _: self._upkeep.measure(),
            ClearCaches: lambda _: self._upkeep.clear(),
            SaveDiagnostics: self._upkeep.save_report,
            Stop: lambda _: self._stop_asked.set(),
        }

    def _check_network(self, _command: CheckNetwork) -> None:
        self._network.check_now()
        if self._premises.workplace is not None:
            self._premises.workplace.wake()

    # --- the end

    async def _probe(self) -> None:
        await (self._premises.client or self._probe_client).me()

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
