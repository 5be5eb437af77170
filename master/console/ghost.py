"""Where a tip will be when the command that is on its way now arrives: the ghost. Pure.

The surgeon's hand is a round trip ahead of the picture. Without the ghost a delayed arm feels dead for that time, and
hands overshoot; with it each sees its own motion at once. Made of what both sides know anyway: the pose at which the
patient's side opened the clutch epoch and that command's displacement (`ArmState.base_*`, `opening_*`), and the newest
displacement that the pilot sent:

    p = base_p + (p_sent - opening_p)        q = (q_sent opening_q*) base_q

as `slave/arm.py` itself follows. It shows what was asked, not what the arm can do: walls, reach and the closing of an
offset after a pause show as a distance between ghost and tip.
"""

from enum import Enum, auto
from typing import NamedTuple

from master.pilot_records import HandCommanded
from protocol.messages import ArmState, Mode, State
from protocol.pose import Pose, Vector, add, conjugate, multiply, norm, subtract

FOLLOWS = (Mode.FOLLOWING, Mode.PAUSED)


class Certainty(Enum):
    """How much is known of the epoch that the hand is in."""

    OPENED = auto()
    """The patient's side opened it: base and opening are its own."""
    ASKED = auto()
    """The press is on its way, or was not heard: the arm would begin where it stands."""


class Ghost(NamedTuple):
    """The tip's pose in the world W, its jaw, and how far the tip is from it."""

    pose_W: Pose
    jaw_rad: float
    certainty: Certainty
    ahead_m: float


def ghost(state: State, arm: ArmState, hand: HandCommanded) -> Ghost | None:
    """The ghost of one arm; None where the hand asks for no motion, or the arm will not follow it."""
    if not hand.engaged:
        return None
    if hand.clutch_epoch == arm.opened_epoch:
        # Opened, and ended since by the patient's side: what the hand does now is not heard.
        if not arm.following or state.mode not in FOLLOWS:
            return None
        moved = subtract(hand.p_W_m, arm.opening_p_W_m)
        turned = multiply(hand.q_W, conjugate(arm.opening_q_W))
        pose = (add(arm.base_p_W_m, moved), multiply(turned, arm.base_q_W))
        return Ghost(pose, hand.jaw_rad, Certainty.OPENED, _ahead(pose[0], arm))
    pose = (add(arm.setpoint_p_W_m, hand.p_W_m), multiply(hand.q_W, arm.setpoint_q_W))
    return Ghost(pose, hand.jaw_rad, Certainty.ASKED, _ahead(pose[0], arm))


def ghosts(state: State, hands: tuple[HandCommanded, ...]) -> tuple[Ghost | None, ...]:
    """Of each arm, in order; None where there is none."""
    found = [ghost(state, arm, hand) for arm, hand in zip(state.arms, hands, strict=False)]
    return (*found, *(None for _ in state.arms[len(found) :]))


def _ahead(p_W_m: Vector, arm: ArmState) -> float:
    return norm(subtract(p_W_m, arm.measured_p_W_m))
