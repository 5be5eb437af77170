# cython: cdivision=True
"""The law by which a setpoint closes in on a commanded pose so that it can always stop there. No state, no allocation.

For translation and rotation alike, with e the way to go, d its length and v the velocity:

    u(d)  = g d                            near the pose,     d <= p / g^2
            sqrt(2 p d - p^2 / g^2)        farther off        (its tangent: braking at p ends where the line begins)
    dv/dt = g (u e/d - v) + d/dt (u e/d)   so that v = u e/d, once reached, is kept

A tick never ends faster than u(d) there: else what was sped up in a long tick could not be braked in time.

p is the deceleration that is counted on. Near the pose this is a linear, critically damped system of rate g, each axis on
its own: a hand that moves smoothly is followed smoothly, 2 / g late, and nothing overshoots or hunts. The tick holds its
acceleration constant, so a limit kept at ticks is kept between them.
"""

from libc.math cimport sqrt

from kinematics.spatial cimport norm3

# Rate of closing in, 1/s, and the most of it that a tick may take: up to 0.5 the sampled poles are real and positive.
cdef double RATE = 200.0
cdef double RATE_TIMES_TICK = 0.5


cdef void approach(const double* e, const double* v, const Bounds* bounds, double dt, double* v_next) noexcept nogil:
    """Velocity at the end of the tick, on the way `e` (3) from the velocity `v` (3)."""
    cdef double g = min(RATE, RATE_TIMES_TICK / dt)
    cdef double p = bounds.planned
    cdef double d = norm3(e)
    cdef double u = g * d, slope = g, ratio = g, radial = 0.0, ahead = 0.0
    cdef double unit[3]
    cdef double a[3]
    cdef double scale
    cdef int i
    if g * u > p:
        u = sqrt(2.0 * p * d - p * p / (g * g))
        slope = p / u
    if u > bounds.speed:
        u = bounds.speed
        slope = 0.0
    for i in range(3):
        unit[i] = e[i] / d if d > 0.0 else 0.0
        radial += unit[i] * v[i]
    if d > 0.0:
        ratio = u / d
    for i in range(3):
        a[i] = g * (u * unit[i] - v[i]) - ratio * v[i] - (slope - ratio) * radial * unit[i]
        ahead += unit[i] * (v[i] + a[i] * dt)
    ahead = max(ahead - _speed_at_end(d, radial, g, p, dt), 0.0)
    for i in range(3):
        a[i] -= unit[i] * ahead / dt
    scale = _excess(a, v, bounds, dt)
    for i in range(3):
        v_next[i] = v[i] + a[i] * dt / scale


cdef double _speed_at_end(double d, double v, double g, double p, double dt) noexcept nogil:
    """Speed v' at which a tick that began `d` away at the speed `v` ends with v' = u(d')."""
    cdef double square = 0.25 * p * p * dt * dt + 2.0 * p * d - p * v * dt - p * p / (g * g)
    cdef double end = sqrt(square) - 0.5 * p * dt if square > 0.0 else 0.0
    return end if end * g > p else g * (d - 0.5 * v * dt) / (1.0 + 0.5 * g * dt)


cdef double _excess(const double* a, const double* v, const Bounds* bounds, double dt) noexcept nogil:
    """How many times too large an acceleration is; at least 1.

    Allowed is half a disc ahead, half an ellipse behind: braking may be harder than speeding up and turning, together no
    more than convex, so that a mixture of two allowed accelerations is allowed.
    """
    cdef double speed = norm3(v)
    cdef double along = 0.0, total = 0.0, back
    cdef int i
    for i in range(3):
        total += a[i] * a[i]
        along += a[i] * v[i]
    along = along / speed if speed > 0.0 else 0.0
    total = max(total - along * along, 0.0) / (bounds.acceleration * bounds.acceleration)
    # Within one tick of rest braking turns into speeding up the other way.
    back = min(bounds.deceleration, max(bounds.acceleration, speed / dt)) if along < 0.0 else bounds.acceleration
    total += along * along / (back * back)
    return sqrt(total) if total > 1.0 else 1.0


cdef bint within(const double* v, const double* v_next, const Bounds* bounds, double dt) noexcept nogil:
    """Whether the velocity may change from `v` to `v_next` (3) in this tick."""
    cdef double a[3]
    cdef int i
    if norm3(v_next) > 1.001 * max(norm3(v), bounds.speed):
        return False
    for i in range(3):
        a[i] = (v_next[i] - v[i]) / dt
    return _excess(a, v, bounds, dt) < 1.001


cdef void brake(const double* v, double deceleration, double dt, double* v_next) noexcept nogil:
    """Velocity at the end of a tick of braking along the path, to rest if the tick is long enough."""
    cdef double speed = norm3(v)
    cdef double left = 1.0 - deceleration * dt / speed if speed > deceleration * dt else 0.0
    v_next[0], v_next[1], v_next[2] = v[0] * left, v[1] * left, v[2] * left
