"""Keystroke to painted list at several sizes of organisation, and what reading all leads costs.

`python -m tests.bench.bench_search [--sizes 10000,200000,1000000] [--folder F] [--fill 10000]`
In the same run: SQLite LIKE over the same rows, rapidfuzz (for development only) over the names
in memory. A keystroke goes the whole way but for the hop between threads: index, ranking, state,
view, real picker painted offscreen. With --folder, indexes are kept there and used again.

Each keystroke is made once. Beside the time on the clock stands the time that this thread had the
processor: on a machine that does other things too, that is the one that says something of us.
"""

import argparse
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtWidgets import QApplication
from rapidfuzz import fuzz, process

from close_notes_gui.engine.lead_finder import LeadFinder
from close_notes_gui.engine.smoothness import settle
from close_notes_gui.model.commands import SearchLeads
from close_notes_gui.model.events import IndexProgressed, LeadsFound, SearchStage
from close_notes_gui.store.index import file
from close_notes_gui.store.index.reader import IndexReader
from close_notes_gui.store.index.writer import IndexWriter
from tests.gui.desk import make_desk
from tests.sample_leads import sample_leads

WORDS = 60
GOALS_MS = {200_000: 16.0, 1_000_000: 50.0}


def keystrokes() -> list[str]:
    """Names, people, phones and typos, letter by letter, of leads picked by chance (seed 1)."""
    leads, chance = list(sample_leads(3000)), random.Random(1)
    typed: list[str] = []
    for number in range(WORDS):
        lead = chance.choice(leads)
        text = " ".join(lead.name.lower().split()[:2])
        if number % 5 == 1 and lead.contacts:
            text = lead.contacts[0].name.lower()
        elif number % 5 == 2 and len(text) > 4:
            text = text[:2] + text[3] + text[2] + text[4:]
        elif number % 10 == 3 and lead.contacts and lead.contacts[0].phones:
            text = lead.contacts[0].phones[0]
        typed += [text[:end] for end in range(1, len(text) + 1)]
    return typed


@dataclass
class Took:
    """Milliseconds for each of many, sorted: on the clock, and of the processor."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    @property
    def p99(self) -> float:
        """Of the processor's time."""
        return _at(self.processor, 0.99)

    def __str__(self) -> str:
        clock = f"p50 {_at(self.clock, 0.5):6.1f}  p99 {_at(self.clock, 0.99):6.1f} ms"
        return f"{clock}  (processor {_at(self.processor, 0.5):6.1f} {self.p99:6.1f})"


def _at(took: list[float], share: float) -> float:
    return took[int(len(took) * share)]


def timed(work: Callable[[str], object], texts: Sequence[str]) -> Took:
    """How long each takes."""
    took = Took()
    for text in texts:
        began, began_working = time.perf_counter(), time.thread_time()
        work(text)
        took.processor.append((time.thread_time() - began_working) * 1e3)
        took.clock.append((time.perf_counter() - began) * 1e3)
    took.clock.sort()
    took.processor.sort()
    return took


def rss_mib() -> float:
    """What this process has in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def index_of(size: int, folder: Path) -> Path:
    """The index of the sample organisation, made where it is not there yet."""
    path = folder / f"idx{size}" / file.FILE_NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        file.prepare(path)
        writer, batch, began = IndexWriter(path), [], time.perf_counter()
        for lead in sample_leads(size):
            batch.append(lead)
            if len(batch) == 200:
                writer.put(batch)
                batch.clear()
        writer.put(batch)
        writer.close()
        print(f"  written at {size / (time.perf_counter() - began):,.0f} leads/s, sample included")
    return path


def bench_size(size: int, folder: Path, typed: list[str]) -> None:
    """One size: ours, and both peers over the same rows."""
    path = index_of(size, folder)
    print(f"{size:,} leads: {file.size_bytes(path) / size:.0f} bytes each on disk")
    before_mib = rss_mib()
    finder = LeadFinder()
    finder.reader = IndexReader(path)
    found = timed(lambda text: finder.find(text, limit=20), typed)
    print(
        f"  index and ranking     {found}   +{rss_mib() - before_mib:.0f} MiB, mapped pages included"
    )
    painted = timed(painting(finder), typed)
    goal = GOALS_MS.get(size)
    told = "" if goal is None else f"   goal: p99 < {goal:.0f} ms"
    print(f"  to the painted list   {painted}{told}")
    finder.reader.close()
    bench_like(path, typed[:: max(1, len(typed) // 40)], painted)
    bench_rapidfuzz(path, typed[:: max(1, len(typed) // 20)], painted)


def painting(finder: LeadFinder) -> Callable[[str], None]:
    """A keystroke in the real picker, answered by the finder, painted."""
    desk = make_desk()
    desk.window.resize(1100, 760)
    desk.window.show()
    desk.loaded()
    desk.window.picker.open()
    QApplication.processEvents()

    def keystroke(text: str) -> None:
        picker = desk.window.picker
        picker.setText(text)
        picker.words_changed.emit(text)
        asked = desk.of(SearchLeads)[-1]
        desk.posted.clear()
        hits = tuple(finder.find(asked.text, limit=20))
        desk.hear(LeadsFound(asked.seq, asked.text, hits, SearchStage.LOCAL))
        QApplication.processEvents()  # paints what has changed, as after a real keystroke

    return keystroke


def bench_like(path: Path, typed: list[str], ours: Took) -> None:
    """The obvious way: LIKE over the rows' text, which forgives nothing."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    query = "SELECT id FROM lead WHERE body LIKE ? LIMIT 20"
    took = timed(lambda text: connection.execute(query, (f"%{text}%",)).fetchall(), typed)
    connection.close()
    tell_peer("SQLite LIKE", took, ours)


