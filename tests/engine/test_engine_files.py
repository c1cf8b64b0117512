"""Attachments named, ordered, shown; folders and web pictures."""

import hashlib
import io
import os
import zipfile
from pathlib import Path

import httpx
import pytest

from close_notes_gui.engine import folders
from close_notes_gui.model.commands import (
    AttachAddress,
    AttachFolder,
    ChangeSettings,
    DroppedFile,
    MoveAttachment,
    RenameAttachment,
    RetryAttachment,
    SendDraft,
    ShowAttachment,
)
from close_notes_gui.model.draft import AttachmentState
from close_notes_gui.model.events import (
    AttachmentAdded,
    AttachmentChanged,
    AttachmentReady,
    AttachmentRefused,
    AttachmentRemarked,
    AttachmentsArranged,
    DirectoryLoaded,
    FolderDropped,
    NoteSent,
)
from close_notes_gui.model.files import FilePurpose
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.model.settings import Settings
from close_notes_gui.sandbox.faults import STORAGE, Fault, FaultKind
from tests.engine.engine_rig import Bench, drafted, drop, file_of

pytestmark = pytest.mark.anyio
K = ProblemKind
S = AttachmentState
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100


def web(request: httpx.Request) -> httpx.Response:
    assert "authorization" not in request.headers
    match request.url.path:
        case "/cat":
            return httpx.Response(302, headers={"location": "/real/cat.jpg"})
        case "/real/cat.jpg":
            return httpx.Response(200, content=PNG)
        case "/inside":
            return httpx.Response(302, headers={"location": "http://127.0.0.1/secret.png"})
        case "/page":
            return httpx.Response(200, content=b"<html>")
    return httpx.Response(404)


@pytest.fixture
async def bench(tmp_path):
    bench = Bench(tmp_path)
    async with bench.signed_in(web_transport=httpx.MockTransport(web)):
        await bench.told(DirectoryLoaded)
        yield bench


def is_up(attachment_id: str, name: str | None = None):
    return lambda e: (
        e.attachment.id == attachment_id
        and e.attachment.state is S.UPLOADED
        and name in {None, e.attachment.filename}
    )


async def test_renamed_it_goes_up_again_under_its_new_name(bench, tmp_path):
    draft = drafted(bench)
    (attachment_id,) = drop(bench, draft, file_of(tmp_path, "a.PDF"))
    await bench.told(AttachmentChanged, is_up(attachment_id))
    bench.post(RenameAttachment(attachment_id, "../Angebot\u202e fdp.exe"))
    await bench.told(AttachmentChanged, is_up(attachment_id, ".._Angebot fdp.exe.PDF"))
    bench.post(SendDraft(draft))
    sent = await bench.passes(NoteSent)
    assert [a.filename for a in sent.note.attachments] == [".._Angebot fdp.exe.PDF"]


async def test_moved_the_note_has_that_order(bench, tmp_path):
    draft = drafted(bench)
    ids = drop(bench, draft, *(file_of(tmp_path, f"{n}.txt", n.encode()) for n in "abc"))
    for attachment_id in ids:
        await bench.told(AttachmentChanged, is_up(attachment_id))
    bench.post(MoveAttachment(ids[2], 0))
    assert (await bench.told(AttachmentsArranged)).order == (ids[2], ids[0], ids[1])
    bench.post(SendDraft(draft))
    sent = await bench.passes(NoteSent)
    assert [a.filename for a in sent.note.attachments] == ["c.txt", "a.txt", "b.txt"]


async def test_the_same_file_twice_is_noticed_and_not_refused(bench, tmp_path):
    draft = drafted(bench)
    path = file_of(tmp_path, "a.txt")
    (first,) = drop(bench, draft, path)
    await bench.told(AttachmentChanged, is_up(first))
    (second,) = drop(bench, draft, path)
    remark = await bench.told(AttachmentRemarked)
    assert (remark.attachment_id, remark.repeats) == (second, first)
    await bench.told(AttachmentChanged, is_up(second))


async def test_a_link_is_followed_and_told(bench, tmp_path):
    link = tmp_path / "link.txt"
    link.symlink_to(file_of(tmp_path, "real.txt"))
    drop(bench, drafted(bench), link)
    assert (await bench.told(AttachmentRemarked)).links_to == "real.txt"


