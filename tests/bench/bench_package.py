"""What the frozen program costs: size, start, memory; against a bare frozen PySide6 window.

After `python3 dev.py build --frozen`: `python tests/bench/bench_package.py [runs]`. The peer is a
window with a QTextEdit, frozen with the same spec. All start in turn; medians are compared.
"""

import io
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from resources.packaging.contents import ROOT, size_bytes

OURS = ROOT / "dist" / "close-notes"
PEER = ROOT / "build" / "bare"
PEER_CODE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QTextEdit
app = QApplication(sys.argv)
window = QTextEdit()
window.show()
app.exec()
"""


def freeze_peer() -> Path:
    """The bare window, frozen by our spec with another start and without our modules."""
    folder = PEER / "dist" / "close-notes"
    if folder.exists():
        return folder
    PEER.mkdir(parents=True, exist_ok=True)
    code = PEER / "bare.py"
    code.write_text(PEER_CODE, encoding="utf-8")
    text = (ROOT / "resources" / "packaging" / "close_notes.spec").read_text(encoding="utf-8")
    text = text.replace("Path(SPECPATH).parents[1]", f"Path({str(ROOT)!r})")
    text = text.replace('str(ROOT / "close_notes_gui" / "__main__.py")', repr(str(code)))
    text = text.replace("hiddenimports=BY_NAME", "hiddenimports=[]")
    spec = PEER / "bare.spec"
    spec.write_text(text, encoding="utf-8")
    folders = ["--distpath", str(PEER / "dist"), "--workpath", str(PEER / "work")]
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    subprocess.run([*command, *folders, str(spec)], cwd=ROOT, check=True)
    return folder


def packed_bytes(folder: Path) -> int:
    """The folder as tar.xz, at xz's fastest."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:xz", preset=1) as tar:
        tar.add(folder, "x")
    return len(out.getvalue())


def resident_mb(pid: int) -> float:
    """Memory of the process, MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1000


def at_rest(command: list[str]) -> tuple[float, float]:
    """CPU seconds until the process rests (half a second without work), and its memory then."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "HOME": home, "CLOSE_NOTES_DATA_DIR": home}
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        environment["PYTHONPATH"] = str(ROOT)
        program = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        ticks, still_since, used = os.sysconf("SC_CLK_TCK"), time.monotonic(), -1
        while time.monotonic() - still_since < 0.5:
            fields = Path(f"/proc/{program.pid}/stat").read_text().rsplit(")", 1)[1].split()
            now = int(fields[11]) + int(fields[12])
            if now != used:
                used, still_since = now, time.monotonic()
        memory = resident_mb(program.pid)
        program.kill()
        program.wait()
    return used / ticks, memory


def main() -> None:
    """Print sizes, then start and memory of the three."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    if not (OURS / "close-notes").exists():
        sys.exit("Nothing is frozen yet: python3 dev.py build --frozen")
    peer = freeze_peer()
    for name, folder in (("close notes", OURS), ("bare window", peer)):
        unpacked, packed = size_bytes(folder) / 1e6, packed_bytes(folder) / 1e6
        print(f"{name}: {unpacked:.0f} MB unpacked, {packed:.0f} MB packed")
    commands = {
        "frozen": [str(OURS / "close-notes"), "--sandbox"],
        "unfrozen": [sys.executable, "-m", "close_notes_gui", "--sandbox"],
        "bare frozen window": [str(peer / "close-notes")],
    }
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            found[name].append(at_rest(command))
    base = found["bare frozen window"]
    for name, figures in found.items():
        cpu, memory = (statistics.median(column) for column in zip(*figures, strict=True))
        cpu_0, memory_0 = (statistics.median(column) for column in zip(*base, strict=True))
        print(
            f"{name}: {cpu:.2f} s CPU until at rest ({cpu / cpu_0:.1f}x), "
            f"{memory:.0f} MB resident ({memory / memory_0:.1f}x)"
        )


if __name__ == "__main__":
    main()
