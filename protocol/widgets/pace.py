"""Repaints a widget of figures no more often than eyes can follow: what changes faster is only a flicker, and costs."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget


class Pace(QObject):
    """The first wish is granted at once, those after it once the interval has passed, all as one."""

    def __init__(self, widget: QWidget, every_ms: int) -> None:
        super().__init__(widget)
        self._widget = widget
        self._wanted = False
        self._timer = QTimer(self, interval=every_ms, singleShot=True)
        self._timer.timeout.connect(self._passed)

    def ask(self) -> None:
        """Something has changed."""
        if self._timer.isActive():
            self._wanted = True
        else:
            self.now()

    def now(self) -> None:
        """Something has changed that must be seen at once."""
        self._wanted = False
        self._widget.update()
        self._timer.start()

    def _passed(self) -> None:
        if self._wanted:
            self.now()
