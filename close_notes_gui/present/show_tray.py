"""AppState → what the icon in the system's tray says and offers, pure."""

from datetime import datetime

from close_notes_gui.present.show_outbox import outbox_view
from close_notes_gui.present.state import AppState
from close_notes_gui.present.views import TrayView
from close_notes_gui.present.when import plural

_MOST_RECENTS = 6


def tray_view(state: AppState, now: datetime) -> TrayView:
    """The icon's number, its tip, and the leads to write to."""
    outbox = outbox_view(state, now)
    recents = tuple(
        (str(lead_id), " ".join(state.leads[lead_id].name.split()) or "Unnamed lead")
        for lead_id in state.recents
        if lead_id in state.leads
    )
    told = f": {plural(outbox.badge, 'note waits', 'notes wait')}" if outbox.badge else ""
    return TrayView(
        is_wanted=state.settings.tray_icon,
        tip=f"Close Notes{told}",
        waiting=outbox.badge,
        needs_rep=outbox.needs_rep,
        recents=recents[:_MOST_RECENTS],
    )
