"""Signing in, out and over; starts with and without a network; ends within two seconds."""

import asyncio
import time

import pytest

from close_notes_gui.engine.engine import Engine
from close_notes_gui.model import commands, upkeep_commands
from close_notes_gui.model.commands import (
    AttachBytes,
    CheckNetwork,
    Command,
    FocusDraft,
    ReviseDraft,
    SendDraft,
    SignIn,
    SignOut,
    Stop,
)
from close_notes_gui.model.draft import AttachmentState, OutboxState
from close_notes_gui.model.events import (
    AttachmentChanged,
    DirectoryLoaded,
    DraftQueued,
    DraftSaved,
    DraftSaveFailed,
    Loaded,
    NetworkChanged,
    NoteSent,
    OutboxChanged,
    SendRefused,
    SignedIn,
    SignedOut,
    SignInFailed,
    SignInNeeded,
    Stopped,
)
from close_notes_gui.model.lead import KeyOrigin
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.model.secret import ApiKey
from close_notes_gui.model.settings import Settings
from close_notes_gui.sandbox.faults import Fault, FaultKind
from close_notes_gui.store.profile import Profile
from close_notes_gui.vault import MemoryVault, SaveResult, VaultError
from tests.engine.engine_rig import Bench, note_html

pytestmark = pytest.mark.anyio
K = ProblemKind


@pytest.fixture
async def bench(tmp_path):
    return Bench(tmp_path)


class NoKeyring(MemoryVault):
    def save(self, key, account="x"):
        return SaveResult.NO_KEYRING


class BrokenKeyring(MemoryVault):
    def load(self, account="x"):
        raise VaultError("InitError")

    def delete(self, account="x"):
        raise VaultError("InitError")


def test_every_command_has_a_place_to_go():
    known = {
        kind
        for kind in (*vars(commands).values(), *vars(upkeep_commands).values())
        if isinstance(kind, type) and issubclass(kind, Command) and kind is not Command
    }
    assert Engine.carries_out() == known


async def test_a_kept_key_signs_in_after_loaded(bench: Bench):
    async with bench.signed_in():
        account = (await bench.told(SignedIn)).account
        assert account.key_origin is KeyOrigin.KEYRING
        assert account.user_id == bench.fake.user_ids[0]
        kinds = [type(event) for event in bench.events]
        assert kinds.index(Loaded) < kinds.index(SignedIn)
        directory = (await bench.told(DirectoryLoaded)).directory
        assert directory.users
    assert bench.fake.violations == []


async def test_the_directory_is_asked_for_once_a_day(bench: Bench):
    async with bench.signed_in():
        await bench.told(DirectoryLoaded)
    asked = bench.asked("GET", "/user/")
    async with bench.signed_in():
        await bench.told(DirectoryLoaded)
        await bench.clock.advance(60)
        assert bench.asked("GET", "/user/") == asked
        before = bench.place
        await bench.clock.advance(25 * 3600)
        await bench.told(DirectoryLoaded, since=before)
    assert bench.asked("GET", "/user/") > asked


async def test_without_a_key_it_asks_for_one_and_keeps_it(bench: Bench):
    async with bench.running():
        assert (await bench.told(SignInNeeded)).problem is None
        bench.post(SignIn(ApiKey(f"  {bench.fake.api_key}\n")))
        signed_in = await bench.told(SignedIn)
        assert signed_in.problem is None
        assert signed_in.account.key_origin is KeyOrigin.KEYRING
    async with bench.running():
        await bench.told(SignedIn)
        assert bench.count(SignInNeeded) == 0


async def test_a_wrong_key_is_refused_and_not_kept(bench: Bench):
    async with bench.running():
        bench.post(SignIn(ApiKey("api_wrong.wrong")))
        assert (await bench.told(SignInFailed)).problem.kind is K.KEY_REFUSED
        assert bench.vault.load() is None


@pytest.mark.parametrize("key", ["", "two words here", "short", "with:colon:inside"])
async def test_what_cannot_be_a_key_is_not_sent_anywhere(bench: Bench, key: str):
    async with bench.running():
        bench.post(SignIn(ApiKey(key)))
        assert (await bench.told(SignInFailed)).problem.kind is K.KEY_MALFORMED
    assert not bench.fake.requests


async def test_without_a_keyring_the_key_lasts_for_this_run(bench: Bench):
    async with bench.running(vault=NoKeyring()):
        bench.post(SignIn(ApiKey(bench.fake.api_key)))
        signed_in = await bench.told(SignedIn)
        assert signed_in.account.key_origin is KeyOrigin.THIS_RUN
        assert signed_in.problem is not None
        assert signed_in.problem.kind is K.KEYRING_MISSING


async def test_a_keyring_that_fails_is_said_and_can_be_passed_by(bench: Bench):
    async with bench.running(vault=BrokenKeyring()):
        problem = (await bench.told(SignInNeeded)).problem
        assert problem is not None
        assert problem.kind is K.KEYRING_FAILED
        bench.post(SignIn(ApiKey(bench.fake.api_key)))
        await bench.told(SignedIn)


