"""Ask TipTap, the editor that Close's is taken to be, whether it loses anything of a note.

Runs `judge.mjs` in one Node process for a whole batch. Needs Node 20 and, once,
`npm install --no-package-lock` in this folder.
"""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Report:
    """What TipTap made of one note. `ok`: the same document, nothing lost, added or moved."""

    ok: bool
    problems: tuple[str, ...]
    lost: tuple[str, ...]
    added: tuple[str, ...]
    text: str


def reason_missing() -> str | None:
    """Why the judge cannot run here, in words; None when it can."""
    if shutil.which("node") is None:
        return "Node is not installed, so TipTap cannot judge"
    if not (FOLDER / "node_modules" / "@tiptap" / "core").is_dir():
        return "TipTap is missing: run `npm install --no-package-lock` in tests/judge"
    return None


def judge(notes: list[str]) -> list[Report]:
    """One report for each `note_html`, in order. RuntimeError when Node itself fails."""
    node = shutil.which("node")
    if node is None:
        raise RuntimeError("Node is not installed")
    # JSON escapes of all non-ASCII characters keep every note on one line.
    asked = "".join(json.dumps({"html": note}) + "\n" for note in notes)
    done = subprocess.run(
        [node, str(FOLDER / "judge.mjs")],
        input=asked.encode(),
        capture_output=True,
        timeout=300,
        check=False,
        cwd=FOLDER,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-2000:])
    answers = [json.loads(line) for line in done.stdout.decode().split("\n") if line]
    if len(answers) != len(notes):
        raise RuntimeError(f"asked about {len(notes)} notes, got {len(answers)} answers")
    return [
        Report(a["ok"], tuple(a["problems"]), tuple(a["lost"]), tuple(a["added"]), a["text"])
        for a in answers
    ]
