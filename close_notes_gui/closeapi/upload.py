"""One file to the storage host, streamed from disk. A pool thread; `cancel` from any thread.

Never reads a file into memory, never carries Close's credentials, never repeats itself.
"""

from collections.abc import Callable
from pathlib import Path

import httpx

from close_notes_gui.closeapi.answers import SignedUpload, UploadReceipt

Progress = Callable[[int, int], None]


class Upload:
    """One attempt with one file. Invariant: `run` is called once."""

    def __init__(
        self,
        path: Path,
        *,
        filename: str,
        content_type: str,
        expected_size_bytes: int | None = None,
        expected_mtime_ns: int | None = None,
        transport: httpx.BaseTransport | None = None,
        user_agent: str | None = None,
    ) -> None:
        """The expectations are what was attached; FileChanged where the file differs."""

    def run(self, signed: SignedUpload, *, on_progress: Progress | None = None) -> UploadReceipt:
        """Post the file; blocks. `on_progress(sent, total)` is called in this thread, at most
        20 times a second, and may run some MB ahead of the wire.

        Raises PolicyExpired, StorageRefused, Offline, TimedOut, ServerTrouble, TlsFailed,
        UnsafeAddress, FileChanged, FileVanished, UploadCancelled. Whatever it raises, the
        storage host keeps no part of the file.
        """
        raise UploadCancelled

    def cancel(self) -> None:
        """Call it off from any thread, at once, even while the peer stalls."""
