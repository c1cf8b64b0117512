"""`python -m close_notes_gui` and the console script `close-notes-gui`."""

import gc
import sys
from typing import NoReturn

from close_notes_gui.startup.leaving import leave
from close_notes_gui.startup.options import read_options
from close_notes_gui.startup.plain_imports import import_plainly


def main() -> NoReturn:
    """Read the command line, then run; ends the process."""
    options = read_options(sys.argv[1:])
    # While modules load, hardly anything becomes garbage, and looking for it takes a tenth of the
    # start; later on, only the main thread looks (see `startup/garbage.py`).
    gc.disable()
    # Imported after the options, so that --help and --version answer without loading Qt.
    import PySide6.QtCore  # noqa: F401, PLC0415

    import_plainly()
    if options.smoke:
        from close_notes_gui.smoke import run_smoke  # noqa: PLC0415

        leave(run_smoke())
    from close_notes_gui.app import run  # noqa: PLC0415

    leave(run(options))


if __name__ == "__main__":
    main()
