"""Both sides as real processes with stand-ins for the people, and the tips under watch by the drives' own encoders."""

import time
from collections.abc import Callable
from typing import NamedTuple

from bench.harm import Proxy, is_alive
from bench.yardstick import Yardstick
from kinematics.description import load_description
from kinematics.reference import Chain, Vector, norm, subtract
from master.config import MasterConfig
from master.launch import MasterProcesses
from protocol.clock import NS_PER_MS
from protocol.messages import Mode
from protocol.ports import free_ports
from protocol.records import Authority, Measured, PilotCounts
from safety.limits import load_limits
from slave.config import SlaveConfig
from slave.launch import SlaveProcesses, development_lease_ns
from slave.panel.parts import STALE_NS

ROBOT, PROCEDURE = "psm", "laparoscopic"
FAST_M_S = 0.05
"""A trial's harm is done when a tip is at least so fast."""
READY_S = 45.0
SAMPLE_S = 0.0005
SPEED_OVER = 8
SLAVE = ("gateway", "controller", "supervisor", "plant", "drives")
MASTER = ("pilot", "console")
STOPPED = (Mode.PAUSED, Mode.FROZEN, Mode.SAFE)


class Sample(NamedTuple):
    """Where the tips were at a time of the drives' clock."""

    stamp_ns: int
    tips: tuple[Vector, ...]


def speed_m_s(before: Sample, now: Sample) -> float:
    """Of the faster tip, between two samples."""
    passed_s = (now.stamp_ns - before.stamp_ns) * 1e-9
    return max(norm(subtract(a, b)) for a, b in zip(now.tips, before.tips, strict=True)) / passed_s


class Rig:
    """Runs until `stop`. All connections of the link go through a proxy, which can be cut.

    `samples`: where the tips were; `measured`: the newest of the accounts that they come from.
    """

    def __init__(self, seed: int) -> None:
        self.port = free_ports()
        self.proxy = Proxy(self.port)
        self.yardstick = Yardstick()
        limits = load_limits(PROCEDURE)
        robot = load_description(ROBOT)
        self._chain = Chain(robot)
        self._joints = len(robot.joints)
        lease_ns = development_lease_ns(limits)
        self.slave = SlaveProcesses(SlaveConfig("127.0.0.1", self.port, PROCEDURE, lease_ns, ROBOT, stand_ins=True))
        run = str(self.slave.board.directory)
        port = self.proxy.port
        master = MasterConfig("127.0.0.1", port, "synthetic", "faults", seed=seed, stand_ins=True, run=run)
        self.master = MasterProcesses(master)
        self._drives = self.slave.board.view("drives.measured", Measured)
        self._authority = self.slave.board.view("authority", Authority)
        self._pilot = self.master.board.view("pilot", PilotCounts)
        self.samples: list[Sample] = []
        self.measured: Measured | None = None
        self.pids: list[int] = []

    def start(self) -> None:
        """Start all. Raises ChildError."""
        self.master.start()
        self.slave.start()
        self.pids = [*self.slave.children.pids(), *self.master.children.pids()]

    def pid(self, process: str) -> int:
        """One process; "link" is what the link runs through."""
        if process == "link":
            return self.proxy.pid
        return (self.slave if process in SLAVE else self.master).children.pid(process)

    def look(self) -> Authority | None:
        """Take one sample of the tips, if there is a new one; the supervisor's newest word."""
        measured = self._drives.latest()
        if measured is not None and (not self.samples or measured.stamp_ns > self.samples[-1].stamp_ns):
            tips = tuple([self._chain.posture(arm.position[: self._joints]).p for arm in measured.arms])
            self.samples.append(Sample(measured.stamp_ns, tips))
            self.measured = measured
        return self._authority.latest()

    def await_speed(self) -> bool:
        """Wait until an arm follows fast; False when it never does."""
        deadline_s = time.monotonic() + READY_S
        while time.monotonic() < deadline_s:
            time.sleep(SAMPLE_S)
            authority = self.look()
            del self.samples[: -2 * SPEED_OVER]
            follows = authority is not None and authority.mode is Mode.FOLLOWING
            if follows and len(self.samples) > SPEED_OVER and self.speed_m_s() >= FAST_M_S:
                return True
        return False

    def speed_m_s(self) -> float:
        """Of the faster tip, over the last few samples."""
        return speed_m_s(self.samples[-1 - SPEED_OVER], self.samples[-1])

    def watch(self, seconds: float, undo: Callable[[], None], undo_at_s: float) -> Authority | None:
        """Sample for so long, and undo the harm meanwhile. Returns the supervisor's first word of a stop."""
        begun_s, undone, told = time.monotonic(), False, None
        authority = None
        while (passed_s := time.monotonic() - begun_s) < seconds:
            time.sleep(SAMPLE_S)
            authority = self.look()
            if authority is not None and (told is None or told.mode is Mode.PAUSED) and authority.mode in STOPPED:
                told = authority
            if not undone and passed_s >= undo_at_s:
                undo()
                undone = True
        if not undone:
            undo()
        return told or authority

    def told_staff(self) -> str:
        """What the panel shows now: the mode, or that the supervisor is silent."""
        authority = self._authority.latest()
        if authority is None or time.monotonic_ns() - authority.stamp_ns > STALE_NS:
            return "SUPERVISOR SILENT"
        return authority.mode.value

    def told_surgeon(self) -> str:
        """What the pilot tells the surgeon now."""
        pilot = self._pilot.latest()
        if pilot is None or time.monotonic_ns() - pilot.stamp_ns > 500 * NS_PER_MS:
            return "PILOT LOST"
        return pilot.mode.partition(":")[0]

    def stop(self) -> int:
        """End everything. Returns how many of our processes outlived it."""
        self.master.stop()
        self.slave.stop()
        self.proxy.stop()
        self.yardstick.stop()
        return sum(is_alive(pid) for pid in self.pids)
