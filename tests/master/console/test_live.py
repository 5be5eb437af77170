"""A whole console beside a real patient's side, on a display in memory: engage, cut, kill, come back."""

import os
import signal
import time
from contextlib import ExitStack

import pytest

from bench.harm import Proxy
from bench.virtual_display import environment_on, virtual_display
from master.console.console import ConsoleProcesses
from master.console.options import ConsoleOptions
from master.pilot_records import PilotLink
from protocol import desktop
from protocol.children import ChildError
from protocol.messages import FreezeClass, Mode
from protocol.ports import free_ports
from protocol.records import Authority, PilotCounts
from safety.limits import load_limits
from slave.config import SlaveConfig
from slave.launch import SlaveProcesses, development_lease_ns

pytestmark = [pytest.mark.live, pytest.mark.windows]

PROCEDURE = "laparoscopic"
FLAT = "FARHAND_FLAT"
"""Set: the same processor draws here and moves the arms, and has no time to draw them in 3-D."""
PATIENCE_S = 60.0


class Case:
    """The patient's side with stand-ins for the staff, a link that can be cut, and a console with invented hands."""

    def __init__(self, seed=1):
        port = free_ports()
        self.proxy = Proxy(port)
        lease_ns = development_lease_ns(load_limits(PROCEDURE))
        self.slave = SlaveProcesses(SlaveConfig("127.0.0.1", port, PROCEDURE, lease_ns, "psm", stand_ins=True))
        run = str(self.slave.board.directory)
        side = f"127.0.0.1:{self.proxy.port}"
        self.console = ConsoleProcesses(
            ConsoleOptions("test", "/nonexistent/keys", "synthetic", side, seed=seed, run=run, request=True)
        )
        self._authority = self.slave.board.view("authority", Authority)
        self.pilot = self.console.board.view("pilot", PilotCounts)
        self.link = self.console.board.view("pilot.link", PilotLink)
        self.stops = []

    @property
    def authority(self):
        found = self._authority.latest()
        if found is not None and found.culprit and found.culprit not in self.stops:
            self.stops.append(found.culprit)
        return found

    def start(self):
        self.slave.start()
        self.console.start()

    def until(self, condition, seconds=PATIENCE_S):
        deadline_s = time.monotonic() + seconds
        while not condition():
            self.console.look()
            assert self.console.over is None, self.console.over
            if time.monotonic() > deadline_s:
                return False
            time.sleep(0.01)
        return True

    def mode(self):
        return None if self.authority is None else self.authority.mode

    def follows(self, seconds=PATIENCE_S):
        return self.until(lambda: self.mode() is Mode.FOLLOWING, seconds)

    def window(self):
        return self.console.children.pid("window")

    def stop(self):
        self.console.stop()
        self.slave.stop()
        self.proxy.stop()


@pytest.fixture(scope="module")
def small_display():
    """Of the smallest size that is promised: its pictures are drawn by this host's processor."""
    missing = desktop.missing_libraries()
    if missing:
        pytest.skip(f"no windows here: this system lacks {', '.join(missing)}")
    with ExitStack() as stack:
        try:
            name = stack.enter_context(virtual_display(1280, 800))
        except ChildError as error:
            pytest.skip(f"no windows here: {error}")
        yield environment_on(name)


@pytest.fixture
def case(small_display, tmp_path, monkeypatch):
    for name, value in {**small_display, "XDG_STATE_HOME": str(tmp_path), "FARHAND_DPI": "113.5", FLAT: "1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    case = Case()
    try:
        case.start()
        yield case
    finally:
        case.stop()


def test_it_engages_by_what_its_window_has_painted_and_a_cut_freezes_with_its_reason(case):
    assert case.follows(), f"{case.pilot.latest()}, {case.stops}"
    pilot = case.pilot.latest()
    assert pilot is not None
    assert not pilot.console_stand_in
    os.kill(case.proxy.pid, signal.SIGSTOP)
    try:
        assert case.until(lambda: case.mode() is Mode.FROZEN, 5.0)
        assert case.authority.freeze_class in (FreezeClass.LINK, FreezeClass.MASTER)
        assert case.authority.culprit
        assert case.until(lambda: "no state from" in case.link.latest().trouble, 5.0)
    finally:
        os.kill(case.proxy.pid, signal.SIGCONT)
    assert case.until(lambda: case.link.latest().trouble == "", 30.0)


def test_a_killed_window_freezes_the_arm_as_master_and_comes_again(case):
    assert case.follows(), f"{case.pilot.latest()}, {case.stops}"
    first = case.window()
    os.kill(first, signal.SIGKILL)
    assert case.until(lambda: case.mode() is Mode.FROZEN, 5.0)
    assert case.authority.freeze_class is FreezeClass.MASTER
    assert "console paints nothing" in case.authority.culprit
    assert case.until(lambda: case.window() != first, 5.0)
    assert case.follows(), f"{case.pilot.latest()}, {case.stops}"
    assert case.link.latest().asked


def test_a_window_that_hangs_freezes_the_arm_as_master_and_another_comes(case):
    assert case.follows(), f"{case.pilot.latest()}, {case.stops}"
    first = case.window()
    os.kill(first, signal.SIGSTOP)
    assert case.until(lambda: case.mode() is Mode.FROZEN, 5.0)
    assert case.authority.freeze_class is FreezeClass.MASTER
    assert case.until(lambda: case.window() != first, 15.0)
    assert case.follows(), f"{case.pilot.latest()}, {case.stops}"


def test_a_killed_pilot_is_said_and_the_arm_stops(case):
    assert case.follows(), f"{case.pilot.latest()}, {case.stops}"
    os.kill(case.console.children.pid("pilot"), signal.SIGKILL)
    assert case.until(lambda: case.mode() is Mode.FROZEN, 5.0)
    assert case.console.over is None
