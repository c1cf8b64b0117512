"""What the rep does with templates, as pure steps like those in `actions`."""

from close_notes_gui.model import commands as cmd
from close_notes_gui.model.ids import TemplateId
from close_notes_gui.model.template import Template
from close_notes_gui.present.actions import Step
from close_notes_gui.present.state import AppState


def keep_template(state: AppState, template: Template) -> Step:
    """Keep it."""
    return state, (cmd.KeepTemplate(template),)


def delete_template(state: AppState, template_id: TemplateId) -> Step:
    """Delete it."""
    return state, (cmd.DeleteTemplate(template_id),)
