"""The plant's tick: what is passed to the drives. Pure: handed the time. It trusts nobody and asks the gate again.

Whenever the stream of setpoints breaks, the drives stop the arms on a way of their own. The guard then *holds*: nothing
is passed on until the arms stand still and the setpoints rest where they stand, so that no stream ever resumes with a
leap. What stops an arm here is also told as a fault where it needs the staff; the guard itself starts nothing.
"""

from kinematics.description import RobotDescription
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.records import ArmSetpoint, Measured, Setpoint, Verb
from safety.gate import Gate, GatedSetpoint, Refusal
from safety.limits import Limits

RESTED_NS = 500 * NS_PER_MS
"""A fault is told, and a tripped watchdog left alone, until setpoints have rested for so long."""
STALL_TICKS = 5
"""More setpoints than this skipped at once, or no measurement for so long, and the drives have begun to brake."""
STANDSTILL = 0.01
"""Part of a joint's top speed below which it stands still."""
NEAR_S = 0.002
"""How far a first setpoint may be from the arm: the way at the joint's top speed in this time, 0.8 mm of insertion."""


class PlantGuard:
    """Decides each tick between a setpoint, a hold, and the orders around power.

    `holding`: no setpoint is passed on. `fault`: why that needs the staff, or empty.
    """

    def __init__(self, robot: RobotDescription, limits: Limits, period_s: float) -> None:
        self._gate = Gate(robot, len(robot.mounts))
        self._limits = limits
        self._period_s = period_s
        self._period_ns = round(period_s * NS_PER_S)
        self._speeds = (*(joint.velocity_max for joint in robot.joints), robot.jaw.velocity_max)
        self._tick = 0
        self._was_powered = False
        self._resting_since_ns: int | None = None
        self.holding = True
        self.fault = ""

    def decide(self, now_ns: int, measured: Measured | None, setpoint: Setpoint | None) -> Verb | GatedSetpoint | None:
        """What to tell the drives now; None for nothing new. Worst case first."""
        if measured is None or measured.fault:
            self.holding = True
            return None
        if setpoint is None or now_ns - setpoint.stamp_ns > self._limits.setpoint_life_ns:
            return self._starve(measured)
        self._watch_rest(now_ns, setpoint)
        if not measured.powered:
            self.holding = True
            # Once, at the start. Power that was taken away comes back by a reset, never by itself.
            return Verb.POWER_ON if self._rests and not self._was_powered else None
        self._was_powered = True
        if now_ns - measured.stamp_ns > STALL_TICKS * self._period_ns:
            # Drives that do not answer do not follow either; what they do when they wake is unknown until they tell.
            self.holding = True
            return Verb.HOLD
        if measured.tripped:
            self.holding = True
            return Verb.REARM if self._rested(now_ns) else None
        return self._rejoin(now_ns, measured, setpoint) if self.holding else self._pass(setpoint)

    def _starve(self, measured: Measured) -> Verb | None:
        self._resting_since_ns = None
        if not self.holding:
            self.holding = True
            self.fault = f"plant: no setpoint for {self._limits.setpoint_life_ns / NS_PER_MS:.0f} ms"
        return Verb.HOLD if measured.powered else None

    def _pass(self, setpoint: Setpoint) -> Verb | GatedSetpoint | None:
        ticks = setpoint.tick - self._tick
        if ticks == 0:
            return None
        if not 0 < ticks <= STALL_TICKS:
            self.holding = True
            return Verb.HOLD
        passed = self._gate.check(setpoint.arms, self._period_s * ticks)
        if isinstance(passed, Refusal):
            self.holding = True
            self.fault = f"plant's gate: {passed}"
            return Verb.HOLD
        self._tick = setpoint.tick
        return passed

    def _rejoin(self, now_ns: int, measured: Measured, setpoint: Setpoint) -> Verb | GatedSetpoint | None:
        if not self._rests or (self.fault and not self._rested(now_ns)) or not self._meets(measured, setpoint):
            return Verb.HOLD
        self._gate.restart()
        passed = self._gate.check(setpoint.arms, self._period_s)
        if isinstance(passed, Refusal):
            self.fault = f"plant's gate: {passed}"
            return Verb.HOLD
        self._tick = setpoint.tick
        self.holding = False
        self.fault = ""
        return passed

    def _meets(self, measured: Measured, setpoint: Setpoint) -> bool:
        """Whether the arms stand still where the setpoints rest. The jaw may press on what it holds: left out."""
        for arm, wish in zip(measured.arms, setpoint.arms, strict=False):
            for q, v, wanted, speed in zip(arm.position[:-1], arm.velocity, wish.position, self._speeds, strict=False):
                if not (abs(v) <= STANDSTILL * speed and abs(wanted - q) <= NEAR_S * speed):
                    return False
        return len(setpoint.arms) == len(measured.arms)

    @property
    def _rests(self) -> bool:
        return self._resting_since_ns is not None

    def _rested(self, now_ns: int) -> bool:
        return self._resting_since_ns is not None and now_ns - self._resting_since_ns >= RESTED_NS

    def _watch_rest(self, now_ns: int, setpoint: Setpoint) -> None:
        if any(map(_moves, setpoint.arms)):
            self._resting_since_ns = None
        elif self._resting_since_ns is None:
            self._resting_since_ns = now_ns


def _moves(arm: ArmSetpoint) -> bool:
    return any(arm.velocity[:-1])
