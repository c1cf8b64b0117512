"""Files that are none yet, as Windows drags them: attachments of a mail, entries of a zip.

Window thread. The bytes are to be had while the drop lasts and no longer, hence read here.
Shell Clipboard Formats, CFSTR_FILEDESCRIPTORW: a count, then a record of 592 bytes for each file.
"""

import struct
from dataclasses import dataclass, field

from PySide6.QtCore import QMimeData

_DESCRIPTOR = 'application/x-qt-windows-mime;value="FileGroupDescriptorW"'
_CONTENTS = 'application/x-qt-windows-mime;value="FileContents";index={}'
_RECORD_BYTES = 592
_ATTRIBUTES_AT = 36
_NAME_AT = 72
_HAS_ATTRIBUTES = 0x4
_IS_FOLDER = 0x10
_MOST = 1000


@dataclass(frozen=True, slots=True)
class VirtualFile:
    """A file by its bytes; they are empty where the other program does not give them to us."""

    filename: str
    content: bytes = field(repr=False)


def brings_virtual_files(mime: QMimeData) -> bool:
    """Whether files are dragged that are not on a disk; reads nothing."""
    return mime.hasFormat(_DESCRIPTOR)


def virtual_files_of(mime: QMimeData) -> tuple[VirtualFile, ...]:
    """All of them, in order; folders are left out."""
    if not brings_virtual_files(mime):
        return ()
    names = _names(bytes(mime.data(_DESCRIPTOR).data()))
    return tuple(
        VirtualFile(name, bytes(mime.data(_CONTENTS.format(index)).data()))
        for index, name in enumerate(names)
        if name
    )


def _names(descriptor: bytes) -> list[str]:
    """The name of each file, empty for a folder; as many as there are whole records."""
    if len(descriptor) < 4:
        return []
    (told,) = struct.unpack_from("<I", descriptor)
    count = min(told, (len(descriptor) - 4) // _RECORD_BYTES, _MOST)
    return [_name(descriptor, 4 + place * _RECORD_BYTES) for place in range(count)]


def _name(descriptor: bytes, at: int) -> str:
    (flags,) = struct.unpack_from("<I", descriptor, at)
    (attributes,) = struct.unpack_from("<I", descriptor, at + _ATTRIBUTES_AT)
    if flags & _HAS_ATTRIBUTES and attributes & _IS_FOLDER:
        return ""
    raw = descriptor[at + _NAME_AT : at + _RECORD_BYTES]
    path = raw.decode("utf-16-le", "replace").partition("\0")[0]
    return path.replace("/", "\\").rpartition("\\")[2]
