"""The fast kinematics of one arm: the mathematics of `reference.py`, compiled, behind arguments that are all checked.

Everything is in the base frame B, in metres and radians. Geometry never raises: a solution's status tells of it.
"""

from libc.math cimport isfinite, sqrt
from libc.string cimport memcpy

cimport numpy as cnp

import numpy as np

from kinematics.arrays cimport READ, WRITE, array, empty, finite, read_pose, rows, vector, write_pose
from kinematics.batch cimport forward_batch
from kinematics.chain cimport JOINTS_MAX, Pose, chain_fill, chain_forward, chain_jacobian
from kinematics.psm cimport psm_fill, psm_inverse

from kinematics.description import load_description
from kinematics.status import Status

cnp.import_array()

cdef tuple STATUSES = tuple(Status)


def load_robot(str name not None):
    """The arm called `name` (see `robot_names`). Raises DescriptionError, a ValueError, that names what is wrong."""
    return Arm(load_description(name))


cdef class Arm:
    """A serial arm. Arrays are float64, C-contiguous; those it shows are read-only.

    `joint_names` is a tuple of n; `position_min`, `position_max`, `velocity_max`, `acceleration_max` and `home` are (n,), in
    rad or m (per second, per second squared); `description` is the RobotDescription it was made of.
    """

    def __cinit__(self, description not None):
        joints = description.joints
        chain_fill(&self.kernel.chain, description)
        psm_fill(&self.kernel.psm, description)
        self.description = description
        self.joint_names = tuple(joint.name for joint in joints)
        self.position_min = _read_only([joint.position_min for joint in joints])
        self.position_max = _read_only([joint.position_max for joint in joints])
        self.velocity_max = _read_only([joint.velocity_max for joint in joints])
        self.acceleration_max = _read_only([joint.acceleration_max for joint in joints])
        self.home = _read_only([joint.home for joint in joints])

    def __repr__(self):
        return f"<arm {self.description.name}: {', '.join(self.joint_names)}>"

    def forward(self, q, out=None):
        """Pose of the tip, T_BT (4, 4), at joints `q` (n,); written into `out` if given. Raises TypeError or ValueError."""
        cdef Pose tip
        cdef double* T
        cdef const double* joints = vector(q, self.kernel.chain.n, "q")
        if out is None:
            out = empty(4, 4)
            T = <double*>cnp.PyArray_DATA(<cnp.ndarray>out)
        else:
            T = array(out, 2, 4, 4, WRITE, "out")
        chain_forward(&self.kernel.chain, joints, &tip)
        write_pose(&tip, T)
        return out

    def forward_cp(self, tuple joints not None):
        """Pose of the tip at `joints`, a tuple of n: (p_BT_m, q_BT), the quaternion (w, x, y, z). Raises ValueError.

        For callers that speak in tuples, as messages do: nothing is converted to an array and back.
        """
        cdef double[JOINTS_MAX] q
        cdef Pose tip
        cdef int i, n = self.kernel.chain.n
        if len(joints) != n:
            raise ValueError(f"joints must be {n} numbers, got {len(joints)}")
        for i in range(n):
            q[i] = joints[i]
            if not isfinite(q[i]):
                raise ValueError(f"joints[{i}] = {q[i]} must be finite")
        chain_forward(&self.kernel.chain, q, &tip)
        return pose_tuple(&tip)

    def forward_batch(self, Q):
        """Poses of the tip, (k, 4, 4), at the k rows of `Q` (k, n). Raises TypeError or ValueError."""
        cdef Py_ssize_t count = rows(Q, "Q")
        cdef int n = self.kernel.chain.n
        cdef const double* joints = array(Q, 2, count, n, READ, "Q")
        cdef cnp.npy_intp[3] shape = [count, 4, 4]
        finite(joints, count * n, n, "Q")
        poses = cnp.PyArray_EMPTY(3, shape, cnp.NPY_DOUBLE, 0)
        cdef double* T = <double*>cnp.PyArray_DATA(poses)
        with nogil:
            forward_batch(&self.kernel.chain, joints, count, T)
        return poses

    def jacobian(self, q, out=None):
        """Jacobian (6, n) at `q` (n,), in the base: the tip's linear velocity over its angular. Raises TypeError or ValueError."""
        cdef Pose tip
        cdef double* J
        cdef double[6 * JOINTS_MAX] own  # `out` may overlap with `q`
        cdef int n = self.kernel.chain.n
        cdef const double* joints = vector(q, n, "q")
        if out is None:
            out = empty(6, n)
            J = <double*>cnp.PyArray_DATA(<cnp.ndarray>out)
        else:
            J = array(out, 2, 6, n, WRITE, "out")
        chain_jacobian(&self.kernel.chain, joints, &tip, own)
        memcpy(J, own, 6 * n * sizeof(double))
        return out

    def inverse(self, T, q_near, out=None):
        """Joints that put the tip at `T` (4, 4), of the solutions inside the limits the one nearest to `q_near` (n,).

        Returns a Solution, or refills the one handed in as `out`; `q_near` may be its `q`. Raises TypeError or ValueError on
        arrays that are no pose or no joints, never on a pose that cannot be reached: read `status`.
        """
        cdef Pose pose
        cdef double[JOINTS_MAX] q
        cdef const double* matrix = array(T, 2, 4, 4, READ, "T")
        cdef const double* near = vector(q_near, self.kernel.chain.n, "q_near")
        cdef Solution solution
        read_pose(matrix, &pose, "T")
        if out is None:
            solution = Solution(self)
        elif type(out) is Solution and (<Solution>out).n == self.kernel.chain.n:
            solution = <Solution>out
        else:
            raise TypeError(f"out must be a Solution of {self.kernel.chain.n} joints, got {out!r}; leave it out to have one made")
        solution.status = STATUSES[arm_inverse(&self.kernel, &pose, near, q)]
        memcpy(solution.values, q, self.kernel.chain.n * sizeof(double))
        return solution

    def inverse_batch(self, T, Q_near):
        """`inverse` of each pose of `T` (k, 4, 4), near the rows of `Q_near` (k, n): joints (k, n), and Status numbers (k,) int8."""
        cdef Py_ssize_t i, count = rows(T, "T")
        cdef int n = self.kernel.chain.n
        cdef const double* matrices = array(T, 3, count, 4, READ, "T")
        cdef const double* near = array(Q_near, 2, count, n, READ, "Q_near")
        cdef Pose pose
        finite(near, count * n, n, "Q_near")
        Q = np.empty((count, n))
        statuses = np.empty(count, dtype=np.int8)
        cdef double* q = <double*>cnp.PyArray_DATA(Q)
        cdef cnp.int8_t* status = <cnp.int8_t*>cnp.PyArray_DATA(statuses)
        for i in range(count):
            read_pose(matrices + 16 * i, &pose, "T")
            status[i] = arm_inverse(&self.kernel, &pose, near + i * n, q + i * n)
        return Q, statuses


