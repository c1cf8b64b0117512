"""A note of the lead, to read: who, when, title, text, files; or one still on its way.

Window thread. The text is drawn by NoteView, which takes nothing that `markup` does not know.
What can be done with it is in its menu, and on keys while the card has the focus.
"""

from datetime import datetime

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from close_notes_gui.model.lead import Directory
from close_notes_gui.present.views import NoteFileView, NoteItem, Tone
from close_notes_gui.present.when import plural
from close_notes_gui.ui import icons, theme
from close_notes_gui.ui.comments import CommentsPanel
from close_notes_gui.ui.flow import FlowLayout
from close_notes_gui.ui.icon_button import IconButton
from close_notes_gui.ui.labels import ElidedLabel, label, plain_tip
from close_notes_gui.ui.layouts import empty
from close_notes_gui.ui.line_view import LineView
from close_notes_gui.ui.note_file import NoteFileButton
from close_notes_gui.ui.note_menu import NoteDeed, deed_of, deeds_for, open_note_menu
from close_notes_gui.ui.richtext.view import NoteView
from close_notes_gui.ui.spoken_dates import exact_date, short_date
from close_notes_gui.ui.thumbnail import PictureSource

_PASSES = 4
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_J: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_K: -1}


class NoteCard(QFrame):
    """Invariant: shows the item last given; the text is drawn anew only when it changed."""

    acted = Signal(object)  # Action
    address_asked = Signal(str)
    file_asked = Signal(str, object)  # FileDeed, NoteFileView
    deed_asked = Signal(object, object)  # NoteDeed, NoteItem
    step_asked = Signal(int)  # the focus goes so many cards on
    comment_written = Signal(str, str)  # NoteId, note_html of what is in the field
    comment_added = Signal(str, str)  # NoteId, note_html

    def __init__(self, source: PictureSource | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._source = source
        self._buttons: list[NoteFileButton] = []
        self._item: NoteItem | None = None
        self._has_menu_open = False
        self._people = Directory()
        self._panel: CommentsPanel | None = None
        self._pin = QLabel()
        self._pin.setToolTip("Pinned")
        self._author = ElidedLabel("", "strong")
        self._when = label("", "quiet")
        self._more = IconButton("more", "What to do with this note")
        self._more.setObjectName("cross")
        self._more.setFixedSize(24, 20)
        self._more.clicked.connect(self._on_more_clicked)
        keeps_room = self._more.sizePolicy()
        keeps_room.setRetainSizeWhenHidden(True)
        self._more.setSizePolicy(keeps_room)
        self._more.hide()
        self._about = ElidedLabel("", "quiet")
        self._comments = QPushButton()
        self._comments.setObjectName("act")
        self._comments.clicked.connect(lambda: self._ask(NoteDeed.COMMENTS))
        self._title = label("", "strong", wrap=True)
        self._text = NoteView()
        self._text.linkClicked.connect(self.address_asked)
        self._text.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._text.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # the card has one
        self._pending, self._line, self._brief = LineView(), LineView(), LineView(wrap=False)
        for line in (self._pending, self._line, self._brief):
            line.acted.connect(self.acted)
        self._files = QWidget()
        self._flow = FlowLayout(self._files, gap=4)
        self._lay_out()

    @property
    def item(self) -> NoteItem | None:
        """What it shows."""
        return self._item

    def file_button(self, url: str) -> NoteFileButton | None:
        """The button of the file at this address."""
        return next((button for button in self._buttons if button.url == url), None)

    def show_people(self, people: Directory) -> None:
        """Who can be mentioned in a comment."""
        self._people = people
        if self._panel is not None:
            self._panel.editor.set_people(people)

    def flush(self) -> None:
        """Tell what was typed as a comment and not told yet."""
        if self._panel is not None:
            self._panel.flush()

    def focus_comment(self) -> None:
        """Let the rep write a comment."""
        if self._panel is not None:
            self._panel.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_item(self, item: NoteItem, now: datetime) -> None:
        """Draw the item."""
        self._when.setText(short_date(item.at, now) if item.at else "")
        if self._item is None or item.key != self._item.key:
            self._drop_panel()
        self._show_comments(item, now)
        if item == self._item:
            return
        before, self._item = self._item, item
        self.setObjectName("card" if item.pending is None else "cardPending")
        self.style().polish(self)
        self._author.setText(item.author or "Unknown")
        self._when.setToolTip(plain_tip(exact_date(item.at)) if item.at else "")
        self._about.setText(f"with {item.contact}" if item.contact else "")
        self._title.setText(item.title)
        self._comments.setText(_comments_words(item))
        self._draw_pin()
        self._pending.show_line(item.pending)
        is_brief = item.line is not None and item.line.tone in {Tone.QUIET, Tone.BUSY}
        self._line.show_line(None if is_brief else item.line)
        self._brief.show_line(item.line if is_brief else None)
        if before is None or before.note_html != item.note_html:
            self._text.show_note(item.note_html)
        if before is None or before.files != item.files:
            self._draw_files(item.files)
        self._show_parts(item)
        self.setAccessibleName(f"Note by {item.author}, {self._when.text()}")

    @property
    def is_busy(self) -> bool:
        """Whether it holds something that must not be given up: an open menu, words just typed."""
        return self._has_menu_open or (self._panel is not None and self._panel.is_busy)

    def height_at(self, width: int) -> int:
        """The height that it wants at this width; it takes the width."""
        layout = self._column
        if self.width() != width:
            self.resize(width, self.height())
        height = -1
        for _ in range(_PASSES):  # the text knows its height only once it has its width
            layout.activate()
            by_width = layout.hasHeightForWidth()
            size = layout.totalSizeHint()
            wanted = layout.totalHeightForWidth(width) if by_width else size.height()
            if wanted == height:
                break
            height = wanted
            if height != self.height():
                self.resize(width, height)
        return height

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._show_more()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._show_more()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_more()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_more()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of the menu; Up and Down go from card to card."""
        step = _STEPS.get(Qt.Key(event.key()))
        deed = deed_of(event.keyCombination(), self._item) if self._item is not None else None
        if deed is not None:
            self._ask(deed)
        elif step is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.step_asked.emit(step)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        is_by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        self._open_menu(self._below_more() if is_by_key else event.globalPos())

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
        top.addWidget(self._more)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._about)
        foot.addWidget(self._comments)
        foot.addStretch(1)
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(4)
        for part in (self._title, self._text, self._files):
            body.addWidget(part)
        body.addLayout(foot)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 8)
        column.setSpacing(4)
        column.addLayout(top)
        for part in (self._body, self._pending, self._line, self._brief):
            column.addWidget(part)

    def _show_parts(self, item: NoteItem) -> None:
        self._body.setVisible(not item.is_deleted)
        self._about.setVisible(bool(item.contact))
        has_any = item.comment_count > 0 or item.has_comment_begun
        self._comments.setVisible(has_any or item.comments is not None)
        self._title.setVisible(bool(item.title))
        self._pin.setVisible(item.pinned and not item.is_deleted)
        self._files.setVisible(bool(item.files))
        self._show_more()

    def _show_comments(self, item: NoteItem, now: datetime) -> None:
        view = item.comments
        if view is None or item.is_deleted:
            self._drop_panel()
            return
        if self._panel is None:
            self._panel = self._new_panel(item.key)
        self._panel.show_view(view, now)

    def _new_panel(self, note_id: str) -> CommentsPanel:
        panel = CommentsPanel(self._people)
        panel.acted.connect(self.acted)
        panel.address_asked.connect(self.address_asked)
        panel.written.connect(lambda text: self.comment_written.emit(note_id, text))
        panel.added.connect(lambda text: self.comment_added.emit(note_id, text))
        panel.left.connect(lambda: self.setFocus(Qt.FocusReason.OtherFocusReason))
        self._column.addWidget(panel)
        return panel

    def _drop_panel(self) -> None:
        panel, self._panel = self._panel, None
        if panel is not None:
            self._column.removeWidget(panel)
            panel.hide()
            panel.leave()

    def _show_more(self) -> None:
        """The button is in sight where it can be wanted."""
        has_deeds = self._item is not None and bool(deeds_for(self._item))
        is_near = self.underMouse() or self.hasFocus() or self._has_menu_open
        self._more.setVisible(has_deeds and (is_near or self._more.hasFocus()))

    def _on_more_clicked(self) -> None:
        self._open_menu(self._below_more())

    def _below_more(self) -> QPoint:
        return self._more.mapToGlobal(QPoint(0, self._more.height()))

    def _open_menu(self, at: QPoint) -> None:
        if self._item is None or not deeds_for(self._item):
            return
        self._has_menu_open = True
        menu = open_note_menu(self, self._item, self._ask, at)
        if self._text.textCursor().hasSelection():
            first = menu.actions()[0]
            words = menu.addAction("Copy selected words")
            words.triggered.connect(self._text.copy)
            menu.insertAction(first, words)
            menu.insertSeparator(first)
        menu.aboutToHide.connect(self._on_menu_about_to_hide)

    def _on_menu_about_to_hide(self) -> None:
        self._has_menu_open = False
        self._show_more()

    def _ask(self, deed: NoteDeed) -> None:
        if self._item is not None:
            self.deed_asked.emit(deed, self._item)

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


def _comments_words(item: NoteItem) -> str:
    if item.comments is not None:
        return "Hide comments"
    if item.has_comment_begun:
        return "Go on with your comment"
    return plural(item.comment_count, "comment", "comments")
