"""The PSM's inverse for compiled callers. No GIL, no allocation."""

from kinematics.chain cimport JOINTS_MAX, Pose

cdef struct Psm:
    double wrist_a        # from the wrist pitch axis to the wrist yaw axis, m
    double depth_offset   # the wrist stands q[2] + depth_offset beyond the remote centre, m
    double position_min[JOINTS_MAX]
    double position_max[JOINTS_MAX]
    double R_T6[9]


cdef int psm_fill(Psm* arm, object description) except -1
cdef int psm_inverse(const Psm* arm, const Pose* T, const double* near, double* q) noexcept nogil
