"""The crossing between the threads: order, nothing lost before the start, a clean end."""

import asyncio
import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, Slot

from close_notes_gui import bridge as bridge_module
from close_notes_gui.bridge import Bridge
from close_notes_gui.model.commands import Command, SearchLeads, Stop
from close_notes_gui.model.events import Event, LeadsFound, SearchStage, Stopped
from close_notes_gui.model.problem import Problem, ProblemKind


class EchoEngine:
    """Answers every search with its own words, from the engine's thread."""

    def __init__(self, emit: Callable[[Event], None]) -> None:
        self._emit = emit
        self._commands: asyncio.Queue[Command] = asyncio.Queue()
        self.thread = threading.current_thread()

    def post(self, command: Command) -> None:
        assert threading.current_thread() is self.thread
        self._commands.put_nowait(command)

    async def run(self) -> None:
        while not isinstance(command := await self._commands.get(), Stop):
            assert isinstance(command, SearchLeads)
            self._emit(LeadsFound(command.seq, command.text, (), SearchStage.LOCAL))


class Ear(QObject):
    """Hears events on the thread that it lives on."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Event] = []
        self.threads: set[threading.Thread] = set()

    @Slot(object)
    def hear(self, event: Event) -> None:
        self.heard.append(event)
        self.threads.add(threading.current_thread())


@pytest.fixture
def ear(qapp) -> Ear:
    return Ear()


def test_commands_cross_in_order_even_those_posted_before_the_start(qtbot, ear: Ear) -> None:
    bridge = Bridge(EchoEngine)
    bridge.happened.connect(ear.hear)
    for seq in range(100):
        bridge.post(SearchLeads(seq, "early"))
    bridge.start()
    for seq in range(100, 200):
        bridge.post(SearchLeads(seq, "late"))
    qtbot.waitUntil(lambda: len(ear.heard) == 200)
    assert [e.seq for e in ear.heard if isinstance(e, LeadsFound)] == list(range(200))
    assert ear.threads == {threading.current_thread()}
    assert bridge.stop()


def test_stopping_ends_the_thread_and_says_so(qtbot, ear: Ear) -> None:
    bridge = Bridge(EchoEngine)
    bridge.happened.connect(ear.hear)
    bridge.start()
    assert bridge.stop()
    qtbot.waitUntil(lambda: Stopped() in ear.heard)
    bridge.post(SearchLeads(1, "too late"))
    assert bridge.stop()


@pytest.mark.expect_log
def test_an_engine_that_breaks_still_says_that_it_stopped(qtbot, ear: Ear, monkeypatch) -> None:
    seen: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", seen.append)

    class Broken(EchoEngine):
        async def run(self) -> None:
            raise RuntimeError("broken")

    bridge = Bridge(Broken)
    bridge.happened.connect(ear.hear)
    bridge.start()
    qtbot.waitUntil(lambda: Stopped((Problem(ProblemKind.ENGINE_STOPPED),)) in ear.heard)
    assert bridge.stop()
    assert [a.exc_type for a in seen] == [RuntimeError]


def test_what_was_posted_before_a_late_engine_is_carried_out_before_the_end(
    qtbot, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window was closed at once, and the engine takes longer to be made than to stop."""
    monkeypatch.setattr(bridge_module, "STOP_WAIT_S", 0.0)
    is_waited_for = threading.Event()

    def make(emit: Callable[[Event], None]) -> EchoEngine:
        assert is_waited_for.wait(10)
        return EchoEngine(emit)

    bridge = Bridge(make)
    bridge.happened.connect(ear.hear)
    bridge.post(SearchLeads(1, "written"))
    bridge.start()
    threading.Timer(0.05, is_waited_for.set).start()
    assert bridge.stop()
    qtbot.waitUntil(lambda: Stopped() in ear.heard)
    assert [e.seq for e in ear.heard if isinstance(e, LeadsFound)] == [1]
