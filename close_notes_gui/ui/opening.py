"""Opens the composer filled in, as the command line or a second start asks for.

Window thread. Nothing that was being written is touched: it stays among the drafts.
"""

from pathlib import Path

from close_notes_gui.model.commands import DroppedFile
from close_notes_gui.model.ids import LeadId, new_attachment_id, new_draft_id
from close_notes_gui.present import actions
from close_notes_gui.present.state import is_blank
from close_notes_gui.ui.app_model import AppModel
from close_notes_gui.ui.services import Services
from close_notes_gui.ui.window import MainWindow


def open_filled(
    window: MainWindow,
    model: AppModel,
    services: Services,
    *,
    lead: str = "",
    title: str = "",
    text: str = "",
    attach: tuple[str, ...] = (),
) -> None:
    """`lead` is an id, which is picked, or words, which are searched for; `attach` are paths."""
    window.leave_sheet()
    state = model.state
    if (title or text or attach) and not is_blank(state, state.open_draft):
        model.do(actions.new_note, new_draft_id=new_draft_id(), now=services.now())
    if lead.startswith("lead_"):
        is_new = bool(title or text or attach)
        model.do(actions.pick_lead, LeadId(lead), new_draft_id=new_draft_id(), is_new=is_new)
    if title:
        model.do(actions.revise, now=services.now(), title=title)
    if text:
        window.compose.editor.insert_plain(text)
        window.compose.flush()
    files = tuple(DroppedFile(new_attachment_id(), Path(path)) for path in attach)
    model.do(actions.attach_files, files, now=services.now())
    if lead and not lead.startswith("lead_"):
        window.picker.open()
        model.do(actions.type_search, lead)
