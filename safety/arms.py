"""The watch over the measured arms: what they do that no healthy arm does. Pure: handed the time and the cells.

By the reference kinematics, from what the drives measure; the controller's account is not asked. Worst first.
"""

import math
from typing import NamedTuple

from kinematics.description import RobotDescription
from kinematics.reference import Vector, norm, subtract, turned_rad
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.records import ArmMeasured, Measured, Setpoint
from safety.geometry import ArmGeometry, Reach, Walls
from safety.limits import Limits

RANGE_SLACK = 0.035
"""Beyond a joint's range, in rad or m: two degrees."""
DEPTH_SLACK_M = 0.005
SPEED_OVER_NS = 4 * NS_PER_MS
"""The tip's speed is that of its way over so long: encoders' noise over one tick would read as speed."""


class Fault(NamedTuple):
    """Culprit, value and limit in words. `standstill`: an arm that should hold does not, and must lose its power."""

    culprit: str
    standstill: bool


class _Timer:
    """For how long something has been so."""

    def __init__(self) -> None:
        self._since_ns: int | None = None

    def lasts(self, now_ns: int, limit_ns: int, *, is_so: bool) -> bool:
        """Whether it has been so for `limit_ns`, up to now."""
        if not is_so:
            self._since_ns = None
            return False
        if self._since_ns is None:
            self._since_ns = now_ns
        return now_ns - self._since_ns >= limit_ns


class _Arm:
    """What is remembered of one arm."""

    def __init__(self) -> None:
        self.overspeed, self.tracking, self.saturation, self.creeping = _Timer(), _Timer(), _Timer(), _Timer()
        self.was: tuple[int, Vector] | None = None
        self.speed_m_s = 0.0
        self.settled_at: Vector | None = None
        self.roomy: Reach | None = None


