"""Thousands of notes in a list that scrolls: cards exist for what is in sight and a little around.

Window thread. A card that goes far out of sight is given to another note.
"""

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime
from itertools import accumulate
from time import perf_counter

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from close_notes_gui.present.views import NoteItem
from close_notes_gui.ui.note_card import NoteCard

_AHEAD_PX = 600  # made before it is in sight
_KEPT_PX = 1600  # kept after it was
_GAP = 8
_EDGE = 4
_FIRST_GUESS = 96
_AT_ONCE_S = 0.008  # of filling cards before the window may paint again


class CardList(QScrollArea):
    """Invariant: every card in sight shows its item at its place; what the rep looks at stays
    where it is while others come, go or turn out higher than they were thought to be.
    """

    end_neared = Signal()
    """The rep is near the last item: more may be loaded."""

    def __init__(self, make: Callable[[], NoteCard], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Notes on this lead")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._make = make
        self._items: tuple[NoteItem, ...] = ()
        self._places: dict[str, int] = {}
        self._now: datetime | None = None
        self._cards: dict[str, NoteCard] = {}
        self._spare: list[NoteCard] = []
        self._heights: dict[str, int] = {}
        self._unsure: set[NoteCard] = set()  # cards that may want another height
        self._sizes: list[int] = []
        self._bottoms: list[int] = []
        self._width = 0
        self._is_settling = False
        self._inside = QWidget()
        self._inside.setObjectName("cards")
        self._inside.setAutoFillBackground(True)  # opaque: scrolled by moving what is painted
        self.setWidget(self._inside)
        self._bar = self.verticalScrollBar()
        self._bar.setSingleStep(40)
        self._bar.valueChanged.connect(self._on_bar_value_changed)
        self._settle_soon = QTimer(self)
        self._settle_soon.setSingleShot(True)
        self._settle_soon.setInterval(0)
        self._settle_soon.timeout.connect(self._settle)

    @property
    def cards(self) -> tuple[NoteCard, ...]:
        """The cards that exist, from the top."""
        keys = (key for key in self._cards if key in self._places)
        return tuple(self._cards[key] for key in sorted(keys, key=self._places.__getitem__))

    @property
    def all_cards(self) -> tuple[NoteCard, ...]:
        """Those in use and those to spare."""
        return (*self._cards.values(), *self._spare)

    def show_items(self, items: tuple[NoteItem, ...], now: datetime) -> None:
        """Draw these, in this order."""
        self._now = now
        anchor = self._anchor()
        marked = self._marked_place()
        self._items = items
        self._places = {item.key: place for place, item in enumerate(items)}
        self._is_settling = True  # keys given to a field may move the list while it is drawn
        try:
            for key, card in tuple(self._cards.items()):
                if key in self._places:
                    card.show_item(items[self._places[key]], now)
                else:
                    self._spare_card(key)
            self._guess()
            self._hold(anchor)
        finally:
            self._is_settling = False
        self._settle()
        if marked is not None and items and self.hasFocus():  # the marked one is gone
            self._focus_place(min(marked, len(items) - 1))

    def start_anew(self) -> None:
        """Other notes come: from the top."""
        self._items, self._places = (), {}
        self._is_settling = True
        for key in tuple(self._cards):
            self._spare_card(key)
        self._is_settling = False
        self._heights.clear()
        self._guess()
        self._bar.setValue(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """With no card marked, the arrows mark the first in sight."""
        cards = [c for c in self.cards if not c.visibleRegion().isEmpty()]
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up} and cards:
            cards[0].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    def step_from(self, card: NoteCard, step: int) -> None:
        """Give the focus to the card so many places on."""
        item = card.item
        place = self._places.get(item.key, -1) if item is not None else -1
        if place >= 0 and 0 <= place + step < len(self._items):
            self._focus_place(place + step)

    def sizeHint(self) -> QSize:
        return QSize(240, 240)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._is_settling:
            return
        cards = [c for c in self.cards if not c.visibleRegion().isEmpty()]
        if cards and event.reason() is not Qt.FocusReason.BacktabFocusReason:
            cards[0].setFocus(event.reason())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A card wants another height: a long note came in, comments were opened."""
        if event.type() == QEvent.Type.LayoutRequest and isinstance(watched, NoteCard):
            self._unsure.add(watched)
            self._settle_soon.start()
        return super().eventFilter(watched, event)

    # ------------------------------------------------------------------ where things are

    def _guess(self) -> None:
        """A height for each item: the one known, or what the others have on average."""
        known = self._heights.values()
        guess = round(sum(known) / len(known)) if known else _FIRST_GUESS
        self._sizes = [self._heights.get(item.key, guess) + _GAP for item in self._items]
        self._reckon()

    def _reckon(self) -> None:
        """The places of all. Often: it must stay quick with thousands."""
        self._bottoms = list(accumulate(self._sizes))
        total = self._bottoms[-1] if self._bottoms else 0
        self._inside.resize(self.viewport().width(), total)

    def _top(self, place: int) -> int:
        return self._bottoms[place - 1] if place else 0

    def _place_at(self, y: int) -> int:
        return min(bisect_right(self._bottoms, y), max(len(self._items) - 1, 0))

    def _anchor(self) -> tuple[str, int] | None:
        """What is at the top of what is in sight, and by how much it is cut; at the very top
        nothing is held, so that new notes come into sight.
        """
        if self._bar.value() <= 0 or not self._items:
            return None
        place = self._place_at(self._bar.value())
        return self._items[place].key, self._bar.value() - self._top(place)

    def _hold(self, anchor: tuple[str, int] | None) -> None:
        place = self._places.get(anchor[0]) if anchor is not None else None
        if anchor is not None and place is not None:
            self._bar.setValue(self._top(place) + anchor[1])

    # ------------------------------------------------------------------ cards

    def _on_bar_value_changed(self) -> None:
        if not self._is_settling:
            self._settle()

    def _settle(self) -> None:
        """Make, place and give up cards as what is in sight demands."""
        if self._is_settling or self._now is None:
            return
        self._is_settling = True
        try:
            is_done = self._place_cards()
        finally:
            self._is_settling = False
        if not is_done:
            self._settle_soon.start()
        elif self._bar.value() + self.viewport().height() + _AHEAD_PX >= self._inside.height():
            self.end_neared.emit()

    def _place_cards(self) -> bool:
        """Whether all that shall exist does."""
        width = self.viewport().width() - _EDGE
        anchor = self._anchor()
        if width != self._width:
            self._width = width
            self._heights.clear()
            self._unsure.update(self._cards.values())
            self._guess()
        missing = self._missing()
        filled, began = 0, perf_counter()
        for place in missing:
            self._fill(self._items[place])
            filled += 1
            if perf_counter() - began > _AT_ONCE_S:
                break
        unsure, self._unsure = self._unsure, set()
        changed = [
            k for k, card in self._cards.items() if card in unsure and self._measure(k, card)
        ]
        if changed or self._inside.width() != self.viewport().width():
            self._reckon()
            self._hold(anchor)
        for key, card in self._cards.items():
            place = self._places[key]
            rect = QRect(0, self._top(place), width, self._heights[key])
            if card.geometry() != rect:
                card.setGeometry(rect)
        if changed:
            self._follow_focus()
        self._give_up()
        return not changed and filled == len(missing)

    def _follow_focus(self) -> None:
        """What the rep types into stays in sight while things around it grow."""
        focus = QApplication.focusWidget()
        card = next((c for c in self._cards.values() if focus and c.isAncestorOf(focus)), None)
        if focus is not None and card is not None:
            self.ensureWidgetVisible(focus, 0, 3 * _GAP)

    def _missing(self) -> list[int]:
        """Places without a card that shall have one, those in sight first."""
        if not self._items:
            return []
        top, height = self._bar.value(), self.viewport().height()
        first = self._place_at(max(0, top - _AHEAD_PX))
        last = self._place_at(top + height + _AHEAD_PX)
        wanted = [p for p in range(first, last + 1) if self._items[p].key not in self._cards]
        bottom = top + height
        return sorted(wanted, key=lambda p: self._bottoms[p] <= top or self._top(p) >= bottom)

    def _fill(self, item: NoteItem) -> None:
        assert self._now is not None
        card = self._spare.pop() if self._spare else self._new_card()
        card.show_item(item, self._now)
        card.show()
        self._cards[item.key] = card
        self._unsure.add(card)

    def _new_card(self) -> NoteCard:
        card = self._make()
        card.setParent(self._inside)
        card.installEventFilter(self)
        return card

    def _measure(self, key: str, card: NoteCard) -> bool:
        """Whether the card's height is another one than was thought."""
        height = card.height_at(self._width)
        was = self._heights.get(key)
        self._heights[key] = height
        self._sizes[self._places[key]] = height + _GAP
        return was != height

    def _give_up(self) -> None:
        top, height = self._bar.value(), self.viewport().height()
        focus = QApplication.focusWidget()
        for key, card in tuple(self._cards.items()):
            place = self._places[key]
            is_far = self._bottoms[place] < top - _KEPT_PX
            is_far = is_far or self._top(place) > top + height + _KEPT_PX
            is_held = focus is not None and (focus is card or card.isAncestorOf(focus))
            if is_far and not is_held and not card.is_busy:
                self._spare_card(key)

    def _spare_card(self, key: str) -> None:
        card = self._cards.pop(key)
        if card.hasFocus() or card.isAncestorOf(QApplication.focusWidget() or self):
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        card.hide()
        self._spare.append(card)

    def _marked_place(self) -> int | None:
        marked = next((key for key, card in self._cards.items() if card.hasFocus()), None)
        return self._places.get(marked) if marked is not None else None

    def _focus_place(self, place: int) -> None:
        top, bottom = self._top(place), self._bottoms[place] - _GAP
        view_top, view_height = self._bar.value(), self.viewport().height()
        if top < view_top:
            self._bar.setValue(top)
        elif bottom > view_top + view_height:
            self._bar.setValue(min(top, bottom - view_height))
        key = self._items[place].key
        if key not in self._cards:
            self._fill(self._items[place])
            self._settle()
        self._cards[key].setFocus(Qt.FocusReason.TabFocusReason)
