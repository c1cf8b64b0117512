"""Files of notes that are in Close, brought here: to a place the rep chose, or to look at.

Engine thread; the disk is written in threads beside it. What was cut off goes on where it was,
also in a later run. Never opens a file; a name from Close never leads out of a folder.
"""

import asyncio
import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from close_notes_gui.closeapi.client import CloseClient
from close_notes_gui.closeapi.errors import BadAnswer, Gone, Refused
from close_notes_gui.engine.aside import aside
from close_notes_gui.engine.clock import Clock
from close_notes_gui.engine.jobs import Jobs
from close_notes_gui.engine.line import Line
from close_notes_gui.engine.opening import private_place, ready_file, sweep
from close_notes_gui.engine.problems import is_passing, problem_from
from close_notes_gui.model.commands import CancelNoteFile, SaveNoteFile
from close_notes_gui.model.events import (
    Event,
    NoteFileFailed,
    NoteFileProgressed,
    NoteFileSaved,
)
from close_notes_gui.model.files import FilePurpose
from close_notes_gui.model.problem import Problem, ProblemKind

MOST_AT_ONCE: Final = 3
MOST_THUMBNAILS_AT_ONCE: Final = 2
MOST_TRIES: Final = 5
LARGEST_THUMBNAIL_BYTES: Final = 4 * 1024 * 1024
THUMBNAIL_KEPT_S: Final = 30 * 24 * 3600.0
MOST_THUMBNAIL_BYTES: Final = 64 * 1024 * 1024
_FIRST_RETRY_S: Final = 1.0
_PROGRESS_EVERY_S: Final = 0.1
_PIECE_BYTES: Final = 1024 * 1024