async def test_opened_it_is_a_copy_and_a_program_is_not_for_opening(bench, tmp_path):
    draft = drafted(bench)
    ids = drop(bench, draft, file_of(tmp_path, "a.txt"), file_of(tmp_path, "page.html", b"<p>"))
    for attachment_id in ids:
        await bench.told(AttachmentChanged, is_up(attachment_id))
        bench.post(ShowAttachment(attachment_id, FilePurpose.OPEN))
    text = await bench.told(AttachmentReady, lambda e: e.attachment_id == ids[0])
    page = await bench.told(AttachmentReady, lambda e: e.attachment_id == ids[1])
    assert text.file.may_open
    assert text.file.path.name == "a.txt"
    assert text.file.path != tmp_path / "a.txt"
    assert not page.file.may_open
    assert page.file.problem is not None
    assert page.file.problem.kind is K.FILE_NOT_OPENED
    bench.post(ShowAttachment(ids[0], FilePurpose.REVEAL))
    shown = await bench.told(AttachmentReady, lambda e: e.file.purpose is FilePurpose.REVEAL)
    assert shown.file.path == tmp_path / "a.txt"


async def test_at_hand_it_has_its_own_name_and_a_large_file_is_the_reps_own(bench, tmp_path):
    draft = drafted(bench)
    (small,) = drop(bench, draft, file_of(tmp_path, "a.txt"))
    await bench.told(AttachmentChanged, is_up(small))
    bench.workplace.store.spool._largest_copy_bytes = 4
    (large,) = drop(bench, draft, file_of(tmp_path, "film.mp4"))
    await bench.told(AttachmentChanged, is_up(large))
    bench.post(RenameAttachment(small, "Offer"))
    for attachment_id in (small, large):
        bench.post(ShowAttachment(attachment_id, FilePurpose.AT_HAND))
        await bench.told(AttachmentReady, lambda e, own=attachment_id: e.attachment_id == own)
    paths = {e.attachment_id: e.file.path for e in bench.all(AttachmentReady)}
    assert paths[small].name == "Offer.txt"
    assert paths[small].read_bytes() == b"content"
    assert paths[large] == tmp_path / "film.mp4"


@pytest.mark.parametrize("name", ["a.lnk", "a.URL", "a.webloc"])
async def test_a_shortcut_is_refused(bench, tmp_path, name):
    drop(bench, drafted(bench), file_of(tmp_path, name))
    assert (await bench.told(AttachmentRefused)).problem.kind is K.FILE_IS_SHORTCUT


# folders


def folder_of(tmp_path: Path) -> Path:
    folder = tmp_path / "Q3"
    file_of(folder, "b.txt", b"b")
    file_of(folder, "a.txt", b"a")
    file_of(folder, "deep/c.txt", b"c")
    file_of(folder, ".DS_Store", b"litter")
    (folder / "secret").symlink_to(file_of(tmp_path, "id_rsa", b"key"))
    return folder


async def test_a_folder_gives_its_files(bench, tmp_path):
    draft = drafted(bench)
    drop(bench, draft, folder_of(tmp_path))
    offer = await bench.told(FolderDropped)
    bench.post(AttachFolder(draft.id, DroppedFile(offer.folder_id, offer.path), as_zip=False))
    bench.post(SendDraft(draft))
    sent = await bench.passes(NoteSent)
    assert [a.filename for a in sent.note.attachments] == ["a.txt", "b.txt", "c.txt"]


async def test_a_folder_gives_one_zip_without_what_its_links_lead_to(bench, tmp_path):
    draft = drafted(bench)
    (folder_id,) = drop(bench, draft, folder_of(tmp_path))
    await bench.told(FolderDropped)
    bench.post(AttachFolder(draft.id, DroppedFile(folder_id, tmp_path / "Q3"), as_zip=True))
    up = await bench.told(AttachmentChanged, is_up(folder_id))
    assert up.attachment.filename == "Q3.zip"
    assert up.attachment.path is not None
    content = up.attachment.path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.namelist() == ["Q3/a.txt", "Q3/b.txt", "Q3/deep/c.txt"]
        assert packed.read("Q3/deep/c.txt") == b"c"
    assert up.attachment.size_bytes == len(content)
    assert bench.fake.file_sha256(up.attachment.url) == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("as_zip", [True, False])
