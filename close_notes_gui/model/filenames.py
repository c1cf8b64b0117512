"""Names of files: safe for Close, its storage and this disk, still recognisable to the rep.

Any thread. Never touches the disk.
"""

import re
import unicodedata
from typing import Final

from close_notes_gui.model.composing import composed

LONGEST_BYTES: Final = 255
_LONGEST_EXTENSION_BYTES: Final = 32
_NAMELESS: Final = "file"

_SEPARATORS: Final = re.compile(r"[/\\\u2044\u2215\u29f8\uff0f\uff3c]")
_SPACES: Final = re.compile(r"\s+")

#: What Windows does not take in a name (a colon would name a hidden stream of the file).
_NOT_ON_DISK: Final = re.compile(r'[<>:"|?*]')
_DEVICES: Final = re.compile(
    r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)"
)

_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

#: Letter-like invisible signs that scripts and emoji need; every other format character goes.
_KEPT_FORMAT: Final = frozenset("\u200c\u200d")

_STRAY_SURROGATES: Final = re.compile("[\ud800-\udc7f\udd00-\udfff]")


def safe_filename(name: str) -> str:
    """`name` without path separators, control and bidi characters, and 255 bytes of UTF-8 at
    most, the extension kept. Idempotent; never empty, never `.` or `..`.
    """
    # Bytes that are no UTF-8 arrive as U+DC80 to U+DCFF; other lone surrogates stand for nothing.
    text = _STRAY_SURROGATES.sub("\ufffd", name)
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    text = composed(text)
    text = _SEPARATORS.sub("_", text)
    text = _SPACES.sub(" ", text)
    text = "".join(char for char in text if _is_shown(char))
    text = _trimmed(text)
    if not text.strip("._ \u200c\u200d"):
        return _NAMELESS
    return _cut(text)


def local_filename(name: str) -> str:
    """As `safe_filename`, for a file on any system's disk: one name, hence never outside the
    folder it is put in, never hidden, never a device.
    """
    text = _NOT_ON_DISK.sub("_", safe_filename(name)).lstrip(".")
    text = _cut(_trimmed(text)) or _NAMELESS
    return _cut(f"_{text}") if _DEVICES.match(text) else text


def renamed(name: str, *, to: str) -> str:
    """`to` as the new name of the file `name`, whose extension stays as it was."""
    bare = name.rstrip(". ")
    ending = bare[len(bare) - len(extension(name)) :] if extension(name) else ""
    wanted = safe_filename(to)
    if ending and wanted.lower().endswith(ending.lower()):
        wanted = wanted[: len(wanted) - len(ending)]
    room = LONGEST_BYTES - len(ending.encode())
    stem = _trimmed(wanted.encode()[:room].decode("utf-8", "ignore"))
    is_name = to.strip() and stem.strip("._ ")
    return safe_filename(stem + ending) if is_name else safe_filename(name)


def extension(name: str) -> str:
    """The last extension in lower case with its dot; `""` where there is none.

    Trailing dots and spaces do not hide it: Windows drops them when the file is opened.
    """
    bare = name.rstrip(". ")
    stem, dot, last = bare.rpartition(".")
    return f".{last.strip().lower()}" if dot and stem and last.strip() else ""


def _is_shown(char: str) -> bool:
    if char in _KEPT_FORMAT:
        return True
    is_no_character = ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF
    return not is_no_character and unicodedata.category(char) not in _INVISIBLE


def _trimmed(text: str) -> str:
    return text.strip(" ").rstrip(". ")


def _cut(text: str) -> str:
    if len(text.encode()) <= LONGEST_BYTES:
        return text
    stem, dot, last = text.rpartition(".")
    tail = f".{last}" if dot and stem and len(last.encode()) < _LONGEST_EXTENSION_BYTES else ""
    room = LONGEST_BYTES - len(tail.encode())
    kept = text.removesuffix(tail) if tail else text
    return _trimmed(kept.encode()[:room].decode("utf-8", "ignore")) + tail
