"""A serial arm for compiled callers: its rows, a pose, forward and Jacobian. No GIL, no allocation."""

cdef enum:
    JOINTS_MAX = 8

cdef enum:  # the numbers of kinematics.status.Status
    STATUS_OK = 0
    STATUS_LIMITED = 1
    STATUS_SINGULAR = 2
    STATUS_UNREACHABLE = 3


cdef struct Row:
    double cos_alpha
    double sin_alpha
    double a
    double d
    double theta
    double cos_theta  # of prismatic joints, whose theta is fixed
    double sin_theta
    bint prismatic


cdef struct Chain:
    int n
    Row rows[JOINTS_MAX]
    double R_6T[9]


cdef struct Pose:  # a frame in the base; R row by row
    double R[9]
    double p[3]


cdef int chain_fill(Chain* chain, object description) except -1
cdef void chain_forward(const Chain* chain, const double* q, Pose* tip) noexcept nogil
cdef void chain_jacobian(const Chain* chain, const double* q, Pose* tip, double* J) noexcept nogil
