"""The search field for leads and its keys; the list itself is `LeadResults`.

Window thread. Typing here is never held up: words go out, rows come back when they come.
The field is in the very first paint of the program, so that it loads little; see `furnish`.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from close_notes_gui.ui import icons

if TYPE_CHECKING:
    from close_notes_gui.present.views import LeadRow, SearchView
    from close_notes_gui.ui.lead_results import LeadResults

_MARGIN = 8
_PATIENCE_MS = 5000  # leads known on this computer come within some ms once the engine is up
_OPENING_REASONS = {
    Qt.FocusReason.MouseFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
}


class LeadPicker(QLineEdit):
    """Invariant: Enter never picks a row that was found for other words than those typed now;
    it waits for the right rows instead.
    """

    words_changed = Signal(str)
    picked = Signal(object)  # LeadRow
    acted = Signal(object)  # Action
    left = Signal()  # Esc in an empty field
    turned_from = Signal()  # the rep went elsewhere, by mouse or key
    enter_waits = Signal()  # it was pressed before the rows came
    enter_ended = Signal(bool)  # it waits no more; whether there was a row to pick

    results: "LeadResults"

    _is_furnished = False

    def __init__(self) -> None:
        """Ready to be typed in; `furnish` and `begin` must follow before more is asked of it."""
        super().__init__()
        self.setObjectName("search")
        self.setAccessibleName("Lead search")
        self.set_purpose("")
        self.setMaxLength(200)
        self._glass = self.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)

    def furnish(self, over: QWidget) -> None:
        """Give it its list, which is laid on `over`."""
        # Loaded after the first paint, which does not need them.
        from close_notes_gui.present.views import SearchView  # noqa: PLC0415
        from close_notes_gui.ui.lead_results import LeadResults  # noqa: PLC0415

        self._clear = self.addAction(icons.icon("clear"), QLineEdit.ActionPosition.TrailingPosition)
        self._clear.setToolTip("Clear")
        for button, name in zip(self.findChildren(QToolButton), ("Search", "Clear"), strict=False):
            button.setAccessibleName(name)
        self._clear.setVisible(False)
        self._clear.triggered.connect(self._on_clear_triggered)
        self._view = SearchView()
        self._enter_waits = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._end_waiting)
        self._over = over
        self.results = LeadResults(over)
        self.results.hide()
        self.results.picked.connect(self._on_results_picked)
        self.results.acted.connect(self.acted)
        self.results.resized.connect(self._place)
        over.installEventFilter(self)

    def begin(self) -> None:
        """All signals are connected: tell what was typed before there was anyone to hear it."""
        self._is_furnished = True
        self.textEdited.connect(self._on_text_edited)
        if self.text():
            self._on_text_edited(self.text())

    def show_view(self, view: "SearchView", text: str) -> None:
        """Draw what was found. `text` is the search as the state knows it."""
        if text != self.text():
            self.setText(text)
        self._clear.setVisible(bool(self.text()))
        changed, self._view = view != self._view, view
        if changed:
            self.results.show_view(view)
            self._place()
        if self._enter_waits and self._has_answer():
            self._enter_waits = False  # picking draws again
            self._patience.stop()
            self._pick(self.results.current)
            self.enter_ended.emit(bool(view.rows))

    def set_purpose(self, words: str) -> None:
        """What a lead is looked for, where it is not for the note in the editor."""
        self.setPlaceholderText(words or "Search leads, people, emails, phones")

    def open(self) -> None:
        """Take the focus, choose all text, show the list."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        self._show_list()

    def pick_place(self, index: int) -> None:
        """Pick the row at that place, where the list is open."""
        if self.results.isVisible() and not self._view.is_stale:
            self._pick(self.results.row(index))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if key in steps:
            self._move(steps[Qt.Key(key)])
        elif key in {Qt.Key.Key_PageDown, Qt.Key.Key_PageUp}:
            self._move(self.results.page() * (1 if key == Qt.Key.Key_PageDown else -1))
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not _with_command(event):
            self._enter()
        elif key == Qt.Key.Key_Escape:
            self._escape()
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_9 and _with_command(event):
            self.pick_place(key - Qt.Key.Key_1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in _OPENING_REASONS:
            self._show_list()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self._is_furnished and event.reason() is not Qt.FocusReason.ActiveWindowFocusReason:
            self.results.hide()
        if event.reason() in _OPENING_REASONS:
            self.turned_from.emit()

    def mousePressEvent(self, event: object) -> None:
        super().mousePressEvent(event)  # type: ignore[arg-type]
        self._show_list()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._is_furnished:
            self._glass.setIcon(icons.icon("search"))
            self._clear.setIcon(icons.icon("clear"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _on_text_edited(self, text: str) -> None:
        self._end_waiting()
        self.results.forget_place()
        self._show_list()
        self.words_changed.emit(text)

    def _on_clear_triggered(self) -> None:
        self.clear()
        self._on_text_edited("")

    def _on_results_picked(self, row: "LeadRow") -> None:
        self._pick(row)

    def _move(self, step: int) -> None:
        self._show_list()
        self.results.move_by(step)

    def _enter(self) -> None:
        if not self.results.isVisible():
            self._show_list()
        elif self._has_answer():
            self._pick(self.results.current)
        else:
            self._enter_waits = True
            self._patience.start()
            self.enter_waits.emit()

    def _has_answer(self) -> bool:
        """Whether the rows answer to the words typed; none, while more may come, is no answer."""
        return not self._view.is_stale and (bool(self._view.rows) or not self._view.is_busy)

    @Slot()
    def _end_waiting(self) -> None:
        self._patience.stop()
        if self._enter_waits:
            self._enter_waits = False
            self.enter_ended.emit(False)

    def _escape(self) -> None:
        self._end_waiting()
        if self.text():
            self._on_clear_triggered()
        else:
            self.results.hide()
            self.left.emit()

    def _pick(self, row: "LeadRow | None") -> None:
        if row is not None:
            self.results.hide()
            self.picked.emit(row)

    def _show_list(self) -> None:
        if not self._is_furnished:
            return
        self.results.show()
        self.results.raise_()
        self._place()

    def _place(self) -> None:
        corner = self.mapTo(self._over, QPoint(0, self.height() + 4)) if self.isVisible() else None
        if corner is None or self.results.isHidden():
            return
        room = self._over.width() - 2 * _MARGIN
        width = min(max(self.width(), 360), 640, room)
        left = min(corner.x(), self._over.width() - _MARGIN - width)
        self.results.setFixedWidth(width)
        below = self._over.height() - corner.y() - _MARGIN
        self.results.setGeometry(left, corner.y(), width, self.results.wanted_height(below))


def _with_command(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
