"""Whether a pause may end by itself: each newest command must be near to where its arm rests. Pure."""

from protocol.messages import ArmState, TipPose
from protocol.pose import Pose, add, angle_rad, conjugate, multiply, norm, subtract
from safety.limits import People


def commanded_cp(hand: TipPose, arm: ArmState) -> Pose:
    """Where the hand wants the tip, in W: the pose at the opening, moved by what was displaced since."""
    p_W_m = add(arm.base_p_W_m, subtract(hand.p_W_m, arm.opening_p_W_m))
    return p_W_m, multiply(multiply(hand.q_W, conjugate(arm.opening_q_W)), arm.base_q_W)


def is_near(hand: TipPose, arm: ArmState, limits: People) -> bool:
    """Whether the command is within `near_m` and `near_rad` of the setpoint, in an epoch that the arm has opened."""
    if arm.opened_epoch != hand.clutch_epoch:
        return False
    p_W_m, q_W = commanded_cp(hand, arm)
    return (
        norm(subtract(p_W_m, arm.setpoint_p_W_m)) <= limits.near_m
        and angle_rad(multiply(q_W, conjugate(arm.setpoint_q_W))) <= limits.near_rad
    )
