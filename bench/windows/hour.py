"""A window's memory over hours of a case, run as fast as it paints. A process of its own: `python -m`, window, hours.

It writes a line of JSON for each simulated minute.
"""

import sys
from collections.abc import Callable

import msgspec
from PySide6.QtWidgets import QApplication, QWidget

from bench.screenshots.console import window_over
from bench.screenshots.panel import open_panel
from bench.screenshots.scene import SCREENS
from bench.windows.memory import Minute
from bench.windows.moving import FRAME_MS, MovingPilot, MovingPlace
from bench.windows.turn import CONSOLE
from protocol.clock import NS_PER_MS
from protocol.widgets.look import Look, apply
from protocol.widgets.screen import Scale
from protocol.widgets.steady import settle
from protocol.widgets.theme import DARK
from protocol.widgets.window_second import resident_bytes

FRAMES_A_MINUTE = 60_000 // FRAME_MS


def console(look: Look) -> tuple[QWidget, Callable[[], None]]:
    """The console and how a frame passes. Its clock is made up, too: all that fades by the clock does."""
    now_ns = [10**12]
    window = window_over(MovingPilot(), look, SCREENS[0], lambda: now_ns[0])

    def frame() -> None:
        now_ns[0] += FRAME_MS * NS_PER_MS
        window.frame()

    return window, frame


def panel(look: Look) -> tuple[QWidget, Callable[[], None]]:
    """The panel, likewise."""
    window = open_panel(MovingPlace(), look, SCREENS[0])
    window.stop()
    return window, window.look


def main() -> None:
    """Run it."""
    which, hours = sys.argv[1], float(sys.argv[2])
    app = QApplication(["farhand"])
    look = Look(DARK, Scale(SCREENS[0].dpi))
    apply(app, look)
    window, frame = (console if which == CONSOLE else panel)(look)
    window.show()
    settle()
    for number in range(1, round(hours * 60 * FRAMES_A_MINUTE) + 1):
        frame()
        app.processEvents()
        if number % FRAMES_A_MINUTE == 0:
            told = Minute(number // FRAMES_A_MINUTE, resident_bytes())
            sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
