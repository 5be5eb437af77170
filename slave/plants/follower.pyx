# cython: boundscheck=False, wraparound=False
# Every index runs over a length that __init__ found all arrays to have, or that the method itself has checked.
"""Where the servo of one arm should be at any moment: the newest setpoint, and what becomes of it when none follows."""

from libc.math cimport fabs, fmax, fmin
from libc.stdint cimport int64_t

COAST_NS = 2_000_000
"""How long after its stamp a setpoint's velocity is trusted: a late tick passes unfelt; at 0.2 m/s it is 0.4 mm."""

cdef int64_t COAST = COAST_NS
cdef enum: AXES_MAX = 16


cdef class Follower:
    """The reference of one arm: a pure function of the newest setpoint and of the time since.

    It goes on at the setpoint's velocity for COAST_NS, then comes to rest along a straight line in joint space, as fast
    as the joint nearest to its limit of acceleration allows. So a stream that falters ends at rest before a watchdog.
    `position` and `velocity` are (n,) parts of the caller's arrays and are written in place. Raises ValueError where
    they and `acceleration_max` are not of one length of at most 16.
    """

    cdef double[::1] position, velocity
    cdef double position_0[AXES_MAX]
    cdef double velocity_0[AXES_MAX]
    cdef double acceleration_max[AXES_MAX]
    cdef Py_ssize_t axes
    cdef int64_t origin_ns
    # How long the deceleration takes; 0 while coasting, for it is computed when it begins.
    cdef int64_t brake_ns
    cdef readonly bint resting

    def __init__(self, double[::1] position, double[::1] velocity, double[::1] acceleration_max):
        cdef Py_ssize_t i
        self.axes = position.shape[0]
        if not (velocity.shape[0] == acceleration_max.shape[0] == self.axes <= AXES_MAX):
            raise ValueError(
                f"wants three arrays of one length of at most {AXES_MAX}, got {position.shape[0]}, {velocity.shape[0]}"
                f" and {acceleration_max.shape[0]}"
            )
        self.position, self.velocity = position, velocity
        for i in range(self.axes):
            self.position_0[i] = position[i]
            self.velocity_0[i] = 0.0
            self.acceleration_max[i] = acceleration_max[i]
        self.origin_ns = self.brake_ns = 0
        self.resting = True

    def track(self, tuple position, tuple velocity, int64_t stamp_ns):
        """Take a new setpoint, which is meant for `stamp_ns`: as many finite numbers as there are axes.

        Raises ValueError on another number of them; does not check what they are.
        """
        cdef Py_ssize_t i
        if not (len(position) == len(velocity) == self.axes):
            raise ValueError(f"wants {self.axes} positions and velocities, got {len(position)} and {len(velocity)}")
        for i in range(self.axes):
            self.position_0[i] = position[i]
            self.velocity_0[i] = velocity[i]
        self.origin_ns, self.brake_ns, self.resting = stamp_ns, 0, False

    def may_go_to(self, tuple position, tuple jumps):
        """Whether each axis's reference now is within its jump of `position`. False for what is not finite.

        Raises ValueError on another number of either.
        """
        cdef Py_ssize_t i
        cdef double far, most
        if not (len(position) == len(jumps) == self.axes):
            raise ValueError(f"wants {self.axes} positions and jumps, got {len(position)} and {len(jumps)}")
        for i in range(self.axes):
            far, most = position[i] - self.position[i], jumps[i]
            if not fabs(far) <= most:
                return False
        return True

    def rest_at(self, double[::1] position):
        """Rest at `position` from now on. Raises ValueError on another number of axes."""
        cdef Py_ssize_t i
        if position.shape[0] != self.axes:
            raise ValueError(f"wants {self.axes} positions, got {position.shape[0]}")
        for i in range(self.axes):
            self.position[i], self.velocity[i] = position[i], 0.0
        self.resting = True

    def slide(self, int axis, double by):
        """Move the reference of one axis, as nothing should. To rehearse that it is noticed."""
        if not 0 <= axis < self.axes:
            raise ValueError(f"axis is {axis}: 0 to {self.axes - 1} are there")
        self.position[axis] += by

    def stop(self, int64_t now_ns):
        """Begin to come to rest from the present reference. Returns the time at which it rests."""
        cdef Py_ssize_t i
        if self.resting:
            return now_ns
        for i in range(self.axes):
            self.position_0[i], self.velocity_0[i] = self.position[i], self.velocity[i]
        self._begin_braking(now_ns)
        return now_ns + self.brake_ns

    def advance(self, int64_t now_ns):
        """Write the reference of `now_ns` into `position` and `velocity`."""
        cdef int64_t elapsed_ns
        cdef Py_ssize_t i
        cdef double ratio
        if self.resting:
            return
        elapsed_ns = now_ns - self.origin_ns
        if self.brake_ns == 0:
            if elapsed_ns <= COAST:
                self._write(fmax(<double>elapsed_ns, 0.0) * 1e-9, 1.0)
                return
            self._write(COAST * 1e-9, 1.0)
            for i in range(self.axes):
                self.position_0[i] = self.position[i]
            self._begin_braking(self.origin_ns + COAST)
            elapsed_ns -= COAST
        # s(t) = t - t^2 / 2T along the velocity of the beginning, until it vanishes at T.
        ratio = fmin(<double>elapsed_ns / <double>self.brake_ns, 1.0)
        self._write((ratio - 0.5 * ratio * ratio) * <double>self.brake_ns * 1e-9, 1.0 - ratio)
        self.resting = ratio == 1.0

    cdef void _begin_braking(self, int64_t now_ns) noexcept:
        cdef double braking_s = 0.0
        cdef Py_ssize_t i
        for i in range(self.axes):
            braking_s = fmax(braking_s, fabs(self.velocity_0[i]) / self.acceleration_max[i])
        self.origin_ns, self.brake_ns = now_ns, <int64_t>(braking_s * 1e9) + 1

    cdef void _write(self, double seconds_along, double share_of_velocity) noexcept:
        cdef Py_ssize_t i
        for i in range(self.axes):
            self.position[i] = self.position_0[i] + self.velocity_0[i] * seconds_along
            self.velocity[i] = self.velocity_0[i] * share_of_velocity
