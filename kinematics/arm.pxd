"""What compiled callers share of an arm. All of it runs without the GIL and without allocating.

Forward and Jacobian are `chain_forward` and `chain_jacobian` on `kernel.chain`; the inverse is `arm_inverse`.
"""

from kinematics.chain cimport Chain, Pose
from kinematics.psm cimport Psm

cdef struct Kernel:  # an arm's geometry, and what its inverse needs
    Chain chain
    Psm psm


cdef class Arm:
    cdef Kernel kernel
    cdef readonly object description
    cdef readonly tuple joint_names
    cdef readonly object position_min, position_max, velocity_max, acceleration_max, home


cdef class Solution:
    cdef int n
    cdef double* values
    cdef readonly object q
    cdef readonly object status


cdef int arm_inverse(const Kernel* kernel, const Pose* T, const double* near, double* q) noexcept nogil


cdef tuple pose_tuple(const Pose* pose)
