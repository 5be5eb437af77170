# cython: boundscheck=False, wraparound=False
# Every index runs over the joints, of which __init__ found at most JOINTS_MAX and `posture` that `q` has as many.
"""`reference.Chain`, compiled: where an arm is, for a judge that looks a thousand times a second.

The mathematics is the reference's, line by line, and shares no code with the planner's (`chain.pyx`). The controller's
gate judges by it; supervisor and plant, who trust no compiled kinematics, go on judging by the reference.
"""

from libc.math cimport cos, sin

import math

from kinematics.chain cimport JOINTS_MAX
from kinematics.description import DescriptionError
from kinematics.reference import IDENTITY, WRIST, Posture, column

cdef struct Row:
    double cos_alpha, sin_alpha, a, d, theta
    bint prismatic


cdef class FastChain:
    """As `reference.Chain`; equal to it to 1e-12. Raises DescriptionError for more joints than are compiled for."""

    cdef Row[JOINTS_MAX] rows
    cdef double[12] base
    cdef int n, wrist

    def __init__(self, description, base=IDENTITY):
        cdef int i
        if len(description.joints) > JOINTS_MAX:
            raise DescriptionError(
                f"{description.name}: {len(description.joints)} joints; compiled for {JOINTS_MAX}: raise JOINTS_MAX in chain.pxd"
            )
        self.n = len(description.joints)
        self.wrist = WRIST
        for i, joint in enumerate(description.joints):
            self.rows[i].cos_alpha = math.cos(joint.alpha_rad)
            self.rows[i].sin_alpha = math.sin(joint.alpha_rad)
            self.rows[i].a = joint.a_m
            self.rows[i].d = joint.d_m
            self.rows[i].theta = joint.theta_rad
            self.rows[i].prismatic = joint.prismatic
        for i, (x, y, z) in enumerate((column(base.R, 0), column(base.R, 1), column(base.R, 2), base.p)):
            self.base[3 * i], self.base[3 * i + 1], self.base[3 * i + 2] = x, y, z

    def posture(self, tuple q not None):
        """The posture at joints `q` (n, rad or m); what follows them in `q` is not looked at.

        Raises ValueError for fewer. Joints that are not finite give a posture that is not.
        """
        cdef double x0, x1, x2, y0, y1, y2, z0, z1, z2, p0, p1, p2, u0, u1, u2, c, s, d, turn
        cdef const Row* row
        cdef tuple wrist = (0.0, 0.0, 0.0), shaft = (0.0, 0.0, 0.0)
        cdef int i
        if len(q) < self.n:
            raise ValueError(f"wants {self.n} joints, got {len(q)}")
        x0, x1, x2, y0, y1, y2 = self.base[0], self.base[1], self.base[2], self.base[3], self.base[4], self.base[5]
        z0, z1, z2, p0, p1, p2 = self.base[6], self.base[7], self.base[8], self.base[9], self.base[10], self.base[11]
        for i in range(self.n):
            row = &self.rows[i]
            d, turn = row.d, row.theta
            if row.prismatic:
                d += <double>q[i]
            else:
                turn += <double>q[i]
            u0 = row.cos_alpha * y0 + row.sin_alpha * z0
            u1 = row.cos_alpha * y1 + row.sin_alpha * z1
            u2 = row.cos_alpha * y2 + row.sin_alpha * z2
            z0 = row.cos_alpha * z0 - row.sin_alpha * y0
            z1 = row.cos_alpha * z1 - row.sin_alpha * y1
            z2 = row.cos_alpha * z2 - row.sin_alpha * y2
            p0 += row.a * x0 + d * z0
            p1 += row.a * x1 + d * z1
            p2 += row.a * x2 + d * z2
            c, s = cos(turn), sin(turn)
            y0, y1, y2 = c * u0 - s * x0, c * u1 - s * x1, c * u2 - s * x2
            x0, x1, x2 = c * x0 + s * u0, c * x1 + s * u1, c * x2 + s * u2
            if i == self.wrist:
                wrist, shaft = (p0, p1, p2), (z0, z1, z2)
        return Posture((p0, p1, p2), (x0, x1, x2), (y0, y1, y2), (z0, z1, z2), wrist, shaft)
