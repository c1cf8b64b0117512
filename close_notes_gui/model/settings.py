"""What a rep can set. Any thread; kept by the store, changed by `ChangeSettings`."""

from close_notes_gui.model.values import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their defaults. `undo_send_s` is 0 to 30.

    Of more leads than `largest_index_leads`, those changed last are kept for search.
    """

    undo_send_s: int = 5
    upload_on_drop: bool = True
    markdown_as_you_type: bool = True
    link_as_you_type: bool = True
    keep_sending_in_background: bool = False
    index_leads: bool = True  # keep every lead on this computer, for search
    index_is_paused: bool = False
    largest_index_leads: int = 300_000
    tray_icon: bool = True  # where the system has a tray
    close_to_tray: bool = False
    appearance: str = "system"  # or "light", "dark"
    text_size_percent: int = 100
    shortcuts: tuple[str, ...] = ()  # keys that the rep changed, each `act=key`
    hidden_templates: tuple[str, ...] = ()  # ids of those that came along and were deleted
    largest_file_bytes: int = 2048 * MIB
    blocked_extensions: tuple[str, ...] = (
        ".bat",
        ".cmd",
        ".com",
        ".exe",
        ".msi",
        ".ps1",
        ".scr",
        ".vbs",
    )
