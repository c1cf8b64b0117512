"""What a lead with 5,000 notes costs: time to first paint, frames while scrolling, filter, memory.

Run: `python tests/bench/bench_timeline.py`. The peer, in the same run: one bare QTextBrowser for
each note in sight of a bare list that knows all heights beforehand, with the same texts set by
Qt's own HTML reader (no cards, no menus, no cleaning). Times are CPU time of the window's thread,
so that other programs on the machine do not count.
"""

import gc
import os
import random
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtWidgets import QApplication, QScrollArea, QTextBrowser, QWidget

from close_notes_gui.model import events as ev
from close_notes_gui.model.ids import DraftId, LeadId, NoteId, UserId
from close_notes_gui.model.lead import Lead
from close_notes_gui.model.note import Note
from close_notes_gui.model.settings import Settings
from close_notes_gui.present import actions, note_actions
from close_notes_gui.present.filtering import NoteFilter
from close_notes_gui.present.state import fresh_state
from close_notes_gui.ui import theme
from close_notes_gui.ui.app_model import AppModel
from close_notes_gui.ui.furnishing import furnish_now
from close_notes_gui.ui.services import Services
from close_notes_gui.ui.window import MainWindow

NOTES = 5000
STEPS = 400
STEP_PX = 60
NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
LEAD = Lead(LeadId("lead_1"), "Wanderlust")
WORDS = "they asked about pricing timing next quarter budget owner to sign the contract".split()


def note_html(rng: random.Random) -> str:
    """A note as reps write them: a line or two, a list here, a heading there."""

    def words(most: int) -> str:
        return " ".join(rng.choice(WORDS) for _ in range(rng.randint(4, most)))

    parts = [f"<p>{words(40)} <strong>{words(6)}</strong></p>"]
    if rng.random() < 0.3:
        parts.insert(0, f"<h3>{words(5)}</h3>")
    if rng.random() < 0.4:
        parts.append("<ul>" + "".join(f"<li>{words(8)}</li>" for _ in range(3)) + "</ul>")
    return f"<body>{''.join(parts)}</body>"


def notes() -> tuple[Note, ...]:
    rng = random.Random(7)
    return tuple(
        Note(
            NoteId(f"acti_{n}"),
            LEAD.id,
            note_html(rng),
            user_id=UserId("user_2"),
            author_name="Sam Okafor",
            activity_at=NOW - timedelta(hours=n),
        )
        for n in range(NOTES)
    )


def cpu(work: Callable[[], object]) -> float:
    """CPU time of this thread, in ms."""
    began = time.thread_time()
    work()
    return (time.thread_time() - began) * 1000


def events(app: QApplication, times: int = 1) -> None:
    for _ in range(times):
        app.processEvents()


def memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@dataclass
class Figures:
    """What one of the two costs; times in ms."""

    first: float
    frames: list[float]
    jumps: list[float]
    grown_mb: float


def scroll(app: QApplication, area: QScrollArea) -> tuple[list[float], list[float]]:
    bar = area.verticalScrollBar()

    def frame(value: int) -> Callable[[], None]:
        def draw() -> None:
            bar.setValue(value)
            events(app, 2)

        return draw

    frames = [cpu(frame(bar.value() + STEP_PX)) for _ in range(STEPS)]
    rng = random.Random(3)
    jumps = [cpu(frame(rng.randrange(bar.maximum()))) for _ in range(60)]
    return frames, jumps


class Bare(QScrollArea):
    """The peer: text browsers for what is in sight; all heights are known beforehand."""

    def __init__(self, given: tuple[Note, ...], height: int) -> None:
        super().__init__()
        self._given, self._height = given, height
        self._made: dict[int, QTextBrowser] = {}
        self._inside = QWidget()
        self.setWidget(self._inside)
        self._inside.resize(440, height * len(given))
        self.verticalScrollBar().valueChanged.connect(self.settle)

    def settle(self) -> None:
        top = self.verticalScrollBar().value()
        first = max(0, (top - 600) // self._height)
        last = min(len(self._given) - 1, (top + self.height() + 600) // self._height)
        for place in [p for p in self._made if not first - 8 <= p <= last + 8]:
            self._made.pop(place).deleteLater()
        for place in range(first, last + 1):
            if place not in self._made:
                browser = self._made[place] = QTextBrowser(self._inside)
                browser.setHtml(self._given[place].note_html)
                browser.setGeometry(0, place * self._height, 430, self._height - 8)
                browser.show()


def ours(app: QApplication, given: tuple[Note, ...]) -> tuple[Figures, MainWindow, AppModel]:
    state = fresh_state(DraftId("draft_1"))
    model = AppModel(lambda _command: None, state)
    window = MainWindow(None)
    furnish_now(window, model, Services(now=lambda: NOW))
    window.resize(1100, 760)
    window.show()
    model.receive(ev.Loaded(Settings(), recents=(LEAD,)))
    model.do(actions.pick_lead, LEAD.id, new_draft_id=DraftId("draft_2"))
    events(app, 5)
    gc.collect()
    before = memory_mb()
    loaded = ev.NotesLoaded(LEAD.id, given, fetched_at=NOW)

    def open_lead() -> None:
        model.receive(loaded)
        events(app)
        window.timeline.list.viewport().repaint()

    first = cpu(open_lead)
    events(app, 10)
    frames, jumps = scroll(app, window.timeline.list)
    return Figures(first, frames, jumps, memory_mb() - before), window, model


def bare(app: QApplication, given: tuple[Note, ...], height: int) -> Figures:
    gc.collect()
    before = memory_mb()
    made: list[Bare] = []

    def open_list() -> None:
        area = Bare(given, height)
        made.append(area)
        area.resize(460, 640)
        area.show()
        area.settle()
        events(app)
        area.viewport().repaint()

    first = cpu(open_list)
    frames, jumps = scroll(app, made[0])
    figures = Figures(first, frames, jumps, memory_mb() - before)
    made[0].close()
    return figures


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def main() -> None:
    app = QApplication([])
    app.setStyle("Fusion")
    theme.wear(app, theme.LIGHT)
    given = notes()
    peer = bare(app, given, 120)
    mine, window, model = ours(app, given)
    print(f"{NOTES} notes on one lead; CPU ms of the window's thread; peer: bare text browsers\n")
    print("| what | Close Notes | peer | ratio |\n|---|---|---|---|")
    rows: tuple[tuple[str, float, float], ...] = (
        ("first paint", mine.first, peer.first),
        ("frame while scrolling, median", quantile(mine.frames, 0.5), quantile(peer.frames, 0.5)),
        ("frame while scrolling, p99", quantile(mine.frames, 0.99), quantile(peer.frames, 0.99)),
        ("jump to any place, median", quantile(mine.jumps, 0.5), quantile(peer.jumps, 0.5)),
        ("jump to any place, p99", quantile(mine.jumps, 0.99), quantile(peer.jumps, 0.99)),
        ("memory grown, MB", mine.grown_mb, peer.grown_mb),
    )
    for name, own, other in rows:
        print(f"| {name} | {own:.1f} | {other:.1f} | {own / max(other, 0.01):.2f} |")
    print(f"\ncards alive after all that: {len(window.timeline.list.all_cards)}")
    for words in ("pricing", "pricing zzz"):
        step = cpu(lambda w=words: model.do(note_actions.filter_notes, NoteFilter(words=w)))  # type: ignore[misc]
        print(f"filter by {words!r}: {step:.1f} ms")


if __name__ == "__main__":
    main()
