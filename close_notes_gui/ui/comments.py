"""The comments beneath a note, oldest first, and a small editor for one more.

Window thread. What is being written goes out by `written`; the field is emptied only when the
state says so, which is when the comment is on disk.
"""

from datetime import datetime

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from close_notes_gui.model.lead import Directory
from close_notes_gui.model.richtext import EMPTY_NOTE_HTML
from close_notes_gui.present.views import CommentsView, CommentView
from close_notes_gui.ui.autosave import Autosave
from close_notes_gui.ui.comment import CommentCard
from close_notes_gui.ui.held_keys import HeldFor, HeldKeys
from close_notes_gui.ui.labels import label
from close_notes_gui.ui.line_view import LineView
from close_notes_gui.ui.richtext.editor import NoteEditor

_LOWEST, _HIGHEST = 36, 160


class CommentEditor(NoteEditor):
    """Invariant: as high as what is written, within limits."""

    left = Signal()  # Esc

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("comment")
        self.setAccessibleName("Comment")
        self.setPlaceholderText("Write a comment")
        self.document().setDocumentMargin(8)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Ctrl+Enter is this editor's own: it must not send the note on the sheet."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() == Qt.Key.Key_Escape and not event.isAccepted():
            self.left.emit()
            event.accept()

    def sizeHint(self) -> QSize:
        return QSize(160, self.height())

    def _fit(self) -> None:
        wanted = round(self.document().documentLayout().documentSize().height()) + 4
        self.setFixedHeight(max(_LOWEST, min(wanted, _HIGHEST)))


class CommentsPanel(QFrame):
    """Invariant: what is typed is told within `Autosave`'s time, or at `flush`."""

    written = Signal(str)  # note_html of what is in the field
    added = Signal(str)  # note_html to be added
    acted = Signal(object)  # Action
    address_asked = Signal(str)
    left = Signal()

    def __init__(self, people: Directory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Comments")
        self._told = EMPTY_NOTE_HTML
        self._cards: dict[str, CommentCard] = {}
        self._line = LineView()
        self._none = label("No comments yet.", "quiet")
        self.editor = CommentEditor()
        self.editor.set_people(people)
        self._held = HeldKeys(self.editor)
        self._release_soon = QTimer(self)  # once all is drawn: a key may add the next comment
        self._release_soon.setSingleShot(True)
        self._release_soon.setInterval(0)
        self._release_soon.timeout.connect(lambda: self._held.release(HeldFor.SENDING))
        self._autosave = Autosave(self._tell, self)
        self.editor.revised.connect(self._autosave.touch)
        self.editor.sendRequested.connect(self._add)
        self.editor.linkClicked.connect(self.address_asked)
        self.editor.left.connect(self.left)
        keys = QKeySequence("Ctrl+Return").toString(QKeySequence.SequenceFormat.NativeText)
        self._button = QPushButton("Add")
        self._button.setAccessibleName("Add the comment")
        self._button.setToolTip(f"Add the comment  {keys}")
        self._button.clicked.connect(self._add)
        self._lay_out()

    def show_view(self, view: CommentsView, now: datetime) -> None:
        """Draw the comments; the field only where the state has another text than it told."""
        self._line.show_line(view.line)
        self._none.setVisible(not view.comments and view.line is None)
        self._show_comments(view.comments, now)
        if view.is_adding:
            self._release_soon.stop()
            self._held.hold(HeldFor.SENDING)
        text = view.text_html or EMPTY_NOTE_HTML
        if text != self._told:
            self._autosave.forget()
            self._told = text
            self.editor.load_note_html(text)
        if not view.is_adding and self._held.is_held_for(HeldFor.SENDING):
            self._release_soon.start()
        self._button.setEnabled(not view.is_adding)

    def flush(self) -> None:
        """Tell at once what was not told yet."""
        self.editor.take_in_rest()
        self._autosave.flush()

    def leave(self) -> None:
        """It is not wanted any more: tell what was not told yet, then go. Not at once, for the
        state is just being drawn.
        """
        QTimer.singleShot(0, self, self._end)

    @property
    def is_busy(self) -> bool:
        """Whether something typed was not told yet, or is being typed."""
        return self._autosave.is_due or self.editor.hasFocus()

    def _lay_out(self) -> None:
        self._column = QVBoxLayout()
        self._column.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.editor, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignBottom)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 4, 4, 4)
        whole.setSpacing(8)
        whole.addWidget(self._none)
        whole.addLayout(self._column)
        whole.addWidget(self._line)
        whole.addLayout(row)

    def _show_comments(self, comments: tuple[CommentView, ...], now: datetime) -> None:
        wanted = {comment.key for comment in comments}
        for key in [known for known in self._cards if known not in wanted]:
            card = self._cards.pop(key)
            card.hide()
            card.deleteLater()
        for place, comment in enumerate(comments):
            card = self._cards.get(comment.key) or self._card(comment.key)
            if self._column.indexOf(card) != place:
                self._column.insertWidget(place, card)
            card.show_comment(comment, now)

    def _card(self, key: str) -> CommentCard:
        card = self._cards[key] = CommentCard()
        card.acted.connect(self.acted)
        card.address_asked.connect(self.address_asked)
        return card

    def _tell(self) -> None:
        self._told = self.editor.note_html()
        self.written.emit(self._told)

    def _end(self) -> None:
        self.flush()
        self.deleteLater()

    def _add(self) -> None:
        self._autosave.forget()
        self._told = self.editor.note_html()
        self.added.emit(self._told)
