"""What a widget looks like, kept: for those that lie over the arms, and must be laid over them at every frame."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget


class Picture:
    """Painted when it is asked for first, and again when the widget's size has changed, or it was told to forget."""

    def __init__(self) -> None:
        self._pixmap: QPixmap | None = None
        self._size = QSize()

    def of(self, widget: QWidget, paint: Callable[[QPainter], None]) -> QPixmap:
        """The widget as `paint` draws it, in its own coordinates."""
        if self._pixmap is None or self._size != widget.size():
            ratio = widget.devicePixelRatioF()
            self._size = widget.size()
            pixmap = QPixmap(self._size * ratio)
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            with QPainter(pixmap) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                paint(painter)
            self._pixmap = pixmap
        return self._pixmap

    def forget(self) -> None:
        """Paint anew at the next time."""
        self._pixmap = None
