# cython: cdivision=True
"""The setpoint of one arm: it follows commanded poses within every limit, and can stop at each of them. Handed the time.

A tick is planned in the tip's space (`approach.pyx`), and carried into the joints where every joint keeps its limits
(`setpoint.pyx`). All limits are per second, whatever the length of the tick. Nothing here allocates or blocks.
"""

from libc.math cimport INFINITY, M_PI, fabs, isfinite, sqrt
from libc.string cimport memset

from kinematics.approach cimport Bounds, approach
from kinematics.arm cimport Arm, arm_inverse, pose_tuple
from kinematics.chain cimport JOINTS_MAX, STATUS_LIMITED, STATUS_OK, Pose
from kinematics.setpoint cimport N, TICK_MAX_MS, Setpoint
from kinematics.spatial cimport dot3, norm3, rotation_error

from kinematics.status import Status

cdef tuple STATUSES = tuple(Status)

# A stop may end this far beyond v^2 / (2 stop_deceleration); the specification grants 0.5 mm, and in rotation likewise.
cdef double STOP_EXCESS_M = 0.4e-3
cdef double STOP_EXCESS_RAD = 7e-3
# Part of the braking ability that is planned with; the rest is for its change on the way, and for turning meanwhile.
cdef double PLANNED = 0.9
# Below these errors translation and rotation need not be able to brake in full at once.
cdef double NEAR_M = 0.2e-3
cdef double NEAR_RAD = 2e-3
# Nearer and slower than this is there: rest is exact, and nothing hunts for the last nanometre.
cdef double REST_M = 1e-7
cdef double REST_RAD = 1e-6
cdef double REST_RATE = 300.0
# Nearer than this the way may lead round a joint limit: off the tip's straight path by 0.2 mm at most.
cdef double BEND_M = 0.010
cdef double BEND_RAD = 0.175
cdef double TICK_MIN_S = 1e-5
cdef double TICK_MAX_S = TICK_MAX_MS * 1e-3


