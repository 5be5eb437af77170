"""The arms as bodies in the world W, from the robot's own description: for whoever draws them. Pure.

What is drawn of an arm: its shaft through the remote centre to the wrist, the wrist to the tip, and the two fingers of
the jaw; of its ghost the tip and the fingers. Tips are drawn larger than they are: they are what the surgeon moves.
"""

import math
from typing import NamedTuple

from kinematics.description import RobotDescription
from kinematics.reference import Chain, Pose
from master.console.ghost import Certainty, Ghost, ghosts
from master.pilot_records import HandCommanded
from protocol.messages import ArmState, State
from protocol.pose import Quaternion, Vector, add, norm, rotate, scaled, subtract
from protocol.widgets.sentence import Sentence, literal, mark

BEHIND_M = 0.06
"""Of the shaft is shown behind the remote centre: the rest is not in the field."""
FINGER_M = 0.016
TIP_RADIUS_M = 0.0055
FINGER_RADIUS_M = 0.0022
WRIST_RADIUS_M = 0.0035
MARGIN_M = 0.16
"""Of the field around the mounts, where a robot has no walls to tell it."""


LETTERS = (mark("L"), mark("R"))
"""By number, as the hands: which arm is which is to be seen where they cross."""
LETTER_BELOW_M = 0.026
"""The tip, in W: below fingers that point downwards."""


def letter(arm: int) -> Sentence:
    """What stands at the tip of an arm."""
    return Sentence(LETTERS[arm]) if arm < len(LETTERS) else literal(str(arm + 1))


class Rod(NamedTuple):
    """A round body from `a` to `b`."""

    a: Vector
    b: Vector
    radius_m: float


class Tip(NamedTuple):
    """A tip and its two fingers."""

    p: Vector
    fingers: tuple[Rod, Rod]


class ArmScene(NamedTuple):
    """One arm. `ghost` is None where there is none; `asked` says that its epoch is not opened yet."""

    shaft: Rod
    wrist: Rod
    tip: Tip
    following: bool
    ghost: Tip | None
    asked: bool


class Field(NamedTuple):
    """The box in which the arms work: its lowest and its highest corner."""

    low: Vector
    high: Vector

    @property
    def centre(self) -> Vector:
        """Its middle."""
        return scaled(add(self.low, self.high), 0.5)

    @property
    def diagonal_m(self) -> float:
        """How large it is."""
        return norm(subtract(self.high, self.low))


class ArmBodies:
    """The arms of one robot. `scenes` is asked for every frame."""

    def __init__(self, robot: RobotDescription) -> None:
        self._chains = tuple(Chain(robot, Pose(mount.p_WB_m, mount.R_WB)) for mount in robot.mounts)
        self._centres = tuple(mount.p_WB_m for mount in robot.mounts)
        self._shaft_radius_m = robot.shaft.diameter_m / 2.0
        self.names = tuple(mount.name for mount in robot.mounts)
        self.field = field_of(robot)

    def scenes(self, state: State, hands: tuple[HandCommanded, ...]) -> tuple[ArmScene, ...]:
        """One for each arm that the state tells of."""
        arms = state.arms[: len(self._chains)]
        found = ghosts(state, hands)
        return tuple([self._scene(number, arm, found[number]) for number, arm in enumerate(arms)])

    def _scene(self, number: int, arm: ArmState, ghost: Ghost | None) -> ArmScene:
        posture = self._chains[number].posture(arm.measured_jp)
        behind = subtract(self._centres[number], scaled(posture.shaft, BEHIND_M))
        return ArmScene(
            shaft=Rod(behind, posture.wrist, self._shaft_radius_m),
            wrist=Rod(posture.wrist, arm.measured_p_W_m, WRIST_RADIUS_M),
            tip=_tip(arm.measured_p_W_m, arm.measured_q_W, arm.jaw_rad),
            following=arm.following,
            ghost=None if ghost is None else _tip(*ghost.pose_W, ghost.jaw_rad),
            asked=ghost is not None and ghost.certainty is Certainty.ASKED,
        )


def _tip(p_W_m: Vector, q_W: Quaternion, jaw_rad: float) -> Tip:
    """The fingers point along the tip's z and open about its x, the axis of the wrist's last joint."""
    half = max(jaw_rad, 0.0) / 2.0
    along, aside = FINGER_M * math.cos(half), FINGER_M * math.sin(half)
    ends = (add(p_W_m, rotate(q_W, (0.0, side * aside, along))) for side in (1.0, -1.0))
    one, other = (Rod(p_W_m, end, FINGER_RADIUS_M) for end in ends)
    return Tip(p_W_m, (one, other))


def field_of(robot: RobotDescription) -> Field:
    """The box between the robot's walls; where one is missing, so much around the mounts."""
    low = [min(mount.p_WB_m[axis] for mount in robot.mounts) - MARGIN_M for axis in range(3)]
    high = [max(mount.p_WB_m[axis] for mount in robot.mounts) + MARGIN_M for axis in range(3)]
    for wall in robot.walls:
        for axis in range(3):
            if wall.normal_W[axis] > 0.99:
                low[axis] = wall.point_W_m[axis]
            elif wall.normal_W[axis] < -0.99:
                high[axis] = wall.point_W_m[axis]
    return Field((low[0], low[1], low[2]), (high[0], high[1], high[2]))
