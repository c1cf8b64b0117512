"""Edit a link in place (Ctrl+K): address, text, apply, remove. Not modal.

UI thread.
"""

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from close_notes_gui.ui.richtext.links import as_address
from close_notes_gui.ui.richtext.popup import Popup


class LinkPopup(Popup):
    """Invariant: `chosen` carries only addresses that Close takes."""

    chosen = Signal(str, str)
    """Address and text ("" keeps the text as it is)."""
    removed = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Link")
        self._address = QLineEdit(self, placeholderText="https://… or name@company.com")
        self._address.setAccessibleName("Link address")
        self._text = QLineEdit(self, placeholderText="Text")
        self._text.setAccessibleName("Link text")
        self._wrong = QLabel("That is not an address that Close takes.", self)
        self._wrong.setObjectName("problem")
        self._apply = QPushButton("Apply", self, autoDefault=False)
        self._remove = QPushButton("Remove link", self, autoDefault=False)
        self._lay_out()
        for field in (self._address, self._text):
            field.installEventFilter(self)
            field.returnPressed.connect(self._on_apply_clicked)
        self._apply.clicked.connect(self._on_apply_clicked)
        self._remove.clicked.connect(self._on_remove_clicked)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 12, 12, 12)
        grid.setSpacing(8)
        grid.addWidget(self._address, 0, 0)
        grid.addWidget(self._text, 1, 0)
        grid.addWidget(self._wrong, 2, 0)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._remove)
        row.addStretch()
        row.addWidget(self._apply)
        grid.addLayout(row, 3, 0)
        self._address.setMinimumWidth(280)

    def edit(self, address: str, text: str, *, is_link: bool) -> None:
        """Fill in what there is, and wait for the rep."""
        self._address.setText(address.removeprefix("mailto:"))
        self._text.setText(text)
        self._text.setVisible("\u2029" not in text)
        self._remove.setVisible(is_link)
        self._wrong.hide()
        self._address.selectAll()

    def focus_address(self) -> None:
        self._address.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot()
    def _on_apply_clicked(self) -> None:
        typed = self._address.text().strip()
        to = as_address(typed, bare=True)
        if to is None:
            self._wrong.setVisible(bool(typed))
            if not typed:
                self._on_remove_clicked()
            self.adjustSize()
            return
        text = "" if self._text.isHidden() else self._text.text().strip()
        self.hide()
        self.chosen.emit(to, text)

    @Slot()
    def _on_remove_clicked(self) -> None:
        self.hide()
        self.removed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.hide()
                self.closed.emit()
                return True
        return super().eventFilter(watched, event)