async def test_the_environments_key_is_used_and_never_stored(bench: Bench):
    async with bench.running(environment_key=bench.env(bench.fake.api_key)):
        assert (await bench.told(SignedIn)).account.key_origin is KeyOrigin.ENVIRONMENT
    assert bench.vault.load() is None


async def test_the_sandboxs_key_comes_first(bench: Bench):
    seams = {
        "sandbox_key": ApiKey(bench.fake.api_key),
        "environment_key": bench.env("api_another.key"),
    }
    async with bench.running(**seams):
        assert (await bench.told(SignedIn)).account.key_origin is KeyOrigin.SANDBOX
    assert bench.vault.load() is None


async def test_a_revoked_key_at_the_start(bench: Bench):
    async with bench.signed_in():
        bench.post(ReviseDraft(bench.draft()))
        await bench.told(DraftSaved)
    bench.fake.revoke_key(bench.fake.api_key)
    async with bench.running():
        problem = (await bench.told(SignInNeeded)).problem
        assert problem is not None
        assert problem.kind is K.KEY_REFUSED
        assert len((await bench.told(Loaded)).drafts) == 1
        bench.post(SignIn(ApiKey(bench.fake.issue_key())))
        await bench.told(SignedIn)


async def test_a_key_revoked_in_between_pauses_and_a_new_one_goes_on(bench: Bench):
    async with bench.signed_in():
        await bench.told(DirectoryLoaded)
        bench.fake.revoke_key(bench.fake.api_key)
        bench.post(SendDraft(bench.draft()))
        await bench.told(DraftQueued)
        problem = (await bench.passes(SignInNeeded)).problem
        assert problem is not None
        assert problem.kind is K.KEY_REFUSED
        asked = len(bench.fake.requests)
        await bench.clock.advance(600)
        assert len(bench.fake.requests) == asked, "asks nothing with a key that is refused"
        assert bench.count(SignInNeeded) == 1
        bench.post(SignIn(ApiKey(bench.fake.issue_key())))
        await bench.passes(NoteSent)


async def test_offline_at_the_first_start_says_so_and_goes_on_by_itself(bench: Bench):
    bench.keep_key()
    bench.break_line()
    async with bench.running():
        assert (await bench.told(SignInFailed)).problem.kind is K.OFFLINE
        assert (await bench.told(NetworkChanged)).is_online is False
        bench.mend_line()
        await bench.passes(SignedIn)


async def test_offline_assumes_the_last_account_and_posts_nothing_unchecked(bench: Bench):
    async with bench.signed_in():
        await bench.told(DirectoryLoaded)
    bench.break_line()
    async with bench.running():
        assert (await bench.told(SignedIn)).account.user_id == bench.fake.user_ids[0]
        assert (await bench.told(NetworkChanged)).is_online is False
        bench.post(SendDraft(bench.draft()))
        await bench.told(DraftQueued)
        await bench.clock.advance(30)
        before = len(bench.fake.requests)
        bench.mend_line()
        await bench.passes(NoteSent)
        paths = [(seen.method, seen.path) for seen in list(bench.fake.requests)[before:]]
        posted = next(i for i, (method, path) in enumerate(paths) if "activity/note" in path)
        assert any("/me/" in path for _, path in paths[:posted])


async def test_a_captive_portal_is_no_network(bench: Bench):
    async with bench.signed_in():
        await bench.told(DirectoryLoaded)
    bench.fake.faults.add(Fault(FaultKind.CAPTIVE_PORTAL, times=None))
    async with bench.running():
        await bench.told(SignedIn)
        assert (await bench.told(NetworkChanged)).is_online is False
        bench.mend_line()
        bench.post(CheckNetwork())
        await bench.told(NetworkChanged, lambda event: event.is_online)
        await bench.passes(SignedIn, since=2)


async def test_another_accounts_key_opens_another_store(bench: Bench):
    draft = bench.draft()
    async with bench.signed_in():
        bench.post(ReviseDraft(draft))
        await bench.told(DraftSaved)
        before = bench.place
        bench.post(SignIn(ApiKey(bench.fake.issue_key(user=1))))
        loaded = await bench.told(Loaded, since=before)
        assert loaded.drafts == ()
        assert (await bench.told(SignedIn, since=before)).account.user_id == bench.fake.user_ids[1]
    async with bench.running(environment_key=bench.env(bench.fake.issue_key(user=0))):
        assert (await bench.told(Loaded)).drafts == ()
        signed_in = await bench.told(SignedIn)
        assert signed_in.account.user_id == bench.fake.user_ids[0]
        loaded = await bench.told(Loaded, lambda event: bool(event.drafts))
        assert loaded.drafts == (draft,)


