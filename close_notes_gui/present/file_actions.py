"""What the rep does with files, as pure steps: (state, …) → (new state, commands to post)."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from close_notes_gui.model import commands as cmd
from close_notes_gui.model.files import FilePurpose
from close_notes_gui.model.ids import AttachmentId, LeadId
from close_notes_gui.model.problem import Problem
from close_notes_gui.present.actions import Step
from close_notes_gui.present.state import AppState, Offer, Transit, drop, notice, put

_MOST_THUMBNAILS = 60  # asked for at once


def rename(state: AppState, attachment_id: AttachmentId, filename: str) -> Step:
    """Another name; nothing where it is the same, or empty."""
    attachment = state.attachments.get(attachment_id)
    if attachment is None or not filename.strip() or filename == attachment.filename:
        return state, ()
    return state, (cmd.RenameAttachment(attachment_id, filename),)


def move(state: AppState, attachment_id: AttachmentId, *, by: int) -> Step:
    """So many places on, or back where `by` is less than zero."""
    attachment = state.attachments.get(attachment_id)
    if attachment is None:
        return state, ()
    order = [a.id for a in state.attachments_of(attachment.draft_id)]
    place = order.index(attachment_id) + by
    if by == 0 or not 0 <= place < len(order):
        return state, ()
    return state, (cmd.MoveAttachment(attachment_id, place),)


def show(state: AppState, attachment_id: AttachmentId, purpose: FilePurpose) -> Step:
    """Open it, or show it in its folder."""
    return state, (cmd.ShowAttachment(attachment_id, purpose),)


def offer_address(state: AppState, offer_id: AttachmentId, url: str) -> Step:
    """A picture was dragged from a browser that gave its address only: ask before fetching."""
    offer = Offer(state.open_draft, url=url)
    return replace(state, offers=put(state.offers, offer_id, offer)), ()


def take_offer(
    state: AppState, offer_id: AttachmentId, *, now: datetime, as_zip: bool = False
) -> Step:
    """The rep said yes."""
    offer = state.offers.get(offer_id)
    draft = state.drafts.get(offer.draft_id) if offer else None
    state = replace(state, offers=drop(state.offers, offer_id))
    if offer is None or draft is None:
        return state, ()
    state = replace(state, expected=put(state.expected, offer_id, offer.draft_id))
    take: cmd.Command
    if offer.folder is not None:
        folder = cmd.DroppedFile(offer_id, offer.folder)
        take = cmd.AttachFolder(offer.draft_id, folder, as_zip)
    else:
        take = cmd.AttachAddress(offer.draft_id, offer_id, offer.url)
    return state, (cmd.ReviseDraft(replace(draft, changed_at=now)), take)


def refuse(state: AppState, problem: Problem) -> Step:
    """What was dropped cannot even be asked for."""
    return notice(state, f"refused {problem.subject}", problem), ()


def leave_offer(state: AppState, offer_id: AttachmentId) -> Step:
    """The rep said no."""
    return replace(state, offers=drop(state.offers, offer_id)), ()


def bring(
    state: AppState, url: str, filename: str, purpose: FilePurpose, *, target: Path | None = None
) -> Step:
    """Bring a file of a note here, to open it, to show it, to save it at `target`, or to have it
    at hand; nothing where it is on its way already, or at hand.
    """
    if url in state.note_files or (purpose is FilePurpose.AT_HAND and url in state.at_hand):
        return state, ()
    state = replace(state, note_files=put(state.note_files, url, Transit(0, None)))
    return state, (cmd.SaveNoteFile(url, filename, purpose, target),)


def hold(state: AppState, attachment_id: AttachmentId) -> Step:
    """Have it at hand under its present name."""
    state = replace(state, at_hand=drop(state.at_hand, str(attachment_id)))
    return show(state, attachment_id, FilePurpose.AT_HAND)


def miss(state: AppState, url: str) -> Step:
    """What was at hand is not there any more: somebody has tidied up."""
    return replace(state, at_hand=drop(state.at_hand, url)), ()


def stop_bringing(state: AppState, url: str) -> Step:
    """Call the download off."""
    return state, (cmd.CancelNoteFile(url),)


def want_thumbnails(state: AppState, lead_id: LeadId) -> Step:
    """Ask for the small pictures of the lead's files that were not asked for yet."""
    notes = state.notes.get(lead_id)
    wanted = {
        file.thumbnail_url: file.filename
        for note in (notes.notes if notes else ())
        for file in note.attachments
        if file.thumbnail_url and file.thumbnail_url not in state.thumbnails
    }
    asked = dict(tuple(wanted.items())[:_MOST_THUMBNAILS])
    if not asked or not state.is_online:
        return state, ()
    state = replace(state, thumbnails={**state.thumbnails, **dict.fromkeys(asked)})
    return state, tuple(
        cmd.SaveNoteFile(url, name, FilePurpose.THUMBNAIL) for url, name in asked.items()
    )


def took_ready(state: AppState) -> Step:
    """The window has opened or shown what was ready."""
    return replace(state, ready=()), ()
