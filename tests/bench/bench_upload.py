"""Uploads against curl in the same run: throughput, memory, many small files, hanging up, stalls.

A sink in a process of its own takes what comes and answers 201. Prints ratios; nothing is asserted.
`python tests/bench/bench_upload.py [--gb 1] [--rounds 3]` (`--gb 3` for the large one)
"""

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

ROOT = str(Path(__file__).resolve().parents[2])
sys.path.insert(0, ROOT)

from close_notes_gui.closeapi.answers import SignedUpload  # noqa: E402
from close_notes_gui.closeapi.errors import CloseError  # noqa: E402
from close_notes_gui.closeapi.upload import Upload  # noqa: E402
from close_notes_gui.model.ids import new_attachment_id  # noqa: E402
from close_notes_gui.store.spool import Spool  # noqa: E402

SINK = """
import re, socket, sys, threading, time
rate = float(sys.argv[1])
listener = socket.create_server(("127.0.0.1", 0), backlog=64)
print(listener.getsockname()[1], flush=True)
def serve(line):
    buffer = bytearray(1 << 20)
    while True:
        head = b""
        while b"\\r\\n\\r\\n" not in head:
            more = line.recv(65536)
            if not more:
                return
            head += more
        head, _, rest = head.partition(b"\\r\\n\\r\\n")
        if b"100-continue" in head:
            line.sendall(b"HTTP/1.1 100 Continue\\r\\n\\r\\n")
        left = int(re.search(rb"(?i)content-length: (\\d+)", head)[1]) - len(rest)
        began, taken = time.monotonic(), 0
        while left > 0:
            got = line.recv_into(buffer, min(left, len(buffer)))
            if not got:
                return
            left -= got
            taken += got
            if rate:
                time.sleep(max(0.0, began + taken / rate - time.monotonic()))
        line.sendall(b"HTTP/1.1 201 Created\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n")
        return
def served(line):
    with line:
        try:
            serve(line)
        except OSError:
            pass
while True:
    threading.Thread(target=served, args=(listener.accept()[0],), daemon=True).start()
"""

ONE = """
import sys, time
from pathlib import Path
from tests.bench.bench_upload import drop_and_put, put, rss_kb
before = rss_kb()
began = time.perf_counter()
if sys.argv[3] == "hashed":
    put(sys.argv[1], Path(sys.argv[2]), with_sha256=True)
else:
    drop_and_put(sys.argv[1], Path(sys.argv[2]))
print(time.perf_counter() - began, (rss_kb("VmHWM") - before) / 1024)
"""

STALLS = """
import sys, threading
from pathlib import Path
from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from close_notes_gui.engine.smoothness import settle
from close_notes_gui.ui.richtext.editor import NoteEditor
from tests.bench.bench_upload import put
app = QApplication([])
editor = NoteEditor()
editor.resize(700, 500)
editor.show()
settle()
path, seconds = Path(sys.argv[2]), 8
late, clock = [], QElapsedTimer()
def tick():
    late.append(clock.nsecsElapsed() / 1e6 - 5)
    clock.restart()
timer = QTimer()
timer.setTimerType(Qt.TimerType.PreciseTimer)
timer.setInterval(5)
timer.timeout.connect(tick)
typist = QTimer()
typist.setInterval(60)
typist.timeout.connect(lambda: QTest.keyClicks(editor, "ab "))
def again():
    while not done.is_set():
        drop_and_put(sys.argv[1], path)
done = threading.Event()
if sys.argv[3] != "0":
    for _ in range(int(sys.argv[3])):
        threading.Thread(target=again, daemon=True).start()
clock.start(); timer.start(); typist.start()
QTimer.singleShot(seconds * 1000, app.quit)
app.exec()
done.set()
late = sorted(late)
print(late[len(late) // 2], late[int(len(late) * 0.99)], late[-1], sum(x > 16 for x in late), len(late), flush=True)
import os
os._exit(0)
"""


def signed(url: str) -> SignedUpload:
    fields = (("key", "temporary/x"), ("policy", "p" * 800), ("success_action_status", "201"))
    return SignedUpload(url, fields, "https://app.close.com/go/file/x/", datetime.now(UTC))


def put(url: str, path: Path, *, with_sha256: bool) -> None:
    Upload(
        path, filename=path.name, content_type="application/octet-stream", with_sha256=with_sha256
    ).run(signed(url))


def drop_and_put(url: str, path: Path) -> None:
    """All that the program does with the bytes, from the drop to the storage host's answer."""
    with tempfile.TemporaryDirectory(prefix="bench-spool-") as folder:
        spool = Spool(Path(folder))
        kept = spool.keep(new_attachment_id(), path)
        put(url, kept.path, with_sha256=not spool.check(kept))


