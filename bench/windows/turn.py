"""One turn of a demo, with both windows or without: what the controller noted, what the windows told of themselves."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench import demo
from bench.link.ages import Span
from bench.link.host import HostWatch
from bench.link.seconds import HostSecond
from bench.screenshots.scene import Screen
from bench.summary import FOLLOWING, TickLog
from bench.virtual_display import environment_on, virtual_display
from master.console.options import FLAT
from protocol.children import ChildError
from protocol.clock import NS_PER_S
from protocol.widgets.screen import VARIABLE
from protocol.widgets.window_second import FOLDER, WindowSecond, read

CONSOLE, PANEL = "console", "panel"
SETTLE_NS = NS_PER_S
"""After the arms begin to follow: pages change then, and pictures are drawn for the first time."""
TOLD_AFTER_S = 1.5
"""A window tells of a second at its end, and a bare loop a little later."""


class Turn(NamedTuple):
    """`log`: the controller's ticks while arms followed; `span`: from when all had settled, to the end; `host`: how
    late bare loops were in each second; `told`: what each window said of itself, nothing where there was none;
    `freezes`: their culprits."""

    log: TickLog
    span: Span
    host: list[HostSecond]
    told: dict[str, list[WindowSecond]]
    freezes: tuple[str, ...]


def headless(seconds: float, seed: int) -> Turn:
    """Without any window: stand-ins press and look. Raises ChildError."""
    return _turn(_options(seconds, seed), None)


def windowed(seconds: float, seed: int, folder: Path, screen: Screen, *, flat: bool) -> Turn:
    """With both windows, each on a half of a display in memory, as large as `screen`. Raises ChildError, also where one
    of them did not last.

    `flat`: the arms are drawn without OpenGL. `folder`, which must be empty, is for what the windows write.
    """
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
            return _turn(_options(seconds, seed)._replace(windows=True), folder)


def _options(seconds: float, seed: int) -> demo.DemoOptions:
    return demo.DemoOptions("synthetic", "psm", "laparoscopic", seconds, seed, 1.0, tremor_filter=True)


def _turn(options: demo.DemoOptions, folder: Path | None) -> Turn:
    running, host = demo.Demo(options._replace(seconds=options.seconds + TOLD_AFTER_S)), HostWatch()
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
        trouble = running.windows_trouble()
        told = {name: [] if folder is None else read(folder, name) for name in (CONSOLE, PANEL)}
        summary, log = running.finish(over)
    finally:
        running.stop()
        host.stop()
    if trouble or not summary.complete:
        raise ChildError(trouble or f"a turn ended before its time: {over}")
    followed = TickLog(log.rows[log["mode"] == FOLLOWING], log.arms, log.tick_hz)
    if not len(followed.rows):
        raise ChildError(f"no arm followed in a turn; freezes: {', '.join(summary.freezes) or 'none'}")
    begin_ns, end_ns = int(followed["now_ns"][0]), int(followed["now_ns"][-1])
    span = Span(begin_ns + SETTLE_NS, end_ns - round(TOLD_AFTER_S * NS_PER_S))
    return Turn(followed, span, host.seconds, told, tuple(summary.freezes))


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
