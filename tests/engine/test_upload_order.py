"""Whose file goes up next: a note being sent before drafts, the smallest first, none behind films."""

import pytest

from close_notes_gui.engine import uploads
from close_notes_gui.model.commands import ChangeSettings, SendDraft
from close_notes_gui.model.draft import AttachmentState
from close_notes_gui.model.events import (
    AttachmentChanged,
    DirectoryLoaded,
    DraftQueued,
    NoteSent,
    SettingsChanged,
)
from close_notes_gui.model.settings import Settings
from close_notes_gui.sandbox.faults import STORAGE, Fault, FaultKind
from tests.engine.engine_rig import Bench, drafted, drop, file_of, is_now

pytestmark = pytest.mark.anyio
S = AttachmentState
AT_ONCE = Settings(undo_send_s=0)


@pytest.fixture
async def bench(tmp_path):
    bench = Bench(tmp_path)
    async with bench.signed_in():
        await bench.told(DirectoryLoaded)
        bench.post(ChangeSettings(Settings(upload_on_drop=False, undo_send_s=0)))
        await bench.told(SettingsChanged)
        yield bench


async def kept(bench: Bench, draft, tmp_path, **sizes: int) -> None:
    """Drop files of these sizes, and wait until they could go up."""
    ids = drop(
        bench, draft, *(file_of(tmp_path, name, b"x" * size) for name, size in sizes.items())
    )
    for attachment_id in ids:
        await bench.told(AttachmentChanged, is_now(S.WAITING, attachment_id))


async def all_wanted(bench: Bench) -> None:
    since = bench.place
    bench.post(ChangeSettings(AT_ONCE))
    await bench.told(SettingsChanged, since=since)
    await bench.clock.advance(0)


def order(bench: Bench, state: AttachmentState = S.UPLOADING) -> list[str]:
    changes = [event.attachment for event in bench.all(AttachmentChanged)]
    return list(dict.fromkeys(a.filename for a in changes if a.state is state))


async def all_up(bench: Bench, count: int) -> list[str]:
    bench.workplace.uploads.start()
    await bench.passes(AttachmentChanged, lambda _: len(order(bench, S.UPLOADED)) == count)
    return order(bench)


async def test_the_smallest_of_a_note_first_and_one_draft_after_the_other(
    bench, tmp_path, monkeypatch
):
    monkeypatch.setattr(uploads, "MOST_AT_ONCE", 1)
    bench.workplace.uploads.pause()
    await kept(bench, drafted(bench), tmp_path, large=9000, small=10, middle=500)
    await kept(bench, drafted(bench), tmp_path, later_large=8000, later_small=1)
    await all_wanted(bench)
    assert await all_up(bench, 5) == ["small", "middle", "large", "later_small", "later_large"]


async def test_a_note_being_sent_goes_before_drafts(bench, tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_AT_ONCE", 1)
    bench.workplace.uploads.pause()
    await kept(bench, drafted(bench), tmp_path, draft_small=1, draft_large=9000)
    sent = drafted(bench)
    await kept(bench, sent, tmp_path, note_large=5000, note_small=10)
    await all_wanted(bench)
    bench.post(SendDraft(sent))
    await bench.told(DraftQueued)
    await bench.clock.advance(0)
    files = ["note_small", "note_large", "draft_small", "draft_large"]
    assert await all_up(bench, 4) == files
    await bench.passes(NoteSent)


async def test_large_files_leave_a_place_for_a_small_one(bench, tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "LARGE_BYTES", 1000)
    bench.workplace.uploads.pause()
    films = drafted(bench)
    await kept(bench, films, tmp_path, film_1=1000, film_2=2000, film_3=3000)
    other = drafted(bench)
    await kept(bench, other, tmp_path, shot=10)
    await all_wanted(bench)
    bench.fake.faults.add(Fault(FaultKind.HOLD_BEFORE, path=STORAGE, times=None))
    bench.workplace.uploads.start()
    await bench.told(
        AttachmentChanged,
        lambda e: e.attachment.filename == "shot" and e.attachment.state is S.UPLOADING,
    )
    assert order(bench) == ["film_1", "film_2", "shot"]
    bench.mend_line()
