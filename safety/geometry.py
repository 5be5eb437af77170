"""Where arms are in the patient's world W, and what they must keep clear of: walls, remote centres, each other. Pure.

In plain Python floats, and by the reference kinematics unless another is handed in: who judges an arm trusts no
compiled kernel. Joints that are not finite are for the callers to refuse first.
"""

from collections.abc import Callable, Sequence
from math import hypot, inf
from typing import NamedTuple, Protocol

from kinematics.description import Mount, RobotDescription, Wall
from kinematics.reference import Chain, Pose, Posture, Vector, dot, subtract


class Reach(NamedTuple):
    """One arm's posture in W, how deep its wrist is, and its shaft's two ends: remote centre, and before the wrist."""

    posture: Posture
    depth_m: float
    shaft_W_m: tuple[Vector, Vector]


class Postures(Protocol):
    """What tells a posture from joints: the reference's Chain, or a compiled one for those who may trust it."""

    def posture(self, q: tuple[float, ...], /) -> Posture:
        """The posture at joints `q`."""


ChainMaker = Callable[[RobotDescription, Pose], Postures]


class ArmGeometry:
    """One mounted arm of a robot."""

    def __init__(self, robot: RobotDescription, mount: Mount, chain: ChainMaker = Chain) -> None:
        self._chain = chain(robot, Pose(mount.p_WB_m, mount.R_WB))
        self._p_WB: Vector = mount.p_WB_m
        self._exempt_m = robot.shaft.exempt_m
        self._last: tuple[tuple[float, ...], Reach] | None = None

    def reach(self, q: tuple[float, ...]) -> Reach:
        """At joints `q` (n or more numbers; what follows the joints is not looked at). Arms rest most of the time: the
        answer to the last question is kept.
        """
        if self._last is not None and self._last[0] == q:
            return self._last[1]
        posture = self._chain.posture(q)
        a, b, c = self._p_WB
        x, y, z = posture.shaft
        wx, wy, wz = posture.wrist
        depth_m = (wx - a) * x + (wy - b) * y + (wz - c) * z
        length = max(0.0, depth_m - self._exempt_m)
        reach = Reach(posture, depth_m, (self._p_WB, (a + length * x, b + length * y, c + length * z)))
        self._last = (q, reach)
        return reach


class Walls:
    """The walls of a robot's field."""

    def __init__(self, walls: Sequence[Wall]) -> None:
        self._planes = tuple((*wall.normal_W, dot(wall.normal_W, wall.point_W_m), wall.name) for wall in walls)

    def inside_by_m(self, posture: Posture) -> tuple[float, str]:
        """How far tip and wrist are inside the nearest wall (negative: beyond it), and its name; inf without walls."""
        nearest, name = inf, ""
        px, py, pz = posture.p
        wx, wy, wz = posture.wrist
        for nx, ny, nz, offset, wall in self._planes:
            tip, wrist = px * nx + py * ny + pz * nz, wx * nx + wy * ny + wz * nz
            inside = (wrist if wrist < tip else tip) - offset
            if inside < nearest:
                nearest, name = inside, wall
        return nearest, name

    def tip_inside_by_m(self, p_W_m: Vector) -> float:
        """How far one point is inside the nearest wall (negative: beyond it); inf without walls."""
        px, py, pz = p_W_m
        nearest = inf
        for nx, ny, nz, offset, _ in self._planes:
            nearest = min(nearest, px * nx + py * ny + pz * nz - offset)
        return nearest


PARALLEL = 1e-12
"""The square of the sine of an angle (a millionth) below which segments count as parallel: off by 0.4 um at 0.4 m."""


def distance_m(first: tuple[Vector, Vector], second: tuple[Vector, Vector]) -> float:
    """Distance of two segments. C. Ericson, Real-Time Collision Detection, 5.1.9."""
    (p1, q1), (p2, q2) = first, second
    d1, d2, r = subtract(q1, p1), subtract(q2, p2), subtract(p1, p2)
    a, e, f = dot(d1, d1), dot(d2, d2), dot(d2, r)
    if a <= 1e-18 or e <= 1e-18:
        s, t = 0.0, 0.0
        if e > 1e-18:
            t = _clipped(f / e)
        elif a > 1e-18:
            s = _clipped(-dot(d1, r) / a)
    else:
        c, b = dot(d1, r), dot(d1, d2)
        denominator = a * e - b * b
        # Of their own size: short segments are not parallel for being short.
        s = _clipped((b * f - c * e) / denominator) if denominator > PARALLEL * a * e else 0.0
        t = (b * s + f) / e
        if t < 0.0:
            s, t = _clipped(-c / a), 0.0
        elif t > 1.0:
            s, t = _clipped((b - c) / a), 1.0
    return hypot(
        r[0] + s * d1[0] - t * d2[0],
        r[1] + s * d1[1] - t * d2[1],
        r[2] + s * d1[2] - t * d2[2],
    )


def _clipped(x: float) -> float:
    return 0.0 if x < 0.0 else min(x, 1.0)
