"""The offset between what is commanded and where the arm stands, and how it closes again. Pure; handed the time.

After a pause, and on the way back from poses that the arm could not reach, the command is some way off the setpoint.
The arm then follows the hand from where it is, and the offset closes slowly, on top of the hand's own motion:

    offset = offset_between(p_setpoint, q_setpoint, p_command, q_command)    # once
    offset = close_offset(offset, dt_s)                                      # every tick, until it is NO_OFFSET
    follower.servo_cp(*apply_offset(offset, p_command, q_command), dt_s, speed_cap)
"""

from typing import NamedTuple

from protocol.pose import (
    IDENTITY,
    ZERO,
    Pose,
    Quaternion,
    Vector,
    add,
    angle_rad,
    conjugate,
    from_rotation_vector,
    multiply,
    norm,
    rotation_vector,
    scaled,
    subtract,
)

# Slow enough to be seen and stopped. Rotation in proportion: 3 mm and 3 deg close in the same time.
CLOSING_SPEED_M_S = 0.020
CLOSING_ANGULAR_SPEED_RAD_S = 0.349  # 20 deg/s


class Offset(NamedTuple):
    """A displacement in the base frame: metres, and a unit quaternion (w, x, y, z)."""

    p_m: Vector
    q: Quaternion


NO_OFFSET = Offset(ZERO, IDENTITY)


def offset_between(p_set_m: Vector, q_set: Quaternion, p_command_m: Vector, q_command: Quaternion) -> Offset:
    """The offset with which the command is the setpoint."""
    return Offset(subtract(p_set_m, p_command_m), multiply(q_set, conjugate(q_command)))


def close_offset(offset: Offset, dt_s: float) -> Offset:
    """What is left of the offset after `dt_s`; NO_OFFSET itself once both parts are closed."""
    left_m = _left(norm(offset.p_m), CLOSING_SPEED_M_S * dt_s)
    left_rad = _left(angle_rad(offset.q), CLOSING_ANGULAR_SPEED_RAD_S * dt_s)
    if left_m == 0.0 and left_rad == 0.0:
        return NO_OFFSET
    return Offset(scaled(offset.p_m, left_m), from_rotation_vector(scaled(rotation_vector(offset.q), left_rad)))


def apply_offset(offset: Offset, p_command_m: Vector, q_command: Quaternion) -> Pose:
    """The pose to follow: the command, displaced."""
    if offset is NO_OFFSET:
        return p_command_m, q_command
    return add(offset.p_m, p_command_m), multiply(offset.q, q_command)


def _left(size: float, closed: float) -> float:
    """The part of `size` that is left after `closed` of it."""
    return 1.0 - closed / size if size > closed else 0.0
