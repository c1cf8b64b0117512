"""Keeps the window smooth while other threads work. Called once by app, after all imports.

Measured with three uploads, bleach, Markdown and JSON at work: the cyclic collector and long
turns of the interpreter lock are what the window feels; this takes both away.
"""

import gc
import sys


def settle() -> None:
    """Never look at what is loaded again, and hand the lock over every millisecond.

    Process-wide; any thread, for nothing is collected (see `startup/garbage.py`); calling it
    twice does no harm.
    """
    gc.freeze()
    sys.setswitchinterval(0.001)
