# cython: cdivision=True
"""Joints that move with their tip, and never beyond a joint's limits. The lower half of `motion.pyx`.

A tick holds the joints' acceleration constant: what they keep at the ticks they keep between them. Whatever is wanted, a
stop of all joints in proportion stays possible: it needs no more than each joint's own acceleration, ends where the joints
now point, and is what everything else is blended with.
"""

from libc.math cimport fabs
from libc.string cimport memcpy, memset

from kinematics.approach cimport brake, within
from kinematics.arm cimport Arm
from kinematics.chain cimport JOINTS_MAX, Pose, chain_jacobian
from kinematics.spatial cimport apply, invert, norm3

# Part of the tip's decelerations that a stop in proportion uses: a fast wrist bends its path, which takes the rest.
cdef double STRAIGHT = 0.75

# Of a joint that stands at its limit, and is to stay there.
cdef double ROUNDING = 1e-13


cdef class Setpoint:
    """Position and velocity of the six joints of `arm`. Raises ValueError for an arm that has not six."""

    def __cinit__(self, Arm arm not None):
        joints = arm.description.joints
        if len(joints) != N:
            raise ValueError(f"{arm.description.name} has {len(joints)} joints; a tip's pose determines {N}")
        tip = arm.description.tip
        self.arm = arm
        for i in range(N):
            self.low[i] = joints[i].position_min
            self.high[i] = joints[i].position_max
            self.velocity_max[i] = joints[i].velocity_max
            self.acceleration_max[i] = joints[i].acceleration_max
        self.low[2] = max(self.low[2], tip.wrist_depth_min_m - arm.kernel.psm.depth_offset)
        self.linear.speed = tip.speed_max_m_s
        self.linear.acceleration = tip.acceleration_max_m_s2
        self.linear.deceleration = self.linear.planned = tip.stop_deceleration_m_s2
        self.angular.speed = tip.angular_speed_max_rad_s
        self.angular.acceleration = tip.angular_acceleration_max_rad_s2
        self.angular.deceleration = self.angular.planned = tip.stop_angular_deceleration_rad_s2

    cdef void rest(self, const double* q) noexcept nogil:
        """Be at rest at `q`."""
        memcpy(self.q, q, N * sizeof(double))
        memset(self.qd, 0, sizeof(self.qd))
        self.observe()

    cdef double stopping_time(self, const double* qd, const double* twist) noexcept nogil:
        """Time in which all joints can come to rest together, in proportion, within the limits of joints and tip."""
        cdef double time = norm3(twist) / (STRAIGHT * self.linear.deceleration)
        cdef int i
        time = max(time, norm3(twist + 3) / (STRAIGHT * self.angular.deceleration))
        for i in range(N):
            time = max(time, fabs(qd[i]) / self.acceleration_max[i])
        return time

    cdef void halt(self, double tick) noexcept nogil:
        """One tick of braking, the tip on its path."""
        cdef double[6] want
        self.look_ahead(tick)
        self._brake(tick, want)
        self.advance(want, NULL, NULL, tick)

    cdef void _brake(self, double tick, double* want) noexcept nogil:
        """Velocity of the tip after a tick of braking, in translation and in rotation each as hard as it may."""
        brake(self.twist, self.linear.deceleration, tick, want)
        brake(self.twist + 3, self.angular.deceleration, tick, want + 3)

    cdef void look_ahead(self, double tick) noexcept nogil:
        """The Jacobian where the tick will end, and its inverse."""
        cdef double[JOINTS_MAX] q
        cdef double[6 * JOINTS_MAX] used_up
        cdef Pose tip
        cdef int i
        for i in range(N):
            q[i] = self.q[i] + self.qd[i] * tick
        chain_jacobian(&self.arm.kernel.chain, q, &tip, self.J)
        memcpy(used_up, self.J, 36 * sizeof(double))
        self.regular = invert(used_up, self.J_inverse)

    cdef void advance(self, const double* want, const double* keep, const double* bend, double tick) noexcept nogil:
        """Take the joints through the tick, as near to the tip's velocity `want` as they may.

        What is too much for a joint is cut short towards the tip's velocity `keep`, if all joints can have that, else
        towards a stop of all joints in proportion, which they always can. Where a joint's position limit is in the way, the
        joints take the velocity `bend` instead; `keep` and `bend` may be NULL.
        """
        cdef double[N] stop, base, goal, v
        cdef double time = self.stopping_time(self.qd, self.twist)
        cdef double left = 1.0 - tick / time if time > tick else 0.0
        cdef int i
        for i in range(N):
            stop[i] = base[i] = v[i] = self.qd[i] * left
        if self.regular:
            if keep != NULL:
                apply(self.J_inverse, keep, goal)
                if self._part_allowed(self.qd, goal, tick) >= 1.0:
                    memcpy(base, goal, sizeof(base))
            apply(self.J_inverse, want, goal)
            self._blend(base, goal, tick, v)
            if bend != NULL and not self._has_room(v, tick):
                self._blend(stop, bend, tick, v)
        self._retreat(v, stop, tick)
        for i in range(N):
            self.q[i] += 0.5 * (self.qd[i] + v[i]) * tick
            self.qd[i] = v[i]
        self.observe()

    cdef void _blend(self, const double* base, const double* goal, double tick, double* v) noexcept nogil:
        """As far from `base` towards `goal` as joint speeds and accelerations allow."""
        cdef double part = self._part_allowed(base, goal, tick)
        cdef int i
        for i in range(N):
            v[i] = base[i] + part * (goal[i] - base[i])

    cdef double _part_allowed(self, const double* base, const double* goal, double tick) noexcept nogil:
        """How far from `base`, which is allowed, towards `goal` joint speeds and accelerations are; 1 is all the way."""
        cdef double part = 1.0, low, high, room
        cdef int i
        for i in range(N):
            high = min(self.velocity_max[i], self.qd[i] + self.acceleration_max[i] * tick)
            low = max(-self.velocity_max[i], self.qd[i] - self.acceleration_max[i] * tick)
            if low <= goal[i] <= high:
                continue
            room = high - base[i] if goal[i] > high else low - base[i]
            part = min(part, room / (goal[i] - base[i])) if room * (goal[i] - base[i]) > 0.0 else 0.0
        return part

    cdef void _retreat(self, double* v, const double* stop, double tick) noexcept nogil:
        """Take into `v` as much braking as position limits, and the tip's own, need: of the tip if that will do, else `stop`."""
        cdef double[6] want
        cdef double[N] goal, halted
        cdef int i, halving
        if self._allowed(v, tick):
            return
        memcpy(halted, stop, sizeof(halted))
        if self.regular:
            self._brake(tick, want)
            apply(self.J_inverse, want, goal)
            self._blend(stop, goal, tick, halted)
            if not self._allowed(halted, tick):
                memcpy(halted, stop, sizeof(halted))
        for halving in range(4):
            for i in range(N):
                v[i] = 0.5 * (v[i] + halted[i])
            if self._allowed(v, tick):
                return
        memcpy(v, halted, sizeof(halted))

    cdef bint _allowed(self, const double* v, double tick) noexcept nogil:
        """Whether a tick may end at joint velocities `v`, which joint speeds and accelerations allow."""
        cdef double[6] twist
        apply(self.J, v, twist)
        return (
            self._has_room(v, tick)
            and within(self.twist, twist, &self.linear, tick)
            and within(self.twist + 3, twist + 3, &self.angular, tick)
        )

    cdef bint _has_room(self, const double* v, double tick) noexcept nogil:
        """Whether after this tick a stop of all joints in proportion still ends inside the position limits.

        A joint that starts beyond a limit may only come back.
        """
        cdef double[6] twist
        cdef double time, middle, room
        cdef int i
        apply(self.J, v, twist)
        time = self.stopping_time(v, twist) + TICK_MAX_MS * 1e-3 + tick
        for i in range(N):
            middle = self.q[i] + 0.5 * self.qd[i] * tick
            room = self.high[i] - middle if v[i] > 0.0 else middle - self.low[i]
            if fabs(v[i]) * time > 2.0 * max(room, 0.0) + ROUNDING:
                return False
        return True

    cdef void observe(self) noexcept nogil:
        """Pose and velocity of the tip, from the joints."""
        cdef double[6 * JOINTS_MAX] J
        chain_jacobian(&self.arm.kernel.chain, self.q, &self.tip, J)
        apply(J, self.qd, self.twist)
