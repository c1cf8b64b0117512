"""Leads, notes, settings and facts as last heard of; the data folder and its lock."""

import json
import random
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from close_notes_gui.model.ids import (
    CommentId,
    ContactId,
    LeadId,
    NoteId,
    OrganizationId,
    UserId,
)
from close_notes_gui.model.lead import Account, Contact, KeyOrigin, Lead
from close_notes_gui.model.note import Comment, Note, NoteAttachment
from close_notes_gui.model.paging import merged
from close_notes_gui.model.settings import Settings
from close_notes_gui.store.db import open_store
from close_notes_gui.store.errors import StoreLocked
from close_notes_gui.store.facts import Precision
from close_notes_gui.store.profile import Profile
from close_notes_gui.store.store import Store

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class _Clock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
def store(tmp_path: Path):
    opened = open_store(tmp_path / "data", clock=_Clock()).store
    yield opened
    opened.close()


def lead(n: int, **changes) -> Lead:
    contact = Contact(ContactId(f"cont_{n}"), "Ada", "CEO", ("a@x.de",), ("+49 1",))
    whole = Lead(LeadId(f"lead_{n}"), f"Lead {n} 株", "New", (contact,), "https://x.de", NOW)
    return replace(whole, **changes)


def note(n: int, **changes) -> Note:
    whole = Note(
        NoteId(f"acti_{n}"),
        LeadId("lead_1"),
        f"<body><p>{n}</p></body>",
        note_text=str(n),
        title="t",
        contact_id=ContactId("cont_1"),
        user_id=UserId("user_1"),
        author_name="Zoë",
        pinned=True,
        activity_at=NOW,
        created_at=NOW,
        updated_at=None,
        attachments=(NoteAttachment("https://app.close.com/go/file/x/", "x", None, 3, None),),
        comment_count=2,
    )
    return replace(whole, **changes)


def test_leads_come_back_as_they_were(store: Store):
    store.leads.put([lead(1), lead(2)], fetched_at=NOW)
    store.leads.put([lead(2, name="renamed")], fetched_at=NOW)
    assert store.leads.get(LeadId("lead_1")) == lead(1)
    assert set(store.leads.all()) == {lead(1), lead(2, name="renamed")}
    assert store.leads.count() == 2


def test_recents_are_those_opened_last(store: Store):
    store.leads.put([lead(n) for n in range(4)], fetched_at=NOW)
    for n in (0, 2, 1):
        store.leads.opened(lead(n), at=NOW + timedelta(seconds=n))
    store.leads.opened(lead(0, name="stale"), at=NOW + timedelta(seconds=9))
    assert [one.id for one in store.leads.recents()] == ["lead_0", "lead_2", "lead_1"]
    assert store.leads.get(LeadId("lead_0")) == lead(0)
    store.leads.put([lead(0)], fetched_at=NOW)  # refreshed, still recent
    assert store.leads.recents(limit=1) == (lead(0),)
    store.leads.remove(LeadId("lead_0"))
    assert len(store.leads.recents()) == 2
    store.leads.clear()
    assert store.leads.all() == ()


def test_a_fresh_first_page_goes_over_what_was_known(store: Store):
    assert store.notes.get(LeadId("lead_1")) is None
    store.notes.put(LeadId("lead_1"), [note(2), note(1)], fetched_at=NOW)
    later = NOW + timedelta(hours=1)
    store.notes.put(LeadId("lead_1"), [note(3), note(2, title="new")], fetched_at=later)
    cached = store.notes.get(LeadId("lead_1"))
    assert cached.notes == (note(3), note(2, title="new"), note(1))
    assert (cached.fetched_at, cached.has_more) == (later, True)


