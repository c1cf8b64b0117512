"""A window on a model that posts into a list: what the gui tests work at.

The engine's part is played by the test, which hands events to the model.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from close_notes_gui.model import events as ev
from close_notes_gui.model.commands import Command, ReviseDraft, SearchLeads, SendDraft
from close_notes_gui.model.draft import Draft, OutboxEntry, OutboxState
from close_notes_gui.model.ids import ContactId, DraftId, LeadId, OrganizationId, OutboxId, UserId
from close_notes_gui.model.lead import Account, Contact, Lead, LeadHit
from close_notes_gui.model.settings import Settings
from close_notes_gui.present.state import fresh_state
from close_notes_gui.ui.app_model import AppModel
from close_notes_gui.ui.furnishing import furnish_now
from close_notes_gui.ui.services import Services
from close_notes_gui.ui.thumbnail import PictureSource
from close_notes_gui.ui.window import MainWindow

NOW = datetime(2026, 11, 23, 14, 5, 9, tzinfo=UTC)
ACCOUNT = Account(
    UserId("user_1"),
    "Ruth Example",
    "ruth@example.com",
    OrganizationId("orga_1"),
    "Example Sales Inc.",
)
C = TypeVar("C", bound=Command)


def lead(name: str, number: int = 1) -> Lead:
    """A lead with two contacts."""
    contacts = (
        Contact(ContactId(f"cont_{number}a"), "Grace Hopper", "CTO"),
        Contact(ContactId(f"cont_{number}b"), "Ada Lovelace"),
    )
    return Lead(LeadId(f"lead_{number}"), name, "Potential", contacts)


WANDERLUST = lead("Wanderlust Travel", 1)
WANDSWORTH = lead("Wandsworth <b>Analytics</b> & Sons", 2)
SWAN = lead("Swan Logistics", 3)


@dataclass
class Desk:
    """The window, its model, and everything that was posted, in order."""

    model: AppModel
    window: MainWindow
    posted: list[Command]
    opened: list[str]
    closed: list[str] = field(default_factory=list)
    shown: list[tuple[str, Path]] = field(default_factory=list)
    dragged: list[tuple[Path, str]] = field(default_factory=list)  # out of the window
    copied: list[Path] = field(default_factory=list)

    def of(self, kind: type[C]) -> list[C]:
        """The posted commands of one kind."""
        return [command for command in self.posted if isinstance(command, kind)]

    def hear(self, *events: ev.Event) -> None:
        """The engine tells these."""
        for event in events:
            self.model.receive(event)

    def loaded(self, *, drafts: Sequence[Draft] = (), recents: Sequence[Lead] = ()) -> None:
        """The engine has started and the rep is signed in."""
        self.hear(ev.Loaded(Settings(), drafts=tuple(drafts), recents=tuple(recents)))
        self.hear(ev.SignedIn(ACCOUNT))

    def search(
        self, words: str, *leads: Lead, stage: ev.SearchStage = ev.SearchStage.CLOSE
    ) -> None:
        """Type the words and let these be found."""
        self.window.picker.open()
        QTest.keyClicks(self.window.picker, words)
        self.found(*leads, stage=stage)

    def found(self, *leads: Lead, stage: ev.SearchStage = ev.SearchStage.CLOSE) -> None:
        """These answer to the last search."""
        last = self.of(SearchLeads)[-1]
        self.hear(ev.LeadsFound(last.seq, last.text, tuple(LeadHit(one) for one in leads), stage))

    def pick(self, chosen: Lead) -> None:
        """Find and pick a lead, by keyboard."""
        self.search(chosen.name[:3], chosen)
        QTest.keyClick(self.window.picker, Qt.Key.Key_Return)
        self.hear(ev.LeadLoaded(chosen))

    def write(self, words: str) -> None:
        """Type into the editor."""
        QTest.keyClicks(self.window.compose.editor, words)

    @property
    def text(self) -> str:
        """What the editor shows, once all of it is there: a busy machine loads even a short text
        in more than one slice.
        """
        self.window.compose.editor.note_html()
        return self.window.compose.editor.toPlainText()

    def press_send(self) -> None:
        """Ctrl+Enter, in the editor."""
        control = Qt.KeyboardModifier.ControlModifier
        QTest.keyClick(self.window.compose.editor, Qt.Key.Key_Return, control)

    def queued(self, state: OutboxState = OutboxState.HELD) -> OutboxEntry:
        """The engine has put the draft sent last into the outbox."""
        sent = self.of(SendDraft)[-1].draft
        entry = OutboxEntry(OutboxId(f"out_{sent.id}"), sent, state, NOW)
        self.hear(ev.DraftQueued(sent.id, entry))
        return entry

    def last_draft(self) -> Draft:
        """The last revision posted."""
        return self.of(ReviseDraft)[-1].draft

    def child(self, name: str) -> QWidget:
        """The one visible widget with this accessible name."""
        self.settle()
        named = [
            widget
            for widget in self.window.findChildren(QWidget)
            if widget.accessibleName() == name and widget.isVisible()
        ]
        assert len(named) == 1, f"{len(named)} visible widgets are called {name!r}"
        return named[0]

    def settle(self) -> None:
        """Let what was asked to be shown be shown, cards of notes included."""
        for _ in range(10):
            QApplication.processEvents()

    def drop(self, mime: QMimeData, at: QPoint | None = None, *, moves: bool = True) -> None:
        """Drag onto a point of the page and let go, event by event as Qt's windows send them.

        Without `moves` the pointer does not move between coming in and letting go.
        """
        page, overlay = self.window.page, self.window.overlay
        point = at or page.rect().center()
        target: QWidget = page.childAt(point) or page
        while not target.acceptDrops() and (above := target.parentWidget()) is not None:
            target = above
        actions, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        none = Qt.KeyboardModifier.NoModifier
        spot = target.mapFromGlobal(page.mapToGlobal(point))
        QApplication.sendEvent(target, QDragEnterEvent(spot, actions, mime, buttons, none))
        if moves and overlay.isVisible():
            QApplication.sendEvent(target, QDragLeaveEvent())
            target = overlay
            QApplication.sendEvent(target, QDragEnterEvent(spot, actions, mime, buttons, none))
        QApplication.sendEvent(target, QDropEvent(QPointF(spot), actions, mime, buttons, none))


def make_desk(
    *,
    files: tuple[Path, ...] = (),
    layout_file: Path | None = None,
    may_close: bool = True,
    pictures: PictureSource | None = None,
) -> Desk:
    """A window that was not shown yet, with its seams held by the test."""
    posted: list[Command] = []
    opened: list[str] = []
    closed: list[str] = []

    shown: list[tuple[str, Path]] = []
    dragged: list[tuple[Path, str]] = []
    copied: list[Path] = []

    def close_requested() -> bool:
        closed.append("asked")
        return may_close

    services = Services(
        close_requested=close_requested,
        now=lambda: NOW,
        open_address=opened.append,
        start_sandbox=lambda: opened.append("sandbox"),
        choose_files=lambda _parent: files,
        choose_markdown=lambda _parent: files,
        choose_folder=lambda _parent: Path("/chosen"),
        choose_place=lambda _parent, name: Path("/chosen") / name,
        open_file=lambda path: shown.append(("open", path)),
        reveal_file=lambda path: shown.append(("reveal", path)),
        drag_file=lambda _source, path, key: dragged.append((path, key)),
        copy_file=copied.append,
        pictures=pictures,
    )
    model = AppModel(posted.append, fresh_state(DraftId("draft_first")))
    window = MainWindow(layout_file)
    furnish_now(window, model, services)
    return Desk(model, window, posted, opened, closed, shown, dragged, copied)
