"""One attachment on its way up: checked, signed for, sent; signed anew where S3 says so.

Engine thread; the bytes go in a thread beside it. Policies and signatures are never logged.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Final

import httpx

from close_notes_gui.closeapi.errors import FileChanged, PolicyExpired, UploadCancelled
from close_notes_gui.closeapi.upload import Upload
from close_notes_gui.engine.aside import aside, aside_within
from close_notes_gui.engine.clock import Clock
from close_notes_gui.engine.line import Line
from close_notes_gui.model.draft import Attachment
from close_notes_gui.model.events import AttachmentProgressed, Event
from close_notes_gui.store.errors import FileUnreadable
from close_notes_gui.store.spool import Kept
from close_notes_gui.store.store import Store

#: How long after a refused signature the next one is asked for. A 403 after the last is no matter
#: of age: the host does not want this file, and the rep must know.
RENEW_AFTER_S: Final = (0.0, 2.0, 10.0)
#: A drive that gives no 4 MB in this time is not there; others wait for the place.
LONGEST_CHECK_S: Final = 30.0
PROGRESS_EVERY_S: Final = 0.1
_SPEED_MOMENTS: Final = 30  # three seconds of progress
_LEAST_SPEED_S: Final = 0.5


class Transfer:
    """Invariant: an address is on disk before a byte goes to it. `carry` is called once."""

    def __init__(
        self,
        attachment: Attachment,
        kept: Kept,
        *,
        store: Store,
        line: Line,
        clock: Clock,
        emit: Callable[[Event], None],
        transport: httpx.BaseTransport | None,
    ) -> None:
        self._attachment = attachment
        self._kept = kept
        self._store = store
        self._line = line
        self._clock = clock
        self._emit = emit
        self._transport = transport
        self._upload: Upload | None = None
        self._is_cancelled = False
        self._is_proven = False

    async def carry(self) -> tuple[str, datetime]:
        """The address and when it was given. Raises CloseError, SpoolError, StoreError;
        PolicyExpired where new signatures do not help.
        """
        spool = self._store.spool
        try:
            self._is_proven = await aside_within(
                LONGEST_CHECK_S,
                lambda: spool.check(self._kept),
                name="check",
                clock=self._clock,
            )
        except TimeoutError:
            raise FileUnreadable("no answer", path=self._kept.path) from None
        for wait_s in RENEW_AFTER_S:
            with contextlib.suppress(PolicyExpired):
                return await self._attempt()
            await self._clock.sleep(wait_s)
        return await self._attempt()

    def cancel(self) -> None:
        """Hang up at once; `carry` ends with UploadCancelled."""
        self._is_cancelled = True
        if self._upload is not None:
            self._upload.cancel()

    async def _attempt(self) -> tuple[str, datetime]:
        if self._is_cancelled:
            raise UploadCancelled
        name, kind = self._attachment.filename, self._attachment.content_type
        is_doubtful = not self._is_proven
        signed = await self._line.ask(lambda close: close.sign_upload(name, kind))
        self._store.attachments.minted(
            self._attachment.id, url=signed.download_url, at=signed.signed_at
        )
        upload = self._upload = Upload(
            self._kept.path,
            filename=name,
            content_type=kind,
            expected_size_bytes=self._kept.size_bytes,
            expected_mtime_ns=None if is_doubtful and self._kept.is_copy else self._kept.mtime_ns,
            # Hashing takes as long as sending does on a fast line: only where nothing else tells.
            with_sha256=is_doubtful,
            transport=self._transport,
        )
        if self._is_cancelled:
            raise UploadCancelled
        on_progress = self._progress(asyncio.get_running_loop())
        receipt = await aside(lambda: upload.run(signed, on_progress=on_progress), name="upload")
        if is_doubtful and receipt.sha256 != self._kept.digest:
            raise FileChanged("other bytes than were attached")
        return receipt.url, signed.signed_at

    def _progress(self, loop: asyncio.AbstractEventLoop) -> Callable[[int, int], None]:
        """Called in the upload's thread; hands on ten a second at most, and the last."""
        last_s = self._clock.monotonic() - PROGRESS_EVERY_S
        moments: deque[tuple[float, int]] = deque(maxlen=_SPEED_MOMENTS)

        def on_progress(sent_bytes: int, total_bytes: int) -> None:
            nonlocal last_s
            now_s = self._clock.monotonic()
            if sent_bytes < total_bytes and now_s - last_s < PROGRESS_EVERY_S:
                return
            last_s = now_s
            moments.append((now_s, sent_bytes))
            event = AttachmentProgressed(
                self._attachment.id, sent_bytes, total_bytes, _speed(moments)
            )
            with contextlib.suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(self._tell, event)

        return on_progress

    def _tell(self, event: AttachmentProgressed) -> None:
        if not self._is_cancelled:
            self._emit(event)


def _speed(moments: deque[tuple[float, int]]) -> float:
    """Bytes a second over these moments; 0 where they are too near to each other to tell."""
    (first_s, first_bytes), (last_s, last_bytes) = moments[0], moments[-1]
    passed_s = last_s - first_s
    return (last_bytes - first_bytes) / passed_s if passed_s >= _LEAST_SPEED_S else 0.0
