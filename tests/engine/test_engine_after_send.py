"""Files that arrive around Send: with the note, or refused in words; never silently left out."""

from dataclasses import replace

import pytest

from close_notes_gui.model.commands import (
    AttachFolder,
    ChangeSettings,
    DroppedFile,
    ReviseDraft,
    SendDraft,
)
from close_notes_gui.model.events import AttachmentRefused, FolderDropped, NoteSent
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.model.settings import Settings
from tests.engine.engine_rig import Bench, drafted, drop, file_of

pytestmark = pytest.mark.anyio
AT_ONCE = ChangeSettings(replace(Settings(), undo_send_s=0))


async def test_send_waits_for_the_files_of_a_folder(tmp_path):
    bench = Bench(tmp_path)
    folder = tmp_path / "Q3"
    folder.mkdir()
    file_of(folder, "a.txt", b"a")
    file_of(folder, "b.txt", b"b")
    async with bench.signed_in():
        bench.post(AT_ONCE)
        draft = drafted(bench)
        drop(bench, draft, folder)
        offer = await bench.told(FolderDropped)
        dropped = DroppedFile(offer.folder_id, offer.path)
        bench.post(AttachFolder(draft.id, dropped, as_zip=False), SendDraft(draft))
        sent = await bench.passes(NoteSent)
        assert [a.filename for a in sent.note.attachments] == ["a.txt", "b.txt"]


async def test_a_note_that_is_sent_takes_no_file(tmp_path):
    bench = Bench(tmp_path)
    async with bench.signed_in():
        bench.post(AT_ONCE)
        draft = bench.draft()
        bench.post(ReviseDraft(draft), SendDraft(draft))
        await bench.passes(NoteSent)
        drop(bench, draft, file_of(tmp_path, "a.txt"))
        refused = await bench.told(AttachmentRefused)
        assert refused.problem.kind is ProblemKind.TOO_LATE