def rss_kb(field: str = "VmRSS") -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field))


@contextmanager
def sink(rate: float = 0) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", SINK, str(rate)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/"
    finally:
        process.kill()
        process.wait()


def ours(*arguments: str, code: str) -> list[float]:
    environment = {**os.environ, "PYTHONPATH": ROOT, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return [float(figure) for figure in done.stdout.split()]


def curl(url: str, path: Path) -> float:
    began = time.perf_counter()
    subprocess.run(
        [
            "curl",
            "-sS",
            "--noproxy",
            "*",
            "-o",
            os.devnull,
            "-F",
            "key=temporary/x",
            "-F",
            f"file=@{path}",
            url,
        ],
        check=True,
    )
    return time.perf_counter() - began


def bench_large(path: Path, rounds: int) -> None:
    size_mb = path.stat().st_size / 1e6
    times: dict[str, list[float]] = {"curl": [], "ours": [], "hashed": []}
    growth: list[float] = []
    with sink() as url:
        curl(url, path)  # the file is in the cache for all
        for _ in range(rounds):
            times["curl"].append(curl(url, path))
            for kind in ("ours", "hashed"):
                took_s, grown_mb = ours(url, str(path), kind, code=ONE)
                times[kind].append(took_s)
                growth.append(grown_mb)
    base = statistics.median(times["curl"])
    for kind, taken in times.items():
        middle = statistics.median(taken)
        print(
            f"{size_mb:.0f} MB, {kind:8}: {size_mb / middle:6.0f} MB/s, {base / middle:.2f} of curl"
        )
    print(f"growth of resident memory: {max(growth):.1f} MB at most")


def bench_small(folder: Path) -> None:
    files = []
    for number in range(200):
        files.append(folder / f"{number}.bin")
        files[-1].write_bytes(os.urandom(20_000))
    with sink() as url:
        curl_s = sum(curl(url, path) for path in files)
        began = time.perf_counter()
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda path: drop_and_put(url, path), files))
        ours_s = time.perf_counter() - began
    print(
        f"200 files of 20 kB: curl in a loop {curl_s:.2f} s, ours three at once {ours_s:.2f} s,"
        f" {curl_s / ours_s:.2f} times as fast"
    )


def hang_up_ms(path: Path, *, reads: bool) -> float:
    """From `cancel` to the moment in which the peer sees the connection closed."""
    closed_at = 0.0
    with socket.create_server(("127.0.0.1", 0)) as listener:
        upload = Upload(path, filename="a", content_type="a/b")
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"

        def run() -> None:
            try:
                upload.run(signed(url))
            except CloseError:
                return

        sender = threading.Thread(target=run)
        sender.start()
        line, _ = listener.accept()
        with line:
            deadline = time.monotonic() + 0.3
            while time.monotonic() < deadline:
                if reads:
                    line.recv(1 << 20)
            began = time.perf_counter()
            upload.cancel()
            sender.join()
            closed_at = time.perf_counter()  # the sender's socket is gone; now it is seen here
            line.settimeout(5)
            try:
                while line.recv(1 << 20):
                    pass
            except ConnectionError:
                pass
    return (closed_at - began) * 1000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--gb", type=float, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-upload-") as name:
        folder = Path(name)
        large = folder / "large.bin"
        block = os.urandom(1 << 20)
        with large.open("wb") as file:
            for _ in range(round(options.gb * 1000)):
                file.write(block)
        bench_large(large, options.rounds)
        bench_small(folder)
        for reads in (True, False):
            taken = [hang_up_ms(large, reads=reads) for _ in range(20)]
            peer = "flowing" if reads else "stalled"
            print(
                f"from cancel to closed, {peer}: median {statistics.median(taken):.2f} ms, most {max(taken):.2f} ms"
            )
        for rate, words in ((12.5e6, "three at 12.5 MB/s each"), (0, "three unthrottled")):
            with sink(rate) as url:
                quiet = ours(url, str(large), "0", code=STALLS)
                busy = ours(url, str(large), "3", code=STALLS)
            for told, figures in (("no upload", quiet), (words, busy)):
                p50, p99, most, over, count = figures
                print(
                    f"late in the window, {told}: p50 {p50:.2f}, p99 {p99:.2f}, most {most:.1f} ms;"
                    f" {over:.0f} of {count:.0f} over 16 ms"
                )


if __name__ == "__main__":
    main()
