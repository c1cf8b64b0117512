"""Drafts and templates written before anyone had signed in go over to the account that then did.

Engine thread. Can be cut off at any point and done again: nothing is deleted here before it is
whole there.
"""

import os
import shutil
from dataclasses import replace
from typing import Final

from close_notes_gui.model.draft import Attachment, AttachmentState, Draft
from close_notes_gui.model.ids import new_template_id
from close_notes_gui.model.template import Template
from close_notes_gui.store.spool import Kept
from close_notes_gui.store.store import Store

#: How the window looks and is used; the rest of the settings may differ from account to account.
_OF_THE_COMPUTER: Final = (
    "appearance",
    "text_size_percent",
    "shortcuts",
    "tray_icon",
    "close_to_tray",
    "keep_sending_in_background",
    "markdown_as_you_type",
    "link_as_you_type",
)


def take_over(*, source: Store, target: Store) -> None:
    """Move all drafts with their attachments, those put away too: discarding one can be undone
    after signing in as well; and all templates. Raises StoreError, OSError.
    """
    focused = source.drafts.focused()
    for draft, discarded_at in (
        *((draft, None) for draft in source.drafts.all()),
        *source.drafts.put_away(),
    ):
        _take(draft, source, target)
        if discarded_at is not None:
            target.drafts.discard(draft.id, at=discarded_at)
        for attachment in source.attachments.of_draft(draft.id):
            if source.attachments.remove(attachment.id):
                source.spool.remove(attachment.id)
        source.drafts.forget(draft.id)
    for template in source.templates.all():
        _take_template(template, source, target)
    if focused is not None:
        target.drafts.focus(focused)


def carry_settings(*, source: Store, target: Store) -> None:
    """Go on with the settings of the store before: all of them in a new one; else those that are
    the rep's on this computer, whatever the account. Raises StoreError.
    """
    if not source.settings.is_kept:
        return
    settings = source.settings.get()
    if target.settings.is_kept:
        carried = {name: getattr(settings, name) for name in _OF_THE_COMPUTER}
        settings = replace(target.settings.get(), **carried)
    target.settings.put(settings)


def _take(draft: Draft, source: Store, target: Store) -> None:
    target.drafts.save(draft)
    for attachment in source.attachments.of_draft(draft.id):
        if target.attachments.get(attachment.id) is None:
            waiting = Attachment(
                attachment.id,
                draft.id,
                attachment.filename,
                attachment.content_type,
                attachment.size_bytes,
            )
            target.attachments.add(waiting, source=source.attachments.source(attachment.id))
        kept = source.attachments.kept(attachment.id)
        if kept is not None:
            target.attachments.copied(attachment.id, _moved(attachment, kept, target))
        elif attachment.state is AttachmentState.FAILED and attachment.problem is not None:
            target.attachments.failed(attachment.id, attachment.problem)


def _take_template(template: Template, source: Store, target: Store) -> None:
    """One that was changed in both is kept twice, each with its own words."""
    there = {one.id: one for one in target.templates.all()}.get(template.id)
    if there is None:
        target.templates.keep(template)
    elif there != template:
        target.templates.keep(replace(template, id=new_template_id()))
    source.templates.delete(template.id)


def _moved(attachment: Attachment, kept: Kept, target: Store) -> Kept:
    """The copy, also in the other spool; a file that is only referred to stays where it is."""
    if not kept.is_copy:
        return kept
    path = target.spool.path(attachment.id)
    if not path.exists():
        partial = path.with_name(path.name + ".partial")
        partial.unlink(missing_ok=True)
        try:
            os.link(kept.path, partial)  # at once, whatever its size; the other name goes soon
        except OSError:  # a file system without links
            shutil.copy2(kept.path, partial)  # its time too, by which it is known
            with partial.open("rb+") as file:
                os.fsync(file.fileno())
        partial.replace(path)
    return Kept(path, kept.size_bytes, kept.mtime_ns, kept.digest, is_copy=True)
