"""Times and sizes in words, pure. Exact dates are left to the widget's locale."""

from datetime import datetime

MINUTE_S = 60
HOUR_S = 60 * MINUTE_S
DAY_S = 24 * HOUR_S
WEEK_S = 7 * DAY_S
_UNITS = (
    (365 * DAY_S, "year", "years"),
    (DAY_S, "day", "days"),
    (HOUR_S, "h", "h"),
    (MINUTE_S, "min", "min"),
)


def relative(at: datetime | None, now: datetime) -> str:
    """As people say it: just now, 5 min ago, 3 h ago, yesterday, 4 days ago. Empty where it is
    longer ago than a week, or ahead, so that the widget shows the date. Both aware.
    """
    if at is None:
        return ""
    seconds = (now - at).total_seconds()
    if not -MINUTE_S <= seconds < WEEK_S:
        return ""
    if seconds < MINUTE_S:
        return "just now"
    if seconds < HOUR_S:
        return f"{int(seconds // MINUTE_S)} min ago"
    days = (now.astimezone().date() - at.astimezone().date()).days
    if days == 0 or seconds < 6 * HOUR_S:
        return f"{int(seconds // HOUR_S)} h ago"
    return "yesterday" if days == 1 else f"{days} days ago"


def distance(at: datetime, now: datetime) -> str:
    """How far from now, roughly: just now, 20 min ago, in 3 h, 11 days ago, 2 years ago."""
    seconds = (now - at).total_seconds()
    for unit_s, one, many in _UNITS:
        number = int(abs(seconds) // unit_s)
        if number:
            words = plural(number, one, many)
            return f"{words} ago" if seconds > 0 else f"in {words}"
    return "just now"


def size_text(size_bytes: int) -> str:
    """A size as people read it, in steps of 1000 as file programs show it: "1.4 MB"."""
    if size_bytes < 1000:
        return f"{size_bytes} bytes" if size_bytes != 1 else "1 byte"
    size = float(size_bytes)
    for unit in ("kB", "MB", "GB"):
        size /= 1000
        if size < 999.5:
            return f"{size:.1f} {unit}" if size < 10 else f"{size:.0f} {unit}"
    return f"{size / 1000:.1f} TB"


def plural(number: int, one: str, many: str) -> str:
    """A number with its word: 1 note, 2 notes."""
    return f"{number} {one if number == 1 else many}"
