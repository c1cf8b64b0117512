"""Files as the window shows them: chips, files of notes, what is offered. Pure."""

from urllib.parse import urlsplit

from close_notes_gui.model.draft import Attachment, AttachmentState
from close_notes_gui.model.filenames import extension, safe_filename
from close_notes_gui.model.ids import AttachmentId
from close_notes_gui.model.note import NoteAttachment
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.present.state import AppState, Offer, Remark, Transit
from close_notes_gui.present.views import (
    Action,
    ActionKind,
    AttachmentsView,
    ChipView,
    Line,
    NoteFileView,
    Tone,
)
from close_notes_gui.present.when import plural, size_text
from close_notes_gui.present.wording import words_for

#: Kinds of pictures that are drawn small; all others get their icon.
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"}
_PICTURE_ENDINGS = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"}
#: What is larger is not copied aside, hence may lie on a drive that does not answer.
LARGEST_DRAWN_BYTES = 100 * 1024 * 1024


def attachments_view(state: AppState) -> AttachmentsView:
    """The chips of the open draft."""
    attached = state.attachments_of(state.open_draft)
    if not attached:
        return AttachmentsView()
    size = size_text(sum(a.size_bytes for a in attached))
    total = f"{plural(len(attached), 'file', 'files')}, {size}"
    return AttachmentsView(tuple(_chip(state, a) for a in attached), total)


def _chip(state: AppState, attachment: Attachment) -> ChipView:
    moved = state.progress.get(attachment.id, Transit(0, attachment.size_bytes))
    status, tone, fraction = _chip_status(state, attachment, moved)
    return ChipView(
        attachment_id=attachment.id,
        name=attachment.filename,
        size=size_text(attachment.size_bytes) if attachment.size_bytes else "",  # not made yet
        status=status,
        tone=tone,
        content_type=attachment.content_type,
        fraction=fraction,
        can_retry=attachment.state is AttachmentState.FAILED,
        remark=_remark(state, attachment),
        picture=attachment.path if _may_be_drawn(attachment) else None,
        can_open=attachment.path is not None,
    )


def _may_be_drawn(attachment: Attachment) -> bool:
    is_picture = attachment.content_type in PICTURES
    return is_picture and attachment.size_bytes <= LARGEST_DRAWN_BYTES


def _remark(state: AppState, attachment: Attachment) -> str:
    remark = state.remarks.get(attachment.id, Remark())
    twin = state.attachments.get(remark.repeats) if remark.repeats else None
    if twin is not None and twin.draft_id == attachment.draft_id:
        same = twin.filename
        return "Attached twice" if same == attachment.filename else f"Same as “{same}”"
    return f"Link to “{remark.links_to}”" if remark.links_to else ""


def _chip_status(
    state: AppState, attachment: Attachment, moved: Transit
) -> tuple[str, Tone, float | None]:
    match attachment.state:
        case AttachmentState.COPYING:
            return "Reading…", Tone.BUSY, 0.0
        case AttachmentState.WAITING:
            if not state.is_online:
                return "Waiting for network", Tone.WARNING, None
            ready = "Waiting" if state.settings.upload_on_drop else "Goes up when sent"
            return ready, Tone.QUIET, None
        case AttachmentState.UPLOADING:
            total = moved.total_bytes or attachment.size_bytes
            fraction = min(moved.done_bytes / total, 1.0) if total else 0.0
            words = "Finishing…" if fraction >= 1 else f"{int(fraction * 100)} %"
            if 0 < fraction < 1 and moved.bytes_per_s > 0:
                words = f"{words}, {size_text(int(moved.bytes_per_s))}/s"
            return words, Tone.BUSY, fraction
        case AttachmentState.UPLOADED:
            return "Ready", Tone.GOOD, None
        case AttachmentState.FAILED:
            problem = attachment.problem or Problem(ProblemKind.STORAGE_REFUSED)
            return words_for(problem).text, Tone.BAD, None


def note_file_view(state: AppState, file: NoteAttachment) -> NoteFileView:
    """A file of a note in Close, and how far it is on its way here."""
    size = size_text(file.size_bytes) if file.size_bytes is not None else ""
    moved = state.note_files.get(file.url)
    fraction, status = None, ""
    if moved is not None:
        total = moved.total_bytes or file.size_bytes
        fraction = min(moved.done_bytes / total, 1.0) if total else 0.0
        status = f"{int(fraction * 100)} %" if total else size_text(moved.done_bytes)
    return NoteFileView(
        name=safe_filename(file.filename),
        size=size,
        url=file.url,
        content_type=file.content_type or "",
        status=status,
        fraction=fraction,
        picture=state.thumbnails.get(file.thumbnail_url) if file.thumbnail_url else None,
        can_preview=_is_picture(file) and (file.size_bytes or 0) <= LARGEST_DRAWN_BYTES,
        is_at_hand=file.url in state.at_hand,
    )


def _is_picture(file: NoteAttachment) -> bool:
    if file.content_type:
        return file.content_type in PICTURES
    return extension(file.filename) in _PICTURE_ENDINGS


def offer_line(offer_id: AttachmentId, offer: Offer) -> Line:
    """The bar that asks what to do with a folder, or whether to fetch a picture."""
    leave = Action(ActionKind.LEAVE_OFFER, "Do not attach", offer_id)
    key = f"offer {offer_id}"
    if offer.folder is not None:
        name = safe_filename(offer.folder.name or "folder")
        each = Action(ActionKind.ATTACH_FOLDER_FILES, "Attach its files", offer_id)
        packed = Action(ActionKind.ATTACH_FOLDER_ZIP, "Attach as one zip", offer_id)
        return Line(f"“{name}” is a folder.", Tone.QUIET, (each, packed, leave), key)
    fetch = Action(ActionKind.FETCH_PICTURE, "Fetch and attach", offer_id)
    words = f"The browser gave only the address of this picture, at {_host(offer.url)}."
    return Line(words, Tone.QUIET, (fetch, leave), key)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url
