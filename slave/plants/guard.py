"""The plant's tick: what is passed to the drives. Pure: handed the time. It trusts nobody and asks the gate again."""

from kinematics.description import RobotDescription
from protocol.clock import NS_PER_MS
from protocol.records import Measured, Setpoint, Verb
from safety.gate import Gate, GatedSetpoint, Refusal
from safety.limits import Limits

REARM_AFTER_NS = 500 * NS_PER_MS
"""A tripped watchdog is acknowledged when setpoints have come again, at rest, for so long. The freeze stays latched."""


class PlantGuard:
    """Decides each tick between a setpoint, a hold, and the orders around power. `fault` is why it holds, or empty."""

    def __init__(self, robot: RobotDescription, limits: Limits, period_s: float) -> None:
        self._gate = Gate(robot, len(robot.mounts))
        self._limits = limits
        self._period_s = period_s
        self._tick = 0
        self._resting_since_ns: int | None = None
        self.fault = ""

    def decide(self, now_ns: int, measured: Measured | None, setpoint: Setpoint | None) -> Verb | GatedSetpoint | None:
        """What to tell the drives now; None for nothing new. Worst case first."""
        if measured is None or measured.fault:
            return None
        if setpoint is None or now_ns - setpoint.stamp_ns > self._limits.setpoint_life_ns:
            self._resting_since_ns = None
            return Verb.HOLD if measured.powered else None
        resting = not any(any(arm.velocity) for arm in setpoint.arms)
        if not resting:
            self._resting_since_ns = None
        elif self._resting_since_ns is None:
            self._resting_since_ns = now_ns
        if not measured.powered:
            return Verb.POWER_ON if resting else None
        if measured.tripped or self.fault:
            return self._recover(now_ns)
        return self._pass(setpoint)

    def _pass(self, setpoint: Setpoint) -> Verb | GatedSetpoint | None:
        ticks = setpoint.tick - self._tick
        if ticks == 0:
            return None
        # A skipped setpoint makes a longer step; more than a few are a stall, whose end must look like one tick.
        passed = self._gate.check(setpoint.arms, self._period_s * min(max(ticks, 1), 5))
        if isinstance(passed, Refusal):
            self.fault = f"plant's gate: {passed}"
            return Verb.HOLD
        self._tick = setpoint.tick
        return passed

    def _recover(self, now_ns: int) -> Verb | None:
        since_ns = self._resting_since_ns
        if since_ns is None or now_ns - since_ns < REARM_AFTER_NS:
            return None
        self.fault = ""
        self._gate.restart()
        return Verb.REARM
