"""Instants in the rep's time zone and locale, in full and as people say them.

Window thread.
"""

from datetime import datetime

from PySide6.QtCore import QDateTime, QLocale

from close_notes_gui.present.when import relative


def to_qt(at: datetime) -> QDateTime:
    """The same instant in the rep's time zone."""
    return QDateTime.fromMSecsSinceEpoch(round(at.timestamp() * 1000))


def exact_date(at: datetime) -> str:
    """The instant in full."""
    return QLocale().toString(to_qt(at), QLocale.FormatType.LongFormat)


def short_date(at: datetime, now: datetime) -> str:
    """As people say it where it is near, else the date."""
    return relative(at, now) or QLocale().toString(to_qt(at), QLocale.FormatType.ShortFormat)
