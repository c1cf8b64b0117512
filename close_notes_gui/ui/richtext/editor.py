"""The box a note is written in: keys, typing aids, paste, and the exact `note_html`.

UI thread. Never reads a file, never touches the network, never uses Qt's HTML reader.
"""

from collections.abc import Callable, Iterator
from html import escape

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from close_notes_gui.markup import to_note_html
from close_notes_gui.markup.foreign import note_slices
from close_notes_gui.model.lead import Directory
from close_notes_gui.model.richtext import RichText
from close_notes_gui.present.keymap import Keymap
from close_notes_gui.ui.richtext import links, paste, reading, typing_aids
from close_notes_gui.ui.richtext.bindings import Bindings
from close_notes_gui.ui.richtext.blocks import needs_repair, one_step, repair
from close_notes_gui.ui.richtext.commands import Commands
from close_notes_gui.ui.richtext.context_menu import context_menu
from close_notes_gui.ui.richtext.document import document_to_tree
from close_notes_gui.ui.richtext.editing import clean_format, typing_marks
from close_notes_gui.ui.richtext.incoming import Incoming
from close_notes_gui.ui.richtext.insert import fill
from close_notes_gui.ui.richtext.keystrokes import Keystrokes, typed_text
from close_notes_gui.ui.richtext.linking import Linking
from close_notes_gui.ui.richtext.mentioning import Mentioning
from close_notes_gui.ui.richtext.offer_bar import OfferBar
from close_notes_gui.ui.richtext.selection import selected_tree
from close_notes_gui.ui.richtext.slices import Slices
from close_notes_gui.ui.richtext.surface import NoteSurface
from close_notes_gui.ui.richtext.templating import Templating


