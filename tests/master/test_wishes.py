"""Wishes of the window: levels that may be repeated, counts that begin anew with each window."""

import msgspec
import pytest

from master.console_messages import LauncherWish, WindowHand, WindowHands, Wishes, decode_wish
from master.wishes import STOP_KEPT_NS, Heeded
from protocol.codec import FrameError, encode
from protocol.messages import ConsoleReport
from protocol.pose import IDENTITY, ZERO

WISHES = Wishes(1, 7, "synthetic", 0, 0.5, control=True, rest=False, stops=0)
HAND = WindowHand(ZERO, IDENTITY, 0.5, pedal_down=False)
HANDS = WindowHands(1, 7, 10**12, (HAND, HAND))
LAUNCHER = LauncherWish(1, 7, "127.0.0.1:7200", 0, 1, 20.0)
_replace = msgspec.structs.replace


@pytest.mark.parametrize("wish", [WISHES, HANDS, LAUNCHER])
def test_what_a_window_says_is_read_as_it_was_said(wish):
    assert decode_wish(encode(wish)) == wish


@pytest.mark.parametrize(
    "wish",
    [
        _replace(WISHES, scale=0.0),
        _replace(WISHES, scale=2.1),
        _replace(WISHES, scale=float("nan")),
        _replace(WISHES, version=2),
        _replace(WISHES, device="x" * 201),
        _replace(HANDS, hands=(_replace(HAND, q_HT=(0.5, 0.0, 0.0, 0.0)), HAND)),
        _replace(HANDS, hands=(HAND, _replace(HAND, p_HT_m=(float("inf"), 0.0, 0.0)))),
        _replace(HANDS, hands=(HAND,)),
        _replace(LAUNCHER, check_s=1.0),
        ConsoleReport(1, 1, 1, 1, stand_in=False),
    ],
)
def test_what_no_window_of_ours_says_is_refused(wish):
    with pytest.raises(FrameError):
        decode_wish(encode(wish))


def test_repeating_a_wish_does_nothing_more():
    heeded = Heeded(1.0, control=False)
    assert heeded.hear(_replace(WISHES, stops=2, device_tries=1)) == 2
    for _ in range(3):
        assert heeded.hear(_replace(WISHES, stops=2, device_tries=1)) == 0
    assert heeded.device_tries == 1
    assert heeded.hear(_replace(WISHES, stops=3, device_tries=2)) == 1
    assert heeded.device_tries == 2


def test_a_new_window_counts_from_nothing_and_its_first_stop_is_one():
    heeded = Heeded(1.0, control=False)
    heeded.hear(_replace(WISHES, stops=5, device_tries=3))
    assert heeded.hear(_replace(WISHES, window=8)) == 0
    assert heeded.hear(_replace(WISHES, window=8, stops=1)) == 1
    assert heeded.device_tries == 3


def test_a_count_that_falls_back_is_no_press():
    heeded = Heeded(1.0, control=False)
    heeded.hear(_replace(WISHES, stops=5))
    assert heeded.hear(_replace(WISHES, stops=4)) == 0
    assert heeded.hear(_replace(WISHES, stops=5)) == 0


def test_levels_are_those_said_last():
    heeded = Heeded(1.0, control=False)
    assert (heeded.scale, heeded.control, heeded.rest) == (1.0, False, False)
    heeded.hear(_replace(WISHES, rest=True))
    assert (heeded.scale, heeded.control, heeded.rest) == (0.5, True, True)
    heeded.hear(_replace(WISHES, control=False))
    assert (heeded.control, heeded.rest) == (False, False)


def test_a_stop_that_was_pressed_while_no_session_stood_counts_in_the_next_one_once_and_for_a_short_time():
    heeded = Heeded(1.0, control=False)
    now_ns = 10**12
    assert heeded.take_stops(now_ns) == 0
    heeded.keep_stops(heeded.hear(_replace(WISHES, stops=2)), now_ns)
    heeded.keep_stops(heeded.hear(_replace(WISHES, stops=2)), now_ns + 10**9)
    assert heeded.take_stops(now_ns + STOP_KEPT_NS) == 2
    assert heeded.take_stops(now_ns + STOP_KEPT_NS) == 0
    heeded.keep_stops(heeded.hear(_replace(WISHES, stops=3)), now_ns)
    assert heeded.take_stops(now_ns + STOP_KEPT_NS + 1) == 0
