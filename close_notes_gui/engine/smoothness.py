"""Keeps the window smooth while other threads work. Called once by app, after all imports.

Measured with three uploads, bleach, Markdown and JSON at work: the cyclic collector and long
turns of the interpreter lock are what the window feels; this takes both away.
"""

import gc
import sys


def settle() -> None:
    """Collect now, never look at what is loaded again, and hand the lock over every millisecond.

    Process-wide; any thread; calling it twice does no harm.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 1_000)
    sys.setswitchinterval(0.001)
