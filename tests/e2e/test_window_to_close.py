"""The real window, by keys and drops, against the sandbox over loopback: what a rep does all day."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from close_notes_gui.app import Program, engine_maker
from close_notes_gui.model.draft import AttachmentState
from close_notes_gui.model.settings import Settings
from close_notes_gui.present import settings_actions
from close_notes_gui.sandbox.server import SandboxServer
from close_notes_gui.startup.options import OpenRequest

pytestmark = pytest.mark.e2e
WAIT_MS = 20_000
Start = Callable[..., AbstractContextManager[Program]]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def close() -> Iterator[SandboxServer]:
    with SandboxServer() as server:
        yield server


@pytest.fixture
def started(
    qtbot, qapp: QApplication, close: SandboxServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Start:
    """Start the program on the loopback sandbox, signed in by the environment."""
    monkeypatch.setenv("CLOSE_API_KEY", close.api_key)
    monkeypatch.setenv("CLOSE_NOTES_API_URL", close.base_url)
    programs: list[Program] = []

    @contextmanager
    def start(request: OpenRequest = OpenRequest()) -> Iterator[Program]:  # noqa: B008
        folder = tmp_path / "profile"
        program = Program(folder, engine_maker(folder))
        program.start(request)
        programs.append(program)
        qtbot.waitExposed(program.window)
        program.window.activateWindow()
        qtbot.waitUntil(lambda: program.model.state.account is not None, timeout=WAIT_MS)
        yield program
        program.window.close()
        qtbot.waitUntil(lambda: program.model.state.is_stopped, timeout=WAIT_MS)
        program.finish()

    return start


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focused(), key, modifiers)


def type_words(words: str) -> None:
    QTest.keyClicks(focused(), words)


def drop(program: Program, *paths: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    where, copy = QPointF(40, 40), Qt.DropAction.CopyAction
    buttons, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where.toPoint(), copy, mime, buttons, plain)
    QApplication.sendEvent(program.window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(
        program.window, QDropEvent(where, copy, mime, buttons, plain, QEvent.Type.Drop)
    )


def send_and_close(qtbot, program: Program) -> None:
    """Ctrl+Enter, and before the engine has even heard of it: the window is closed."""
    qtbot.waitUntil(lambda: program.model.state.draft.has_words, timeout=WAIT_MS)
    program.model.do(settings_actions.change_settings, Settings(undo_send_s=1))
    program.window.compose.editor.setFocus()
    press(Qt.Key.Key_Return, CTRL)
    program.window.close()


def test_from_three_letters_to_a_note_with_two_files(
    qtbot, close: SandboxServer, started: Start, tmp_path: Path
) -> None:
    lead_id = close.fake.lead_named("Wayne Enterprises")
    before = {n["id"] for n in close.fake.notes_on(lead_id)}
    contract, photo = tmp_path / "Vertrag é.pdf", tmp_path / "photo.png"
    contract.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 1000)
    photo.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(1000))

    with started() as program:
        assert isinstance(QApplication.focusWidget(), QLineEdit)
        type_words("wayne")
        qtbot.waitUntil(lambda: bool(program.model.state.search.hits), timeout=WAIT_MS)
        press(Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: program.model.state.draft.lead_id == lead_id, timeout=WAIT_MS)

        type_words("They ")
        press(Qt.Key.Key_B, CTRL)
        type_words("agreed")
        press(Qt.Key.Key_B, CTRL)
        type_words(" to <sign> & pay.")
        press(Qt.Key.Key_Return)
        type_words("- first")
        press(Qt.Key.Key_Return)
        type_words("second")
        drop(program, contract, photo)
        qtbot.waitUntil(
            lambda: (
                [a.state for a in program.model.state.attachments.values()]
                == [AttachmentState.UPLOADED] * 2
            ),
            timeout=WAIT_MS,
        )
        press(Qt.Key.Key_Return, CTRL)
        qtbot.waitUntil(lambda: bool(program.model.state.outbox), timeout=WAIT_MS)
        assert program.window.compose.editor.is_blank()
        qtbot.waitUntil(lambda: program.model.state.last_sent is not None, timeout=WAIT_MS)

    [note] = [n for n in close.fake.notes_on(lead_id) if n["id"] not in before]
    assert note["note_html"] == (
        "<body><p>They <strong>agreed</strong> to &lt;sign&gt; &amp; pay.</p>"
        "<ul><li>first</li><li>second</li></ul></body>"
    )
    held = {a["filename"]: close.fake.file_sha256(a["url"]) for a in note["attachments"]}
    assert held == {p.name: sha256(p.read_bytes()).hexdigest() for p in (contract, photo)}
    assert close.fake.violations == []


def test_what_was_typed_is_there_at_the_next_start(
    qtbot, close: SandboxServer, started: Start
) -> None:
    with started() as program:
        type_words("wayne")
        qtbot.waitUntil(lambda: bool(program.model.state.search.hits), timeout=WAIT_MS)
        press(Qt.Key.Key_Return)
        type_words("half a thou")
    with started() as program:
        assert "half a thou" in program.model.state.draft.note_html
        assert program.window.compose.editor.toPlainText() == "half a thou"
        assert program.model.state.draft.lead_name == "Wayne Enterprises"


def test_a_note_sent_and_at_once_quit_goes_out_at_the_next_start(
    qtbot, close: SandboxServer, started: Start
) -> None:
    lead_id = close.fake.lead_named("Wayne Enterprises")
    before = len(close.fake.notes_on(lead_id))
    with started(OpenRequest(lead=lead_id, text="sent while leaving")) as program:
        qtbot.waitUntil(lambda: program.model.state.draft.lead_id == lead_id, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: program.model.state.draft.has_words, timeout=WAIT_MS)
        program.window.compose.editor.setFocus()
        press(Qt.Key.Key_Return, CTRL)
        qtbot.waitUntil(lambda: bool(program.model.state.outbox), timeout=WAIT_MS)
        program.window.close()  # it says that the note is on its way; closed again, it closes
    assert len(close.fake.notes_on(lead_id)) == before
    with started() as program:
        qtbot.waitUntil(lambda: not program.model.state.outbox, timeout=WAIT_MS)
    notes = close.fake.notes_on(lead_id)
    assert len(notes) == before + 1
    assert sum("sent while leaving" in n["note_html"] for n in notes) == 1


def test_undo_brings_the_note_back_untouched(qtbot, close: SandboxServer, started: Start) -> None:
    lead_id = close.fake.lead_named("Wayne Enterprises")
    before = len(close.fake.notes_on(lead_id))
    with started(OpenRequest(lead=lead_id, title="Call", text="wait")) as program:
        qtbot.waitUntil(lambda: program.model.state.draft.has_words, timeout=WAIT_MS)
        written = program.model.state.draft
        program.window.compose.editor.setFocus()
        press(Qt.Key.Key_Return, CTRL)
        qtbot.waitUntil(lambda: bool(program.model.state.outbox), timeout=WAIT_MS)
        buttons = program.window.status.findChildren(QAbstractButton)
        next(button for button in buttons if button.text().startswith("Undo")).click()
        qtbot.waitUntil(lambda: not program.model.state.outbox, timeout=WAIT_MS)
        back = program.model.state.draft
        assert (back.note_html, back.title, back.lead_id) == (
            written.note_html,
            written.title,
            written.lead_id,
        )
        assert program.window.compose.editor.toPlainText() == "wait"
    assert len(close.fake.notes_on(lead_id)) == before


def test_closing_right_after_send_stays_until_the_note_is_in_close(
    qtbot, close: SandboxServer, started: Start
) -> None:
    lead_id = close.fake.lead_named("Wayne Enterprises")
    before = {n["id"] for n in close.fake.notes_on(lead_id)}
    with started(OpenRequest(lead=lead_id, text="The last one")) as program:
        send_and_close(qtbot, program)
        assert program.window.isVisible()
        told = [line.text for line in program.window.notices.lines]
        assert told == ["Sending 1 note. The window closes as soon as it is in Close."]
        qtbot.waitUntil(lambda: program.model.state.is_stopped, timeout=WAIT_MS)
        assert not program.window.isVisible()
        assert len({n["id"] for n in close.fake.notes_on(lead_id)} - before) == 1


def test_kept_sending_it_hides_and_ends_by_itself(
    qtbot, close: SandboxServer, started: Start
) -> None:
    lead_id = close.fake.lead_named("Wayne Enterprises")
    before = {n["id"] for n in close.fake.notes_on(lead_id)}
    with started(OpenRequest(lead=lead_id, text="Behind the scenes")) as program:
        send_and_close(qtbot, program)
        buttons = program.window.notices.findChildren(QAbstractButton)
        next(button for button in buttons if button.text().startswith("Keep sending")).click()
        assert not program.window.isVisible()
        qtbot.waitUntil(lambda: program.model.state.is_stopped, timeout=WAIT_MS)
        assert len({n["id"] for n in close.fake.notes_on(lead_id)} - before) == 1
