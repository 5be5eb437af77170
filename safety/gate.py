"""The gate: the last code before the setpoint. What it lets through is a type of its own; nothing else moves an arm.

It asks the same few questions of every arm and joint, trusts none of the code before it, and stops at the first no.
Limits are per second; a tick's share of them follows from the time that the setpoint advances.
"""

import math
from typing import final

import msgspec

from kinematics.description import RobotDescription
from protocol.records import ArmSetpoint

TOLERANCE = 1e-6
"""Relative: the planner works up to the limits, and its rounding must not trip the gate."""


class Refusal(msgspec.Struct, frozen=True):
    """Why nothing passed: culprit, value and limit."""

    culprit: str
    value: float
    limit: float

    def __str__(self) -> str:
        return f"{self.culprit}: {self.value:.6g} (limit {self.limit:.6g})"


_KEY = object()


@final
class GatedSetpoint:
    """Positions and velocities of all arms that passed the gate. Only `Gate` can make one."""

    __slots__ = ("arms",)

    def __init__(self, arms: tuple[ArmSetpoint, ...], key: object) -> None:
        if key is not _KEY:
            raise TypeError("a GatedSetpoint is made by Gate.check alone: nothing ungated becomes a setpoint")
        self.arms = arms


class Gate:
    """Checks what `arms` arms of one robot are told, against its limits and against what they were told last."""

    def __init__(self, robot: RobotDescription, arms: int) -> None:
        self._arms = arms
        jaw = robot.jaw
        self._names = (*(joint.name for joint in robot.joints), "jaw")
        slack = 1.0 + TOLERANCE
        self._limits = (
            *(
                (j.position_min, j.position_max, j.velocity_max * slack, j.acceleration_max * slack)
                for j in robot.joints
            ),
            (jaw.position_min, jaw.position_max, jaw.velocity_max * slack, jaw.acceleration_max * slack),
        )
        self._last: tuple[ArmSetpoint, ...] | None = None

    def check(self, wishes: tuple[ArmSetpoint, ...], dt_s: float) -> GatedSetpoint | Refusal:
        """Let `wishes` through, or say why not. Before the first, the arms are taken to stand where it begins.

        `dt_s` is how far the setpoint advances with this tick, whatever the clock says.
        """
        if len(wishes) != self._arms:
            return Refusal("number of arms", len(wishes), self._arms)
        before = self._last if self._last is not None else tuple(map(_at_rest, wishes))
        for number, wish in enumerate(wishes):
            refusal = self._judge(number, wish, before[number], dt_s)
            if refusal is not None:
                return refusal
        self._last = wishes
        return GatedSetpoint(wishes, _KEY)

    def hold(self) -> GatedSetpoint | None:
        """The last setpoint, at rest: what remains when the next was refused. None before the first."""
        if self._last is None:
            return None
        self._last = tuple(map(_at_rest, self._last))
        return GatedSetpoint(self._last, _KEY)

    def restart(self) -> None:
        """Forget the last setpoint: the arms were moved by another hand and are at rest elsewhere."""
        self._last = None

    def _judge(self, number: int, wish: ArmSetpoint, last: ArmSetpoint, dt_s: float) -> Refusal | None:
        position, velocity = wish.position, wish.velocity
        if len(position) != len(self._limits) or len(velocity) != len(self._limits):
            return Refusal(f"arm {number}: number of joints", len(position), len(self._limits))
        if not math.isfinite(sum(position) + sum(velocity)):
            return Refusal(f"arm {number}: a number that is not finite", math.nan, 0.0)
        for i, (low, high, speed_max, acceleration_max) in enumerate(self._limits):
            q, v = position[i], velocity[i]
            if not low - TOLERANCE <= q <= high + TOLERANCE:
                return Refusal(f"arm {number}: {self._names[i]} position", q, low if q < low else high)
            if not -speed_max <= v <= speed_max:
                return Refusal(f"arm {number}: {self._names[i]} speed", v, speed_max)
            moved = (q - last.position[i]) / dt_s
            # The step itself is bounded too: a wish whose velocity is honest and whose position leaps is a leap.
            if not -speed_max <= moved <= speed_max:
                return Refusal(f"arm {number}: {self._names[i]} step", moved, speed_max)
            # ... and must be the way that these velocities lead, or a square wave of positions would pass as rest.
            off_s = moved - 0.5 * (v + last.velocity[i])
            if not -acceleration_max * dt_s <= 2.0 * off_s <= acceleration_max * dt_s:
                return Refusal(
                    f"arm {number}: {self._names[i]} position off its velocity", off_s, acceleration_max * dt_s
                )
            gained = (v - last.velocity[i]) / dt_s
            if not -acceleration_max <= gained <= acceleration_max:
                return Refusal(f"arm {number}: {self._names[i]} acceleration", gained, acceleration_max)
        return None


def _at_rest(wish: ArmSetpoint) -> ArmSetpoint:
    return ArmSetpoint(wish.position, (0.0,) * len(wish.position))
