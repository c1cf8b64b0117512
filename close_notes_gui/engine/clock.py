"""The time, as a seam: the engine asks a Clock and never the system.

Engine thread. Wall time (`now`) may jump; waits and ages inside one run use `monotonic`.
"""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the engine knows of time. A fake one in tests moves only when told."""

    def now(self) -> datetime:
        """The wall clock, aware UTC. May jump either way."""
        ...

    def monotonic(self) -> float:
        """Seconds since an arbitrary moment; never goes back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for so many seconds; zero or less gives way once and returns."""
        ...


class SystemClock:
    """The clock of the machine. Holds nothing."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))