cdef class Follower:
    """A setpoint, position and velocity, for the six joints of `arm`; at first at rest at `q0` (6 numbers, rad or m).

    `lag_m` and `lag_rad` tell how far the newest commanded pose is from the setpoint; 0 where it cannot be reached.
    Raises ValueError for arms that have not six joints, and for numbers that are not finite.
    """

    cdef readonly double lag_m, lag_rad
    cdef Setpoint point
    cdef double speed_max, angular_speed_max
    cdef int code

    def __init__(self, Arm arm not None, q0):
        self.point = Setpoint(arm)
        self.speed_max = arm.description.tip.speed_max_m_s
        self.angular_speed_max = arm.description.tip.angular_speed_max_rad_s
        self.rest_at(q0)

    def rest_at(self, q):
        """Forget all motion: the setpoint is at rest at `q` (6 numbers), as where drives are when they are taken over."""
        if len(q) != N or not all(isfinite(x) for x in q):
            raise ValueError(f"wants {N} finite joint positions, got {q!r}")
        cdef double[N] at
        for i in range(N):
            at[i] = q[i]
        self.point.rest(at)
        self.code = STATUS_OK
        self.lag_m = self.lag_rad = 0.0

    def servo_cp(self, tuple p_BT_m not None, tuple q_BT not None, double dt_s, double speed_cap_m_s):
        """One tick of `dt_s` towards the commanded pose, the tip no faster than `speed_cap_m_s`. Returns a Status.

        Other than OK, the pose cannot be reached (or not without a turn of the roll, or only with the wrist too near to the
        remote centre): the setpoint then brakes to rest, and there is no lag. Raises ValueError for what is not finite, a
        quaternion of no length, or a tick of no time.
        """
        cdef Pose goal
        cdef double tick = _tick(dt_s)
        cdef double[JOINTS_MAX] q_goal
        cdef double[6] error, want
        cdef double[N] bend
        cdef bint bends
        _read_command(p_BT_m, q_BT, &goal)
        if not speed_cap_m_s >= 0.0:
            raise ValueError(f"speed_cap_m_s = {speed_cap_m_s} must be 0 or more")
        self.code = self._reach(&goal, q_goal)
        if self.code != STATUS_OK:
            self.point.halt(tick)
            self.lag_m = self.lag_rad = 0.0
            return STATUSES[self.code]
        self._errors(&goal, error)
        self.point.look_ahead(tick)
        self._plan(error, min(speed_cap_m_s, self.speed_max), tick, want)
        bends = self._bend(q_goal, error, want, bend)
        self.point.advance(want, self.point.twist, bend if bends else NULL, tick)
        self._errors(&goal, error)
        self.lag_m = norm3(error)
        self.lag_rad = norm3(error + 3)
        return STATUSES[STATUS_OK]

    def stop(self, double dt_s):
        """One tick of stopping: along the path, as hard as the limits of tip and joints permit, to exact rest."""
        self.point.halt(_tick(dt_s))

    @property
    def setpoint_jp(self):
        """Joint positions, rad or m."""
        return (self.point.q[0], self.point.q[1], self.point.q[2], self.point.q[3], self.point.q[4], self.point.q[5])

    @property
    def setpoint_jv(self):
        """Joint velocities, rad/s or m/s."""
        return (self.point.qd[0], self.point.qd[1], self.point.qd[2], self.point.qd[3], self.point.qd[4], self.point.qd[5])

    @property
    def setpoint_cp(self):
        """Pose of the tip: (p_BT_m, q_BT), quaternion (w, x, y, z)."""
        return pose_tuple(&self.point.tip)

    @property
    def tip_speed_m_s(self):
        """Speed of the tip."""
        return norm3(self.point.twist)

    @property
    def stopping_distance_m(self):
        """A bound on how far the tip goes if `stop` is called from now on: at a constant deceleration, one tick of at most
        5 ms late, and with a tenth and 0.05 mm for how the turning wrist bends the path."""
        cdef double time = self.point.stopping_time(self.point.qd, self.point.twist) + TICK_MAX_S
        return 0.55 * norm3(self.point.twist) * time + (0.0 if self.at_rest else 5e-5)

    @property
    def at_rest(self):
        """Whether the setpoint stands still, exactly."""
        return not any(self.setpoint_jv)

    @property
    def status(self):
        """Of the newest command."""
        return STATUSES[self.code]

    cdef int _reach(self, const Pose* goal, double* q) noexcept nogil:
        """Status of a pose, as seen from where the setpoint is, and its joints."""
        cdef int i, code = arm_inverse(&self.point.arm.kernel, goal, self.point.q, q)
        if code != STATUS_OK:
            return code
        for i in range(N):
            if q[i] < self.point.low[i] or q[i] > self.point.high[i]:
                return STATUS_LIMITED
            # The other way round would be the shorter one, but for a limit: a straight path does not lead there.
            if not self.point.arm.kernel.chain.rows[i].prismatic and fabs(q[i] - self.point.q[i]) > M_PI:
                return STATUS_LIMITED
        return STATUS_OK

    cdef void _errors(self, const Pose* goal, double* error) noexcept nogil:
        cdef int i
        for i in range(3):
            error[i] = goal.p[i] - self.point.tip.p[i]
        rotation_error(self.point.tip.R, goal.R, error + 3)

    cdef void _plan(self, const double* error, double speed_cap, double tick, double* want) noexcept nogil:
        """The tip's wanted velocity over angular velocity at the end of the tick."""
        cdef Bounds* linear = &self.point.linear
        cdef Bounds* angular = &self.point.angular
        cdef double ability, share
        if (
            norm3(error) < REST_M
            and norm3(error + 3) < REST_RAD
            and norm3(self.point.twist) < REST_M * REST_RATE
            and norm3(self.point.twist + 3) < REST_RAD * REST_RATE
        ):
            memset(want, 0, 6 * sizeof(double))
            return
        ability = self._braking_ability(error)
        linear.planned = PLANNED * ability * linear.deceleration
        linear.speed = min(speed_cap, _speed_to_stop(ability, linear.deceleration, STOP_EXCESS_M))
        angular.planned = PLANNED * ability * angular.deceleration
        angular.speed = _speed_to_stop(ability, angular.deceleration, STOP_EXCESS_RAD)
        angular.speed = min(self.angular_speed_max, angular.speed)
        share = self._joint_speed_share(error)
        linear.speed /= share
        angular.speed /= share
        approach(error, self.point.twist, linear, tick, want)
        approach(error + 3, self.point.twist + 3, angular, tick, want + 3)

    cdef bint _bend(self, const double* q_goal, const double* error, const double* want, double* qd) noexcept nogil:
        """Joint velocities straight to the goal in joint space, which joint limits never block; false if it is far off.

        As fast as `want`. Between near poses it strays little from the tip's straight path.
        """
        cdef double way_m = norm3(error), way_rad = norm3(error + 3), rate = REST_RATE
        cdef int i
        if way_m > BEND_M or way_rad > BEND_RAD:
            return False
        if way_m > REST_M:
            rate = min(rate, norm3(want) / way_m)
        if way_rad > REST_RAD:
            rate = min(rate, norm3(want + 3) / way_rad)
        for i in range(N):
            qd[i] = rate * (q_goal[i] - self.point.q[i])
        return True

    cdef double _braking_ability(self, const double* error) noexcept nogil:
        """Part of the tip's stop decelerations that the joints can give along `error`, in translation and rotation at once."""
        cdef double[6] unit
        cdef double* row
        cdef double ability = 1.0, need
        cdef int i
        _directions(error, self.point.linear.deceleration / NEAR_M, self.point.linear.deceleration, unit)
        _directions(error + 3, self.point.angular.deceleration / NEAR_RAD, self.point.angular.deceleration, unit + 3)
        for i in range(N):
            row = &self.point.J_inverse[6 * i]
            need = fabs(dot3(row, unit)) + fabs(dot3(row + 3, unit + 3))
            if need * ability > self.point.acceleration_max[i]:
                ability = self.point.acceleration_max[i] / need
        return ability

    cdef double _joint_speed_share(self, const double* error) noexcept nogil:
        """How many times too fast for the joints the way `error` would be gone at these speeds; at least 1."""
        cdef double[6] velocity
        cdef double* row
        cdef double share = 1.0, rate
        cdef int i
        _directions(error, REST_RATE, self.point.linear.speed, velocity)
        _directions(error + 3, REST_RATE, self.point.angular.speed, velocity + 3)
        for i in range(N):
            row = &self.point.J_inverse[6 * i]
            rate = fabs(dot3(row, velocity) + dot3(row + 3, velocity + 3))
            share = max(share, rate / self.point.velocity_max[i])
        return share


