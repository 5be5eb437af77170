"""Hands moved by keys and mouse."""

import pytest

from master.console.key_hands import HandKey, KeyHands, Moved
from master.devices.device import RIGHT
from master.devices.settings import DeviceSettings
from protocol.pose import IDENTITY, angle_rad

STEP_NS = 16_000_000
SPEED_M_S = DeviceSettings().speed_max_m_s


def moved_for(hands, seconds, begin_ns=10**12):
    told = hands.advance(begin_ns)
    for tick in range(1, round(seconds * 1e9 / STEP_NS) + 1):
        told = hands.advance(begin_ns + tick * STEP_NS)
    return told


@pytest.mark.parametrize("key", [key for key in HandKey if isinstance(key.value, tuple)])
def test_a_key_moves_the_chosen_hand_alone_along_its_axis(key):
    hands = KeyHands(DeviceSettings())
    hands.hold(key, down=True)
    left, right = moved_for(hands, 1.0)
    assert left.p_HT_m == (0.0, 0.0, 0.0)
    assert right.p_HT_m == pytest.approx(tuple(SPEED_M_S * each for each in key.value), abs=2e-3)


def test_two_keys_at_once_go_no_faster_than_one():
    hands = KeyHands(DeviceSettings())
    hands.hold(HandKey.UP, down=True)
    hands.hold(HandKey.AWAY, down=True)
    x, y, z = moved_for(hands, 1.0)[RIGHT].p_HT_m
    assert (x * x + y * y + z * z) ** 0.5 <= SPEED_M_S * 1.001


def test_keys_that_came_up_move_nothing():
    hands = KeyHands(DeviceSettings())
    hands.hold(HandKey.UP, down=True)
    stood = moved_for(hands, 0.5)
    hands.hold(HandKey.UP, down=False)
    assert moved_for(hands, 0.5, 2 * 10**12)[RIGHT].p_HT_m == pytest.approx(stood[RIGHT].p_HT_m, abs=SPEED_M_S * 0.021)


def test_who_loses_the_keyboard_lets_go_of_the_pedal():
    hands = KeyHands(DeviceSettings())
    hands.hold(HandKey.PEDAL, down=True)
    assert hands.advance(10**12)[RIGHT].pedal_down
    hands.release()
    assert not any(hand.pedal_down for hand in hands.advance(10**12))


def test_the_pedal_does_not_go_over_to_another_hand():
    hands = KeyHands(DeviceSettings())
    hands.hold(HandKey.PEDAL, down=True)
    hands.choose(Moved.BOTH)
    assert not any(hand.pedal_down for hand in hands.advance(10**12))
    hands.hold(HandKey.PEDAL, down=True)
    assert all(hand.pedal_down for hand in hands.advance(10**12))


def test_the_mouse_moves_by_its_way_and_the_jaw_closes_while_held():
    hands = KeyHands(DeviceSettings())
    hands.choose(Moved.LEFT)
    hands.drag((0.001, 0.002, 0.0))
    hands.drag((0.001, 0.0, 0.0))
    hands.hold(HandKey.CLOSE, down=True)
    left, right = moved_for(hands, 2.0)
    assert left.p_HT_m == pytest.approx((0.002, 0.002, 0.0))
    assert left.jaw_rad == 0.0
    assert right.jaw_rad == DeviceSettings().jaw_max_rad
    assert right.p_HT_m == (0.0, 0.0, 0.0)


def test_a_turn_turns_about_the_vertical():
    hands = KeyHands(DeviceSettings())
    hands.hold(HandKey.TURN_LEFT, down=True)
    hand = moved_for(hands, 1.0)[RIGHT]
    assert hand.q_HT != IDENTITY
    assert angle_rad(hand.q_HT) == pytest.approx(DeviceSettings().turn_rate_max_rad_s, rel=0.05)
    assert hand.q_HT[1:3] == (0.0, 0.0)
    assert hand.q_HT[3] > 0.0
