"""What the supervisor does when the hand leaves the arm behind, and how a pause ends."""

import math

import msgspec
import pytest

from protocol.clock import NS_PER_MS
from protocol.messages import Action, AxisDisplacement, FreezeClass, Mode
from protocol.records import Grant
from tests.protocol.samples import ARM_STATE
from tests.safety.patient import LIMITS, again, in_local, lagging


def test_a_short_silence_pauses_and_goes_on_by_itself_near_by(following):
    following.hand = msgspec.structs.replace(following.hand, p_W_m=(0.0, 0.0, 0.0))
    following.tick()
    generation = following.permit.generation
    following.talking = False
    assert following.tick(99) is Mode.FOLLOWING
    assert following.tick(1) is Mode.PAUSED
    assert "no command for 100 ms (limit 100 ms)" in following.authority.culprit
    assert following.authority.open_epochs[0] == following.hand.clutch_epoch
    following.tick(100)
    following.talking = True
    assert following.tick() is Mode.FOLLOWING
    assert (following.permit.grant, following.permit.generation) == (Grant.MOVE, generation)


@pytest.mark.parametrize(
    ("moved", "mode"),
    [
        ({"p_W_m": (0.0029, 0.0, 0.0)}, Mode.FOLLOWING),
        ({"p_W_m": (0.0031, 0.0, 0.0)}, Mode.FROZEN),
        ({"q_W": (math.cos(0.026), math.sin(0.026), 0.0, 0.0)}, Mode.FOLLOWING),
        ({"q_W": (math.cos(0.027), math.sin(0.027), 0.0, 0.0)}, Mode.FROZEN),
        ({"engaged": False}, Mode.READY),
    ],
)
def test_a_pause_ends_as_the_hand_comes_back(following, moved, mode):
    following.hand = msgspec.structs.replace(following.hand, p_W_m=(0.0, 0.0, 0.0))
    following.tick()
    following.talking = False
    assert following.tick(120) is Mode.PAUSED
    following.talking = True
    following.hand = msgspec.structs.replace(following.hand, **moved)
    assert following.tick() is mode
    assert following.authority.freeze_class == (FreezeClass.LINK if mode is Mode.FROZEN else FreezeClass.NONE)


@pytest.mark.parametrize(
    ("lag", "mode"),
    [
        ({"lag_m": 0.0099}, Mode.FOLLOWING),
        ({"lag_m": 0.0101}, Mode.FROZEN),
        ({"lag_rad": 0.174}, Mode.FOLLOWING),
        ({"lag_rad": 0.175}, Mode.FROZEN),
    ],
)
def test_an_arm_left_behind_by_the_hand_freezes(following, lag, mode):
    arm = msgspec.structs.replace(ARM_STATE, following=True, **lag)
    following.report_changes = {"arms": (arm, arm)}
    assert following.tick() is mode
    if mode is Mode.FROZEN:
        assert following.authority.culprit.startswith("LAG")
        assert following.authority.freeze_class is FreezeClass.MASTER


def test_a_lag_on_its_limit_freezes_nothing(following):
    assert lagging(following, LIMITS.people.lag_m, LIMITS.people.lag_rad) is Mode.FOLLOWING


def test_a_lag_is_told_beside_its_limit():
    people = msgspec.structs.replace(LIMITS.people, lag_m=0.6, lag_rad=1.5)
    world = in_local(msgspec.structs.replace(LIMITS, people=people))
    world.tick(1, Action.GIVE)
    world.press()
    assert world.tick() is Mode.FOLLOWING
    assert lagging(world, 0.7, 1.0) is Mode.FROZEN
    # The second arm is told: the last that was looked at.
    assert world.authority.culprit == "LAG: arm 1 is 700.0 mm, 57.3 deg behind the hand (limit 600 mm, 86 deg)"


def test_a_pause_of_an_epoch_that_the_arm_has_not_opened_does_not_end_by_itself(following):
    following.hand = msgspec.structs.replace(following.hand, p_W_m=(0.0, 0.0, 0.0))
    following.tick()
    following.talking = False
    following.tick(120)
    following.talking = True
    following.report_changes = {"arms": (msgspec.structs.replace(ARM_STATE, opened_epoch=99),) * 2}
    assert following.tick() is Mode.FROZEN


@pytest.mark.parametrize("hand", ["axes", "missing"])
def test_a_pause_of_a_hand_that_cannot_be_compared_does_not_end_by_itself(following, hand):
    following.hand = msgspec.structs.replace(following.hand, p_W_m=(0.0, 0.0, 0.0))
    following.tick()
    following.talking = False
    following.tick(120)
    following.talking = True
    if hand == "axes":
        epoch, token = following.hand.clutch_epoch, (following.hand.stop_number, following.hand.nonce)
        following.hand = AxisDisplacement(epoch, True, *token, (0.0,))
    else:
        following.report_changes = {"arms": ()}
    assert following.tick() is Mode.FROZEN


def test_a_controller_that_was_never_there_when_a_surgeon_followed_is_no_lag(following):
    following.has_report = False
    assert following.tick() is Mode.FOLLOWING


def test_a_pause_does_not_end_while_nobody_knows_where_the_arm_stands(following):
    following.talking = False
    assert following.tick(LIMITS.link.silence.pause_ns // NS_PER_MS + 1) is Mode.PAUSED
    following.has_report, following.talking = False, True
    assert following.tick() is Mode.FROZEN
    assert "cannot be compared with its arm" in following.authority.culprit


def test_a_hand_that_left_its_arm_behind_is_the_masters_freeze_and_not_the_arms(following):
    following.report_changes = {"refusal": "LAG: arm 0: lag in m: 0.05", "refusal_class": FreezeClass.MASTER}
    assert following.tick() is Mode.FROZEN
    assert following.authority.freeze_class is FreezeClass.MASTER
    assert "LAG" in following.authority.culprit
    following.report_changes = {}
    following.tick(5)
    assert again(following) is Mode.FOLLOWING


def test_after_a_pause_every_hand_is_looked_at(following):
    """A first hand that is not engaged does not hide a second that went far."""
    first = msgspec.structs.replace(following.hand, engaged=False)
    second = msgspec.structs.replace(following.hand, p_W_m=(0.0, 0.0, 0.0), clutch_epoch=77)
    shown = {"stop_number": following.authority.stop_number, "nonce": following.authority.nonces[-1]}
    second = msgspec.structs.replace(second, **shown)
    following.command_changes = {"hands": (first, second)}
    following.tick()
    assert following.authority.open_epochs[:2] == (0, 77)
    following.talking = False
    assert following.tick(120) is Mode.PAUSED
    following.talking = True
    following.command_changes = {"hands": (first, msgspec.structs.replace(second, p_W_m=(0.1, 0.0, 0.0)))}
    arm = msgspec.structs.replace(ARM_STATE, opened_epoch=77)
    following.report_changes = {"arms": (arm, arm)}
    assert following.tick() is Mode.FROZEN
    assert following.authority.culprit.startswith("after a pause hand 1 was ")
    assert following.authority.culprit.endswith(" deg from the arm (limit 3 mm, 3 deg)")


def test_a_hand_that_left_the_arm_behind_is_no_fault_of_an_arm_that_was_taken_meanwhile(following):
    following.report_changes = {"refusal": "LAG: arm 0", "refusal_class": FreezeClass.MASTER}
    assert following.tick(1, Action.TAKE) is Mode.LOCAL
    assert following.tick(3) is Mode.LOCAL
