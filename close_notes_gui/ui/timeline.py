"""The notes of the lead, newest first; cards are made only as far as one has scrolled.

Window thread.
"""

from datetime import datetime

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from close_notes_gui.present.views import NoteItem, TimelineView
from close_notes_gui.ui.icon_button import IconButton
from close_notes_gui.ui.labels import label
from close_notes_gui.ui.line_view import LineView
from close_notes_gui.ui.note_card import NoteCard
from close_notes_gui.ui.note_file import NoteFileButton
from close_notes_gui.ui.thumbnail import PictureSource

_FIRST_CARDS = 6
_MORE_CARDS = 4
_AHEAD_PX = 600


class Timeline(QWidget):
    """Invariant: the cards made are those of the first items, in order, one for each key."""

    acted = Signal(object)  # Action
    address_asked = Signal(str)
    more_asked = Signal()
    refresh_asked = Signal()
    fold_toggled = Signal()
    file_asked = Signal(str, object)  # FileDeed, NoteFileView

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = TimelineView(None)
        self._now: datetime | None = None
        self._source: PictureSource | None = None
        self._cards: dict[str, NoteCard] = {}
        self._fold = IconButton("down", "Show or hide the notes")
        self._fold.clicked.connect(self.fold_toggled)
        self._refresh = IconButton("retry", "Load the notes again")
        self._refresh.clicked.connect(self.refresh_asked)
        self._line = LineView()
        self._line.acted.connect(self.acted)
        self._scroll = QScrollArea()
        self._scroll.setAccessibleName("Notes on this lead")
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inside = QWidget()
        self._inside.setObjectName("scrolled")
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 4, 0)
        self._column.setSpacing(8)
        self._column.addStretch(1)
        self._scroll.setWidget(self._inside)
        self._bar = self._scroll.verticalScrollBar()
        self._bar.valueChanged.connect(self._on_bar_moved)
        self._bar.rangeChanged.connect(self._on_bar_moved)
        self._grow = QTimer(self)
        self._grow.setSingleShot(True)
        self._grow.setInterval(0)
        self._grow.timeout.connect(self._on_grow_timeout)
        self._lay_out()

    def draw_pictures_from(self, source: PictureSource | None) -> None:
        """Who reads the pictures of files; before the first note."""
        self._source = source

    def show_view(self, view: TimelineView, now: datetime) -> None:
        """Draw the notes; another lead starts again at the top."""
        if view.lead_id != self._view.lead_id:
            self._clear()
            self._bar.setValue(0)
        self._view, self._now = view, now
        self._refresh.setVisible(view.lead_id is not None)
        self._line.show_line(view.line)
        self._draw()

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
        """The cards made so far."""
        return tuple(self._cards.values())

    def file_button(self, url: str) -> NoteFileButton | None:
        """The button of the file at this address, where its note is drawn."""
        found = (card.file_button(url) for card in self._cards.values())
        return next((button for button in found if button is not None), None)

    def _lay_out(self) -> None:
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(4, 0, 0, 0)
        head.setSpacing(4)
        head.addWidget(label("Notes on this lead", "strong"), 1)
        head.addWidget(self._refresh)
        head.addWidget(self._fold)
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(4)
        self._line.setContentsMargins(4, 0, 4, 0)
        body.addWidget(self._line)
        body.addWidget(self._scroll, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._head)
        column.addWidget(self._body, 1)

    def _draw(self) -> None:
        made = max(_FIRST_CARDS, len(self._cards))
        items = self._view.items[:made]
        wanted = {item.key for item in items}
        for key in [known for known in self._cards if known not in wanted]:
            self._remove(key)
        for place, item in enumerate(items):
            self._put(place, item)
        self._cards = {item.key: self._cards[item.key] for item in items}
        self._grow.start()

    def _put(self, place: int, item: NoteItem) -> None:
        card = self._cards.get(item.key)
        if card is None:
            card = NoteCard(self._source)
            card.file_asked.connect(self.file_asked)
            card.acted.connect(self.acted)
            card.address_asked.connect(self.address_asked)
            self._cards[item.key] = card
        if self._column.indexOf(card) != place:
            self._column.insertWidget(place, card)
        if self._now is not None:
            card.show_item(item, self._now)

    def _remove(self, key: str) -> None:
        card = self._cards.pop(key)
        self._column.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _clear(self) -> None:
        for key in tuple(self._cards):
            self._remove(key)

    def _on_bar_moved(self) -> None:
        self._grow.start()

    def _on_grow_timeout(self) -> None:
        near_end = self._bar.value() + _AHEAD_PX >= self._bar.maximum()
        if not near_end or not self.isVisible():
            return
        made, items = len(self._cards), self._view.items
        if made < len(items):
            with QSignalBlocker(self._bar):
                for place in range(made, min(made + _MORE_CARDS, len(items))):
                    self._put(place, items[place])
            self._grow.start()
        elif self._view.has_more and self._view.lead_id is not None and self._body.isVisible():
            self.more_asked.emit()
