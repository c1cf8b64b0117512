"""Between the settings panel and the model.

Window thread. Decides nothing: `present` says what a step does and what the panel shows.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from close_notes_gui.model.settings import Settings
from close_notes_gui.present import actions
from close_notes_gui.present import settings_actions as steps
from close_notes_gui.present.keymap import keymap_of
from close_notes_gui.present.show_settings import settings_view
from close_notes_gui.ui import keytable
from close_notes_gui.ui.app_model import AppModel
from close_notes_gui.ui.richtext.editor import NoteEditor
from close_notes_gui.ui.services import Services
from close_notes_gui.ui.settings.versions import versions
from close_notes_gui.ui.shortcuts import Shortcuts

if TYPE_CHECKING:
    from close_notes_gui.ui.window import MainWindow


class SettingsDesk(QObject):
    """Invariant: the keys bound and the settings shown are those of the state."""

    def __init__(
        self,
        window: "MainWindow",
        model: AppModel,
        services: Services,
        acts: Mapping[str, Callable[[], None]],
    ) -> None:
        """`acts` are the deeds of the window's keys, by the names of `present.keymap`."""
        super().__init__(window)
        self._window = window
        self._model = model
        self._services = services
        self._settings: Settings | None = None
        self._shortcuts = Shortcuts(window, acts)
        self._shortcuts.watch(window.compose.editor, window.compose.title, window.picker)
        form, do = window.settings, model.do
        form.changed.connect(self._on_form_changed)
        form.clear_index_asked.connect(lambda: do(actions.clear_index))
        form.storage_asked.connect(lambda: do(steps.measure_storage))
        form.clear_caches_asked.connect(lambda: do(steps.clear_caches))
        form.folder_asked.connect(lambda folder: services.open_file(Path(folder)))
        form.key_wished.connect(lambda act, key: do(steps.wish_key, act, key))
        form.keys_reset_asked.connect(lambda: do(steps.reset_keys))
        form.report_asked.connect(self._on_form_report_asked)

    def draw(self) -> None:
        """Show the settings where they are in sight, and let the keys be as they say."""
        state = self._model.state
        if self._settings is None or self._settings.shortcuts != state.settings.shortcuts:
            keys = keymap_of(state.settings)
            keytable.wear(keys)
            self._shortcuts.apply(keys)
            for editor in self._window.findChildren(NoteEditor):
                editor.apply_keys(keys)
        self._settings = state.settings
        if state.is_loaded:
            self._services.wear(state.settings.appearance, state.settings.text_size_percent)
        if not self._window.settings_panel.isHidden():
            self._window.settings.show_view(settings_view(state))

    @Slot(object)
    def _on_form_changed(self, settings: Settings) -> None:
        self._model.do(steps.change_settings, settings)

    @Slot()
    def _on_form_report_asked(self) -> None:
        target = self._services.choose_place(self._window, "close-notes-report.txt")
        if target is not None:
            self._model.do(steps.save_diagnostics, target, versions())
