"""Pasted and dropped content on its way into the text, in slices where it is long.

UI thread. Files and pictures go to the editor's signals, never into the text.
"""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QMimeData, QObject, Signal, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QTextEdit

from close_notes_gui.markup import foreign_to_tree, markdown_to_tree, to_text
from close_notes_gui.markup.foreign import foreign_slices
from close_notes_gui.model.richtext import RichText
from close_notes_gui.ui.richtext import links, paste
from close_notes_gui.ui.richtext.insert import insert
from close_notes_gui.ui.richtext.offer_bar import OfferBar
from close_notes_gui.ui.richtext.places import CODE_BLOCK, place_of
from close_notes_gui.ui.richtext.slices import Slices
from close_notes_gui.ui.richtext.templating import insert_filled

_LONGEST_MARKDOWN = 200_000


class Incoming(QObject):
    """Invariant: a paste is one undo step, and nothing of its text is lost."""

    long_run = Signal()
    """A run without a space came in that is too long to wrap at words."""

    def __init__(
        self,
        box: QTextEdit,
        slices: Slices,
        *,
        offer_at: OfferBar,
        then: Callable[[], Iterator[None]],
    ) -> None:
        """`then` is the work after text came in, in slices too."""
        super().__init__(box)
        self._box = box
        self._slices = slices
        self._afterwards = then
        self._bar = offer_at
        self._offered: tuple[QTextCursor, str] | None = None
        self.links_on = True
        offer_at.accepted.connect(self._on_bar_accepted)

    def take(self, pasted: paste.Pasted) -> None:
        """Bring text, a selection of ours or foreign HTML in at the cursor."""
        is_code = place_of(self._box.textCursor().block()).kind == CODE_BLOCK
        if is_code and pasted.text:
            self.take_text(pasted.text)
        elif pasted.tree is not None:
            self._insert(pasted.tree)
        elif pasted.html:
            self._run(lambda cursor: _cleaned(cursor, pasted.html, self.long_run.emit))
        elif self.links_on and not is_code and (address := links.as_address(pasted.text)):
            self._take_address(pasted.text.strip(), address)
        else:
            self.take_text(pasted.text, offer=pasted.is_markdown)

    def take_plain(self, mime: QMimeData) -> None:
        """Bring in the text alone."""
        pasted = paste.read(mime)
        self.take_text(
            pasted.text or (to_text(foreign_to_tree(pasted.html)) if pasted.html else "")
        )

    def take_text(self, text: str, *, offer: bool = False) -> None:
        """Bring in plain text, a paragraph for each line."""
        if not text:
            return
        start = self._box.textCursor().selectionStart()
        then = (lambda: self._offer(start, text)) if offer else None
        self._insert(paste.text_tree(text), then=then)

    def take_template(self, tree: RichText, caret: str) -> None:
        """Bring in a filled template; the cursor ends up where `caret` stands in it."""
        self._run(lambda cursor: insert_filled(cursor, tree, caret))

    def forget_offer(self) -> None:
        """The text went on: the offer no longer fits."""
        if self._bar.isVisible():
            self._bar.hide()
        self._offered = None

    def _take_address(self, text: str, address: str) -> None:
        cursor = self._box.textCursor()
        has_words = cursor.hasSelection() and "\u2029" not in cursor.selectedText()
        links.set_link(cursor, address, text="" if has_words else text)
        self._box.setTextCursor(cursor)

    def _insert(self, tree: RichText, *, then: Callable[[], None] | None = None) -> None:
        if paste.has_long_run(tree):
            self.long_run.emit()
        self._run(lambda cursor: insert(cursor, tree), then=then)

    def _run(
        self,
        work: Callable[[QTextCursor], Iterator[None]],
        *,
        then: Callable[[], None] | None = None,
    ) -> None:
        self._slices.drain()
        cursor = self._box.textCursor()

        def done() -> None:
            self._box.setTextCursor(cursor)
            self._box.ensureCursorVisible()
            if then is not None:
                then()

        def all_of_it() -> Iterator[None]:
            yield from work(cursor)
            yield from self._afterwards()

        self._slices.run(all_of_it(), then=done)

    def _offer(self, start: int, text: str) -> None:
        if len(text) > _LONGEST_MARKDOWN:
            return
        cursor = self._box.textCursor()
        pasted = QTextCursor(cursor)
        pasted.setPosition(start)
        pasted.setPosition(cursor.position(), QTextCursor.MoveMode.KeepAnchor)
        self._offered = (pasted, text)
        self._bar.offer("The pasted text is Markdown.", "Format it")

    @Slot()
    def _on_bar_accepted(self) -> None:
        if self._offered is None:
            return
        cursor, text = self._offered
        self._offered = None
        self._box.setTextCursor(cursor)
        self._insert(markdown_to_tree(text))
        self._box.setFocus()


def _cleaned(cursor: QTextCursor, html: str, long_run: Callable[[], None]) -> Iterator[None]:
    """Clean foreign HTML, then bring it in; both in slices."""
    tree = yield from foreign_slices(html)
    if paste.has_long_run(tree):
        long_run()
    yield
    yield from insert(cursor, tree)
