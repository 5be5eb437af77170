"""What was really painted, and how long a window's own thread was held up.

A console that says what it has shown must not say so before it is on the screen: the arm goes on by that word. A paint
event alone is too early, for what it drew is handed to the screen when all widgets of the window have painted. Only at
the event loop's next turn, which is after that, does this clock speak. A window that is hidden or hangs paints nothing,
and nothing is said. One that is minimised may still be told to paint: that counts for nothing. What no window is told
of is a screen without power, and another program's window before it: safety/HAZARDS.md has them.
"""

import time
from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from protocol.clock import NS_PER_MS

LOOK_EVERY_MS = 10
"""How often the event loop is felt: what holds it up for longer shows as a late look."""

Content = TypeVar("Content")
Clock = Callable[[], int]


def stands_on_screen(widget: QWidget) -> bool:
    """Whether the window that `widget` belongs to is on the screen, as far as the display tells."""
    window = widget.window()
    handle = window.windowHandle()
    return window.isVisible() and handle is not None and handle.isExposed() and not window.isMinimized()


class FrameCounts(NamedTuple):
    """Since the clock began: frames shown, and the longest time in which the window could do nothing."""

    frames: int
    longest_blocked_ns: int


class Pulse:
    """The longest time between two looks beyond what lies between them anyway. Pure: handed the time."""

    def __init__(self, every_ns: int) -> None:
        self._every_ns = every_ns
        self._last_ns: int | None = None
        self.longest_blocked_ns = 0

    def step(self, now_ns: int) -> None:
        """One look."""
        if self._last_ns is not None:
            self.longest_blocked_ns = max(self.longest_blocked_ns, now_ns - self._last_ns - self._every_ns)
        self._last_ns = now_ns


class FrameClock(QObject, Generic[Content]):
    """Calls `shown` with what was offered, once all `parts` have painted it and the window has gone to the screen."""

    def __init__(
        self,
        window: QWidget,
        parts: Sequence[QWidget],
        shown: Callable[[Content], None],
        clock: Clock = time.monotonic_ns,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._parts = tuple(parts)
        self._shown = shown
        self._clock = clock
        self._offered: list[Content] = []
        self._painted: list[Content] = []
        self._unpainted: set[QWidget] = set()
        self._frames = 0
        self._pulse = Pulse(LOOK_EVERY_MS * NS_PER_MS)
        for part in self._parts:
            part.installEventFilter(self)
        self._after = QTimer(self, interval=0, singleShot=True)
        self._after.timeout.connect(self._on_screen)
        self._looks = QTimer(self, interval=LOOK_EVERY_MS, timerType=Qt.TimerType.PreciseTimer)
        self._looks.timeout.connect(lambda: self._pulse.step(self._clock()))
        self._looks.start()

    def offer(self, content: Content) -> None:
        """The parts now hold `content`: paint them. What was offered before and not painted is never told."""
        self._offered = [content]
        self._unpainted = set(self._parts)
        for part in self._parts:
            part.update()

    @property
    def counts(self) -> FrameCounts:
        """Up to now."""
        return FrameCounts(self._frames, max(0, self._pulse.longest_blocked_ns))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A part paints."""
        if event.type() is QEvent.Type.Paint and self._offered and watched in self._unpainted:
            self._unpainted = {part for part in self._unpainted if part is not watched}
            if not self._unpainted:
                self._painted, self._offered = self._offered, []
                self._after.start()
        return False

    def _on_screen(self) -> None:
        content = self._painted.pop()
        if not stands_on_screen(self._window):
            return
        self._frames += 1
        self._shown(content)
