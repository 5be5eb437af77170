"""What was really painted.

A console that says what it has shown must not say so before it is on the screen: the arm goes on by that word. A paint
event alone is too early, for what it drew is handed to the screen when all widgets of the window have painted. Only at
the event loop's next turn, which is after that, does this clock speak. A window that is hidden or hangs paints nothing,
and nothing is said. One that is minimised may still be told to paint: that counts for nothing. What no window is told
of is a screen without power, and another program's window before it: safety/HAZARDS.md has them.
"""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, QRect, QTimer
from PySide6.QtWidgets import QWidget

Content = TypeVar("Content")

CORNER = QRect(0, 0, 1, 1)
"""Of every part it is painted anew for every frame. What else has changed, a part itself asks for: to paint all of
a large screen thirty times a second took a tenth of a core."""


def stands_on_screen(widget: QWidget) -> bool:
    """Whether the window that `widget` belongs to is on the screen, as far as the display tells."""
    window = widget.window()
    handle = window.windowHandle()
    return window.isVisible() and handle is not None and handle.isExposed() and not window.isMinimized()


class FrameClock(QObject, Generic[Content]):
    """Calls `shown` with what was offered, once all `parts` have painted it and the window has gone to the screen."""

    def __init__(
        self,
        window: QWidget,
        parts: Sequence[QWidget],
        shown: Callable[[Content], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._parts = tuple(parts)
        self._shown = shown
        self._offered: list[Content] = []
        self._painted: list[Content] = []
        self._unpainted: set[QWidget] = set()
        for part in self._parts:
            part.installEventFilter(self)
        self._after = QTimer(self, interval=0, singleShot=True)
        self._after.timeout.connect(self._on_screen)

    def offer(self, content: Content) -> None:
        """The parts now hold `content`, and have asked to paint what changed. What was offered before and not painted
        is never told."""
        self._offered = [content]
        self._unpainted = set(self._parts)
        for part in self._parts:
            part.update(CORNER)

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
        self._shown(content)
