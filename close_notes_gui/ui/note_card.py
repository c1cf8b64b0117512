"""A note of the lead, to read: who, when, title, text, files; or one still on its way.

Window thread. The text is drawn by NoteView, which takes nothing that `markup` does not know.
"""

from datetime import datetime

from PySide6.QtCore import QEvent, QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from close_notes_gui.present.views import NoteFileView, NoteItem
from close_notes_gui.present.when import relative
from close_notes_gui.ui import icons, theme
from close_notes_gui.ui.date_field import to_qt
from close_notes_gui.ui.flow import FlowLayout
from close_notes_gui.ui.labels import ElidedLabel, label, plain_tip
from close_notes_gui.ui.layouts import empty
from close_notes_gui.ui.line_view import LineView
from close_notes_gui.ui.note_file import NoteFileButton
from close_notes_gui.ui.richtext.view import NoteView
from close_notes_gui.ui.thumbnail import PictureSource


def exact_date(at: datetime) -> str:
    """The instant in the rep's time zone and locale, in full."""
    return QLocale().toString(to_qt(at), QLocale.FormatType.LongFormat)


def short_date(at: datetime, now: datetime) -> str:
    """As people say it where it is near, else the date in the rep's locale."""
    return relative(at, now) or QLocale().toString(to_qt(at), QLocale.FormatType.ShortFormat)


class NoteCard(QFrame):
    """Invariant: shows the item last given; the text is drawn anew only when it changed."""

    acted = Signal(object)  # Action
    address_asked = Signal(str)
    file_asked = Signal(str, object)  # FileDeed, NoteFileView

    def __init__(self, source: PictureSource | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._buttons: list[NoteFileButton] = []
        self._item: NoteItem | None = None
        self._pin = QLabel()
        self._pin.setToolTip("Pinned")
        self._author = ElidedLabel("", "strong")
        self._when = label("", "quiet")
        self._about = ElidedLabel("", "quiet")
        self._title = label("", "strong", wrap=True)
        self._text = NoteView()
        self._text.linkClicked.connect(self.address_asked)
        self._text.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._pending = LineView()
        self._pending.acted.connect(self.acted)
        self._files = QWidget()
        self._flow = FlowLayout(self._files, gap=4)
        self._lay_out()

    def file_button(self, url: str) -> NoteFileButton | None:
        """The button of the file at this address."""
        return next((button for button in self._buttons if button.url == url), None)

    def show_item(self, item: NoteItem, now: datetime) -> None:
        """Draw the item."""
        self._when.setText(short_date(item.at, now) if item.at else "")
        if item == self._item:
            return
        before, self._item = self._item, item
        self.setObjectName("card" if item.pending is None else "cardPending")
        self.style().polish(self)
        self._author.setText(item.author or "Unknown")
        self._when.setToolTip(plain_tip(exact_date(item.at)) if item.at else "")
        contact = f"with {item.contact}" if item.contact else ""
        self._about.setText("  ·  ".join(part for part in (contact, item.comments) if part))
        self._about.setVisible(bool(item.contact or item.comments))
        self._title.setText(item.title)
        self._title.setVisible(bool(item.title))
        self._pin.setVisible(item.pinned)
        self._draw_pin()
        self._pending.show_line(item.pending)
        if before is None or before.note_html != item.note_html:
            self._text.show_note(item.note_html)
        if before is None or before.files != item.files:
            self._draw_files(item.files)
        self.setAccessibleName(f"Note by {item.author}, {self._when.text()}")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._item is not None:
            self._draw_pin()
            self._draw_files(self._item.files)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self._pin)
        top.addWidget(self._author)
        top.addWidget(self._when)
        top.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addWidget(self._files)
        column.addWidget(self._about)
        column.addWidget(self._pending)

    def _draw_pin(self) -> None:
        color = theme.now().accent_text
        self._pin.setPixmap(icons.pixmap("pin", color, 16, self.devicePixelRatioF()))

    def _draw_files(self, files: tuple[NoteFileView, ...]) -> None:
        if [file.url for file in files] == [button.url for button in self._buttons]:
            for button, file in zip(self._buttons, files, strict=True):
                button.show_view(file)
            return
        empty(self._flow)
        self._buttons = [NoteFileButton(file, self._source) for file in files]
        for button in self._buttons:
            button.asked.connect(self.file_asked)
            self._flow.addWidget(button)
        self._files.setVisible(bool(files))
