# cython: cdivision=True
"""Closed-form inverse of arms built like the da Vinci's PSM: a shaft through a remote centre, and a two-axis wrist.

Yaw and pitch about the base's origin, insertion along the shaft, roll about it, wrist pitch, and wrist yaw at a small
offset. The shaft passes through the base's origin, so the tip's pose alone gives the wrist's place, and with it the shaft.
Inside the joint limits, with the wrist 45 mm or more beyond the remote centre, there is one solution but for turns of
the roll. Joints without limits would reach every pose, so this kernel never says UNREACHABLE. Derived for this project.
"""

from libc.math cimport M_PI, M_PI_2, atan2, cos, floor, sin, sqrt

import math

from kinematics.chain cimport STATUS_LIMITED, STATUS_OK, STATUS_SINGULAR, Pose
from kinematics.description import DescriptionError

# Rows that the closed form of this file is for: alpha, theta, whether a, d and a sliding joint belong there.
PSM_ROWS = (
    (90, 90, False, False, False),
    (-90, -90, False, False, False),
    (90, 0, False, True, True),
    (0, 0, False, True, False),
    (-90, -90, False, False, False),
    (-90, -90, True, False, False),
)


cdef int psm_fill(Psm* arm, object description) except -1:
    """Take the lengths from a RobotDescription. Raises DescriptionError if its table is not of the form solved here."""
    cdef int i
    joints = description.joints
    found = tuple((round(math.degrees(j.alpha_rad), 9), round(math.degrees(j.theta_rad), 9), j.prismatic) for j in joints)
    wanted = tuple((alpha, theta, slides) for alpha, theta, _, _, slides in PSM_ROWS)
    if found != wanted:
        raise DescriptionError(
            f"{description.name}: kernel 'psm' wants (alpha_deg, theta_deg, prismatic) = {wanted}, has {found};"
            " give this robot a kernel of its own"
        )
    for joint, (_, _, has_a, has_d, _) in zip(joints, PSM_ROWS):
        if (joint.a_m != 0.0 and not has_a) or (joint.d_m != 0.0 and not has_d):
            raise DescriptionError(
                f"{description.name}: kernel 'psm' wants a_m and d_m of joint {joint.name!r} to be 0 where the PSM's are,"
                f" has {joint.a_m}, {joint.d_m}; give this robot a kernel of its own"
            )
    arm.wrist_a = joints[5].a_m
    arm.depth_offset = joints[2].d_m + joints[3].d_m
    for i in range(6):
        arm.position_min[i] = joints[i].position_min
        arm.position_max[i] = joints[i].position_max
    for i in range(9):
        arm.R_T6[i] = description.R_6T[i % 3][i // 3]
    return 0


cdef inline double psm_unwrap(double angle, double near, double low, double high) noexcept nogil:
    """The turn of `angle` nearest to `near`, or failing that another one inside the limits, if there is one."""
    cdef double slack = 1e-9, turn = 2.0 * M_PI
    near = min(max(near, low), high)
    angle += turn * floor((near - angle) / turn + 0.5)
    if angle > high + slack and angle - turn >= low - slack:
        return angle - turn
    if angle < low - slack and angle + turn <= high + slack:
        return angle + turn
    return angle


cdef int psm_inverse(const Psm* arm, const Pose* T, const double* near, double* q) noexcept nogil:
    """Joints (6) that put the tip at `T`, clamped to their limits; returns a status. Rotation of `T` must be orthonormal."""
    cdef double singular_m = 1e-6  # nearer to a singular line 1e-16 of rounding becomes 1e-10 rad in the joints
    cdef double slack = 1e-9       # of rounding, in rad or m, that is not yet beyond a limit
    cdef int i, status = STATUS_OK
    cdef double X[3]
    cdef double Y[3]
    cdef double x5[3]
    cdef double z5[3]
    cdef double z3[3]
    cdef double vx, vy, rho, depth, across, c1, s1, s2, c2
    for i in range(3):  # x and y axes of frame 6
        X[i] = T.R[3 * i] * arm.R_T6[0] + T.R[3 * i + 1] * arm.R_T6[3] + T.R[3 * i + 2] * arm.R_T6[6]
        Y[i] = T.R[3 * i] * arm.R_T6[1] + T.R[3 * i + 1] * arm.R_T6[4] + T.R[3 * i + 2] * arm.R_T6[7]
    # The shaft lies in the plane of the wrist yaw axis and x5: so x5 is where the tip points, seen along that axis.
    vx = X[0] * T.p[0] + X[1] * T.p[1] + X[2] * T.p[2]
    vy = Y[0] * T.p[0] + Y[1] * T.p[1] + Y[2] * T.p[2]
    rho = sqrt(vx * vx + vy * vy)
    if rho < singular_m:
        status = STATUS_SINGULAR
        vx, vy, rho = sin(near[5]), cos(near[5]), 1.0
    q[5] = atan2(-vy, vx) + M_PI_2
    vx /= rho
    vy /= rho
    for i in range(3):
        x5[i] = vx * X[i] + vy * Y[i]
        z5[i] = vy * X[i] - vx * Y[i]
        z3[i] = T.p[i] - arm.wrist_a * x5[i]
    depth = sqrt(z3[0] * z3[0] + z3[1] * z3[1] + z3[2] * z3[2])
    q[2] = depth - arm.depth_offset
    if depth < singular_m:
        status = STATUS_SINGULAR
        z3[0], z3[1], z3[2] = sin(near[0]) * cos(near[1]), -sin(near[1]), -cos(near[0]) * cos(near[1])
        depth = 1.0
    for i in range(3):
        z3[i] /= depth
    across = sqrt(z3[0] * z3[0] + z3[2] * z3[2])
    q[1] = atan2(-z3[1], across)
    if across < singular_m:  # the shaft along the yaw axis
        status = STATUS_SINGULAR
        q[0] = near[0]
        s1, c1 = sin(q[0]), cos(q[0])
    else:
        q[0] = atan2(z3[0], -z3[2])
        s1, c1 = z3[0] / across, -z3[2] / across
    s2, c2 = -z3[1], across
    # x3 = (-s1 s2, -c2, c1 s2) and y3 = (-c1, 0, -s1): roll turns them into link 4, whose z is the shaft.
    q[3] = atan2(s1 * s2 * z5[0] + c2 * z5[1] - c1 * s2 * z5[2], -c1 * z5[0] - s1 * z5[2])
    q[4] = atan2(
        -(z3[0] * x5[0] + z3[1] * x5[1] + z3[2] * x5[2]),
        (z5[1] * z3[2] - z5[2] * z3[1]) * x5[0]
        + (z5[2] * z3[0] - z5[0] * z3[2]) * x5[1]
        + (z5[0] * z3[1] - z5[1] * z3[0]) * x5[2],
    ) + M_PI_2
    for i in range(6):
        if i != 2:
            q[i] = psm_unwrap(q[i], near[i], arm.position_min[i], arm.position_max[i])
        if q[i] < arm.position_min[i]:
            if q[i] < arm.position_min[i] - slack and status == STATUS_OK:
                status = STATUS_LIMITED
            q[i] = arm.position_min[i]
        elif q[i] > arm.position_max[i]:
            if q[i] > arm.position_max[i] + slack and status == STATUS_OK:
                status = STATUS_LIMITED
            q[i] = arm.position_max[i]
    return status
