"""The notes of the lead: heading, filter, how it stands with them, and the list itself.

Window thread.
"""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from close_notes_gui.model.lead import Directory
from close_notes_gui.present.views import TimelineView
from close_notes_gui.ui.card_list import CardList
from close_notes_gui.ui.filter_row import FilterRow
from close_notes_gui.ui.icon_button import IconButton
from close_notes_gui.ui.labels import label
from close_notes_gui.ui.line_view import LineView
from close_notes_gui.ui.note_card import NoteCard
from close_notes_gui.ui.note_file import NoteFileButton
from close_notes_gui.ui.thumbnail import PictureSource


class Timeline(QWidget):
    """Invariant: shows the view last given; another lead begins at the top."""

    acted = Signal(object)  # Action
    address_asked = Signal(str)
    more_asked = Signal()
    refresh_asked = Signal()
    fold_toggled = Signal()
    file_asked = Signal(str, object)  # FileDeed, NoteFileView
    deed_asked = Signal(object, object)  # NoteDeed, NoteItem
    filter_changed = Signal(object)  # NoteFilter
    filter_opened = Signal()
    comment_written = Signal(str, str)  # NoteId, note_html
    comment_added = Signal(str, str)  # NoteId, note_html

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = TimelineView(None)
        self._source: PictureSource | None = None
        self._people = Directory()
        self._find = IconButton("filter", "Filter the notes", act="filter", checkable=True)
        self._find.clicked.connect(self._on_find_clicked)
        self._fold = IconButton("down", "Show or hide the notes")
        self._fold.clicked.connect(self.fold_toggled)
        self._refresh = IconButton("retry", "Load the notes again")
        self._refresh.clicked.connect(self.refresh_asked)
        self.filter = FilterRow()
        self.filter.changed.connect(self.filter_changed)
        self.filter.shut.connect(self._on_filter_shut)
        self._line = LineView()
        self._line.acted.connect(self.acted)
        self.list = CardList(self._make_card)
        self.list.end_neared.connect(self._on_list_end_neared)
        self._lay_out()

    def draw_pictures_from(self, source: PictureSource | None) -> None:
        """Who reads the pictures of files; before the first note."""
        self._source = source

    def show_people(self, people: Directory) -> None:
        """Who can be mentioned in comments."""
        if people != self._people:
            self._people = people
            for card in self.list.all_cards:
                card.show_people(people)

    def flush(self) -> None:
        """Tell what was typed as a comment and not told yet, also on cards out of sight."""
        for card in self.list.all_cards:
            card.flush()

    def show_view(self, view: TimelineView, now: datetime) -> None:
        """Draw the notes; another lead starts again at the top."""
        if view.lead_id != self._view.lead_id:
            self.list.start_anew()
            self.filter.setVisible(view.filter.is_active)
        elif view.filter != self._view.filter:
            self.list.start_anew()
        self._view = view
        self._refresh.setVisible(view.lead_id is not None)
        self._find.setVisible(view.lead_id is not None)
        self.filter.show_view(view)
        self._find.setChecked(not self.filter.isHidden())
        self._line.show_line(view.line)
        self.list.show_items(view.items, now)

    def show_fold(self, *, is_offered: bool, is_open: bool) -> None:
        """Whether the list can be folded away in this window, and whether it is open."""
        self._fold.setVisible(is_offered)
        self._fold.set_icon("down" if is_open else "up")
        self._body.setVisible(is_open or not is_offered)

    def head_height(self) -> int:
        """The height of the heading alone, in px."""
        return self._head.sizeHint().height()

    @property
    def cards(self) -> tuple[NoteCard, ...]:
        """The cards that exist now, from the top."""
        return self.list.cards

    def open_filter(self) -> None:
        """Let the rep say which notes to show."""
        if self._view.lead_id is not None:
            if self._body.isHidden():
                self.fold_toggled.emit()
            self.filter.open_row()
            self.filter_opened.emit()
            self._find.setChecked(True)

    def _make_card(self) -> NoteCard:
        card = NoteCard(self._source)
        card.file_asked.connect(self.file_asked)
        card.acted.connect(self.acted)
        card.address_asked.connect(self.address_asked)
        card.deed_asked.connect(self.deed_asked)
        card.comment_written.connect(self.comment_written)
        card.comment_added.connect(self.comment_added)
        card.show_people(self._people)
        card.step_asked.connect(lambda step: self.list.step_from(card, step))
        return card

    def file_button(self, url: str) -> NoteFileButton | None:
        """The button of the file at this address, where its note is drawn."""
        found = (card.file_button(url) for card in self.cards)
        return next((button for button in found if button is not None), None)

    def _lay_out(self) -> None:
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(4, 0, 0, 0)
        head.setSpacing(4)
        head.addWidget(label("Notes on this lead", "strong"), 1)
        for button in (self._find, self._refresh, self._fold):
            head.addWidget(button)
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(4)
        self._line.setContentsMargins(4, 0, 4, 0)
        body.addWidget(self.filter)
        body.addWidget(self._line)
        body.addWidget(self.list, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._head)
        column.addWidget(self._body, 1)

    def _on_find_clicked(self, is_on: bool) -> None:
        if is_on:
            self.open_filter()
        else:
            self.filter.close_row()

    def _on_filter_shut(self) -> None:
        self._find.setChecked(False)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_list_end_neared(self) -> None:
        if self._view.has_more and self._view.lead_id is not None and self._body.isVisible():
            self.more_asked.emit()
