"""What the window costs: a share of a core, no frame that blocks for long, and no memory that grows with the case.

Figures of this host, in seconds and bytes: `make bench` takes them, and no other work beside it.
"""

import gc
import time
import tracemalloc

import pytest

from bench.screenshots.panel import Still, open_panel
from bench.screenshots.scene import SCREENS
from protocol.clock import NS_PER_MS
from protocol.messages import FreezeClass, Mode
from tests.slave.panel.scene import replace, seen, standing
from tests.window_fixtures import dress

pytestmark = pytest.mark.bench

FRAME_MS = 33
SHARE_MAX = 0.3
BLOCKED_MAX_S = 0.05
GROWTH_MAX_BYTES = 300_000
CASE = (Mode.READY, Mode.FOLLOWING, Mode.PAUSED, Mode.FOLLOWING, Mode.FROZEN, Mode.LOCAL)


class Moving(Still):
    """A place where the arms move, ages change at every look, and modes now and then."""

    def __init__(self):
        super().__init__(seen(Mode.FOLLOWING))
        self.looks = 0

    def look(self):
        self.looks += 1
        now_ns = self.snapshot.now_ns + FRAME_MS * NS_PER_MS
        mode = CASE[self.looks // 100 % len(CASE)]
        whole = seen(mode, FreezeClass.LINK if mode is Mode.FROZEN else FreezeClass.NONE, now_ns=now_ns)
        stamp_ns, tick = now_ns - 5 * NS_PER_MS, self.looks
        way = 0.1 * (tick % 50)
        arm = replace(whole.drives.arms[0], position=tuple(q + 0.01 * way for q in whole.drives.arms[0].position))
        drives = replace(whole.drives, stamp_ns=stamp_ns, step=tick, tick=tick, arms=(arm, arm))
        command = replace(
            whole.accepted.command, shown_ns=stamp_ns - (60 + tick % 70) * NS_PER_MS, received_ns=stamp_ns
        )
        moved = whole._replace(
            authority=replace(
                whole.authority, stamp_ns=stamp_ns, tick=tick, entered_ns=stamp_ns - tick % 100 * FRAME_MS * NS_PER_MS
            ),
            drives=drives,
            measured=drives,
            report=replace(whole.report, stamp_ns=stamp_ns, tick=tick),
            intake=replace(whole.intake, stamp_ns=stamp_ns),
            accepted=replace(whole.accepted, accepted_ns=stamp_ns, command=command),
        )
        self.snapshot = standing(moved)
        return self.snapshot


def opened(qapp, qtbot):
    window = open_panel(Moving(), dress(qapp, SCREENS[0].dpi), SCREENS[0])
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.windowHandle() is not None and window.windowHandle().isExposed(), timeout=30_000)
    window._timer.stop()
    return window


def test_thirty_frames_a_second_take_less_than_a_third_of_a_core_and_none_takes_50_ms(qapp, qtbot):
    """By the processor's own account: how busy this host is with others does not count."""
    window = opened(qapp, qtbot)
    frames = 200
    for _ in range(30):
        window.look()
        qapp.processEvents()
    spent_s = []
    for _ in range(frames):
        begun_s = time.process_time()
        window.look()
        qapp.processEvents()
        spent_s.append(time.process_time() - begun_s)
    window.close()
    assert sum(spent_s) / (frames * FRAME_MS / 1000) < SHARE_MAX
    assert max(spent_s) < BLOCKED_MAX_S


def test_memory_does_not_grow_with_the_case(qapp, qtbot):
    """A minute and a half of looks, after more that fill what is bounded; docs say what an hour took."""
    window = opened(qapp, qtbot)

    def looks(count):
        for number in range(count):
            window.look()
            if number % 10 == 0:
                qapp.processEvents()
        gc.collect()

    looks(3000)
    tracemalloc.start()
    looks(1500)
    before, _ = tracemalloc.get_traced_memory()
    looks(3000)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    window.close()
    assert after - before < GROWTH_MAX_BYTES
