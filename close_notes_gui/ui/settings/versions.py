"""What this program runs on, as words. Window thread."""

import platform

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QLocale, QSysInfo, qVersion
from PySide6.QtGui import QGuiApplication

from close_notes_gui import __version__


def versions() -> tuple[tuple[str, str], ...]:
    """Names and what they are, nothing of the rep in them."""
    screens = ", ".join(
        f"{screen.size().width()} × {screen.size().height()} at {screen.devicePixelRatio():g}"
        for screen in QGuiApplication.screens()
    )
    return (
        ("Close Notes", __version__),
        ("System", f"{QSysInfo.prettyProductName()}, {QSysInfo.currentCpuArchitecture()}"),
        ("Kernel", f"{QSysInfo.kernelType()} {QSysInfo.kernelVersion()}"),
        ("Python", platform.python_version()),
        ("Qt", f"{qVersion()} (PySide6 {pyside_version}), {QGuiApplication.platformName()}"),
        ("Screens", screens),
        ("Language", QLocale().name()),
    )
