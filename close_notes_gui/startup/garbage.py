"""Looks for cyclic garbage, on the thread that asks and on no other.

Main thread. Python by itself looks on whichever thread happens to allocate. What it finds may be
a menu or a widget, and Qt objects that are deleted on another thread take the program down: so
the collector is off, and the main thread asks for it from time to time.
"""

import gc
from typing import Final

#: From so many on, that generation and the younger ones are looked through: objects made and not
#: gone again, looks at the youngest, looks at the middle one.
_LIMITS: Final = (50_000, 10, 10)


def collect_due() -> None:
    """Look through what is due, the oldest generation first. A few milliseconds."""
    gc.disable()
    counts = gc.get_count()
    for generation in (2, 1, 0):
        if counts[generation] > _LIMITS[generation]:
            gc.collect(generation)
            return
