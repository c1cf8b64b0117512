"""Between the widgets of templates and the model.

Window thread. Decides nothing: `present` says what a step does and what the list shows.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, QObject, Slot

from close_notes_gui.model.ids import TemplateId, new_template_id
from close_notes_gui.model.richtext import EMPTY_NOTE_HTML
from close_notes_gui.model.template import Template
from close_notes_gui.present import template_actions as steps
from close_notes_gui.present.show_templates import templates_view
from close_notes_gui.present.template_fields import CARET, field_values, filled
from close_notes_gui.ui.app_model import AppModel
from close_notes_gui.ui.services import Services
from close_notes_gui.ui.templates.button import Names
from close_notes_gui.ui.templates.shipped import shipped_templates

if TYPE_CHECKING:
    from close_notes_gui.ui.window import MainWindow

_DATE = QLocale.FormatType.ShortFormat


class TemplateDesk(QObject):
    """Invariant: a template goes into the note as one undo step, filled for that note."""

    def __init__(self, window: "MainWindow", model: AppModel, services: Services) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._services = services
        compose, shelf = window.compose, window.templates
        compose.editor.set_templates(self._names)
        compose.editor.templateAsked.connect(self.insert)
        compose.template_button.names = self._names
        compose.template_button.chosen.connect(self.insert)
        compose.template_button.keep_asked.connect(self._on_button_keep_asked)
        compose.template_button.list_asked.connect(self.show_panel)
        shelf.asked.connect(self._on_shelf_asked)
        shelf.new_asked.connect(self._on_shelf_new_asked)
        shelf.import_asked.connect(self._on_shelf_import_asked)
        shelf.export_asked.connect(self._on_shelf_export_asked)
        shelf.revised.connect(self._on_shelf_revised)
        shelf.done.connect(self._on_shelf_done)

    def draw(self) -> None:
        """Show the list as it is now, where it is in sight."""
        if not self._window.templates_panel.isHidden():
            self._window.templates.show_view(templates_view(self._model.state, shipped_templates()))

    def flush(self) -> None:
        """A template that is being written goes to the state now."""
        self._window.templates.flush()

    @Slot()
    def show_panel(self) -> None:
        """Open the panel at the list."""
        window = self._window
        window.templates.show_list()
        for panel in window.panels():
            if panel is not window.templates_panel:
                panel.hide()
        window.templates_panel.open()
        self.draw()

    @Slot()
    def open_menu(self) -> None:
        """Open the menu to insert one."""
        self._window.compose.template_button.open_menu()

    @Slot(str)
    def insert(self, template_id: str) -> None:
        """Into the note, at the cursor."""
        template = self._template(template_id)
        editor = self._window.compose.editor
        if template is None or editor.isReadOnly():
            return
        now = self._services.now()
        day = now.astimezone().date()
        today = QLocale().toString(QDate(day.year, day.month, day.day), _DATE)
        values = field_values(self._model.state, now, today)
        editor.insert_template(filled(template.note_html, values), caret=CARET)
        editor.setFocus()

    def _names(self) -> Names:
        known = steps.all_templates(self._model.state, shipped_templates())
        return tuple((template.id, template.name) for template in known)

    def _template(self, template_id: str) -> Template | None:
        known = steps.all_templates(self._model.state, shipped_templates())
        return next((template for template in known if template.id == template_id), None)

    def _write(self, template: Template, *, is_new: bool) -> None:
        shelf = self._window.templates
        shelf.writer.flush()
        shelf.writer.load(template.id, template.name, template.note_html)
        shelf.show_writer(at_name=is_new)

    @Slot()
    def _on_button_keep_asked(self) -> None:
        compose = self._window.compose
        name = compose.title.text().strip() or compose.editor.toPlainText().strip().split("\n")[0]
        template = Template(new_template_id(), name, compose.editor.note_html())
        self._on_shelf_revised(template.id, template.name, template.note_html)
        self.show_panel()
        self._write(template, is_new=True)

    @Slot()
    def _on_shelf_new_asked(self) -> None:
        self._write(Template(new_template_id(), "", EMPTY_NOTE_HTML), is_new=True)

    @Slot(str, str)
    def _on_shelf_asked(self, act: str, template_id: str) -> None:
        template = self._template(template_id)
        if template is None:
            return
        if act == "insert":
            self._window.templates_panel.shut()
            self.insert(template_id)
        elif act == "edit":
            self._write(template, is_new=False)
        elif act == "export":
            self._export((template,))
        else:
            along = {one.id for one in shipped_templates()}
            is_shipped = template.id in along
            self._model.do(steps.delete_template, template, is_shipped=is_shipped)

    @Slot()
    def _on_shelf_import_asked(self) -> None:
        self._model.do(steps.import_templates, self._services.choose_markdown(self._window))

    @Slot()
    def _on_shelf_export_asked(self) -> None:
        self._export(steps.all_templates(self._model.state, shipped_templates()))

    def _export(self, templates: tuple[Template, ...]) -> None:
        folder = self._services.choose_folder(self._window)
        if folder is not None:
            self._model.do(steps.export_templates, templates, folder)

    @Slot(str, str, str)
    def _on_shelf_revised(self, template_id: str, name: str, note_html: str) -> None:
        template = Template(TemplateId(template_id), name, note_html, self._services.now())
        self._model.do(steps.keep_template, template)

    @Slot()
    def _on_shelf_done(self) -> None:
        self._window.templates.show_list()
        self.draw()
