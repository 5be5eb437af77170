"""The kinematics in plain Python floats, straight from the DH tables: the readable specification of the compiled code.

Pure Python, so that who judges the arm need not trust the compiled kernels: a mistake in them cannot hide itself here.
Equations: J. J. Craig, Introduction to Robotics, chapters 3 (modified DH) and 5 (Jacobian). Base frame B throughout.
"""

from collections.abc import Sequence
from math import asin, atan2, cos, hypot, sin, sqrt
from typing import NamedTuple, TypeAlias

from kinematics.description import Joint, RobotDescription

Vector: TypeAlias = tuple[float, float, float]
Rotation: TypeAlias = tuple[Vector, ...]  # three rows
Quaternion: TypeAlias = tuple[float, float, float, float]  # (w, x, y, z)


class Pose(NamedTuple):
    """A frame in the base: its origin in metres, and its axes as the columns of `R`."""

    p: Vector
    R: Rotation


IDENTITY = Pose((0.0, 0.0, 0.0), ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)))


def forward(description: RobotDescription, q: Sequence[float]) -> Pose:
    """Pose of the tip, (p_BT_m, R_BT), at joints `q` (n, rad or m). Raises ValueError if there are not n of them."""
    p, R = frames(description, q)[-1]
    return Pose(p, product(R, description.R_6T))


def frames(description: RobotDescription, q: Sequence[float]) -> list[Pose]:
    """Pose of every link's DH frame, from the first joint's to the last's."""
    if len(q) != len(description.joints):
        raise ValueError(
            f"{description.name} has {len(description.joints)} joints, q has {len(q)} numbers: give one a joint"
        )
    pose = IDENTITY
    links = []
    for joint, position in zip(description.joints, q, strict=True):
        step = _link(joint, position)
        pose = Pose(add(pose.p, rotate(pose.R, step.p)), product(pose.R, step.R))
        links.append(pose)
    return links


def _link(joint: Joint, position: float) -> Pose:
    """Rx(alpha) Tx(a) Rz(theta) Tz(d): Craig's equation 3.6."""
    theta = joint.theta_rad + (0.0 if joint.prismatic else position)
    d = joint.d_m + (position if joint.prismatic else 0.0)
    ca, sa, ct, st = cos(joint.alpha_rad), sin(joint.alpha_rad), cos(theta), sin(theta)
    return Pose((joint.a_m, -sa * d, ca * d), ((ct, -st, 0.0), (st * ca, ct * ca, -sa), (st * sa, ct * sa, ca)))


def jacobian(description: RobotDescription, q: Sequence[float]) -> tuple[tuple[float, ...], ...]:
    """Six rows, linear velocity of the tip (m/s) above angular velocity (rad/s), one column a joint."""
    links = frames(description, q)
    p_tip = links[-1].p
    columns = []
    for joint, link in zip(description.joints, links, strict=True):
        z = column(link.R, 2)
        columns.append((*z, 0.0, 0.0, 0.0) if joint.prismatic else (*cross(z, subtract(p_tip, link.p)), *z))
    return tuple(zip(*columns, strict=True))


def wrist_depth_m(description: RobotDescription, q: Sequence[float]) -> float:
    """How far beyond the remote centre (the base's origin) the wrist stands along its shaft; negative before it.

    Only of arms whose kernel is "psm": there the shaft is the z axis of link 4, and the wrist that link's origin.
    """
    wrist = frames(description, q)[3]
    return dot(column(wrist.R, 2), wrist.p)


class Posture(NamedTuple):
    """What judges of an arm need: the tip's origin, the axes of the last frame, the wrist and the shaft's direction.

    All in the frame that the chain begins in. The tip's own axes differ from `x`, `y`, `z` by the constant `R_6T`:
    turns are the same of both.
    """

    p: Vector
    x: Vector
    y: Vector
    z: Vector
    wrist: Vector
    shaft: Vector


ROUNDING = 1e-15
WRIST = 3


