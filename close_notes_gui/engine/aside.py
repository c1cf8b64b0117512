"""Blocking calls beside the loop, in daemon threads that nobody has to wait for.

Engine thread starts them. A call that hangs (a dead network drive, a keyring prompt) keeps its
own thread and nothing else: not the loop, not a pool, not the end of the program.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

from close_notes_gui.engine.clock import Clock

Result = TypeVar("Result")


async def aside(work: Callable[[], Result], *, name: str) -> Result:
    """What `work` returns or raises, from a thread of its own.

    Cancelling stops the waiting at once and leaves the thread to end by itself: `work` must
    bear that its result is thrown away.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[Result] = loop.create_future()

    def settle(result: Result | None, error: BaseException | None) -> None:
        if outcome.done():
            return
        if error is not None:
            outcome.set_exception(error)
        else:
            outcome.set_result(result)  # type: ignore[arg-type]  # None only where Result is

    def run() -> None:
        result: Result | None = None
        error: BaseException | None = None
        try:
            result = work()
        except BaseException as raised:  # noqa: BLE001 (handed to the one who waits)
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name=f"close-notes-{name}", daemon=True).start()
    return await outcome


async def aside_within(
    limit_s: float, work: Callable[[], Result], *, name: str, clock: Clock
) -> Result:
    """As `aside`. Raises TimeoutError where it takes longer; its thread is left to itself."""
    working = asyncio.ensure_future(aside(work, name=name))
    limit = asyncio.ensure_future(clock.sleep(limit_s))
    try:
        await asyncio.wait({working, limit}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise TimeoutError
        return working.result()
    finally:
        working.cancel()
        limit.cancel()
