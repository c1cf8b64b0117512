"""Close's editor, as far as anyone outside can run it, loses nothing of what we write."""

from pathlib import Path

import pytest

from close_notes_gui.markup import DOCUMENTED_ONLY, from_note_html, sanitize_html, to_note_html
from tests.judge.judge import Report, judge, reason_missing
from tests.judge.random_trees import random_tree

MISSING = reason_missing()
CORPUS = Path(__file__).parent.parent / "corpus"

pytestmark = [
    pytest.mark.judge,
    pytest.mark.timeout(300),
    pytest.mark.skipif(MISSING is not None, reason=MISSING or ""),
]


def assert_faithful(notes: list[str]) -> None:
    for note_html, report in zip(notes, judge(notes), strict=True):
        assert report.ok, f"{report.problems}\n{note_html}"


def test_the_judge_sees_a_loss() -> None:
    reports = judge(
        [
            "<body><p>kept</p></body>",
            "<body><p>a <sub>b</sub></p></body>",
            "<body><p>a  b <code><strong>c</strong></code></p></body>",
            "<body><ul><li><h1>x</h1></li></ul></body>",
            "<body><p>a<br></p></body>",
            "<body><table><tr><td>a</td><td>b</td></tr></table></body>",
        ]
    )
    assert reports[0] == Report(ok=True, problems=(), lost=(), added=(), text="kept")
    assert not any(report.ok for report in reports[1:])


def test_corpus() -> None:
    notes = [
        path.read_text(encoding="utf-8").removesuffix("\n")
        for path in sorted((CORPUS / "clipboard").glob("*.expected"))
    ]
    attacks = [
        line
        for path in sorted((CORPUS / "hostile").glob("*.txt"))
        for line in path.read_text(encoding="utf-8").split("\n")
    ]
    notes.extend(map(sanitize_html, attacks))
    documented = [to_note_html(from_note_html(note), policy=DOCUMENTED_ONLY) for note in notes]
    assert_faithful(list(dict.fromkeys(notes + documented)))


def test_a_thousand_random_trees() -> None:
    notes = dict.fromkeys(to_note_html(random_tree(seed)) for seed in range(1200))
    assert len(notes) >= 1000
    assert_faithful(list(notes))
