"""Several accounts on one computer: switched in one step, strictly apart, each with its own key."""

from dataclasses import replace
from pathlib import Path

import pytest

from close_notes_gui.model.commands import (
    AcknowledgeStore,
    ChangeSettings,
    KeepTemplate,
    ReviseDraft,
    SendDraft,
    SignIn,
    SignOut,
)
from close_notes_gui.model.draft import Draft
from close_notes_gui.model.events import (
    DraftQueued,
    DraftSaved,
    Loaded,
    NoteSent,
    SettingsChanged,
    SignedIn,
    SignedOut,
    SignInFailed,
    SignInNeeded,
    TemplatesChanged,
    TroubleArose,
)
from close_notes_gui.model.ids import TemplateId
from close_notes_gui.model.lead import Account, KeyOrigin
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.model.secret import ApiKey
from close_notes_gui.model.settings import Settings
from close_notes_gui.model.template import Template
from close_notes_gui.model.upkeep_commands import UseAccount
from close_notes_gui.model.upkeep_events import AccountsKnown
from close_notes_gui.store.profile import Profile
from close_notes_gui.vault import MemoryVault, SaveResult, VaultError
from tests.engine.engine_rig import Bench, note_html

pytestmark = pytest.mark.anyio
K = ProblemKind


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


class NoKeyring(MemoryVault):
    def save(self, key, account="x"):
        return SaveResult.NO_KEYRING


class FailsLater(MemoryVault):
    fails = False

    def load(self, account="x"):
        if self.fails:
            raise VaultError("locked")
        return super().load(account)


async def add(bench: Bench, user: int) -> Account:
    """Sign in with a new key of this user."""
    before = bench.place
    bench.post(SignIn(ApiKey(bench.fake.issue_key(user=user))))
    account = (await bench.told(SignedIn, since=before)).account
    assert account.user_id == bench.fake.user_ids[user]
    await bench.told(AccountsKnown, lambda e: account.user_id in users(e), since=before)
    return account


async def use(bench: Bench, account: Account) -> Loaded:
    before = bench.place
    bench.post(UseAccount(account.organization_id, account.user_id))
    loaded = await bench.told(Loaded, since=before)
    await bench.told(SignedIn, lambda e: e.account.user_id == account.user_id, since=before)
    place = next(n for n, event in enumerate(bench.events) if event is loaded)
    await bench.told(AccountsKnown, since=place)
    return loaded


def _of(draft: Draft):
    return lambda event: event.draft_id == draft.id


def users(event: AccountsKnown) -> list[str]:
    return [known.account.user_id for known in event.accounts]


async def test_a_second_account_keeps_the_first_and_switching_needs_no_key(bench: Bench):
    async with bench.signed_in():
        first = (await bench.told(SignedIn)).account
        mine = bench.draft()
        bench.post(ReviseDraft(mine))
        await bench.told(DraftSaved)
        second = await add(bench, 1)
        theirs = bench.draft()
        bench.post(ReviseDraft(theirs))
        await bench.told(DraftSaved, lambda e: e.draft_id == theirs.id)
        loaded = await use(bench, first)
        assert loaded.drafts == (mine,)
        assert not loaded.takes_over
        assert (await use(bench, second)).drafts == (theirs,)
        told = bench.all(AccountsKnown)[-1]
        assert sorted(users(told)) == sorted(bench.fake.user_ids[:2])
    async with bench.running():  # the one used last is open at the next start
        assert (await bench.told(SignedIn)).account.user_id == second.user_id
        assert (await bench.told(Loaded)).drafts == (theirs,)


