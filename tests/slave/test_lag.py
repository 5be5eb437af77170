"""A hand that leaves its arm behind, in the closed loop of supervisor, controller, plant and drives."""

import msgspec
import pytest

from protocol.messages import Action, FreezeClass, Mode
from protocol.records import Verb
from tests.slave.closed_loop import following


def leap(loop, leap_m):
    loop.moving = False
    loop.hand = msgspec.structs.replace(loop.hand, p_W_m=(loop.hand.p_W_m[0] + leap_m, 0.0, 0.0))
    loop.run(5)


@pytest.mark.parametrize("leap_m", [0.012, 0.014, 0.016, 0.1])
def test_however_far_a_hand_leaps_it_freezes_as_the_masters_and_the_arm_stops_along_its_way(leap_m):
    loop = following()
    leap(loop, leap_m)
    assert (loop.authority.mode, loop.authority.freeze_class) == (Mode.FROZEN, FreezeClass.MASTER)
    assert loop.authority.culprit.startswith("LAG: arm 0")
    frozen_at = len(loop.tips)
    loop.run(300)
    assert loop.speeds_m_s(-100).max() < 1e-3
    assert abs(loop.tips[-1][0] - loop.tips[frozen_at][0]) < 0.005
    assert loop.authority.culprit.startswith("LAG")


def test_after_a_leap_the_surgeon_alone_may_engage_again():
    loop = following()
    leap(loop, 0.1)
    loop.run(3500)
    assert loop.report.refusal == ""
    loop.engage()
    assert loop.run(100) is Mode.FOLLOWING
    assert loop.verb is Verb.SERVO


def test_a_leap_that_ends_with_the_pedal_up_leaves_nothing_behind():
    """Pedal up in the very tick of the gate's refusal: whatever mode it leads to, the surgeon or RELEASE ends it."""
    loop = following()
    loop.moving = False
    loop.stalled = "supervisor"
    loop.hand = msgspec.structs.replace(loop.hand, p_W_m=(0.2, 0.0, 0.0))
    loop.run(1)
    loop.stalled = ""
    loop.hand = msgspec.structs.replace(loop.hand, engaged=False)
    loop.run(50)
    if loop.authority.freeze_class is FreezeClass.ARM:
        loop.run(50, Action.RELEASE)
    loop.run(3500)
    loop.engage()
    assert loop.run(100) is Mode.FOLLOWING
    assert loop.report.refusal == ""
