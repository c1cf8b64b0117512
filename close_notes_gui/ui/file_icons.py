"""Which icon of the family a kind of file has. Any thread; pure."""

_BY_TYPE = (
    ("image/", "image"),
    ("audio/", "audio"),
    ("video/", "video"),
    ("application/pdf", "pdf"),
    ("text/csv", "sheet"),
    ("application/vnd.ms-excel", "sheet"),
    ("application/vnd.openxmlformats-officedocument.spreadsheet", "sheet"),
    ("application/vnd.oasis.opendocument.spreadsheet", "sheet"),
    ("application/zip", "zip"),
    ("application/gzip", "zip"),
    ("application/x-tar", "zip"),
    ("application/x-7z", "zip"),
    ("application/vnd.rar", "zip"),
    ("text/", "doc"),
    ("application/msword", "doc"),
    ("application/rtf", "doc"),
    ("application/vnd.openxmlformats-officedocument", "doc"),
    ("application/vnd.oasis.opendocument", "doc"),
)
_BY_ENDING = {
    "png": "image",
    "jpg": "image",
    "jpeg": "image",
    "gif": "image",
    "webp": "image",
    "heic": "image",
    "pdf": "pdf",
    "xlsx": "sheet",
    "xls": "sheet",
    "csv": "sheet",
    "zip": "zip",
    "gz": "zip",
    "mp3": "audio",
    "wav": "audio",
    "m4a": "audio",
    "mp4": "video",
    "mov": "video",
    "docx": "doc",
    "doc": "doc",
    "txt": "doc",
    "md": "doc",
    "pptx": "doc",
}


def icon_for(content_type: str, name: str) -> str:
    """The icon for a file, by its type, else by the ending of its name."""
    for beginning, icon in _BY_TYPE:
        if content_type.startswith(beginning):
            return icon
    return _BY_ENDING.get(name.rpartition(".")[2].lower(), "file")
