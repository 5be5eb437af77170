"""One arm in the controller's hands: its clutch epoch, its follower, and what the surgeon is told of it.

The follower works in the arm's base B; surgeons and messages speak of the world W. This file is where they meet.
"""

import math
from typing import NamedTuple

from kinematics.arm import Arm
from kinematics.axis import AxisFollower
from kinematics.description import Mount
from kinematics.motion import Follower
from kinematics.reference import quaternion_of
from kinematics.status import Status
from protocol.messages import ArmState, TipPose
from protocol.pose import (
    IDENTITY,
    ZERO,
    Pose,
    Quaternion,
    Vector,
    add,
    conjugate,
    multiply,
    norm,
    rotate,
    subtract,
    transformed,
    turned,
)
from protocol.records import ArmMeasured, ArmSetpoint, Jog
from safety.limits import Limits
from slave.jog import JogGoal
from slave.offset import NO_OFFSET, apply_offset, close_offset, offset_between

JAW_MEETING_SPEED_RAD_S = math.radians(36.0)
JAW_MET_RAD = math.radians(2.0)
"""After an engage the jaw moves no faster until it is so near to the hand's (dVRK's rule)."""


ORIGIN: Pose = (ZERO, IDENTITY)


class ArmTick(NamedTuple):
    """One tick of one arm: what the surgeon is told, and what the log adds. Positions in W."""

    state: ArmState
    commanded_p_W_m: Vector
    displacement_p_W_m: Vector


