"""Drafts, attachments and the outbox on disk: each change whole, each rung guarded."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from close_notes_gui.model.draft import Attachment, AttachmentState, Draft, OutboxState
from close_notes_gui.model.ids import AttachmentId, ContactId, DraftId, LeadId, NoteId, OutboxId
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.store.db import open_store
from close_notes_gui.store.errors import StoreFailed
from close_notes_gui.store.store import Store

NOW = datetime(2026, 3, 2, 9, 30, 15, 250_400, tzinfo=UTC)
S = OutboxState


class _Clock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
def store(tmp_path: Path):
    opened = open_store(tmp_path / "data", clock=_Clock()).store
    yield opened
    opened.close()


def draft(name: str = "d1", **changes) -> Draft:
    whole = Draft(
        DraftId(name),
        lead_id=LeadId("lead_1"),
        lead_name="Wāng & Söhne",
        note_html="<body><p>Zoë said “yes” 👍</p></body>",
        title="Call",
        contact_id=ContactId("cont_1"),
        activity_at=None,
        pinned=True,
        cursor_position=7,
        revision=1,
        changed_at=NOW,
    )
    return replace(whole, **changes)


def attach(store: Store, name: str, *, of: str = "d1") -> AttachmentId:
    attachment = Attachment(AttachmentId(name), DraftId(of), f"{name}.txt", "text/plain", 5)
    store.attachments.add(attachment, source=Path(f"/tmp/{name}.txt"))
    return attachment.id


def queue(store: Store, name: str = "d1", *, entry: str = "o1", hold_s: float = 0, **changes):
    return store.outbox.queue(
        draft(name, **changes),
        entry_id=OutboxId(entry),
        queued_at=NOW,
        not_before=NOW + timedelta(seconds=hold_s) if hold_s else None,
    )


def post(store: Store, entry: str = "o1") -> None:
    assert store.outbox.move(OutboxId(entry), expect={S.QUEUED}, to=S.UPLOADING)
    assert store.outbox.begin_post(OutboxId(entry), posted_at=NOW)


def test_a_draft_comes_back_as_it_was(store: Store):
    assert store.drafts.save(draft(activity_at=NOW))
    assert store.drafts.get(DraftId("d1")) == draft(activity_at=NOW)


def test_newest_drafts_come_first(store: Store):
    for n in (2, 1, 3):
        store.drafts.save(draft(f"d{n}", changed_at=NOW + timedelta(seconds=n)))
    assert [d.id for d in store.drafts.all()] == ["d3", "d2", "d1"]


def test_an_older_revision_changes_nothing(store: Store):
    store.drafts.save(draft(revision=5, title="new"))
    assert not store.drafts.save(draft(revision=4, title="old"))
    assert store.drafts.get(DraftId("d1")).title == "new"


def test_a_lone_surrogate_is_kept_as_a_replacement_character(store: Store):
    store.drafts.save(draft(title="a\ud800b"))
    assert store.drafts.get(DraftId("d1")).title == "a\ufffdb"


def test_a_time_without_zone_is_a_bug(store: Store):
    with pytest.raises(ValueError, match="zone"):
        store.drafts.save(draft(activity_at=datetime(2026, 1, 1)))  # noqa: DTZ001
    assert store.drafts.get(DraftId("d1")) is None


def test_discarding_can_be_undone_with_attachments(store: Store):
    store.drafts.save(draft())
    file = attach(store, "f1")
    assert store.drafts.discard(DraftId("d1"), at=NOW)
    assert store.drafts.all() == ()
    assert store.attachments.all() == ()
    assert store.drafts.restore(DraftId("d1")) == draft()
    assert [a.id for a in store.attachments.of_draft(DraftId("d1"))] == [file]


def test_purge_takes_only_what_was_put_away_long_ago(store: Store):
    for name, at in (("old", NOW - timedelta(days=31)), ("young", NOW)):
        store.drafts.save(draft(name))
        attach(store, name, of=name)
        store.drafts.discard(DraftId(name), at=at)
    store.drafts.save(draft("open"))
    assert store.drafts.purge(older_than=NOW - timedelta(days=30)) == 1
    assert store.drafts.get(DraftId("old")) is None
    assert store.attachments.get(AttachmentId("old")) is None
    assert store.drafts.get(DraftId("young")) is not None
    assert store.attachments.ids() == {"young"}


def test_the_focused_draft_is_an_open_one(store: Store):
    store.drafts.save(draft())
    store.drafts.focus(DraftId("d1"))
    assert store.drafts.focused() == "d1"
    queue(store)
    assert store.drafts.focused() is None


def test_attachments_need_a_known_draft(store: Store):
    with pytest.raises(StoreFailed):
        attach(store, "f1", of="nobody")


def test_attachments_keep_their_order_and_odd_source_names(store: Store):
    store.drafts.save(draft())
    odd = Path("/tmp/caf\udce9 ünï.txt")  # a name on disk that is not UTF-8
    store.attachments.add(
        Attachment(AttachmentId("f0"), DraftId("d1"), "x", "text/plain", 1), source=odd
    )
    names = [attach(store, f"f{n}") for n in (2, 1)]
    assert [a.id for a in store.attachments.of_draft(DraftId("d1"))] == ["f0", *names]
    assert store.attachments.source(AttachmentId("f0")) == odd


def test_every_address_is_remembered(store: Store):
    store.drafts.save(draft())
    file = attach(store, "f1")
    store.attachments.uploaded(file, url="https://app.close.com/go/file/1/", at=NOW)
    store.attachments.minted(file, url="https://app.close.com/go/file/2/", at=NOW)
    store.attachments.uploaded(file, url="https://app.close.com/go/file/2/", at=NOW)
    queue(store)
    assert len(store.traces.of(OutboxId("o1")).urls) == 2


def test_queue_freezes_the_draft_as_it_is_sent(store: Store):
    store.drafts.save(draft(revision=1))
    file = attach(store, "f1")
    entry = queue(store, revision=2, title="sent like this")
    assert entry.frozen == draft(revision=2, title="sent like this")
    assert entry.state is S.QUEUED
    assert store.drafts.all() == ()
    assert not store.drafts.save(draft(revision=3, title="too late"))
    assert store.outbox.get(OutboxId("o1")).frozen.title == "sent like this"
    assert not store.attachments.remove(file)
    assert [a.id for a in store.attachments.all()] == [file]


def test_a_draft_is_queued_once(store: Store):
    assert queue(store)
    assert queue(store, entry="o2") is None
    assert len(store.outbox.entries()) == 1


def test_held_until_the_time_for_undo_is_over(store: Store):
    assert queue(store, hold_s=5).state is S.HELD
    assert store.outbox.get(OutboxId("o1")).not_before == NOW + timedelta(seconds=5)


def test_tokens_never_share_a_second(store: Store):
    for n in range(4):
        queue(store, f"d{n}", entry=f"o{n}")
    tokens = [store.traces.of(OutboxId(f"o{n}")).token_at for n in range(4)]
    assert tokens[0] == NOW.replace(microsecond=250_000)
    assert [(t - tokens[0]).total_seconds() for t in tokens] == [0, 1, 2, 3]


def test_the_chosen_date_is_the_token_again_after_undo(store: Store):
    chosen = datetime(2026, 1, 5, 14, 0, tzinfo=UTC)
    queue(store, activity_at=chosen)
    assert store.outbox.recall(OutboxId("o1"))
    queue(store, entry="o2", activity_at=chosen)
    assert store.traces.of(OutboxId("o2")).token_at == chosen


def test_a_posted_token_is_never_given_again(store: Store):
    queue(store)
    post(store)
    store.outbox.move(OutboxId("o1"), expect={S.POSTING}, to=S.FAILED)
    assert store.outbox.discard(OutboxId("o1"), at=NOW)
    queue(store, entry="o2")
    gap = store.traces.of(OutboxId("o2")).token_at - NOW.replace(microsecond=250_000)
    assert gap == timedelta(seconds=1)


@pytest.mark.parametrize("state", list(S))
def test_a_rung_is_left_only_from_where_it_is_expected(store: Store, state: S):
    queue(store)
    others = set(S) - {S.QUEUED}
    assert store.outbox.move(OutboxId("o1"), expect=others, to=state) is None
    assert store.outbox.get(OutboxId("o1")).state is S.QUEUED


def test_an_attempt_that_reached_nobody_does_not_count(store: Store):
    queue(store)
    post(store)
    assert store.outbox.get(OutboxId("o1")).attempts == 1
    back = store.outbox.move(OutboxId("o1"), expect={S.POSTING}, to=S.QUEUED, undo_attempt=True)
    assert back.attempts == 0
    assert back.can_recall


def test_recall_brings_back_the_draft_and_its_files(store: Store):
    store.drafts.save(draft())
    file = attach(store, "f1")
    queue(store, hold_s=5)
    assert store.outbox.recall(OutboxId("o1")) == draft()
    assert store.outbox.entries() == ()
    assert store.drafts.all() == (draft(),)
    assert store.attachments.remove(file)


@pytest.mark.parametrize("state", [S.POSTING, S.UNCERTAIN, S.ASKING, S.SENT])
def test_what_may_have_been_posted_is_not_recalled(store: Store, state: S):
    queue(store)
    post(store)
    store.outbox.move(OutboxId("o1"), expect={S.POSTING}, to=state)
    assert store.outbox.recall(OutboxId("o1")) is None
    assert store.outbox.get(OutboxId("o1")).state is state


def test_what_may_have_been_posted_is_not_recalled_when_queued_again(store: Store):
    queue(store)
    post(store)
    store.outbox.move(OutboxId("o1"), expect={S.POSTING}, to=S.QUEUED)
    assert store.outbox.recall(OutboxId("o1")) is None


def test_sent_lets_the_files_go_and_claims_the_note(store: Store):
    store.drafts.save(draft())
    file = attach(store, "f1")
    queue(store)
    post(store)
    sent = store.outbox.sent(
        OutboxId("o1"), expect={S.POSTING}, note_id=NoteId("acti_1"), at=NOW, heals=2
    )
    assert sent is not None
    entry, let_go = sent
    assert (entry.state, entry.note_id, let_go) == (S.SENT, "acti_1", (file,))
    assert store.traces.claimed() == {"acti_1": "o1"}
    assert store.traces.of(OutboxId("o1")).heals_left == 0  # posted once: no extra can exist
    assert store.outbox.entries() == ()
    assert store.outbox.sent_since(NOW) == (entry,)


def test_a_note_of_close_belongs_to_one_entry(store: Store):
    for n in (1, 2):
        queue(store, f"d{n}", entry=f"o{n}")
        post(store, f"o{n}")
    note = NoteId("acti_1")
    assert store.outbox.sent(OutboxId("o1"), expect={S.POSTING}, note_id=note, at=NOW)
    assert store.outbox.sent(OutboxId("o2"), expect={S.POSTING}, note_id=note, at=NOW) is None
    assert store.outbox.get(OutboxId("o2")).state is S.POSTING


def test_posted_twice_is_to_be_healed(store: Store):
    queue(store)
    post(store)
    store.outbox.move(OutboxId("o1"), expect={S.POSTING}, to=S.QUEUED)
    post(store)
    store.outbox.sent(OutboxId("o1"), expect={S.POSTING}, note_id=NoteId("a"), at=NOW, heals=2)
    for left in (2, 1):
        assert [e.id for e in store.traces.to_heal()] == ["o1"]
        assert store.traces.of(OutboxId("o1")).heals_left == left
        store.traces.healed(OutboxId("o1"))
    assert store.traces.to_heal() == ()


def test_asking_shows_both_and_forgets_it_when_answered(store: Store):
    queue(store)
    post(store)
    store.outbox.move(OutboxId("o1"), expect={S.POSTING}, to=S.UNCERTAIN)
    lost = Problem(ProblemKind.ANSWER_LOST, subject="Wang", retry_at=NOW)
    asking = store.outbox.ask(
        OutboxId("o1"), problem=lost, html="<body><p>x</p></body>", note_id=NoteId("acti_9")
    )
    assert (asking.look_alike_html, asking.problem) == ("<body><p>x</p></body>", lost)
    again = store.outbox.move(OutboxId("o1"), expect={S.ASKING}, to=S.QUEUED)
    assert again.look_alike_html is None
    assert store.traces.of(OutboxId("o1")).look_alike_id is None


def test_reassigning_leaves_the_old_leads_contact_behind(store: Store):
    queue(store)
    store.outbox.move(OutboxId("o1"), expect={S.QUEUED}, to=S.FAILED)
    entry = store.outbox.reassign(OutboxId("o1"), lead_id=LeadId("lead_2"), lead_name="Two")
    assert (entry.frozen.lead_id, entry.frozen.lead_name) == ("lead_2", "Two")
    assert entry.frozen.contact_id is None
    assert entry.state is S.QUEUED


def test_discarding_a_failed_note_can_be_undone(store: Store):
    queue(store)
    assert store.outbox.discard(OutboxId("o1"), at=NOW) is None
    store.outbox.move(OutboxId("o1"), expect={S.QUEUED}, to=S.FAILED)
    assert store.outbox.discard(OutboxId("o1"), at=NOW) == draft()
    assert store.drafts.restore(DraftId("d1")) == draft()


def test_purging_sent_notes_keeps_what_tells_them_apart(store: Store):
    queue(store)
    post(store)
    store.outbox.sent(OutboxId("o1"), expect={S.POSTING}, note_id=NoteId("a"), at=NOW)
    assert store.outbox.purge(sent_before=NOW + timedelta(seconds=1)) == 1
    assert store.outbox.get(OutboxId("o1")) is None
    assert store.drafts.get(DraftId("d1")) is None
    assert store.traces.claimed() == {"a": "o1"}
    queue(store, "d2", entry="o2")
    assert store.traces.of(OutboxId("o2")).token_at > NOW  # the purged one's is not given again


def test_whose_token_a_date_is(store: Store):
    queue(store)
    token_at = store.traces.of(OutboxId("o1")).token_at
    for at in (token_at, token_at.replace(microsecond=0)):
        assert store.traces.is_token_of_another(OutboxId("o2"), at)
        assert not store.traces.is_token_of_another(OutboxId("o1"), at)
    later = token_at + timedelta(milliseconds=1)
    assert not store.traces.is_token_of_another(OutboxId("o2"), later)


def test_attachment_states_carry_their_problem(store: Store):
    store.drafts.save(draft())
    file = attach(store, "f1")
    problem = Problem(ProblemKind.LEAD_GONE, detail="Other", lead_id=LeadId("lead_3"))
    assert store.attachments.failed(file, problem).problem == problem
    assert store.attachments.set_state(file, AttachmentState.WAITING).problem is None
    assert store.attachments.set_state(AttachmentId("gone"), AttachmentState.WAITING) is None
