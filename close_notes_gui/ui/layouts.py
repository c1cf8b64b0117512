"""Taking widgets out of a layout, so that they are gone at once and cannot flash as windows.

Window thread.
"""

from PySide6.QtWidgets import QLayout


def empty(layout: QLayout) -> None:
    """Take out all widgets and give them up."""
    while (taken := layout.takeAt(0)) is not None:
        widget = taken.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
