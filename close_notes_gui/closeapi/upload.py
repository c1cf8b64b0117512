"""One file to the storage host, streamed from disk. A pool thread; `cancel` from any thread.

Never reads a file into memory, never carries Close's credentials, never repeats itself.
Sync on purpose: where the host refuses early and hangs up, this keeps its reason.
"""

import socket
import threading
from contextlib import suppress
from pathlib import Path

import httpx

from close_notes_gui.closeapi.answers import SignedUpload, UploadReceipt
from close_notes_gui.closeapi.errors import CloseError, UploadCancelled
from close_notes_gui.closeapi.failures import HTTPX_ERRORS, from_exception
from close_notes_gui.closeapi.filebytes import FileBytes, Progress
from close_notes_gui.closeapi.hosts import check_upload_address, is_loopback
from close_notes_gui.closeapi.multipart import Form
from close_notes_gui.closeapi.session import USER_AGENT
from close_notes_gui.closeapi.storage import storage_failure
from close_notes_gui.closeapi.tls import trust

# Each `write` is one call to the socket, hence fair to a slow line.
_TIMEOUT = httpx.Timeout(connect=10, write=60, read=120, pool=None)
_LONGEST_REFUSAL_BYTES = 64 * 1024


class Upload:
    """One attempt with one file on its own connection. Invariant: `run` is called once."""

    def __init__(
        self,
        path: Path,
        *,
        filename: str,
        content_type: str,
        expected_size_bytes: int | None = None,
        expected_mtime_ns: int | None = None,
        with_sha256: bool = True,
        transport: httpx.BaseTransport | None = None,
        user_agent: str | None = None,
    ) -> None:
        """The expectations are what was attached; FileChanged where the file differs.

        Hashing takes about a second of a core's time for each GB, as long as sending it does
        where the line is a fast one.
        """
        self._path = path
        self._filename = filename
        self._content_type = content_type
        self._expected_size_bytes = expected_size_bytes
        self._expected_mtime_ns = expected_mtime_ns
        self._with_sha256 = with_sha256
        self._transport = transport
        self._user_agent = user_agent or USER_AGENT
        self._cancelled = threading.Event()
        self._socket: socket.socket | None = None

    def run(self, signed: SignedUpload, *, on_progress: Progress | None = None) -> UploadReceipt:
        """Post the file; blocks. `on_progress(sent, total)` is called in this thread, at most
        20 times a second, and may run some MB ahead of the wire.

        Raises PolicyExpired, StorageRefused, Offline, TimedOut, ServerTrouble, BadAnswer,
        TlsFailed, UnsafeAddress, FileChanged, FileVanished, UploadCancelled. Whatever it
        raises, nothing refers to the file, and it may be uploaded again.
        """
        self._check_cancelled()
        with FileBytes(
            self._path,
            expected_size_bytes=self._expected_size_bytes,
            expected_mtime_ns=self._expected_mtime_ns,
            with_sha256=self._with_sha256,
        ) as source:
            failure = self._post(signed, source, on_progress)
            if failure is not None:
                # Raised here, so that no httpx error, which holds the policy, hangs on to it.
                raise failure
            return UploadReceipt(signed.download_url, source.sha256, source.size_bytes)

    def cancel(self) -> None:
        """Call it off from any thread, at once, even while the peer stalls."""
        self._cancelled.set()
        self._hang_up()

    # --- within

    def _post(
        self, signed: SignedUpload, source: FileBytes, on_progress: Progress | None
    ) -> CloseError | None:
        try:
            status, body = self._exchange(signed, source, on_progress)
        except CloseError as error:
            return error
        except HTTPX_ERRORS as error:
            if self._cancelled.is_set():
                return UploadCancelled()
            return from_exception(error, creates=False)
        return storage_failure(status, body, fields=signed.fields)

    def _exchange(
        self, signed: SignedUpload, source: FileBytes, on_progress: Progress | None
    ) -> tuple[int, bytes]:
        # The client held it against the API's address; here it is known to be safe by itself.
        own = httpx.URL(signed.url)
        url = check_upload_address(signed.url, api_url=own)
        form = Form(
            signed.fields,
            filename=self._filename,
            content_type=dict(signed.fields).get("Content-Type", self._content_type),
            size_bytes=source.size_bytes,
        )
        pieces = source.pieces(before_each=self._check_cancelled, on_progress=on_progress)
        with self._open(url) as client:
            request = client.build_request(
                "POST",
                url,
                content=form.pieces(pieces),
                headers=form.headers,
                extensions={"trace": self._on_trace},
            )
            response = client.send(request, stream=True)
            try:
                return response.status_code, _read_some(response)
            finally:
                response.close()

    def _open(self, url: httpx.URL) -> httpx.Client:
        plain = self._transport is not None or url.scheme == "http"
        return httpx.Client(
            transport=self._transport,
            verify=False if plain else trust(),
            trust_env=not is_loopback(url),
            http2=False,
            follow_redirects=False,
            timeout=_TIMEOUT,
            # One connection for one upload, so that hanging up hits no other.
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=0),
            headers={"User-Agent": self._user_agent, "Connection": "close"},
        )

    def _on_trace(self, name: str, details: dict[str, object]) -> None:
        # TLS takes the first socket away and gives its own, hence both.
        if not name.endswith(("connect_tcp.complete", "start_tls.complete")):
            return
        stream = details.get("return_value")
        get_extra_info = getattr(stream, "get_extra_info", None)
        found = get_extra_info("socket") if get_extra_info else None
        if isinstance(found, socket.socket):
            self._socket = found
            if self._cancelled.is_set():
                self._hang_up()

    def _hang_up(self) -> None:
        connected = self._socket
        if connected is None:
            return
        with suppress(OSError):  # closed already
            # Not the TLS socket's own shutdown: that one drops the TLS state under the writer.
            socket.socket.shutdown(connected, socket.SHUT_RDWR)

    def _check_cancelled(self) -> None:
        if self._cancelled.is_set():
            raise UploadCancelled


def _read_some(response: httpx.Response) -> bytes:
    body = b""
    for piece in response.iter_bytes():
        body += piece
        if len(body) > _LONGEST_REFUSAL_BYTES:
            break
    return body
