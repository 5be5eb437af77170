"""The offset between what is commanded and where the arm stands, and how it closes again. Pure; handed the time.

After a pause, and on the way back from poses that the arm could not reach, the command is some way off the setpoint.
The arm then follows the hand from where it is, and the offset closes slowly, on top of the hand's own motion:

    offset = offset_between(p_setpoint, q_setpoint, p_command, q_command)    # once
    offset = close_offset(offset, dt_s)                                      # every tick, until it is NO_OFFSET
    follower.servo_cp(*apply_offset(offset, p_command, q_command), dt_s, speed_cap)
"""

from math import atan2, cos, hypot, sin
from typing import NamedTuple

from kinematics.reference import Quaternion, Vector, add, subtract

# 20 mm/s is specified (safety 3, PAUSED). Rotation in proportion: a pause that may end by itself at 3 mm may at 3 deg.
CLOSING_SPEED_M_S = 0.020
CLOSING_ANGULAR_SPEED_RAD_S = 0.349  # 20 deg/s


class Offset(NamedTuple):
    """A displacement in the base frame: metres, and a unit quaternion (w, x, y, z) with w >= 0."""

    p_m: Vector
    q: Quaternion


NO_OFFSET = Offset((0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0))


def offset_between(p_set_m: Vector, q_set: Quaternion, p_command_m: Vector, q_command: Quaternion) -> Offset:
    """The offset with which the command is the setpoint."""
    w, x, y, z = q_command
    w, x, y, z = _product(q_set, (w, -x, -y, -z))
    return Offset(subtract(p_set_m, p_command_m), (w, x, y, z) if w >= 0.0 else (-w, -x, -y, -z))


def close_offset(offset: Offset, dt_s: float) -> Offset:
    """What is left of the offset after `dt_s`; NO_OFFSET itself once both parts are closed."""
    length, angle = hypot(*offset.p_m), _angle(offset.q)
    left_m = max(0.0, length - CLOSING_SPEED_M_S * dt_s)
    left_rad = max(0.0, angle - CLOSING_ANGULAR_SPEED_RAD_S * dt_s)
    if left_m == 0.0 and left_rad == 0.0:
        return NO_OFFSET
    x, y, z = offset.p_m
    part = left_m / length if length > 0.0 else 0.0
    return Offset((part * x, part * y, part * z), _turned(offset.q, left_rad))


def apply_offset(offset: Offset, p_command_m: Vector, q_command: Quaternion) -> tuple[Vector, Quaternion]:
    """The pose to follow: the command, displaced."""
    if offset is NO_OFFSET:
        return p_command_m, q_command
    return add(offset.p_m, p_command_m), _product(offset.q, q_command)


def _angle(q: Quaternion) -> float:
    return 2.0 * atan2(hypot(q[1], q[2], q[3]), q[0])


def _turned(q: Quaternion, angle: float) -> Quaternion:
    """The rotation about the same axis by another angle."""
    _, x, y, z = q
    sine = hypot(x, y, z)
    if sine == 0.0:
        return NO_OFFSET.q
    part = sin(0.5 * angle) / sine
    return (cos(0.5 * angle), part * x, part * y, part * z)


def _product(a: Quaternion, b: Quaternion) -> Quaternion:
    """The rotation `b`, then `a`."""
    aw, ax, ay, az = a
    bw, bx, by, bz = b
    return (
        aw * bw - ax * bx - ay * by - az * bz,
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
    )
