"""Three versions of a note compared: what the rep began from, what the rep wants, what Close has."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from close_notes_gui.engine.edits import (
    Conflict,
    Done,
    NewFile,
    Wanted,
    as_new_note,
    changed_fields,
    compare,
    rebased,
)
from close_notes_gui.model.draft import Attachment, Draft
from close_notes_gui.model.ids import AttachmentId, ContactId, DraftId, LeadId, NoteId
from close_notes_gui.model.note import UNSET, Note, NoteAttachment, NoteChanges

AT = datetime(2026, 3, 2, 9, 30, 15, 250_000, tzinfo=UTC)
FILES = "https://app.close.com/go/file/persisted/orga_1/activity.note/acti_1/"
OLD = NoteAttachment(f"{FILES}token-of-old/old.txt/", "old.txt", "text/plain")
THEIRS = NoteAttachment(f"{FILES}token-of-theirs/theirs.txt/", "theirs.txt", "text/plain")
NEW_URL = "https://app.close.com/go/file/temporary/user_1/token-of-new/new.txt/"
NEW = NewFile(
    Attachment(AttachmentId("new"), DraftId("d"), "new.txt", "text/plain", 3, url=NEW_URL),
    frozenset({NEW_URL}),
)
QUOTE = "<body><blockquote><p>they said yes</p></blockquote></body>"


def html(text: str) -> str:
    return f"<body><p>{text}</p></body>"


BASE = Note(
    NoteId("acti_1"), LeadId("lead_1"), html("as it was"), title="Call",
    activity_at=AT, attachments=(OLD,),
)  # fmt: skip


def edit(**changes: object) -> Draft:
    draft = Draft(
        DraftId("d"), BASE.lead_id, "A lead", BASE.note_html, BASE.title, base=BASE,
        kept_files=BASE.attachments,
    )  # fmt: skip
    return replace(draft, **changes)  # type: ignore[arg-type]


def now(**changes: object) -> Note:
    return replace(BASE, **changes)  # type: ignore[arg-type]


def changes_of(verdict: Conflict | Wanted | Done) -> NoteChanges:
    assert isinstance(verdict, Wanted)
    return verdict.changes


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"note_html": html("mine")}, "note_html"),
        ({"title": "Mine"}, "title"),
        ({"title": ""}, "title"),
        ({"contact_id": ContactId("cont_1")}, "contact_id"),
        ({"pinned": True}, "pinned"),
        ({"activity_at": AT - timedelta(days=1)}, "activity_at"),
    ],
)
def test_what_the_rep_changed_is_wanted_and_nothing_else(change, name):
    draft = edit(**change)
    assert changed_fields(draft) == {name}
    wanted = changes_of(compare(draft, BASE))
    assert wanted == replace(NoteChanges(), **change)
    assert isinstance(compare(draft, now(**change)), Done)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"note_html": "<body><p>as  it was</p>\n</body>"},
        {"title": " Call "},
        {"activity_at": AT},
        {"activity_at": AT + timedelta(microseconds=300)},
    ],
)
def test_another_spelling_is_no_change(change):
    assert changed_fields(edit(**change)) == frozenset()
    assert isinstance(compare(edit(**change), BASE), Done)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"note_html": html("mine")}, {"note_html": html("theirs")}),
        ({"title": "Mine"}, {"title": "Theirs"}),
        ({"contact_id": ContactId("cont_1")}, {"contact_id": ContactId("cont_2")}),
        ({"activity_at": AT - timedelta(days=1)}, {"activity_at": AT + timedelta(days=1)}),
    ],
)
def test_both_changed_the_same(mine, theirs):
    assert isinstance(compare(edit(**mine), now(**theirs)), Conflict)


def test_both_changed_something_else():
    theirs = now(title="Theirs", pinned=True)
    assert changes_of(compare(edit(note_html=html("mine")), theirs)) == NoteChanges(
        note_html=html("mine")
    )


def test_seconds_are_enough_for_a_date_that_was_asked_for():
    wanted = AT - timedelta(days=1)
    assert isinstance(
        compare(edit(activity_at=wanted), now(activity_at=wanted.replace(microsecond=0))), Done
    )


def test_what_close_made_of_a_change_that_was_asked_for_is_ours():
    """Close may not keep every construct: the new words in another markup are the answer."""
    flattened = now(note_html=html("they said yes"))
    draft = edit(note_html=QUOTE)
    assert isinstance(compare(draft, flattened, was_asked=True), Done)
    assert isinstance(compare(draft, flattened), Conflict)


def test_a_change_of_markup_alone_is_not_taken_for_done():
    draft = edit(note_html="<body><p><strong>as it was</strong></p></body>")
    theirs = now(note_html="<body><p><em>as it was</em></p></body>")
    assert isinstance(compare(draft, theirs, was_asked=True), Conflict)


def test_files_are_merged():
    assert changes_of(compare(edit(kept_files=()), BASE)).attachments == ()
    both = now(attachments=(OLD, THEIRS))
    wanted = changes_of(compare(edit(kept_files=()), both, new_files=(NEW,)))
    assert isinstance(wanted.attachments, tuple)
    assert [file.filename for file in wanted.attachments] == ["theirs.txt", "new.txt"]
    assert wanted.note_html is UNSET
    gone = now(attachments=())
    wanted = changes_of(compare(edit(), gone, new_files=(NEW,)))
    assert isinstance(wanted.attachments, tuple)
    assert [file.filename for file in wanted.attachments] == ["new.txt"]


def test_a_file_that_arrived_under_any_of_its_addresses_is_there():
    first = NoteAttachment(f"{FILES}token-of-first/new.txt/", "new.txt")
    again = replace(NEW, minted=NEW.minted | {first.url})
    there = now(attachments=(OLD, first))
    assert isinstance(compare(edit(), there, new_files=(again,)), Done)
    assert isinstance(compare(edit(), there, new_files=(NEW,)), Wanted)


def test_on_what_close_has_now_the_rep_s_changes_stay_the_rep_s():
    theirs = now(
        note_html=html("theirs"), title="Theirs", pinned=True, activity_at=AT + timedelta(days=1),
        contact_id=ContactId("cont_2"), attachments=(OLD, THEIRS),
    )  # fmt: skip
    draft = rebased(edit(note_html=html("mine"), kept_files=(), activity_at=None), theirs)
    assert (draft.base, draft.note_html, draft.title) == (theirs, html("mine"), "Theirs")
    assert (draft.pinned, draft.contact_id, draft.activity_at) == (True, "cont_2", None)
    assert draft.kept_files == (THEIRS,)
    assert changed_fields(draft) == {"note_html"}
    mine = rebased(edit(title="Mine", activity_at=AT - timedelta(days=1)), theirs)
    assert (mine.title, mine.note_html) == ("Mine", html("theirs"))
    assert mine.activity_at == AT - timedelta(days=1)


def test_as_a_new_note_it_has_the_date_of_the_old_one_and_none_of_its_files():
    new = as_new_note(edit(note_html=html("mine")))
    assert (new.base, new.kept_files, new.activity_at) == (None, (), AT)
    assert new.note_html == html("mine")