class ArmWatch:
    """Watches all arms of one robot; each in turn, so that a tick costs one of them."""

    def __init__(self, robot: RobotDescription, limits: Limits) -> None:
        self._limits = limits.arm
        self._joints = robot.joints
        self._walls = Walls(robot.walls)
        self._depth_min_m = robot.tip.wrist_depth_min_m - DEPTH_SLACK_M
        self._efforts = tuple(limits.arm.saturation_share * joint.drive.effort_max for joint in robot.joints)
        self._geometry = tuple(ArmGeometry(robot, mount) for mount in robot.mounts)
        # Apart, so that each of the two keeps its own last answer.
        self._planned = tuple(ArmGeometry(robot, mount) for mount in robot.mounts)
        self._arms = tuple(_Arm() for _ in robot.mounts)
        self._next = 0
        self._settled_ns: int | None = None

    def hold(self, now_ns: int) -> None:
        """From now on the arms come to rest; once they have had the time to, they must stand still."""
        self._settled_ns = now_ns + self._limits.settle_ns
        for arm in self._arms:
            arm.settled_at = None

    def release(self) -> None:
        """The arms may move."""
        self._settled_ns = None

    def step(self, now_ns: int, measured: Measured, setpoint: Setpoint | None) -> Fault | None:
        """Judge one arm; the fault found, if any."""
        number = self._next
        self._next = (number + 1) % len(self._arms)
        told, arm = measured.arms[number], self._arms[number]
        if not math.isfinite(sum(told.position) + sum(told.velocity) + sum(told.effort)):
            return _trip(number, "a measurement that is not finite", math.nan, 0.0, "")
        reach = self._geometry[number].reach(told.position)
        speed_m_s = self._speed(arm, measured.stamp_ns, reach)
        fault = self._judge_standstill(now_ns, number, arm, reach, speed_m_s)
        if fault is not None:
            return fault
        limits = self._limits
        if arm.overspeed.lasts(now_ns, limits.overspeed_for_ns, is_so=speed_m_s > limits.overspeed_m_s):
            return _trip(number, "tip speed", speed_m_s * 1e3, limits.overspeed_m_s * 1e3, "mm/s")
        planned = None if setpoint is None or measured.holding else setpoint.arms[number].position
        fault = self._judge_tracking(now_ns, number, arm, reach, planned)
        return fault or self._judge_room(number, arm, told, reach) or self._judge_efforts(now_ns, number, arm, told)

    def _speed(self, arm: _Arm, stamp_ns: int, reach: Reach) -> float:
        """Tip speed over the last few ticks of the drives' own time; 0 until there are some."""
        tip = reach.posture.p
        if arm.was is None or stamp_ns < arm.was[0]:
            arm.was, arm.speed_m_s = (stamp_ns, tip), 0.0
        passed_ns = stamp_ns - arm.was[0]
        if passed_ns >= SPEED_OVER_NS:
            arm.speed_m_s = norm(subtract(tip, arm.was[1])) * NS_PER_S / passed_ns
            arm.was = (stamp_ns, tip)
        return arm.speed_m_s

    def _judge_standstill(self, now_ns: int, number: int, arm: _Arm, reach: Reach, speed_m_s: float) -> Fault | None:
        limits = self._limits
        if self._settled_ns is None or now_ns < self._settled_ns:
            arm.creeping.lasts(now_ns, 0, is_so=False)
            return None
        if arm.settled_at is None:
            arm.settled_at = reach.posture.p
        moved_m = norm(subtract(reach.posture.p, arm.settled_at))
        if moved_m > limits.standstill_m:
            return _standstill(number, "moved", moved_m * 1e3, limits.standstill_m * 1e3, "mm")
        if arm.creeping.lasts(now_ns, limits.standstill_for_ns, is_so=speed_m_s > limits.standstill_m_s):
            return _standstill(number, "moves at", speed_m_s * 1e3, limits.standstill_m_s * 1e3, "mm/s")
        return None

    def _judge_tracking(
        self, now_ns: int, number: int, arm: _Arm, reach: Reach, planned: tuple[float, ...] | None
    ) -> Fault | None:
        limits = self._limits
        off_m = off_rad = 0.0
        if planned is not None:
            wanted = self._planned[number].reach(planned).posture
            off_m = norm(subtract(wanted.p, reach.posture.p))
            off_rad = turned_rad(wanted, reach.posture)
        astray = not (off_m <= limits.tracking_m and off_rad <= limits.tracking_rad)
        if not arm.tracking.lasts(now_ns, limits.tracking_for_ns, is_so=astray):
            return None
        if off_m > limits.tracking_m:
            return _trip(number, "tracking error", off_m * 1e3, limits.tracking_m * 1e3, "mm")
        return _trip(number, "tracking error", math.degrees(off_rad), math.degrees(limits.tracking_rad), "deg")

    def _judge_room(self, number: int, arm: _Arm, told: ArmMeasured, reach: Reach) -> Fault | None:
        if reach is arm.roomy:
            return None
        inside_m, wall = self._walls.inside_by_m(reach.posture)
        if inside_m < -self._limits.wall_slack_m:
            return _trip(number, f"beyond the wall {wall!r}", -inside_m * 1e3, self._limits.wall_slack_m * 1e3, "mm")
        if reach.depth_m < self._depth_min_m:
            return _trip(number, "wrist depth", reach.depth_m * 1e3, self._depth_min_m * 1e3, "mm")
        for joint, q in zip(self._joints, told.position, strict=False):
            if not joint.position_min - RANGE_SLACK <= q <= joint.position_max + RANGE_SLACK:
                limit = joint.position_min if q < joint.position_min else joint.position_max
                return _trip(number, f"{joint.name} position", q, limit, "")
        arm.roomy = reach
        return None

    def _judge_efforts(self, now_ns: int, number: int, arm: _Arm, told: ArmMeasured) -> Fault | None:
        """A motor that gives all it has presses on something. The jaw may: it grips."""
        limits = self._limits
        over = [(abs(e), limit) for e, limit in zip(told.effort, self._efforts, strict=False) if abs(e) >= limit]
        if arm.saturation.lasts(now_ns, limits.saturation_for_ns, is_so=bool(over)):
            return _trip(number, "force: a motor's effort", over[0][0], over[0][1], "")
        return None


def _words(number: int, what: str, value: float, limit: float, unit: str) -> str:
    return f"arm {number}: {what} {value:.3g} {unit}".rstrip() + f" (limit {limit:.3g} {unit}".rstrip() + ")"


def _trip(number: int, what: str, value: float, limit: float, unit: str) -> Fault:
    return Fault(_words(number, what, value, limit, unit), standstill=False)


def _standstill(number: int, what: str, value: float, limit: float, unit: str) -> Fault:
    return Fault(f"standstill: {_words(number, what, value, limit, unit)}", standstill=True)
