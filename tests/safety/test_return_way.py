"""Whether a hand is near enough for a pause to end by itself."""

import msgspec

from protocol.pose import IDENTITY, angle_rad, from_rotation_vector
from safety.limits import load_limits
from safety.return_way import too_far
from tests.protocol.samples import ARM_STATE, TIP_POSE


def test_a_hand_at_the_very_limit_is_near():
    turn = from_rotation_vector((0.05, 0.0, 0.0))
    arm = msgspec.structs.replace(
        ARM_STATE,
        base_p_W_m=(0.0, 0.0, 0.0),
        base_q_W=IDENTITY,
        opening_p_W_m=(0.0, 0.0, 0.0),
        opening_q_W=IDENTITY,
        setpoint_p_W_m=(0.0, 0.0, 0.0),
        setpoint_q_W=IDENTITY,
    )
    hand = msgspec.structs.replace(TIP_POSE, p_W_m=(0.003, 0.0, 0.0), q_W=turn)
    arm = msgspec.structs.replace(arm, opened_epoch=hand.clutch_epoch)
    people = msgspec.structs.replace(load_limits("laparoscopic").people, near_m=0.003, near_rad=angle_rad(turn))

    def verdict(limits):
        return too_far((hand,), (arm,), (hand.clutch_epoch,), limits)

    assert verdict(people) == ""
    assert verdict(msgspec.structs.replace(people, near_m=0.0029999999)).startswith("after a pause hand 0 was 3.0 mm")
    assert "2.9 deg from the arm (limit 3 mm, 3 deg)" in verdict(
        msgspec.structs.replace(people, near_rad=0.9999999 * people.near_rad)
    )
    wide = msgspec.structs.replace(people, near_m=0.6)
    turned = msgspec.structs.replace(hand, p_W_m=(0.5, 0.0, 0.0), q_W=from_rotation_vector((1.0, 0.0, 0.0)))
    told = too_far((turned,), (arm,), (hand.clutch_epoch,), wide)
    assert told == "after a pause hand 0 was 500.0 mm, 57.3 deg from the arm (limit 600 mm, 3 deg)"
