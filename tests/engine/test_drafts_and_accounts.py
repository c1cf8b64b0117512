"""Drafts stay with the account that they were written in, whatever is on its way meanwhile."""

import pytest

from close_notes_gui.model.commands import (
    AcknowledgeStore,
    AttachBytes,
    Command,
    DiscardDraft,
    RecallNote,
    RestoreDraft,
    ReviseDraft,
    SearchLeads,
    SendDraft,
    SignIn,
    SignOut,
)
from close_notes_gui.model.draft import Draft, OutboxState
from close_notes_gui.model.events import (
    AttachmentAdded,
    AttachmentRefused,
    DirectoryLoaded,
    DraftDiscarded,
    DraftOpened,
    DraftQueued,
    DraftSaved,
    LeadsFound,
    Loaded,
    SendRefused,
    SignedIn,
    SignedOut,
    SignInNeeded,
    TroubleArose,
)
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.model.secret import ApiKey
from tests.engine.engine_rig import Bench, note_html

pytestmark = pytest.mark.anyio
K = ProblemKind


@pytest.fixture
async def bench(tmp_path):
    return Bench(tmp_path)


def late(draft: Draft) -> Draft:
    return Draft(draft.id, draft.lead_id, draft.lead_name, note_html("typed late"), revision=2)


async def drafts_of(bench: Bench, *, user: int) -> set[Draft]:
    """What lies in a user's store, by a start of the program."""
    async with bench.running(environment_key=bench.env(bench.fake.issue_key(user=user))):
        await bench.told(SignedIn, lambda e: e.account.user_id == bench.fake.user_ids[user])
        return set(bench.all(Loaded)[-1].drafts)


async def left_for_another(bench: Bench, *commands: Command) -> None:
    """Signed in as the second user; `commands` were given in view of the first one's drafts."""
    bench.acknowledges = False
    bench.post(AcknowledgeStore())  # of the first one's
    before = bench.place
    bench.post(SignIn(ApiKey(bench.fake.issue_key(user=1))))
    await bench.told(SignedIn, since=before)
    bench.post(*commands, AcknowledgeStore())
    bench.acknowledges = True


async def test_text_on_its_way_while_another_signs_in_stays_with_its_account(bench: Bench):
    draft, new = bench.draft(), bench.draft()
    async with bench.signed_in():
        await bench.told(DirectoryLoaded)
        bench.post(ReviseDraft(draft))
        await bench.told(DraftSaved)
        await left_for_another(bench, ReviseDraft(late(draft)), ReviseDraft(new))
        assert not bench.all(Loaded)[-1].takes_over
        others = bench.draft()
        bench.post(ReviseDraft(others))
        await bench.told(DraftSaved, lambda event: event.draft_id == others.id)
    assert await drafts_of(bench, user=1) == {others}
    assert await drafts_of(bench, user=0) == {late(draft), new}


async def test_a_draft_discarded_late_is_put_away_where_it_is(bench: Bench):
    draft = bench.draft()
    async with bench.signed_in():
        bench.post(ReviseDraft(draft))
        await bench.told(DraftSaved)
        await left_for_another(bench, DiscardDraft(draft.id))
        await bench.told(DraftDiscarded)
    assert await drafts_of(bench, user=0) == set()


async def test_a_note_sent_late_is_kept_as_a_draft_and_that_is_said(bench: Bench):
    draft = bench.draft()
    async with bench.signed_in():
        await left_for_another(bench, SendDraft(draft))
        refused = await bench.told(SendRefused)
        assert (refused.draft_id, refused.problem.kind) == (draft.id, K.ACCOUNT_CHANGED)
        assert bench.count(DraftQueued) == 0
    assert await drafts_of(bench, user=0) == {draft}


async def test_a_picture_pasted_late_is_refused_in_words(bench: Bench):
    draft = bench.draft()
    async with bench.signed_in():
        picture = AttachBytes(draft.id, bench.attachment_id(), "a.png", "image/png", b"png")
        await left_for_another(bench, ReviseDraft(draft), picture)
        assert (await bench.told(AttachmentRefused)).problem.kind is K.ACCOUNT_CHANGED
        assert bench.count(AttachmentAdded) == 0


