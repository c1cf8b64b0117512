"""Tells the rep, once, that something inside the program broke, and that the draft is kept.

Window thread; `arose` may be emitted from any. Not modal: typing goes on.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMessageBox

WORDS = (
    "Something went wrong inside Close Notes. Your text is still in the window, and what was "
    "saved is safe. You can go on working; if it happens again, restart the program."
)


class CrashReport(QObject):
    """Invariant: at most one box is open."""

    arose = Signal(str)

    def __init__(self, log_file: Path | None) -> None:
        super().__init__()
        self._log_file = log_file
        self._box: QMessageBox | None = None
        self.arose.connect(self._on_arose, Qt.ConnectionType.QueuedConnection)

    @Slot(str)
    def _on_arose(self, what: str) -> None:
        if self._box is not None:
            return
        from PySide6.QtWidgets import QMessageBox  # noqa: PLC0415 (hardly ever needed)

        box = QMessageBox(QMessageBox.Icon.Warning, "Close Notes", WORDS)
        where = f"\nThe log is at {self._log_file}" if self._log_file else ""
        box.setInformativeText(f"{what}.{where}")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setModal(False)
        box.finished.connect(self._on_box_finished)
        self._box = box
        box.show()

    @Slot(int)
    def _on_box_finished(self, _result: int) -> None:
        if self._box is not None:
            self._box.deleteLater()
            self._box = None
