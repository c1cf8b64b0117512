"""Which notes of the lead are shown: words, author, days, pinned, with files; in one or two rows.

Window thread.
"""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from close_notes_gui.present.filtering import NoteFilter
from close_notes_gui.present.views import AuthorChoice, TimelineView
from close_notes_gui.ui import icons
from close_notes_gui.ui.icon_button import IconButton
from close_notes_gui.ui.labels import ElidedLabel
from close_notes_gui.ui.range_popup import RangePopup, range_words

_REST_MS = 150  # thousands of notes are not looked through for every letter


class FilterRow(QFrame):
    """Invariant: shows the filter that counts; shut, none does."""

    changed = Signal(object)  # NoteFilter
    shut = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filter")
        self.setAccessibleName("Filter the notes")
        self._filter = NoteFilter()
        self._authors: tuple[AuthorChoice, ...] = ()
        self._popup: RangePopup | None = None
        self._words = QLineEdit(placeholderText="Words in the notes")
        self._words.setAccessibleName("Words in the notes")
        self._words.setMaxLength(200)
        self._glass = self._words.addAction(
            icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition
        )
        self._clear = self._words.addAction(
            icons.icon("clear"), QLineEdit.ActionPosition.TrailingPosition
        )
        self._clear.setToolTip("Clear")
        self._clear.setVisible(False)
        self._clear.triggered.connect(self._words.clear)
        self._words.textChanged.connect(self._on_words_changed)
        self._words.returnPressed.connect(self._tell_words)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._tell_words)
        self._make_choices()
        self._found = ElidedLabel("", "quiet")
        self._close = IconButton("close", "Show all notes", key="Esc")
        self._close.clicked.connect(self.close_row)
        self._lay_out()
        self.hide()

    def _make_choices(self) -> None:
        self._author = QComboBox()
        self._author.setObjectName("quiet")
        self._author.setAccessibleName("Author")
        self._author.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._author.setMinimumContentsLength(7)
        self._author.activated.connect(self._on_author_activated)
        self._days = QToolButton()
        self._days.setObjectName("quiet")
        self._days.setAccessibleName("Days")
        self._days.setToolTip("Notes of which days")
        self._days.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._days.clicked.connect(self._on_days_clicked)
        self._pinned = IconButton("pin", "Only pinned notes", checkable=True)
        self._pinned.clicked.connect(lambda on: self._change(is_pinned=on))
        self._files = IconButton("attach", "Only notes with files", checkable=True)
        self._files.clicked.connect(lambda on: self._change(has_files=on))

    def show_view(self, view: TimelineView) -> None:
        """Draw the filter and how much fits it."""
        self._filter = view.filter
        if view.filter.is_active and self.isHidden():
            self.show()
        if not self._rest.isActive() and self._words.text() != view.filter.words:
            self._words.setText(view.filter.words)
            self._rest.stop()
        if view.authors != self._authors:
            self._authors = view.authors
            self._author.clear()
            for author in view.authors:
                self._author.addItem(author.label)
        places = [i for i, a in enumerate(self._authors) if a.user_id == view.filter.user_id]
        self._author.setCurrentIndex(places[0] if places else 0)
        self._days.setText(range_words(view.filter.since, view.filter.until))
        self._pinned.setChecked(view.filter.is_pinned)
        self._files.setChecked(view.filter.has_files)
        self._found.setText(view.found)
        self._found.setVisible(bool(view.found))

    def open_row(self) -> None:
        """Show it and let the rep type."""
        self.show()
        self._words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._words.selectAll()

    def close_row(self) -> None:
        """Show all notes again."""
        self._rest.stop()
        self._words.clear()
        self._rest.stop()
        self.hide()
        self.changed.emit(NoteFilter())
        self.shut.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_row()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_glass"):
            self._glass.setIcon(icons.icon("search"))
            self._clear.setIcon(icons.icon("clear"))

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(4)
        first.addWidget(self._words, 1)
        first.addWidget(self._close)
        second = QHBoxLayout()
        second.setSpacing(2)
        for widget in (self._author, self._days, self._pinned, self._files):
            second.addWidget(widget)
        second.addStretch(0)
        second.addWidget(self._found, 1, Qt.AlignmentFlag.AlignRight)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 4, 4)
        column.setSpacing(2)
        column.addLayout(first)
        column.addLayout(second)

    def _on_words_changed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self._rest.start()

    def _tell_words(self) -> None:
        self._rest.stop()
        self._change(words=self._words.text())

    def _on_author_activated(self, place: int) -> None:
        self._change(user_id=self._authors[place].user_id)

    def _on_days_clicked(self) -> None:
        self._shut_popup()
        popup = self._popup = RangePopup(self.window())
        popup.taken.connect(self._on_popup_taken)
        popup.left.connect(self._shut_popup)
        popup.begin(self._filter.since, self._filter.until)
        corner = self._days.mapTo(self.window(), QPoint(0, 0))
        popup.show_at(QRect(corner, self._days.size()))
        popup.focus_words()

    def _on_popup_taken(self, since: object, until: object) -> None:
        self._shut_popup()
        self._change(since=since, until=until)

    def _shut_popup(self) -> None:
        popup, self._popup = self._popup, None
        if popup is not None:
            focus: QWidget | None = self.window().focusWidget()
            if focus is not None and popup.isAncestorOf(focus):
                self._days.setFocus(Qt.FocusReason.OtherFocusReason)
            popup.hide()
            popup.deleteLater()

    def _change(self, **changes: Any) -> None:
        changed = replace(self._filter, **changes)
        if changed != self._filter:
            self._filter = changed
            self.changed.emit(changed)