async def test_a_note_recalled_late_does_not_open_in_the_other_account(bench: Bench):
    draft = bench.draft()
    async with bench.signed_in():
        await bench.told(DirectoryLoaded)
        bench.post(ReviseDraft(draft), SendDraft(draft))
        queued = await bench.told(DraftQueued)
        assert queued.entry.state is OutboxState.HELD
        await left_for_another(bench, RecallNote(queued.entry.id))
        assert (await bench.told(TroubleArose)).problem.kind is K.ACCOUNT_CHANGED
        assert bench.count(DraftOpened) == 0


async def test_a_search_is_the_new_accounts(bench: Bench):
    async with bench.signed_in():
        await left_for_another(bench, SearchLeads(7, "wayne"))
        found = await bench.told(LeadsFound, lambda event: event.seq == 7)
        assert found.problem is None


async def test_text_typed_until_the_rep_is_signed_out_is_kept(bench: Bench):
    draft = bench.draft()
    async with bench.signed_in():
        await bench.told(DirectoryLoaded)
        bench.acknowledges = False
        bench.post(AcknowledgeStore(), ReviseDraft(draft), SignOut())
        await bench.told(SignedOut)
        bench.post(ReviseDraft(late(draft)), AcknowledgeStore(), AcknowledgeStore())
        bench.acknowledges = True
        unsigned = bench.draft()
        bench.post(ReviseDraft(unsigned))
        await bench.told(DraftSaved, lambda event: event.draft_id == unsigned.id)
    assert late(draft) in await drafts_of(bench, user=0)
    assert await drafts_of(bench, user=1) == set()


async def test_what_is_typed_last_goes_to_its_account_when_the_program_ends(bench: Bench):
    draft = bench.draft()
    async with bench.signed_in():
        bench.post(ReviseDraft(draft))
        await bench.told(DraftSaved)
        bench.acknowledges = False
        bench.post(AcknowledgeStore())
        before = bench.place
        bench.post(SignIn(ApiKey(bench.fake.issue_key(user=1))))
        await bench.told(SignedIn, since=before)
        bench.post(ReviseDraft(late(draft)))
    bench.acknowledges = True
    assert await drafts_of(bench, user=0) == {late(draft)}


# --- before anyone has signed in


async def test_a_draft_discarded_before_signing_in_can_be_restored_after(bench: Bench):
    draft = bench.draft(lead_id=None, lead_name="")
    async with bench.running():
        await bench.told(SignInNeeded)
        bench.post(ReviseDraft(draft))
        bench.post(AttachBytes(draft.id, bench.attachment_id(), "a.txt", "text/plain", b"a"))
        await bench.told(AttachmentAdded)
        bench.post(DiscardDraft(draft.id), SignIn(ApiKey(bench.fake.api_key)))
        await bench.told(SignedIn)
        assert bench.all(Loaded)[-1].takes_over
        assert bench.all(Loaded)[-1].drafts == ()
        bench.post(RestoreDraft(draft.id))
        opened = await bench.told(DraftOpened)
        assert opened.draft == draft
        assert [a.filename for a in opened.attachments] == ["a.txt"]


async def test_what_went_over_is_not_left_for_the_next_who_signs_in(bench: Bench):
    draft, other = bench.draft(lead_id=None, lead_name=""), bench.draft(lead_id=None, lead_name="")
    async with bench.running():
        await bench.told(SignInNeeded)
        bench.post(ReviseDraft(draft), ReviseDraft(other), DiscardDraft(other.id))
        bench.post(SignIn(ApiKey(bench.fake.api_key)))
        await bench.told(SignedIn)
        bench.post(SignOut())
        await bench.told(SignedOut)
        before = bench.place
        bench.post(SignIn(ApiKey(bench.fake.issue_key(user=1))))
        await bench.told(SignedIn, since=before)
        bench.post(RestoreDraft(draft.id), RestoreDraft(other.id), ReviseDraft(bench.draft()))
        await bench.told(DraftSaved, since=before)
        assert bench.count(DraftOpened) == 0
