"""Where the icons and the style are, be it a source tree, a wheel or a frozen program.

Any thread. Reads files that come with the program, and no others.
"""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


@cache
def resources_folder() -> Path:
    """The folder with `icons/` and `style/`: in the package once installed, beside it before."""
    installed = _PACKAGE / "resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"


@cache
def resource_text(name: str) -> str:
    """The text of a file below the resources folder, such as `style/window.qss`.

    Raises:
        FileNotFoundError: the program is not whole.
    """
    return (resources_folder() / name).read_text(encoding="utf-8")
