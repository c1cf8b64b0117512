"""Takes PySide's look into each imported module out of the way. Standard library alone."""

import builtins


def import_plainly() -> None:
    """Call it once PySide6.QtCore is there, before all else is imported.

    PySide replaces `__import__` to offer `from __feature__ import snake_case`, and for that reads
    the source of every module that any module imports, to look for the word PySide6 in it
    (`shibokensupport/feature.py`); the lines stay in `linecache`. Nothing here uses such features.
    For this program that is a sixth of the start's work and 15 MB.
    """
    plain = getattr(builtins, "__orig_import__", None)  # PySide's name for what it had replaced
    if plain is not None:
        builtins.__import__ = plain
