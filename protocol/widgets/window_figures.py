"""What a window costs, told by itself every second to whoever measures it (`farhand bench windows`).

Nothing is measured unless the environment names a folder for it. A window alone knows how long its own thread could do
nothing, and which of its processor time is that thread's and which is a software OpenGL's, that draws in threads of its
own.
"""

import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from protocol.clock import NS_PER_MS
from protocol.terminal import notice
from protocol.widgets.window_second import FOLDER, WindowSecond, file_of, resident_bytes

Window = TypeVar("Window", bound=QWidget)

LOOK_EVERY_MS = 10
"""How often the event loop is felt: what holds it up for longer shows as a late look."""
SECOND_MS = 1000


class Pulse:
    """The longest time between two looks beyond what lies between them anyway. Pure: handed the time."""

    def __init__(self, every_ns: int) -> None:
        self._every_ns = every_ns
        self._last_ns: int | None = None
        self._longest_ns = 0

    def step(self, now_ns: int) -> None:
        """One look."""
        if self._last_ns is not None:
            self._longest_ns = max(self._longest_ns, now_ns - self._last_ns - self._every_ns)
        self._last_ns = now_ns

    def take(self) -> int:
        """The longest since the last time that this was asked."""
        longest_ns, self._longest_ns = self._longest_ns, 0
        return longest_ns


class Shown(NamedTuple):
    """What a window has shown since it began: frames; and how it draws its arms, "" where it draws none."""

    frames: int
    drawn: str = ""


class Updates(QObject):
    """Counts how often a window was asked to paint what has changed in it: its frames, where nothing counts better."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._count = 0
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """All that is to be painted of a window is painted together."""
        self._count += event.type() is QEvent.Type.UpdateRequest
        return False

    def __call__(self) -> Shown:
        """Since it was made."""
        return Shown(self._count)


class WindowFigures(QObject):
    """Watches `window` from now until it is gone, and gives a `WindowSecond` to `tell` again and again."""

    def __init__(
        self,
        window: QWidget,
        shown: Callable[[], Shown],
        tell: Callable[[WindowSecond], None],
        every_ms: int = SECOND_MS,
    ) -> None:
        super().__init__(window)
        self._shown = shown
        self._tell = tell
        self._begin_ns = time.monotonic_ns()
        self._frames = shown().frames
        self._pulse = Pulse(LOOK_EVERY_MS * NS_PER_MS)
        for interval, what in ((LOOK_EVERY_MS, self._look), (every_ms, self._sum_up)):
            timer = QTimer(self, interval=interval, timerType=Qt.TimerType.PreciseTimer)
            timer.timeout.connect(what)
            timer.start()

    def _look(self) -> None:
        self._pulse.step(time.monotonic_ns())

    def _sum_up(self) -> None:
        # What has just held up the window held up the looks, too.
        self._look()
        begin_ns, self._begin_ns = self._begin_ns, time.monotonic_ns()
        shown = self._shown()
        frames, self._frames = shown.frames - self._frames, shown.frames
        self._tell(
            WindowSecond(
                begin_ns,
                self._begin_ns,
                frames,
                self._pulse.take(),
                time.process_time_ns(),
                time.thread_time_ns(),
                resident_bytes(),
                shown.drawn,
            )
        )


def tell_if_asked(
    window: Window,
    name: str,
    shown: Callable[[], Shown] | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Window:
    """The same window; it writes its figures where the environment names a folder. `shown`: how it counts frames."""
    folder = environment.get(FOLDER)
    if folder:
        file = file_of(Path(folder), name)
        try:
            file.touch()
        except OSError as error:
            notice(f"{FOLDER}={folder}: {error}: this window's figures are not kept; name a folder that is there")
        else:
            WindowFigures(window, shown or Updates(window), lambda second: _write(file, second))
    return window


def _write(file: Path, second: WindowSecond) -> None:
    # A full disk ends no window.
    with suppress(OSError), file.open("ab") as out:
        out.write(msgspec.json.encode(second) + b"\n")