class NoteEditor(NoteSurface):
    """Invariant: what it shows and what `note_html` answers are the same tree."""

    revised = Signal()
    """Text or format changed by the rep (not on load)."""
    filesDropped = Signal(list)
    """list[Path]: local files pasted or dropped; for the attachments, not for the text."""
    imagePasted = Signal(object)
    """Picture: pasted or dropped; for the attachments, not for the text."""
    sendRequested = Signal()
    """Ctrl+Enter."""
    formatChanged = Signal()
    """The state at the cursor (marks, kind of block) may have changed: toolbars read it again."""
    linkClicked = Signal(str)
    """Ctrl+click on a link; an absolute http(s), mailto or tel address."""
    templateAsked = Signal(str)
    """Chosen from the list at `/`: the id of a template, for `insert_template`."""
    busyChanged = Signal(bool)
    """A long note or paste is being brought in, in slices."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lost: tuple[str, ...] = ()
        self._is_loading = False
        self._is_repairing = False
        self._is_revision_due = False
        self._has_markdown = self._has_links = True
        self._block_count = 1
        self._held: list[QKeyEvent] = []
        self._slices = Slices(self)
        self._bar = OfferBar(self)
        self._incoming = Incoming(
            self, self._slices, offer_at=self._bar, then=self._walker.catch_up
        )
        self._linking = Linking(self)
        self._mentioning = Mentioning(self)
        self._templating = Templating(self)
        self._keystrokes = Keystrokes(self)
        self.commands = Commands(self, settle=self._slices.drain, changed=self.formatChanged.emit)
        self._bindings = Bindings(
            self, self.commands, edit_link=self.edit_link, paste_plain=self.paste_plain
        )
        self._connect()

    def _connect(self) -> None:
        self._slices.started.connect(lambda: self.busyChanged.emit(True))
        self._slices.finished.connect(self._on_slices_finished)
        self._slices.done.connect(self._on_slices_done)
        self._bar.takesHeight.connect(lambda height: self.setViewportMargins(0, 0, 0, height))
        self._incoming.long_run.connect(lambda: self.wrap_anywhere(anywhere=True))
        self.document().contentsChanged.connect(self._on_document_contents_changed)
        self.cursorPositionChanged.connect(self.formatChanged)
        self.cursorPositionChanged.connect(self._mentioning.follow)
        self.cursorPositionChanged.connect(self._templating.follow)
        self._templating.asked.connect(self.templateAsked)
        self.currentCharFormatChanged.connect(self.formatChanged)

    # ------------------------------------------------------------------ the note

    def load_note_html(self, note_html: str, cursor_position: int = 0) -> None:
        """Show a draft; once per draft. Resets undo. Never raises on foreign HTML."""
        self._held.clear()  # `take_in_rest` was to save them
        self._slices.drop()
        self._incoming.forget_offer()
        self._lost = ()
        self._is_loading = True
        self._is_revision_due = False
        self._dresser.forget()
        self.wrap_anywhere(anywhere=False)

        def done() -> None:
            self._is_loading = False
            self._block_count = self.document().blockCount()
            cursor = self.textCursor()
            cursor.setPosition(max(0, min(cursor_position, self.document().characterCount() - 1)))
            self.setTextCursor(cursor)
            self.ensureCursorVisible()
            self.formatChanged.emit()

        self._slices.run(self._loading(note_html), then=done)

    def _loading(self, note_html: str) -> Iterator[None]:
        yield from fill(self.document(), self._trees(note_html))
        self._walker.forget()
        yield from self._walker.catch_up()

    def _trees(self, note_html: str) -> Iterator[RichText | None]:
        for part in reading.parts(note_html):
            note = yield from note_slices(part)
            self._lost += tuple(name for name in note.lost if name not in self._lost)
            if paste.has_long_run(note.tree):
                self.wrap_anywhere(anywhere=True)
            yield note.tree

    def lost_on_load(self) -> tuple[str, ...]:
        """Constructs of the loaded note that the tree cannot hold (their text is kept)."""
        self._slices.drain()
        return self._lost

    def note_html(self, *, fresh: bool = False) -> str:
        """The exact canonical `note_html`. Incremental; `fresh` walks the whole document.
        While a long note or paste comes in, brings in the rest first.
        """
        self._slices.drain()
        if fresh:
            return to_note_html(document_to_tree(self.document()))
        return self._walker.note_html()

    @property
    def is_busy(self) -> bool:
        """A long note or paste is coming in; `busyChanged` tells when it is all there."""
        return self._slices.is_busy

    def take_in_rest(self) -> None:
        """Bring in at once what is left of a paste and the keys pressed since. A note that is
        still being loaded is left alone: it is whole on disk.
        """
        if self._held or not self._is_loading:
            self._slices.drain()

    def is_blank(self) -> bool:
        """Nothing but white space."""
        self._slices.drain()
        block = self.document().begin()
        while block.isValid():
            if block.text().strip() or self._walker.place(block.blockNumber()).kind:
                return False
            block = block.next()
        return True

    def set_people(self, directory: Directory) -> None:
        """Who can be mentioned."""
        self._mentioning.set_people(directory)

    def set_templates(self, names: Callable[[], tuple[tuple[str, str], ...]]) -> None:
        """Tells id and name of each template that `/` offers."""
        self._templating.set_names(names)

    def insert_template(self, tree: RichText, *, caret: str) -> None:
        """Insert at the cursor, as one undo step; the cursor goes to where `caret` stands."""
        self._incoming.take_template(tree, caret)

    def apply_keys(self, keys: Keymap) -> None:
        """Bind the editor's own keys as the rep has set them."""
        self._bindings.apply(keys)

    def set_typing_aids(self, *, markdown: bool, links: bool) -> None:
        """Markdown as you type and links as you type, on or off."""
        self._has_markdown, self._has_links = markdown, links
        self._incoming.links_on = links
        self._keystrokes.markdown_on = markdown

    def insert_plain(self, text: str) -> None:
        """Insert text without format at the cursor, as one undo step."""
        self._incoming.take_text(text)

    @Slot()
    def edit_link(self) -> None:
        """Open the popup for the link at the cursor (Ctrl+K)."""
        self._slices.drain()
        self._linking.open()

    @Slot()
    def paste_plain(self) -> None:
        """Paste without format (Ctrl+Shift+V)."""
        if self.canPaste():  # of an empty clipboard Qt gives nothing to ask
            self._incoming.take_plain(QApplication.clipboard().mimeData())

    def undo(self) -> None:
        """Take back the last step."""
        self._slices.drain()
        super().undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        self._slices.drain()
        super().redo()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._slices.drain()
        menu = context_menu(
            self,
            event.pos(),
            open_link=self.linkClicked.emit,
            edit_link=self.edit_link,
            paste_plain=self.paste_plain,
        )
        menu.popup(event.globalPos())

    # ------------------------------------------------------------------ keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._slices.is_busy:
            self._held.append(event.clone())
            event.accept()
        elif self._mentioning.take_key(event) or self._templating.take_key(event):
            event.accept()
        elif text := typed_text(event):
            self._type(event, text)
        elif self._take_key(event) or self._bindings.take(event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def _take_key(self, event: QKeyEvent) -> bool:
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_enter = key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_enter and modifiers == Qt.KeyboardModifier.ControlModifier:
            self.sendRequested.emit()
            return True
        if key == Qt.Key.Key_Escape and self._bar.isVisible():
            self._incoming.forget_offer()
            return True
        if self.isReadOnly():
            return False
        if is_enter and not modifiers:
            self._complete_before_enter()
        return self._keystrokes.take(event)

    def _complete_before_enter(self) -> None:
        cursor = self.textCursor()
        if self._has_links and not cursor.hasSelection():
            links.link_before(cursor)

    def _type(self, event: QKeyEvent, text: str) -> None:
        """Type a character, then see what it completes."""
        cursor = self.textCursor()
        # Type with the marks at the cursor and nothing else: not as part of a mention, and not
        # in a link that ended.
        wanted = clean_format(cursor, typing_marks(cursor))
        if cursor.charFormat() != wanted:
            self.setCurrentCharFormat(wanted)
        if cursor.hasSelection() and "\u2029" in cursor.selectedText():
            with one_step(cursor):
                cursor.removeSelectedText()
                repair(cursor.block())
                cursor.insertText(text, clean_format(cursor, typing_marks(cursor)))
            self.setTextCursor(cursor)
        else:
            super().keyPressEvent(event)
        if text in typing_aids.COMPLETING:
            self._complete(text)
        self._mentioning.typed(text)
        self._templating.typed(text)

    def _complete(self, text: str) -> None:
        cursor = self.textCursor()
        if self._has_markdown and typing_aids.after_typed(cursor, text):
            char_format = cursor.charFormat()
            self.setTextCursor(cursor)
            self.setCurrentCharFormat(char_format)
        elif text == " " and self._has_links:
            links.link_before(cursor, behind=1)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._slices.drain()
        block = self.textCursor().block()
        if not block.layout().preeditAreaText():
            cursor = self.textCursor()
            self.setCurrentCharFormat(clean_format(cursor, typing_marks(cursor)))
        super().inputMethodEvent(event)
        # Qt laid the marks of the composition over the block in place of its looks.
        self._dresser.dress_composed(self.textCursor().block())
        if event.commitString():
            self._mentioning.typed(event.commitString())
            self._templating.typed(event.commitString())

    # ------------------------------------------------------------------ links under the pointer

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        address = self.anchorAt(event.position().toPoint())
        if address and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.linkClicked.emit(address)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            address = self.anchorAt(event.pos())
            tip = f"<qt>{escape(address)}<br>Ctrl+click opens it</qt>" if address else ""
            QToolTip.showText(event.globalPos(), tip, self.viewport())
            return True
        return super().viewportEvent(event)

    # ------------------------------------------------------------------ clipboard and drops

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return paste.can_take(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        self._slices.drain()
        pasted = paste.read(source)
        if pasted.files:
            self.filesDropped.emit(list(pasted.files))
        elif pasted.picture is not None:
            self.imagePasted.emit(pasted.picture)
        else:
            self._incoming.take(pasted)

    def createMimeDataFromSelection(self) -> QMimeData:
        mime = super().createMimeDataFromSelection()
        paste.fill_mime(mime, selected_tree(self.textCursor()))
        return mime

    # ------------------------------------------------------------------ what happened

    @Slot()
    def _on_document_contents_changed(self) -> None:
        if self._is_loading or self._is_repairing:
            return
        document = self.document()
        count, before = document.blockCount(), self._block_count
        self._block_count = count
        # Undone and redone states are in order already; what can be redone was undone.
        if count < before and not document.isRedoAvailable() and not self._slices.is_busy:
            self._repair_at_cursor()
        self._incoming.forget_offer()
        if self._slices.is_busy:
            self._is_revision_due = True  # told once all of it is there
        else:
            self.revised.emit()

    @Slot()
    def _on_slices_done(self) -> None:
        if self._is_revision_due:
            self._is_revision_due = False
            self.revised.emit()

    def _repair_at_cursor(self) -> None:
        """Cut, drag, or an input method joined blocks behind our back."""
        cursor = QTextCursor(self.textCursor().block())
        if needs_repair(cursor.block()):
            self._is_repairing = True
            cursor.joinPreviousEditBlock()
            repair(cursor.block())
            cursor.endEditBlock()
            self._is_repairing = False

    @Slot()
    def _on_slices_finished(self) -> None:
        self.busyChanged.emit(False)
        held, self._held = self._held, []
        for event in held:
            QApplication.sendEvent(self, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._bar.isVisible():
            self._bar.place()
