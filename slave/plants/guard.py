"""The plant's tick: what is passed to the drives. Pure: handed the time. It trusts nobody and asks the gate again.

Without a living permit nothing is passed on. Whenever the stream of setpoints breaks, the drives stop the arms on a way
of their own. The guard then *holds*: nothing is passed on until the arms stand still and the setpoints rest where they
stand, so that no stream ever resumes with a leap. The guard itself starts nothing, and acknowledges nothing.
"""

from kinematics.description import RobotDescription
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.records import ArmSetpoint, Grant, Measured, Permit, Setpoint, Verb
from safety.gate import Gate, GatedSetpoint, Refusal
from safety.limits import Limits
from safety.permit import PermitWatch

RESTED_NS = 500 * NS_PER_MS
"""A fault is told until fresh setpoints have rested for so long."""
STALL_TICKS = 5
"""More setpoints than this skipped at once, or no measurement for so long, and the drives have begun to brake."""
STANDSTILL = 0.01
"""Part of a joint's top speed below which it stands still."""
NEAR_S = 0.002
"""How far a first setpoint may be from the arm: the way at the joint's top speed in this time, 0.8 mm of insertion."""


class PlantGuard:
    """Decides each tick between a setpoint, a hold, and the orders around power.

    `permit`: what is permitted now. `holding`: no setpoint is passed on. `fault`: what was wrong with them, or empty.
    """

    def __init__(self, robot: RobotDescription, limits: Limits, lease_ns: int, period_s: float) -> None:
        self._gate = Gate(robot, limits)
        self._setpoint_life_ns = limits.process.setpoint_life_ns
        self._period_s = period_s
        self._period_ns = round(period_s * NS_PER_S)
        self._speeds = (*(joint.velocity_max for joint in robot.joints), robot.jaw.velocity_max)
        self._speed_max_m_s = robot.tip.speed_max_m_s
        self._tick = 0
        self._jaws: tuple[float, ...] = ()
        self._resets = 0
        self._stopped = False
        self._silence_ns = 0
        self._resting_since_ns: int | None = None
        self.permit = PermitWatch(lease_ns)
        self.holding = True
        self.fault = ""

    def decide(
        self, now_ns: int, measured: Measured | None, setpoint: Setpoint | None, permit: Permit | None
    ) -> Verb | GatedSetpoint | None:
        """What to tell the drives now; None for nothing new. Worst case first."""
        self.permit.step(now_ns, permit)
        self._silence_ns = 0 if setpoint is None else now_ns - setpoint.stamp_ns
        fresh = setpoint if setpoint is not None and self._is_fresh(now_ns, setpoint) else None
        self._watch_rest(now_ns, fresh)
        order = self._order(now_ns, measured, fresh)
        self.holding = not isinstance(order, GatedSetpoint) and (order is not None or self.holding)
        return order

    def _order(self, now_ns: int, measured: Measured | None, setpoint: Setpoint | None) -> Verb | GatedSetpoint | None:
        if measured is None:
            return Verb.HOLD
        if not self.permit.power:
            return Verb.POWER_OFF
        pressed, self._stopped = measured.stopped and not self._stopped, measured.stopped
        if pressed:
            # In the very tick of an acknowledgement: not what was acknowledged.
            self._resets = self.permit.resets
        if measured.fault or measured.stopped or measured.tripped:
            # Until it is seen to have worked: an order that follows at once may overtake it.
            return Verb.REARM if self.permit.resets != self._resets else Verb.HOLD
        self._resets = self.permit.resets
        if not measured.powered:
            return Verb.POWER_ON
        if self.permit.park:
            return Verb.PARK
        if any(map(any, measured.brakes)):
            # Nothing is passed on against a brake: holding opens them first.
            return Verb.HOLD
        if self.permit.grant is Grant.NONE or now_ns - measured.stamp_ns > STALL_TICKS * self._period_ns:
            # Drives that do not answer do not follow either; what they do when they wake is unknown until they tell.
            return Verb.HOLD
        if setpoint is None:
            if not self.holding:
                silence_ms, limit_ms = self._silence_ns / NS_PER_MS, self._setpoint_life_ns / NS_PER_MS
                self.fault = f"plant: no setpoint for {silence_ms:.0f} ms (limit {limit_ms:.0f} ms)"
            return Verb.HOLD
        if self.fault or (self.permit.grant is Grant.HOLD and not self._rests):
            return Verb.HOLD
        return self._rejoin(measured, setpoint) if self.holding else self._pass(measured, setpoint)

    def _is_fresh(self, now_ns: int, setpoint: Setpoint) -> bool:
        return -self._setpoint_life_ns < now_ns - setpoint.stamp_ns < self._setpoint_life_ns

    def _is_permitted(self, setpoint: Setpoint) -> bool:
        """Whether it was planned under the permit in force; one at rest is good under the self-test's too."""
        return self.permit.grant is Grant.HOLD or setpoint.generation == self.permit.generation

    def _pass(self, measured: Measured, setpoint: Setpoint) -> Verb | GatedSetpoint | None:
        ticks = setpoint.tick - self._tick
        if ticks == 0 or (not self._is_permitted(setpoint) and 0 < ticks <= STALL_TICKS):
            return None
        if not 0 < ticks <= STALL_TICKS:
            return Verb.HOLD
        passed = self._gate.check(setpoint.arms, self._period_s * ticks, self._speed_max_m_s, ())
        if isinstance(passed, Refusal):
            if not self._stands_anew(measured, setpoint):
                self.fault = f"plant's gate: {passed}"
            return Verb.HOLD
        return self._passed(setpoint, passed)

    def _stands_anew(self, measured: Measured, setpoint: Setpoint) -> bool:
        """Whether a controller that has not yet seen us rejoin set out once more from where the arms stand.

        Where this host held us up in the tick of a rejoin, it still reads that we hold, and its setpoint goes with the
        encoders. That is joined like the first: no fault, and no way that the drives are told to make.
        """
        return self._rests and self._meets(measured, setpoint) and _jaws(setpoint) == self._jaws

    def _passed(self, setpoint: Setpoint, gated: GatedSetpoint) -> GatedSetpoint:
        self._tick, self._jaws = setpoint.tick, _jaws(setpoint)
        return gated

    def _rejoin(self, measured: Measured, setpoint: Setpoint) -> Verb | GatedSetpoint | None:
        if not (self._rests and self._is_permitted(setpoint) and self._meets(measured, setpoint)):
            return Verb.HOLD
        self._gate.restart()
        passed = self._gate.check(setpoint.arms, self._period_s, self._speed_max_m_s, ())
        if isinstance(passed, Refusal):
            self.fault = f"plant's gate: {passed}"
            return Verb.HOLD
        return self._passed(setpoint, passed)

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

    def _watch_rest(self, now_ns: int, setpoint: Setpoint | None) -> None:
        if setpoint is None or any(map(_moves, setpoint.arms)):
            self._resting_since_ns = None
        elif self._resting_since_ns is None:
            self._resting_since_ns = now_ns
        elif now_ns - self._resting_since_ns >= RESTED_NS:
            self.fault = ""


def _moves(arm: ArmSetpoint) -> bool:
    return any(arm.velocity)


def _jaws(setpoint: Setpoint) -> tuple[float, ...]:
    return tuple(arm.position[-1] for arm in setpoint.arms)
