"""The gate: the last code before the setpoint. What it lets through is a type of its own; nothing else moves an arm.

It asks the same few questions of every arm and joint, trusts none of the code before it, and stops at the first no:
finite, within the joints' ranges, speeds and accelerations; the tip no faster than it may, and braking no harder;
the wrist deep enough; inside the walls; the shafts apart; not left behind by the hand. Limits are per second; a tick's
share of them follows from the time that the setpoint advances.
"""

import math
from typing import NamedTuple, final

import msgspec

from kinematics.description import Jaw, Joint, RobotDescription
from kinematics.reference import Chain, Vector, norm, subtract, turned_rad
from protocol.messages import FreezeClass
from protocol.records import ArmSetpoint
from safety.geometry import ArmGeometry, ChainMaker, Reach, Walls, distance_m
from safety.limits import Limits

TOLERANCE = 1e-6
"""Relative: the planner works up to the limits, and its rounding must not trip the gate."""
CAP_FALLS_M_S2 = 2.5
"""How fast a cap that fell comes into force: half of what an arm slows down with while it follows."""
SPEED_SLACK = 0.02
"""Relative: the planner approaches its own limit of speed in finite steps."""
BRAKING_SLACK = 0.1
TURN_BRAKING_SLACK = 0.3
"""Relative, of the tip's accelerations. Over 12,000 motions of the planner, into joint limits and out of reach too, the
largest were 10.01 m/s2 and 60.2 rad/s2; a path that joint limits bend may turn by a quarter harder than planned."""
CAP_SLACK_M_S = 0.015
"""The planner follows a cap that falls so fast with a lag of 5 ms: at 2.5 m/s2 it is 12.5 mm/s above it."""
LAG_SLACK = 1.5
"""The supervisor freezes at the limit of the lag; here it ends whatever the supervisor says."""


class Refusal(msgspec.Struct, frozen=True):
    """Why nothing passed: culprit, value and limit. A hand that left its arm behind is the master's doing; all else is
    the arm's."""

    culprit: str
    value: float
    limit: float
    freeze_class: FreezeClass = FreezeClass.ARM

    def __str__(self) -> str:
        return f"{self.culprit}: {self.value:.6g} (limit {self.limit:.6g})"


class Motion(NamedTuple):
    """What a tip did over one advance of the setpoint, in W: velocity and angular velocity."""

    v_m_s: Vector
    w_rad_s: Vector


