"""Keyboard and mouse of the window as hands: an event filter over the window, and a timer that tells the pilot.

For trying and for simulation, and said so. Whatever is held down comes up as soon as the window loses the keyboard.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from master.console.key_hands import HandKey, KeyHands
from master.console_messages import WindowHand
from master.devices.settings import DeviceSettings

TELL_EVERY_MS = 16
METRES_PER_MM = 0.4e-3
"""Of the mouse's way on the glass: a hand's fine motion, made of an arm's coarse one."""
WHEEL_M = 1e-3
KEYS = {
    Qt.Key.Key_A: HandKey.TO_LEFT,
    Qt.Key.Key_D: HandKey.TO_RIGHT,
    Qt.Key.Key_W: HandKey.AWAY,
    Qt.Key.Key_S: HandKey.NEAR,
    Qt.Key.Key_R: HandKey.UP,
    Qt.Key.Key_F: HandKey.DOWN,
    Qt.Key.Key_Q: HandKey.TURN_LEFT,
    Qt.Key.Key_E: HandKey.TURN_RIGHT,
    Qt.Key.Key_J: HandKey.CLOSE,
    Qt.Key.Key_Space: HandKey.PEDAL,
}

Tell = Callable[[tuple[WindowHand, WindowHand], int], None]


class HandInput(QObject):
    """`active` while the surgeon's device is this window. Mouse events are those over `view`."""

    def __init__(self, window: QWidget, view: QWidget, px_per_mm: float, tell: Tell) -> None:
        super().__init__(window)
        self.hands = KeyHands(DeviceSettings())
        self._window = window
        self._view = view
        self._m_per_px = METRES_PER_MM / px_per_mm
        self._tell = tell
        self._active = False
        self._dragged: QPointF | None = None
        self._timer = QTimer(self, interval=TELL_EVERY_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._step)
        view.installEventFilter(self)
        window.installEventFilter(self)

    def watch(self, view: QWidget) -> None:
        """The mouse is over another view from now on."""
        self._view = view
        view.installEventFilter(self)

    @property
    def active(self) -> bool:
        """Whether keys and mouse move hands."""
        return self._active

    def set_active(self, *, active: bool) -> None:
        """Begin, or let go of all and be silent: the pilot then knows that there is no hand."""
        if active == self._active:
            return
        self._active = active
        self.release()
        if active:
            self._timer.start()
        else:
            self._timer.stop()

    def release(self) -> None:
        """All keys and buttons come up."""
        self.hands.release()
        self._dragged = None

    def hold(self, key: HandKey, *, down: bool) -> None:
        """A button on the screen does what a key does."""
        if self._active:
            self.hands.hold(key, down=down)

    def take_key(self, event: QKeyEvent, *, down: bool) -> bool:
        """A key of the window; whether it was one of ours."""
        key = KEYS.get(Qt.Key(event.key())) if event.key() in _CODES else None
        if key is None or not self._active:
            return False
        if not event.isAutoRepeat():
            self.hands.hold(key, down=down)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The mouse over the arms: left button the pedal, right button the jaw, the wheel up and down."""
        if watched is self._window and event.type() is QEvent.Type.WindowDeactivate:
            self.release()
        if not self._active or watched is not self._view:
            return False
        if isinstance(event, QMouseEvent):
            return self._take_mouse(event)
        if isinstance(event, QWheelEvent):
            self.hands.drag((0.0, 0.0, WHEEL_M * event.angleDelta().y() / 120.0))
            return True
        return False

    def _take_mouse(self, event: QMouseEvent) -> bool:
        kind, button = event.type(), event.button()
        key = {Qt.MouseButton.LeftButton: HandKey.PEDAL, Qt.MouseButton.RightButton: HandKey.CLOSE}.get(button)
        if kind is QEvent.Type.MouseButtonPress and key is not None:
            self.hands.hold(key, down=True)
            self._dragged = event.position()
            self._window.setFocus(Qt.FocusReason.MouseFocusReason)
        elif kind is QEvent.Type.MouseButtonRelease and key is not None:
            self.hands.hold(key, down=False)
        elif kind is QEvent.Type.MouseMove and event.buttons() & Qt.MouseButton.LeftButton:
            if self._dragged is not None:
                way = event.position() - self._dragged
                # Up on the screen leads away from the surgeon.
                self.hands.drag((way.x() * self._m_per_px, -way.y() * self._m_per_px, 0.0))
            self._dragged = event.position()
        return True

    def _step(self) -> None:
        now_ns = time.monotonic_ns()
        self._tell(self.hands.advance(now_ns), now_ns)


_CODES = frozenset(key.value for key in KEYS)
