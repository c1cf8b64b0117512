"""Start to the first keystroke accepted, against a bare QTextEdit window, in one run.

Each is a process of its own, cold caches apart; they take turns, the medians are compared. Then
how long ours takes until the window is whole, and how long a key waits at most on the way there.
`python tests/bench/bench_start.py [runs]`
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

OURS = """
import gc, sys, time
gc.disable()
from PySide6.QtWidgets import QApplication
from close_notes_gui.startup.plain_imports import import_plainly
import_plainly()
from close_notes_gui.ui.look import Look
from close_notes_gui.ui.theme import STYLE_ARGUMENTS
app = QApplication([sys.argv[0], *STYLE_ARGUMENTS])
look = Look(app)
from pathlib import Path
from close_notes_gui.app import Program, engine_maker
from close_notes_gui.startup.options import OpenRequest
folder = Path(sys.argv[2])
program = Program(folder, engine_maker(folder, sandbox=True), look)
program.start(OpenRequest())
window = program.window
"""
BARE = """
import sys, time
from PySide6.QtWidgets import QApplication, QTextEdit
app = QApplication([])
window = QTextEdit()
window.resize(700, 500)
window.show()
"""
# The key goes the way of a real one, into whatever has the focus, once the window is painted.
FIRST_KEY = """
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
window.activateWindow()
while not window.windowHandle().isExposed() or app.focusWidget() is None:
    app.processEvents()
window.repaint()
app.sendEvent(app.focusWidget(), QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_W,
              Qt.KeyboardModifier.NoModifier, "w"))
app.processEvents()
target = app.focusWidget()
text = target.text() if hasattr(target, "text") else target.toPlainText()
assert text == "w", repr(text)
print((time.time_ns() - int(sys.argv[1])) / 1e6, flush=True)
"""
OURS_END = """
longest_ms, is_painted = 0.0, False
while not is_painted:
    is_painted = window.is_whole  # once more after that: its first paint
    before = time.perf_counter()
    app.processEvents()
    longest_ms = max(longest_ms, (time.perf_counter() - before) * 1000)
print((time.time_ns() - int(sys.argv[1])) / 1e6, longest_ms, flush=True)
program.window.close()
app.exec()
program.finish()
"""


def start_ms(code: str, bytecode: str) -> list[float]:
    """One start of a fresh process, in milliseconds from before the fork to the letter shown;
    then what else it measured.

    Compiled modules are kept in `bytecode`, as an installed program has them.
    """
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        out = subprocess.run(
            [sys.executable, "-c", code, str(time.time_ns()), folder],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
    return [float(figure) for figure in out.stdout.split()]


def main() -> None:
    """Print both medians and their ratio, then how the window became whole."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    ours, bare = [], []
    with tempfile.TemporaryDirectory() as bytecode:
        start_ms(OURS + FIRST_KEY + OURS_END, bytecode)  # compiles
        for _ in range(runs):
            bare.append(start_ms(BARE + FIRST_KEY, bytecode)[0])
            ours.append(start_ms(OURS + FIRST_KEY + OURS_END, bytecode))
    a, whole, step = (statistics.median(column) for column in zip(*ours, strict=True))
    b = statistics.median(bare)
    print(f"start to first key: close notes {a:.0f} ms, bare QTextEdit {b:.0f} ms, {a / b:.2f}x")
    print(f"whole after {whole:.0f} ms; until then a key waits {step:.0f} ms at most")


if __name__ == "__main__":
    main()
