"""One comment, to read: who, when, what; and how it stands with it while it is on its way.

Window thread.
"""

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from close_notes_gui.present.views import CommentView
from close_notes_gui.ui.labels import ElidedLabel, label, plain_tip
from close_notes_gui.ui.line_view import LineView
from close_notes_gui.ui.richtext.view import NoteView
from close_notes_gui.ui.spoken_dates import exact_date, short_date


class CommentCard(QFrame):
    """Invariant: shows the comment last given; its text is drawn anew only when it changed."""

    acted = Signal(object)  # Action
    address_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("comment")
        self._comment: CommentView | None = None
        self._author = ElidedLabel("", "strong")
        self._when = label("", "quiet")
        self._text = NoteView()
        self._text.linkClicked.connect(self.address_asked)
        self._line = LineView()
        self._line.acted.connect(self.acted)
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self._author)
        top.addWidget(self._when)
        top.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(top)
        column.addWidget(self._text)
        column.addWidget(self._line)

    def show_comment(self, comment: CommentView, now: datetime) -> None:
        """Draw the comment."""
        self._when.setText(short_date(comment.at, now) if comment.at else "")
        before, self._comment = self._comment, comment
        if comment == before:
            return
        self.setAccessibleName(f"Comment by {comment.author}")
        self._author.setText(comment.author)
        self._when.setToolTip(plain_tip(exact_date(comment.at)) if comment.at else "")
        self._line.show_line(comment.line)
        if before is None or before.body_html != comment.body_html:
            self._text.show_note(comment.body_html)
