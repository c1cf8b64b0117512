"""Builds all of the window that its first paint does not need, in short steps.

Window thread. Between two steps the caller lets keys and paints through.
"""

from collections.abc import Iterator

from close_notes_gui.ui.app_model import AppModel
from close_notes_gui.ui.badge_button import BadgeButton
from close_notes_gui.ui.compose import Compose
from close_notes_gui.ui.drop_overlay import DropOverlay
from close_notes_gui.ui.icon_button import IconButton
from close_notes_gui.ui.keys import KeySheet
from close_notes_gui.ui.notices import Notices
from close_notes_gui.ui.outbox import Outbox
from close_notes_gui.ui.panel import Panel
from close_notes_gui.ui.richtext.editor import NoteEditor
from close_notes_gui.ui.richtext.toolbar import FormatToolbar
from close_notes_gui.ui.services import Services
from close_notes_gui.ui.settings.form import SettingsForm
from close_notes_gui.ui.sign_in import SignIn
from close_notes_gui.ui.status import StatusLine
from close_notes_gui.ui.templates.shelf import TemplateShelf
from close_notes_gui.ui.timeline import Timeline
from close_notes_gui.ui.window import MainWindow
from close_notes_gui.ui.wiring import Wiring


def furnish(window: MainWindow, model: AppModel, services: Services) -> Iterator[None]:
    """Make the parts of the window, wire them to the model, then show them all at once."""
    page = window.page
    window.timeline = Timeline()
    yield
    editor = NoteEditor()
    yield
    toolbar = FormatToolbar(editor)
    yield
    window.compose = Compose(editor, toolbar)
    yield
    window.place_hidden(window.compose)
    yield
    window.place_hidden(window.timeline)
    yield
    window.status = StatusLine()
    window.sign_in = SignIn()
    window.overlay = DropOverlay(page)
    yield
    window.picker.furnish(page)
    window.new_button = IconButton("new", "New note", act="new")
    window.outbox_button = BadgeButton("outbox", "Outbox and drafts", act="outbox")
    window.settings_button = IconButton("settings", "Settings", act="settings")
    window.notices = Notices()
    yield
    window.outbox = Outbox()
    window.outbox_panel = Panel(page, "Outbox", window.outbox)
    yield
    window.settings = SettingsForm()
    window.settings_panel = Panel(page, "Settings", window.settings, width=640)
    yield
    window.templates = TemplateShelf()
    window.templates_panel = Panel(page, "Templates", window.templates)
    yield
    window.keys_panel = Panel(page, "Keys", KeySheet())
    yield
    # No step between these: the window's keys are bound by the one, the early ones given out by
    # the other.
    wiring = Wiring(window, model, services)
    window.fill(wiring, services)


def furnish_now(window: MainWindow, model: AppModel, services: Services) -> None:
    """The same in one go."""
    for _ in furnish(window, model, services):
        pass
