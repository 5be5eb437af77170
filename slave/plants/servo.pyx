# cython: boundscheck=False, wraparound=False
# Every index runs over a length that __init__ found all arrays to have.
"""The arithmetic of the computed-torque servo and of its motors' limits, in place, on the arrays of a simulation.

Compiled, for it is done at every step of the integration: in array operations it costs more than the physics.
"""

from libc.math cimport fabs, rint


cdef class Servo:
    """tau = M(q) a + h(q, dq/dt), a = wn^2 e + 2 zeta wn de/dt (Craig, section 10.5), clipped to what the motors give.

    All arrays are (n,) and stay the caller's, who computes `inertial`, M(q) a, between the two calls of a step. Raises
    ValueError where their lengths differ.
    """

    cdef double[::1] position, velocity, wanted_position, wanted_velocity, acceleration, inertial, bias, effort
    cdef double[::1] effort_max, speed_max
    cdef double stiffness, damping

    def __init__(
        self,
        double stiffness,
        double damping,
        *,
        double[::1] position,
        double[::1] velocity,
        double[::1] wanted_position,
        double[::1] wanted_velocity,
        double[::1] acceleration,
        double[::1] inertial,
        double[::1] bias,
        double[::1] effort,
        double[::1] effort_max,
        double[::1] speed_max,
    ):
        lengths = [
            len(position), len(velocity), len(wanted_position), len(wanted_velocity), len(acceleration), len(inertial),
            len(bias), len(effort), len(effort_max), len(speed_max),
        ]
        if len(set(lengths)) != 1:
            raise ValueError(f"arrays of lengths {lengths}: all must be of one")
        self.stiffness, self.damping = stiffness, damping
        self.position, self.velocity = position, velocity
        self.wanted_position, self.wanted_velocity = wanted_position, wanted_velocity
        self.acceleration, self.inertial, self.bias = acceleration, inertial, bias
        self.effort, self.effort_max, self.speed_max = effort, effort_max, speed_max

    def accelerate(self):
        """Write the acceleration that the servo wants."""
        cdef Py_ssize_t i
        for i in range(self.position.shape[0]):
            self.acceleration[i] = (
                self.damping * (self.wanted_velocity[i] - self.velocity[i])
                + self.stiffness * (self.wanted_position[i] - self.position[i])
            )

    def exert(self):
        """Write the efforts that bring it about, as far as the motors can."""
        cdef Py_ssize_t i
        cdef double effort, most
        for i in range(self.position.shape[0]):
            effort, most = self.inertial[i] + self.bias[i], self.effort_max[i]
            self.effort[i] = most if effort > most else -most if effort < -most else effort

    def measured_js(self, Py_ssize_t begin, Py_ssize_t end, double counts):
        """Positions, in whole steps of an encoder of so many `counts` a unit, velocities and efforts of some axes.

        Three tuples. Raises ValueError unless begin and end are in order and within the arrays.
        """
        cdef Py_ssize_t i
        if not 0 <= begin <= end <= self.position.shape[0]:
            raise ValueError(f"axes {begin} to {end}: there are {self.position.shape[0]}")
        return (
            tuple([rint(self.position[i] * counts) / counts for i in range(begin, end)]),
            tuple([self.velocity[i] for i in range(begin, end)]),
            tuple([self.effort[i] for i in range(begin, end)]),
        )

    def is_sound(self):
        """Whether every speed is one that is possible; false for NaN too."""
        cdef Py_ssize_t i
        for i in range(self.position.shape[0]):
            if not fabs(self.velocity[i]) < self.speed_max[i]:
                return False
        return True