def test_pages_are_kept_as_far_as_they_were_read(store: Store):
    lead_id = LeadId("lead_1")
    store.notes.put(lead_id, [note(8)], fetched_at=NOW, skip=5)
    assert store.notes.get(lead_id) is None, "a list has a beginning"
    store.notes.put(lead_id, [note(6), note(5)], fetched_at=NOW)
    store.notes.put(lead_id, [note(4), note(3)], fetched_at=NOW, skip=2)
    assert store.notes.get(lead_id).has_more
    store.notes.put(lead_id, [note(2)], fetched_at=NOW, skip=4, has_more=False)
    whole = store.notes.get(lead_id)
    assert [n.id for n in whole.notes] == [f"acti_{n}" for n in (6, 5, 4, 3, 2)]
    assert not whole.has_more
    middle = store.notes.get(lead_id, skip=1, limit=2)
    assert ([n.id for n in middle.notes], middle.has_more) == (["acti_5", "acti_4"], True)
    last = store.notes.get(lead_id, skip=4, limit=2)
    assert ([n.id for n in last.notes], last.has_more) == (["acti_2"], False)
    store.notes.put(lead_id, [note(7), note(6)], fetched_at=NOW)
    assert not store.notes.get(lead_id).has_more, "the end is known still"
    store.notes.put(lead_id, [note(99), note(98)], fetched_at=NOW)
    assert store.notes.get(lead_id).has_more, "of what is behind a new beginning nothing is known"


def test_a_list_that_lags_brings_back_neither_an_old_version_nor_a_deleted_note(store: Store):
    lead_id, later = LeadId("lead_1"), NOW + timedelta(minutes=1)
    old = [note(2, updated_at=NOW), note(1, updated_at=NOW)]
    store.notes.put(lead_id, old, fetched_at=NOW, has_more=False)
    edited = note(2, updated_at=later, title="edited")
    store.notes.add(edited)
    store.notes.remove(NoteId("acti_1"))
    store.notes.put(lead_id, old, fetched_at=later, has_more=False)
    assert store.notes.get(lead_id).notes == (edited,)
    by_others = note(2, updated_at=later + timedelta(minutes=1), title="by others")
    store.notes.put(lead_id, [by_others], fetched_at=later, has_more=False)
    assert store.notes.get(lead_id).notes == (by_others,)


def test_many_pages_in_any_order_are_kept_as_they_are_merged(store: Store):
    lead_id, chance = LeadId("lead_1"), random.Random(7)
    known: tuple[Note, ...] = ()
    for _ in range(150):
        page = [note(n) for n in chance.sample(range(40), chance.randrange(9))]
        skip = chance.choice([0, 0, chance.randrange(12)]) if known else 0
        has_more = chance.random() < 0.9
        store.notes.put(lead_id, page, fetched_at=NOW, skip=skip, has_more=has_more)
        known = merged(known, page, skip=skip, has_more=has_more, id_of=lambda own: own.id)
        if chance.random() < 0.2:
            new = note(chance.randrange(40, 60))
            store.notes.add(new)
            if new not in known:
                known = (new, *known)
        assert store.notes.get(lead_id).notes == known


def test_a_sent_note_is_first_and_a_changed_one_stays_in_place(store: Store):
    store.notes.add(note(9))
    assert store.notes.get(LeadId("lead_1")) is None
    store.notes.put(LeadId("lead_1"), [note(2), note(1)], fetched_at=NOW)
    store.notes.add(note(3))
    store.notes.add(note(1, title="changed"))
    assert [n.id for n in store.notes.get(LeadId("lead_1")).notes] == ["acti_3", "acti_2", "acti_1"]
    store.notes.remove(NoteId("acti_2"))
    assert len(store.notes.get(LeadId("lead_1")).notes) == 2
    store.notes.forget(LeadId("lead_1"))
    assert store.notes.get(LeadId("lead_1")) is None


