"""One turn of a demo, with both windows or without: what the controller noted, what the windows told of themselves."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench import demo
from bench.link.host import HostWatch
from bench.link.seconds import HostSecond
from bench.screenshots.scene import Screen
from bench.summary import FOLLOWING, TickLog
from bench.virtual_display import environment_on, virtual_display
from master.console.options import FLAT
from protocol.widgets.screen import VARIABLE
from protocol.widgets.window_second import FOLDER, WindowSecond, read

CONSOLE, PANEL = "console", "panel"
SETTLE_NS = 1_000_000_000
"""After the arms begin to follow: pages change then, and pictures are drawn for the first time."""


class Turn(NamedTuple):
    """`log`: the controller's ticks while arms followed; `host`: how late bare loops were in each second; `told`: what
    each window said of itself, nothing where there was none."""

    log: TickLog
    host: list[HostSecond]
    told: dict[str, list[WindowSecond]]

    @property
    def follows_from_ns(self) -> int:
        """When all has settled; the end of time where arms never followed."""
        return int(self.log["now_ns"][0]) + SETTLE_NS if len(self.log.rows) else 2**62

    @property
    def follows_until_ns(self) -> int:
        """The last tick."""
        return int(self.log["now_ns"][-1]) if len(self.log.rows) else 0


def headless(seconds: float, seed: int) -> Turn:
    """Without any window: stand-ins press and look. Raises ChildError."""
    return _turn(demo.DemoOptions("synthetic", "psm", "laparoscopic", seconds, seed, 1.0, tremor_filter=True), None)


def windowed(seconds: float, seed: int, folder: Path, screen: Screen, *, flat: bool) -> Turn:
    """With both windows, each on a half of a display in memory, as large as `screen`. Raises ChildError.

    `flat`: the arms are drawn without OpenGL. `folder`, which must be empty, is for what the windows write.
    """
    options = demo.DemoOptions("synthetic", "psm", "laparoscopic", seconds, seed, 1.0, tremor_filter=True, windows=True)
    with virtual_display(2 * screen.width, screen.height) as display:
        wanted = {
            **environment_on(display),
            VARIABLE: str(screen.dpi),
            FOLDER: str(folder),
            # What windows keep of their alarms is none of this user's.
            "XDG_STATE_HOME": str(folder),
            **({FLAT: "1"} if flat else {}),
        }
        with _environment(wanted):
            return _turn(options, folder)


def _turn(options: demo.DemoOptions, folder: Path | None) -> Turn:
    running, host = demo.Demo(options), HostWatch()
    try:
        running.start()
        over = ""
        begun = False
        while not over:
            status, over = running.look()
            now_ns = time.monotonic_ns()
            if status.elapsed_s and not begun:
                begun = True
                host.begin(now_ns)
            host.look(now_ns)
        told = {name: [] if folder is None else read(folder, name) for name in (CONSOLE, PANEL)}
        _, log = running.finish(over)
    finally:
        running.stop()
        host.stop()
    return Turn(TickLog(log.rows[log["mode"] == FOLLOWING], log.arms, log.tick_hz), host.seconds, told)


@contextmanager
def _environment(wanted: dict[str, str]) -> Iterator[None]:
    """That of all processes started within the block."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(wanted)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