async def test_what_waits_in_the_other_account_is_told_and_stays_closed(bench: Bench):
    async with bench.signed_in():
        first = (await bench.told(SignedIn)).account
        second = await add(bench, 1)
        await use(bench, first)
        bench.break_line(path="/api/v1/activity/note/")
        for _ in range(2):
            draft = bench.draft()
            bench.post(SendDraft(draft))
            await bench.told(DraftQueued, _of(draft))
        loaded = await use(bench, second)
        assert loaded.outbox == ()
        told = bench.all(AccountsKnown)[-1]
        waiting = {known.account.user_id: known.waiting for known in told.accounts}
        assert waiting == {first.user_id: 2, second.user_id: None}
        bench.mend_line()
        await bench.clock.advance(600)
        assert not bench.all(NoteSent), "an account that is not open sends nothing"
        before = bench.place
        assert len((await use(bench, first)).outbox) == 2
        sent = {(await bench.passes(NoteSent, since=before)).entry.id}
        await bench.passes(NoteSent, lambda e: e.entry.id not in sent, since=before)
    assert len([n for n in bench.fake.notes_on(bench.leads[0]) if "Words" in n["note"]]) == 2


async def test_what_is_typed_across_the_switch_stays_with_its_account(bench: Bench):
    async with bench.signed_in():
        first = (await bench.told(SignedIn)).account
        second = await add(bench, 1)
        await use(bench, first)
        before = bench.place
        late = bench.draft(note_html=note_html("typed across the switch"))
        template = Template(TemplateId("late"), "Late", note_html("late"))
        bench.acknowledges = False  # the window is still at the account before
        bench.post(UseAccount(second.organization_id, second.user_id))
        await bench.told(Loaded, since=before)
        place = bench.place
        bench.post(ReviseDraft(late), SendDraft(late), KeepTemplate(template), AcknowledgeStore())
        bench.acknowledges = True
        await bench.told(DraftSaved, lambda e: e.draft_id == late.id)
        await bench.told(AccountsKnown, since=place)
        assert bench.workplace.store.drafts.all() == ()
        assert bench.workplace.store.templates.all() == ()
        assert not [e for e in bench.events[place:] if isinstance(e, TemplatesChanged)]
        loaded = await use(bench, first)
        assert [draft.id for draft in loaded.drafts] == [late.id]
        assert loaded.templates == (template,)


def switches(bench: Bench, since: int) -> list[Loaded]:
    """The stores told since then."""
    return [event for event in bench.events[since:] if isinstance(event, Loaded)]


async def test_switching_to_and_fro_in_haste_ends_where_the_rep_said_last(bench: Bench):
    async with bench.signed_in():
        first = (await bench.told(SignedIn)).account
        second = await add(bench, 1)
        before = bench.place
        for account in (first, second, first, second, first):
            bench.post(UseAccount(account.organization_id, account.user_id))
        await bench.told(AccountsKnown, lambda _: len(switches(bench, before)) == 5, since=before)
        await bench.clock.advance(30)
        last = [event.account.user_id for event in bench.all(SignedIn)][-1]
        assert last == first.user_id
        assert bench.workplace.account is not None
        assert bench.workplace.account.user_id == first.user_id
        assert Profile(bench.folder).last_account() is not None


async def test_the_looks_and_keys_go_along_and_the_rest_is_each_accounts_own(bench: Bench):
    async with bench.signed_in():
        first = (await bench.told(SignedIn)).account
        mine = Settings(appearance="dark", shortcuts=("new=F6",), undo_send_s=9)
        bench.post(ChangeSettings(mine))
        await bench.told(SettingsChanged)
        second = await add(bench, 1)
        assert bench.all(Loaded)[-1].settings == mine, "a new account begins with them all"
        theirs = replace(mine, appearance="light", undo_send_s=3)
        bench.post(ChangeSettings(theirs))
        await bench.told(SettingsChanged, lambda e: e.settings == theirs)
        assert (await use(bench, first)).settings == replace(mine, appearance="light")
        assert (await use(bench, second)).settings == theirs
        before = bench.place
        bench.post(SignOut())
        await bench.told(SignedOut)
        assert (await bench.told(Loaded, since=before)).settings.appearance == "light"


