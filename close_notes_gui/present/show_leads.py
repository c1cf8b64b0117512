"""AppState → the list of leads under the search field: rows, what of them matched, and its line.

Pure. Everything here came from outside and is shown as text on one line.
"""

from collections.abc import Iterable
from functools import lru_cache

from close_notes_gui.model.folding import without_status
from close_notes_gui.model.ids import LeadId
from close_notes_gui.model.lead import Contact, Lead, LeadHit, MatchedBy
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.present.matching import Spans, bold_digits, bold_parts
from close_notes_gui.present.state import AppState
from close_notes_gui.present.views import (
    BETWEEN,
    Action,
    ActionKind,
    LeadRow,
    Line,
    SearchView,
    Tone,
)
from close_notes_gui.present.wording import words_for

CHECK_NETWORK = Action(ActionKind.CHECK_NETWORK, "Try again")
_MOST_RECENTS = 20
_ISOLATE, _END = "\u2068", "\u2069"  # a name written from the right keeps to its own place


def search_view(state: AppState) -> SearchView:
    """The list under the search field, and its line."""
    search = state.search
    typed = search.text.strip()
    if not typed:
        return _recents_view(state)
    rows = _rows(search.hits, search.found_text, _drafted(state))
    busy = search.stage is None or (search.stage.value == "local" and search.problem is None)
    if search.problem is not None:
        return SearchView(rows, _search_problem(search.problem, bool(rows)), is_busy=False)
    if rows:
        return SearchView(rows, is_busy=busy, is_stale=search.stage is None)
    if busy:
        stale = search.stage is None
        return SearchView((), Line("Searching…", Tone.BUSY), is_busy=True, is_stale=stale)
    return SearchView((), Line(f"No lead matches “{typed}”. Try fewer letters or an email."))


def _recents_view(state: AppState) -> SearchView:
    leads = {i: state.leads[i] for i in state.recents[:_MOST_RECENTS] if i in state.leads}
    for draft in state.drafts.values():
        if draft.lead_id is not None and draft.has_words and draft.lead_id not in leads:
            known = state.leads.get(draft.lead_id)
            leads[draft.lead_id] = known or Lead(draft.lead_id, draft.lead_name)
    rows = _rows(tuple(LeadHit(lead) for lead in leads.values()), "", _drafted(state))
    if rows:
        return SearchView(rows, heading="Recent leads")
    return SearchView((), Line("Type a company, a person, an email or a phone number."))


def _search_problem(problem: Problem, has_rows: bool) -> Line:
    if problem.kind is ProblemKind.OFFLINE:
        known = (
            "Showing the leads known on this computer."
            if has_rows
            else ("No lead known on this computer matches.")
        )
        return Line(f"Offline. {known}", Tone.WARNING, (CHECK_NETWORK,))
    what = words_for(problem).what
    if has_rows:
        known = "Showing the leads known on this computer."
        return Line(f"{what} {known}", Tone.WARNING, (CHECK_NETWORK,))
    return Line(f"The search failed. {what}", Tone.BAD, (CHECK_NETWORK,))


def _drafted(state: AppState) -> frozenset[LeadId]:
    """The leads with a note begun."""
    drafts = (draft for draft in state.drafts.values() if draft.has_words and not draft.is_edit)
    return frozenset(draft.lead_id for draft in drafts if draft.lead_id is not None)


@lru_cache(maxsize=8)  # the state is drawn anew with every event; the list seldom changes with it
def _rows(hits: tuple[LeadHit, ...], typed: str, drafted: frozenset[LeadId]) -> tuple[LeadRow, ...]:
    words = without_status(typed)
    return tuple(_row(hit, words, has_draft=hit.lead.id in drafted) for hit in hits)


def _row(hit: LeadHit, typed: str, *, has_draft: bool) -> LeadRow:
    lead = hit.lead
    name = _one_line(lead.name)
    contact = _contact(lead, hit)
    detail, detail_bold = _joined(_detail(contact, hit, typed))
    return LeadRow(
        lead_id=lead.id,
        name=name or "Unnamed lead",
        status=_one_line(lead.status_label),
        detail=detail or "No contact",
        contact_id=hit.contact_id,
        bold=bold_parts(name, typed),
        detail_bold=detail_bold,
        has_draft=has_draft,
    )


def _contact(lead: Lead, hit: LeadHit) -> Contact | None:
    """The person that is meant, else the main one."""
    for contact in lead.contacts:
        if contact.id == hit.contact_id:
            return contact
    return lead.contacts[0] if lead.contacts else None


def _detail(contact: Contact | None, hit: LeadHit, typed: str) -> Iterable[tuple[str, Spans]]:
    """The second line in parts, each with what of it matched."""
    person = _one_line(contact.name) if contact is not None else ""
    why = _one_line(hit.why)
    if hit.matched_by is MatchedBy.CONTACT:
        yield person, bold_parts(person, typed)
        return
    yield person, ()
    if hit.matched_by is MatchedBy.OTHER and not why:
        yield "matched by Close", ()
    if why and why != _one_line(hit.lead.status_label):  # that is on the row already
        yield why, _bold_of_reason(hit.matched_by, why, typed)


def _bold_of_reason(matched_by: MatchedBy, why: str, typed: str) -> Spans:
    if matched_by is MatchedBy.PHONE:
        return bold_digits(why, typed)
    at = why.lower().find(typed.lower()) if typed and why.isascii() else -1
    return bold_parts(why, typed) if at == -1 else ((at, len(typed)),)


def _joined(parts: Iterable[tuple[str, Spans]]) -> tuple[str, Spans]:
    text, bold = "", []
    for part, spans in parts:
        if not part:
            continue
        text += BETWEEN if text else ""
        is_plain = part.isascii()
        start = len(text) + (not is_plain)
        text += part if is_plain else f"{_ISOLATE}{part}{_END}"
        bold += [(start + at, length) for at, length in spans]
    return text, tuple(bold)


def _one_line(text: str) -> str:
    return " ".join(text.split())