async def test_too_large_or_too_full_a_folder_is_refused(bench, tmp_path, monkeypatch, as_zip):
    monkeypatch.setattr(folders, "MOST_ON_A_NOTE", 2)
    bench.post(ChangeSettings(Settings(largest_file_bytes=2)))
    draft = drafted(bench)
    folder = DroppedFile(bench.attachment_id(), folder_of(tmp_path))
    bench.post(AttachFolder(draft.id, folder, as_zip))
    refused = await bench.told(AttachmentRefused)
    assert refused.problem.kind is (K.FILE_TOO_LARGE if as_zip else K.TOO_MANY_FILES)
    assert refused.attachment_id == folder.id


# pictures of the web


async def test_a_web_picture_is_fetched_and_named_by_its_bytes(bench):
    draft = drafted(bench)
    attachment_id = bench.attachment_id()
    bench.post(AttachAddress(draft.id, attachment_id, "https://pictures.example/cat"))
    up = await bench.told(AttachmentChanged, is_up(attachment_id))
    assert (up.attachment.filename, up.attachment.content_type) == ("cat.png", "image/png")


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://pictures.example/page", K.NO_PICTURE),
        ("https://pictures.example/none", K.NO_PICTURE),
        ("https://pictures.example/inside", K.UNSAFE_ADDRESS),
        ("http://192.168.1.1/a.png", K.UNSAFE_ADDRESS),
        ("http://[::1]/a.png", K.UNSAFE_ADDRESS),
        ("file:///etc/passwd", K.UNSAFE_ADDRESS),
    ],
)
async def test_what_is_no_picture_of_the_web_is_refused(bench, url, kind):
    bench.post(AttachAddress(drafted(bench).id, bench.attachment_id(), url))
    assert (await bench.told(AttachmentRefused)).problem.kind is kind
    assert bench.count(AttachmentAdded) == 0


# uploads


async def test_a_refusal_that_new_signatures_do_not_cure_fails_with_a_retry(bench, tmp_path):
    bench.fake.faults.add(Fault(FaultKind.POLICY_EXPIRED, path=STORAGE, times=None))
    (attachment_id,) = drop(bench, drafted(bench), file_of(tmp_path, "a.txt"))
    failed = await bench.passes(AttachmentChanged, lambda e: e.attachment.state is S.FAILED)
    assert failed.attachment.problem.kind is K.STORAGE_REFUSED
    assert "AccessDenied" in failed.attachment.problem.detail
    await bench.clock.advance(3600)
    assert bench.asked("POST", "/files/upload/") == 4  # and it is let be
    bench.mend_line()
    bench.post(RetryAttachment(attachment_id))
    await bench.told(AttachmentChanged, is_up(attachment_id))


async def test_other_bytes_than_were_attached_never_count_as_up(bench, tmp_path):
    bench.post(ChangeSettings(Settings(upload_on_drop=False)))
    (attachment_id,) = drop(bench, drafted(bench), file_of(tmp_path, "a.txt", b"as attached"))
    await bench.told(AttachmentChanged, lambda e: e.attachment.state is S.WAITING)
    bench.workplace.store.spool.path(attachment_id).write_bytes(b"as altered!")
    bench.post(ChangeSettings(Settings()))
    failed = await bench.told(AttachmentChanged, lambda e: e.attachment.state is S.FAILED)
    assert failed.attachment.problem.kind is K.FILE_CHANGED
    assert failed.attachment.url is None


async def test_a_copy_that_was_only_touched_goes_up(bench, tmp_path):
    bench.post(ChangeSettings(Settings(upload_on_drop=False)))
    (attachment_id,) = drop(bench, drafted(bench), file_of(tmp_path, "a.txt"))
    await bench.told(AttachmentChanged, lambda e: e.attachment.state is S.WAITING)
    os.utime(bench.workplace.store.spool.path(attachment_id), ns=(1, 1))  # a restored backup
    bench.post(ChangeSettings(Settings()))
    await bench.told(AttachmentChanged, is_up(attachment_id))


async def test_a_full_disk_fails_the_one_file_in_words_of_its_own(bench, tmp_path, monkeypatch):
    def full(*_args: object) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("close_notes_gui.store.spool._reflink", full)
    drop(bench, drafted(bench), file_of(tmp_path, "a.txt"))
    failed = await bench.told(AttachmentChanged, lambda e: e.attachment.state is S.FAILED)
    assert (failed.attachment.problem.kind, failed.attachment.problem.subject) == (
        K.DISK_FULL,
        "a.txt",
    )
    assert not list(bench.workplace.store.spool.folder.iterdir())
    monkeypatch.undo()
    bench.post(RetryAttachment(failed.attachment.id))
    await bench.told(AttachmentChanged, is_up(failed.attachment.id))