async def test_signing_out_is_of_one_account_alone(bench: Bench):
    async with bench.signed_in():
        first = (await bench.told(SignedIn)).account
        second = await add(bench, 1)
        before = bench.place
        bench.post(SignOut())
        await bench.told(SignedOut)
        told = await bench.told(AccountsKnown, since=before)
        assert users(told) == [first.user_id]
        before = bench.place
        bench.post(UseAccount(second.organization_id, second.user_id))  # not known any more
        bench.post(UseAccount(first.organization_id, first.user_id))
        assert (await bench.told(SignedIn, since=before)).account.user_id == first.user_id
    async with bench.running():
        assert (await bench.told(SignedIn)).account.user_id == first.user_id


async def test_after_signing_out_nobody_is_assumed_at_the_next_start(bench: Bench):
    async with bench.signed_in():
        first = (await bench.told(SignedIn)).account
        await add(bench, 1)
        bench.post(SignOut())
        await bench.told(SignedOut)
    async with bench.running():
        await bench.told(SignInNeeded)
        assert users(await bench.told(AccountsKnown)) == [first.user_id]
        assert bench.count(SignedIn) == 0


async def test_switching_works_offline_and_is_checked_later(bench: Bench):
    async with bench.signed_in():
        first = (await bench.told(SignedIn)).account
        draft = bench.draft()
        bench.post(ReviseDraft(draft))
        await bench.told(DraftSaved)
        await add(bench, 1)
        bench.break_line()
        assert (await use(bench, first)).drafts == (draft,)
        bench.post(SendDraft(draft))
        await bench.told(DraftQueued)
        bench.mend_line()
        assert (await bench.passes(NoteSent)).entry.frozen.id == draft.id


async def test_a_start_offline_never_reads_with_one_accounts_key_into_anothers_store(bench: Bench):
    async with bench.signed_in():
        first = (await bench.told(SignedIn)).account
        second = await add(bench, 1)  # used last
    bench.vault.delete(f"{second.organization_id} {second.user_id}")
    bench.break_line(path="/me/")  # all but this can be asked
    async with bench.running():
        told = await bench.told(SignedIn)
        assert told.account.user_id == first.user_id
        assert bench.workplace.account is not None
        assert bench.workplace.account.user_id == first.user_id
        assert bench.workplace.line.client is not None
        bench.mend_line()
        await bench.passes(SignedIn, since=bench.place)


async def test_a_start_offline_never_reads_with_the_environments_key_into_anothers_store(
    bench: Bench,
):
    async with bench.signed_in():
        await bench.told(SignedIn)
    other = bench.fake.issue_key(user=1)
    bench.break_line(path="/me/")
    async with bench.running(environment_key=bench.env(other)):
        await bench.told(SignInFailed)
        assert bench.count(SignedIn) == 0
        assert bench.workplace.line.client is None
        bench.mend_line()
        told = await bench.passes(SignedIn)
        assert told.account.user_id == bench.fake.user_ids[1]
    bench.break_line(path="/me/")
    async with bench.running(environment_key=bench.env(other)):  # by such a key, last time
        assert (await bench.told(SignedIn)).account.user_id == bench.fake.user_ids[1]


async def test_a_key_revoked_meanwhile_is_said_at_the_switch(bench: Bench):
    async with bench.signed_in():
        first = (await bench.told(SignedIn)).account
        second = await add(bench, 1)
        bench.fake.revoke_key(bench.fake.api_key)
        before = bench.place
        await use(bench, first)
        problem = (await bench.told(SignInNeeded, since=before)).problem
        assert problem is not None
        assert problem.kind is K.KEY_REFUSED
        await use(bench, second)  # the way back is open


