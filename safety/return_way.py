"""Whether a pause may end by itself: each newest command must be near to where its arm rests. Pure."""

import math
from collections.abc import Sequence

from protocol.messages import ArmState, Hand, TipPose
from protocol.pose import Pose, add, angle_rad, conjugate, multiply, norm, subtract
from safety.limits import People


def commanded_cp(hand: TipPose, arm: ArmState) -> Pose:
    """Where the hand wants the tip, in W: the pose at the opening, moved by what was displaced since."""
    p_W_m = add(arm.base_p_W_m, subtract(hand.p_W_m, arm.opening_p_W_m))
    return p_W_m, multiply(multiply(hand.q_W, conjugate(arm.opening_q_W)), arm.base_q_W)


def distance(hand: TipPose, arm: ArmState) -> tuple[float, float]:
    """How far the command is from the setpoint, in m and rad."""
    p_W_m, q_W = commanded_cp(hand, arm)
    return norm(subtract(p_W_m, arm.setpoint_p_W_m)), angle_rad(multiply(q_W, conjugate(arm.setpoint_q_W)))


def too_far(hands: Sequence[Hand], arms: Sequence[ArmState], open_epochs: Sequence[int], limits: People) -> str:
    """Why a pause may not end by itself: the first hand of an open epoch that is not near; empty if all are."""
    limit = f"(limit {limits.near_m * 1e3:.0f} mm, {math.degrees(limits.near_rad):.0f} deg)"
    for number, (hand, epoch) in enumerate(zip(hands, open_epochs, strict=False)):
        if hand.clutch_epoch != epoch:
            continue
        if not isinstance(hand, TipPose) or number >= len(arms) or arms[number].opened_epoch != epoch:
            return f"after a pause hand {number} cannot be compared with its arm {limit}"
        off_m, off_rad = distance(hand, arms[number])
        if not (off_m <= limits.near_m and off_rad <= limits.near_rad):
            off = f"{off_m * 1e3:.1f} mm, {math.degrees(off_rad):.1f} deg"
            return f"after a pause hand {number} was {off} from the arm {limit}"
    return ""
