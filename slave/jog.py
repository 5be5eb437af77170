"""Where a jog of the local staff leads: on from where the arm rests, slowly, while the button is held.

The goal runs ahead of the setpoint by a millimetre at most; where the arm cannot go, the goal waits.
"""

from kinematics.arm import Arm
from protocol.pose import Pose, add, rotate, scaled
from safety.limits import People

AHEAD_M = 1e-3
AHEAD_RAD = 0.0175
"""How far the goal may be ahead of the setpoint: a degree."""
TOOL_AXES = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


class JogGoal:
    """One arm's goal while it is jogged along one axis: a joint's (0 to n - 1), or x, y or z of the tip (n + 1 on)."""

    def __init__(self, arm: Arm, limits: People, axis: int, direction: int, setpoint_jp: tuple[float, ...]) -> None:
        self._arm = arm
        self.axis = axis
        self.direction = direction
        self._joints = setpoint_jp
        self._pose: Pose = arm.forward_cp(setpoint_jp)
        self._before = (self._joints, self._pose)
        joints = arm.description.joints
        prismatic = axis > len(joints) or joints[axis].prismatic
        self._speed = direction * (limits.jog_m_s if prismatic else limits.jog_rad_s)

    def advance(self, dt_s: float, lag_m: float, lag_rad: float) -> Pose:
        """The goal of this tick: one step on, if the setpoint has kept up with the last one."""
        self._before = (self._joints, self._pose)
        if lag_m > AHEAD_M or lag_rad > AHEAD_RAD:
            return self._pose
        count, step = len(self._joints), self._speed * dt_s
        if self.axis < count:
            joint = self._arm.description.joints[self.axis]
            moved = min(max(self._joints[self.axis] + step, joint.position_min), joint.position_max)
            self._joints = (*self._joints[: self.axis], moved, *self._joints[self.axis + 1 :])
            self._pose = self._arm.forward_cp(self._joints)
        else:
            p_BT_m, q_BT = self._pose
            along = rotate(q_BT, TOOL_AXES[self.axis - count - 1])
            self._pose = (add(p_BT_m, scaled(along, step)), q_BT)
        return self._pose

    def take_back(self) -> None:
        """The last step led where the arm cannot go."""
        self._joints, self._pose = self._before
