"""The ghost stands where the arm will: it is asked of the arm's own code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kinematics.arm import load_robot
from master.console.ghost import Certainty, ghost, ghosts
from master.pilot_records import HandCommanded
from protocol.messages import Mode
from protocol.pose import IDENTITY, add, angle_rad, conjugate, from_rotation_vector, multiply, norm, subtract
from protocol.records import ArmMeasured
from safety.limits import load_limits
from slave.arm import MountedArm
from tests.protocol.samples import ARM_STATE, STATE, TIP_POSE

FOLLOWING = replace(STATE, mode=Mode.FOLLOWING)
HAND = HandCommanded(ARM_STATE.opened_epoch, True, (0.001, 0.0, 0.0), IDENTITY, 0.5)
small = st.floats(-0.02, 0.02)
vectors = st.tuples(small, small, small)


def commanded(hand):
    return HandCommanded(hand.clutch_epoch, hand.engaged, hand.p_W_m, hand.q_W, hand.jaw_rad)


@given(opening=vectors, opening_turn=vectors, sent=vectors, sent_turn=vectors)
def test_it_is_the_pose_that_the_arm_follows_when_the_command_arrives(opening, opening_turn, sent, sent_turn):
    robot = load_robot("psm")
    arm = MountedArm(robot, robot.description.mounts[0], load_limits("laparoscopic"))
    home = (*robot.home.tolist(), 0.0)
    arm.see(ArmMeasured(home, (0.0,) * 7, (0.0,) * 7))
    arm.begin()
    arm.open(replace(TIP_POSE, p_W_m=opening, q_W=from_rotation_vector(opening_turn)))
    newest = replace(TIP_POSE, p_W_m=sent, q_W=from_rotation_vector(sent_turn))
    told = arm.tell().state
    found = ghost(FOLLOWING, told, commanded(newest))
    arm.point(newest)
    p_W_m, q_W = arm.goal_cp
    assert found is not None
    assert found.certainty is Certainty.OPENED
    assert norm(subtract(found.pose_W[0], p_W_m)) < 1e-12
    assert angle_rad(multiply(found.pose_W[1], conjugate(q_W))) < 1e-7
    assert found.ahead_m == pytest.approx(norm(subtract(p_W_m, told.measured_p_W_m)), abs=1e-12)


def test_a_press_on_its_way_begins_where_the_arm_stands():
    moved = (0.0, 0.003, 0.0)
    arm = replace(ARM_STATE, base_p_W_m=(0.05, 0.0, 0.0), opening_p_W_m=(0.01, 0.0, 0.0))
    found = ghost(STATE, arm, replace(HAND, clutch_epoch=arm.opened_epoch + 1, p_W_m=moved))
    assert found is not None
    assert found.certainty is Certainty.ASKED
    assert found.pose_W == (add(arm.setpoint_p_W_m, moved), arm.setpoint_q_W)


def test_a_hand_at_rest_has_none():
    assert ghost(FOLLOWING, ARM_STATE, replace(HAND, engaged=False)) is None


@pytest.mark.parametrize("mode", [Mode.FROZEN, Mode.READY, Mode.LOCAL, Mode.SAFE])
def test_an_epoch_that_the_patients_side_has_ended_leads_nowhere(mode):
    assert ghost(replace(STATE, mode=mode), ARM_STATE, HAND) is None
    assert ghost(FOLLOWING, replace(ARM_STATE, following=False), HAND) is None


def test_in_a_pause_it_shows_where_the_hand_is():
    found = ghost(replace(STATE, mode=Mode.PAUSED), ARM_STATE, HAND)
    assert found is not None
    assert found.ahead_m == pytest.approx(0.001)


def test_there_is_one_for_each_arm_whatever_hands_there_are():
    assert ghosts(FOLLOWING, ()) == (None, None)
    assert [each is None for each in ghosts(FOLLOWING, (HAND, replace(HAND, engaged=False)))] == [False, True]
    assert len(ghosts(FOLLOWING, (HAND,) * 4)) == len(FOLLOWING.arms)
