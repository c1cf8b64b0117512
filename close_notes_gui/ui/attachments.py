"""The files of the note being written, as chips that flow; scrolls where there are many.

Window thread.
"""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from close_notes_gui.model.ids import AttachmentId
from close_notes_gui.present.views import AttachmentsView, ChipView
from close_notes_gui.ui.chip import Chip
from close_notes_gui.ui.drag_out import chip_of
from close_notes_gui.ui.flow import FlowLayout
from close_notes_gui.ui.labels import label
from close_notes_gui.ui.reorder import DropMark, steps
from close_notes_gui.ui.thumbnail import PictureSource

_HIGHEST = 112
_SCROLL_ZONE = 16  # px at the upper and lower edge in which a pulled chip scrolls
_SCROLL_STEP = 12
_SCROLL_EVERY_MS = 40


class AttachmentStrip(QScrollArea):
    """Invariant: one chip for each attachment, in the order dropped; hidden while there is none."""

    remove_asked = Signal(str)  # AttachmentId
    retry_asked = Signal(str)  # AttachmentId
    open_asked = Signal(str)
    reveal_asked = Signal(str)
    preview_asked = Signal(str)
    copy_asked = Signal(str)
    renamed = Signal(str, str)  # AttachmentId, the new name
    moved = Signal(str, int)  # AttachmentId, by so many places
    carried = Signal(str)  # AttachmentId; pulled out of the strip, hence perhaps out of the window
    carry_ended = Signal()  # pulled back, or let go

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Attachments")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._chips: dict[AttachmentId, Chip] = {}
        self._views: tuple[ChipView, ...] = ()
        self._source: PictureSource | None = None
        self._inside = QWidget()
        self._inside.setObjectName("scrolled")
        self._flow = FlowLayout(self._inside, gap=4)
        self._total = label("", "quiet")
        self._total.setContentsMargins(4, 12, 4, 0)
        self._flow.addWidget(self._total)
        self.setWidget(self._inside)
        self._to_last = QTimer(self)  # once the layout has made room, and once for many
        self._to_last.setSingleShot(True)
        self._to_last.setInterval(0)
        self._to_last.timeout.connect(self._show_last)
        self._mark = DropMark(self._inside)
        self._pulled: tuple[AttachmentId, QPoint] | None = None
        self._is_carried = False
        self.viewport().setAcceptDrops(True)
        self._scroll = QTimer(self)  # while a chip is pulled
        self._scroll.setInterval(_SCROLL_EVERY_MS)
        self._scroll.timeout.connect(self._on_scroll_timeout)
        self.hide()

    def draw_pictures_from(self, source: PictureSource | None) -> None:
        """Who reads the pictures of chips; before the first chip."""
        self._source = source

    @property
    def views(self) -> tuple[ChipView, ...]:
        """What the chips show."""
        return self._views

    def show_view(self, view: AttachmentsView) -> None:
        """Draw the chips; those that stay are kept, so that focus and scroll stay."""
        wanted = {chip.attachment_id: chip for chip in view.chips}
        self._views = view.chips
        before = len(self._chips)
        for attachment_id in [known for known in self._chips if known not in wanted]:
            self._drop(attachment_id)
        kept = tuple(self._chips)
        for attachment_id, chip_view in wanted.items():
            if attachment_id in self._chips:
                self._chips[attachment_id].show_view(chip_view)
            else:
                self._add(attachment_id, chip_view)
        if kept != tuple(wanted)[: len(kept)]:
            self._arrange(tuple(wanted))
        self._total.setText(view.total if len(view.chips) > 1 else "")
        self._total.setVisible(len(view.chips) > 1)
        self.setVisible(bool(view.chips))
        self.updateGeometry()
        if len(wanted) > before:
            self._to_last.start()

    def sizeHint(self) -> QSize:
        height = self._flow.heightForWidth(max(self.viewport().width(), 160))
        return QSize(160, min(height, _HIGHEST))

    def minimumSizeHint(self) -> QSize:
        return QSize(96, min(self.sizeHint().height(), 48))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def _add(self, attachment_id: AttachmentId, view: ChipView) -> None:
        chip = Chip(view, self._source)
        chip.open_asked.connect(self._teller(self.open_asked, attachment_id))
        chip.reveal_asked.connect(self._teller(self.reveal_asked, attachment_id))
        chip.preview_asked.connect(self._teller(self.preview_asked, attachment_id))
        chip.copy_asked.connect(self._teller(self.copy_asked, attachment_id))
        chip.renamed.connect(self._teller(self.renamed, attachment_id))
        chip.moved.connect(self._teller(self.moved, attachment_id))
        chip.pulled.connect(lambda at: self._on_chip_pulled(attachment_id, at))
        chip.let_go.connect(lambda at: self._on_chip_let_go(attachment_id, at))
        chip.pull_ended.connect(self._end_pull)
        chip.remove_asked.connect(self._teller(self.remove_asked, attachment_id))
        chip.retry_asked.connect(self._teller(self.retry_asked, attachment_id))
        self._chips[attachment_id] = chip
        self._flow.removeWidget(self._total)
        self._flow.addWidget(chip)
        self._flow.addWidget(self._total)

    def _arrange(self, order: tuple[AttachmentId, ...]) -> None:
        self._chips = {attachment_id: self._chips[attachment_id] for attachment_id in order}
        while self._flow.takeAt(0) is not None:
            pass
        for chip in self._chips.values():
            self._flow.addWidget(chip)
        self._flow.addWidget(self._total)

    def _drop(self, attachment_id: AttachmentId) -> None:
        chip = self._chips.pop(attachment_id)
        if self._pulled is not None and self._pulled[0] == attachment_id:
            self._end_pull()
        chip.end_press()
        self._flow.removeWidget(chip)
        chip.hide()
        chip.deleteLater()

    def end_carry(self, attachment_id: str) -> None:
        """The drag goes its own way from here."""
        chip = self.chip(attachment_id)
        if chip is not None:
            chip.end_press()
            self._is_carried = False
            self._end_pull()

    def chip(self, attachment_id: str) -> Chip | None:
        """The chip of this attachment."""
        return self._chips.get(AttachmentId(attachment_id))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A chip of its own has come back; anything else is the window's affair."""
        if AttachmentId(chip_of(event.mimeData())) in self._chips:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        at = self.viewport().mapToGlobal(event.position().toPoint())
        self._pulled = AttachmentId(chip_of(event.mimeData())), at
        self._scroll.start()
        self._draw_mark()
        event.acceptProposedAction()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._end_pull()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        at = self.viewport().mapToGlobal(event.position().toPoint())
        self._on_chip_let_go(AttachmentId(chip_of(event.mimeData())), at)

    def _on_chip_pulled(self, attachment_id: AttachmentId, at: QPoint) -> None:
        self._pulled = attachment_id, at
        self._scroll.start()
        self._draw_mark()
        was_carried, self._is_carried = self._is_carried, not self._is_over(at)
        if self._is_carried and not was_carried:
            self.carried.emit(attachment_id)
        elif was_carried and not self._is_carried:
            self.carry_ended.emit()

    def _on_chip_let_go(self, attachment_id: AttachmentId, at: QPoint) -> None:
        self._end_pull()
        if attachment_id not in self._chips:
            return
        own, by = self._places().index(attachment_id), 0
        if self._is_over(at):
            by = steps(self._rects(), own, self._inside.mapFromGlobal(at))
        if by:
            self.moved.emit(attachment_id, by)

    @Slot()
    def _end_pull(self) -> None:
        self._pulled = None
        if self._is_carried:
            self._is_carried = False
            self.carry_ended.emit()
        self._scroll.stop()
        self._mark.hide()

    def _draw_mark(self) -> None:
        if self._pulled is None or self._pulled[0] not in self._chips:
            return
        attachment_id, at = self._pulled
        if self._is_over(at):
            inside = self._inside.mapFromGlobal(at)
            self._mark.show_place(self._rects(), self._places().index(attachment_id), inside)
        else:
            self._mark.hide()

    @Slot()
    def _on_scroll_timeout(self) -> None:
        if self._pulled is None:
            return
        y, bar = self.mapFromGlobal(self._pulled[1]).y(), self.verticalScrollBar()
        if y < _SCROLL_ZONE:
            bar.setValue(bar.value() - _SCROLL_STEP)
        elif y > self.height() - _SCROLL_ZONE:
            bar.setValue(bar.value() + _SCROLL_STEP)
        self._draw_mark()

    def _is_over(self, at: QPoint) -> bool:
        around = self.rect().adjusted(-_SCROLL_ZONE, -_SCROLL_ZONE, _SCROLL_ZONE, _SCROLL_ZONE)
        return around.contains(self.mapFromGlobal(at))

    def _places(self) -> list[AttachmentId]:
        return list(self._chips)

    def _rects(self) -> list[QRect]:
        return [chip.geometry() for chip in self._chips.values()]

    @Slot()
    def _show_last(self) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _teller(self, signal: object, attachment_id: AttachmentId) -> Callable[..., None]:
        return lambda *told: signal.emit(attachment_id, *told)  # type: ignore[attr-defined]