def test_comments_are_replaced_whole_and_go_with_their_note(store: Store):
    note_id, lead_id = NoteId("acti_1"), LeadId("lead_1")
    jane = Comment(CommentId("comm_1"), note_id, "<body><p>x</p></body>", UserId("u"), "Jane", NOW)
    nobody = Comment(CommentId("comm_2"), note_id, "")
    store.notes.put(lead_id, [note(1)], fetched_at=NOW)
    store.notes.put_comments(note_id, [nobody])
    store.notes.put_comments(note_id, [jane, nobody])
    assert store.notes.comments(note_id) == (jane, nobody)
    store.notes.remove(note_id)
    assert store.notes.comments(note_id) == ()
    for forget in (store.notes.clear, lambda: store.notes.forget(lead_id)):
        store.notes.add(note(2))
        store.notes.put(lead_id, [note(2)], fetched_at=NOW)
        store.notes.put_comments(NoteId("acti_2"), [jane])
        forget()
        assert store.notes.comments(NoteId("acti_2")) == ()


def test_settings_come_back(store: Store):
    assert store.settings.get() == Settings()
    mine = Settings(undo_send_s=0, blocked_extensions=(".exe",), upload_on_drop=False)
    store.settings.put(mine)
    assert store.settings.get() == mine


@pytest.mark.parametrize(
    "kept",
    ["nonsense", "[]", '{"undo_send_s": "5", "unknown": 1}', '{"blocked_extensions": 3}', "null"],
)
def test_unfit_settings_are_at_their_defaults(store: Store, kept: str):
    store.facts.put("settings", kept)
    assert store.settings.get() == Settings()


def test_what_was_learned_about_dates(store: Store):
    assert store.facts.activity_precision is Precision.UNKNOWN


@pytest.mark.parametrize("precision", list(Precision))
def test_what_is_learned_about_dates_is_kept(store: Store, precision: Precision):
    store.facts.learn_activity_precision(precision)
    assert store.facts.activity_precision is precision


def test_what_a_later_version_writes_is_unknown(store: Store):
    store.facts.put("activity_at precision", "what a later version writes")
    assert store.facts.activity_precision is Precision.UNKNOWN


def test_facts_are_replaced(store: Store):
    assert store.facts.get("x") is None
    store.facts.put("x", "1")
    store.facts.put("x", "2")
    assert store.facts.get("x") == "2"


ACCOUNT = Account(
    UserId("user_1/../x"),
    "Zoë",
    "z@x.de",
    OrganizationId("orga_1"),
    "Org",
    KeyOrigin.ENVIRONMENT,
)


def test_the_last_account_is_remembered(tmp_path: Path):
    profile = Profile(tmp_path / "data")
    assert profile.last_account() is None
    profile.remember(ACCOUNT)
    assert Profile(tmp_path / "data").last_account() == ACCOUNT
    assert "key" not in set(json.loads((tmp_path / "data/account.json").read_text()))
    profile.forget_account(ACCOUNT)
    assert profile.last_account() is None
    (tmp_path / "data/account.json").write_text("[1")
    assert profile.last_account() is None


def test_the_folder_of_an_account_stays_inside(tmp_path: Path):
    folder = Profile(tmp_path / "data").folder_of(ACCOUNT)
    assert folder.parent == tmp_path / "data" / "accounts"
    assert folder.name.startswith("orga_1_user_1")
    assert folder.stat().st_mode & 0o777 == 0o700


def test_one_process_for_one_folder(tmp_path: Path):
    profile = Profile(tmp_path)
    profile.lock()
    code = (
        "import sys; from pathlib import Path\n"
        "from close_notes_gui.store.profile import Profile\n"
        "from close_notes_gui.store.errors import StoreLocked\n"
        "try: Profile(Path(sys.argv[1])).lock()\n"
        "except StoreLocked: print('locked')\n"
        "else: print('free')"
    )

    def other() -> str:
        run = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
        )
        return run.stdout.strip()

    assert other() == "locked"
    with pytest.raises(StoreLocked):
        Profile(tmp_path).lock()
    profile.unlock()
    assert other() == "free"
