"""The real engine while it reads all leads, in a process that kills itself in the midst of it.

Run by the nursery of `engine_process`. Tells `KNOWN <n>` while it reads and `COMPLETE <n>` in the
end; the kill is a real SIGKILL, some time after the request for a page ordered went out.
"""

import asyncio
import os
import signal
import threading
from pathlib import Path
from typing import Any

import httpx

from close_notes_gui.engine.clock import SystemClock
from close_notes_gui.engine.engine import Engine, Seams
from close_notes_gui.model import events as ev
from close_notes_gui.model.commands import Stop
from close_notes_gui.model.lead import KeyOrigin
from close_notes_gui.model.secret import ApiKey
from close_notes_gui.vault import MemoryVault, StoredKey


def say(*words: object) -> None:
    """One line to the parent, whole, past every buffer of this process."""
    os.write(1, (" ".join(str(word) for word in words) + "\n").encode())


class _Line(httpx.AsyncHTTPTransport):
    """Counts what is asked for; with the page ordered, a thread sets out to kill the process."""

    def __init__(self, *, kill_at_page: int | None, then_s: float) -> None:
        super().__init__()
        self._left = kill_at_page
        self._then_s = then_s
        self.rounds = 0  # each ends by asking the log for what was deleted, then for merges

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/data/search/") and self._left is not None:
            self._left -= 1
            if self._left == 0:
                threading.Timer(self._then_s, os.kill, (os.getpid(), signal.SIGKILL)).start()
        self.rounds += request.url.params.get("action") == "merged"
        return await super().handle_async_request(request)


async def read_all(order: dict[str, Any]) -> None:
    """One life of the engine: until it is killed, or has read all and then what changed since."""
    done = asyncio.Event()
    line = _Line(kill_at_page=order["kill_at_page"], then_s=order["then_s"])

    def hear(event: ev.Event) -> None:
        match event:
            case ev.IndexProgressed(is_complete=True, problem=None):
                say("COMPLETE", event.known)
                if line.rounds >= 2:
                    done.set()
            case ev.IndexProgressed():
                kind = event.problem.kind.name if event.problem else "-"
                say("KNOWN", event.known, kind)
            case ev.Loaded(problems=problems) if problems:
                say("PROBLEM", *(problem.kind.name for problem in problems))
            case ev.TroubleArose() | ev.SignInFailed() | ev.SignInNeeded():
                say("PROBLEM", type(event).__name__)

    engine = Engine(
        data_folder=Path(order["folder"]),
        emit=hear,
        seams=Seams(
            base_url=order["base_url"],
            vault=MemoryVault(),
            clock=SystemClock(),
            environment_key=StoredKey(ApiKey(order["key"]), KeyOrigin.ENVIRONMENT),
            api_transport=line,
        ),
    )
    running = asyncio.create_task(engine.run())
    await done.wait()
    engine.post(Stop())
    await running
