"""What the editor costs: a key, the note_html after it, long pastes and long notes.

Run: `python tests/bench/bench_editor.py`. Ratios are against a bare QTextEdit with the same
document, key by key in turn. CPU time of the window's thread, so that other programs on the
machine do not count; stalls are wall time, and count what else runs.
"""

import gc
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QMimeData, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTextEdit

from close_notes_gui.markup import from_note_html, normalize, to_note_html
from close_notes_gui.model.richtext import (
    Block,
    BulletList,
    Heading,
    Inline,
    ListItem,
    Marks,
    Paragraph,
    Quote,
    RichText,
    Text,
)
from close_notes_gui.ui.richtext.document import fill_document
from close_notes_gui.ui.richtext.editor import NoteEditor

KEYS = 60
WORDS = (
    "the quick customer asked about pricing timing next quarter budget owner sign contract"
).split()
WORD_HTML = (
    '<p class=MsoNormal style="margin:0"><span style="font-size:11pt;font-family:Calibri"><b>Item</b> some text '
    'about <i>pricing</i> and <span style="color:red">risk</span><o:p></o:p></span></p>\n'
)


def rich_note(size: int, seed: int = 1) -> str:
    """A note of about `size` characters, as reps write them."""
    rng = random.Random(seed)

    def words(count: int) -> tuple[Inline, ...]:
        return tuple(
            Text(
                rng.choice(WORDS) + " ",
                Marks(
                    bold=rng.random() < 0.06,
                    italic=rng.random() < 0.06,
                    link="https://e.com/x" if rng.random() < 0.03 else None,
                    color="#d23b3b" if rng.random() < 0.03 else None,
                ),
            )
            for _ in range(count)
        )

    blocks: list[Block] = []
    written = 0
    while written < size:
        kind = rng.random()
        block: Block
        if kind < 0.6:
            block = Paragraph(words(30))
        elif kind < 0.7:
            block = Heading(2, words(5))
        elif kind < 0.9:
            block = BulletList(tuple(ListItem((Paragraph(words(12)),)) for _ in range(4)))
        else:
            block = Quote((Paragraph(words(30)),))
        blocks.append(block)
        written += len(to_note_html(normalize(RichText((block,)))))
    return to_note_html(normalize(RichText(tuple(blocks))))


class Stalls(QObject):
    """Longest time between two turns of the event loop."""

    def __init__(self) -> None:
        super().__init__()
        self.longest_s = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest_s = max(self.longest_s, now - self._last)
        self._last = now

    def stop(self) -> float:
        self._tick()
        self._timer.stop()
        return self.longest_s


def to_the_middle(box: QTextEdit) -> None:
    cursor = box.textCursor()
    cursor.setPosition(box.document().characterCount() // 2)
    box.setTextCursor(cursor)
    box.ensureCursorVisible()
    QApplication.processEvents()


def cpu_ms(act: Callable[[], object]) -> float:
    start = time.thread_time()
    act()
    return (time.thread_time() - start) * 1e3


def key(box: QTextEdit, *, whole: bool) -> None:
    QTest.keyClick(box, Qt.Key.Key_X)
    if whole:
        box.viewport().repaint()
    QApplication.processEvents()


def bench_keys(editor: NoteEditor, bare: QTextEdit) -> None:
    note = rich_note(100_000)
    editor.load_note_html(note)
    settled(editor)
    fill_document(bare.document(), from_note_html(note))
    for box in (editor, bare):
        to_the_middle(box)
    for name, whole in (("what changed", False), ("the whole box", True)):
        ours, theirs = [], []
        for _ in range(KEYS):
            ours.append(cpu_ms(partial(key, editor, whole=whole)))
            theirs.append(cpu_ms(partial(key, bare, whole=whole)))
        mine, peer = statistics.median(ours), statistics.median(theirs)
        print(
            f"key to paint of {name}, 100 KB: {mine:.2f} ms, bare QTextEdit {peer:.2f} ms,"
            f" ratio {mine / peer:.2f}"
        )


def bench_walk(editor: NoteEditor) -> None:
    for size in (10_000, 100_000, 1_000_000):
        editor.load_note_html(rich_note(size))
        settled(editor)
        full = cpu_ms(lambda: editor.note_html(fresh=True))
        editor.note_html()
        to_the_middle(editor)
        once = []
        for _ in range(KEYS):
            key(editor, whole=False)
            once.append(cpu_ms(editor.note_html))
        after = statistics.median(once)
        print(
            f"note_html after a key, {size // 1000} KB: {after:.2f} ms, full walk {full:.0f} ms,"
            f" ratio {after / full:.3f}"
        )


def settled(editor: NoteEditor) -> None:
    while editor.is_busy:
        QApplication.processEvents()
    for _ in range(50):
        QApplication.processEvents()


def bench_stalls(editor: NoteEditor) -> None:
    note = rich_note(1_000_000)
    editor.load_note_html("<body><p></p></body>")
    for name, act in (
        ("loading a 1 MB note", lambda: editor.load_note_html(note)),
        ("pasting 1 MB of Word HTML", lambda: paste_word(editor)),
    ):
        QApplication.processEvents()
        start = time.perf_counter()
        stalls = Stalls()
        act()
        settled(editor)
        longest = stalls.stop() * 1e3
        print(
            f"longest stall while {name}: {longest:.0f} ms of {time.perf_counter() - start:.1f} s"
        )
        editor.load_note_html("<body><p></p></body>")


def paste_word(editor: NoteEditor) -> None:
    mime = QMimeData()
    mime.setHtml(f"<html><body lang=EN>{WORD_HTML * (1_000_000 // len(WORD_HTML))}</body></html>")
    editor.insertFromMimeData(mime)


def main() -> None:
    QApplication.instance() or QApplication([])
    # As the program does at start: cyclic collections would show as stalls.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 1_000)
    editor, bare = NoteEditor(), QTextEdit()
    for box in (editor, bare):
        box.resize(700, 600)
        box.show()
    bench_keys(editor, bare)
    bare.hide()
    bench_walk(editor)
    bench_stalls(editor)


if __name__ == "__main__":
    main()
