"""The mouse as the window system tells of it: pressed, moved while held, let go."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def send(widget: QWidget, kind: QEvent.Type, at: QPoint, buttons: Qt.MouseButton) -> None:
    """The event as the window system would give it to the widget that was pressed."""
    spot = QPointF(widget.mapFromGlobal(at))
    button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else LEFT
    event = QMouseEvent(kind, spot, QPointF(at), button, buttons, NONE)
    QApplication.sendEvent(widget, event)


def pull(widget: QWidget, to: QPoint, *, start: QPoint | None = None) -> None:
    """Press the widget and move to a point of the screen."""
    begin = widget.mapToGlobal(start or QPoint(widget.width() // 2, 6))
    send(widget, QEvent.Type.MouseButtonPress, begin, LEFT)
    for part in (0.3, 0.7, 1.0):
        between = QPointF(begin) + (QPointF(to) - QPointF(begin)) * part
        send(widget, QEvent.Type.MouseMove, between.toPoint(), LEFT)


def let_go(widget: QWidget, at: QPoint) -> None:
    send(widget, QEvent.Type.MouseButtonRelease, at, Qt.MouseButton.NoButton)