class NoteFiles:
    """Invariant: a file appears under its name whole or not at all; one download for an address
    and a purpose at a time.
    """

    def __init__(
        self,
        folder: Path,
        *,
        line: Line,
        clock: Clock,
        jobs: Jobs,
        emit: Callable[[Event], None],
    ) -> None:
        """`folder` is private to the account; it is made when it is needed."""
        self._folder = folder
        self._line = line
        self._clock = clock
        self._jobs = jobs
        self._emit = emit
        self._running: dict[str, tuple[FilePurpose, asyncio.Task[None]]] = {}
        self._places = asyncio.Semaphore(MOST_AT_ONCE)
        self._thumbnail_places = asyncio.Semaphore(MOST_THUMBNAILS_AT_ONCE)

    @property
    def opened_folder(self) -> Path:
        """Where files lie that are opened; each in a folder of its own."""
        return self._folder / "opened"

    def begin(self, signed_out: Iterable[Path] = ()) -> None:
        """Delete what was opened or half brought here more than a day ago, and small pictures that
        are old or too many; also in the folders of accounts that are `signed_out`.
        """
        for folder in {self._folder, *signed_out}:
            self._jobs.start(self._swept(folder), name="sweeping")

    def save(self, command: SaveNoteFile) -> None:
        """NoteFileSaved or NoteFileFailed, NoteFileProgressed before; asked again meanwhile,
        nothing more.
        """
        if command.url in self._running:
            return
        task = self._jobs.start(self._bring(command), name="download")
        if task is not None:
            self._running[command.url] = command.purpose, task
            task.add_done_callback(lambda _: self._running.pop(command.url, None))

    def cancel(self, command: CancelNoteFile) -> None:
        """NoteFileFailed without a problem, where it runs. What came so far is kept for a day."""
        purpose, task = self._running.get(command.url, (FilePurpose.SAVE, None))
        if task is not None:
            task.cancel()
            self._emit(NoteFileFailed(command.url, purpose))

    async def forget(self) -> None:
        """Delete the small pictures and what was half brought. What was opened stays for a day:
        somebody may have written in it.
        """
        for name in ("thumbnails", "partial"):
            folder = self._folder / name
            await aside(
                lambda folder=folder: shutil.rmtree(folder, ignore_errors=True),  # type: ignore[misc]
                name="forget",
            )

    # --- within

    async def _swept(self, folder: Path) -> None:
        for name in ("opened", "partial"):
            place = folder / name
            await aside(lambda place=place: sweep(place), name="sweep")  # type: ignore[misc]
        thumbnails = folder / "thumbnails"
        await aside(
            lambda: sweep(thumbnails, kept_s=THUMBNAIL_KEPT_S, most_bytes=MOST_THUMBNAIL_BYTES),
            name="sweep",
        )

    async def _bring(self, command: SaveNoteFile) -> None:
        is_thumbnail = command.purpose is FilePurpose.THUMBNAIL
        try:
            async with self._thumbnail_places if is_thumbnail else self._places:
                path = await self._brought(command)
        except Gone:
            problem = Problem(ProblemKind.FILE_NOT_IN_CLOSE, subject=command.filename)
        except Exception as error:
            problem = problem_from(error, subject=command.filename)
            if problem.kind is ProblemKind.BUG:
                self._emit(NoteFileFailed(command.url, command.purpose, problem))
                raise
        else:
            self._emit(NoteFileSaved(command.url, ready_file(path, command.purpose)))
            return
        self._emit(NoteFileFailed(command.url, command.purpose, problem))

    async def _brought(self, command: SaveNoteFile) -> Path:
        key = hashlib.sha256(command.url.encode("utf-8", "replace")).hexdigest()[:32]
        is_thumbnail = command.purpose is FilePurpose.THUMBNAIL
        thumbnail = self._folder / "thumbnails" / key
        if is_thumbnail and await aside(thumbnail.is_file, name="look"):
            return thumbnail
        partial = self._folder / "partial" / key
        await aside(lambda: _make_folder(partial.parent), name="folder")
        for tried in range(MOST_TRIES):
            try:
                await self._line.ask(lambda client: self._stream(client, command, partial))
                break
            except Exception as error:
                if not is_passing(error) or tried == MOST_TRIES - 1:
                    raise
            await self._clock.sleep(_FIRST_RETRY_S * 2**tried)
        place, name = self.opened_folder, command.filename
        if is_thumbnail:
            await aside(lambda: _make_folder(thumbnail.parent), name="folder")
            target = thumbnail
        elif command.target is not None:
            target = command.target
        else:
            target = await aside(lambda: private_place(place, name), name="name")
        await aside(lambda: _moved(partial, target), name="move")
        return target

    async def _stream(self, client: CloseClient, command: SaveNoteFile, partial: Path) -> None:
        """The rest of the file, after what is here already. Raises CloseError, OSError."""
        here_bytes = await aside(lambda: _size(partial), name="look")
        try:
            await self._stream_from(here_bytes, client, command, partial)
        except Refused:
            if not here_bytes:
                raise
            # there is nothing after that byte: what lies here is of no use
            await aside(lambda: partial.unlink(missing_ok=True), name="unlink")
            await self._stream_from(0, client, command, partial)

    async def _stream_from(
        self, here_bytes: int, client: CloseClient, command: SaveNoteFile, partial: Path
    ) -> None:
        async with client.download(command.url, from_byte=here_bytes) as download:
            place = download.start_byte
            if place > here_bytes:
                raise BadAnswer("not the part that was asked for")
            total_bytes = download.size_bytes
            told_s = self._clock.monotonic() - _PROGRESS_EVERY_S
            buffer = bytearray()
            async for chunk in download.chunks:
                buffer += chunk
                if command.purpose is FilePurpose.THUMBNAIL:
                    _check_thumbnail(place + len(buffer))
                now_s = self._clock.monotonic()
                if now_s - told_s >= _PROGRESS_EVERY_S:
                    told_s = now_s
                    self._tell(command, place + len(buffer), total_bytes)
                if len(buffer) >= _PIECE_BYTES:
                    place = await self._written(partial, place, buffer)
            place = await self._written(partial, place, buffer, is_last=True)
        kept_bytes = await aside(lambda: _size(partial), name="look")
        if place != kept_bytes or total_bytes not in {None, place}:
            await aside(lambda: partial.unlink(missing_ok=True), name="unlink")
            raise BadAnswer("a file of another length than was told")
        self._tell(command, place, total_bytes)

    async def _written(
        self, partial: Path, place: int, buffer: bytearray, *, is_last: bool = False
    ) -> int:
        piece = bytes(buffer)
        buffer.clear()
        await aside(lambda: _write(partial, place, piece, is_last=is_last), name="write")
        return place + len(piece)

    def _tell(self, command: SaveNoteFile, received_bytes: int, total_bytes: int | None) -> None:
        if command.purpose is not FilePurpose.THUMBNAIL:
            self._emit(NoteFileProgressed(command.url, received_bytes, total_bytes))


def _check_thumbnail(size_bytes: int) -> None:
    if size_bytes > LARGEST_THUMBNAIL_BYTES:
        raise BadAnswer("too large for a thumbnail")


def _make_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _write(path: Path, place: int, piece: bytes, *, is_last: bool) -> None:
    """Write at `place` and cut off what may stand behind it (from a try that came further)."""
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.seek(place)
        file.write(piece)
        file.truncate()
        if is_last:
            file.flush()
            os.fsync(file.fileno())


def _moved(partial: Path, target: Path) -> None:
    """Into place in one step; across disks by a copy beside the target."""
    try:
        partial.replace(target)
    except OSError:
        beside = target.with_name(f".{partial.name}.part")
        try:
            shutil.copyfile(partial, beside)
            beside.replace(target)
        finally:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
        partial.unlink(missing_ok=True)
