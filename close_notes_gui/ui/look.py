"""How the window looks on this computer: light or dark, and how large the text is.

Window thread. Kept in a small file too, for the first paint comes before the settings are read.
"""

import json
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from close_notes_gui.ui import theme

_SMALLEST_PT = 10.0
_PERCENT_LEAST, _PERCENT_MOST = 70, 200


class Look(QObject):
    """Invariant: the application wears what was asked for last; `system` follows the system."""

    def __init__(self, app: QApplication, kept: Path | None = None) -> None:
        super().__init__(app)
        self._app = app
        self._kept = kept
        self._font = _readable(app.font())
        self._scheme, self._percent = _read(kept)
        self._system = app.styleHints().colorScheme()
        app.styleHints().colorSchemeChanged.connect(self._on_system_changed)
        self._dress()

    def wear(self, scheme: str, text_size_percent: int) -> None:
        """Look like this from now on, also at the next start."""
        if (scheme, text_size_percent) == (self._scheme, self._percent):
            return
        self._scheme, self._percent = scheme, text_size_percent
        _write(self._kept, scheme, text_size_percent)
        self._dress()

    def _on_system_changed(self, scheme: Qt.ColorScheme) -> None:
        self._system = scheme
        self._dress()

    def _dress(self) -> None:
        font = QFont(self._font)
        percent = max(_PERCENT_LEAST, min(self._percent, _PERCENT_MOST))
        if font.pointSizeF() > 0:
            font.setPointSizeF(self._font.pointSizeF() * percent / 100)
        else:
            font.setPixelSize(round(self._font.pixelSize() * percent / 100))
        if font != self._app.font():
            self._app.setFont(font)
        is_dark = self._scheme == "dark"
        if self._scheme not in {"light", "dark"}:
            is_dark = self._system is Qt.ColorScheme.Dark
        theme.wear(self._app, theme.DARK if is_dark else theme.LIGHT)


def _readable(font: QFont) -> QFont:
    """The system's font, never smaller than 10 points where it is measured in points."""
    if 0 < font.pointSizeF() < _SMALLEST_PT:
        font.setPointSizeF(_SMALLEST_PT)
    return font


def _read(kept: Path | None) -> tuple[str, int]:
    try:
        found = json.loads(kept.read_text(encoding="utf-8")) if kept else {}
        return str(found["appearance"]), int(found["text_size_percent"])
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return "system", 100


def _write(kept: Path | None, scheme: str, percent: int) -> None:
    """Where that fails, the next start looks so a moment later."""
    if kept is None:
        return
    try:
        text = json.dumps({"appearance": scheme, "text_size_percent": percent})
        kept.write_text(text, encoding="utf-8")
    except OSError:
        return