AT_REST = Motion((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
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
    """Checks what all arms of one robot are told, against its limits and against what they were told last.

    `chain`: the kinematics to judge by, the reference's unless a quicker one serves as well. `spare_m`: how much
    farther apart than they must be the shafts were in the last check that passed.
    """

    def __init__(self, robot: RobotDescription, limits: Limits, chain: ChainMaker = Chain) -> None:
        axes: tuple[Joint | Jaw, ...] = (*robot.joints, robot.jaw)
        slack = 1.0 + TOLERANCE
        self._names = (*(joint.name for joint in robot.joints), "jaw")
        self._limits = tuple(
            (
                axis.position_min - TOLERANCE,
                axis.position_max + TOLERANCE,
                axis.velocity_max * slack,
                axis.acceleration_max * slack,
            )
            for axis in axes
        )
        self._arms = tuple(ArmGeometry(robot, mount, chain) for mount in robot.mounts)
        self._walls = Walls(robot.walls)
        self._depth_min_m = robot.tip.wrist_depth_min_m - TOLERANCE
        self._axes_apart_m = limits.arm.shaft_gap_m + robot.shaft.diameter_m
        self._speed_max_m_s = robot.tip.speed_max_m_s
        self._braking_max_m_s2 = robot.tip.stop_deceleration_m_s2 * (1.0 + BRAKING_SLACK)
        self._turn_braking_max_rad_s2 = robot.tip.stop_angular_deceleration_rad_s2 * (1.0 + TURN_BRAKING_SLACK)
        self._turn_max_rad_s = robot.tip.angular_speed_max_rad_s * (1.0 + SPEED_SLACK)
        self._lag_max_m = LAG_SLACK * limits.people.lag_m
        self._lag_max_rad = LAG_SLACK * limits.people.lag_rad
        self._cap_m_s = self._speed_max_m_s
        self._last: tuple[ArmSetpoint, ...] | None = None
        self._reaches: tuple[Reach, ...] = ()
        self._roomy: tuple[Reach, ...] = ()
        self._motions: tuple[Motion, ...] = ()
        self._resting = (AT_REST,) * len(self._arms)
        self._dt_s = math.inf
        self.spare_m = math.inf

    def check(
        self,
        wishes: tuple[ArmSetpoint, ...],
        dt_s: float,
        speed_cap_m_s: float,
        lags: tuple[tuple[float, float], ...],
    ) -> GatedSetpoint | Refusal:
        """Let `wishes` through, or say why not. Before the first, the arms are taken to stand where it begins.

        `dt_s` is how far the setpoint advances with this tick, whatever the clock says. `lags`: how far the newest
        command is from the setpoint, (m, rad) an arm; empty where no command is known.
        """
        if len(wishes) != len(self._arms):
            return Refusal("number of arms", len(wishes), len(self._arms))
        self._cap_m_s = max(min(speed_cap_m_s, self._speed_max_m_s), self._cap_m_s - CAP_FALLS_M_S2 * dt_s)
        if self._rests_as_before(wishes):
            self._dt_s = dt_s
            return self._judge_lags(lags) or GatedSetpoint(wishes, _KEY)
        before = self._last if self._last is not None else tuple(map(_at_rest, wishes))
        for number, wish in enumerate(wishes):
            refusal = self._judge_joints(number, wish, before[number], dt_s)
            if refusal is not None:
                return refusal
        reaches = tuple([arm.reach(wish.position) for arm, wish in zip(self._arms, wishes, strict=True)])
        last = self._reaches if self._last is not None else reaches
        motions = tuple([_motion(was, now, dt_s) for was, now in zip(last, reaches, strict=True)])
        refusal = (
            self._judge_speeds(reaches, last, motions, dt_s)
            or self._judge_braking(motions, dt_s)
            or self._judge_room(reaches)
            or self._judge_lags(lags)
        )
        if refusal is not None:
            return refusal
        self._last, self._reaches, self._motions, self._dt_s = wishes, reaches, motions, dt_s
        return GatedSetpoint(wishes, _KEY)

    def hold(self) -> GatedSetpoint | None:
        """The last setpoint, at rest: what remains when the next was refused. None before the first."""
        if self._last is None:
            return None
        self._last = tuple(map(_at_rest, self._last))
        # Its positions are those of the last tick: so are the reaches.
        self._motions = self._resting
        return GatedSetpoint(self._last, _KEY)

    def restart(self) -> None:
        """Forget the last setpoint: the arms were moved by another hand and are at rest elsewhere."""
        self._last = None
        self._motions = ()

    def _rests_as_before(self, wishes: tuple[ArmSetpoint, ...]) -> bool:
        """Whether arms that have come to rest are told to stay: what passed passes again, but for lag.

        Equal to what passed is finite too: a position that is not was refused, and a speed that is not is no zero.
        """
        return (
            self._last is not None
            and self._motions == self._resting
            and all(wish == last and not any(wish.velocity) for wish, last in zip(wishes, self._last, strict=True))
        )

    def _judge_joints(self, number: int, wish: ArmSetpoint, last: ArmSetpoint, dt_s: float) -> Refusal | None:
        position, velocity = wish.position, wish.velocity
        if len(position) != len(self._limits) or len(velocity) != len(self._limits):
            odd = velocity if len(position) == len(self._limits) else position
            return Refusal(f"arm {number}: number of joints", len(odd), len(self._limits))
        if not math.isfinite(sum(position) + sum(velocity)):
            return Refusal(f"arm {number}: a number that is not finite", math.nan, 0.0)
        for i, (q, v, q_last, v_last, (low, high, speed_max, acceleration_max)) in enumerate(
            zip(position, velocity, last.position, last.velocity, self._limits, strict=True)
        ):
            if not low <= q <= high:
                limit = low + TOLERANCE if q < low else high - TOLERANCE
                return self._no(number, i, "position", q, limit)
            if not -speed_max <= v <= speed_max:
                return self._no(number, i, "speed", v, speed_max)
            moved = (q - q_last) / dt_s
            # The step itself is bounded too: a wish whose velocity is honest and whose position leaps is a leap.
            if not -speed_max <= moved <= speed_max:
                return self._no(number, i, "step", moved, speed_max)
            gain_max = acceleration_max * dt_s
            # ... and must be the way that these velocities lead, or a square wave of positions would pass as rest.
            off = moved + moved - v - v_last
            if not -gain_max <= off <= gain_max:
                return self._no(number, i, "position off its velocity", 0.5 * off, 0.5 * gain_max)
            if not -gain_max <= v - v_last <= gain_max:
                return self._no(number, i, "acceleration", (v - v_last) / dt_s, acceleration_max)
        return None

    def _no(self, number: int, axis: int, what: str, value: float, limit: float) -> Refusal:
        return Refusal(f"arm {number}: {self._names[axis]} {what}", value, limit)

    def _judge_speeds(
        self, reaches: tuple[Reach, ...], last: tuple[Reach, ...], motions: tuple[Motion, ...], dt_s: float
    ) -> Refusal | None:
        speed_max_m_s = min(self._cap_m_s + CAP_SLACK_M_S, self._speed_max_m_s * (1.0 + SPEED_SLACK))
        for number, (now, before) in enumerate(zip(reaches, last, strict=True)):
            speed_m_s = norm(motions[number].v_m_s)
            if not speed_m_s <= speed_max_m_s:
                return Refusal(f"arm {number}: tip speed in m/s", speed_m_s, speed_max_m_s)
            turn_rad_s = 0.0 if now is before else turned_rad(now.posture, before.posture) / dt_s
            if not turn_rad_s <= self._turn_max_rad_s:
                return Refusal(f"arm {number}: tip turning in rad/s", turn_rad_s, self._turn_max_rad_s)
        return None

    def _judge_braking(self, motions: tuple[Motion, ...], dt_s: float) -> Refusal | None:
        """The tips' accelerations, of any direction: from the middle of the last advance to the middle of this one."""
        between_s = 0.5 * (self._dt_s + dt_s)
        for number, (was, now) in enumerate(zip(self._motions, motions, strict=False)):
            gained_m_s2 = norm(subtract(now.v_m_s, was.v_m_s)) / between_s
            if not gained_m_s2 <= self._braking_max_m_s2:
                return Refusal(f"arm {number}: tip acceleration in m/s2", gained_m_s2, self._braking_max_m_s2)
            gained_rad_s2 = norm(subtract(now.w_rad_s, was.w_rad_s)) / between_s
            if not gained_rad_s2 <= self._turn_braking_max_rad_s2:
                limit_rad_s2 = self._turn_braking_max_rad_s2
                return Refusal(f"arm {number}: tip angular acceleration in rad/s2", gained_rad_s2, limit_rad_s2)
        return None

    def _judge_room(self, reaches: tuple[Reach, ...]) -> Refusal | None:
        if reaches == self._roomy:
            return None
        spare_m = math.inf
        for number, reach in enumerate(reaches):
            if not reach.depth_m >= self._depth_min_m:
                return Refusal(f"arm {number}: wrist depth in m", reach.depth_m, self._depth_min_m)
            inside_m, wall = self._walls.inside_by_m(reach.posture)
            if not inside_m >= -TOLERANCE:
                return Refusal(f"arm {number}: inside the wall {wall!r} by m", inside_m, 0.0)
            for other in range(number):
                apart_m = distance_m(reaches[other].shaft_W_m, reach.shaft_W_m)
                if not apart_m >= self._axes_apart_m:
                    return Refusal(f"arms {other} and {number}: shafts' axes apart by m", apart_m, self._axes_apart_m)
                spare_m = min(spare_m, apart_m - self._axes_apart_m)
        self._roomy, self.spare_m = reaches, spare_m
        return None

    def _judge_lags(self, lags: tuple[tuple[float, float], ...]) -> Refusal | None:
        for number, (lag_m, lag_rad) in enumerate(lags):
            if not lag_m <= self._lag_max_m:
                return Refusal(f"LAG: arm {number}: lag in m", lag_m, self._lag_max_m, FreezeClass.MASTER)
            if not lag_rad <= self._lag_max_rad:
                return Refusal(f"LAG: arm {number}: lag in rad", lag_rad, self._lag_max_rad, FreezeClass.MASTER)
        return None


def _motion(was: Reach, now: Reach, dt_s: float) -> Motion:
    """By half the sum of the axes' cross products, the turn's axis times its sine: for turns that are judged small."""
    if now is was:
        return AT_REST
    a, b = was.posture, now.posture
    x = y = z = 0.0
    for u, v in ((a.x, b.x), (a.y, b.y), (a.z, b.z)):
        x += u[1] * v[2] - u[2] * v[1]
        y += u[2] * v[0] - u[0] * v[2]
        z += u[0] * v[1] - u[1] * v[0]
    p, q, half = a.p, b.p, 0.5 / dt_s
    return Motion(((q[0] - p[0]) / dt_s, (q[1] - p[1]) / dt_s, (q[2] - p[2]) / dt_s), (x * half, y * half, z * half))


def _at_rest(wish: ArmSetpoint) -> ArmSetpoint:
    return ArmSetpoint(wish.position, (0.0,) * len(wish.position))
