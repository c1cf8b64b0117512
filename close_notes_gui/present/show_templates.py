"""AppState → the list of templates, pure."""

from collections.abc import Sequence

from close_notes_gui.markup import first_line
from close_notes_gui.model.template import Template
from close_notes_gui.present.state import AppState
from close_notes_gui.present.template_actions import all_templates
from close_notes_gui.present.views import (
    Action,
    ActionKind,
    Line,
    TemplateRow,
    TemplatesView,
    Tone,
)

_LONGEST_PREVIEW = 90


def templates_view(state: AppState, shipped: Sequence[Template]) -> TemplatesView:
    """All templates by name, and what there is to tell about them."""
    along = {template.id for template in shipped}
    kept = {template.id for template in state.templates}
    rows = tuple(
        TemplateRow(
            template_id=template.id,
            name=template.name,
            preview=first_line(template.note_html, limit=_LONGEST_PREVIEW),
            note_html=template.note_html,
            is_shipped=template.id in along,
            origin="Comes with the program" if template.id in along - kept else "",
        )
        for template in all_templates(state, shipped)
    )
    return TemplatesView(rows, _line(state))


def _line(state: AppState) -> Line | None:
    if state.deleted_template is not None:
        undo = Action(ActionKind.RESTORE_TEMPLATE, "Undo")
        dismiss = Action(ActionKind.DISMISS, "Dismiss", "template")
        name = state.deleted_template.template.name
        return Line(f"“{name}” was deleted.", Tone.QUIET, (undo, dismiss), "template")
    if state.told_of_templates:
        dismiss = Action(ActionKind.DISMISS, "Dismiss", "template")
        return Line(state.told_of_templates, Tone.GOOD, (dismiss,), "template")
    return None