class Chain:
    """`frames` with all constants at hand: a fifth of its time, for those who judge arms a thousand times a second.

    `base` is where the chain begins: IDENTITY for the base itself, or the base's pose in the world. Equal to `frames`
    but for rounding: the sine and cosine of a right angle are exact here.
    """

    def __init__(self, description: RobotDescription, base: Pose = IDENTITY) -> None:
        self._base = (*column(base.R, 0), *column(base.R, 1), *column(base.R, 2), *base.p)
        self._joints = tuple(
            (
                number == WRIST,
                _exact(cos(j.alpha_rad)),
                _exact(sin(j.alpha_rad)),
                j.a_m,
                j.d_m,
                j.theta_rad,
                j.prismatic,
            )
            for number, j in enumerate(description.joints)
        )

    def posture(self, q: Sequence[float]) -> Posture:
        """The posture at joints `q` (n, rad or m); what follows them in `q` is not looked at."""
        xx, xy, xz, yx, yy, yz, zx, zy, zz, px, py, pz = self._base
        wrist = shaft = (0.0, 0.0, 0.0)
        for (is_wrist, ca, sa, a, d, theta, prismatic), position in zip(self._joints, q, strict=False):
            if a:
                px, py, pz = px + a * xx, py + a * xy, pz + a * xz
            # Rx(alpha) turns y and z ...
            if ca:
                ux, uy, uz = ca * yx + sa * zx, ca * yy + sa * zy, ca * yz + sa * zz
                zx, zy, zz = ca * zx - sa * yx, ca * zy - sa * yy, ca * zz - sa * yz
            else:
                ux, uy, uz = sa * zx, sa * zy, sa * zz
                zx, zy, zz = -sa * yx, -sa * yy, -sa * yz
            # ... and Rz(theta) then x and y: the columns of R times Craig's 3.6.
            if prismatic:
                slide, turn = d + position, theta
            else:
                slide, turn = d, theta + position
            if slide:
                px, py, pz = px + slide * zx, py + slide * zy, pz + slide * zz
            if turn:
                ct, st = cos(turn), sin(turn)
                yx, yy, yz = ct * ux - st * xx, ct * uy - st * xy, ct * uz - st * xz
                xx, xy, xz = ct * xx + st * ux, ct * xy + st * uy, ct * xz + st * uz
            else:
                yx, yy, yz = ux, uy, uz
            if is_wrist:
                wrist, shaft = (px, py, pz), (zx, zy, zz)
        return Posture((px, py, pz), (xx, xy, xz), (yx, yy, yz), (zx, zy, zz), wrist, shaft)


def _exact(x: float) -> float:
    return 0.0 if abs(x) < ROUNDING else x


def turned_rad(a: Posture, b: Posture) -> float:
    """Angle between the tips of two postures of one robot; exact for small angles too."""
    square = 0.0
    for u, v in ((a.x, b.x), (a.y, b.y), (a.z, b.z)):
        square += (u[0] - v[0]) ** 2 + (u[1] - v[1]) ** 2 + (u[2] - v[2]) ** 2
    return 2.0 * asin(min(1.0, sqrt(square / 8.0)))


def rotation_of(q: Quaternion) -> Rotation:
    """Rotation matrix of a unit quaternion (w, x, y, z)."""
    w, x, y, z = q
    return (
        (1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y - w * z), 2.0 * (x * z + w * y)),
        (2.0 * (x * y + w * z), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z - w * x)),
        (2.0 * (x * z - w * y), 2.0 * (y * z + w * x), 1.0 - 2.0 * (x * x + y * y)),
    )


def quaternion_of(R: Rotation) -> Quaternion:
    """Unit quaternion (w, x, y, z) of a rotation matrix, w >= 0. Shepperd's method: divides by the largest part."""
    (a, b, c), (d, e, f), (g, h, i) = R
    squares = (1.0 + a + e + i, 1.0 + a - e - i, 1.0 - a + e - i, 1.0 - a - e + i)  # four times w2, x2, y2, z2
    largest = squares.index(max(squares))
    rows = (
        (squares[0], h - f, c - g, d - b),
        (h - f, squares[1], b + d, c + g),
        (c - g, b + d, squares[2], f + h),
        (d - b, c + g, f + h, squares[3]),
    )
    scale = (0.5 if rows[largest][0] >= 0.0 else -0.5) / sqrt(squares[largest])
    w, x, y, z = rows[largest]
    return (w * scale, x * scale, y * scale, z * scale)


def angle_between(R_a: Rotation, R_b: Rotation) -> float:
    """Angle in rad of the rotation that takes one frame into the other; exact for small angles too."""
    (a, b, c), (d, e, f), (g, h, i) = product(transpose(R_a), R_b)
    return atan2(hypot(h - f, c - g, d - b), a + e + i - 1.0)


def add(a: Vector, b: Vector) -> Vector:
    """Sum of two vectors."""
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])


def subtract(a: Vector, b: Vector) -> Vector:
    """Difference `a - b`."""
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def dot(a: Vector, b: Vector) -> float:
    """Scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def norm(a: Vector) -> float:
    """Length of a vector."""
    return hypot(a[0], a[1], a[2])


def cross(a: Vector, b: Vector) -> Vector:
    """Vector product."""
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def column(R: Rotation, k: int) -> Vector:
    """Column `k`: an axis of the frame, in the base."""
    return (R[0][k], R[1][k], R[2][k])


def transpose(R: Rotation) -> Rotation:
    """The inverse of a rotation."""
    return (column(R, 0), column(R, 1), column(R, 2))


def rotate(R: Rotation, v: Vector) -> Vector:
    """`R v`."""
    return (dot(R[0], v), dot(R[1], v), dot(R[2], v))


def product(R_a: Rotation, R_b: Rotation) -> Rotation:
    """`R_a R_b`."""
    columns = transpose(R_b)
    return tuple((dot(row, columns[0]), dot(row, columns[1]), dot(row, columns[2])) for row in R_a)
