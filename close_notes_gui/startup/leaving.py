"""The last step of a run. Standard library alone."""

import logging
import os
import sys
from typing import NoReturn


def leave(code: int) -> NoReturn:
    """End the process with this exit code, at once.

    By now the engine has stopped, all is committed and the window is gone. What is left out is
    the interpreter's own end: it would wait for threads that hang in a dead network drive, and
    take apart what PySide still holds in no set order, which has ended in faults.
    """
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # a frozen program on Windows has none
            stream.flush()
    os._exit(code)