cdef class Solution:
    """What `Arm.inverse` found: `q` (n,), always inside the joint limits, and its `status`.

    `q` is read-only, and changes when the solution is handed to `inverse` as `out`.
    """

    def __cinit__(self, Arm arm not None):
        self.n = arm.kernel.chain.n
        self.q = _read_only(arm.home)
        self.values = <double*>cnp.PyArray_DATA(<cnp.ndarray>self.q)
        self.status = STATUSES[0]

    def __repr__(self):
        return f"Solution({self.status.name}, q={self.q.tolist()})"


cdef int arm_inverse(const Kernel* kernel, const Pose* T, const double* near, double* q) noexcept nogil:
    """Joints at which the tip is at `T`, clamped to their limits; returns a status. `q` and `near` must not overlap."""
    return psm_inverse(&kernel.psm, T, near, q)


cdef _read_only(numbers):
    array = np.array(numbers, dtype=np.float64)
    array.flags.writeable = False
    return array


cdef tuple pose_tuple(const Pose* pose):
    """(p, q) of a frame; the quaternion by Shepperd's method, from whichever of its terms is the largest."""
    cdef const double* R = &pose.R[0]
    cdef double[4] square = [R[0] + R[4] + R[8], R[0] - R[4] - R[8], R[4] - R[0] - R[8], R[8] - R[0] - R[4]]
    cdef int k, largest = 0
    cdef double root, s
    for k in range(1, 4):
        if square[k] > square[largest]:
            largest = k
    root = sqrt(1.0 + square[largest])
    s = 0.5 / root
    if largest == 0:
        q = (0.5 * root, (R[7] - R[5]) * s, (R[2] - R[6]) * s, (R[3] - R[1]) * s)
    elif largest == 1:
        q = ((R[7] - R[5]) * s, 0.5 * root, (R[3] + R[1]) * s, (R[2] + R[6]) * s)
    elif largest == 2:
        q = ((R[2] - R[6]) * s, (R[3] + R[1]) * s, 0.5 * root, (R[7] + R[5]) * s)
    else:
        q = ((R[3] - R[1]) * s, (R[2] + R[6]) * s, (R[7] + R[5]) * s, 0.5 * root)
    return (pose.p[0], pose.p[1], pose.p[2]), q
