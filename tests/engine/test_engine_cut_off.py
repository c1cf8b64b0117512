"""Copies that the end of the program cut off: made again at the next start, if they can be."""

import contextlib
import threading
from pathlib import Path

import pytest

from close_notes_gui.engine import copying, intake
from close_notes_gui.model.commands import ReviseDraft
from close_notes_gui.model.draft import AttachmentState
from close_notes_gui.model.events import AttachmentAdded, AttachmentChanged, DraftSaved
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.store.errors import SpoolCancelled
from close_notes_gui.store.spool import Spool
from tests.engine.engine_rig import Bench, drafted, drop, file_of, is_now

pytestmark = pytest.mark.anyio
K = ProblemKind
S = AttachmentState


@contextlib.asynccontextmanager
async def with_a_copy_cut_off(tmp_path, monkeypatch):
    """A data folder with an attachment whose copying the end of the program cut off."""
    bench, going_on, keep = Bench(tmp_path), threading.Event(), Spool.keep

    def slow(self, *args, **keywords):
        going_on.wait(20)
        raise SpoolCancelled("as by a crash")

    path = file_of(tmp_path, "contract.txt")
    with monkeypatch.context() as patch:
        patch.setattr(Spool, "keep", slow)
        async with bench.signed_in():
            drop(bench, drafted(bench), path)
            await bench.told(AttachmentAdded)
    going_on.set()
    assert Spool.keep is keep
    yield bench, path


async def test_a_copy_that_was_cut_off_is_made_again(tmp_path, monkeypatch):
    async with with_a_copy_cut_off(tmp_path, monkeypatch) as (bench, _path), bench.signed_in():
        await bench.told(AttachmentChanged, is_now(S.UPLOADED))


async def test_a_copy_cut_off_whose_file_is_gone_fails_in_words(tmp_path, monkeypatch):
    async with with_a_copy_cut_off(tmp_path, monkeypatch) as (bench, path):
        path.unlink()
        async with bench.signed_in():
            failed = await bench.told(AttachmentChanged, is_now(S.FAILED))
            assert failed.attachment.problem.kind is K.FILE_VANISHED


async def test_a_dead_drive_does_not_hold_up_the_start(tmp_path, monkeypatch):
    """The file that was being copied lies on a network drive that does not answer any more."""
    answers = threading.Event()

    def hanging(path, *, settings):
        answers.wait(20)
        return intake.examine(path, settings=settings)

    def on_the_loop(self):
        raise AssertionError("the disk was asked on the loop")

    async with with_a_copy_cut_off(tmp_path, monkeypatch) as (bench, _path):
        monkeypatch.setattr(copying, "examine", hanging)
        monkeypatch.setattr(Path, "is_file", on_the_loop)
        async with bench.signed_in():
            bench.post(ReviseDraft(bench.draft()))
            await bench.told(DraftSaved)
            failed = await bench.passes(AttachmentChanged, is_now(S.FAILED))
            assert failed.attachment.problem.kind is K.FILE_UNREADABLE
            drop(bench, drafted(bench), file_of(tmp_path, "other.txt"))
            answers.set()
            await bench.told(AttachmentChanged, is_now(S.UPLOADED))
