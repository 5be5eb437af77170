"""Joints that move with their tip, for compiled callers; see `setpoint.pyx`."""

from kinematics.approach cimport Bounds
from kinematics.arm cimport Arm
from kinematics.chain cimport JOINTS_MAX, Pose

cdef enum:
    N = 6  # joints that a tip's pose determines

cdef enum:
    TICK_MAX_MS = 5  # longer ticks count as this long: after a gap the arm is late rather than far


cdef class Setpoint:
    cdef readonly Arm arm
    cdef double[N] low, high, velocity_max, acceleration_max  # `low` keeps the wrist beyond the remote centre too
    cdef Bounds linear, angular  # of the tip; their `speed` and `planned` are those of the newest plan
    cdef double[JOINTS_MAX] q
    cdef double[N] qd
    cdef double[6] twist  # the tip's velocity over its angular velocity
    cdef Pose tip
    cdef double[6 * JOINTS_MAX] J  # where this tick will end
    cdef double[6 * JOINTS_MAX] J_inverse
    cdef bint regular  # whether there is one

    cdef void rest(self, const double* q) noexcept nogil
    cdef double stopping_time(self, const double* qd, const double* twist) noexcept nogil
    cdef void look_ahead(self, double tick) noexcept nogil
    cdef void advance(self, const double* want, const double* keep, const double* bend, double tick) noexcept nogil
    cdef void _blend(self, const double* base, const double* goal, double tick, double* v) noexcept nogil
    cdef void halt(self, double tick) noexcept nogil
    cdef double _part_allowed(self, const double* base, const double* goal, double tick) noexcept nogil
    cdef void _retreat(self, double* v, const double* stop, double tick) noexcept nogil
    cdef bint _allowed(self, const double* v, double tick) noexcept nogil
    cdef void _brake(self, double tick, double* want) noexcept nogil
    cdef bint _has_room(self, const double* v, double tick) noexcept nogil
    cdef void observe(self) noexcept nogil