async def test_sign_out_forgets_the_key_and_keeps_the_drafts(bench: Bench):
    draft = bench.draft()
    async with bench.signed_in():
        bench.post(ReviseDraft(draft))
        await bench.told(DraftSaved)
        bench.post(SignOut())
        await bench.told(SignedOut)
        assert bench.vault.load() is None
        await bench.told(Loaded, lambda event: event.drafts == (), since=2)
        bench.post(SendDraft(draft))
        assert (await bench.told(SendRefused)).problem.kind is K.KEY_REFUSED
        before = bench.place
        bench.post(SignIn(ApiKey(bench.fake.api_key)))
        loaded = await bench.told(Loaded, since=before)
        assert loaded.drafts == (draft,)
    assert Profile(bench.folder).last_account() is not None


async def test_what_was_written_before_signing_in_goes_over(bench: Bench):
    draft = bench.draft(lead_id=None, lead_name="", note_html=note_html("before signing in"))
    async with bench.running():
        await bench.told(SignInNeeded)
        bench.post(ReviseDraft(draft), FocusDraft(draft.id))
        bench.post(
            AttachBytes(draft.id, bench.attachment_id(), "shot.png", "image/png", b"\x89PNG" * 9)
        )
        await bench.told(
            AttachmentChanged, lambda event: event.attachment.state is AttachmentState.WAITING
        )
    async with bench.running():
        assert (await bench.told(Loaded)).drafts == (draft,)
        before = bench.place
        bench.post(SignIn(ApiKey(bench.fake.api_key)))
        loaded = await bench.told(Loaded, since=before)
        assert loaded.drafts == (draft,)
        assert loaded.focused_draft == draft.id
        assert [a.filename for a in loaded.attachments] == ["shot.png"]
        await bench.told(
            AttachmentChanged,
            lambda event: event.attachment.state is AttachmentState.UPLOADED,
            since=before,
        )
        assert list((bench.folder / "unsigned" / "spool").iterdir()) == []


async def test_what_is_typed_last_is_kept(bench: Bench):
    draft = bench.draft()
    async with bench.signed_in():
        bench.post(ReviseDraft(draft))
    assert bench.all(DraftSaved)[-1].revision == draft.revision
    async with bench.signed_in():
        assert (await bench.told(Loaded)).drafts == (draft,)


async def test_a_folder_in_use_is_said_and_typing_goes_on(bench: Bench):
    other = Profile(bench.folder)
    other.lock()
    try:
        async with bench.running():
            assert (await bench.told(Loaded)).problems[0].kind is K.STORE_FAILED
            bench.post(ReviseDraft(bench.draft()))
            assert (await bench.told(DraftSaveFailed)).problem.kind is K.STORE_FAILED
            bench.post(SendDraft(bench.draft()))
            await bench.told(SendRefused)
    finally:
        other.unlock()


async def test_a_newer_store_is_left_alone_and_said(bench: Bench):
    async with bench.signed_in():
        pass
    path = next((bench.folder / "accounts").rglob("close-notes.db"))
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 999")
    async with bench.running():
        loaded = await bench.told(Loaded)
        assert loaded.settings == Settings()
        assert loaded.problems[0].kind is K.STORE_NEWER
        assert (await bench.told(SignInFailed)).problem.kind is K.STORE_NEWER


@pytest.mark.parametrize("kind", [FaultKind.HOLD_BEFORE, FaultKind.HOLD_AFTER])
async def test_a_stalled_request_does_not_hold_up_the_end(bench: Bench, kind: FaultKind):
    bench.keep_key()
    bench.fake.faults.add(Fault(kind, path="/me/"))
    async with bench.running():
        await asyncio.sleep(0)
        began_s = time.monotonic()
    bench.fake.faults.clear()
    assert bench.count(Stopped) == 1
    assert time.monotonic() - began_s < 2.0


async def test_a_stalled_post_does_not_hold_up_the_end_and_the_note_is_there_once(bench: Bench):
    draft = bench.draft()
    async with bench.signed_in():
        bench.fake.faults.add(Fault(FaultKind.HOLD_AFTER, method="POST", path="/activity/note/"))
        bench.post(SendDraft(draft))
        await bench.passes(OutboxChanged, lambda e: e.entry.state is OutboxState.POSTING)
        began_s = time.monotonic()
    assert time.monotonic() - began_s < 2.0
    bench.fake.faults.clear()
    async with bench.running():
        assert (await bench.told(Loaded)).outbox[0].state is OutboxState.UNCERTAIN
        await bench.passes(NoteSent)
        await bench.clock.advance(600)
    ours = [n for n in bench.fake.notes_on(bench.leads[0]) if n["note_html"] == draft.note_html]
    assert len(ours) == 1


async def test_stop_before_the_start_has_ended(bench: Bench):
    bench.keep_key()
    engine = Engine(data_folder=bench.folder, emit=bench.events.append, seams=bench.seams())
    engine.post(ReviseDraft(bench.draft()))
    engine.post(Stop())
    await asyncio.wait_for(engine.run(), 2)
    assert isinstance(bench.events[-1], Stopped)
    assert bench.count(DraftSaved) == 1