def bench_rapidfuzz(path: Path, typed: list[str], ours: Took) -> None:
    """Forgiving, over all names in memory; knows no people, phones, scripts, or order."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    before_mib = rss_mib()
    names = [row[0] for row in connection.execute("SELECT key FROM lead")]
    connection.close()
    took = timed(lambda text: process.extract(text, names, scorer=fuzz.WRatio, limit=20), typed)
    tell_peer("rapidfuzz WRatio", took, ours)
    print(f"    its names in memory: {rss_mib() - before_mib:.0f} MiB")


def tell_peer(name: str, took: Took, ours: Took) -> None:
    """A peer's figures, and how many times ours its 99th percentile of the processor is."""
    ratio = took.p99 / ours.p99
    print(f"  {name:20}  {took}   {ratio:.1f} times ours at p99, without painting")


def bench_fill(leads: int) -> None:
    """The whole program reads the organisation from the sandbox on loopback."""
    from close_notes_gui.app import Program, engine_maker
    from close_notes_gui.startup.options import OpenRequest

    server = subprocess.Popen(
        [sys.executable, "-m", "close_notes_gui.sandbox", "--port", "0", "--leads", str(leads)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    _, url, key = server.stdout.readline().split()
    os.environ["CLOSE_API_KEY"], os.environ["CLOSE_NOTES_API_URL"] = key, url
    with tempfile.TemporaryDirectory() as folder:
        program = Program(Path(folder), engine_maker(Path(folder)))
        told: list[tuple[float, IndexProgressed]] = []
        gaps = Stalls()

        def on_changed() -> None:
            index = program.model.state.index
            if index is not None and (not told or told[-1][1] is not index):
                told.append((time.perf_counter(), index))
                if index.known and not gaps.is_running:
                    gaps.begin()
                if index.is_complete:
                    gaps.end()
                    program.window.close()

        program.model.changed.connect(on_changed)
        program.start(OpenRequest())
        QTimer.singleShot(300_000, QApplication.quit)
        QApplication.exec()
        program.finish()
    server.terminate()
    server.wait()
    began = next(at for at, index in told if index.known)
    done, last = told[-1]
    first = next(index.known for _, index in told if index.known)
    rate = (last.known - first) / (done - began) if done > began else 0.0
    print(f"fill: {last.known:,} leads at {rate:,.0f}/s through loopback, resting half of the time")
    print(
        f"  window's longest stall meanwhile {gaps.longest_ms:.0f} ms, {gaps.over_frame} over 16 ms"
    )
    print(f"  memory of the whole program {rss_mib():.0f} MiB")


class Stalls:
    """How long the window's loop was kept from turning."""

    def __init__(self) -> None:
        self.longest_ms, self.over_frame, self.is_running = 0.0, 0, False
        self._clock = QElapsedTimer()
        self._timer = QTimer()
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._tick)

    def begin(self) -> None:
        """Watch from now on."""
        self.is_running = True
        self._clock.start()
        self._timer.start()

    def end(self) -> None:
        """Watch no more."""
        self._timer.stop()

    def _tick(self) -> None:
        gap_ms = self._clock.nsecsElapsed() / 1e6
        self._clock.restart()
        self.longest_ms = max(self.longest_ms, gap_ms)
        self.over_frame += gap_ms > 16.7


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="10000,200000,1000000")
    parser.add_argument("--fill", type=int, default=10_000)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    if options.fill:
        bench_fill(options.fill)
    settle()
    typed = keystrokes()
    print(f"{len(typed)} keystrokes")
    with tempfile.TemporaryDirectory() as own:
        for size in map(int, filter(None, options.sizes.split(","))):
            bench_size(size, options.folder or Path(own), typed)


if __name__ == "__main__":
    main()
