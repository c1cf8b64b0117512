"""One program per data folder: a second start hands its request to the first and leaves.

Window thread. A local socket that only the same user may open; what comes over it is read
leniently and never acted on beyond opening the composer.
"""

import sys
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal, Slot

ANSWER_WAIT_MS = 1000
LONGEST_DOOR_BYTES = 100  # systems take 104 to 108 for a socket
LONGEST_REQUEST_BYTES = 1024 * 1024


def channel_name(folder: Path) -> str:
    """The same for every program on this data folder, and short enough for a socket's path.

    The door is in the folder itself, which is the rep's alone: Qt would put a bare name into
    /tmp, where another user could listen at it before us.
    """
    door = str(folder.absolute() / "door")
    if sys.platform != "win32" and len(door.encode(errors="surrogateescape")) <= LONGEST_DOOR_BYTES:
        return door
    import hashlib  # noqa: PLC0415 (seldom needed, and the first paint waits for this)

    digest = hashlib.sha256(str(folder.absolute()).encode(errors="surrogateescape"))
    name = f"close-notes-{digest.hexdigest()[:16]}"
    if sys.platform == "win32":
        return name
    runtime = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.RuntimeLocation)
    return f"{runtime}/{name}" if runtime else name


def hand_over(folder: Path, request: bytes) -> bool:
    """Give `request` (one line) to the program that runs on this folder. False: none does."""
    name = channel_name(folder)
    if Path(name).is_absolute() and not Path(name).exists():
        return False
    # The first paint waits for this; where no door is open it need not be loaded.
    from PySide6.QtNetwork import QLocalSocket  # noqa: PLC0415

    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(ANSWER_WAIT_MS):
        return False
    socket.write(request)
    socket.flush()
    taken = socket.waitForReadyRead(ANSWER_WAIT_MS)
    socket.disconnectFromServer()
    return taken


class SingleInstance(QObject):
    """Listens for further starts. `requested` carries each request's line (bytes)."""

    requested = Signal(object)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        from PySide6.QtNetwork import QLocalServer  # noqa: PLC0415 (as above)

        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_server_new_connection)
        name = channel_name(folder)
        if not self._server.listen(name):
            QLocalServer.removeServer(name)  # left behind by a program that was killed
            self._server.listen(name)

    @property
    def is_listening(self) -> bool:
        """False where the system gave no socket: then further starts cannot be joined."""
        return self._server.isListening()

    def close(self) -> None:
        """Listen no more."""
        self._server.close()

    @Slot()
    def _on_server_new_connection(self) -> None:
        socket = self._server.nextPendingConnection()
        socket.readyRead.connect(self._on_socket_ready_read)
        socket.disconnected.connect(socket.deleteLater)

    @Slot()
    def _on_socket_ready_read(self) -> None:
        from PySide6.QtNetwork import QLocalSocket  # noqa: PLC0415 (as above)

        socket = self.sender()
        if not isinstance(socket, QLocalSocket):
            return
        if socket.bytesAvailable() > LONGEST_REQUEST_BYTES:
            socket.abort()
            return
        if socket.canReadLine():
            line = bytes(socket.readLine().data())
            socket.write(b"taken\n")
            socket.flush()
            self.requested.emit(line)
