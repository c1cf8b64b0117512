"""Where the window was and how it was divided, kept in a small JSON file.

Window thread. A file that is missing or damaged is as good as none.
"""

import json
from pathlib import Path
from typing import NamedTuple


class WindowLayout(NamedTuple):
    """`geometry` is Qt's own, in base64; `are_notes_open` None where the rep never chose."""

    geometry: str = ""
    columns: tuple[int, int] | None = None
    are_notes_open: bool | None = None


def read_layout(path: Path | None) -> WindowLayout:
    """The layout kept last, or the one to begin with."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8")) if path else {}
        geometry, columns = kept.get("geometry", ""), kept.get("columns")
        are_open = kept.get("are_notes_open")
        return WindowLayout(
            geometry=geometry if isinstance(geometry, str) else "",
            columns=(int(columns[0]), int(columns[1])) if columns else None,
            are_notes_open=are_open if isinstance(are_open, bool) else None,
        )
    except (
        OSError,
        ValueError,
        AttributeError,
        TypeError,
        LookupError,
        OverflowError,
        RecursionError,
    ):
        return WindowLayout()


def write_layout(path: Path | None, layout: WindowLayout) -> None:
    """Keep the layout; where that fails, the window opens in its first place next time."""
    if path is None:
        return
    try:
        path.write_text(json.dumps(layout._asdict()), encoding="utf-8")
    except OSError:
        return
