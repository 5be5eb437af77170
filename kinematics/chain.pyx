"""Any serial arm as a chain of modified DH rows (Craig): one forward and one Jacobian for all of them.

`reference.py` says the same in readable form. Here what does not change with the joints is worked out once, and the frame
is carried along as three axes and an origin, since each row turns only two of the axes at a time.
"""

from libc.math cimport cos, sin

import math

from kinematics.description import DescriptionError

cdef struct Axes:  # the joints' axes and a point on each, in the base
    double z[JOINTS_MAX][3]
    double p[JOINTS_MAX][3]


cdef int chain_fill(Chain* chain, object description) except -1:
    """Work out the rows of a RobotDescription. Raises DescriptionError if there are more than are compiled for."""
    cdef int i
    if len(description.joints) > JOINTS_MAX:
        raise DescriptionError(
            f"{description.name}: {len(description.joints)} joints; compiled for {JOINTS_MAX}: raise JOINTS_MAX in chain.pxd"
        )
    chain.n = len(description.joints)
    for i, joint in enumerate(description.joints):
        chain.rows[i].cos_alpha = math.cos(joint.alpha_rad)
        chain.rows[i].sin_alpha = math.sin(joint.alpha_rad)
        chain.rows[i].a = joint.a_m
        chain.rows[i].d = joint.d_m
        chain.rows[i].theta = joint.theta_rad
        chain.rows[i].cos_theta = math.cos(joint.theta_rad)
        chain.rows[i].sin_theta = math.sin(joint.theta_rad)
        chain.rows[i].prismatic = joint.prismatic
    for i in range(9):
        chain.R_6T[i] = description.R_6T[i // 3][i % 3]
    return 0


cdef inline void chain_walk(const Chain* chain, const double* q, Pose* tip, Axes* axes) noexcept nogil:
    """Pose of the tip at `q`; with `axes` not NULL also what the Jacobian needs on the way there."""
    cdef double x0 = 1.0, x1 = 0.0, x2 = 0.0, y0 = 0.0, y1 = 1.0, y2 = 0.0, z0 = 0.0, z1 = 0.0, z2 = 1.0
    cdef double p0 = 0.0, p1 = 0.0, p2 = 0.0
    cdef double c, s, d, u0, u1, u2
    cdef const Row* row
    cdef const double* K = &chain.R_6T[0]
    cdef int i
    for i in range(chain.n):
        row = &chain.rows[i]
        if row.prismatic:
            d = row.d + q[i]
            c = row.cos_theta
            s = row.sin_theta
        else:
            d = row.d
            c = cos(q[i] + row.theta)
            s = sin(q[i] + row.theta)
        u0 = row.cos_alpha * y0 + row.sin_alpha * z0  # y, turned about x by alpha
        u1 = row.cos_alpha * y1 + row.sin_alpha * z1
        u2 = row.cos_alpha * y2 + row.sin_alpha * z2
        z0 = row.cos_alpha * z0 - row.sin_alpha * y0
        z1 = row.cos_alpha * z1 - row.sin_alpha * y1
        z2 = row.cos_alpha * z2 - row.sin_alpha * y2
        p0 += row.a * x0 + d * z0
        p1 += row.a * x1 + d * z1
        p2 += row.a * x2 + d * z2
        y0 = c * u0 - s * x0
        y1 = c * u1 - s * x1
        y2 = c * u2 - s * x2
        x0 = c * x0 + s * u0
        x1 = c * x1 + s * u1
        x2 = c * x2 + s * u2
        if axes != NULL:
            axes.z[i][0] = z0
            axes.z[i][1] = z1
            axes.z[i][2] = z2
            axes.p[i][0] = p0
            axes.p[i][1] = p1
            axes.p[i][2] = p2
    tip.p[0] = p0
    tip.p[1] = p1
    tip.p[2] = p2
    for i in range(3):
        tip.R[i] = x0 * K[i] + y0 * K[3 + i] + z0 * K[6 + i]
        tip.R[3 + i] = x1 * K[i] + y1 * K[3 + i] + z1 * K[6 + i]
        tip.R[6 + i] = x2 * K[i] + y2 * K[3 + i] + z2 * K[6 + i]


cdef void chain_forward(const Chain* chain, const double* q, Pose* tip) noexcept nogil:
    chain_walk(chain, q, tip, NULL)


cdef void chain_jacobian(const Chain* chain, const double* q, Pose* tip, double* J) noexcept nogil:
    """The tip's pose, and the (6, n) Jacobian row by row: linear over angular, in the base. The tip is the last origin."""
    cdef Axes axes
    cdef int i, n = chain.n
    cdef double* z
    cdef double l0, l1, l2
    chain_walk(chain, q, tip, &axes)
    for i in range(n):
        z = &axes.z[i][0]
        if chain.rows[i].prismatic:
            J[i], J[n + i], J[2 * n + i] = z[0], z[1], z[2]
            J[3 * n + i], J[4 * n + i], J[5 * n + i] = 0.0, 0.0, 0.0
        else:
            l0 = tip.p[0] - axes.p[i][0]
            l1 = tip.p[1] - axes.p[i][1]
            l2 = tip.p[2] - axes.p[i][2]
            J[i] = z[1] * l2 - z[2] * l1
            J[n + i] = z[2] * l0 - z[0] * l2
            J[2 * n + i] = z[0] * l1 - z[1] * l0
            J[3 * n + i], J[4 * n + i], J[5 * n + i] = z[0], z[1], z[2]
