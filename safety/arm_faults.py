"""What is wrong at the patient's side: drives, plant, controller, and the supervisor's own punctuality. Pure.

Worst first. A fault *stands* while its cause is there; a *trip* (the drives' watchdog, a lapsed permit) is latched
where it happened and ends by an acknowledgement.
"""

from typing import NamedTuple

import msgspec

from kinematics.description import RobotDescription
from protocol.clock import NS_PER_MS
from protocol.messages import FreezeClass, Mode
from protocol.records import Measured, Report, Setpoint
from safety.arms import ArmWatch
from safety.limits import Limits
from safety.modes import Event, Machine
from safety.progress import Progress

BY_LAG = (Mode.FOLLOWING, Mode.FROZEN)
HOLDING = (Mode.LOCAL, Mode.READY, Mode.PAUSED, Mode.FROZEN)


class ArmVerdict(NamedTuple):
    """Events with their culprits; `healthy` when no fault stands, `arms_ready` when controller and power are there."""

    events: dict[Event, str]
    arms_ready: bool
    healthy: bool


class ArmFaults:
    """Judges the patient's side, tick by tick."""

    def __init__(self, robot: RobotDescription, limits: Limits, lease_ns: int, now_ns: int) -> None:
        self._limit_ns = limits.process.progress_ns
        self._limits_hash = limits.hash
        self._lease_ns = lease_ns
        self._watchdog = _ms(limits.process.watchdog_ns)
        self._arms = len(robot.mounts)
        self._watch = ArmWatch(robot, limits)
        self._progress = Progress(self._limit_ns)
        self._stepped_ns = now_ns
        self._resets = 0
        self._acknowledged_ns = now_ns
        self._holds = False
        self._plant_tick = -1
        self._plant_ns = now_ns

    def step(
        self,
        now_ns: int,
        machine: Machine,
        measured: Measured | None,
        setpoint: Setpoint | None,
        report: Report | None,
    ) -> ArmVerdict:
        """Judge one tick: the machine as it was until now, and the newest record of each cell."""
        if machine.resets != self._resets:
            self._resets, self._acknowledged_ns = machine.resets, now_ns
        events: dict[Event, str] = {}
        if report is not None and report.refusal_class is FreezeClass.MASTER:
            # The hand left the arm behind: no fault of the arm's, and a freeze that the surgeon may end.
            if machine.mode in BY_LAG:
                events[Event.LAG] = f"gate: {report.refusal}"
            report = msgspec.structs.replace(report, refusal="")
        standing = self._own(now_ns, machine) or self._processes(now_ns, measured, report)
        if measured is not None and len(measured.arms) == self._arms and self._is_fresh(now_ns, measured.stamp_ns):
            # Whatever process is at fault, an arm that holds under power is watched.
            planned = setpoint if setpoint is not None and len(setpoint.arms) == self._arms else None
            fault = self._arm(now_ns, machine, measured, planned, events)
            standing = standing or fault
        fault = standing or self._trip(now_ns, measured, machine)
        if fault:
            events[Event.ARM_TRIP] = fault
        if measured is not None:
            self._power(now_ns, measured, machine, events)
        self._stepped_ns = now_ns
        ready = measured is not None and measured.powered and report is not None and setpoint is not None
        return ArmVerdict(events, ready, healthy=not standing)

    def _own(self, now_ns: int, machine: Machine) -> str:
        """A supervisor that was held up let its own permit lapse, and knows nothing of the time in between."""
        held_up_ns = now_ns - self._stepped_ns
        if machine.granted and held_up_ns >= self._lease_ns:
            return f"supervisor: held up for {_ms(held_up_ns)} (limit {_ms(self._lease_ns)})"
        return ""

    def _processes(self, now_ns: int, measured: Measured | None, report: Report | None) -> str:
        counters = {}
        if report is not None and report.refusal:
            # First, for the plant's refusal of what stopped so suddenly is only its consequence.
            return f"gate: {report.refusal}"
        if measured is not None:
            if len(measured.arms) != self._arms:
                return f"drives: {len(measured.arms)} arms (limit {self._arms})"
            if measured.fault:
                return f"drives: {measured.fault}"
            if measured.tick != self._plant_tick:
                self._plant_tick, self._plant_ns = measured.tick, now_ns
            if not self._is_fresh(now_ns, measured.stamp_ns):
                # Of drives that have died the plant goes on to tell; of a plant that has died nobody does.
                silent = "plant" if now_ns - self._plant_ns > self._limit_ns // 2 else "drives"
                return f"{silent}: last measured {_ms(now_ns - measured.stamp_ns)} ago (limit {_ms(self._limit_ns)})"
            if measured.limits_hash != self._limits_hash:
                return f"plant: its limits are {measured.limits_hash:x} (limit {self._limits_hash:x}, the supervisor's)"
            counters["plant"] = measured.tick
            counters["drives"] = measured.step
        if report is not None:
            if not self._is_fresh(now_ns, report.stamp_ns):
                return f"controller: last reported {_ms(now_ns - report.stamp_ns)} ago (limit {_ms(self._limit_ns)})"
            if report.limits_hash != self._limits_hash:
                return f"controller: its limits are {report.limits_hash:x} (limit {self._limits_hash:x}, ours)"
            counters["controller"] = report.tick
        return self._progress.step(now_ns, counters)

    def _is_fresh(self, now_ns: int, stamp_ns: int) -> bool:
        return -self._limit_ns <= now_ns - stamp_ns <= self._limit_ns

    def _arm(
        self,
        now_ns: int,
        machine: Machine,
        measured: Measured,
        setpoint: Setpoint | None,
        events: dict[Event, str],
    ) -> str:
        """What the measured arm does that it should not."""
        # While the plant holds, no command moves an arm, whatever the mode: after an engage until the arms have met
        # their setpoints. An arm whose servo creeps never meets them, so nothing else would end it.
        told_to_stand = (machine.mode in HOLDING or machine.testing) and not machine.jogging
        holds = measured.powered and (told_to_stand or measured.holding)
        # An arm that stood goes on standing: another mode gives it no new time to settle, and no new way to go.
        if holds and not self._holds:
            self._watch.hold(now_ns)
        elif not holds and self._holds:
            self._watch.release()
        self._holds = holds
        fault = self._watch.step(now_ns, measured, setpoint)
        if fault is None:
            return ""
        if fault.standstill:
            events[Event.STANDSTILL_FAULT] = fault.culprit
            return ""
        return fault.culprit

    def _trip(self, now_ns: int, measured: Measured | None, machine: Machine) -> str:
        """Latched trips; for a moment after an acknowledgement they may still be on their way out."""
        if measured is None or now_ns - self._acknowledged_ns <= self._limit_ns:
            return ""
        if measured.tripped:
            return f"drives: their watchdog tripped, no setpoint for over {self._watchdog} (limit {self._watchdog})"
        if measured.lapsed and machine.granted and measured.generation == machine.generation:
            return f"permit: lapsed, not renewed for over {_ms(self._lease_ns)} (limit {_ms(self._lease_ns)})"
        return ""

    def _power(self, now_ns: int, measured: Measured, machine: Machine, events: dict[Event, str]) -> None:
        if machine.mode is Mode.SAFE and now_ns - self._acknowledged_ns <= self._limit_ns:
            # Of a RESET only: a stop always led to SAFE, so that in any other mode it is a new one.
            return
        if measured.stopped and (machine.mode is not Mode.SAFE or machine.testing):
            events[Event.STOPPED] = "STOP + POWER OFF"
        elif machine.mode is not Mode.SAFE and not measured.powered:
            events[Event.STOPPED] = "drives: without power"


def _ms(ns: int) -> str:
    return f"{ns / NS_PER_MS:.0f} ms"
