"""Rotations and poses as tuples of floats: quaternions are (w, x, y, z), unit, and turn vectors as q v q*.

A displacement (p, q) acts on a pose as p + dp and dq q: the axes it is written in do not turn with the tip. Compiled,
since every tick at both ends is made of these; types are checked where the tuples are unpacked.
"""

from libc.math cimport atan2, cos, fabs, sin, sqrt

Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]
Pose = tuple[Vector, Quaternion]

cdef tuple NOTHING = (0.0, 0.0, 0.0)
ZERO = NOTHING
IDENTITY = (1.0, 0.0, 0.0, 0.0)


cdef struct Quat:
    double w
    double x
    double y
    double z


cdef inline Quat unpack(tuple q) except *:
    cdef Quat r
    r.w, r.x, r.y, r.z = q
    return r


cdef inline tuple pack(Quat q):
    return (q.w, q.x, q.y, q.z)


cdef inline Quat product(Quat a, Quat b) noexcept:
    cdef Quat r
    r.w = a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z
    r.x = a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y
    r.y = a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x
    r.z = a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w
    return r


cdef inline Quat conjugated(Quat q) noexcept:
    q.x, q.y, q.z = -q.x, -q.y, -q.z
    return q


cdef inline Quat unit(Quat q) except *:
    cdef double norm = sqrt(q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z)
    if not 1e-9 < norm < 1e9:
        raise ValueError(f"{pack(q)} stands for no rotation: its norm must lie between 1e-9 and 1e9")
    q.w, q.x, q.y, q.z = q.w / norm, q.x / norm, q.y / norm, q.z / norm
    return q


def multiply(tuple a not None, tuple b not None):
    """The rotation `b` followed by `a`, normalised so that long products stay unit."""
    return pack(unit(product(unpack(a), unpack(b))))


def conjugate(tuple q not None):
    """The inverse rotation."""
    return pack(conjugated(unpack(q)))


def normalise(tuple q not None):
    """`q` with norm 1. Raises ValueError for zero or non-finite, which stand for no rotation."""
    return pack(unit(unpack(q)))


cdef inline tuple rotated_plus(Quat q, tuple v, tuple offset):
    cdef double x, y, z, tx, ty, tz, ox, oy, oz
    x, y, z = v
    ox, oy, oz = offset
    tx, ty, tz = 2.0 * (q.y * z - q.z * y), 2.0 * (q.z * x - q.x * z), 2.0 * (q.x * y - q.y * x)
    return (
        ox + x + q.w * tx + q.y * tz - q.z * ty,
        oy + y + q.w * ty + q.z * tx - q.x * tz,
        oz + z + q.w * tz + q.x * ty - q.y * tx,
    )


def rotate(tuple q not None, tuple v not None):
    """The vector `v` turned by `q`."""
    return rotated_plus(unpack(q), v, NOTHING)


def transformed(tuple p_AB not None, tuple q_AB not None, tuple pose_B not None):
    """The pose (p, q) given in frame B, in frame A: (p_AB + q_AB p, q_AB q)."""
    cdef Quat axes = unpack(q_AB)
    cdef tuple p_B, q_B
    p_B, q_B = pose_B
    return rotated_plus(axes, p_B, p_AB), pack(unit(product(axes, unpack(q_B))))


def turned(tuple q not None, tuple rotation not None):
    """`rotation`, the same turn, written in axes that `q` leads to: q rotation q*."""
    cdef Quat axes = unpack(q)
    return pack(unit(product(product(axes, unpack(rotation)), conjugated(axes))))


def angle_rad(tuple q not None):
    """How far `q` turns, 0 to pi."""
    cdef Quat r = unpack(q)
    return 2.0 * atan2(sqrt(r.x * r.x + r.y * r.y + r.z * r.z), fabs(r.w))


def rotation_vector(tuple q not None):
    """Axis times angle, in rad, the short way round."""
    cdef Quat r = unpack(q)
    cdef double sine = sqrt(r.x * r.x + r.y * r.y + r.z * r.z)
    cdef double ratio
    if r.w < 0.0:
        r.w, r.x, r.y, r.z = -r.w, -r.x, -r.y, -r.z
    # The quotient is 0/0 at rest; there the angle is twice the vector part to first order.
    ratio = 2.0 * atan2(sine, r.w) / sine if sine > 1e-12 else 2.0
    return (ratio * r.x, ratio * r.y, ratio * r.z)


def from_rotation_vector(tuple v not None):
    """The inverse of `rotation_vector`."""
    cdef double x, y, z, angle, ratio
    cdef Quat r
    x, y, z = v
    angle = sqrt(x * x + y * y + z * z)
    ratio = sin(0.5 * angle) / angle if angle > 1e-12 else 0.5
    r.w, r.x, r.y, r.z = cos(0.5 * angle), ratio * x, ratio * y, ratio * z
    return pack(unit(r))


def add(tuple a not None, tuple b not None):
    """a + b."""
    cdef double ax, ay, az, bx, by, bz
    ax, ay, az = a
    bx, by, bz = b
    return (ax + bx, ay + by, az + bz)


def subtract(tuple a not None, tuple b not None):
    """a - b."""
    cdef double ax, ay, az, bx, by, bz
    ax, ay, az = a
    bx, by, bz = b
    return (ax - bx, ay - by, az - bz)


def scaled(tuple v not None, double factor):
    """factor v."""
    cdef double x, y, z
    x, y, z = v
    return (factor * x, factor * y, factor * z)


def norm(tuple v not None):
    """Length of v."""
    cdef double x, y, z
    x, y, z = v
    return sqrt(x * x + y * y + z * z)