class MountedArm:
    """Follows one hand while it may, and rests otherwise.

    Within a clutch epoch the tip's target is the pose that it stood at when the epoch opened, moved on by what the hand
    has been displaced since that moment: the *pair* (base, opening). So an epoch never begins with a step.
    """

    def __init__(self, arm: Arm, mount: Mount, limits: Limits) -> None:
        self._arm = arm
        self._p_WB = mount.p_WB_m
        self._q_WB = quaternion_of(mount.R_WB)
        self._q_BW = conjugate(self._q_WB)
        self._tracking_error_max_m = limits.arm.opening_error_m
        self._people = limits.people
        self._jog: JogGoal | None = None
        self._follower = Follower(arm, tuple(arm.home.tolist()))
        jaw = arm.description.jaw
        self._jaw = AxisFollower(
            jaw.position_min, jaw.position_max, jaw.velocity_max, jaw.acceleration_max, jaw.position_min
        )
        self._ranges = (
            *zip(arm.position_min.tolist(), arm.position_max.tolist(), strict=True),
            (jaw.position_min, jaw.position_max),
        )
        self._jaw_speed_max = jaw.velocity_max
        self._jaw_met = False
        self._out_of_reach = self._hindered = False
        self._offset = NO_OFFSET
        self._joints = len(arm.joint_names)
        self._measured = ORIGIN
        self._measured_jp: tuple[float, ...] = tuple(arm.home.tolist())
        self._base = ORIGIN
        self._base_W = ORIGIN
        self._opening = ORIGIN
        self._commanded_p_W_m = ZERO
        self._pointed = ORIGIN
        self._displacement = ZERO
        self._newest_epoch = 0
        self._stands_at: tuple[float, ...] | None = None
        self.open_epoch = 0

    def see(self, measured: ArmMeasured) -> None:
        """Where the arm really is."""
        self._measured_jp = measured.position
        self._measured = self._arm.forward_cp(measured.position[: self._joints])

    def stand_at_measured(self) -> bool:
        """Take the measured joints for the setpoint: at the start, and while others decide where the arm goes.

        Returns whether that moves the setpoint: of an arm that stands already, at the same place, it does not.

        The jaw's setpoint stays: its fingers may hold tissue, and where they were stopped is not where they press.
        """
        # An open epoch goes on from here, and what this cost it closes slowly.
        self._out_of_reach = True
        if self._stands_at == self._measured_jp:
            return False
        self._follower.rest_at(tuple(map(_inside, self._measured_jp[: self._joints], self._ranges)))
        self._jaw.rest_at(self._jaw.setpoint_jp)
        self._stands_at = self._measured_jp
        return True

    def begin(self) -> None:
        """Stand where the arm is, jaw and all, for the first time."""
        self.stand_at_measured()
        self._jaw.rest_at(_inside(self._measured_jp[self._joints], self._ranges[self._joints]))

    def open(self, hand: TipPose) -> None:
        """Begin a clutch epoch: remember where the tip and the hand stand now."""
        setpoint = self._follower.setpoint_cp
        # An arm that is not where it was told to be is taken from where it is; its setpoint goes there in time.
        astray = norm(subtract(setpoint[0], self._measured[0])) > self._tracking_error_max_m
        self._base = self._measured if astray else setpoint
        self._base_W = self._in_world(self._base)
        self._commanded_p_W_m = self._base_W[0]
        self._opening = (hand.p_W_m, hand.q_W)
        self._displacement = hand.p_W_m
        self._jaw_met = False
        self._out_of_reach = self._hindered = False
        self._offset = NO_OFFSET
        self.open_epoch = self._newest_epoch = hand.clutch_epoch

    def close(self) -> None:
        """End the epoch; the arm comes to rest."""
        self.open_epoch = 0

    def pause(self) -> None:
        """Rest in the middle of an epoch; when it goes on, what the hand moved meanwhile closes slowly."""
        self._out_of_reach = True

    def point(self, hand: TipPose) -> None:
        """Take in where the hand wants the tip."""
        moved_W = subtract(hand.p_W_m, self._opening[0])
        turned_W = multiply(hand.q_W, conjugate(self._opening[1]))
        self._displacement = hand.p_W_m
        self._commanded_p_W_m = add(self._base_W[0], moved_W)
        p_BT_m = add(self._base[0], rotate(self._q_BW, moved_W))
        self._pointed = (p_BT_m, multiply(turned(self._q_BW, turned_W), self._base[1]))

    @property
    def goal_cp(self) -> Pose:
        """The pose that the arm would follow now, in W."""
        return self._in_world(apply_offset(self._offset, *self._pointed))

    @property
    def setpoint_cp(self) -> Pose:
        """The setpoint's pose, in W."""
        return self._in_world(self._follower.setpoint_cp)

    def follow(self, jaw_rad: float, dt_s: float, speed_cap_m_s: float) -> None:
        """One tick towards where the hand points."""
        self._hindered, self._stands_at = False, None
        self._approach(*self._pointed, dt_s, speed_cap_m_s)
        self._close_jaw(jaw_rad, dt_s)

    def hinder(self, jaw_rad: float, dt_s: float) -> None:
        """One tick in which the arm may not go where the hand points: the setpoint rests, the jaw goes on."""
        self._hindered = self._out_of_reach = True
        self._offset, self._stands_at = NO_OFFSET, None
        self._follower.stop(dt_s)
        self._close_jaw(jaw_rad, dt_s)

    def _approach(self, p_BT_m: Vector, q_BT: Quaternion, dt_s: float, speed_cap_m_s: float) -> None:
        """One tick towards a pose. On the way back from one out of reach, the distance closes at a walking pace.

        The hand's own motion is followed at once meanwhile, from where the arm stands: it neither leaps nor waits.
        """
        if self._offset is not NO_OFFSET:
            self._offset = close_offset(self._offset, dt_s)
        goal = apply_offset(self._offset, p_BT_m, q_BT)
        if self._follower.servo_cp(*goal, dt_s, speed_cap_m_s) is not Status.OK:
            self._out_of_reach = True
            self._offset = NO_OFFSET
        elif self._out_of_reach:
            self._out_of_reach = False
            # The distance of this tick is what the offset takes up, and no lag.
            self._hindered = True
            self._offset = offset_between(*self._follower.setpoint_cp, p_BT_m, q_BT)

    def _close_jaw(self, jaw_rad: float, dt_s: float) -> None:
        """The jaw meets the hand slowly after an engage, for the fingers may have moved meanwhile; then it follows."""
        if abs(jaw_rad - self._jaw.setpoint_jp) < JAW_MET_RAD:
            self._jaw_met = True
        self._jaw.servo_jp(jaw_rad, dt_s, self._jaw_speed_max if self._jaw_met else JAW_MEETING_SPEED_RAD_S)

    def jog(self, jog: Jog, dt_s: float) -> None:
        """One tick of moving as the local staff hold down. The jaw moves when it is the axis, and only then."""
        self._stands_at = None
        if jog.axis == self._joints:
            self._follower.stop(dt_s)
            low, high = self._ranges[self._joints]
            self._jaw.servo_jp(high if jog.direction > 0 else low, dt_s, self._people.jog_rad_s)
            return
        self._jaw.stop(dt_s)
        if self._jog is None or (self._jog.axis, self._jog.direction) != (jog.axis, jog.direction):
            self._jog = JogGoal(self._arm, self._people, jog.axis, jog.direction, self._follower.setpoint_jp)
        goal = self._jog.advance(dt_s, self._follower.lag_m, self._follower.lag_rad)
        if self._follower.servo_cp(*goal, dt_s, self._people.jog_m_s) is not Status.OK:
            self._jog.take_back()

    def rest(self, dt_s: float) -> None:
        """One tick of coming to rest, or of resting. The jaw stops where it is and keeps its grip."""
        self._jog = None
        self._follower.stop(dt_s)
        self._jaw.stop(dt_s)

    def wish(self) -> ArmSetpoint:
        """What the gate is asked to let through."""
        return ArmSetpoint(
            (*self._follower.setpoint_jp, self._jaw.setpoint_jp), (*self._follower.setpoint_jv, self._jaw.setpoint_jv)
        )

    def lag(self) -> tuple[float, float]:
        """How far the newest command is from the setpoint, in m and rad; 0 where it cannot be reached, or at rest."""
        if self.open_epoch == 0 or self._hindered:
            return 0.0, 0.0
        return self._follower.lag_m, self._follower.lag_rad

    def tell(self) -> ArmTick:
        """This tick as the surgeon and the log see it."""
        setpoint_p_W_m, setpoint_q_W = self._in_world(self._follower.setpoint_cp)
        measured_p_W_m, measured_q_W = self._in_world(self._measured)
        following = self.open_epoch != 0
        lag_m, lag_rad = self.lag()
        state = ArmState(
            opened_epoch=self._newest_epoch,
            following=following,
            reach=int(self._reached() if following else Status.OK),
            base_p_W_m=self._base_W[0],
            base_q_W=self._base_W[1],
            opening_p_W_m=self._opening[0],
            opening_q_W=self._opening[1],
            setpoint_p_W_m=setpoint_p_W_m,
            setpoint_q_W=setpoint_q_W,
            measured_p_W_m=measured_p_W_m,
            measured_q_W=measured_q_W,
            measured_jp=self._measured_jp[: self._joints],
            jaw_rad=self._measured_jp[self._joints],
            lag_m=lag_m,
            lag_rad=lag_rad,
        )
        return ArmTick(state, self._commanded_p_W_m, self._displacement)

    def _reached(self) -> Status:
        return Status.LIMITED if self._hindered else self._follower.status

    def _in_world(self, pose: Pose) -> Pose:
        return transformed(self._p_WB, self._q_WB, pose)


def _inside(position: float, limits: tuple[float, float]) -> float:
    """Without power a joint may have sagged onto its stop, a hair beyond the limit that setpoints keep."""
    return min(max(position, limits[0]), limits[1])
