"""What is taken in only after the rep's word: a folder (its files, or a zip), a web picture.

Engine thread; disk and web are asked beside it. Sends nothing of Close's to a web address.
"""

import asyncio
from pathlib import Path
from typing import Final

import httpx

from close_notes_gui.closeapi.errors import CloseError
from close_notes_gui.closeapi.webpicture import fetch_picture
from close_notes_gui.engine.aside import aside
from close_notes_gui.engine.attach import Attaching
from close_notes_gui.engine.folders import files_inside, files_to_pack, pack
from close_notes_gui.engine.intake import Found, Unfit, check_name_and_size, sniffed_picture
from close_notes_gui.engine.problems import problem_from
from close_notes_gui.model.commands import (
    AttachAddress,
    AttachBytes,
    AttachFiles,
    AttachFolder,
    DroppedFile,
)
from close_notes_gui.model.filenames import extension, safe_filename
from close_notes_gui.model.ids import new_attachment_id
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.store.store import Store

LARGEST_WEB_PICTURE_BYTES: Final = 50 * 1024 * 1024
_ENDINGS: Final = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "image/avif": ".avif",
}


class Offers:
    """Invariant: what cannot be taken is told by AttachmentRefused with the offer's own id."""

    def __init__(
        self,
        *,
        store: Store,
        attaching: Attaching,
        web_transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._store = store
        self._attaching = attaching
        self._web_transport = web_transport

    def attach_folder(self, command: AttachFolder) -> None:
        """As AttachFiles of all its files; or AttachmentAdded for the zip, packed while COPYING."""
        self._attaching.forgive_folder(command.draft_id)
        work = self._zipped(command) if command.as_zip else self._one_by_one(command)
        self._attaching.wait_for(command.draft_id, work)

    def attach_address(self, command: AttachAddress) -> None:
        """As AttachBytes of the picture; AttachmentRefused where there is none."""
        self._attaching.wait_for(command.draft_id, self._fetched(command))

    async def _one_by_one(self, command: AttachFolder) -> None:
        path = command.folder.path
        try:
            inside = await aside(lambda: files_inside(path), name="folder")
        except (Unfit, OSError) as error:
            self._refuse(command, error)
            return
        files = tuple(DroppedFile(new_attachment_id(), each.path) for each in inside)
        self._attaching.attach_files(AttachFiles(command.draft_id, files))

    async def _zipped(self, command: AttachFolder) -> None:
        path, attachment_id = command.folder.path, command.folder.id
        top = safe_filename(path.name or "folder")
        settings = self._store.settings.get()
        try:
            files = await aside(
                lambda: files_to_pack(path, largest_bytes=settings.largest_file_bytes),
                name="folder",
            )
        except (Unfit, OSError) as error:
            self._refuse(command, error)
            return
        is_removed = self._attaching.is_removed
        found = Found(
            safe_filename(f"{top}.zip"), "application/zip", sum(each.size_bytes for each in files)
        )
        self._attaching.attach_made(
            command.draft_id,
            attachment_id,
            found,
            lambda out: pack(files, out, top=top, is_cancelled=lambda: is_removed(attachment_id)),
        )

    async def _fetched(self, command: AttachAddress) -> None:
        try:
            async with asyncio.timeout(60):
                picture = await fetch_picture(
                    command.url,
                    largest_bytes=LARGEST_WEB_PICTURE_BYTES,
                    transport=self._web_transport,
                )
        except (CloseError, TimeoutError) as error:
            kind = (
                ProblemKind.UNSAFE_ADDRESS
                if problem_from(error).kind is ProblemKind.UNSAFE_ADDRESS
                else ProblemKind.NO_PICTURE
            )
            self._refuse_address(command, Problem(kind, subject=_host(command.url)))
            return
        kind_of_bytes = sniffed_picture(picture.content[:64])
        if kind_of_bytes is None:
            problem = Problem(ProblemKind.NO_PICTURE, subject=_host(command.url))
            self._refuse_address(command, problem)
            return
        name = safe_filename(picture.name or "picture")
        if extension(name) not in {_ENDINGS[kind_of_bytes], ".jpeg"}:
            name = safe_filename(f"{Path(name).stem}{_ENDINGS[kind_of_bytes]}")
        try:
            check_name_and_size(name, len(picture.content), settings=self._store.settings.get())
        except Unfit as error:
            self._refuse_address(command, error.problem)
            return
        self._attaching.attach_bytes(
            AttachBytes(command.draft_id, command.id, name, kind_of_bytes, picture.content)
        )

    def _refuse(self, command: AttachFolder, error: Exception) -> None:
        subject = safe_filename(command.folder.path.name or "folder")
        if isinstance(error, Unfit):
            problem = error.problem
        else:
            problem = problem_from(error, subject=subject)
        self._attaching.refuse(command.draft_id, command.folder.id, problem)

    def _refuse_address(self, command: AttachAddress, problem: Problem) -> None:
        self._attaching.refuse(command.draft_id, command.id, problem)


def _host(url: str) -> str:
    try:
        return httpx.URL(url).host
    except (httpx.InvalidURL, ValueError):
        return ""