async def test_a_key_that_is_gone_from_the_keyring_is_said(bench: Bench):
    async with bench.signed_in():
        first = (await bench.told(SignedIn)).account
        second = await add(bench, 1)
        bench.vault.delete(f"{first.organization_id} {first.user_id}")
        before = bench.place
        bench.post(UseAccount(first.organization_id, first.user_id))
        problem = (await bench.told(TroubleArose, since=before)).problem
        assert (problem.kind, problem.subject) == (K.KEY_GONE, first.organization_name)
        assert users(await bench.told(AccountsKnown, since=before)) == [second.user_id]
        assert bench.workplace.account is not None
        assert bench.workplace.account.user_id == second.user_id


async def test_a_store_that_cannot_be_opened_leaves_the_account_that_is_open(bench: Bench):
    async with bench.signed_in():
        first = (await bench.told(SignedIn)).account
        second = await add(bench, 1)
        newer = Profile(bench.folder).folder_named(first) / "close-notes.db"
        with newer.open("r+b") as file:
            file.seek(60)
            file.write((99).to_bytes(4, "big"))
        before = bench.place
        bench.post(UseAccount(first.organization_id, first.user_id))
        problem = (await bench.told(TroubleArose, since=before)).problem
        assert problem.kind is K.STORE_NEWER
        again = await bench.told(SignedIn, since=before)
        assert again.account.user_id == second.user_id
        assert not [e for e in bench.events[before:] if isinstance(e, SignInFailed)]
        draft = bench.draft()
        bench.post(SendDraft(draft))
        assert (await bench.passes(NoteSent, since=before)).entry.frozen.id == draft.id


async def test_a_keyring_that_fails_at_the_switch_leaves_the_account_that_is_open(bench: Bench):
    vault = FailsLater(KeyOrigin.KEYRING)
    async with bench.running(vault=vault):
        first = await add(bench, 0)
        second = await add(bench, 1)
        vault.fails = True
        before = bench.place
        bench.post(UseAccount(first.organization_id, first.user_id))
        assert (await bench.told(TroubleArose, since=before)).problem.kind is K.KEYRING_FAILED
        assert not [e for e in bench.events[before:] if isinstance(e, SignInNeeded)]
        assert bench.workplace.account is not None
        assert bench.workplace.account.user_id == second.user_id
        draft = bench.draft()
        bench.post(SendDraft(draft))
        assert (await bench.passes(NoteSent, since=before)).entry.frozen.id == draft.id


async def test_without_a_keyring_accounts_are_switched_within_the_run(bench: Bench):
    async with bench.running(vault=NoKeyring()):
        first = await add(bench, 0)
        second = await add(bench, 1)
        await use(bench, first)
        await use(bench, second)
    assert Profile(bench.folder).known_accounts() == ()


async def test_the_environments_account_can_be_come_back_to(bench: Bench):
    async with bench.running(environment_key=bench.env(bench.fake.api_key)):
        first = (await bench.told(SignedIn)).account
        await add(bench, 1)
        before = bench.place
        await use(bench, first)
        told = await bench.told(SignedIn, since=before)
        assert told.account.key_origin is KeyOrigin.ENVIRONMENT
    assert [a.user_id for a in Profile(bench.folder).known_accounts()] == [bench.fake.user_ids[1]]


async def test_a_key_kept_before_there_were_several_gets_its_name(bench: Bench):
    async with bench.signed_in():
        account = (await bench.told(SignedIn)).account
        await bench.told(AccountsKnown, lambda e: bool(e.accounts))
    assert bench.vault.load() is None
    kept = bench.vault.load(f"{account.organization_id} {account.user_id}")
    assert kept is not None
    assert kept.key == ApiKey(bench.fake.api_key)
    async with bench.running():
        await bench.told(SignedIn)


async def test_no_key_is_in_any_file(bench: Bench):
    async with bench.signed_in():
        await add(bench, 1)
    held = b"".join(path.read_bytes() for path in bench.folder.rglob("*") if path.is_file())
    assert bench.fake.api_key.encode() not in held
    assert b"api_" not in held
