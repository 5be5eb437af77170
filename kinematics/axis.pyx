"""The setpoint of a single axis, such as a jaw: it follows commanded positions and can stop at each. Handed the time."""

from libc.math cimport fabs, isfinite

from kinematics.approach cimport Bounds, approach, brake
from kinematics.setpoint cimport TICK_MAX_MS

# Part of the deceleration that is planned with; the rest is for the sampling.
cdef double PLANNED = 0.9
# Nearer and slower than this, rad or m, is there: rest is exact.
cdef double REST = 1e-6
cdef double REST_RATE = 300.0


cdef class AxisFollower:
    """A setpoint, position and velocity, of one axis; at first at rest at `position`, which may lie beyond the limits.

    All in rad (or m), per second. Raises ValueError for limits that are not finite, or contradict each other.
    """

    cdef double low, high, velocity_max
    cdef Bounds bounds
    cdef readonly double setpoint_jp, setpoint_jv

    def __init__(
        self, double position_min, double position_max, double velocity_max, double acceleration_max, double position
    ):
        if not (isfinite(position_min) and isfinite(position_max) and position_min < position_max):
            raise ValueError(f"wants position_min < position_max, got {position_min}, {position_max}")
        if not (isfinite(velocity_max) and isfinite(acceleration_max) and velocity_max > 0.0 and acceleration_max > 0.0):
            raise ValueError(f"velocity_max and acceleration_max must be above 0, got {velocity_max}, {acceleration_max}")
        self.low = position_min
        self.high = position_max
        self.velocity_max = velocity_max
        self.bounds.acceleration = self.bounds.deceleration = acceleration_max
        self.bounds.planned = PLANNED * acceleration_max
        self.rest_at(position)

    def rest_at(self, double position):
        """Forget all motion: the setpoint is at rest at `position`."""
        if not isfinite(position):
            raise ValueError(f"position = {position} must be finite")
        self.setpoint_jp = position
        self.setpoint_jv = 0.0

    def servo_jp(self, double position, double dt_s, double speed_cap):
        """One tick of `dt_s` towards `position`, or the limit before it, no faster than `speed_cap`. Raises ValueError."""
        cdef double[3] error = [0.0, 0.0, 0.0]
        cdef double[3] v = [self.setpoint_jv, 0.0, 0.0]
        cdef double tick = _tick(dt_s)
        if not isfinite(position) or not speed_cap >= 0.0:
            raise ValueError(f"position = {position} must be finite and speed_cap = {speed_cap} 0 or more")
        error[0] = min(max(position, self.low), self.high) - self.setpoint_jp
        if fabs(error[0]) < REST and fabs(v[0]) < REST * REST_RATE:
            v[0] = 0.0
        else:
            self.bounds.speed = min(self.velocity_max, speed_cap)
            approach(error, v, &self.bounds, tick, v)
        self._advance(v[0], tick)

    def stop(self, double dt_s):
        """One tick of braking to exact rest, as hard as the acceleration limit permits."""
        cdef double[3] v = [self.setpoint_jv, 0.0, 0.0]
        cdef double tick = _tick(dt_s)
        brake(v, self.bounds.deceleration, tick, v)
        self._advance(v[0], tick)

    @property
    def at_rest(self):
        """Whether the setpoint stands still, exactly."""
        return self.setpoint_jv == 0.0

    cdef void _advance(self, double v, double tick) noexcept nogil:
        self.setpoint_jp += 0.5 * (self.setpoint_jv + v) * tick
        self.setpoint_jv = v


cdef double _tick(double dt_s) except -1.0:
    if not dt_s > 0.0:
        raise ValueError(f"dt_s = {dt_s} must be above 0: hand in the time since the last tick")
    return min(max(dt_s, 1e-5), TICK_MAX_MS * 1e-3)
