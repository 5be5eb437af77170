"""The bodies that are drawn stand where the arm's kinematics put them."""

import math

import pytest
from msgspec.structs import replace

from kinematics.description import load_description, robot_names
from kinematics.reference import Pose, add, forward, product, quaternion_of, rotate
from master.console.scene import FINGER_M, ArmBodies, field_of, letter
from master.pilot_records import HandCommanded
from protocol.messages import Mode
from protocol.pose import IDENTITY, norm, subtract
from tests.protocol.samples import ARM_STATE, STATE

JOINTS = (0.3, -0.2, 0.15, 0.5, 0.2, -0.3)
HAND = HandCommanded(ARM_STATE.opened_epoch, True, (0.004, 0.0, 0.0), IDENTITY, 0.2)


def state_at(robot, joints, jaw_rad=0.4):
    """Both arms at the same joints, as the patient's side tells it."""
    arms = []
    for mount in robot.mounts:
        tip = forward(robot, joints)
        base = Pose(mount.p_WB_m, mount.R_WB)
        p_W_m = add(base.p, rotate(base.R, tip.p))
        q_W = quaternion_of(product(base.R, tip.R))
        arms.append(replace(ARM_STATE, measured_jp=joints, measured_p_W_m=p_W_m, measured_q_W=q_W, jaw_rad=jaw_rad))
    return replace(STATE, mode=Mode.FOLLOWING, arms=tuple(arms))


@pytest.mark.parametrize("name", robot_names())
def test_shafts_go_through_the_remote_centre_and_end_at_the_wrist_before_the_tip(name):
    robot = load_description(name)
    stage = ArmBodies(robot)
    for scene, mount in zip(stage.scenes(state_at(robot, JOINTS), ()), robot.mounts, strict=True):
        a, b = scene.shaft.a, scene.shaft.b
        length = norm(subtract(b, a))
        off = norm(subtract(mount.p_WB_m, a)) + norm(subtract(mount.p_WB_m, b)) - length
        assert off == pytest.approx(0.0, abs=1e-9)
        assert norm(subtract(scene.wrist.b, scene.wrist.a)) == pytest.approx(robot.joints[-1].a_m, abs=1e-9)
        assert scene.wrist.a == b


def test_fingers_open_by_the_jaws_angle_and_close_along_the_tip():
    robot = load_description("psm")
    stage = ArmBodies(robot)
    for jaw_rad in (0.0, 0.4, math.radians(60.0)):
        tip = stage.scenes(state_at(robot, JOINTS, jaw_rad), ())[0].tip
        one, other = (subtract(finger.b, finger.a) for finger in tip.fingers)
        cosine = sum(x * y for x, y in zip(one, other, strict=True)) / FINGER_M**2
        assert math.acos(min(1.0, cosine)) == pytest.approx(jaw_rad, abs=1e-6)


def test_the_ghost_is_drawn_where_the_hand_leads_and_without_a_hand_there_is_none():
    robot = load_description("psm")
    stage = ArmBodies(robot)
    state = state_at(robot, JOINTS)
    assert all(scene.ghost is None for scene in stage.scenes(state, ()))
    left, right = stage.scenes(state, (HAND, replace(HAND, engaged=False)))
    assert left.ghost is not None
    assert not left.asked
    assert left.ghost.p == pytest.approx(tuple(x + d for x, d in zip(ARM_STATE.base_p_W_m, HAND.p_W_m, strict=True)))
    assert right.ghost is None
    asked, _ = stage.scenes(state, (replace(HAND, clutch_epoch=HAND.clutch_epoch + 1),))
    assert asked.asked


def test_the_field_is_the_box_between_the_walls():
    box = field_of(load_description("psm"))
    assert box.low == (-0.16, -0.14, -0.26)
    assert box.high == (0.16, 0.14, -0.02)


def test_every_arm_has_a_letter_of_its_own():
    assert [letter(arm).english for arm in range(4)] == ["L", "R", "3", "4"]
