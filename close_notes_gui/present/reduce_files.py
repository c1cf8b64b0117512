"""The part of the fold that is about files: chips, offers, files of notes. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from close_notes_gui.model import events as ev
from close_notes_gui.model.files import FilePurpose, ReadyFile
from close_notes_gui.present.state import AppState, Offer, Remark, Transit, drop, notice, put


def _remarked(state: AppState, event: ev.AttachmentRemarked) -> AppState:
    before = state.remarks.get(event.attachment_id, Remark())
    remark = Remark(event.repeats or before.repeats, event.links_to or before.links_to)
    return replace(state, remarks=put(state.remarks, event.attachment_id, remark))


def _arranged(state: AppState, event: ev.AttachmentsArranged) -> AppState:
    places = {attachment_id: place for place, attachment_id in enumerate(event.order)}
    own = [a for a in state.attachments.values() if a.draft_id == event.draft_id]
    own.sort(key=lambda a: places.get(a.id, len(places)))
    others = {k: a for k, a in state.attachments.items() if a.draft_id != event.draft_id}
    return replace(state, attachments={**others, **{a.id: a for a in own}})


def _folder_dropped(state: AppState, event: ev.FolderDropped) -> AppState:
    offer = Offer(event.draft_id, folder=event.path)
    return replace(
        state,
        offers=put(state.offers, event.folder_id, offer),
        expected=drop(state.expected, event.folder_id),
    )


def _attachment_ready(state: AppState, event: ev.AttachmentReady) -> AppState:
    return _ready(state, event.attachment_id, event.file)


def _note_file_progressed(state: AppState, event: ev.NoteFileProgressed) -> AppState:
    if event.url not in state.note_files:
        return state
    moved = Transit(event.received_bytes, event.total_bytes)
    return replace(state, note_files=put(state.note_files, event.url, moved))


def _note_file_saved(state: AppState, event: ev.NoteFileSaved) -> AppState:
    if event.file.purpose is FilePurpose.THUMBNAIL:
        return replace(state, thumbnails=put(state.thumbnails, event.url, event.file.path))
    state = replace(state, note_files=drop(state.note_files, event.url))
    return _ready(state, event.url, event.file)


def _note_file_failed(state: AppState, event: ev.NoteFileFailed) -> AppState:
    if event.purpose is FilePurpose.THUMBNAIL:
        return state  # its icon is there
    state = replace(state, note_files=drop(state.note_files, event.url))
    return notice(state, f"file {event.url}", event.problem)


def _ready(state: AppState, key: str, file: ReadyFile) -> AppState:
    if file.purpose is FilePurpose.SAVE:
        return state
    if file.purpose is FilePurpose.AT_HAND:
        return replace(state, at_hand=put(state.at_hand, key, file.path))
    if file.problem is not None:
        state = notice(state, f"unopened {file.path.name}", file.problem)
    return replace(state, ready=(*state.ready, file))


FILE_FOLDS: Mapping[type[ev.Event], Callable[[AppState, Any], AppState]] = {
    ev.AttachmentRemarked: _remarked,
    ev.AttachmentsArranged: _arranged,
    ev.FolderDropped: _folder_dropped,
    ev.AttachmentReady: _attachment_ready,
    ev.NoteFileProgressed: _note_file_progressed,
    ev.NoteFileSaved: _note_file_saved,
    ev.NoteFileFailed: _note_file_failed,
}
