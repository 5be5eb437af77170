"""Whether a hand is near enough for a pause to end by itself."""

import msgspec

from protocol.pose import IDENTITY, angle_rad, from_rotation_vector
from safety.limits import load_limits
from safety.return_way import is_near
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
    people = msgspec.structs.replace(load_limits("laparoscopic").people, near_m=0.003, near_rad=angle_rad(turn))
    assert is_near(hand, arm, people)
    assert not is_near(hand, arm, msgspec.structs.replace(people, near_m=0.0029999999))
    assert not is_near(hand, arm, msgspec.structs.replace(people, near_rad=0.9999999 * people.near_rad))
