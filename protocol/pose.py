"""Rotations and poses in plain floats: quaternions are (w, x, y, z), unit, and turn vectors as q v q*.

A displacement (p, q) acts on a pose as p + dp and dq q: the axes it is written in do not turn with the tip.
"""

import math

Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]

ZERO: Vector = (0.0, 0.0, 0.0)
IDENTITY: Quaternion = (1.0, 0.0, 0.0, 0.0)


def multiply(a: Quaternion, b: Quaternion) -> Quaternion:
    """The rotation `b` followed by `a`, normalised so that long products stay unit."""
    aw, ax, ay, az = a
    bw, bx, by, bz = b
    return normalise(
        (
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        )
    )


def conjugate(q: Quaternion) -> Quaternion:
    """The inverse rotation."""
    w, x, y, z = q
    return (w, -x, -y, -z)


def normalise(q: Quaternion) -> Quaternion:
    """`q` with norm 1. Raises ValueError for zero or non-finite, which stand for no rotation."""
    w, x, y, z = q
    norm = math.sqrt(w * w + x * x + y * y + z * z)
    if not 1e-9 < norm < 1e9:
        raise ValueError(f"{q} stands for no rotation: its norm must lie between 1e-9 and 1e9")
    return (w / norm, x / norm, y / norm, z / norm)


def rotate(q: Quaternion, v: Vector) -> Vector:
    """The vector `v` turned by `q`."""
    w, x, y, z = q
    vx, vy, vz = v
    tx, ty, tz = 2.0 * (y * vz - z * vy), 2.0 * (z * vx - x * vz), 2.0 * (x * vy - y * vx)
    return (vx + w * tx + y * tz - z * ty, vy + w * ty + z * tx - x * tz, vz + w * tz + x * ty - y * tx)


def turned(q: Quaternion, rotation: Quaternion) -> Quaternion:
    """`rotation`, the same turn, written in axes that `q` leads to: q rotation q*."""
    return multiply(multiply(q, rotation), conjugate(q))


def angle_rad(q: Quaternion) -> float:
    """How far `q` turns, 0 to pi."""
    w, x, y, z = q
    return 2.0 * math.atan2(math.sqrt(x * x + y * y + z * z), abs(w))


def rotation_vector(q: Quaternion) -> Vector:
    """Axis times angle, in rad, the short way round."""
    w, x, y, z = q if q[0] >= 0.0 else (-q[0], -q[1], -q[2], -q[3])
    sine = math.sqrt(x * x + y * y + z * z)
    # sine underflows to a quotient of 0/0 at rest; there the angle is twice the vector part to first order.
    ratio = 2.0 * math.atan2(sine, w) / sine if sine > 1e-12 else 2.0
    return (ratio * x, ratio * y, ratio * z)


def from_rotation_vector(v: Vector) -> Quaternion:
    """The inverse of `rotation_vector`."""
    x, y, z = v
    angle = math.sqrt(x * x + y * y + z * z)
    ratio = math.sin(0.5 * angle) / angle if angle > 1e-12 else 0.5
    return normalise((math.cos(0.5 * angle), ratio * x, ratio * y, ratio * z))


def add(a: Vector, b: Vector) -> Vector:
    """a + b."""
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])


def subtract(a: Vector, b: Vector) -> Vector:
    """a - b."""
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def scaled(v: Vector, factor: float) -> Vector:
    """factor v."""
    return (factor * v[0], factor * v[1], factor * v[2])


def norm(v: Vector) -> float:
    """Length of v."""
    return math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2])