cdef double _tick(double dt_s) except -1.0:
    if not dt_s > 0.0:
        raise ValueError(f"dt_s = {dt_s} must be above 0: hand in the time since the last tick")
    return min(max(dt_s, TICK_MIN_S), TICK_MAX_S)


cdef int _read_command(tuple p, tuple q, Pose* goal) except -1:
    """A commanded pose, its quaternion made unit."""
    cdef double w, x, y, z, length
    goal.p[0], goal.p[1], goal.p[2] = p
    w, x, y, z = q
    length = sqrt(w * w + x * x + y * y + z * z)
    if not (isfinite(goal.p[0]) and isfinite(goal.p[1]) and isfinite(goal.p[2]) and isfinite(length) and length > 0.5):
        raise ValueError(f"the commanded pose {p}, {q} is not finite or its quaternion not unit: reject it where it enters")
    w, x, y, z = w / length, x / length, y / length, z / length
    goal.R[0], goal.R[1], goal.R[2] = 1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y - w * z), 2.0 * (x * z + w * y)
    goal.R[3], goal.R[4], goal.R[5] = 2.0 * (x * y + w * z), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z - w * x)
    goal.R[6], goal.R[7], goal.R[8] = 2.0 * (x * z - w * y), 2.0 * (y * z + w * x), 1.0 - 2.0 * (x * x + y * y)
    return 0


cdef double _speed_to_stop(double ability, double deceleration, double excess) noexcept nogil:
    """Speed v that `ability * deceleration` stops within v^2 / (2 deceleration) + excess."""
    cdef double missing = 1.0 / ability - 1.0
    return sqrt(2.0 * excess * deceleration / missing) if missing > 0.0 else INFINITY


cdef void _directions(const double* error, double rate, double at_most, double* vector) noexcept nogil:
    """`error` times `rate`, no longer than `at_most`."""
    cdef double length = norm3(error)
    cdef double scale = at_most / length if rate * length > at_most else rate
    vector[0], vector[1], vector[2] = scale * error[0], scale * error[1], scale * error[2]
