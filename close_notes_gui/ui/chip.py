"""One attachment: its kind, name, size, how far it is, and what can be done with it.

Window thread. Where it may be dropped is the strip's to know: the chip tells how it is pulled.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QProgressBar, QWidget

from close_notes_gui.present.views import ChipView, Tone
from close_notes_gui.ui.file_icons import icon_for
from close_notes_gui.ui.file_menu import open_menu
from close_notes_gui.ui.icon_button import IconButton
from close_notes_gui.ui.labels import ElidedLabel, plain_tip
from close_notes_gui.ui.line_view import tone_color
from close_notes_gui.ui.press import Press
from close_notes_gui.ui.thumbnail import PictureSource, Thumbnail

_LEAST = 164
_LEAST_TO_READ = 280
_NARROWEST = 184
_WIDEST = 440
_BESIDE_NAME = 100  # icon, buttons and margins


class Chip(QFrame):
    """Invariant: shows the last view given; its id never changes. Each `pulled` is followed by
    more of them, and in the end by `let_go` or `pull_ended`.
    """

    remove_asked = Signal()
    retry_asked = Signal()
    open_asked = Signal()
    reveal_asked = Signal()
    preview_asked = Signal()
    copy_asked = Signal()
    renamed = Signal(str)
    moved = Signal(int)  # by so many places
    pulled = Signal(QPoint)  # dragged by the mouse to this point of the screen
    let_go = Signal(QPoint)  # and dropped there
    pull_ended = Signal()  # without a drop

    def __init__(
        self, view: ChipView, source: PictureSource | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._view: ChipView | None = None
        self._source = source
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._icon = Thumbnail(28)
        self._press = Press()
        self._field: QLineEdit | None = None
        self._name = ElidedLabel("", "", mode=Qt.TextElideMode.ElideMiddle)
        self._status = ElidedLabel("", "quiet")
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Upload")
        self._retry = IconButton("retry", "Try again")
        self._retry.clicked.connect(self.retry_asked)
        self._remove = IconButton("close", "Remove")
        self._remove.clicked.connect(self.remove_asked)
        for button in (self._retry, self._remove):
            button.setObjectName("cross")
            button.setFixedSize(22, 22)
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 4, 6, 4)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(0)
        grid.addWidget(self._icon, 0, 0, 2, 1)
        grid.addWidget(self._name, 0, 1)
        grid.addWidget(self._status, 1, 1)
        grid.addWidget(self._retry, 0, 2, 2, 1)
        grid.addWidget(self._remove, 0, 3, 2, 1)
        grid.addWidget(self._bar, 2, 0, 1, 4)
        grid.setColumnStretch(1, 1)
        policy = self._bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(policy)
        self.show_view(view)

    def sizeHint(self) -> QSize:
        """As wide as the name needs, within bounds; wider where there is something to read."""
        is_bad = self._view is not None and self._view.tone is Tone.BAD
        texts = [self._name.text()]
        if self._view is not None:  # as it will be when up, so that progress moves nothing
            texts.append(f"{self._view.size} · Ready")
            texts += [self._status.text()] if self._view.remark else []
        named = max(map(self.fontMetrics().horizontalAdvance, texts)) + _BESIDE_NAME
        width = _WIDEST if is_bad else min(max(named, _NARROWEST), _WIDEST // 2)
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        is_bad = self._view is not None and self._view.tone is Tone.BAD
        return QSize(_LEAST_TO_READ if is_bad else _LEAST, super().minimumSizeHint().height())

    def show_view(self, view: ChipView) -> None:
        """Draw the view."""
        if view == self._view:
            return
        self._view = view
        self.setObjectName("chipBad" if view.tone is Tone.BAD else "chip")
        self.style().polish(self)
        self._name.setText(view.name)
        parts = (view.remark, view.size, view.status)
        said = view.status if view.tone is Tone.BAD else "  ·  ".join(p for p in parts if p)
        self._status.setText(said)
        quiet = view.tone in {Tone.QUIET, Tone.BUSY}
        self._status.setObjectName("quiet" if quiet else f"tone{view.tone.value.title()}")
        self._status.style().polish(self._status)
        self._retry.setVisible(view.can_retry)
        self._bar.setVisible(view.fraction is not None)
        self._bar.setValue(round((view.fraction or 0.0) * 1000))
        self._retry.setAccessibleName(f"Try again {view.name}")
        self._remove.setAccessibleName(f"Remove {view.name}")
        self.setAccessibleName(f"{view.name}, {view.size}, {view.status}")
        lines = (view.name, view.size, view.status, view.remark)
        self.setToolTip(plain_tip("\n".join(line for line in lines if line)))
        self._draw_icon()
        self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icon()

    def _draw_icon(self) -> None:
        view = self._view
        if view is not None:
            name = icon_for(view.content_type, view.name)
            self._icon.show_file(name, tone_color(view.tone), view.picture, self._source)
            hand = Qt.CursorShape.PointingHandCursor if view.picture else Qt.CursorShape.ArrowCursor
            self._icon.setCursor(hand)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space looks, Enter opens, Ctrl+C copies, F2 names, Delete takes off, Alt and an arrow
        moves; Esc lets it stay where it was before it was pulled.
        """
        if event.key() == Qt.Key.Key_Escape and self._press.is_pulled:
            self.end_press()
            self.pull_ended.emit()
            return
        deed = self._keys().get((event.modifiers(), Qt.Key(event.key())))
        if deed is None:
            super().keyPressEvent(event)
        else:
            deed()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._press.begin(event)
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        was_pull = self._press.is_pulled
        if self._press.is_pull(event):
            if not was_pull:  # over all widgets that the pointer comes by
                QGuiApplication.setOverrideCursor(Qt.CursorShape.ClosedHandCursor)
            self.pulled.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_pull, was_click = self._press.is_pulled, self._press.is_click
        self.end_press()
        if was_pull:
            self.let_go.emit(event.globalPosition().toPoint())
        elif was_click and self._is_on_picture(event):
            self.preview_asked.emit()

    def end_press(self) -> None:
        """The button is up, or the drag goes its own way; harmless when over already."""
        if self._press.is_pulled:
            QGuiApplication.restoreOverrideCursor()
        self._press.end()

    def _is_on_picture(self, event: QMouseEvent) -> bool:
        has_picture = self._view is not None and self._view.picture is not None
        return has_picture and self._icon.geometry().contains(event.position().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._name.geometry().contains(event.position().toPoint()):
            self.edit_name()
        elif not self._is_on_picture(event):  # there, the first click has shown it
            self.open_asked.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        can_open = self._view is not None and self._view.can_open
        has_picture = self._view is not None and self._view.picture is not None
        open_menu(
            self,
            (
                ("Preview", self.preview_asked.emit, has_picture),
                ("Open", self.open_asked.emit, can_open),
                ("Show in folder", self.reveal_asked.emit, can_open),
                ("Copy", self.copy_asked.emit, can_open),
                ("Rename", self.edit_name, True),
                ("Move left", lambda: self.moved.emit(-1), True),
                ("Move right", lambda: self.moved.emit(1), True),
                ("Remove", self.remove_asked.emit, True),
            ),
            event.globalPos(),
        )

    def edit_name(self) -> None:
        """Let the name be written anew in its place; Enter takes it, Esc leaves it."""
        if self._view is None or self._field is not None:
            return
        name = self._view.name
        field = self._field = QLineEdit(name, self)
        field.setAccessibleName(f"New name of {name}")
        field.setGeometry(self._name.geometry().adjusted(-4, -2, 4, 2))
        stem, dot, _ = name.rpartition(".")
        field.setSelection(0, len(stem) if dot else len(name))
        field.installEventFilter(self)
        field.editingFinished.connect(self._on_field_finished)
        field.show()
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if watched is self._field and event.type() == QEvent.Type.KeyPress and is_escape:
            self._shut_field()
            return True
        return False

    def _on_field_finished(self) -> None:
        field = self._field
        if field is not None:
            text = field.text()
            self._shut_field()
            self.renamed.emit(text)

    def _shut_field(self) -> None:
        field, self._field = self._field, None
        if field is not None:
            had_focus = field.hasFocus()
            field.hide()
            field.deleteLater()
            if had_focus:
                self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keys(self) -> dict[tuple[Qt.KeyboardModifier, Qt.Key], Callable[[], None]]:
        none, alt = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
        return {
            (Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_C): self.copy_asked.emit,
            (none, Qt.Key.Key_Space): self.preview_asked.emit,
            (none, Qt.Key.Key_Return): self.open_asked.emit,
            (none, Qt.Key.Key_Enter): self.open_asked.emit,
            (none, Qt.Key.Key_F2): self.edit_name,
            (none, Qt.Key.Key_Delete): self.remove_asked.emit,
            (none, Qt.Key.Key_Backspace): self.remove_asked.emit,
            (alt, Qt.Key.Key_Left): lambda: self.moved.emit(-1),
            (alt, Qt.Key.Key_Right): lambda: self.moved.emit(1),
        }
