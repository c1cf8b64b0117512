"""Edits, amendments and templates on disk: kept exactly, saved from damage, never mistaken."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from close_notes_gui.model.amendment import Amendment, AmendmentKind, AmendmentState
from close_notes_gui.model.draft import Draft, OtherLead, OutboxState
from close_notes_gui.model.ids import (
    AmendmentId,
    CommentId,
    ContactId,
    DraftId,
    LeadId,
    NoteId,
    OutboxId,
    TemplateId,
    UserId,
)
from close_notes_gui.model.note import Note, NoteAttachment
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.model.template import Template
from close_notes_gui.store.db import FILE_NAME, open_store
from close_notes_gui.store.schema import STEPS
from close_notes_gui.store.store import Store

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FILE = NoteAttachment("https://app.close.com/go/file/x/", "Ü.pdf", "application/pdf", 7, None)
NOTE = Note(
    NoteId("acti_1"), LeadId("lead_1"), "<body><p>as it was</p></body>", "as it was", "Call",
    ContactId("cont_1"), UserId("user_1"), "Jane", True, NOW, NOW, NOW, (FILE,), 2,
)  # fmt: skip
EDIT = Draft(
    DraftId("d1"), NOTE.lead_id, "Lead", "<body><p>mine</p></body>", revision=3, changed_at=NOW,
    base=NOTE, kept_files=(FILE,),
)  # fmt: skip
S = AmendmentState
OLD_NOTE = (
    '{"note_html": "<body/>", "note_text": "", "title": "", "contact_id": null, "user_id": null,'
    ' "author_name": "", "pinned": false, "activity_at": null, "created_at": null,'
    ' "updated_at": null, "attachments": [], "comment_count": 0}'
)


class _Clock:
    def now(self) -> datetime:
        return NOW


def opened(folder: Path) -> Store:
    return open_store(folder, clock=_Clock()).store


@pytest.fixture
def store(tmp_path: Path):
    store = opened(tmp_path)
    yield store
    store.close()


def comment(n: int = 1, **fields: object) -> Amendment:
    made = Amendment(
        AmendmentId(f"a{n}"), AmendmentKind.COMMENT, NOTE, NOW, "<body><p>well done</p></body>"
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def break_schema(folder: Path) -> None:
    """Damage that a check finds, and that a rescue can read past."""
    with sqlite3.connect(folder / FILE_NAME) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_schema SET rootpage = 9999 WHERE name = 'note'")
    connection.close()


def test_an_edit_comes_back_as_it_was(store: Store):
    also = replace(EDIT, id=DraftId("d2"), base=None, also_leads=(OtherLead(LeadId("l2"), "Two"),))
    store.drafts.save(EDIT)
    store.drafts.save(also)
    assert store.drafts.get(EDIT.id) == EDIT
    assert store.drafts.get(also.id) == also
    entry = store.outbox.queue(EDIT, entry_id=OutboxId("o1"), queued_at=NOW)
    assert entry is not None
    assert entry.frozen == EDIT


def test_an_edit_takes_no_token_from_a_new_note(store: Store):
    for n in range(2):
        store.outbox.queue(
            replace(EDIT, id=DraftId(f"e{n}")), entry_id=OutboxId(f"e{n}"), queued_at=NOW
        )
    new = replace(EDIT, id=DraftId("n"), base=None)
    store.outbox.queue(new, entry_id=OutboxId("n"), queued_at=NOW)
    trace = store.traces.of(OutboxId("n"))
    assert trace is not None
    assert trace.token_at == NOW


def test_amendments_keep_their_order_and_state(store: Store):
    held = replace(comment(1), state=S.HELD, not_before=NOW + timedelta(seconds=5))
    assert store.amendments.add(held)
    assert store.amendments.add(comment(2))
    assert not store.amendments.add(comment(2))
    assert store.amendments.all() == (held, comment(2))
    problem = Problem(ProblemKind.OFFLINE)
    moved = store.amendments.move(held.id, expect={S.HELD}, to=S.QUEUED, problem=problem)
    assert moved == replace(held, state=S.QUEUED, not_before=None, problem=problem)
    assert store.amendments.move(held.id, expect={S.HELD}, to=S.QUEUED) is None
    doing = store.amendments.begin(held.id, asked_at=NOW)
    assert doing is not None
    assert (doing.state, doing.attempts, doing.problem) == (S.DOING, 1, None)
    assert store.amendments.first_asked_at(held.id) == NOW
    assert not store.amendments.take_back(held.id)
    lost = store.amendments.move(held.id, expect={S.DOING}, to=S.QUEUED)
    assert lost is not None
    assert not lost.can_undo
    assert not store.amendments.take_back(held.id)
    again = store.amendments.begin(held.id, asked_at=NOW + timedelta(hours=1))
    assert again is not None
    assert (again.attempts, store.amendments.first_asked_at(held.id)) == (2, NOW)
    assert store.amendments.take_back(comment(2).id)


def test_a_comment_of_close_belongs_to_one_of_ours(store: Store):
    store.amendments.add(comment(1))
    store.amendments.add(comment(2))
    assert store.amendments.done(AmendmentId("a1"), comment_id=CommentId("comm_1"))
    assert not store.amendments.done(AmendmentId("a2"), comment_id=CommentId("comm_1"))
    assert [each.id for each in store.amendments.all()] == ["a2"]
    assert store.amendments.claimed_comments() == {"comm_1": "a1"}


def test_templates_are_by_name_and_replaced_by_id(store: Store):
    for name in ("meeting", "Call", "call again"):
        store.templates.keep(Template(TemplateId(name), name, "<body><p>x</p></body>", NOW))
    renamed = Template(TemplateId("meeting"), "a meeting", "<body><p>y</p></body>", NOW)
    store.templates.keep(renamed)
    assert [t.name for t in store.templates.all()] == ["a meeting", "Call", "call again"]
    assert store.templates.all()[0] == renamed
    store.templates.delete(renamed.id)
    store.templates.delete(renamed.id)
    assert len(store.templates.all()) == 2


def test_a_rescue_brings_edits_amendments_claims_and_templates(tmp_path: Path):
    store = opened(tmp_path)
    store.outbox.queue(EDIT, entry_id=OutboxId("o1"), queued_at=NOW)
    store.amendments.add(comment(1))
    store.amendments.add(comment(2))
    store.amendments.done(AmendmentId("a1"), comment_id=CommentId("comm_1"))
    template = Template(TemplateId("t"), "call", "<body><p>x</p></body>", NOW)
    store.templates.keep(template)
    store.close()
    break_schema(tmp_path)
    opening = open_store(tmp_path, clock=_Clock())
    assert opening.problems
    assert [e.frozen for e in opening.store.outbox.entries()] == [EDIT]
    assert opening.store.amendments.all() == (comment(2),)
    assert opening.store.amendments.claimed_comments() == {"comm_1": "a1"}
    assert opening.store.templates.all() == (template,)
    opening.store.close()


def test_an_edit_that_has_lost_its_base_is_a_draft_and_never_sent_as_a_new_note(tmp_path: Path):
    store = opened(tmp_path)
    store.outbox.queue(EDIT, entry_id=OutboxId("o1"), queued_at=NOW)
    store.close()
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute("UPDATE draft SET base = substr(base, 1, 20) || char(0, 0, 0)")
    connection.close()
    break_schema(tmp_path)
    opening = open_store(tmp_path, clock=_Clock())
    assert opening.store.outbox.entries() == ()
    (left,) = opening.store.drafts.all()
    assert (left.note_html, left.base) == (EDIT.note_html, None)
    opening.store.close()


def test_a_store_of_the_first_version_is_opened_with_all_that_is_in_it(tmp_path: Path):
    old = open_store(tmp_path, clock=_Clock(), steps=STEPS[:1]).store
    old._database.change(
        "INSERT INTO draft (id, place, lead_name, note_html, title, pinned, cursor_position,"
        " revision) VALUES ('d1', 'queued', 'Lead', '<body><p>old</p></body>', '', 0, 0, 1)"
    )
    old._database.change(
        "INSERT INTO outbox (id, draft_id, state, queued_at, token)"
        " VALUES ('o1', 'd1', 'queued', 1, 1000000)"
    )
    old._database.change(
        "INSERT INTO note VALUES ('acti_1', 'lead_1', 0, ?)",
        (OLD_NOTE,),
    )
    old._database.change("INSERT INTO notes_of_lead VALUES ('lead_1', 1)")
    old.close()
    store = opened(tmp_path)
    (entry,) = store.outbox.entries()
    assert (entry.state, entry.frozen.base, entry.found) == (OutboxState.QUEUED, None, None)
    cached = store.notes.get(LeadId("lead_1"))
    assert cached is not None
    assert ([note.id for note in cached.notes], cached.has_more) == (["acti_1"], True)
    store.close()
