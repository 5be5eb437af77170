"""The law by which a point closes in on a pose, for compiled callers; see `approach.pyx`."""

cdef struct Bounds:  # of one tick, of translation or of rotation, per second
    double speed
    double acceleration  # speeding up and turning
    double deceleration  # slowing down
    double planned       # deceleration that the approach counts on, at most `deceleration`


cdef void approach(const double* e, const double* v, const Bounds* bounds, double dt, double* v_next) noexcept nogil
cdef void brake(const double* v, double deceleration, double dt, double* v_next) noexcept nogil
cdef bint within(const double* v, const double* v_next, const Bounds* bounds, double dt) noexcept nogil
