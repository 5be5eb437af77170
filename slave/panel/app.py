"""The panel's process: a window where there is a display, and one clear line where there is none."""

import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QRect, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from protocol.half import Half
from protocol.terminal import notice
from protocol.widgets.language import Language, can_write, switch
from protocol.widgets.look import Look, apply
from protocol.widgets.screen import Scale, scale_of
from protocol.widgets.steady import settle
from protocol.widgets.theme import THEMES

COMPACT_MM = (286.0, 179.0)
"""The least glass that the panel needs: a tablet or panel PC of 13.3 inches, 1280 x 800."""
ROOMY_MM = (330.0, 206.0)
"""From here on all of its tiles have room at once."""
LISTEN_MS = 200
FAILED = 1
"""A window's exit code after a mistake of ours."""


def grown(scale: Scale, width_px: int, height_px: int) -> tuple[Scale, bool]:
    """The scale at which a window fills a screen, never smaller than life, and whether all has room there at once."""
    width_mm, height_mm = scale.mm(width_px), scale.mm(height_px)
    roomy = width_mm >= ROOMY_MM[0] and height_mm >= ROOMY_MM[1]
    least = ROOMY_MM if roomy else COMPACT_MM
    larger = min(width_mm / least[0], height_mm / least[1])
    return scale._replace(dpi=scale.dpi * max(1.0, larger)), roomy


def show(make: Callable[[Look, bool], QWidget], locale: str, theme: str, half: Half = Half.WHOLE) -> int:
    """Open the window that `make` makes of a look, and of whether there is much room; run until it is closed.

    Ctrl-C and SIGTERM close it, and so does a mistake of ours: FAILED then. Raises what `make` raises.
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise TypeError("another kind of application runs in this process already")
    app.setApplicationName("farhand")
    screen = QGuiApplication.primaryScreen()
    room = screen.availableGeometry()
    left_px, width_px = half.of(room.x(), room.width())
    room = QRect(left_px, room.y(), width_px, room.height())
    scale, roomy = grown(scale_of(screen), room.width(), room.height())
    if scale.note:
        notice(scale.note)
    look = Look(THEMES[theme], scale)
    apply(app, look)
    language = Language(locale)
    if not can_write(language):
        notice(f"no font here has the characters of {language.value}: install fonts-noto-cjk")
    switch(app, language)
    window = make(look, roomy)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: QTimer.singleShot(0, window.close))
    # Python hears signals between its own steps only; Qt sleeps in C until something happens.
    wake = QTimer(app, interval=LISTEN_MS)
    wake.timeout.connect(lambda: None)
    wake.start()
    window.setGeometry(room)
    window.showFullScreen() if os.environ.get("FARHAND_FULLSCREEN") else window.show()
    settle()
    failing = Failing(app, window)
    sys.excepthook, before = failing, sys.excepthook
    try:
        code = app.exec()
    finally:
        sys.excepthook = before
    return FAILED if failing.failed else code


class Failing:
    """Called with what nobody caught. What a window shows after that may be old: it ends what it holds, and closes."""

    def __init__(self, app: QApplication, window: QWidget) -> None:
        self._app = app
        self._window = window
        self.failed = False

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Close once; what fails in closing is told too, and the process ends all the same."""
        traceback.print_exception(kind, error, trace)
        if self.failed:
            return
        self.failed = True
        notice("this window failed and is closed, for what it showed might be old; open it again")
        try:
            self._window.close()
        finally:
            self._app.exit(FAILED)


def state_folder() -> Path:
    """Where alarms are kept (XDG base directory specification)."""
    return (Path(os.environ.get("XDG_STATE_HOME") or "~/.local/state") / "farhand").expanduser()
