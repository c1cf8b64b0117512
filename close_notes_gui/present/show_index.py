"""AppState → words about the leads that are kept on this computer for search. Pure."""

from close_notes_gui.model.events import IndexProgressed
from close_notes_gui.present.state import AppState
from close_notes_gui.present.views import Line, Tone
from close_notes_gui.present.when import size_text
from close_notes_gui.present.wording import words_for


def index_line(state: AppState) -> Line:
    """How far the reading is, and what it takes on the disk: for the settings."""
    settings, index = state.settings, state.index
    if not settings.index_leads:
        return Line("No leads are kept; each search asks Close.")
    if index is None:
        return Line("Leads are read once you are signed in.")
    kept = f"{_known(index)}, {size_text(index.size_bytes)} on this computer."
    if index.problem is not None:
        return Line(f"{words_for(index.problem).what} {kept}", Tone.WARNING)
    if settings.index_is_paused:
        return Line(f"Paused. {kept}")
    if index.is_limited:
        return Line(f"{kept} Older ones are found by asking Close.")
    if index.is_complete:
        return Line(f"All leads: {kept}", Tone.GOOD)
    return Line(f"Reading leads: {kept}", Tone.BUSY)


def index_status(state: AppState) -> Line | None:
    """A quiet word while all leads are read for the first time, None otherwise."""
    index = state.index
    if index is None or index.is_complete or index.problem or not state.is_online:
        return None
    if not state.settings.index_leads or state.settings.index_is_paused or not index.known:
        return None
    return Line(f"Reading leads for search: {_known(index)}")


def _known(index: IndexProgressed) -> str:
    known = f"{index.known:,} lead" + ("" if index.known == 1 else "s")
    if index.expected and not index.is_complete and index.expected >= index.known:
        return f"{index.known:,} of {index.expected:,} leads"
    return known
